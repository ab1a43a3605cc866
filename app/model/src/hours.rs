//! Business hours: when somebody answers.

use serde::{Deserialize, Serialize};

/// Minutes of a day.
pub const DAY: u16 = 24 * 60;
/// Spans that a day can have.
pub const MOST_SPANS: usize = 4;

/// A part of a day, in minutes from its midnight. Written as `[from, until]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u16, u16)", into = "(u16, u16)")]
pub struct Span {
    pub from: u16,
    /// The first minute that is not part of it; at most [`DAY`].
    pub until: u16,
}

impl From<(u16, u16)> for Span {
    fn from((from, until): (u16, u16)) -> Self {
        Self { from, until }
    }
}

impl From<Span> for (u16, u16) {
    fn from(span: Span) -> Self {
        (span.from, span.until)
    }
}

impl Span {
    /// The whole day.
    pub const DAY: Self = Self { from: 0, until: DAY };

    const fn has(self, minute: u16) -> bool {
        self.from <= minute && minute < self.until
    }
}

/// Hours of a week, Sunday first. A day without a span is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Week {
    pub days: [Vec<Span>; 7],
}

impl Default for Week {
    /// Monday to Friday, nine to five.
    fn default() -> Self {
        let day = |weekday| match weekday {
            0 | 6 => Vec::new(),
            _ => vec![Span { from: 9 * 60, until: 17 * 60 }],
        };
        Self { days: std::array::from_fn(day) }
    }
}

impl Week {
    /// Whether somebody answers on this day (0 = Sunday) at this minute.
    #[must_use]
    pub fn is_open(&self, weekday: usize, minute: u16) -> bool {
        self.day(weekday).iter().any(|span| span.has(minute))
    }

    /// The spans of a day (0 = Sunday).
    #[must_use]
    pub fn day(&self, weekday: usize) -> &[Span] {
        self.days.get(weekday % 7).map_or(&[], Vec::as_slice)
    }

    /// Whether all days are as they should be: spans in their order, apart from each other, none empty, not too many.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.days.iter().all(|day| is_sound(day))
    }
}

/// Whether the spans of a day are as they should be.
#[must_use]
pub fn is_sound(day: &[Span]) -> bool {
    let in_order = day.windows(2).all(|pair| matches!(pair, [one, next] if one.until < next.from));
    in_order && day.len() <= MOST_SPANS && day.iter().all(|span| span.from < span.until && span.until <= DAY)
}

/// When an inbox or a team answers, and what is said at other times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// Off: always.
    pub enabled: bool,
    pub week: Week,
    /// IANA name.
    pub timezone: String,
    /// Empty: nothing; for a team, what its inbox says.
    pub message: String,
}

impl Default for Hours {
    fn default() -> Self {
        Self { enabled: false, week: Week::default(), timezone: "UTC".to_owned(), message: String::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_open_within_its_spans() {
        let week = Week::default();
        assert!(!week.is_open(0, 600) && !week.is_open(6, 600));
        assert!(week.is_open(1, 9 * 60) && week.is_open(5, 17 * 60 - 1));
        assert!(!week.is_open(1, 9 * 60 - 1) && !week.is_open(1, 17 * 60));
        let all_day = Week { days: std::array::from_fn(|_| vec![Span::DAY]) };
        assert!(all_day.is_open(3, 0) && all_day.is_open(3, DAY - 1));
    }

    #[test]
    fn spans_that_touch_cross_or_end_before_they_begin_are_refused() {
        let span = |from, until| Span { from, until };
        assert!(is_sound(&[]) && is_sound(&[Span::DAY]) && is_sound(&[span(0, 1), span(5, 10)]));
        for wrong in [
            vec![span(10, 10)],
            vec![span(10, 5)],
            vec![span(0, DAY + 1)],
            vec![span(0, 10), span(10, 20)],
            vec![span(0, 10), span(5, 20)],
            vec![span(30, 40), span(0, 10)],
            vec![span(0, 1), span(2, 3), span(4, 5), span(6, 7), span(8, 9)],
        ] {
            assert!(!is_sound(&wrong), "{wrong:?}");
        }
    }

    #[test]
    fn a_week_is_written_as_lists_of_pairs() {
        let text = serde_json::to_string(&Week::default()).unwrap();
        assert_eq!(text, "[[],[[540,1020]],[[540,1020]],[[540,1020]],[[540,1020]],[[540,1020]],[]]");
        assert_eq!(serde_json::from_str::<Week>(&text).unwrap(), Week::default());
        assert!(serde_json::from_str::<Week>("[]").is_err());
    }
}
