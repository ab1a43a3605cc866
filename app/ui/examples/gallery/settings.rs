//! Settings and a creation wizard.

use leptos::prelude::*;
use ui::*;

use crate::frame::{bottom_bar, rail};

fn text(value: &str) -> RwSignal<String> {
    RwSignal::new(value.to_owned())
}

fn navigation() -> AnyView {
    let link = |icon: Icon, label: &'static str, current: bool| {
        view! {
            <a class="settings-link" href="#" aria-current=current.then_some("page")>
                <Glyph icon/>
                {label}
            </a>
        }
    };
    view! {
        <nav class="settings-nav" aria-label="Configurações">
            <h1>"Configurações"</h1>
            <div class="settings-group">
                {link(Icon::Account, "Conta", false)}
                {link(Icon::Users, "Agentes", false)}
                {link(Icon::Layers, "Equipes", false)}
                {link(Icon::Inbox, "Caixas de entrada", true)}
            </div>
            <div class="settings-group">
                <h2 class="settings-heading">"Produtividade"</h2>
                {link(Icon::Tag, "Etiquetas", false)}
                {link(Icon::Quote, "Respostas prontas (atalhos)", false)}
                {link(Icon::Zap, "Macros", false)}
                {link(Icon::Workflow, "Automações", false)}
                {link(Icon::Sliders, "Atributos personalizados", false)}
            </div>
            <div class="settings-group">
                <h2 class="settings-heading">"Você"</h2>
                {link(Icon::User, "Perfil", false)}
                {link(Icon::Bell, "Notificações", false)}
            </div>
        </nav>
    }
    .into_any()
}

pub fn page() -> AnyView {
    view! {
        <div class="dashboard" data-pane="page">
            {rail()}
            <div class="settings">
                {navigation()}
                <main class="settings-page">
                    <div class="settings-column">
                        <PageHeader title="Loja Aurora" text="Chat do site www.lojaaurora.com.br" back="#" back_label="Caixas de entrada">
                            <Button icon=Icon::ExternalLink>"Ver no site"</Button>
                        </PageHeader>
                        <Tabs
                            tabs=["Configurações", "Colaboradores", "Horário de atendimento", "CSAT", "Formulário inicial", "Instalação"]
                                .map(|name| Tab::new(name, name).href("#"))
                                .to_vec()
                            selected="Configurações".to_owned()
                            label="Caixa de entrada"
                        />
                        <FormSection title="Aparência" text="Como o chat se apresenta para quem visita o site.">
                            <Field id="s1" label="Nome da caixa de entrada" required=true><TextInput value=text("Loja Aurora")/></Field>
                            <div class="field-row">
                                <Field id="s2" label="Título de boas-vindas"><TextInput value=text("Olá! Como podemos ajudar?")/></Field>
                                <Field id="s3" label="Frase"><TextInput value=text("Respondemos em poucos minutos.")/></Field>
                            </div>
                            <Field id="s4" label="Cor do widget">
                                <ColourField value=text("#1f5eff") label="Cor do widget" presets=&["#1f5eff", "#0b7a5c", "#b4232a", "#7a3fd1", "#c2620a", "#1c2430"]/>
                            </Field>
                        </FormSection>
                        <FormSection title="Conversas" text="O que acontece quando alguém escreve e depois que uma conversa termina.">
                            <Switch checked=RwSignal::new(true) label="Mensagem de saudação" detail="Enviada quando alguém começa uma conversa."/>
                            <Switch checked=RwSignal::new(false) label="Várias conversas por pessoa" detail="Exige a validação de identidade."/>
                            <RadioGroup value=text("b") name="lock" label="Depois de resolvida" cards=true options=vec![
                                Choice::new("a", "Reabrir a mesma conversa").detail("O cliente continua de onde parou."),
                                Choice::new("b", "Abrir uma conversa nova").detail("Cada assunto ganha seu próprio número."),
                            ]/>
                        </FormSection>
                        <FormSection title="Zona de perigo" text="Excluir a caixa de entrada apaga também suas conversas.">
                            <div><Button variant=Variant::Danger>"Excluir caixa de entrada"</Button></div>
                        </FormSection>
                        <SaveBar changed=true text="Há alterações não salvas" save_label="Salvar alterações" discard_label="Descartar" on_discard=|| ()/>
                    </div>
                </main>
            </div>
            {bottom_bar()}
        </div>
    }
    .into_any()
}

pub fn wizard() -> AnyView {
    view! {
        <div class="dashboard" data-pane="page">
            {rail()}
            <div class="settings">
                {navigation()}
                <main class="settings-page">
                    <div class="wizard">
                        <ol class="wizard-steps">
                            <li class="wizard-step is-done">"Canal"</li>
                            <li class="wizard-step is-current" aria-current="step">"Site e aparência"</li>
                            <li class="wizard-step">"Agentes"</li>
                            <li class="wizard-step">"Instalação"</li>
                        </ol>
                        <div class="wizard-form">
                            <PageHeader title="Chat do site" text="Dê um nome, uma cor e uma saudação. Tudo pode mudar depois."/>
                            <div class="form-fields">
                                <Field id="w1" label="Nome da caixa de entrada" required=true><TextInput value=text("Loja Aurora")/></Field>
                                <Field id="w2" label="Endereço do site" required=true><TextInput value=text("") prefix="https://" placeholder="www.sualoja.com.br"/></Field>
                                <Field id="w3" label="Cor do widget"><ColourField value=text("#0b7a5c") label="Cor" presets=&["#1f5eff", "#0b7a5c", "#b4232a", "#7a3fd1"]/></Field>
                                <Field id="w4" label="Mensagem de saudação"><TextArea value=text("")/></Field>
                                <div class="choice-grid">
                                    {[(Icon::Globe, "Site"), (Icon::Mail, "E-mail")]
                                        .map(|(icon, name)| {
                                            view! {
                                                <button class="choice-card" type="button">
                                                    <Glyph icon size=IconSize::Large/>
                                                    <b>{name}</b>
                                                    <span>"Converse com quem visita as suas páginas."</span>
                                                </button>
                                            }
                                        })
                                        .collect_view()}
                                </div>
                            </div>
                            <div class="wizard-actions">
                                <Button>"Voltar"</Button>
                                <Button variant=Variant::Primary>"Avançar"</Button>
                            </div>
                        </div>
                        <aside class="wizard-preview"></aside>
                    </div>
                </main>
            </div>
            {bottom_bar()}
        </div>
    }
    .into_any()
}
