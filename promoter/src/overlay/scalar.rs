//! What a YAML reader makes of a plain scalar, and when a value needs quotes.
//!
//! Kustomize reads by go-yaml 2, a YAML 1.1 with Go's numbers; other tools of the field read by
//! YAML 1.1 as `PyYAML` does, or by the core schema of YAML 1.2. A value may stand without quotes
//! only if all of them take it for text.

use crate::yaml::Style;

const BOOLEANS: &[&str] = &[
    "y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO", "true", "True", "TRUE", "false",
    "False", "FALSE", "on", "On", "ON", "off", "Off", "OFF",
];
const NULLS: &[&str] = &["", "~", "null", "Null", "NULL"];
const SPECIAL_NUMBERS: &[&str] = &[".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF"];

/// What Kustomize reads a plain scalar as, where that is not text.
pub(super) fn kustomize_reads(plain: &str) -> Option<&'static str> {
    if BOOLEANS.contains(&plain) {
        Some("a boolean")
    } else if NULLS.contains(&plain) {
        Some("nothing")
    } else if go_number(plain) {
        Some("a number")
    } else {
        None
    }
}

/// The way to write `value`: as asked, or in double quotes where a plain scalar would be read as
/// something other than this text. `None` for what no style of a single line holds unescaped.
pub(super) fn style_for(value: &str, asked: Style) -> Option<Style> {
    let printable =
        value.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\' && b != b'\'');
    match asked {
        _ if !printable => None,
        Style::Plain if plain_is_text(value) => Some(Style::Plain),
        Style::Single => Some(Style::Single),
        Style::Plain | Style::Double | Style::Block => Some(Style::Double),
    }
}

/// `value` in the quotes of `style`.
pub(super) fn write(value: &str, style: Style) -> String {
    match style {
        Style::Plain | Style::Block => value.to_owned(),
        Style::Single => format!("'{value}'"),
        Style::Double => format!("\"{value}\""),
    }
}

fn plain_is_text(value: &str) -> bool {
    let safe = |b: u8| b.is_ascii_alphanumeric() || b"._-/:@+".contains(&b);
    value.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_')
        && value.bytes().all(safe)
        && !value.ends_with(':')
        && kustomize_reads(value).is_none()
        && !any_number(value)
        && !timestamp(value)
}

/// Numbers of go-yaml 2: Go's integers of any base, floats that do not overflow, `_` anywhere.
fn go_number(text: &str) -> bool {
    if !text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) {
        return false;
    }
    let plain = text.replace('_', "");
    let digits = plain.strip_prefix(['+', '-']).unwrap_or(&plain);
    match radix(digits) {
        Some((base, rest)) => u64::from_str_radix(rest, base).is_ok(),
        None => {
            SPECIAL_NUMBERS.contains(&digits)
                || decimal(digits) && plain.parse().is_ok_and(f64::is_finite)
        }
    }
}

/// Numbers of YAML 1.1 and 1.2 whatever their size, those of base 60 included.
fn any_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = unsigned.replace('_', "");
    match radix(unsigned) {
        Some((base, rest)) => {
            !rest.is_empty() && rest.chars().all(|c| c == '_' || c.is_digit(base))
        }
        None if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') => false,
        None => SPECIAL_NUMBERS.contains(&unsigned) || decimal(&plain) || base_60(&plain),
    }
}

fn radix(digits: &str) -> Option<(u32, &str)> {
    let base = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => return None,
    };
    digits.get(2..).map(|rest| (base, rest))
}

/// `12`, `1.`, `1.5`, `.5`, each with an exponent or without.
fn decimal(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let power = exponent.map(|e| e.strip_prefix(['+', '-']).unwrap_or(e));
    let exponent = power.is_none_or(|power| digits(power) && !power.is_empty());
    digits(whole) && digits(fraction) && whole.len() + fraction.len() > 0 && exponent
}

/// `1:30` and `1:30.5`, minutes and seconds to YAML 1.1.
fn base_60(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = whole.split(':');
    let first = parts.next().is_some_and(|part| digits(part) && !part.is_empty());
    let rest = |part: &str| matches!(part.len(), 1 | 2) && part.parse().is_ok_and(|n: u8| n < 60);
    first && whole.contains(':') && parts.all(rest) && digits(fraction)
}

/// `2026-11-21`, alone or with a time.
fn timestamp(text: &str) -> bool {
    let (date, time) = text.split_once(['T', 't']).unwrap_or((text, ":"));
    let mut parts = date.split('-');
    let mut part = |lengths: &[usize]| {
        parts.next().is_some_and(|part| digits(part) && lengths.contains(&part.len()))
    };
    part(&[4]) && part(&[1, 2]) && part(&[1, 2]) && parts.next().is_none() && time.contains(':')
}

fn digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{kustomize_reads, style_for};
    use crate::yaml::Style;

    fn check(values: &[&str], kustomize: Option<&str>, style: Option<Style>) {
        for value in values {
            assert_eq!(kustomize_reads(value), kustomize, "{value}");
            assert_eq!(style_for(value, Style::Plain), style, "{value}");
        }
    }

    #[test]
    fn text_stands_without_quotes() {
        let plain = [
            "1.4.2",
            "v1",
            "1.2.3.4",
            "1.10-rc",
            "latest",
            "main-20261121",
            "20261121T1200",
            "2026-11-21T1200",
            "2026-11-21-1",
            "26-11-21",
            "1e",
            "1e3x",
            "e3",
            "0xZ",
            "0x",
            "0b2",
            "0o8",
            "0b",
            "_1",
            "_",
            "1.2e",
            "1.2.3e4",
            "yess",
            "oN",
            "nULL",
            "nulls",
            "Y1",
            "1-2",
            "1.2-3",
            "a1b2c3d",
            "7e",
            "1e-",
            "sha256:0a",
            "localhost:5000/app",
            "host.io/a/b@x",
        ];
        check(&plain, None, Some(Style::Plain));
    }

    #[test]
    fn numbers_booleans_and_nulls_need_quotes() {
        let numbers = [
            "1",
            "0",
            "007",
            "0777",
            "089",
            "1.10",
            "1.",
            "1e3",
            "1E3",
            "1e+3",
            "1e-3",
            "1.5e3",
            "0x1F",
            "0X1f",
            "0b101",
            "0o17",
            "1_000",
            "1__0",
            "1_",
            "1_000.5",
            "1e3_0",
            "0x1_F",
            "12e03",
            "123456789012345678901234567890",
            ".5",
            ".5e3",
            "20261121",
            "1e308",
        ];
        check(&numbers, Some("a number"), Some(Style::Double));
        check(super::BOOLEANS, Some("a boolean"), Some(Style::Double));
        check(&["null", "Null", "NULL"], Some("nothing"), Some(Style::Double));
    }

    #[test]
    fn what_only_other_readers_take_for_a_number_or_a_date_needs_quotes() {
        let others = [
            "5e10123",
            "1e309",
            "0x_",
            "0x11111111111111111",
            "1:30",
            "1:30.5",
            "190:20:30",
            "2026-11-21",
            "2026-1-2",
            "2026-11-21T10:00:00Z",
        ];
        check(&others, None, Some(Style::Double));
    }

    #[test]
    fn quotes_that_are_there_stay() {
        assert_eq!(style_for("1.4.2", Style::Single), Some(Style::Single));
        assert_eq!(style_for("1.10", Style::Double), Some(Style::Double));
        assert_eq!(style_for("a'b", Style::Double), None);
        assert_eq!(style_for("a b", Style::Plain), None);
        assert_eq!(style_for("-a", Style::Plain), Some(Style::Double));
        assert_eq!(style_for("a:", Style::Plain), Some(Style::Double));
    }
}
