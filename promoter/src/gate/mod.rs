//! Rules: pure verdicts with reasons. Facts come in as data; unknown is never pass.

mod bad;
mod freeze;
mod healthy;
mod hold;
mod holds;
mod images;
mod order;
mod overrule;
mod soak;
mod unsupported;

use std::fmt;

use jiff::SignedDuration;

use crate::version::Key;

pub use bad::not_marked;
pub use freeze::thawed;
pub use healthy::{Running, runs_well};
pub use hold::{Hold, HoldKind, MarkedVersion};
pub use holds::{Holds, HoldsError};
pub use images::{Candidate, exists, pinned, signed};
pub use order::{enters_first, follows};
pub use overrule::{may_override, overrule};
pub use soak::{Stay, soaked};
pub use unsupported::unsupported;

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
    /// What of the service it is about, where that is one version.
    pub key: Option<Key>,
    /// What it saw, for the record.
    pub evidence: Option<Evidence>,
    /// Whether a person takes it on themselves that the rule does not hold.
    pub overridden: bool,
}

/// What a gate saw, in few words for a trailer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// For how long at least.
    Stood(SignedDuration),
    /// By whom or what.
    By(String),
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Evidence::Stood(length) => f.write_str(&soak::span(*length)),
            Evidence::By(words) => f.write_str(words),
        }
    }
}

impl Verdict {
    /// A verdict on the whole change.
    #[must_use]
    pub fn whole(gate: &'static str, outcome: Outcome, reason: String) -> Self {
        Verdict {
            gate,
            service: None,
            outcome,
            reason,
            key: None,
            evidence: None,
            overridden: false,
        }
    }

    /// A verdict on one service.
    #[must_use]
    pub fn on(gate: &'static str, service: &str, outcome: Outcome, reason: String) -> Self {
        let service = Some(service.to_owned());
        Verdict { gate, service, outcome, reason, key: None, evidence: None, overridden: false }
    }

    /// The same verdict, on one version of the service.
    #[must_use]
    pub fn about(self, key: &Key) -> Self {
        Verdict { key: Some(key.clone()), ..self }
    }

    /// Whether it stops the change.
    #[must_use]
    pub fn blocks(&self) -> bool {
        self.outcome != Outcome::Pass && !self.overridden
    }

    /// Whether it is about when a change is made, not about what it is: it may pass later by itself.
    #[must_use]
    pub fn is_about_time(&self) -> bool {
        matches!(self.gate, "soak" | "freeze")
    }
}
