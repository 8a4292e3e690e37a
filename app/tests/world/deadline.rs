//! Waiting, with an end.

use std::thread;
use std::time::{Duration, Instant};

/// Far above what anything here takes, so that a loaded machine fails no test.
pub(crate) const LIMIT: Duration = Duration::from_mins(1);

/// Asks until there is an answer; panics with `what` when there is none in time.
pub(crate) fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + LIMIT;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < end, "waited {LIMIT:?} in vain: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}
