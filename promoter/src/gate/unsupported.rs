//! What promoter.yaml configures and this version cannot judge: unknown, never ignored.

use crate::pipeline::{Delivery, Environment};

use super::{Outcome, Verdict};

/// One unknown verdict for everything configured for `environment` that is not built yet.
#[must_use]
pub fn unsupported(environment: &Environment, delivery: Delivery) -> Vec<Verdict> {
    let gates = environment.gates.configured().into_iter();
    let mut verdicts: Vec<Verdict> = gates.map(|gate| unknown(gate, environment)).collect();
    verdicts.extend(unsupported_delivery(environment, delivery));
    verdicts
}

/// The same for the delivery alone; a rollback is exempt from the gates.
#[must_use]
pub fn unsupported_delivery(environment: &Environment, delivery: Delivery) -> Vec<Verdict> {
    match delivery {
        Delivery::PullRequest => vec![unknown("pull-request", environment)],
        Delivery::Commit | Delivery::Push => Vec::new(),
    }
}

fn unknown(what: &'static str, environment: &Environment) -> Verdict {
    let reason = format!(
        "`{what}` is asked for {} and not supported by this version of promoter",
        environment.name
    );
    Verdict::whole(what, Outcome::Unknown, reason)
}
