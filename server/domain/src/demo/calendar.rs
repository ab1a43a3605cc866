//! When people write: by day, over half a year.

use jiff::Timestamp;
use jiff::tz::Offset;
use model::Millis;

use super::company::UTC_OFFSET;
use super::dice::Dice;

pub const MINUTE: Millis = 60_000;
pub const HOUR: Millis = 60 * MINUTE;
pub const DAY: Millis = 24 * HOUR;

/// How far back the history goes, in days.
const DAYS: i64 = 182;

/// How many write on each weekday, beginning with Sunday.
const WEEKDAYS: [i64; 7] = [35, 110, 104, 100, 98, 96, 55];

/// How many write in each hour of the day.
const HOURS: [u64; 24] = [3, 1, 1, 1, 1, 2, 6, 14, 34, 58, 66, 60, 48, 50, 58, 60, 56, 50, 46, 48, 46, 36, 20, 8];

/// Hours in which somebody answers, on all days but Sunday.
const OPENS: i64 = 8;
const CLOSES: i64 = 20;

/// The beginning of the day in the company's time zone.
fn midnight(at: Millis) -> Millis {
    at - (at + UTC_OFFSET).rem_euclid(DAY)
}

/// 0 is Sunday.
fn weekday(at: Millis) -> usize {
    // The first of January 1970 was a Thursday.
    usize::try_from(((at + UTC_OFFSET).div_euclid(DAY) + 4).rem_euclid(7)).unwrap_or_default()
}

/// Hour of the day in the company's time zone.
pub fn hour(at: Millis) -> i64 {
    (at + UTC_OFFSET).rem_euclid(DAY) / HOUR
}

/// Day of the month and month.
pub fn date(at: Millis) -> (i64, i64) {
    let day = Timestamp::from_millisecond(at).map(|time| Offset::constant(-3).to_datetime(time).date());
    day.map_or((1, 1), |date| (i64::from(date.day()), i64::from(date.month())))
}

/// So many moments before `now` at which somebody begins to write, the earliest first.
pub fn moments(dice: &mut Dice, now: Millis, count: usize) -> Vec<Millis> {
    let today = midnight(now);
    let weights: Vec<u64> = (0..=DAYS).map(|ago| crowd(today - ago * DAY, ago)).collect();
    let mut moments: Vec<Millis> = (0..count)
        .map(|_| {
            let ago = i64::try_from(dice.weighted(&weights)).unwrap_or_default();
            let hour = i64::try_from(dice.weighted(&HOURS)).unwrap_or_default();
            let at = today - ago * DAY + hour * HOUR + dice.between(0, HOUR - 1);
            // What would lie ahead happened in the last hours instead.
            if at < now - MINUTE { at } else { now - dice.between(MINUTE, 10 * HOUR) }
        })
        .collect();
    moments.sort_unstable();
    moments
}

/// How many write on a day: the shop grows, Sundays are quiet, late November is not.
fn crowd(day: Millis, ago: i64) -> u64 {
    let mut weight = WEEKDAYS[weekday(day)] * (70 + 50 * (DAYS - ago) / DAYS);
    if let (20..=30, 11) = date(day + 12 * HOUR) {
        weight = weight * 9 / 5;
    }
    if ago < 2 {
        weight = weight * 8 / 5;
    }
    u64::try_from(weight).unwrap_or(1)
}

/// The moment itself when somebody is at work then, else a little after the next opening.
pub fn at_work(dice: &mut Dice, at: Millis) -> Millis {
    let open = |at: Millis| weekday(at) != 0 && (OPENS..CLOSES).contains(&hour(at));
    if open(at) {
        return at;
    }
    let mut next = midnight(at) + OPENS * HOUR;
    while next < at || !open(next) {
        next += DAY;
    }
    next + dice.between(2 * MINUTE, 40 * MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thursday, 15 January 2026, 12:00 in São Paulo.
    const NOON: Millis = 1_768_489_200_000;

    #[test]
    fn the_calendar_is_that_of_sao_paulo() {
        assert_eq!((weekday(NOON), hour(NOON), date(NOON)), (4, 12, (15, 1)));
        assert_eq!(midnight(NOON), NOON - 12 * HOUR);
    }

    #[test]
    fn history_lies_in_the_past_half_year_and_is_busier_by_day() {
        let moments = moments(&mut Dice::new(1), NOON, 5000);
        assert!(moments.is_sorted());
        assert!(moments[0] > NOON - (DAYS + 1) * DAY && *moments.last().unwrap() <= NOON - MINUTE);
        let by_day = moments.iter().filter(|at| (8..20).contains(&hour(**at))).count();
        assert!(by_day > 4000 && by_day < 4900, "{by_day}");
    }

    #[test]
    fn nobody_answers_at_night_or_on_sundays() {
        let mut dice = Dice::new(1);
        assert_eq!(at_work(&mut dice, NOON), NOON);
        for at in [NOON + 10 * HOUR, NOON - 8 * HOUR, NOON + 3 * DAY] {
            let answered = at_work(&mut dice, at);
            assert!(answered >= at && hour(answered) == 8 && weekday(answered) != 0);
        }
    }
}
