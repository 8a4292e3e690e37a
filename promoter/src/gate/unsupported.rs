//! What promoter.yaml configures and this version cannot judge: unknown, never ignored.

use crate::pipeline::{Delivery, Environment, Pipeline};

use super::{Outcome, Verdict};

/// One unknown verdict for everything configured that is not built yet.
#[must_use]
pub fn unsupported(pipeline: &Pipeline, environment: &Environment) -> Vec<Verdict> {
    let keys = pipeline.unsupported.iter().map(|one| one.key);
    keys.map(|key| unknown(key, &environment.name)).collect()
}

/// The same for the delivery, which a rollback needs too.
#[must_use]
pub fn unsupported_delivery(environment: &str, delivery: Delivery) -> Option<Verdict> {
    match delivery {
        Delivery::PullRequest => Some(unknown("pull-request", environment)),
        Delivery::Commit | Delivery::Push => None,
    }
}

fn unknown(what: &'static str, environment: &str) -> Verdict {
    let reason = format!(
        "`{what}` is asked for {environment} and not supported by this version of promoter"
    );
    Verdict::whole(what, Outcome::Unknown, reason)
}
