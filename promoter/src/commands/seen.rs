//! Compare-and-set: what the target held when the command began must still be there when it
//! writes, or already be what is wanted.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use crate::error::{Error, Mover, Overtaken};
use crate::git::{CommitId, Step};
use crate::plan::{Change, Plan};
use crate::version::{Key, Version};

use super::Context;

/// What the target held when the command began.
pub(super) struct Seen {
    versions: BTreeMap<(String, Key), Option<Version>>,
}

impl Seen {
    pub(super) fn of(plan: &Plan) -> Self {
        let changed = plan
            .changes
            .iter()
            .map(|change| ((change.path.clone(), change.key.clone()), change.old.clone()));
        let kept = plan
            .kept
            .iter()
            .map(|kept| ((kept.path.clone(), kept.key.clone()), Some(kept.version.clone())));
        Seen { versions: changed.chain(kept).collect() }
    }

    /// What it holds after changes.
    pub(super) fn after(changes: &[Change]) -> Self {
        let one =
            |change: &Change| ((change.path.clone(), change.key.clone()), Some(change.new.clone()));
        Seen { versions: changes.iter().map(one).collect() }
    }

    /// Stops when someone else moved a version of the set to something that is not wanted.
    pub(super) fn refuse_overtaken(
        &self,
        context: &Context<'_>,
        now: CommitId,
        plan: &Plan,
    ) -> Result<(), Error> {
        let mut moved = Vec::new();
        for change in &plan.changes {
            let before = self.versions.get(&(change.path.clone(), change.key.clone()));
            if let Some(before) = before.filter(|before| **before != change.old) {
                moved.push(Overtaken {
                    service: change.service.clone(),
                    key: change.key.clone(),
                    expected: before.clone(),
                    found: change.old.clone(),
                    by: mover(context, now, &change.path)?,
                });
            }
        }
        if moved.is_empty() { Ok(()) } else { Err(Error::Overtaken(moved)) }
    }
}

/// The newest commit that changed a file.
pub(super) fn mover(
    context: &Context<'_>,
    now: CommitId,
    path: &str,
) -> Result<Option<Mover>, Error> {
    let mut found = None;
    context.repo.first_parents::<Error>(now, None, &[path.to_owned()], |step: Step| {
        found = Some(step.commit);
        Ok(ControlFlow::Break(()))
    })?;
    let Some(commit) = found else { return Ok(None) };
    let info = context.repo.info(commit)?;
    Ok(Some(Mover {
        commit,
        name: info.author.name,
        time: info.time.to_string(),
        subject: info.subject,
    }))
}
