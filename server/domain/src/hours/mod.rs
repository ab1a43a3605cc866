//! Business hours of inboxes and teams: whether somebody answers now, when they do again, and what is said until then.

pub mod store;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, Zoned};
use model::hours::{DAY, Hours, Week};
use model::{ErrorCode, MessageKind, Millis};

use crate::conversation::store::Facts;
use crate::inbox::store::Row;
use crate::message::write;
use crate::work::Work;
use crate::{Error, Result, input};

/// Milliseconds after an answer of somebody during which nobody is told that nobody is there.
const JUST_ANSWERED: i64 = 5 * 60_000;
/// How far ahead an opening is looked for, in days: a week, and the rest of today.
const HORIZON: i32 = 8;

/// What is stored of a week; nothing readable is the usual one.
pub(crate) fn stored(value: serde_json::Value) -> Week {
    serde_json::from_value(value).unwrap_or_default()
}

/// Whether hours can be kept.
pub(crate) fn check(week: Option<&Week>, timezone: Option<&str>) -> Result<()> {
    if week.is_some_and(|week| !week.is_sound()) {
        return Err(Error::field("working_hours", ErrorCode::Invalid));
    }
    if let Some(zone) = timezone {
        input::timezone("timezone", zone)?;
    }
    Ok(())
}

/// The moment on the clocks of the place; UTC where this machine does not know the zone.
fn local(hours: &Hours, at: Millis) -> Zoned {
    let zone = TimeZone::get(&hours.timezone).unwrap_or(TimeZone::UTC);
    Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone)
}

fn weekday(at: &Zoned) -> usize {
    usize::try_from(at.weekday().to_sunday_zero_offset()).unwrap_or_default()
}

fn minute(at: &Zoned) -> u16 {
    u16::try_from(i32::from(at.hour()) * 60 + i32::from(at.minute())).unwrap_or_default()
}

/// Whether somebody answers at this moment.
pub fn is_open(hours: &Hours, at: Millis) -> bool {
    let local = local(hours, at);
    !hours.enabled || hours.week.is_open(weekday(&local), minute(&local))
}

/// When somebody answers again; `None` while somebody does, and when nobody ever does.
pub fn next_opening(hours: &Hours, at: Millis) -> Option<Millis> {
    if is_open(hours, at) {
        return None;
    }
    let now = local(hours, at);
    let today = now.date();
    for ahead in 0..HORIZON {
        let day = today.checked_add(ahead.days()).ok()?;
        let weekday = usize::try_from(day.weekday().to_sunday_zero_offset()).unwrap_or_default();
        for span in hours.week.day(weekday) {
            let time = Time::midnight().checked_add(i64::from(span.from.min(DAY - 1)).minutes()).ok()?;
            // An hour that the clocks leave out in spring begins when they go on.
            let opening = day.to_datetime(time).to_zoned(now.time_zone().clone()).ok()?.timestamp().as_millisecond();
            if opening > at {
                return Some(opening);
            }
        }
    }
    None
}

/// The beginning of the day in the place.
fn midnight(hours: &Hours, at: Millis) -> Millis {
    local(hours, at).start_of_day().map_or(at, |midnight| midnight.timestamp().as_millisecond())
}

/// The hours that count for a conversation: the team's own, where it has some, else those of the inbox. What a team does not say, the
/// inbox says for it.
fn that_count(inbox: Hours, team: Option<Hours>) -> Hours {
    match team.filter(|hours| hours.enabled) {
        Some(team) if team.message.trim().is_empty() => Hours { message: inbox.message, ..team },
        Some(team) => team,
        None => inbox,
    }
}

/// Says that nobody is there, after a message of the contact: once a day, and not to somebody who was just answered.
pub(crate) async fn answer(work: &mut Work<'_>, inbox: &Row, facts: &Facts) -> Result<()> {
    let own = Hours {
        enabled: inbox.working_hours_enabled,
        week: stored(inbox.working_hours.0.clone()),
        timezone: inbox.timezone.clone(),
        message: inbox.out_of_office_message.clone(),
    };
    let team = match facts.team_id {
        Some(team) => crate::team::store::hours(&mut work.tx, facts.account_id, team).await?,
        None => None,
    };
    let hours = that_count(own, team);
    let now = work.now;
    if hours.message.trim().is_empty() || is_open(&hours, now) {
        return Ok(());
    }
    let since = midnight(&hours, now);
    if store::was_answered(&mut work.tx, facts.account_id, facts.id, since, now - JUST_ANSWERED).await? {
        return Ok(());
    }
    write::write(work, facts, write::New::text(MessageKind::Template, hours.message)).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
