//! The first face: who is there, and the way into the conversation.

use reactive_graph::prelude::*;
use text::Words;

use super::avatar::avatar;
use super::icon::{CLOSE, FORWARD, POP_OUT, button, icon, icon_button};
use super::part::{self, Piece};
use crate::chat::{Chat, Screen};
use crate::dom::{El, div, el};
use crate::{host, words};

/// Faces shown at the top.
const FACES: usize = 4;

pub fn home(chat: Chat) -> El {
    let lang = chat.lang;
    let title = move || {
        let own = chat.boot.with_value(|boot| boot.title.clone());
        own.unwrap_or_else(|| text::widget::welcome_title(lang.get()).to_owned())
    };
    let tagline = move || {
        let own = chat.boot.with_value(|boot| boot.tagline.clone());
        own.unwrap_or_else(|| text::widget::welcome_tagline(lang.get()).to_owned())
    };
    let hero = el("header")
        .attr("class", "hero")
        .child(div("top").live(move || Some(faces(chat))).live(move || Some(tools(chat))))
        .child(el("h1").live_text(title))
        .child(el("p").live_text(tagline));
    let cards = el("main").attr("class", "cards");
    let content = move || Some(if chat.many.on.get() { part::draw(chat, Piece::Lists) } else { card(chat) });
    div("home").child(hero).child(cards.live(content))
}

/// Buttons of the header, the same on both faces.
pub fn tools(chat: Chat) -> El {
    let lang = chat.lang;
    let surroundings = chat.surroundings.get();
    let mut tools = div("tools");
    if surroundings.popout_button && host::is_framed() {
        tools = tools.child(icon_button(POP_OUT, move || text::widget::popout(lang.get()), host::pop_out));
    }
    if surroundings.close_button || host::is_native() {
        tools = tools.child(icon_button(CLOSE, move || text::widget::close(lang.get()), host::close));
    }
    tools
}

/// Those who are there first.
fn faces(chat: Chat) -> El {
    let team = chat.team.get();
    let here = team.iter().filter(|agent| agent.online);
    let away = team.iter().filter(|agent| !agent.online);
    let faces = div("faces").children(here.chain(away).take(FACES).map(|agent| avatar(&agent.name, &agent.avatar)));
    if !team.is_empty() {
        return faces;
    }
    faces.child(chat.boot.with_value(|boot| avatar(&boot.website_name, &boot.avatar)))
}

/// Whether somebody is there, and how that is said.
pub fn availability(chat: Chat, lang: Words) -> (bool, String) {
    if chat.available.get() {
        return (true, text::widget::online(lang).to_owned());
    }
    (false, opening(chat, lang).unwrap_or_else(|| text::widget::away(lang).to_owned()))
}

/// When somebody answers again, on the visitor's own clock; nothing when that is not known.
fn opening(chat: Chat, lang: Words) -> Option<String> {
    use text::widget as t;
    let opens_at = chat.boot.with_value(|boot| boot.opens_at)? / 1000;
    let hour = words::clock(lang, opens_at);
    match words::days_ago(opens_at) {
        _ if opens_at <= words::now() => None,
        0 => Some(t::back_today(lang, &hour)),
        -1 => Some(t::back_tomorrow(lang, &hour)),
        _ => Some(t::back_on(lang, &words::weekday(lang, opens_at), &hour)),
    }
}

/// When an answer can be expected.
pub fn reply_time(chat: Chat, lang: Words) -> String {
    if !availability(chat, lang).0 {
        let own = chat.boot.with_value(|boot| boot.away_message.clone());
        return own.unwrap_or_else(|| text::widget::reply_when_back(lang).to_owned());
    }
    let words = chat.boot.with_value(|boot| match boot.reply_time.as_str() {
        "in_a_few_hours" => text::widget::reply_in_hours(lang),
        "in_a_day" => text::widget::reply_in_a_day(lang),
        _ => text::widget::reply_in_minutes(lang),
    });
    words.to_owned()
}

/// Whether they are there, as a coloured dot.
pub fn dot(on: bool) -> El {
    el("span").attr("class", if on { "dot on" } else { "dot" })
}

/// Who is there and when an answer can be expected.
pub fn presence(chat: Chat) -> El {
    let lang = chat.lang.get();
    let (available, words) = availability(chat, lang);
    el("p")
        .attr("class", "availability")
        .child(dot(available))
        .child(el("strong").text(&words))
        .child(el("span").text(&reply_time(chat, lang)))
}

fn card(chat: Chat) -> El {
    let lang = chat.lang.get();
    chat.entries.track();
    let newest = chat.with_messages(|messages| messages.last().cloned());
    let fresh = newest.is_none();
    let (heading, below) = match &newest {
        Some(message) => (text::widget::r#continue(lang), chat.preview(message)),
        None => (text::widget::start(lang), text::widget::start_help(lang).to_owned()),
    };
    let enter = move || {
        if fresh {
            host::started(false);
        }
        chat.screen.set(Screen::Thread);
    };
    let preview = el("span").attr("class", "preview").attr("dir", "auto").text(&below);
    let way = button("enter", enter)
        .child(el("span").child(el("strong").text(heading)).text(" ").child(preview))
        .child(icon(FORWARD));
    div("card").child(presence(chat)).child(way)
}
