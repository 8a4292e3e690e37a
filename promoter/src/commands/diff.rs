//! `promoter diff FROM TO [SERVICE...]`: what a promotion would change.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use crate::error::Error;
use crate::git::{CommitId, CommitInfo};
use crate::plan::{Change, Note, Problem};

use super::promote::{Patch, Promote, edited, observe, patch, prospect};
use super::render::{self, Rendered};
use super::timeline;
use super::{Context, Warning};

/// The request.
#[derive(Clone, Debug)]
pub struct Diff {
    /// The promotion that is looked at; always a dry run.
    pub promotion: Promote,
    /// What is compared.
    pub compare: Compare,
}

/// What `diff` compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// The files.
    Versions,
    /// Also what Kustomize makes of them.
    Manifests,
}

/// The answer.
#[derive(Debug)]
pub struct Differences {
    /// FROM.
    pub from: String,
    /// TO.
    pub to: String,
    /// What would change.
    pub changes: Vec<Change>,
    /// What is worth telling.
    pub notes: Vec<Note>,
    /// What would stop the promotion.
    pub problems: Vec<Problem>,
    /// The commits that brought to FROM what TO lacks, newest first.
    pub commits: Vec<CommitInfo>,
    /// The files, old and new.
    pub patch: Vec<Patch>,
    /// The manifests, old and new.
    pub rendered: Vec<Rendered>,
    /// What the user should know.
    pub warnings: Vec<Warning>,
}

/// Compares two environments; the rules do not matter for looking.
pub fn diff(context: &Context<'_>, request: &Diff) -> Result<Differences, Error> {
    let branch = context.branch()?;
    let inventory = context.inventory(context.repo.tip(&branch)?)?;
    let asked = &request.promotion;
    let source = observe(context, &inventory, asked)?;
    let to = inventory.pipeline.environment(&asked.to)?;
    let (plan, targets) = prospect(&inventory, to, asked, &source)?;
    let patch = patch(&inventory, &edited(&plan.changes, &targets)?)?;
    let rendered = match request.compare {
        Compare::Versions => Vec::new(),
        Compare::Manifests => render::both(context, inventory.snapshot.commit, &patch)?,
    };
    Ok(Differences {
        from: asked.from.environment.clone(),
        to: asked.to.clone(),
        commits: commits_between(context, &asked.from.environment, &plan.changes, source.commit)?,
        changes: plan.changes,
        notes: plan.notes,
        problems: plan.problems,
        patch,
        rendered,
        warnings: context.warnings(&branch, &inventory),
    })
}

/// The commits of FROM since it held what TO holds.
fn commits_between(
    context: &Context<'_>,
    from: &str,
    changes: &[Change],
    source: CommitId,
) -> Result<Vec<CommitInfo>, Error> {
    let mut open: BTreeMap<(&str, &crate::version::Key), &Change> = changes
        .iter()
        .filter(|change| change.old.is_some())
        .map(|change| ((change.service.as_str(), &change.key), change))
        .collect();
    let mut commits = Vec::new();
    if open.is_empty() {
        return Ok(commits);
    }
    let mut seen = BTreeSet::new();
    timeline::walk(context, source, None, &mut |events| {
        for event in events.iter().filter(|event| event.environment == from) {
            let mine: Vec<&Change> =
                open.values().copied().filter(|change| change.service == event.service).collect();
            for change in mine {
                let before = event.before.as_ref().and_then(|set| {
                    set.iter().find(|(slot, _)| slot.key == change.key).map(|(_, version)| version)
                });
                if seen.insert(event.commit) {
                    commits.push(context.repo.info(event.commit)?);
                }
                if before == change.old.as_ref() || before.is_none() {
                    open.remove(&(change.service.as_str(), &change.key));
                }
            }
        }
        Ok(if open.is_empty() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok(commits)
}
