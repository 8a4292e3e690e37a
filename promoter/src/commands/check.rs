//! `promoter check [--base REV]`: lints the repository, and judges a person's change as a
//! promotion would be judged.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::git::{Branch, CommitId};

use super::change::judge_change;
use super::finding::{Finding, Level};
use super::lint::lint;
use super::{Context, Warning};

/// The request.
#[derive(Clone, Debug, Default)]
pub struct Check {
    /// The commit that the change is to be merged into; else the upstream of the branch.
    pub base: Option<String>,
    /// Codes of findings that do not count this time.
    pub allow: Vec<String>,
}

/// The answer.
#[derive(Debug)]
pub struct Checked {
    /// The commit that was checked.
    pub head: CommitId,
    /// The commit it was compared with.
    pub base: Option<CommitId>,
    /// What was found, errors first.
    pub findings: Vec<Finding>,
    /// The environments that the change reaches, each with a file through which.
    pub reached: BTreeMap<String, String>,
    /// What the user should know.
    pub warnings: Vec<Warning>,
}

impl Checked {
    /// Whether something was found that counts.
    #[must_use]
    pub fn refuses(&self) -> bool {
        self.findings.iter().any(|finding| finding.level == Level::Error)
    }
}

/// Checks the newest commit of the branch.
pub fn check(context: &Context<'_>, request: &Check) -> Result<Checked, Error> {
    if context.config.is_some() {
        return Err(Error::Usage(
            "`check` judges what is committed, so it takes no --config".into(),
        ));
    }
    let branch = context.branch()?;
    let head = context.repo.tip(&branch)?;
    let base = base(context, &branch, request)?;
    let mut findings = Vec::new();
    let mut warnings = Vec::new();
    let mut reach = BTreeMap::new();
    match context.inventory(head) {
        Ok(inventory) => {
            warnings = context.warnings(&branch, &inventory);
            findings.extend(lint(&inventory)?);
            if let Some(base) = base {
                let (judged, reached) = judge_change(context, &inventory, base)?;
                findings.extend(judged);
                reach = reached;
            }
        }
        Err(error @ (Error::Pipeline(_) | Error::NoConfiguration { .. })) => {
            findings.push(Finding::of("configuration", &error));
        }
        Err(error) => return Err(error),
    }
    for finding in
        findings.iter_mut().filter(|finding| request.allow.iter().any(|code| code == finding.code))
    {
        finding.level = Level::Notice;
    }
    findings.sort_by_key(|finding| finding.level);
    Ok(Checked { head, base, findings, reached: reach, warnings })
}

fn base(
    context: &Context<'_>,
    branch: &Branch,
    request: &Check,
) -> Result<Option<CommitId>, Error> {
    match &request.base {
        Some(revision) => Ok(Some(context.repo.revision(revision)?)),
        None => Ok(context.repo.tracked(branch)),
    }
}
