//! Every primitive in its states.

use leptos::prelude::*;
use text::Lang;
use ui::*;

use crate::{MINUTE, NOW};

const LANG: Lang = Lang::PtBr;

fn text(value: &str) -> RwSignal<String> {
    RwSignal::new(value.to_owned())
}

pub fn page() -> AnyView {
    view! {
        <main class="gallery">
            <h1>"Primitives"</h1>
            <Section title="Button">{buttons()}</Section>
            <Section title="Field">{fields()}</Section>
            <Section title="Choice">{choices()}</Section>
            <Section title="Mark, Avatar">{marks()}</Section>
            <Section title="Tabs">{tabs()}</Section>
            <Section title="Notice">{notices()}</Section>
            <Section title="Page">{page_parts()}</Section>
            <Section title="Icon">
                <div class="icons">
                    {Icon::ALL.iter().map(|icon| view! { <Glyph icon=*icon size=IconSize::Large/> }).collect_view()}
                    {(0..crate::channels().count())
                        .map(|index| view! { <ChannelGlyph channel=crate::channel(index) size=IconSize::Large/> })
                        .collect_view()}
                    <BrandMark/>
                </div>
            </Section>
        </main>
    }
    .into_any()
}

#[component]
fn Section(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <section>
            <h2>{title}</h2>
            {children()}
        </section>
    }
    .into_any()
}

fn buttons() -> AnyView {
    let row = |size: Size| {
        view! {
            <div class="row">
                <Button size variant=Variant::Primary>"Adicionar caixa de entrada"</Button>
                <Button size>"Cancelar"</Button>
                <Button size variant=Variant::Ghost>"Descartar"</Button>
                <Button size variant=Variant::Danger icon=Icon::Trash>"Excluir"</Button>
                <Button size icon=Icon::Filter opens_menu=true>"Filtrar"</Button>
                <Button size shortcut="Ctrl Enter" variant=Variant::Primary>"Enviar"</Button>
                <Button size shortcut="E">"Resolver"</Button>
                <Button size variant=Variant::Primary loading=true>"Salvar"</Button>
                <Button size loading=true>"Salvar"</Button>
                <Button size disabled=true>"Avançar"</Button>
                <Button size variant=Variant::Ghost disabled=true>"Avançar"</Button>
            </div>
        }
    };
    view! {
        {[Size::Small, Size::Medium, Size::Large].map(row).collect_view()}
        <div class="row">
            <IconButton icon=Icon::Bold label="Negrito" size=Size::Small/>
            <IconButton icon=Icon::Italic label="Itálico" size=Size::Small pressed=true/>
            <IconButton icon=Icon::Attach label="Anexar" shortcut="A"/>
            <IconButton icon=Icon::Ellipsis label="Mais" variant=Variant::Secondary/>
            <IconButton icon=Icon::Send label="Enviar" variant=Variant::Primary/>
            <IconButton icon=Icon::Trash label="Excluir" disabled=true/>
            <span class="split">
                <Button icon=Icon::CircleCheck>"Resolver"</Button>
                <IconButton icon=Icon::ChevronDown label="Outros estados" variant=Variant::Secondary/>
            </span>
            <span class="split">
                <Button variant=Variant::Primary>"Enviar"</Button>
                <IconButton icon=Icon::ChevronDown label="Outras formas" variant=Variant::Primary/>
            </span>
            <ButtonLink href="#" icon=Icon::ExternalLink>"Abrir o site"</ButtonLink>
        </div>
    }
    .into_any()
}

fn options() -> Vec<Choice> {
    vec![
        Choice::new("1", "Ana Beatriz Carvalho").detail("Vendas").mark(face(Some(Presence::Online))),
        Choice::new("2", "Bruno Nogueira").detail("Suporte").mark(face(Some(Presence::Busy))),
        Choice::new("3", "Carla Dias").detail("Suporte").mark(face(Some(Presence::Offline))),
    ]
}

fn face(presence: Option<Presence>) -> Mark {
    Mark::Face { picture: None, presence }
}

fn fields() -> AnyView {
    let priorities = ["Nenhuma", "Baixa", "Média", "Alta", "Urgente"].map(|name| Choice::new(name, name)).to_vec();
    view! {
        <div class="columns">
            <Field id="f1" label="Nome da caixa de entrada" hint="Aparece para os visitantes no topo do chat.">
                <TextInput value=text("Loja Aurora")/>
            </Field>
            <Field id="f2" label="E-mail" required=true error=Some("Informe um e-mail válido, como nome@empresa.com.br.".to_owned())>
                <TextInput value=text("ana@") kind=InputKind::Email/>
            </Field>
            <Field id="f3" label="Endereço do site" optional="Opcional">
                <TextInput value=text("") prefix="https://" placeholder="www.sualoja.com.br"/>
            </Field>
            <Field id="f4" label="Buscar">
                <TextInput value=text("") icon=Icon::Search placeholder="Buscar…"/>
            </Field>
            <Field id="f5" label="Prioridade">
                <Select value=text("Alta") options=priorities/>
            </Field>
            <Field id="f6" label="Agente">
                <Combobox id="f6-pop" value=RwSignal::new(vec!["1".to_owned()]) options=options() placeholder="Escolha um agente" label="Agente" search_label="Buscar…" empty="Nada encontrado"/>
            </Field>
            <Field id="f7" label="Agentes">
                <Combobox id="f7-pop" value=RwSignal::new(vec![]) options=options() placeholder="Escolha os agentes" label="Agentes" search_label="Buscar…" empty="Nada encontrado" many=true/>
            </Field>
            <Field id="f8" label="Desativado">
                <TextInput value=text("Não pode mudar agora") disabled=true/>
            </Field>
            <Field id="f9" label="Mensagem de saudação" hint="Enviada quando alguém começa uma conversa.">
                <TextArea value=text("") placeholder="Olá! Como podemos ajudar?"/>
            </Field>
            <Field id="f10" label="Cor do widget">
                <ColourField value=text("#1f5eff") label="Cor do widget" presets=&["#1f5eff", "#0b7a5c", "#b4232a", "#7a3fd1", "#c2620a", "#1c2430"]/>
            </Field>
        </div>
    }
    .into_any()
}

fn choices() -> AnyView {
    let on = || RwSignal::new(true);
    let off = || RwSignal::new(false);
    let three = || vec![Choice::new("a", "Minhas"), Choice::new("b", "Não atribuídas"), Choice::new("c", "Todas")];
    let themes = vec![
        Choice::new("system", "Do sistema").mark(Mark::Icon(Icon::Monitor)),
        Choice::new("light", "Claro").mark(Mark::Icon(Icon::Sun)),
        Choice::new("dark", "Escuro").mark(Mark::Icon(Icon::Moon)),
    ];
    let cards = vec![
        Choice::new("a", "Reabrir a mesma conversa")
            .detail("O cliente continua de onde parou, com o mesmo responsável."),
        Choice::new("b", "Abrir uma conversa nova").detail("Cada assunto ganha seu próprio número."),
    ];
    view! {
        <div class="columns">
            <div class="stack">
                <Checkbox checked=on() label="Atribuição automática"/>
                <Checkbox checked=off() label="Permitir anexos" detail="Imagens, vídeos e documentos de até 40 MB."/>
                <Checkbox checked=off() partly=true label="Algumas selecionadas"/>
                <Checkbox checked=on() disabled=true label="Não pode mudar agora"/>
                <Segmented value=text("a") name="seg" label="Conversas" options=three()/>
                <Segmented value=text("light") name="theme" label="Tema" options=themes/>
            </div>
            <div class="stack">
                <Switch checked=on() label="Notificações na área de trabalho" detail="Quando uma conversa é atribuída a você."/>
                <Switch checked=off() label="Som"/>
                <Switch checked=on() disabled=true label="Não pode mudar agora"/>
                <RadioGroup value=text("b") name="radio" label="Conversas" options=three()/>
            </div>
        </div>
        <br/>
        <RadioGroup value=text("a") name="cards" label="Depois de resolvida" options=cards cards=true/>
    }
    .into_any()
}

fn marks() -> AnyView {
    let tones = [Tone::Neutral, Tone::Accent, Tone::Success, Tone::Warning, Tone::Danger, Tone::Info];
    let people = [
        "Ana Carvalho",
        "Bruno Nogueira",
        "Carla Dias",
        "Diego Lima",
        "Elisa",
        "Fábio Reis",
        "Gabriela Pires",
        "Heitor Sá",
    ];
    let sizes = [AvatarSize::Tiny, AvatarSize::Small, AvatarSize::Medium, AvatarSize::Large, AvatarSize::Huge];
    view! {
        <div class="row">
            {tones.map(|tone| view! { <Badge tone>"Administradora"</Badge> }).collect_view()}
            <Count value=12/>
            <Count value=7 strong=true/>
            <Count value=140 strong=true/>
            <Label name="entrega atrasada" colour="#d97706"/>
            <Label name="vip" colour="#7c3aed"/>
            <Label name="troca" colour="#0d9488" dot=true/>
            <Kbd keys="Ctrl K"/>
        </div>
        <div class="row">
            {people.map(|name| view! { <Avatar name size=AvatarSize::Large/> }).collect_view()}
            {sizes.map(|size| view! { <Avatar name="Ana Carvalho" size presence=Some(Presence::Online)/> }).collect_view()}
            <Avatar name="Bruno Nogueira" size=AvatarSize::Large channel=crate::channel(3)/>
            <Avatar name="Carla Dias" size=AvatarSize::Large channel=crate::channel(4)/>
            <Avatar name="Diego Lima" presence=Some(Presence::Busy)/>
            <Avatar name="Elisa" presence=Some(Presence::Offline)/>
            <AvatarStack people=people.map(|name| (name.to_owned(), None)).to_vec()/>
            <span class="row">
                {[TimeStyle::Age, TimeStyle::Ago, TimeStyle::Clock, TimeStyle::Day, TimeStyle::Full]
                    .map(|style| view! { <RelativeTime at=NOW - 5 * MINUTE lang=LANG style/> })
                    .collect_view()}
            </span>
        </div>
    }
    .into_any()
}

fn tabs() -> AnyView {
    view! {
        <div class="stack">
            <Tabs
                tabs=vec![Tab::new("a", "Minhas").count(12), Tab::new("b", "Não atribuídas").count(4), Tab::new("c", "Todas").count(1284)]
                selected="a".to_owned()
                label="Conversas"
            />
            <Tabs
                tabs=["Configurações", "Colaboradores", "Horário de atendimento", "CSAT", "Formulário", "Instalação"]
                    .map(|name| Tab::new(name, name).href("#"))
                    .to_vec()
                selected="Colaboradores".to_owned()
                label="Caixa de entrada"
            />
        </div>
    }
    .into_any()
}

fn notices() -> AnyView {
    let tones = [Tone::Neutral, Tone::Accent, Tone::Success, Tone::Warning, Tone::Danger, Tone::Info];
    view! {
        <div class="columns">
            <div class="stack">
                {tones
                    .map(|tone| {
                        view! {
                            <Banner tone action="Reconectar" close_label="Dispensar">
                                "A caixa de entrada perdeu o acesso à conta. Novas mensagens não chegam até você reconectar."
                            </Banner>
                        }
                    })
                    .collect_view()}
                <ProgressBar percent=Some(64) label="Importando"/>
                <ProgressBar percent=None label="Importando"/>
            </div>
            <div class="frame">
                <EmptyState icon=Icon::Inbox title="Nenhuma caixa de entrada ainda" text="Crie a primeira para receber mensagens do seu site, e-mail e redes sociais.">
                    <Button variant=Variant::Primary icon=Icon::Plus>"Adicionar caixa de entrada"</Button>
                </EmptyState>
            </div>
            <div class="frame">
                <ErrorState title="Não foi possível carregar as conversas" text="Verifique sua conexão e tente de novo." retry="Tentar de novo" cause=("Detalhes".to_owned(), "503 upstream_unavailable · ref 4f2a".to_owned())/>
            </div>
            <div class="frame"><Skeleton kind=SkeletonKind::Rows count=5 label="Carregando…"/></div>
            <div class="frame"><Skeleton kind=SkeletonKind::Messages count=5 label="Carregando…"/></div>
            <div class="stack">
                <EmptyState compact=true icon=Icon::Note title="Nenhuma nota" text="Notas sobre o contato aparecem aqui."/>
                <Skeleton count=4 label="Carregando…"/>
            </div>
            <div><Skeleton kind=SkeletonKind::Fields label="Carregando…"/></div>
        </div>
    }
    .into_any()
}

fn page_parts() -> AnyView {
    let script = "<script>\n  (function(d,t) {\n    var BASE_URL=\"https://chat.lojaaurora.com.br\";\n    var g=d.createElement(t),s=d.getElementsByTagName(t)[0];\n  })(document,\"script\");\n</script>";
    view! {
        <PageHeader title="Etiquetas" text="Agrupe conversas e contatos para filtrar, automatizar e medir." back="#" back_label="Configurações">
            <Button icon=Icon::Upload>"Importar"</Button>
            <Button variant=Variant::Primary icon=Icon::Plus>"Adicionar etiqueta"</Button>
        </PageHeader>
        <FormSection title="Instalação" text="Cole este código antes de </body> em todas as páginas do site.">
            <CopyField code=true value=script.to_owned() label="Código" copy_label="Copiar" copied_label="Copiado"/>
            <Field id="p1" label="Token do site">
                <CopyField value="9s8Df72kLqWm3pXv".to_owned() label="Token" copy_label="Copiar" copied_label="Copiado"/>
            </Field>
            <Field id="p2" label="Chave secreta">
                <CopyField secret=("Mostrar".to_owned(), "Ocultar".to_owned()) value="segredo".to_owned() label="Chave" copy_label="Copiar" copied_label="Copiado"/>
            </Field>
        </FormSection>
        <Table label="Agentes" columns=vec![Column::new("Nome"), Column::new("Função"), Column::new("Equipes"), Column::number("Abertas"), Column::quiet("Ações")]>
            {[("Ana Beatriz Carvalho", "Administradora", 12), ("Bruno Nogueira", "Agente", 1284)]
                .map(|(name, role, open)| {
                    view! {
                        <tr>
                            <td>
                                <span class="table-who"><Avatar name/>
                                    <span class="choice-words"><span>{name}</span><span class="choice-detail">"ana@lojaaurora.com.br"</span></span>
                                </span>
                            </td>
                            <td><Badge tone=Tone::Accent>{role}</Badge></td>
                            <td class="is-muted">"Vendas, Suporte"</td>
                            <td class="is-number">{text::number::integer(LANG, open)}</td>
                            <td class="is-actions"><IconButton icon=Icon::Ellipsis label="Mais ações"/></td>
                        </tr>
                    }
                })
                .collect_view()}
        </Table>
        <SaveBar changed=true text="Há alterações não salvas" save_label="Salvar alterações" discard_label="Descartar" on_discard=|| ()/>
    }
    .into_any()
}

/// Menus, popovers, dialogs and toasts, drawn in place.
pub fn floating() -> AnyView {
    let open = || RwSignal::new(true);
    provide_toasts();
    let toasts = use_toasts();
    toasts.done("Conversa resolvida");
    toasts.offer("Conversa atribuída a Bruno Nogueira", "Desfazer", || ());
    toasts.fail("A mensagem não foi enviada. Verifique sua conexão.");
    view! {
        <main class="gallery gallery-floating">
            <section class="row">
                <Menu id="m1" label="Mais" open=open()>
                    <MenuLabel label="Conversa"/>
                    <MenuItem icon=Icon::CircleCheck label="Resolver" shortcut="E"/>
                    <MenuItem icon=Icon::AlarmClock label="Adiar até amanhã" detail="dom., 9:00" shortcut="Z"/>
                    <MenuItem icon=Icon::Mute label="Silenciar" checked=true/>
                    <MenuItem icon=Icon::Merge label="Mesclar contato" disabled=true/>
                    <MenuSeparator/>
                    <MenuItem icon=Icon::Trash label="Excluir conversa" danger=true/>
                </Menu>
                <Popover id="p1" label="Agente" open=open() class="is-list">
                    <PickList id="p1-list" options=options() picked=vec!["1".to_owned()] label="Agentes" search_label="Buscar agente…" empty="Nada encontrado" on_pick=|_| ()/>
                </Popover>
                <ToastHost close_label="Dispensar"/>
            </section>
            <section class="row">
                <Dialog open=open() title="Convidar agente" description="A pessoa recebe um e-mail com um link para definir a senha." close_label="Fechar">
                    <DialogBody>
                        <Field id="d1" label="Nome"><TextInput value=text("Bruno Nogueira")/></Field>
                        <Field id="d2" label="E-mail"><TextInput value=text("bruno@lojaaurora.com.br")/></Field>
                    </DialogBody>
                    <DialogFooter>
                        <Button>"Cancelar"</Button>
                        <Button variant=Variant::Primary>"Enviar convite"</Button>
                    </DialogFooter>
                </Dialog>
                <ConfirmTyped open=open() title="Excluir a equipe Vendas?" description="As conversas continuam, sem equipe. Não é possível desfazer esta ação." phrase="Vendas".to_owned() phrase_label="Digite Vendas para confirmar" confirm_label="Excluir equipe" cancel_label="Cancelar" on_confirm=|| ()/>
            </section>
        </main>
    }
    .into_any()
}
