//! Soak: a version must have stood in the environment before for so long.

use jiff::{SignedDuration, Timestamp};

use super::{Evidence, Outcome, Verdict};

/// How long a version has stood somewhere without interruption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stay {
    /// It is not there now.
    Absent,
    /// Since then.
    Since(Timestamp),
    /// Since before history was read, which was far enough.
    Longer,
}

impl Stay {
    /// The longer of two.
    #[must_use]
    pub fn max(self, other: Stay) -> Stay {
        match (self, other) {
            (Stay::Longer, _) | (_, Stay::Longer) => Stay::Longer,
            (Stay::Since(one), Stay::Since(two)) => Stay::Since(one.min(two)),
            (Stay::Absent, stay) | (stay, Stay::Absent) => stay,
        }
    }
}

/// Judges one version of a service: `shown` is what people call it, `from` where it must have stood.
#[must_use]
pub fn soaked(
    (service, shown): (&str, &str),
    from: &str,
    soak: SignedDuration,
    stay: Stay,
    now: Timestamp,
) -> Verdict {
    let asked = span(soak);
    let (outcome, reason, stood) = match stay {
        Stay::Absent => (Outcome::Fail, format!("{shown} is not in {from} now"), None),
        Stay::Longer => (
            Outcome::Pass,
            format!("{shown} has stood in {from} for longer than {asked}"),
            Some(soak),
        ),
        Stay::Since(since) => {
            let stood = since.duration_until(now).max(SignedDuration::ZERO);
            let reason = format!("{shown} has stood in {from} for {} of {asked}", span(stood));
            let outcome = if stood < soak { Outcome::Fail } else { Outcome::Pass };
            (outcome, reason, Some(stood))
        }
    };
    let verdict = Verdict::on("soak", service, outcome, reason);
    Verdict { evidence: stood.map(Evidence::Stood), ..verdict }
}

/// A length of time in hours and minutes, or in seconds where it is short; parts are cut off.
pub(super) fn span(length: SignedDuration) -> String {
    let seconds = length.as_secs();
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) => format!("{seconds}s"),
        (0, minutes) => format!("{minutes}m"),
        (hours, 0) => format!("{hours}h"),
        (hours, minutes) => format!("{hours}h{minutes:02}m"),
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{Stay, soaked, span};
    use crate::gate::Outcome;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn cases() {
        let now = at("2026-11-21T12:00:00Z");
        let check = |stay, outcome, reason: &str| {
            let day = SignedDuration::from_hours(24);
            let verdict = soaked(("api", "1.4.2"), "staging", day, stay, now);
            assert_eq!((verdict.outcome, verdict.reason.as_str()), (outcome, reason));
        };
        check(Stay::Absent, Outcome::Fail, "1.4.2 is not in staging now");
        let since = |text| Stay::Since(at(text));
        check(
            since("2026-11-21T12:00:00Z"),
            Outcome::Fail,
            "1.4.2 has stood in staging for 0s of 24h",
        );
        check(
            since("2026-11-20T12:00:01Z"),
            Outcome::Fail,
            "1.4.2 has stood in staging for 23h59m of 24h",
        );
        check(
            since("2026-11-20T12:00:00Z"),
            Outcome::Pass,
            "1.4.2 has stood in staging for 24h of 24h",
        );
        check(
            since("2026-11-20T10:00:00Z"),
            Outcome::Pass,
            "1.4.2 has stood in staging for 26h of 24h",
        );
        check(Stay::Longer, Outcome::Pass, "1.4.2 has stood in staging for longer than 24h");
        // A clock that is behind the commit's: no time has passed.
        check(
            since("2026-11-21T13:00:00Z"),
            Outcome::Fail,
            "1.4.2 has stood in staging for 0s of 24h",
        );
    }

    #[test]
    fn the_longer_stay_counts() {
        let (old, new) =
            (Stay::Since(at("2026-11-20T00:00:00Z")), Stay::Since(at("2026-11-21T00:00:00Z")));
        for (one, other, longer) in [
            (Stay::Absent, Stay::Absent, Stay::Absent),
            (Stay::Absent, new, new),
            (new, old, old),
            (old, Stay::Longer, Stay::Longer),
        ] {
            assert_eq!((one.max(other), other.max(one)), (longer, longer));
        }
    }

    #[test]
    fn spans() {
        for (seconds, shown) in
            [(0, "0s"), (59, "59s"), (60, "1m"), (3599, "59m"), (3600, "1h"), (93_784, "26h03m")]
        {
            assert_eq!(span(SignedDuration::from_secs(seconds)), shown);
        }
    }
}
