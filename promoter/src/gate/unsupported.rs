//! What promoter.yaml configures and this version cannot judge: unknown, never ignored.

use crate::pipeline::{Environment, Pipeline};

use super::{Outcome, Verdict};

/// One unknown verdict for everything configured that is not built yet.
#[must_use]
pub fn unsupported(pipeline: &Pipeline, environment: &Environment) -> Vec<Verdict> {
    let keys = pipeline.unsupported.iter().map(|one| one.key);
    keys.map(|key| unknown(key, &environment.name)).collect()
}

fn unknown(what: &'static str, environment: &str) -> Verdict {
    let reason = format!(
        "`{what}` is asked for {environment} and not supported by this version of promoter"
    );
    Verdict::whole(what, Outcome::Unknown, reason)
}
