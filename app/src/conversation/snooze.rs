//! Times until which a conversation may be put aside, in the reader's time zone.

use model::Millis;
use text::Lang;
use text::conversation::snooze as t;
use text::time::Civil;
use ui::Icon;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// When a working day begins, and when its evening does.
const MORNING: i64 = 9 * HOUR;
const EVENING: i64 = 18 * HOUR;

/// A time that is one press away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    NextReply,
    Hour,
    Evening,
    Tomorrow,
    NextWeek,
    NextMonth,
}

impl Preset {
    /// Every preset, the soonest first.
    pub const ALL: [Self; 6] =
        [Self::NextReply, Self::Hour, Self::Evening, Self::Tomorrow, Self::NextWeek, Self::NextMonth];

    /// What it is called.
    #[must_use]
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::NextReply => t::reply(lang),
            Self::Hour => t::hour(lang),
            Self::Evening => t::today(lang),
            Self::Tomorrow => t::tomorrow(lang),
            Self::NextWeek => t::next_week(lang),
            Self::NextMonth => t::next_month(lang),
        }
    }

    /// Its sign.
    #[must_use]
    pub const fn icon(self) -> Icon {
        match self {
            Self::NextReply => Icon::Message,
            Self::Hour => Icon::Clock,
            Self::Evening => Icon::Moon,
            Self::Tomorrow => Icon::Sun,
            Self::NextWeek | Self::NextMonth => Icon::Calendar,
        }
    }

    /// Whether it makes sense now: the evening only while it is still to come.
    #[must_use]
    pub fn is_offered(self, now: Millis, offset: i32) -> bool {
        self != Self::Evening || self.time(now, offset).is_some_and(|evening| evening - now > HOUR)
    }

    /// The moment; `None` until the next reply.
    #[must_use]
    pub fn time(self, now: Millis, offset: i32) -> Option<Millis> {
        let civil = Civil::new(now, offset);
        let midnight = civil.days * DAY - i64::from(offset) * MINUTE;
        Some(match self {
            Self::NextReply => return None,
            // Full minutes: what is read is what is meant.
            Self::Hour => (now + HOUR) / MINUTE * MINUTE,
            Self::Evening => midnight + EVENING,
            Self::Tomorrow => midnight + DAY + MORNING,
            Self::NextWeek => midnight + days_to_monday(civil.weekday) * DAY + MORNING,
            Self::NextMonth => first_of_next_month(civil, midnight) + MORNING,
        })
    }
}

/// Days until the next Monday, 1 to 7.
fn days_to_monday(weekday: u8) -> i64 {
    7 - (i64::from(weekday) + 6).rem_euclid(7)
}

fn first_of_next_month(civil: Civil, midnight: Millis) -> Millis {
    let (year, month) = if civil.month == 12 { (civil.year + 1, 1) } else { (civil.year, i64::from(civil.month) + 1) };
    midnight + (days(year, month, 1) - civil.days) * DAY
}

/// A moment as a field for date and time holds it: `2026-11-21T14:05`.
#[must_use]
pub fn to_field(at: Millis, offset: i32) -> String {
    text::time::iso(at + i64::from(offset) * MINUTE).chars().take(16).collect()
}

/// The moment in a field for date and time.
#[must_use]
pub fn from_field(text: &str, offset: i32) -> Option<Millis> {
    let (date, time) = text.split_once('T')?;
    let mut date = date.split('-').map(str::parse::<i64>);
    let (year, month, day) = (date.next()?.ok()?, date.next()?.ok()?, date.next()?.ok()?);
    let mut time = time.split(':').map(str::parse::<i64>);
    let (hour, minute) = (time.next()?.ok()?, time.next()?.ok()?);
    let is_time = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60;
    is_time.then(|| days(year, month, day) * DAY + hour * HOUR + minute * MINUTE - i64::from(offset) * MINUTE)
}

/// Days since 1 January 1970; the algorithm is Howard Hinnant's `days_from_civil`.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Saturday, 21 November 2026, 14:05 in São Paulo.
    const NOW: Millis = 1_795_280_700_000;
    const OFFSET: i32 = -180;

    fn field(preset: Preset) -> Option<String> {
        preset.time(NOW, OFFSET).map(|at| to_field(at, OFFSET))
    }

    #[test]
    fn presets_are_times_of_the_readers_day() {
        assert_eq!(to_field(NOW, OFFSET), "2026-11-21T14:05");
        assert_eq!(field(Preset::NextReply), None);
        assert_eq!(field(Preset::Hour).as_deref(), Some("2026-11-21T15:05"));
        assert_eq!(field(Preset::Evening).as_deref(), Some("2026-11-21T18:00"));
        assert_eq!(field(Preset::Tomorrow).as_deref(), Some("2026-11-22T09:00"));
        assert_eq!(field(Preset::NextWeek).as_deref(), Some("2026-11-23T09:00"));
        assert_eq!(field(Preset::NextMonth).as_deref(), Some("2026-12-01T09:00"));
    }

    #[test]
    fn next_week_begins_on_its_monday() {
        assert_eq!([0, 1, 2, 3, 4, 5, 6].map(days_to_monday), [1, 7, 6, 5, 4, 3, 2]);
    }

    #[test]
    fn next_month_is_right_at_every_end() {
        for (from, to) in
            [("2026-01-31T23:59", "2026-02-01"), ("2024-02-29T00:00", "2024-03-01"), ("2026-12-01T12:00", "2027-01-01")]
        {
            let now = from_field(from, OFFSET).unwrap();
            let at = Preset::NextMonth.time(now, OFFSET).unwrap();
            assert_eq!(to_field(at, OFFSET), format!("{to}T09:00"), "{from}");
        }
    }

    #[test]
    fn the_evening_is_offered_while_it_is_to_come() {
        assert!(Preset::Evening.is_offered(NOW, OFFSET));
        assert!(!Preset::Evening.is_offered(NOW + 4 * HOUR, OFFSET));
        assert!(Preset::Hour.is_offered(NOW + 4 * HOUR, OFFSET));
    }

    #[test]
    fn fields_are_read_back() {
        for at in [0, NOW, 951_782_400_000] {
            let minute = at / MINUTE * MINUTE;
            assert_eq!(from_field(&to_field(at, OFFSET), OFFSET), Some(minute));
        }
        assert_eq!(from_field("", OFFSET), None);
        assert_eq!(from_field("2026-13-01T10:00", OFFSET), None);
    }
}
