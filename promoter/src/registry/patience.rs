//! How long and how often a registry is asked that does not answer.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::{Answer, Gap, Image};

/// The longest that one request may take.
const REQUEST: Duration = Duration::from_secs(10);

/// The pause before the second attempt; it doubles with each.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// So often at most.
const ATTEMPTS: u32 = 5;

/// Why one attempt came to nothing.
pub(super) enum Failure {
    /// The answer stands, however often it is asked.
    Final(Gap),
    /// Another attempt may do better; after this pause, if the server names one.
    Passing(Gap, Option<Duration>),
}

/// Tries until there is an answer, or until `end`.
pub(super) async fn patiently<T>(
    image: &Image,
    end: Instant,
    attempt: impl AsyncFn() -> Result<T, Failure>,
) -> Answer<T> {
    let mut patience = Patience { end, failed: 0 };
    let mut last = Gap::Unknown(format!("{} does not answer in time", image.registry()));
    loop {
        let Some(time) = patience.request() else { return Err(last) };
        let asked = match timeout(time, attempt()).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(Failure::Final(gap))) => return Err(gap),
            Ok(Err(Failure::Passing(gap, asked))) => {
                last = gap;
                asked
            }
            // What was said before says more than that nothing was said now.
            Err(_) => None,
        };
        let Some(pause) = patience.pause(asked) else { return Err(last) };
        sleep(pause).await;
    }
}

/// The attempts at one request.
struct Patience {
    end: Instant,
    failed: u32,
}

impl Patience {
    /// How long the next attempt may take; none when there is no time left.
    fn request(&self) -> Option<Duration> {
        let left = self.end.saturating_duration_since(Instant::now());
        (!left.is_zero()).then(|| left.min(REQUEST))
    }

    /// The pause before the next attempt: what the server asks for, else exponential with jitter;
    /// none when it is not worth waiting for.
    fn pause(&mut self, asked: Option<Duration>) -> Option<Duration> {
        let usual = FIRST_PAUSE * 2_u32.pow(self.failed.min(8));
        self.failed += 1;
        let pause = asked.unwrap_or_else(|| jitter(usual));
        let left = self.end.saturating_duration_since(Instant::now());
        (self.failed < ATTEMPTS && pause < left).then_some(pause)
    }
}

/// Between half of it and all of it, so that many callers do not come back at once.
fn jitter(pause: Duration) -> Duration {
    pause.mul_f64(0.5 + fastrand::f64() / 2.0)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::{ATTEMPTS, Patience};

    #[test]
    fn it_ends() {
        let end = Instant::now() + Duration::from_hours(1);
        let mut patience = Patience { end, failed: 0 };
        assert_eq!(patience.pause(Some(Duration::from_secs(7))), Some(Duration::from_secs(7)));
        assert_eq!(patience.pause(Some(Duration::from_hours(24))), None);
        let pauses = std::iter::from_fn(|| patience.pause(None)).count();
        assert!(pauses < ATTEMPTS as usize);
        assert_eq!(Patience { end: Instant::now(), failed: 0 }.request(), None);
    }
}
