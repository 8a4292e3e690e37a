//! How long ago, in one unit.

use jiff::Timestamp;

/// `3d`, `2h`, `5m`, `12s`; a time to come counts as now.
pub(super) fn age(then: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second().saturating_sub(then.as_second()).max(0);
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3_600 => format!("{}m", seconds / 60),
        3_600..86_400 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::age;
    use jiff::Timestamp;

    #[test]
    fn ages() {
        let check = |seconds: i64, shown: &str| {
            let now = Timestamp::from_second(1_000_000).unwrap();
            assert_eq!(age(Timestamp::from_second(1_000_000 - seconds).unwrap(), now), shown);
        };
        check(0, "0s");
        check(59, "59s");
        check(60, "1m");
        check(3_599, "59m");
        check(86_399, "23h");
        check(86_400 * 400, "400d");
        check(-5, "0s");
    }
}
