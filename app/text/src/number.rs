//! Numbers as people of a language write them, without floating-point formatting (heavy in a browser).

use crate::Lang;

/// Groups thousands: `1,234` in English, `1.234` in Portuguese.
#[must_use]
pub fn integer(lang: Lang, n: i64) -> String {
    grouped(n, lang.thousands_separator())
}

/// A whole number with this sign between its thousands.
pub(crate) fn grouped(n: i64, separator: char) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 3);
    if n < 0 {
        // The real minus sign is as wide as a digit, so columns stay level.
        out.push('−');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

/// A number given in tenths: `decimal(En, 15)` is `1.5`, and `10` is `1`.
#[must_use]
pub fn tenths(lang: Lang, tenths: i64) -> String {
    let mut out = integer(lang, tenths / 10);
    if tenths < 0 && tenths > -10 {
        out.insert(0, '−');
    }
    let rest = tenths.unsigned_abs() % 10;
    if rest > 0 {
        out.push(lang.decimal_separator());
        out.push_str(&rest.to_string());
    }
    out
}

/// A share given in tenths of a percent: `percent(PtBr, 125)` is `12,5%`.
#[must_use]
pub fn percent(lang: Lang, tenths_of_percent: i64) -> String {
    let mut out = tenths(lang, tenths_of_percent);
    out.push('%');
    out
}

/// A count for a badge: exact up to 99, then `99+`.
#[must_use]
pub fn badge(n: i64) -> String {
    if n > 99 { "99+".to_owned() } else { n.max(0).to_string() }
}

/// A count where room is scarce: `1,234` becomes `1.2k` (`1,2 mil`), a million `1M` (`1 mi`).
#[must_use]
pub fn compact(lang: Lang, n: i64) -> String {
    let (thousand, million) = match lang {
        Lang::En => ("k", "M"),
        Lang::PtBr => ("\u{a0}mil", "\u{a0}mi"),
    };
    let (divisor, unit) = match n.unsigned_abs() {
        0..1_000 => return integer(lang, n),
        1_000..1_000_000 => (1_000, thousand),
        _ => (1_000_000, million),
    };
    let mut out = tenths(lang, n / (divisor / 10));
    out.push_str(unit);
    out
}

/// A size in bytes with one decimal where it helps: `820 B`, `1.5 MB`, `25 MB`. Units of 1024, as file managers count.
#[must_use]
pub fn file_size(lang: Lang, bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KB", "MB", "GB", "TB"];
    let mut unit = 0;
    let mut scale = 1_u64;
    while unit + 1 < UNITS.len() && bytes / scale >= 1024 {
        scale *= 1024;
        unit += 1;
    }
    let in_tenths = i64::try_from(u128::from(bytes) * 10 / u128::from(scale)).unwrap_or(i64::MAX);
    let mut out = if in_tenths >= 100 { integer(lang, in_tenths / 10) } else { tenths(lang, in_tenths) };
    out.push('\u{a0}');
    out.push_str(UNITS[unit]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped_by_language() {
        assert_eq!(integer(Lang::En, 1_234_567), "1,234,567");
        assert_eq!(integer(Lang::PtBr, 1_234), "1.234");
        assert_eq!(integer(Lang::En, 999), "999");
        assert_eq!(integer(Lang::En, -1_000), "−1,000");
        assert_eq!(integer(Lang::En, i64::MIN), "−9,223,372,036,854,775,808");
    }

    #[test]
    fn decimals_use_the_separator_of_the_language() {
        assert_eq!(tenths(Lang::En, 15), "1.5");
        assert_eq!(tenths(Lang::PtBr, 15), "1,5");
        assert_eq!(tenths(Lang::En, -5), "−0.5");
        assert_eq!(percent(Lang::PtBr, 1_000), "100%");
    }

    #[test]
    fn counts_get_short_where_room_is_scarce() {
        assert_eq!(badge(99), "99");
        assert_eq!(badge(100), "99+");
        assert_eq!(compact(Lang::En, 12_345), "12.3k");
        assert_eq!(compact(Lang::PtBr, 1_000_000), "1\u{a0}mi");
    }

    #[test]
    fn file_sizes_read_like_a_file_manager() {
        assert_eq!(file_size(Lang::En, 0), "0\u{a0}B");
        assert_eq!(file_size(Lang::En, 1_572_864), "1.5\u{a0}MB");
        assert_eq!(file_size(Lang::PtBr, 1_572_864), "1,5\u{a0}MB");
        assert_eq!(file_size(Lang::En, 26_214_400), "25\u{a0}MB");
        assert_eq!(file_size(Lang::En, u64::MAX), "16,777,215\u{a0}TB");
    }
}
