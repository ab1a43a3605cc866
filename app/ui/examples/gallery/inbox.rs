//! The three panes.

use leptos::prelude::*;
use text::Lang;
use ui::*;

use crate::frame::{bottom_bar, rail};
use crate::{MINUTE, NOW};

const LANG: Lang = Lang::PtBr;

pub fn page() -> AnyView {
    view! {
        <div class="dashboard has-details" data-pane="list">
            <div class="veil"></div>
            {rail()}
            <main class="panes">{list()} {conversation()} {details()}</main>
            {bottom_bar()}
        </div>
    }
    .into_any()
}

/// The conversation alone, as a phone shows it.
pub fn phone() -> AnyView {
    view! {
        <div class="dashboard" data-pane="conversation">
            <main class="panes">{conversation()}</main>
            {bottom_bar()}
        </div>
    }
    .into_any()
}

/// The same with nothing chosen and the wide rail.
pub fn empty() -> AnyView {
    view! {
        <div class="dashboard has-wide-rail" data-pane="list">
            {rail()}
            <main class="panes">
            <section class="pane list-pane" aria-label="Conversas">
                <header class="list-header"><h1 class="list-title">"Minhas conversas"</h1></header>
                <div class="connection is-offline"><Glyph icon=Icon::WifiOff/>"Sem conexão. Tentando de novo…"</div>
                <EmptyState icon=Icon::CircleCheck title="Tudo em dia" text="Novas conversas aparecem aqui assim que chegam."/>
            </section>
            <section class="pane conversation-pane" aria-label="Conversa">
                <EmptyState icon=Icon::Conversation title="Nenhuma conversa aberta" text="Escolha uma na lista, ou use as setas e Enter."/>
            </section></main>
            {bottom_bar()}
        </div>
    }
    .into_any()
}

struct Row {
    name: &'static str,
    channel: usize,
    minutes: i64,
    you: bool,
    preview: &'static str,
    unread: i64,
    state: &'static str,
    priority: Option<(Icon, &'static str)>,
    labels: &'static [(&'static str, &'static str)],
    agent: Option<&'static str>,
}

const PLAIN: Row = Row {
    name: "",
    channel: 0,
    minutes: 0,
    you: false,
    preview: "",
    unread: 0,
    state: "",
    priority: None,
    labels: &[],
    agent: Some("Ana Carvalho"),
};

const ROWS: &[Row] = &[
    Row {
        name: "Mariana Figueiredo",
        minutes: 0,
        preview: "Consegui! Muito obrigada pela ajuda 💛",
        unread: 2,
        state: "is-unread",
        labels: &[("vip", "#7c3aed")],
        ..PLAIN
    },
    Row {
        name: "João Pedro Albuquerque de Mendonça",
        channel: 3,
        minutes: 4,
        preview: "Meu pedido 48213 ainda não chegou, o prazo era ontem",
        state: "is-selected",
        priority: Some((Icon::PriorityUrgent, "is-urgent")),
        labels: &[("entrega atrasada", "#d97706"), ("vip", "#7c3aed")],
        ..PLAIN
    },
    Row {
        name: "Visitante 3812",
        minutes: 12,
        you: true,
        preview: "Temos sim, no tamanho M e G. Quer que eu separe?",
        agent: Some("Bruno Nogueira"),
        ..PLAIN
    },
    Row {
        name: "Cláudia Ramos",
        channel: 1,
        minutes: 47,
        preview: "Re: Nota fiscal do pedido 47002",
        unread: 1,
        state: "is-unread",
        priority: Some((Icon::PriorityHigh, "is-high")),
        agent: None,
        ..PLAIN
    },
    Row {
        name: "Rafael Teixeira",
        channel: 4,
        minutes: 95,
        preview: "📷 Imagem",
        labels: &[("troca", "#0d9488")],
        agent: Some("Carla Dias"),
        ..PLAIN
    },
    Row {
        name: "Beatriz Lopes",
        channel: 5,
        minutes: 300,
        preview: "Vocês entregam em Manaus?",
        state: "is-note",
        priority: Some((Icon::PriorityMedium, "is-medium")),
        ..PLAIN
    },
    Row {
        name: "Eduardo Santana",
        minutes: 1500,
        you: true,
        preview: "Perfeito, qualquer dúvida estou por aqui!",
        ..PLAIN
    },
    Row {
        name: "Fernanda Queiroz",
        channel: 3,
        minutes: 2900,
        preview: "ok",
        agent: Some("Heitor Sá"),
        priority: Some((Icon::PriorityLow, "is-low")),
        ..PLAIN
    },
    Row {
        name: "Lucas Prado",
        minutes: 16_000,
        preview: "Boa tarde! Gostaria de saber sobre o programa de fidelidade da loja",
        ..PLAIN
    },
    Row { name: "Otávio Brandão", minutes: 20_000, preview: "Valeu!", ..PLAIN },
];

fn row(row: &'static Row) -> AnyView {
    let class = ["conversation-row ", row.state].concat();
    let ticked = RwSignal::new(false);
    view! {
        <article class=class>
            <span class="row-face">
                <span class="row-check"><Checkbox checked=ticked label="Selecionar" hide_label=true/></span>
                <Avatar name=row.name size=AvatarSize::Large channel=crate::channel(row.channel)/>
            </span>
            <span class="row-body">
                <span class="row-top">
                    <a class="row-link" href="#">{row.name}</a>
                    <span class="row-marks">
                        {row.priority.map(|(icon, class)| view! { <span class=["priority ", class].concat()><Glyph icon/></span> })}
                    </span>
                    <span class="row-time"><RelativeTime at=NOW - row.minutes * MINUTE lang=LANG/></span>
                </span>
                <span class="row-bottom">
                    <span class="row-preview" class:is-note=row.state == "is-note">
                        {(row.state == "is-note").then(|| view! { <Glyph icon=Icon::Note/> })}
                        {row.you.then(|| view! { <span class="row-you">"Você: "</span> })}
                        {row.preview}
                    </span>
                    <span class="row-labels">
                        {row.labels.iter().map(|(name, colour)| view! { <Label name=*name colour=*colour dot=true/> }).collect_view()}
                    </span>
                    {row.agent.map(|name| view! { <Avatar name size=AvatarSize::Tiny hint=true/> })}
                    <Count value=row.unread strong=true/>
                </span>
            </span>
        </article>
    }
    .into_any()
}

fn list() -> AnyView {
    view! {
        <section class="pane list-pane" aria-label="Conversas">
            <header class="list-header">
                <h1 class="list-title truncate">"Conversas"</h1>
                <span class="list-count">"1.284"</span>
                <div class="list-tools">
                    <IconButton icon=Icon::Filter label="Filtrar" side=Side::Bottom/>
                    <IconButton icon=Icon::Sort label="Ordenar" side=Side::Bottom/>
                </div>
            </header>
            <Tabs
                tabs=vec![Tab::new("a", "Minhas").count(12), Tab::new("b", "Não atribuídas").count(4), Tab::new("c", "Todas").count(1284)]
                selected="a".to_owned()
                label="Conversas"
            />
            <div class="pane-scroll">{ROWS.iter().map(row).collect_view()}</div>
        </section>
    }
    .into_any()
}

fn header() -> AnyView {
    view! {
        <header class="pane-header conversation-header">
            <IconButton icon=Icon::ArrowLeft label="Voltar" class="conversation-back"/>
            <div class="conversation-who">
                <Avatar name="João Pedro Albuquerque de Mendonça" presence=Some(Presence::Online)/>
                <div class="choice-words">
                    <h1 class="conversation-name">"João Pedro Albuquerque de Mendonça"</h1>
                    <span class="conversation-where"><ChannelGlyph channel=crate::channel(3)/>"Loja Aurora · nº 2048"</span>
                </div>
            </div>
            <div class="conversation-tools">
                <IconButton icon=Icon::UserPlus label="Atribuir" side=Side::Bottom shortcut="A"/>
                <IconButton icon=Icon::AlarmClock label="Adiar" side=Side::Bottom shortcut="Z"/>
                <IconButton icon=Icon::Ellipsis label="Mais ações" side=Side::Bottom class="is-kept"/>
                <IconButton icon=Icon::PanelRight label="Detalhes" side=Side::Bottom pressed=true/>
                <span class="split">
                    <Button icon=Icon::CircleCheck>"Resolver"</Button>
                    <IconButton icon=Icon::ChevronDown label="Outros estados" variant=Variant::Secondary side=Side::Bottom/>
                </span>
            </div>
        </header>
    }
    .into_any()
}

fn message(html: &'static str, meta: AnyView) -> AnyView {
    view! {
        <div class="message">
            <div class="bubble"><RichText html=SafeHtml::from_server(html.to_owned())/></div>
            <div class="message-actions">
                <IconButton icon=Icon::Reply label="Responder" size=Size::Small/>
                <IconButton icon=Icon::Copy label="Copiar" size=Size::Small/>
                <IconButton icon=Icon::Ellipsis label="Mais" size=Size::Small/>
            </div>
            {meta}
        </div>
    }
    .into_any()
}

fn conversation() -> AnyView {
    let none = || ().into_any();
    let seen = || {
        view! { <div class="message-meta"><time>"10:58"</time><span class="ticks is-read"><Glyph icon=Icon::CheckCheck/></span></div> }.into_any()
    };
    view! {
        <section class="pane conversation-pane" aria-label="Conversa">
            {header()}
            <div class="thread" role="log">
                <div class="thread-inner">
                    <div class="day-separator"><span>"Ontem"</span></div>
                    <p class="activity"><b>"Automação"</b>" atribuiu a conversa a "<b>"Ana Carvalho"</b>" · 17:42"</p>
                    <div class="message-group is-other">
                        <Avatar name="João Pedro Albuquerque de Mendonça" size=AvatarSize::Small/>
                        <div class="message-stack">
                            {message("<p>Oi, boa tarde!</p>", none())}
                            {message("<p>Meu pedido <strong>48213</strong> ainda não chegou, o prazo era ontem. Vocês conseguem ver o que aconteceu?</p>", none())}
                            <div class="message">
                                <div class="attachments">
                                    <button class="attachment-file" type="button">
                                        <span class="attachment-icon"><Glyph icon=Icon::FileText size=IconSize::Large/></span>
                                        <span class="attachment-name"><span>"comprovante-de-pagamento-pedido-48213.pdf"</span><span>"182 KB"</span></span>
                                        <Glyph icon=Icon::Download/>
                                    </button>
                                </div>
                                <div class="message-meta"><time>"17:42"</time></div>
                            </div>
                        </div>
                    </div>
                    <div class="message-group is-auto">
                        <div class="message-stack">
                            <div class="message-author"><Glyph icon=Icon::Bot/>"Mensagem automática"</div>
                            {message("<p>Recebemos sua mensagem e respondemos em até 2 horas.</p>", none())}
                        </div>
                    </div>
                    <div class="message-group is-note">
                        <Avatar name="Bruno Nogueira" size=AvatarSize::Small/>
                        <div class="message-stack">
                            <div class="message">
                                <div class="bubble">
                                    <div class="message-author"><Glyph icon=Icon::Lock/><b>"Bruno Nogueira"</b>"Nota privada · 18:10"</div>
                                    <RichText html=SafeHtml::from_server("<p>A transportadora registrou uma tentativa de entrega sem sucesso. <a href='#'>@Ana</a>, pode remarcar?</p>".to_owned())/>
                                </div>
                            </div>
                        </div>
                    </div>
                    <div class="day-separator"><span>"Hoje"</span></div>
                    <div class="message-group is-own">
                        <Avatar name="Ana Carvalho" size=AvatarSize::Small/>
                        <div class="message-stack">
                            {message("<p>Bom dia, João! Aqui é a Ana 🙂</p>", none())}
                            {message("<p>A transportadora tentou entregar ontem e não encontrou ninguém. Consigo remarcar para:</p><ul><li>amanhã, das 8h às 12h</li><li>segunda, das 13h às 18h</li></ul><p>Qual prefere?</p>", seen())}
                        </div>
                    </div>
                    <div class="new-separator"><span>"Novas"</span></div>
                    <div class="message-group is-other">
                        <Avatar name="João Pedro Albuquerque de Mendonça" size=AvatarSize::Small/>
                        <div class="message-stack">
                            <div class="message">
                                <div class="bubble">
                                    <blockquote class="bubble-quote"><b>"Ana Carvalho"</b>"A transportadora tentou entregar ontem e não encontrou ninguém."</blockquote>
                                    "Amanhã de manhã está ótimo, obrigado"
                                </div>
                            </div>
                            <div class="typing"><span class="typing-dots"><i></i><i></i><i></i></span></div>
                        </div>
                    </div>
                    <div class="message-group is-own">
                        <div class="message-stack">
                            <div class="message is-failed">
                                <div class="bubble">"Prontinho, remarcado!"</div>
                                <div class="message-meta"><Glyph icon=Icon::CircleAlert/>"Não enviada · "<button type="button">"Tentar de novo"</button></div>
                            </div>
                        </div>
                    </div>
                </div>
            </div>
            <div class="thread-foot"><div class="jump-latest"><Button size=Size::Small icon=Icon::ArrowDown>"3 novas mensagens"</Button></div></div>
            {composer()}
        </section>
    }
    .into_any()
}

fn composer() -> AnyView {
    let tools = [
        (Icon::Bold, "Negrito"),
        (Icon::Italic, "Itálico"),
        (Icon::List, "Lista"),
        (Icon::Code, "Código"),
        (Icon::Link, "Link"),
        (Icon::Smile, "Emoji"),
        (Icon::Attach, "Anexar"),
        (Icon::Quote, "Respostas prontas"),
    ];
    view! {
        <form class="composer is-reply">
            <div class="composer-modes" role="tablist">
                <button class="composer-mode" type="button" role="tab" aria-selected="true">"Responder"</button>
                <button class="composer-mode" type="button" role="tab" aria-selected="false">"Nota privada"</button>
                <span class="composer-state">"Restam 21 h para responder"</span>
            </div>
            <div class="composer-text"><TextArea value=RwSignal::new(String::new()) bare=true rows=2 label="Mensagem" placeholder="Escreva, ou digite / para usar uma resposta pronta"/></div>
            <div class="composer-files">
                <span class="composer-file"><span class="attachment-icon"><Glyph icon=Icon::FileText/></span><span class="attachment-name"><span>"etiqueta-de-troca.pdf"</span><span>"64%"</span></span><IconButton icon=Icon::Close label="Remover" size=Size::Small/><ProgressBar percent=Some(64) label="Enviando"/></span>
            </div>
            <div class="composer-bar">
                <div class="composer-tools">{tools.map(|(icon, label)| view! { <IconButton icon label size=Size::Small/> }).collect_view()}</div>
                <div class="composer-send">
                    <span class="split">
                        <Button variant=Variant::Primary>"Enviar"</Button>
                        <IconButton icon=Icon::ChevronDown label="Outras formas de enviar" variant=Variant::Primary/>
                    </span>
                </div>
            </div>
        </form>
    }
    .into_any()
}

fn details() -> AnyView {
    let section = |title: &'static str, content: AnyView| {
        view! {
            <details class="details-section" open>
                <summary class="details-heading">{title}<Glyph icon=Icon::ChevronDown/></summary>
                <div class="details-content">{content}</div>
            </details>
        }
    };
    let facts = view! {
        <dl class="facts">
            <dt>"Agente"</dt><dd>"Ana Carvalho"</dd>
            <dt>"Equipe"</dt><dd>"Suporte"</dd>
            <dt>"Prioridade"</dt><dd>"Urgente"</dd>
            <dt>"Iniciada em"</dt><dd>"Página do produto: Vestido Aurora longo estampado"</dd>
            <dt>"Navegador"</dt><dd class="fact-empty">"Não informado"</dd>
        </dl>
    }
    .into_any();
    let past = view! {
        {[("Troca de tamanho", 20_000_i64), ("Cupom não funcionou", 90_000), ("Prazo para o Acre", 200_000)]
            .map(|(title, minutes)| {
                view! {
                    <a class="past-row" href="#">
                        <Glyph icon=Icon::CircleCheck/>
                        <span class="truncate">{title}</span>
                        <RelativeTime at=NOW - minutes * MINUTE lang=LANG/>
                    </a>
                }
            })
            .collect_view()}
    }
    .into_any();
    view! {
        <section class="pane details-pane" aria-label="Detalhes">
            <div class="pane-scroll">
                <div class="contact-card">
                    <div class="contact-head">
                        <Avatar name="João Pedro Albuquerque de Mendonça" size=AvatarSize::Large/>
                        <div class="choice-words">
                            <h2 class="truncate">"João Pedro Albuquerque de Mendonça"</h2>
                            <p class="truncate">"+55 11 98765-4321"</p>
                        </div>
                    </div>
                    <div class="contact-actions">
                        <Button size=Size::Small icon=Icon::Edit>"Editar"</Button>
                        <Button size=Size::Small icon=Icon::MessagePlus>"Nova mensagem"</Button>
                    </div>
                </div>
                {section("Conversa", facts)}
                {section("Etiquetas", view! { <div class="row" style="display:flex;gap:6px;flex-wrap:wrap"><Label name="entrega atrasada" colour="#d97706"/><Label name="vip" colour="#7c3aed"/></div> }.into_any())}
                {section("Conversas anteriores", past)}
                {section("Notas", view! { <EmptyState compact=true icon=Icon::Note title="Nenhuma nota" text="Notas sobre o contato aparecem aqui."/> }.into_any())}
            </div>
        </section>
    }
    .into_any()
}
