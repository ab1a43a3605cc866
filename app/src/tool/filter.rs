//! Building a filter: conditions joined by "and" in one card, cards joined by "or". It can be kept as a view, for oneself or for all.

mod row;
mod state;
mod words;

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::filter::{Condition, Kind, Subject};
use model::saved_view::SavedView;
use model::{Permission, SavedViewId};
use text::filter as t;
use ui::{
    Button, ConfirmTyped, Dialog, DialogBody, DialogFooter, DialogSize, Field, Icon, Size, Switch, TextInput, Variant,
};

use self::row::{RowView, custom_name};
use self::state::{Card, Draft};
use self::words::Words;
use super::{Filtering, Tool, Tools};
use crate::boot::use_lang;
use crate::contact::ContactQuery;
use crate::conversation::place::{Place, View};
use crate::saved_view::calls::{self, ViewInput};

/// The dialog. With a view it changes that view.
#[component]
pub fn Filter(tools: Tools, filtering: Filtering) -> impl IntoView {
    let lang = use_lang();
    let Filtering { subject, view, conditions } = filtering;
    let words = Words::of(lang, subject);
    let open = RwSignal::new(true);
    Effect::new(move |_| {
        if !open.get() {
            tools.closed(|tool| matches!(tool, Tool::Filter(..)));
        }
    });
    let customs = tools.workplace.lists.with_untracked(|lists| {
        let can_be_asked = lists.attributes.iter().filter(|one| row::is_of(subject, one));
        can_be_asked.map(|one| (custom_name(one), Kind::from(one.kind))).collect()
    });
    let draft = Draft::new(subject, &conditions, customs);
    let known = view.and_then(|id| {
        tools.workplace.lists.with_untracked(|lists| lists.views.iter().find(|view| view.id == id).cloned())
    });
    let name = RwSignal::new(known.as_ref().map(|view| view.name.clone()).unwrap_or_default());
    let is_shared = RwSignal::new(known.as_ref().is_some_and(|view| view.shared));
    let is_own = known.as_ref().is_none_or(|view| view.user_id == tools.workplace.user_id);
    let may_write = is_own || tools.workplace.may(Permission::ManageAccount);
    let keeps = RwSignal::new(known.is_some() && may_write);
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let apply = move || {
        let Some(conditions) = draft.read() else {
            error.set(Some(t::incomplete(lang).to_owned()));
            return;
        };
        if keeps.get_untracked() && may_write {
            let input = ViewInput { name: name.get_untracked(), conditions, shared: is_shared.get_untracked() };
            save(tools, subject, view, input, error, busy);
        } else {
            tools.close();
            tools.go(under(tools, subject, conditions));
        }
    };
    let title = if known.is_some() { words.edit_title } else { words.title };
    let is_deleting = RwSignal::new(false);
    let can_be_deleted = known.is_some() && may_write;
    let phrase = known.map(|view| view.name).unwrap_or_default();
    view! {
        <Dialog open title description=t::help(lang) size=DialogSize::Large close_label=text::common::close(lang)>
            <DialogBody>
                <Conditions tools draft/>
                <Show when=move || may_write>
                    <div class="filter-keep">
                        <Switch checked=keeps label=words.keep detail=words.keep_detail disabled=Signal::derive(move || can_be_deleted)/>
                        <Show when=move || keeps.get()>
                            <Field id="view-name" label=words.name>
                                <TextInput value=name max=80u32 autocomplete="off" placeholder=words.name_example/>
                            </Field>
                            {tools
                                .workplace
                                .may(Permission::ShareViews)
                                .then(|| {
                                    view! { <Switch checked=is_shared label=t::share(lang) detail=t::share_detail(lang)/> }
                                })}
                        </Show>
                    </div>
                </Show>
                <p class="filter-error" role="alert" hidden=move || error.read().is_none()>
                    {move || error.get()}
                </p>
            </DialogBody>
            <DialogFooter>
                <Show when=move || can_be_deleted>
                    <Button class="is-start" icon=Icon::Trash variant=Variant::Ghost on_click=move |_| is_deleting.set(true)>
                        {words.delete}
                    </Button>
                </Show>
                <Button on_click=move |_| open.set(false)>{text::common::cancel(lang)}</Button>
                <Button variant=Variant::Primary loading=busy on_click=move |_| apply()>
                    {move || if keeps.get() { t::save(lang) } else { t::apply(lang) }}
                </Button>
            </DialogFooter>
        </Dialog>
        <ConfirmTyped
            open=is_deleting
            title=words.delete_title
            description=words.delete_text
            phrase=Signal::stored(phrase)
            phrase_label=words.delete_label
            cancel_label=text::common::cancel(lang)
            confirm_label=words.delete
            busy
            on_confirm=move |()| delete(tools, subject, view, busy)
        />
    }
    .into_any()
}

/// Conditions belong to the list that is shown; elsewhere to all conversations.
fn base(tools: Tools) -> Place {
    let place = tools.desk.get_untracked().map(|desk| desk.place.get_untracked());
    let place = place.unwrap_or_else(|| Place::home(tools.workplace.account_id));
    match place.view {
        View::Saved(_) => Place { view: View::All, ..place },
        _ => place,
    }
}

/// The address of the list under these conditions.
fn under(tools: Tools, subject: Subject, conditions: Vec<Condition>) -> String {
    match subject {
        Subject::Conversation => base(tools).under(conditions).href(),
        Subject::Contact => {
            let query = tools.people.get_untracked().unwrap_or_default();
            query.under(conditions).href(tools.workplace.account_id)
        }
    }
}

fn save(
    tools: Tools,
    subject: Subject,
    view: Option<SavedViewId>,
    input: ViewInput,
    error: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
) {
    let (account, lang) = (tools.workplace.account_id, use_lang());
    busy.set(true);
    spawn_local(async move {
        let answer = match view {
            Some(id) => calls::update(account, id, input).await,
            None => calls::create(account, subject, input).await,
        };
        let _ = busy.try_set(false);
        match answer {
            Ok(view) => {
                tools.workplace.refresh();
                tools.close();
                show(tools, &view);
            }
            Err(refused) => {
                let _ = error.try_set(Some(refused.words(lang)));
            }
        }
    });
}

/// Goes to the list of a view that was just written.
fn show(tools: Tools, view: &SavedView) {
    let account = tools.workplace.account_id;
    if view.kind == Subject::Contact {
        // The page follows what its segment is about.
        tools.go(ContactQuery::of_segment(view.id).href(account));
        return;
    }
    let place = Place::of(account, View::Saved(view.id));
    tools.go(place.href());
    if let Some(desk) = tools.desk.get_untracked() {
        desk.load_list(place.filter());
    }
}

fn delete(tools: Tools, subject: Subject, view: Option<SavedViewId>, busy: RwSignal<bool>) {
    let (Some(id), account) = (view, tools.workplace.account_id) else { return };
    busy.set(true);
    spawn_local(async move {
        let answer = calls::delete(account, id).await;
        let _ = busy.try_set(false);
        match answer {
            Ok(()) => {
                tools.workplace.refresh();
                tools.close();
                tools.go(match subject {
                    Subject::Conversation => crate::place::conversations(account),
                    Subject::Contact => crate::place::contacts(account),
                });
            }
            Err(refused) => tools.fail(&refused),
        }
    });
}

#[component]
fn Conditions(tools: Tools, draft: Draft) -> impl IntoView {
    let lang = use_lang();
    let card = move |card: Card| {
        let rows = card.rows;
        let place = Memo::new(move |_| {
            draft.cards.with(|cards| cards.iter().position(|other| other.id == card.id).unwrap_or_default())
        });
        view! {
            {move || (place.get() > 0).then(|| view! { <p class="filter-or">{t::or(lang)}</p> })}
            <div class="filter-card" role="group" aria-label=move || t::card(lang, &(place.get() + 1).to_string())>
                <For
                    each=move || rows.get()
                    key=|row| row.id
                    children=move |row| {
                        let id = row.id;
                        view! { <RowView tools row on_remove=move |()| draft.remove(id)/> }
                    }
                />
                <Button size=Size::Small variant=Variant::Ghost icon=Icon::Plus on_click=move |_| draft.add(card)>
                    {t::add_and(lang)}
                </Button>
            </div>
        }
    };
    view! {
        <div class="filter-cards">
            <For each=move || draft.cards.get() key=|card| card.id children=card/>
            <Button size=Size::Small icon=Icon::Plus on_click=move |_| draft.add_card()>
                {t::add_or(lang)}
            </Button>
        </div>
    }
    .into_any()
}
