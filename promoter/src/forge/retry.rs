//! When a request is made again: pure, after GitHub's "Best practices for using the REST API" and
//! "Rate limits for the REST API".

use std::time::Duration;

/// A request is made no more often than this, whatever the deadline.
const MOST: u32 = 8;

/// The pause after a failure that says nothing of when; doubled each time.
const FIRST: Duration = Duration::from_millis(250);

/// Where a limit says nothing of when it ends, GitHub asks for a minute.
const UNSAID: Duration = Duration::from_mins(1);

/// What an attempt came to, as far as repeating it goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Attempt {
    /// The status of HTTP; none without an answer.
    pub(super) status: Option<u16>,
    /// `Retry-After`.
    pub(super) retry_after: Option<Duration>,
    /// `X-RateLimit-Remaining`.
    pub(super) remaining: Option<u64>,
    /// `X-RateLimit-Reset`, in seconds since 1970.
    pub(super) reset: Option<i64>,
    /// Whether the words of a 403 are those of a secondary limit, which may come without headers.
    pub(super) secondary: bool,
}

/// What to do after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Take the answer, whatever it is.
    Take,
    /// The server takes no requests now: try again after this time.
    Limited(Duration),
    /// It failed: try again after this time.
    Again(Duration),
}

/// What to do after the attempt with this number, from one. `now` is in seconds since 1970.
pub(super) fn next(attempt: Attempt, number: u32, now: i64) -> Next {
    if let Some(pause) = limited(attempt, now) {
        return Next::Limited(pause);
    }
    let failed = attempt.status.is_none_or(|status| status >= 500);
    if failed && number < MOST {
        return Next::Again(FIRST.saturating_mul(1 << number.min(6)));
    }
    Next::Take
}

fn limited(attempt: Attempt, now: i64) -> Option<Duration> {
    let said = attempt.retry_after;
    match attempt.status? {
        403 | 429 if said.is_some() => said,
        403 | 429 if attempt.remaining == Some(0) => {
            let left = attempt.reset.map(|reset| reset.saturating_sub(now).max(0));
            // The clocks differ; a second early is one more refusal.
            left.map(|left| Duration::from_secs(left.unsigned_abs() + 1)).or(Some(UNSAID))
        }
        429 => Some(UNSAID),
        403 if attempt.secondary => Some(UNSAID),
        503 => said,
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Attempt, MOST, Next, next};
    use std::time::Duration;

    #[test]
    fn answers() {
        let of = |status| Attempt { status: Some(status), ..Attempt::default() };
        let check = |attempt, number, expected| {
            assert_eq!(next(attempt, number, 1_000), expected, "{attempt:?} {number}");
        };
        let limited = |seconds| Next::Limited(Duration::from_secs(seconds));
        for taken in [200, 201, 304, 401, 403, 404, 422] {
            check(of(taken), 1, Next::Take);
        }
        check(of(429), 1, limited(60));
        check(Attempt { retry_after: Some(Duration::from_secs(7)), ..of(429) }, 1, limited(7));
        check(Attempt { retry_after: Some(Duration::from_secs(7)), ..of(403) }, 1, limited(7));
        check(Attempt { retry_after: Some(Duration::from_secs(7)), ..of(503) }, 1, limited(7));
        check(Attempt { retry_after: Some(Duration::from_secs(7)), ..of(200) }, 1, Next::Take);
        check(Attempt { secondary: true, ..of(403) }, 1, limited(60));
        let spent = Attempt { remaining: Some(0), ..of(403) };
        check(Attempt { reset: Some(1_030), ..spent }, 1, limited(31));
        check(Attempt { reset: Some(900), ..spent }, 1, limited(1));
        check(spent, 1, limited(60));
        check(Attempt { remaining: Some(9), reset: Some(1_030), ..of(403) }, 1, Next::Take);
        let again = |milliseconds| Next::Again(Duration::from_millis(milliseconds));
        check(of(502), 1, again(500));
        check(of(502), 2, again(1_000));
        check(of(502), MOST, Next::Take);
        check(Attempt::default(), 1, again(500));
        check(Attempt::default(), MOST, Next::Take);
    }
}
