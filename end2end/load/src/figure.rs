//! What is printed.

use std::time::Duration;

use serde_json::json;

/// Prints one figure. `bar` is what it should reach, in the same unit; `of` is what a ratio is made to.
pub fn print(name: &str, database: &str, value: f64, unit: &str, bar: Option<(&str, f64)>, of: Option<(&str, f64)>) {
    let line = json!({
        "name": name,
        "database": database,
        "value": value,
        "unit": unit,
        "bar": bar.map(|(sign, bar)| json!({ "sign": sign, "value": bar })),
        "of": of.map(|(what, raw)| json!({ "what": what, "value": raw, "ratio": if raw > 0.0 { value / raw } else { 0.0 } })),
    });
    println!("{line}");
}

/// The time below which this part of all lies, in milliseconds. Sorts.
pub fn percentile(times: &mut [Duration], part: f64) -> f64 {
    times.sort_unstable();
    let last = times.len().saturating_sub(1);
    // A share of a length that fits memory.
    let at = (last as f64 * part).round() as usize;
    times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1e3)
}
