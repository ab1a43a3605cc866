//! Sign-in.

use leptos::prelude::*;
use ui::*;

pub fn page() -> AnyView {
    view! {
        <main class="auth">
            <div class="auth-column">
                <div class="auth-brand"><BrandMark/>"Cloud Chat"</div>
                <div class="auth-heading">
                    <h1>"Boas-vindas de volta"</h1>
                    <p>"Entre para continuar as conversas da sua equipe."</p>
                </div>
                <form class="auth-form">
                    <Banner tone=Tone::Danger>"E-mail ou senha incorretos."</Banner>
                    <Field id="email" label="E-mail"><TextInput value=RwSignal::new("ana@lojaaurora.com.br".to_owned()) kind=InputKind::Email size=Size::Large/></Field>
                    <Field id="password" label="Senha"><TextInput value=RwSignal::new("segredo1234".to_owned()) kind=InputKind::Password size=Size::Large/></Field>
                    <div class="auth-row">
                        <Checkbox checked=RwSignal::new(true) label="Manter conectado"/>
                        <a class="link" href="#">"Esqueci a senha"</a>
                    </div>
                    <Button variant=Variant::Primary size=Size::Large wide=true submit=true>"Entrar"</Button>
                </form>
                <p class="auth-aside">"Primeira vez aqui? " <a class="link" href="#">"Peça um convite ao administrador"</a></p>
            </div>
            <footer class="auth-foot"><span>"Português (Brasil)"</span><a href="#">"Ajuda"</a></footer>
        </main>
    }
    .into_any()
}
