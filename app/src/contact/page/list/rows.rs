//! The contacts of the list.

use leptos::prelude::*;
use model::contact::ContactRow;
use model::{ContactId, Permission};
use text::people as p;
use ui::{Avatar, Button, Checkbox, EmptyState, Glyph, Icon, IconSize, Label, RelativeTime, TimeStyle};

use super::People;
use crate::boot::use_lang;
use crate::contact::ContactQuery;
use crate::place;

/// All that are here, and more when one asks.
#[component]
pub fn Rows(people: People) -> impl IntoView {
    let lang = use_lang();
    let is_narrowed = people.query.with_untracked(ContactQuery::is_narrowed);
    let empty = move || {
        if is_narrowed {
            view! { <EmptyState icon=Icon::Search title=p::none_found(lang) text=p::none_found_text(lang)/> }.into_any()
        } else {
            view! { <EmptyState icon=Icon::Users title=p::empty_title(lang) text=p::empty_text(lang)/> }.into_any()
        }
    };
    let count = move || {
        let total = people.total.get();
        if total.at_least {
            p::more_than(lang, &text::number::integer(lang, total.number))
        } else {
            p::count(lang, total.number)
        }
    };
    view! {
        <p class="people-count" role="status">
            {count}
        </p>
        <Show when=move || !people.rows.read().is_empty() fallback=empty>
            <ul class="people-rows" aria-label=p::title(lang)>
                <For
                    each=move || people.rows.get()
                    key=|row| row.contact.id
                    children=move |row| view! { <Row people id=row.contact.id/> }
                />
            </ul>
            <Show when=move || people.has_more.get()>
                <div class="people-more">
                    <Button loading=people.is_loading on_click=move |_| people.load_more()>
                        {p::more(lang)}
                    </Button>
                </div>
            </Show>
        </Show>
    }
}

#[component]
fn Row(people: People, id: ContactId) -> impl IntoView {
    let lang = use_lang();
    let row = Memo::new(move |_| people.rows.with(|rows| rows.iter().find(|row| row.contact.id == id).cloned()));
    let of = move |read: fn(&ContactRow) -> String| {
        Signal::derive(move || row.with(|row| row.as_ref().map(read).unwrap_or_default()))
    };
    let name = Signal::derive(move || {
        row.with(|row| {
            row.as_ref()
                .map(|row| crate::conversation::desk::contact_name(lang, &row.contact.name, row.contact.id))
                .unwrap_or_default()
        })
    });
    let picture = Signal::derive(move || row.with(|row| row.as_ref().and_then(|row| row.contact.avatar_url.clone())));
    let email = of(|row| row.contact.email.clone().unwrap_or_default());
    let phone = of(|row| row.contact.phone_number.clone().unwrap_or_default());
    let company = of(|row| {
        let company = row.contact.additional_attributes.get("company_name");
        company.and_then(|name| name.as_str()).unwrap_or_default().to_owned()
    });
    let is_blocked = Signal::derive(move || row.with(|row| row.as_ref().is_some_and(|row| row.contact.blocked)));
    let labels = move || {
        let colour = |title: &str| {
            people.workplace.lists.with(|lists| {
                let label = lists.labels.iter().find(|label| label.title == title);
                label.map(|label| label.color.clone()).unwrap_or_default()
            })
        };
        let titles = row.with(|row| row.as_ref().map(|row| row.labels.clone()).unwrap_or_default());
        titles.into_iter().take(3).map(|title| view! { <Label colour=colour(&title) name=title/> }).collect_view()
    };
    let active = move || {
        row.with(|row| row.as_ref().and_then(|row| row.contact.last_activity_at)).map(|at| {
            view! { <RelativeTime at lang style=TimeStyle::Ago/> }
        })
    };
    let is_picked = RwSignal::new(false);
    Effect::new(move |_| is_picked.set(people.picked.with(|picked| picked.contains(&id))));
    let pick = move |is_on: bool| {
        people.picked.update(|picked| {
            picked.retain(|other| *other != id);
            if is_on {
                picked.push(id);
            }
        });
    };
    let may_edit = people.workplace.may(Permission::EditContacts);
    view! {
        <li class="person-row" class:is-picked=is_picked>
            {may_edit
                .then(|| {
                    view! {
                        <Checkbox checked=is_picked label=move || p::pick(lang, &name.get()) hide_label=true on_change=pick/>
                    }
                })}
            <Avatar name picture/>
            <span class="person-name">
                <a class="row-link truncate" href=place::contact(people.workplace.account_id, id)>
                    {name}
                </a>
                <Show when=move || is_blocked.get()>
                    <span class="person-blocked" data-hint=p::blocked(lang)>
                        <Glyph icon=Icon::Ban size=IconSize::Tiny/>
                        <span class="visually-hidden">{p::blocked(lang)}</span>
                    </span>
                </Show>
            </span>
            <span class="person-email truncate">{email}</span>
            <span class="person-phone tabular truncate">{phone}</span>
            <span class="person-company truncate">{company}</span>
            <span class="person-labels">{labels}</span>
            <span class="person-active">{active}</span>
        </li>
    }
}
