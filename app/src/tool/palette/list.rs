//! What the palette lists for the words that are typed.

use leptos::prelude::*;
use model::action::Macro;
use model::bulk::BulkAct;
use model::conversation::{ContactRef, ConversationRow};
use model::search::{SearchResults, Segment};
use model::{ConversationStatus, DisplayId, Priority, Role};
use text::Lang;
use text::command as t;
use text::conversation as c;
use ui::{Icon, Mark, Presence, fold_accents};

use super::item::{Does, Item};
use crate::command::{Command, Group, TABLE};
use crate::conversation::desk::{Desk, contact_name, priority_name};
use crate::conversation::place::{Place, View};
use crate::conversation::snooze::Preset;
use crate::tool::{Page, Tools, recent};

/// Lines of one list.
const MOST: usize = 60;

/// What the field asks for.
pub fn prompt(lang: Lang, page: Page) -> &'static str {
    match page {
        Page::Everything => t::prompt::everything(lang),
        Page::Agents => t::prompt::agents(lang),
        Page::Teams => t::prompt::teams(lang),
        Page::Labels => t::prompt::labels(lang),
        Page::Priorities => t::prompt::priorities(lang),
        Page::Snooze => t::prompt::snooze(lang),
        Page::Macros => t::prompt::macros(lang),
    }
}

/// The lines.
pub fn items(tools: Tools, page: Page, words: &str, found: &SearchResults, macros: &[Macro]) -> Vec<Item> {
    let lang = crate::boot::use_lang();
    let mut items = match (page, tools.desk.get()) {
        (Page::Everything, _) => everything(tools, lang, words, macros),
        (Page::Agents, Some(desk)) => agents(tools, desk, lang),
        (Page::Teams, Some(desk)) => teams(tools, desk, lang),
        (Page::Labels, Some(desk)) => labels(tools, desk),
        (Page::Priorities, Some(desk)) => priorities(desk, lang),
        (Page::Snooze, Some(_)) => snoozes(lang),
        (Page::Macros, Some(_)) => run_macros(lang, macros),
        (_, None) => Vec::new(),
    };
    let folded: Vec<String> = words.split_whitespace().map(fold_accents).collect();
    items.retain(|item| {
        let text = fold_accents(&[&item.choice.label, " ", item.choice.detail.as_deref().unwrap_or_default()].concat());
        folded.iter().all(|word| text.contains(word.as_str()))
    });
    items.truncate(MOST);
    if page == Page::Snooze
        && let Some(wait) = duration(words)
    {
        let (until, offset) = (ui::browser::now() + wait, ui::browser::utc_offset());
        let label = text::time::date_time(lang, until, offset);
        let act = BulkAct::Status(ConversationStatus::Snoozed, Some(until));
        items.insert(0, Item::act(Mark::Icon(Icon::AlarmClock), label, act, false));
    }
    if page == Page::Everything && !folded.is_empty() {
        items.extend(found_items(tools, lang, found));
    }
    items
}

fn everything(tools: Tools, lang: Lang, words: &str, macros: &[Macro]) -> Vec<Item> {
    let mut commands: Vec<Item> = TABLE
        .iter()
        .filter(|entry| entry.in_palette && tools.can(entry.command))
        .map(|entry| Item::run(t::heading::commands(lang), entry.name(lang).to_owned(), entry))
        .collect();
    // What is at hand comes before what is everywhere.
    commands.sort_by_key(|item| match &item.does {
        Does::Run(entry) if entry.group == Group::Conversation => 0,
        Does::Run(entry) if entry.group == Group::List => 1,
        _ => 2,
    });
    let places = places(tools, lang);
    let mut items = Vec::new();
    if words.trim().is_empty() {
        // What was chosen last comes first, as long as it can still be chosen.
        for known in recent::read(tools.workplace.account_id.0) {
            let mut all = commands.iter().chain(&places);
            let still = all.find(|item| match &item.does {
                Does::Go(address) => *address == known.value,
                Does::Run(entry) => entry.word == known.value,
                Does::Act(_) | Does::Macro(_) => false,
            });
            let item = still.cloned().or_else(|| {
                let is_conversation = known.value.contains("/conversations/");
                is_conversation
                    .then(|| Item::go("", Mark::Icon(Icon::Conversation), known.label.clone(), known.value.clone()))
            });
            items.extend(item.map(|item| Item { group: Some(t::heading::recent(lang)), ..item }));
        }
    }
    let is_new = |item: &Item| !items.iter().any(|known: &Item| known.does == item.does);
    // By their names, once somebody types: there may be many.
    let macros: &[Macro] = if words.trim().is_empty() || !tools.can(Command::Macro) { &[] } else { macros };
    let rest: Vec<Item> =
        commands.into_iter().chain(run_macros(lang, macros)).chain(places).filter(|item| is_new(item)).collect();
    items.extend(rest);
    items
}

fn run_macros(lang: Lang, macros: &[Macro]) -> Vec<Item> {
    macros.iter().map(|found| Item::macro_(t::heading::macros(lang), &found.name, found.id)).collect()
}

fn places(tools: Tools, lang: Lang) -> Vec<Item> {
    let account = tools.workplace.account_id;
    let go = |mark, label: &str, view| Item::go(t::heading::places(lang), mark, label, Place::of(account, view).href());
    tools.workplace.lists.with(|lists| {
        let views = lists.views.iter().filter(|view| view.kind == model::filter::Subject::Conversation);
        let views = views.map(|view| go(Mark::Icon(Icon::Filter), &view.name, View::Saved(view.id)));
        let inboxes = lists
            .inboxes
            .iter()
            .map(|inbox| go(Mark::Channel(inbox.channel.clone()), &inbox.name, View::Inbox(inbox.id)));
        let teams = lists.teams.iter().map(|team| go(Mark::Icon(Icon::Users), &team.name, View::Team(team.id)));
        let labels = lists
            .labels
            .iter()
            .map(|label| go(Mark::Dot(label.color.clone()), &label.title, View::Label(label.title.clone())));
        views.chain(inboxes).chain(teams).chain(labels).collect()
    })
}

/// What the server found.
fn found_items(tools: Tools, lang: Lang, found: &SearchResults) -> Vec<Item> {
    let account = tools.workplace.account_id;
    let open = |contact: &ContactRef, number: DisplayId, detail: String| {
        let name = contact_name(lang, &contact.name, contact.id);
        let mark = Mark::Face { picture: contact.avatar_url.clone(), presence: None };
        let label = [&name, " · #", &number.to_string()].concat();
        let address = Place::home(account).opening(Some(number)).href();
        let mut item = Item::go(t::heading::conversations(lang), mark, label, address);
        item.choice.face_of = Some(name);
        item.choice.detail = Some(detail).filter(|detail| !detail.is_empty());
        item
    };
    let text = |segments: &[Segment]| segments.iter().map(|segment| segment.text.as_str()).collect::<String>();
    let conversations = found.conversations.iter().map(|hit| {
        let preview = hit.row.preview.as_ref().map(|preview| preview.text.clone());
        open(&hit.row.contact, hit.row.display_id, preview.unwrap_or_default())
    });
    let messages = found.messages.iter().map(|hit| open(&hit.contact, hit.display_id, text(&hit.excerpt)));
    let contacts = found.contacts.iter().map(|hit| {
        let name = contact_name(lang, &hit.name, hit.id);
        let mark = Mark::Face { picture: hit.avatar_url.clone(), presence: None };
        let mut item = Item::go(t::heading::contacts(lang), mark, name, crate::place::contact(account, hit.id));
        item.choice.detail = hit.facts.first().map(|fact| text(fact));
        item
    });
    let mut items: Vec<Item> = Vec::new();
    for item in conversations.chain(messages).chain(contacts) {
        // A conversation may be found by several messages.
        if !items.iter().any(|known| known.does == item.does) {
            items.push(item);
        }
    }
    items
}

/// Something of the open conversation, when what is chosen would change that one.
fn of_open<T>(desk: Desk, read: impl FnOnce(&ConversationRow) -> T) -> Option<T> {
    let is_many = desk.chosen.with(|chosen| !chosen.is_empty());
    if is_many { None } else { desk.with_conversation(|conversation| read(&conversation.row)) }
}

fn agents(tools: Tools, desk: Desk, lang: Lang) -> Vec<Item> {
    let owner = of_open(desk, |row| row.assignee.as_ref().map(|agent| agent.id));
    let members = desk.with_thread(|thread| thread.members.clone()).filter(|_| owner.is_some());
    let mut agents = tools.workplace.lists.with(|lists| lists.agents.clone());
    agents.retain(|agent| agent.confirmed);
    agents.retain(|agent| {
        agent.role == Role::Administrator || members.as_ref().is_none_or(|members| members.contains(&agent.id))
    });
    agents.sort_by_key(|agent| agent.id != desk.me());
    let mut items: Vec<Item> = agents
        .into_iter()
        .map(|agent| {
            let is_me = agent.id == desk.me();
            let label = if is_me { c::me(lang, &agent.name) } else { agent.name.clone() };
            let presence = Some(match agent.availability {
                model::Availability::Online => Presence::Online,
                model::Availability::Busy => Presence::Busy,
                model::Availability::Offline => Presence::Offline,
            });
            let mark = Mark::Face { picture: agent.avatar_url.clone(), presence };
            let mut item = Item::act(mark, label, BulkAct::Agent(Some(agent.id)), owner == Some(Some(agent.id)));
            item.choice.face_of = Some(agent.name);
            item
        })
        .collect();
    items.push(Item::none(c::nobody(lang), BulkAct::Agent(None), owner == Some(None)));
    items
}

fn teams(tools: Tools, desk: Desk, lang: Lang) -> Vec<Item> {
    let owner = of_open(desk, |row| row.team.as_ref().map(|team| team.id));
    let mut items: Vec<Item> = tools.workplace.lists.with(|lists| {
        let teams = lists.teams.iter();
        teams
            .map(|team| {
                let is_picked = owner == Some(Some(team.id));
                Item::act(Mark::Icon(Icon::Users), team.name.clone(), BulkAct::Team(Some(team.id)), is_picked)
            })
            .collect()
    });
    items.push(Item::none(c::no_team(lang), BulkAct::Team(None), owner == Some(None)));
    items
}

fn labels(tools: Tools, desk: Desk) -> Vec<Item> {
    let own = of_open(desk, |row| row.labels.clone()).unwrap_or_default();
    tools.workplace.lists.with(|lists| {
        let label = |label: &model::label::Label| {
            let is_picked = own.contains(&label.title);
            let titles = vec![label.title.clone()];
            let act = if is_picked { BulkAct::RemoveLabels(titles) } else { BulkAct::AddLabels(titles) };
            Item::act(Mark::Dot(label.color.clone()), label.title.clone(), act, is_picked)
        };
        lists.labels.iter().map(label).collect()
    })
}

fn priorities(desk: Desk, lang: Lang) -> Vec<Item> {
    let own = of_open(desk, |row| row.priority);
    let priority = |priority: Priority| {
        let icon = match priority {
            Priority::Urgent => Icon::PriorityUrgent,
            Priority::High => Icon::PriorityHigh,
            Priority::Medium => Icon::PriorityMedium,
            Priority::Low => Icon::PriorityLow,
        };
        let is_picked = own == Some(Some(priority));
        Item::act(Mark::Icon(icon), priority_name(lang, priority), BulkAct::Priority(Some(priority)), is_picked)
    };
    let all = [Priority::Urgent, Priority::High, Priority::Medium, Priority::Low].map(priority);
    all.into_iter().chain([Item::none(c::no_priority(lang), BulkAct::Priority(None), own == Some(None))]).collect()
}

/// A time from now as it is typed, in milliseconds: `45m`, `3h`, `2d`.
fn duration(words: &str) -> Option<i64> {
    let words = words.trim().to_lowercase();
    let unit = match words.chars().last()? {
        'm' => 60_000,
        'h' => 3_600_000,
        'd' => 86_400_000,
        _ => return None,
    };
    let number: i64 = words[..words.len() - 1].trim().parse().ok()?;
    (1..=10_000).contains(&number).then(|| number * unit)
}

fn snoozes(lang: Lang) -> Vec<Item> {
    let (now, offset) = (ui::browser::now(), ui::browser::utc_offset());
    let preset = |preset: Preset| {
        let until = preset.time(now, offset);
        let act = BulkAct::Status(ConversationStatus::Snoozed, until);
        let mut item = Item::act(Mark::Icon(preset.icon()), preset.name(lang), act, false);
        item.choice.detail = until.map(|until| text::time::date_time(lang, until, offset));
        item
    };
    Preset::ALL.into_iter().filter(|preset| preset.is_offered(now, offset)).map(preset).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_can_be_typed() {
        assert_eq!((duration("45m"), duration(" 3 H ")), (Some(2_700_000), Some(10_800_000)));
        for wrong in ["", "h", "0h", "-1d", "3x", "amanhã", "99999999d", "é"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }
}
