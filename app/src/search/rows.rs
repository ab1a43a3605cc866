//! What was found, row by row.

use leptos::prelude::*;
use model::search::{ContactHit, ConversationHit, MessageHit, Segment};
use text::Lang;
use text::search as t;
use ui::{Avatar, ChannelGlyph, Glyph, Icon, IconSize, RelativeTime, TimeStyle};

use crate::boot::WorkplaceContext;
use crate::conversation::desk::contact_name;
use crate::conversation::status_name;
use crate::place;

/// A text with what was looked for pointed out.
fn marked(pieces: Vec<Segment>) -> impl IntoView {
    let piece = |piece: Segment| {
        if piece.hit { view! { <mark>{piece.text}</mark> }.into_any() } else { piece.text.into_any() }
    };
    pieces.into_iter().map(piece).collect_view()
}

fn channel_of(workplace: WorkplaceContext, inbox: model::InboxId) -> Option<impl IntoView> {
    let found = workplace.lists.with_untracked(|lists| {
        lists.inboxes.iter().find(|known| known.id == inbox).map(|inbox| inbox.channel.clone())
    });
    found.map(|channel| view! { <ChannelGlyph channel/> })
}

/// A contact.
pub fn contact(lang: Lang, workplace: WorkplaceContext, hit: ContactHit) -> AnyView {
    let name = contact_name(lang, &hit.name, hit.id);
    let shown = if hit.name.trim().is_empty() { name.clone().into_any() } else { marked(hit.name_segments).into_any() };
    let facts =
        hit.facts.into_iter().map(|fact| view! { <span class="found-fact">{marked(fact)}</span> }).collect_view();
    view! {
        <li class="found-row">
            <Avatar name=Signal::stored(name) picture=Signal::stored(hit.avatar_url)/>
            <span class="found-body">
                <a class="row-link found-link found-title" href=place::contact(workplace.account_id, hit.id)>
                    {shown}
                </a>
                <span class="found-text">{facts}</span>
            </span>
        </li>
    }
    .into_any()
}

/// A conversation.
pub fn conversation(lang: Lang, workplace: WorkplaceContext, hit: ConversationHit) -> AnyView {
    let row = hit.row;
    let name = contact_name(lang, &row.contact.name, row.contact.id);
    let shown = if row.contact.name.trim().is_empty() { name.clone().into_any() } else { marked(hit.name).into_any() };
    let number = ["#", &row.display_id.to_string()].concat();
    view! {
        <li class="found-row">
            <Avatar name=Signal::stored(name) picture=Signal::stored(row.contact.avatar_url)/>
            <span class="found-body">
                <a class="row-link found-link found-title" href=place::conversation(workplace.account_id, row.display_id)>
                    {shown}
                    <span class="found-number tabular">{number}</span>
                </a>
                <span class="found-text truncate">{row.preview.map(|preview| preview.text)}</span>
            </span>
            <span class="found-side">
                <RelativeTime at=row.last_activity_at lang style=TimeStyle::Ago/>
                <span>{status_name(lang, row.status)}</span>
            </span>
        </li>
    }
    .into_any()
}

/// A message; it leads to its conversation, opened where it was written.
pub fn message(lang: Lang, workplace: WorkplaceContext, hit: MessageHit) -> AnyView {
    let name = contact_name(lang, &hit.contact.name, hit.contact.id);
    let number = ["#", &hit.display_id.to_string()].concat();
    let author = if hit.author.trim().is_empty() { name.clone() } else { hit.author };
    let with = (author != name).then(|| t::with(lang, &name));
    let href = place::message(workplace.account_id, hit.display_id, hit.id);
    view! {
        <li class="found-row">
            <Avatar name=Signal::stored(name) picture=Signal::stored(hit.contact.avatar_url)/>
            <span class="found-body">
                <span class="found-by">
                    <b>{author}</b>
                    <span>{with}</span>
                    {hit
                        .private
                        .then(|| {
                            view! {
                                <span class="found-note">
                                    <Glyph icon=Icon::Note size=IconSize::Tiny/>
                                    {t::note(lang)}
                                </span>
                            }
                        })}
                </span>
                <a class="row-link found-link found-text" href=href>
                    {marked(hit.excerpt)}
                </a>
            </span>
            <span class="found-side">
                <RelativeTime at=hit.created_at lang style=TimeStyle::Ago/>
                <span class="found-number tabular">
                    {channel_of(workplace, hit.inbox_id)}
                    {number}
                </span>
            </span>
        </li>
    }
    .into_any()
}
