//! Values as they are written, in the types of their fields.

use db::Value;
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use model::filter::{Kind, ME};
use model::{ConversationStatus, Millis, Priority};

use super::Scope;

/// The furthest back that "days ago" looks: what is older is older than the product.
const MOST_DAYS: i64 = 36_500;

/// Values to be equal to; `None` when one is not of the field's kind.
pub(super) fn equals(scope: &Scope, kind: Kind, values: &[String]) -> Option<Vec<Value>> {
    values.iter().map(|value| equal(scope, kind, value.trim())).collect()
}

fn equal(scope: &Scope, kind: Kind, value: &str) -> Option<Value> {
    match kind {
        Kind::Status => value.parse::<ConversationStatus>().ok().map(Value::from),
        Kind::Priority => value.parse::<Priority>().ok().map(Value::from),
        Kind::Agent if value == ME => scope.me.map(Value::from),
        Kind::Agent | Kind::Inbox | Kind::Team => value.parse::<i64>().ok().map(Value::from),
        Kind::Label => Some(Value::from(value.to_lowercase())),
        Kind::Number => value.parse::<i64>().ok().map(Value::from).or_else(|| number(value).map(Value::from)),
        Kind::Flag => value.parse::<bool>().ok().map(Value::from),
        Kind::Text | Kind::List | Kind::Date => Some(Value::from(value)),
        Kind::Time | Kind::Sign => None,
    }
}

/// A bound to compare with.
pub(super) fn bound(scope: &Scope, kind: Kind, value: &str) -> Option<Value> {
    match kind {
        Kind::Number => number(value).map(Value::from),
        Kind::Date => day(value).map(|day| Value::from(day.to_string())),
        _ => moment(&scope.timezone, value).map(Value::from),
    }
}

/// So many days before now.
pub(super) fn days_ago(scope: &Scope, kind: Kind, value: &str) -> Option<Value> {
    let days = value.parse::<i64>().ok().filter(|days| (0..=MOST_DAYS).contains(days))?;
    if kind != Kind::Date {
        return Some(Value::from(scope.now - days * 86_400_000));
    }
    let now = jiff::Timestamp::from_millisecond(scope.now).ok()?.to_zoned(scope.timezone.clone());
    Some(Value::from(now.date().checked_sub(days.days()).ok()?.to_string()))
}

fn number(value: &str) -> Option<f64> {
    value.replace(',', ".").parse::<f64>().ok().filter(|number| number.is_finite())
}

/// A day as it is written, be it with a time behind it.
fn day(value: &str) -> Option<Date> {
    value.get(..10).unwrap_or(value).parse().ok()
}

/// The beginning of a day, or a moment in unix seconds.
fn moment(zone: &TimeZone, value: &str) -> Option<Millis> {
    if let Ok(seconds) = value.parse::<i64>() {
        return seconds.checked_mul(1_000);
    }
    if value.len() > 10
        && let Ok(exact) = value.parse::<jiff::Timestamp>()
    {
        return Some(exact.as_millisecond());
    }
    Some(day(value)?.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_where_the_account_is() {
        let zone = TimeZone::get("America/Sao_Paulo").unwrap();
        assert_eq!(moment(&zone, "2026-11-21"), Some(1_795_230_000_000));
        assert_eq!(moment(&zone, "2026-11-21T10:00:00Z"), Some(1_795_255_200_000));
        assert_eq!(moment(&zone, "1795230000"), Some(1_795_230_000_000));
        for wrong in ["", "soon", "2026-13-01", "21/11/2026", "'; drop", "9223372036854775807"] {
            assert_eq!(moment(&zone, wrong), None, "{wrong}");
        }
        assert_eq!(number("1,5"), Some(1.5));
        assert_eq!((number("NaN"), number("1e999")), (None, None));
    }
}
