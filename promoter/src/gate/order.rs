//! Order: an environment takes only from its `from`.

use crate::pipeline::Environment;

use super::{Outcome, Verdict};

/// Whether versions may go from `from` to `to`.
#[must_use]
pub fn follows(from: &str, to: &Environment) -> Verdict {
    if to.from.iter().any(|name| name == from) {
        return Verdict::whole("order", Outcome::Pass, format!("{} takes from {from}", to.name));
    }
    let reason = match to.from.as_slice() {
        [] => {
            format!("{} takes from no environment: versions enter it by `promoter bump`", to.name)
        }
        names => format!("{} takes from {}, not from {from}", to.name, names.join(" or ")),
    };
    Verdict::whole("order", Outcome::Fail, reason)
}

/// Whether a new version may enter `environment` from outside.
#[must_use]
pub fn enters_first(environment: &Environment) -> Verdict {
    if environment.from.is_empty() {
        let reason = format!("{} is a first environment", environment.name);
        return Verdict::whole("order", Outcome::Pass, reason);
    }
    let from = environment.from.join(" or ");
    let reason = format!("{} takes versions from {from} only", environment.name);
    Verdict::whole("order", Outcome::Fail, reason)
}
