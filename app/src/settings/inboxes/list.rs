//! The list of inboxes.

use leptos::prelude::*;
use model::inbox::Inbox;
use ui::{Badge, ButtonLink, ChannelGlyph, Column, EmptyState, Glyph, Icon, IconSize, Table, Tone, Variant};

use super::super::part::{Page, SearchField, matches};
use crate::boot::{use_lang, use_workplace};
use crate::inbox::field::words;
use crate::place;

/// The account's inboxes, each leading to its settings.
#[component]
pub fn Inboxes() -> impl IntoView {
    let lang = use_lang();
    use text::inbox as t;
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let account = workplace.account_id;
    let search = RwSignal::new(String::new());
    let has_some = Memo::new(move |_| workplace.lists.with(|lists| !lists.inboxes.is_empty()));
    let row = move |inbox: Inbox| {
        let kind = words(lang, &inbox.channel, "name").unwrap_or_default();
        let site = inbox.place().to_owned();
        view! {
            <tr class="is-link">
                <td>
                    <span class="table-who">
                        <span class="channel-mark">
                            <ChannelGlyph channel=inbox.channel.clone() size=IconSize::Large/>
                        </span>
                        <a class="row-link table-two" href=place::inbox(account, inbox.id, "")>
                            <b class="truncate">{inbox.name}</b>
                            <span class="truncate">{site}</span>
                        </a>
                    </span>
                </td>
                <td class="is-muted">
                    <span class="table-who">
                        {kind}
                        {inbox
                            .trouble
                            .map(|trouble| {
                                let words = t::by_key(lang, &["trouble.", trouble.as_str()].concat()).unwrap_or_default();
                                view! { <Badge tone=Tone::Danger>{words}</Badge> }
                            })}
                    </span>
                </td>
                <td class="is-actions">
                    <Glyph icon=Icon::ChevronRight/>
                </td>
            </tr>
        }
    };
    let rows = move || {
        let search = search.read();
        let inboxes = workplace.lists.with(|lists| lists.inboxes.clone());
        inboxes.into_iter().filter(|inbox| matches(&search, &inbox.name)).map(row).collect_view()
    };
    let columns = move || {
        vec![Column::new(t::name(lang)), Column::new(t::channel(lang)), Column::quiet(text::common::open(lang))]
    };
    let add = move || {
        view! {
            <ButtonLink href=place::new_inbox(account) variant=Variant::Primary icon=Icon::Plus>
                {t::add(lang)}
            </ButtonLink>
        }
    };
    view! {
        <Page title=text::settings::inboxes(lang).to_owned() text=t::text(lang) wide=true actions=add>
            <Show
                when=move || has_some.get()
                fallback=move || {
                    view! { <EmptyState icon=Icon::Inbox title=t::empty_title(lang) text=t::empty_text(lang)/> }
                }
            >
                <SearchField value=search label=t::search(lang)/>
                <Table label=text::settings::inboxes(lang) columns=columns()>
                    {rows}
                </Table>
            </Show>
        </Page>
    }
    .into_any()
}
