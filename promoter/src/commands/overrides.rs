//! Reasons that the commits of a change give for passing soak and freeze over: the one trailer that
//! counts in a verdict, where promoter.yaml lets it.

use crate::error::Error;
use crate::gate::{self, Verdict};
use crate::git::CommitId;
use crate::pipeline::Environment;

use super::Context;
use super::finding::Judged;

/// A `Promotion-Override` trailer.
pub(super) struct Override {
    /// Of its `Promotion-To`; none means every environment.
    to: Option<String>,
    reason: String,
}

/// The reasons in the commits that `head` has and `base` has not.
pub(super) fn overrides(
    context: &Context<'_>,
    base: CommitId,
    head: CommitId,
) -> Result<Vec<Override>, Error> {
    let mut found = Vec::new();
    for commit in context.repo.commits_between(base, head)? {
        let info = context.repo.info(commit)?;
        let to = info.trailer("Promotion-To").map(str::to_owned);
        let reason = info.trailer("Promotion-Override").map(str::to_owned);
        found.extend(reason.map(|reason| Override { to, reason }));
    }
    Ok(found)
}

impl Override {
    pub(super) fn means(&self, environment: &Environment) -> bool {
        self.to.as_ref().is_none_or(|to| *to == environment.name)
    }

    /// Lets pass what may pass, and tells that it was so; none where nothing stands against it.
    pub(super) fn overrule(
        &self,
        environment: &Environment,
        judged: &mut [Judged],
    ) -> Option<Judged> {
        let mut of_time: Vec<&mut Judged> = judged
            .iter_mut()
            .filter(|one| one.verdict.blocks() && one.verdict.is_about_time())
            .collect();
        let first = of_time.first()?;
        let at = first.place.as_ref().map(|place| place.file.clone());
        let file = first.file.clone().or(at);
        let allowed = gate::may_override(environment);
        if allowed.blocks() {
            return Some(Judged { verdict: allowed, place: None, file });
        }
        for one in &mut of_time {
            one.verdict.overridden = true;
        }
        let name = &environment.name;
        let reason = format!("{name}: soak and freeze are overridden: {}", self.reason);
        Some(Judged { verdict: Verdict { reason, ..allowed }, place: None, file })
    }
}
