//! Who changed what, on what, when and from where.

use leptos::prelude::*;
use model::action::MacroVisibility;
use model::audit::{AuditChange, AuditEntry, AuditFilter, AuditPage};
use model::{AuditAction, AuditSubject, UserId};
use serde_json::Value;
use text::Lang;
use text::audit as t;
use ui::{
    Avatar, AvatarSize, Button, Choice, Column, EmptyState, ErrorState, Icon, RelativeTime, Select, Skeleton,
    SkeletonKind, Table, TimeStyle, use_clock,
};

use super::part::Page;
use crate::audit::calls;
use crate::boot::{use_lang, use_workplace};

/// What may open doors: that it changed is all that is told.
const SECRETS: [&str; 7] = ["password", "token", "secrets", "recovery_codes", "sessions", "imap", "smtp"];
const DAY: i64 = 24 * 60 * 60_000;
/// Periods to choose from, in days.
const PERIODS: [i64; 3] = [1, 7, 30];

/// The log with its filters.
#[component]
pub fn Audit() -> impl IntoView {
    let lang = use_lang();
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let (who, what, period) = (field(), field(), field());
    let page = RwSignal::new(1_i64);
    let clock = use_clock();
    let filter = Memo::new(move |_| AuditFilter {
        by: who.with(|id| id.parse::<UserId>().ok()),
        subject: what.with(|word| word.parse::<AuditSubject>().ok()),
        since: period.with(|days| days.parse::<i64>().ok()).map(|days| clock.now.get_untracked() - days * DAY),
        until: None,
    });
    let log = crate::json::resource(
        move || (filter.get(), page.get()),
        move |(filter, page)| calls::list(workplace.account_id, filter, page),
    );
    let people = Signal::derive(move || {
        let agents = workplace.lists.with(|lists| lists.agents.clone());
        let mut all = vec![Choice::new("", t::everybody(lang))];
        all.extend(agents.into_iter().map(|agent| Choice::new(agent.id.to_string(), agent.name)));
        all
    });
    let subjects = {
        let mut all = vec![Choice::new("", t::everything(lang))];
        all.extend(AuditSubject::ALL.iter().map(|subject| Choice::new(subject.as_str(), kind(lang, *subject))));
        all
    };
    let periods = {
        let mut all = vec![Choice::new("", t::any_time(lang))];
        all.extend(PERIODS.map(|days| Choice::new(days.to_string(), t::last_days(lang, days))));
        all
    };
    let first = move |_: String| page.set(1);
    let fallback =
        move || view! { <Skeleton kind=SkeletonKind::Rows count=6 label=text::common::state::loading(lang)/> };
    view! {
        <Page title=t::title(lang).to_owned() text=t::text(lang) wide=true>
            <div class="settings-filters" role="search">
                <Select value=who options=people label=t::who(lang) on_change=first/>
                <Select value=what options=subjects label=t::what(lang) on_change=first/>
                <Select value=period options=periods label=t::when(lang) on_change=first/>
            </div>
            <Transition fallback>
                {move || Suspend::new(async move {
                    match log.await {
                        Ok(found) => view! { <Lines found page/> }.into_any(),
                        Err(error) => {
                            view! {
                                <ErrorState
                                    title=text::common::error_title(lang)
                                    text=error.words(lang)
                                    retry=text::common::retry(lang)
                                    on_retry=move |()| log.refetch()
                                />
                            }
                            .into_any()
                        }
                    }
                })}
            </Transition>
        </Page>
    }
    .into_any()
}

fn field() -> RwSignal<String> {
    RwSignal::new(String::new())
}

#[component]
fn Lines(found: AuditPage, page: RwSignal<i64>) -> impl IntoView {
    let lang = use_lang();
    if found.entries.is_empty() {
        return view! { <EmptyState icon=Icon::History title=t::empty_title(lang) text=t::empty_text(lang)/> }
            .into_any();
    }
    let columns = vec![Column::new(t::who(lang)), Column::new(t::what(lang)), Column::new(t::when(lang))];
    let last = (found.total + found.per_page - 1) / found.per_page.max(1);
    let current = found.page;
    view! {
        <Table label=t::title(lang) columns>
            {found.entries.into_iter().map(|entry| view! { <Line entry/> }).collect_view()}
        </Table>
        {(last > 1)
            .then(|| {
                view! {
                    <nav class="pager" aria-label=t::pages(lang)>
                        <Button
                            icon=Icon::ChevronLeft
                            disabled={current <= 1}
                            on_click=move |_| page.set(current - 1)
                        >
                            {t::newer(lang)}
                        </Button>
                        <span>{t::page_of(lang, &current.to_string(), &last.to_string())}</span>
                        <Button
                            icon=Icon::ChevronRight
                            disabled={current >= last}
                            on_click=move |_| page.set(current + 1)
                        >
                            {t::older(lang)}
                        </Button>
                    </nav>
                }
            })}
    }
    .into_any()
}

#[component]
fn Line(entry: AuditEntry) -> impl IntoView {
    let lang = use_lang();
    let by = entry.by.as_ref().map_or_else(|| t::the_system(lang).to_owned(), |by| by.name.clone());
    let what = sentence(lang, &entry);
    let changes: Vec<_> = entry.changes.iter().map(|change| changed(lang, entry.action, change)).collect();
    view! {
        <tr class="audit-line">
            <td>
                <span class="table-who">
                    <Avatar name=by.clone() size=AvatarSize::Small/>
                    <span class="table-two">
                        <b class="truncate">{by}</b>
                        <span class="truncate">{entry.by.map(|by| by.email)}</span>
                    </span>
                </span>
            </td>
            <td class="audit-what">
                <span>{what}</span>
                {(!changes.is_empty())
                    .then(|| {
                        view! {
                            <ul class="audit-changes">
                                {changes.into_iter().map(|change| view! { <li>{change}</li> }).collect_view()}
                            </ul>
                        }
                    })}
            </td>
            <td class="is-muted audit-when">
                <RelativeTime at=entry.at lang style=TimeStyle::Full/>
                <span>{entry.ip}</span>
            </td>
        </tr>
    }
}

/// What a kind of thing is called in a list.
fn kind(lang: Lang, subject: AuditSubject) -> &'static str {
    t::by_key(lang, &["kind.", subject.as_str()].concat()).unwrap_or_else(|| subject.as_str())
}

/// What was done, in one sentence without the person.
fn sentence(lang: Lang, entry: &AuditEntry) -> String {
    let thing = t::by_key(lang, &["thing.", entry.subject.as_str()].concat()).unwrap_or_else(|| entry.subject.as_str());
    let what =
        if entry.subject_name.is_empty() { thing.to_owned() } else { t::named(lang, thing, &entry.subject_name) };
    match entry.action {
        AuditAction::Create => t::action::create(lang, &what),
        AuditAction::Update => t::action::update(lang, &what),
        AuditAction::Destroy => t::action::destroy(lang, &what),
        AuditAction::SignIn => t::action::sign_in(lang).to_owned(),
        AuditAction::SignOut => t::action::sign_out(lang).to_owned(),
        AuditAction::ViewAs => t::action::view_as(lang, &entry.subject_name),
        AuditAction::StopViewAs => t::action::stop_view_as(lang, &entry.subject_name),
    }
}

/// One value that became another.
fn changed(lang: Lang, action: AuditAction, change: &AuditChange) -> String {
    let name = t::by_key(lang, &["field.", &change.field].concat()).map_or_else(|| change.field.clone(), str::to_owned);
    // Secrets are told to have changed, never what they are; and nobody reads steps or conditions in one line.
    let is_secret = SECRETS.contains(&change.field.as_str());
    if is_secret || is_nested(&change.before) || is_nested(&change.after) {
        return name;
    }
    let (before, after) = (value(lang, &change.field, &change.before), value(lang, &change.field, &change.after));
    match action {
        AuditAction::Create => [&name, ": ", &after].concat(),
        AuditAction::Destroy => [&name, ": ", &before].concat(),
        _ => [&name, ": ", &before, " → ", &after].concat(),
    }
}

/// Whether it is more than a value or a list of values.
fn is_nested(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::Array(items) => items.iter().any(|item| item.is_object() || item.is_array()),
        _ => false,
    }
}

fn value(lang: Lang, field: &str, of: &Value) -> String {
    match of {
        Value::Null => t::nothing(lang).to_owned(),
        Value::Bool(true) => t::yes(lang).to_owned(),
        Value::Bool(false) => t::no(lang).to_owned(),
        Value::String(text) if text.is_empty() => t::nothing(lang).to_owned(),
        Value::String(word) if field == "role" => {
            text::agent::by_key(lang, &["role.", word].concat()).map_or_else(|| word.clone(), str::to_owned)
        }
        Value::String(word) if field == "visibility" => {
            let everybody = word == MacroVisibility::Global.as_str();
            if everybody { text::macros::everybody(lang) } else { text::macros::only_me(lang) }.to_owned()
        }
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => t::nothing(lang).to_owned(),
        Value::Array(items) => items.iter().map(|item| value(lang, field, item)).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_thing_has_a_name_in_every_language() {
        for lang in Lang::ALL {
            for subject in AuditSubject::ALL {
                for group in ["kind.", "thing."] {
                    let key = [group, subject.as_str()].concat();
                    assert!(t::by_key(lang, &key).is_some(), "{key} in {}", lang.code());
                }
            }
        }
    }

    #[test]
    fn secrets_are_not_told() {
        let change = AuditChange { field: "token".to_owned(), before: "abc".into(), after: "def".into() };
        let told = changed(Lang::En, AuditAction::Update, &change);
        assert!(!told.contains("abc") && !told.contains("def"), "{told}");
        let change = AuditChange { field: "role".to_owned(), before: "agent".into(), after: "supervisor".into() };
        assert_eq!(changed(Lang::En, AuditAction::Update, &change), "Role: Agent → Supervisor");
    }

    #[test]
    fn lists_are_told_and_steps_are_only_named() {
        let told = |field: &str, before: Value, after: Value| {
            changed(Lang::En, AuditAction::Update, &AuditChange { field: field.to_owned(), before, after })
        };
        assert_eq!(
            told("values", serde_json::json!([]), serde_json::json!(["Ouro", "Prata"])),
            "Options: nothing → Ouro, Prata"
        );
        let step = serde_json::json!([{ "action_name": "mute_conversation", "action_params": [] }]);
        assert_eq!(told("actions", serde_json::json!([]), step), "Steps");
    }
}
