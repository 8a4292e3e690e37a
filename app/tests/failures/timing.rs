//! How long a refusal may take.

use std::time::{Duration, Instant};

use crate::world::{Answer, Call, Service};

/// A limit that is short, for a test's sake, and what a loaded machine may add to it.
pub(crate) const SHORT: &str = "1s";
const MARGIN: Duration = Duration::from_secs(15);

/// A 503 that says when to come again, and comes in time.
#[track_caller]
pub(crate) fn unavailable(service: &Service, call: Call) {
    in_time(|| service.send(call)).come_again(503);
}

/// An answer that comes in time.
#[track_caller]
pub(crate) fn in_time(ask: impl FnOnce() -> Answer) -> Answer {
    let begin = Instant::now();
    let answer = ask();
    assert!(begin.elapsed() < MARGIN, "answered after {:?}", begin.elapsed());
    answer
}
