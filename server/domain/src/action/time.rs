//! When a snooze ends, by an account's clock.

use jiff::civil::{Weekday, time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use model::Millis;
use model::action::SnoozeUntil;

const HOUR: Millis = 60 * 60 * 1_000;

/// The moment; `None` until the contact writes.
pub(super) fn snooze_end(now: Millis, timezone: &str, until: SnoozeUntil) -> Option<Millis> {
    let days = match until {
        SnoozeUntil::Reply => return None,
        SnoozeUntil::Hour => return Some(now + HOUR),
        SnoozeUntil::Tomorrow => None,
        SnoozeUntil::NextWeek => Some(()),
    };
    let zone = TimeZone::get(timezone).unwrap_or(TimeZone::UTC);
    let today = Timestamp::from_millisecond(now).unwrap_or_default().to_zoned(zone.clone()).date();
    let day = match days {
        None => today.checked_add(1.day()),
        Some(()) => today.nth_weekday(1, Weekday::Monday),
    };
    let morning = day.unwrap_or(today).to_datetime(time(9, 0, 0, 0)).to_zoned(zone).ok()?;
    Some(morning.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Friday 2026-11-20, 23:30 in São Paulo; already Saturday in Greenwich.
    const FRIDAY: Millis = 1_795_228_200_000;

    fn at(text: &str) -> Option<Millis> {
        Some(text.parse::<Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn mornings_are_those_of_the_account() {
        let end = |until| snooze_end(FRIDAY, "America/Sao_Paulo", until);
        assert_eq!(Timestamp::from_millisecond(FRIDAY).unwrap().to_string(), "2026-11-21T02:30:00Z");
        assert_eq!(end(SnoozeUntil::Reply), None);
        assert_eq!(end(SnoozeUntil::Hour), Some(FRIDAY + HOUR));
        assert_eq!(end(SnoozeUntil::Tomorrow), at("2026-11-21T12:00:00Z"));
        assert_eq!(end(SnoozeUntil::NextWeek), at("2026-11-23T12:00:00Z"));
        assert_eq!(snooze_end(FRIDAY, "Nowhere/At_All", SnoozeUntil::Tomorrow), at("2026-11-22T09:00:00Z"));
    }
}
