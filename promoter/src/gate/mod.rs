//! Rules: pure verdicts with reasons. Facts come in as data; unknown is never pass.

mod bad;
mod hold;
mod order;
mod unsupported;

use std::fmt;

pub use bad::not_marked;
pub use hold::{Hold, HoldKind, Holds, HoldsError, MarkedVersion};
pub use order::{enters_first, follows};
pub use unsupported::{unsupported, unsupported_delivery};

/// What a gate says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The rule holds.
    Pass,
    /// The rule is broken.
    Fail,
    /// It cannot be told, which blocks like a failure.
    Unknown,
}

impl Outcome {
    /// The word for people, trailers and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Pass => "pass",
            Outcome::Fail => "fail",
            Outcome::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One gate's judgement of one service, or of the whole change where no service is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The gate.
    pub gate: &'static str,
    /// The service judged.
    pub service: Option<String>,
    /// What it says.
    pub outcome: Outcome,
    /// Why, in a sentence without a full stop.
    pub reason: String,
}

impl Verdict {
    /// A verdict on the whole change.
    #[must_use]
    pub fn whole(gate: &'static str, outcome: Outcome, reason: String) -> Self {
        Verdict { gate, service: None, outcome, reason }
    }

    /// A verdict on one service.
    #[must_use]
    pub fn on(gate: &'static str, service: &str, outcome: Outcome, reason: String) -> Self {
        Verdict { gate, service: Some(service.to_owned()), outcome, reason }
    }

    /// Whether it stops the change.
    #[must_use]
    pub fn blocks(&self) -> bool {
        self.outcome != Outcome::Pass
    }
}
