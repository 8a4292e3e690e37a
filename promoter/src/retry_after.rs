//! How long a server asks to be left alone.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

/// The value of `Retry-After` as a time from `now`: seconds, or a date (RFC 9110, 10.2.3). `None`
/// for what is neither; a date that has passed is no time at all.
#[must_use]
pub fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = rfc2822::parse(value).ok()?.timestamp();
    Some(date.duration_since(now).try_into().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::retry_after;
    use std::time::Duration;

    #[test]
    fn seconds_and_dates() {
        let now = "2026-11-22T10:00:00Z".parse().unwrap();
        let check = |value: &str, seconds: Option<u64>| {
            assert_eq!(retry_after(value, now), seconds.map(Duration::from_secs), "{value}");
        };
        check("7", Some(7));
        check(" 0 ", Some(0));
        check("Sun, 22 Nov 2026 10:01:30 GMT", Some(90));
        check("Sun, 22 Nov 2026 09:59:00 GMT", Some(0));
        check("Mon, 22 Nov 2026 10:01:30 GMT", None);
        check("-7", None);
        check("1.5", None);
        check("soon", None);
        check("", None);
    }
}
