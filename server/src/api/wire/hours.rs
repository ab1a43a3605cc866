//! Business hours in the dialect's rows: one a day, with one span. A day with several has them in `intervals` as well, and the row
//! itself reaches from the first opening to the last closing.

use model::ErrorCode;
use model::hours::{DAY, MOST_SPANS, Span, Week};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::refusal::Refusal;

/// The last minute that the dialect's rows can name: they end a whole day a minute early.
const LAST_MINUTE: u16 = DAY - 1;

/// A span of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HoursSpan {
    pub open_hour: u16,
    #[serde(default)]
    pub open_minutes: u16,
    pub close_hour: u16,
    #[serde(default)]
    pub close_minutes: u16,
}

impl From<Span> for HoursSpan {
    fn from(span: Span) -> Self {
        let until = span.until.min(LAST_MINUTE);
        Self {
            open_hour: span.from / 60,
            open_minutes: span.from % 60,
            close_hour: until / 60,
            close_minutes: until % 60,
        }
    }
}

impl HoursSpan {
    fn span(&self) -> Option<Span> {
        let (from, until) =
            (minutes(self.open_hour, self.open_minutes)?, minutes(self.close_hour, self.close_minutes)?);
        let until = if until == LAST_MINUTE { DAY } else { until };
        (from < until).then_some(Span { from, until })
    }
}

fn minutes(hour: u16, minute: u16) -> Option<u16> {
    (hour <= 24 && minute < 60).then(|| hour * 60 + minute).filter(|minutes| *minutes <= DAY)
}

/// A day of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = WorkingHours)]
pub struct WorkingHours {
    /// 0 = Sunday.
    pub day_of_week: usize,
    pub closed_all_day: bool,
    pub open_all_day: bool,
    pub open_hour: Option<u16>,
    pub open_minutes: Option<u16>,
    pub close_hour: Option<u16>,
    pub close_minutes: Option<u16>,
    pub intervals: Vec<HoursSpan>,
}

/// A week in rows.
pub fn rows(week: &Week) -> Vec<WorkingHours> {
    let row = |(day_of_week, day): (usize, &Vec<Span>)| {
        let (first, last) = (day.first().map(|span| span.from), day.last().map(|span| span.until));
        let whole = first.zip(last).map(|(from, until)| HoursSpan::from(Span { from, until }));
        WorkingHours {
            day_of_week,
            closed_all_day: day.is_empty(),
            open_all_day: day.as_slice() == [Span::DAY],
            open_hour: whole.as_ref().map(|span| span.open_hour),
            open_minutes: whole.as_ref().map(|span| span.open_minutes),
            close_hour: whole.as_ref().map(|span| span.close_hour),
            close_minutes: whole.as_ref().map(|span| span.close_minutes),
            intervals: day.iter().copied().map(HoursSpan::from).collect(),
        }
    };
    week.days.iter().enumerate().map(row).collect()
}

/// A row as clients write it; `null` and what is missing stand for nothing.
#[derive(Debug, Deserialize)]
struct Row {
    day_of_week: usize,
    closed_all_day: Option<bool>,
    open_all_day: Option<bool>,
    open_hour: Option<u16>,
    open_minutes: Option<u16>,
    close_hour: Option<u16>,
    close_minutes: Option<u16>,
    intervals: Option<Vec<HoursSpan>>,
}

impl Row {
    /// The spans of the day; nothing when the row contradicts itself.
    fn day(&self) -> Option<Vec<Span>> {
        match (self.closed_all_day.unwrap_or(false), self.open_all_day.unwrap_or(false)) {
            (true, true) => return None,
            (true, false) => return Some(Vec::new()),
            (false, true) => return Some(vec![Span::DAY]),
            (false, false) => {}
        }
        // Clients that know nothing of several spans send back what they do not know, and change what they know.
        let own = self.single();
        let several = self.intervals.as_ref().filter(|several| several.len() > 1);
        match several {
            Some(several) if self.covers(several) => several.iter().map(HoursSpan::span).collect(),
            _ => match (own, &self.intervals) {
                (Some(own), _) => Some(vec![own.span()?]),
                (None, Some(several)) if several.len() <= MOST_SPANS => several.iter().map(HoursSpan::span).collect(),
                _ => None,
            },
        }
    }

    fn single(&self) -> Option<HoursSpan> {
        Some(HoursSpan {
            open_hour: self.open_hour?,
            open_minutes: self.open_minutes.unwrap_or(0),
            close_hour: self.close_hour?,
            close_minutes: self.close_minutes.unwrap_or(0),
        })
    }

    /// Whether the row's own span is that of the several, or not given.
    fn covers(&self, several: &[HoursSpan]) -> bool {
        let Some(own) = self.single() else { return true };
        let begins = several
            .first()
            .is_some_and(|first| (first.open_hour, first.open_minutes) == (own.open_hour, own.open_minutes));
        let ends = several
            .last()
            .is_some_and(|last| (last.close_hour, last.close_minutes) == (own.close_hour, own.close_minutes));
        begins && ends
    }
}

/// The week that rows make of the one that is there: days that no row names stay.
pub fn read(rows: &[Value], before: &Week) -> Result<Week, Refusal> {
    let wrong = || Refusal::field("working_hours", ErrorCode::Invalid);
    let mut week = before.clone();
    for row in rows {
        let row: Row = serde_json::from_value(row.clone()).map_err(|_| wrong())?;
        let day = week.days.get_mut(row.day_of_week).ok_or_else(wrong)?;
        *day = row.day().ok_or_else(wrong)?;
    }
    if week.is_sound() { Ok(week) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(row: Value) -> Option<Vec<Span>> {
        let row_of = row["day_of_week"].as_u64().unwrap_or_default();
        read(&[row], &Week::default()).ok().map(|week| week.day(usize::try_from(row_of).unwrap()).to_vec())
    }

    #[test]
    fn rows_go_there_and_back() {
        let mut week = Week::default();
        week.days[0] = vec![Span::DAY];
        week.days[2] = vec![Span { from: 480, until: 720 }, Span { from: 810, until: 1080 }];
        let rows = rows(&week);
        assert_eq!((rows[0].open_all_day, rows[0].close_hour, rows[0].close_minutes), (true, Some(23), Some(59)));
        assert_eq!((rows[2].open_hour, rows[2].close_hour, rows[2].intervals.len()), (Some(8), Some(18), 2));
        assert_eq!((rows[6].closed_all_day, rows[6].open_hour), (true, None));
        let values: Vec<Value> = rows.iter().map(|row| serde_json::to_value(row).unwrap()).collect();
        assert_eq!(read(&values, &Week::default()).unwrap(), week);
    }

    #[test]
    fn a_client_that_knows_one_span_changes_it() {
        let one = json!({"day_of_week": 1, "open_hour": 10, "open_minutes": 30, "close_hour": 12, "close_minutes": 0});
        assert_eq!(written(one), Some(vec![Span { from: 630, until: 720 }]));
        // What it does not know comes along as it was; what it changed counts.
        let several = json!([{"open_hour": 8, "close_hour": 12}, {"open_hour": 14, "close_hour": 18}]);
        let kept = json!({"day_of_week": 1, "open_hour": 8, "close_hour": 18, "intervals": several});
        assert_eq!(written(kept).map(|day| day.len()), Some(2));
        let changed = json!({"day_of_week": 1, "open_hour": 9, "close_hour": 18, "intervals": several});
        assert_eq!(written(changed), Some(vec![Span { from: 540, until: 1080 }]));
        assert_eq!(
            written(json!({"day_of_week": 1, "open_hour": 22, "close_hour": 23, "close_minutes": 59})),
            Some(vec![Span { from: 1320, until: DAY }])
        );
    }

    #[test]
    fn nonsense_is_refused() {
        for wrong in [
            json!({"day_of_week": 7, "closed_all_day": true}),
            json!({"day_of_week": 1, "closed_all_day": true, "open_all_day": true}),
            json!({"day_of_week": 1, "open_hour": 17, "close_hour": 9}),
            json!({"day_of_week": 1, "open_hour": 9, "close_hour": 25}),
            json!({"day_of_week": 1, "open_hour": 9, "open_minutes": 60, "close_hour": 10}),
            json!({"day_of_week": 1}),
            json!({"open_hour": 1, "close_hour": 2}),
            json!("monday"),
        ] {
            assert!(read(std::slice::from_ref(&wrong), &Week::default()).is_err(), "{wrong}");
        }
    }
}
