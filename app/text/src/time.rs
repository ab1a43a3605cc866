//! Moments and spans in words. Input is unix milliseconds and the reader's offset from UTC in minutes (east positive).

use crate::{Lang, VisitorLang, calendar, number, visitor_mail};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A moment split into calendar fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// Year, e.g. 2026.
    pub year: i64,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 59.
    pub second: u8,
    /// Day of the week, 0 = Sunday.
    pub weekday: u8,
    /// Days since 1 January 1970, for comparing days.
    pub days: i64,
}

impl Civil {
    /// Splits a moment in the reader's time zone; the algorithm is Howard Hinnant's `civil_from_days`.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "every cast value is a remainder below 86 400"
    )]
    pub const fn new(unix_ms: i64, offset_minutes: i32) -> Self {
        let local = unix_ms.saturating_add(offset_minutes as i64 * MINUTE);
        let days = local.div_euclid(DAY);
        let seconds = local.rem_euclid(DAY) / 1000;

        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };

        Self {
            year: year_of_era + era * 400 + (month <= 2) as i64,
            month: month as u8,
            day: (day_of_year - (153 * shifted_month + 2) / 5 + 1) as u8,
            hour: (seconds / 3600) as u8,
            minute: (seconds / 60 % 60) as u8,
            second: (seconds % 60) as u8,
            weekday: (days + 4).rem_euclid(7) as u8,
            days,
        }
    }
}

/// `2026-11-21T14:05:09Z`, for `<time datetime>`.
#[must_use]
pub fn iso(unix_ms: i64) -> String {
    let at = Civil::new(unix_ms, 0);
    let date = [at.year.to_string().as_str(), "-", &two(at.month), "-", &two(at.day)].concat();
    [&date, "T", &two(at.hour), ":", &two(at.minute), ":", &two(at.second), "Z"].concat()
}

/// Age where room is scarce (list rows): `now`, `5 min`, `2 h`, `3 d`, then the date. The future counts as now.
#[must_use]
pub fn short_age(lang: Lang, then_ms: i64, now_ms: i64, offset_minutes: i32) -> String {
    match now_ms.saturating_sub(then_ms) {
        ..MINUTE => calendar::now(lang).to_owned(),
        age @ MINUTE..HOUR => calendar::minutes_short(lang, &(age / MINUTE).to_string()),
        age @ HOUR..DAY => calendar::hours_short(lang, &(age / HOUR).to_string()),
        age if age < 7 * DAY => calendar::days_short(lang, &(age / DAY).to_string()),
        _ => short_date(lang, then_ms, now_ms, offset_minutes),
    }
}

/// Age as a phrase: `just now`, `5 min ago` (`há 5 min`), `2 h ago`, `yesterday` is left to [`day`]; after a week the date.
#[must_use]
pub fn ago(lang: Lang, then_ms: i64, now_ms: i64, offset_minutes: i32) -> String {
    match now_ms.saturating_sub(then_ms) {
        ..MINUTE => calendar::just_now(lang).to_owned(),
        age if age < 7 * DAY => calendar::ago(lang, &short_age(lang, now_ms - age, now_ms, offset_minutes)),
        _ => date(lang, then_ms, offset_minutes),
    }
}

/// Time of day: `2:05 PM`, `14:05`.
#[must_use]
pub fn clock(lang: Lang, unix_ms: i64, offset_minutes: i32) -> String {
    time_of_day(Civil::new(unix_ms, offset_minutes), lang == Lang::En)
}

/// In two halves of a day, or in one whole.
fn time_of_day(at: Civil, in_halves: bool) -> String {
    if !in_halves {
        return [&two(at.hour), ":", &two(at.minute)].concat();
    }
    let hour = match at.hour % 12 {
        0 => 12,
        hour => hour,
    };
    let half = if at.hour < 12 { "\u{a0}AM" } else { "\u{a0}PM" };
    [hour.to_string().as_str(), ":", &two(at.minute), half].concat()
}

/// The day as a heading: `Today`, `Yesterday`, a weekday within the last week, then the date (with the year if it is not this one).
#[must_use]
pub fn day(lang: Lang, unix_ms: i64, now_ms: i64, offset_minutes: i32) -> String {
    let at = Civil::new(unix_ms, offset_minutes);
    let today = Civil::new(now_ms, offset_minutes);
    match today.days - at.days {
        0 => calendar::today(lang).to_owned(),
        1 => calendar::yesterday(lang).to_owned(),
        2..=6 => weekday(lang, at.weekday).to_owned(),
        _ if at.year == today.year => calendar::day_month(lang, month(lang, at.month), &at.day.to_string()),
        _ => calendar::day_month_year(lang, month(lang, at.month), &at.day.to_string(), &at.year.to_string()),
    }
}

/// Day and short month, with the year if it is not this one: `Nov 21`, `21 nov. 2025`.
#[must_use]
pub fn short_date(lang: Lang, unix_ms: i64, now_ms: i64, offset_minutes: i32) -> String {
    let at = Civil::new(unix_ms, offset_minutes);
    if at.year == Civil::new(now_ms, offset_minutes).year {
        return calendar::date_short(lang, month_short(lang, at.month), &at.day.to_string());
    }
    date(lang, unix_ms, offset_minutes)
}

/// A full date: `Nov 21, 2026`, `21 nov. 2026`.
#[must_use]
pub fn date(lang: Lang, unix_ms: i64, offset_minutes: i32) -> String {
    let at = Civil::new(unix_ms, offset_minutes);
    calendar::date(lang, month_short(lang, at.month), &at.day.to_string(), &at.year.to_string())
}

/// Date and time of day, for tooltips: `Nov 21, 2026, 2:05 PM`.
#[must_use]
pub fn date_time(lang: Lang, unix_ms: i64, offset_minutes: i32) -> String {
    calendar::date_time(lang, &date(lang, unix_ms, offset_minutes), &clock(lang, unix_ms, offset_minutes))
}

/// Date and time of day in a mail to a visitor: `Nov 21, 2026, 2:05 PM`.
#[must_use]
pub fn in_mail(lang: VisitorLang, unix_ms: i64, offset_minutes: i32) -> String {
    let at = Civil::new(unix_ms, offset_minutes);
    let time = time_of_day(at, lang == VisitorLang::En);
    visitor_mail::moment(lang, month_in_mail(lang, at.month), &at.day.to_string(), &at.year.to_string(), &time)
}

/// A span with its two largest units: `45 s`, `1 h 5 min`, `2 d 3 h`. Negative spans count as none.
#[must_use]
pub fn span(lang: Lang, milliseconds: i64) -> String {
    let ms = milliseconds.max(0);
    let pair = |large: String, rest: i64, small: fn(Lang, &str) -> String| {
        if rest == 0 { large } else { [&large, " ", &small(lang, &rest.to_string())].concat() }
    };
    match ms {
        ..MINUTE => calendar::seconds_short(lang, &(ms / 1000).to_string()),
        MINUTE..HOUR => calendar::minutes_short(lang, &(ms / MINUTE).to_string()),
        HOUR..DAY => {
            pair(calendar::hours_short(lang, &(ms / HOUR).to_string()), ms % HOUR / MINUTE, calendar::minutes_short)
        }
        _ => pair(calendar::days_short(lang, &number::integer(lang, ms / DAY)), ms % DAY / HOUR, calendar::hours_short),
    }
}

/// A stopwatch for recordings and countdowns: `0:07`, `12:30`, `1:02:03`.
#[must_use]
pub fn stopwatch(seconds: u32) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let pad = |value: u32| {
        if value < 10 { ["0", &value.to_string()].concat() } else { value.to_string() }
    };
    if hours == 0 {
        return [minutes.to_string().as_str(), ":", &pad(seconds)].concat();
    }
    [hours.to_string().as_str(), ":", &pad(minutes), ":", &pad(seconds)].concat()
}

/// Name of a weekday, 0 = Sunday; larger numbers wrap.
#[must_use]
pub fn weekday(lang: Lang, weekday: u8) -> &'static str {
    use calendar::weekday as name;
    match weekday % 7 {
        0 => name::sunday(lang),
        1 => name::monday(lang),
        2 => name::tuesday(lang),
        3 => name::wednesday(lang),
        4 => name::thursday(lang),
        5 => name::friday(lang),
        _ => name::saturday(lang),
    }
}

/// Name of a month, 1 = January; anything above 12 is December.
#[must_use]
pub fn month(lang: Lang, month: u8) -> &'static str {
    use calendar::month as name;
    match month {
        0 | 1 => name::january(lang),
        2 => name::february(lang),
        3 => name::march(lang),
        4 => name::april(lang),
        5 => name::may(lang),
        6 => name::june(lang),
        7 => name::july(lang),
        8 => name::august(lang),
        9 => name::september(lang),
        10 => name::october(lang),
        11 => name::november(lang),
        _ => name::december(lang),
    }
}

fn month_short(lang: Lang, month: u8) -> &'static str {
    use calendar::month_short as name;
    match month {
        0 | 1 => name::january(lang),
        2 => name::february(lang),
        3 => name::march(lang),
        4 => name::april(lang),
        5 => name::may(lang),
        6 => name::june(lang),
        7 => name::july(lang),
        8 => name::august(lang),
        9 => name::september(lang),
        10 => name::october(lang),
        11 => name::november(lang),
        _ => name::december(lang),
    }
}

/// Apart from [`month_short`]: the dashboard would carry the months of twelve languages.
fn month_in_mail(lang: VisitorLang, month: u8) -> &'static str {
    use visitor_mail::month as name;
    match month {
        0 | 1 => name::january(lang),
        2 => name::february(lang),
        3 => name::march(lang),
        4 => name::april(lang),
        5 => name::may(lang),
        6 => name::june(lang),
        7 => name::july(lang),
        8 => name::august(lang),
        9 => name::september(lang),
        10 => name::october(lang),
        11 => name::november(lang),
        _ => name::december(lang),
    }
}

fn two(value: u8) -> String {
    if value < 10 { ["0", &value.to_string()].concat() } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Saturday, 21 November 2026, 14:05:09 UTC.
    const NOW: i64 = 1_795_269_909_000;

    #[test]
    fn moments_are_split_in_the_readers_zone() {
        assert_eq!(iso(NOW), "2026-11-21T14:05:09Z");
        assert_eq!(iso(0), "1970-01-01T00:00:00Z");
        assert_eq!(iso(951_782_400_000), "2000-02-29T00:00:00Z");
        assert_eq!(iso(-1), "1969-12-31T23:59:59Z");
        let brasilia = Civil::new(NOW, -180);
        assert_eq!((brasilia.hour, brasilia.weekday), (11, 6));
    }

    #[test]
    fn age_is_short_in_lists_and_a_phrase_elsewhere() {
        let short = |lang, age| short_age(lang, NOW - age, NOW, 0);
        assert_eq!(short(Lang::En, 20_000), "now");
        assert_eq!(short(Lang::PtBr, 5 * MINUTE), "5\u{a0}min");
        assert_eq!(short(Lang::En, 26 * HOUR), "1\u{a0}d");
        assert_eq!(short(Lang::En, 10 * DAY), "Nov 11");
        assert_eq!(short(Lang::PtBr, 400 * DAY), "17 out 2025");
        assert_eq!(short(Lang::En, -5 * DAY), "now");
        assert_eq!(ago(Lang::PtBr, NOW - 5 * MINUTE, NOW, 0), "há 5\u{a0}min");
        assert_eq!(ago(Lang::En, NOW - 5 * MINUTE, NOW, 0), "5\u{a0}min ago");
    }

    #[test]
    fn days_are_named_while_they_are_near() {
        assert_eq!(day(Lang::PtBr, NOW, NOW, -180), "Hoje");
        assert_eq!(day(Lang::En, NOW - DAY, NOW, 0), "Yesterday");
        assert_eq!(day(Lang::PtBr, NOW - 3 * DAY, NOW, 0), "quarta-feira");
        assert_eq!(day(Lang::PtBr, NOW - 30 * DAY, NOW, 0), "22 de outubro");
        assert_eq!(day(Lang::En, NOW - 400 * DAY, NOW, 0), "October 17, 2025");
    }

    #[test]
    fn clocks_follow_the_language() {
        assert_eq!(clock(Lang::En, NOW, 0), "2:05\u{a0}PM");
        assert_eq!(clock(Lang::En, NOW - 2 * HOUR, 0), "12:05\u{a0}PM");
        assert_eq!(clock(Lang::PtBr, NOW, -180), "11:05");
        assert_eq!(date_time(Lang::PtBr, NOW, 0), "21 nov 2026, 14:05");
    }

    #[test]
    fn mails_to_visitors_say_when_in_their_language() {
        for lang in Lang::ALL {
            assert_eq!(in_mail(lang.into(), NOW, 0), date_time(lang, NOW, 0), "as colleagues read it");
        }
        assert_eq!(in_mail(VisitorLang::De, NOW, 0), "21. Nov. 2026, 14:05");
        assert_eq!(in_mail(VisitorLang::Ru, NOW, -180), "21 нояб. 2026 г., 11:05");
        assert_eq!(in_mail(VisitorLang::Ja, NOW, 0), "2026年11月21日 14:05");
    }

    #[test]
    fn spans_show_their_two_largest_units() {
        assert_eq!(span(Lang::En, 45_000), "45\u{a0}s");
        assert_eq!(span(Lang::En, HOUR + 5 * MINUTE), "1\u{a0}h 5\u{a0}min");
        assert_eq!(span(Lang::PtBr, 2 * DAY), "2\u{a0}d");
        assert_eq!(stopwatch(3_723), "1:02:03");
        assert_eq!(stopwatch(7), "0:07");
    }
}
