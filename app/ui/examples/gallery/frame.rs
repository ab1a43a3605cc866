//! The rail and the bottom bar.

use leptos::prelude::*;
use ui::*;

pub fn rail() -> AnyView {
    let link = |icon: Icon, label: &'static str, current: bool, count: i64| {
        view! {
            <a class="rail-link" href="#" aria-current=current.then_some("page") data-hint=label data-hint-side="end">
                <Glyph icon size=IconSize::Large/>
                <span class="rail-label truncate">{label}</span>
                {(count > 0).then(|| view! { <span class="rail-mark count is-strong">{count}</span> })}
            </a>
        }
    };
    let label = |name: &'static str, colour: &'static str, count: i64| {
        view! {
            <a class="rail-link" href="#">
                <Dot colour/>
                <span class="rail-label truncate">{name}</span>
                <Count value=count/>
            </a>
        }
    };
    view! {
        <nav class="rail" aria-label="Principal">
            <div class="rail-top">
                <button class="rail-button" type="button"><BrandMark/><span class="rail-label truncate">"Loja Aurora"</span></button>
                <button class="rail-button" type="button" data-hint="Buscar  Ctrl K" data-hint-side="end">
                    <Glyph icon=Icon::Search size=IconSize::Large/>
                    <span class="rail-label truncate">"Buscar"</span>
                </button>
            </div>
            <div class="rail-scroll">
                {link(Icon::Inbox, "Conversas", true, 7)}
                {link(Icon::Contact, "Contatos", false, 0)}
                {link(Icon::Campaign, "Campanhas", false, 0)}
                {link(Icon::Chart, "Relatórios", false, 0)}
                {link(Icon::Settings, "Configurações", false, 0)}
                <div class="rail-group">
                    <h2 class="rail-heading">"Etiquetas"</h2>
                    {label("entrega atrasada", "#d97706", 12)}
                    {label("troca e devolução", "#0d9488", 4)}
                    {label("vip", "#7c3aed", 31)}
                </div>
            </div>
            <div class="rail-bottom">
                {link(Icon::Bell, "Notificações", false, 3)}
                <button class="rail-button" type="button" aria-label="Ana Carvalho">
                    <Avatar name="Ana Carvalho" size=AvatarSize::Small presence=Some(Presence::Online)/>
                    <span class="rail-label truncate">"Ana Carvalho"</span>
                </button>
            </div>
        </nav>
    }
    .into_any()
}

pub fn bottom_bar() -> AnyView {
    let link = |icon: Icon, label: &'static str, current: bool, count: i64| {
        view! {
            <a class="bottom-link" href="#" aria-current=current.then_some("page")>
                <Glyph icon size=IconSize::Large/>
                <span>{label}</span>
                {(count > 0).then(|| view! { <span class="rail-mark count is-strong">{count}</span> })}
            </a>
        }
    };
    view! {
        <nav class="bottom-bar" aria-label="Principal">
            {link(Icon::Inbox, "Conversas", true, 7)}
            {link(Icon::Contact, "Contatos", false, 0)}
            {link(Icon::Bell, "Notificações", false, 3)}
            {link(Icon::Chart, "Relatórios", false, 0)}
            {link(Icon::Menu, "Menu", false, 0)}
        </nav>
    }
    .into_any()
}
