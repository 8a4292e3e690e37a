//! The last step of every writing story: a commit on the newest tree, and the branch moved to it.
//!
//! The only place that tries again. A lost race is never rebased: the plan is made anew on the
//! tree that won.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::git::{Branch, CommitId, Local, Push, Upstream};
use crate::inventory::Inventory;
use crate::message::Message;
use crate::pipeline::Delivery;

use super::Context;

/// What a plan comes to.
pub(super) struct Proposal {
    /// Every file that changes, whole.
    pub(super) files: BTreeMap<String, Vec<u8>>,
    /// The message of its commit.
    pub(super) message: Message,
}

/// What became of a change.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// The new commit; none when there was nothing to do.
    pub commit: Option<CommitId>,
    /// Its subject.
    pub subject: String,
    /// The branch that moved: `main`, or `origin/main`.
    pub branch: String,
    /// Whether it was pushed.
    pub pushed: bool,
    /// How often a push was tried.
    pub pushes: u32,
}

impl Context<'_> {
    /// Plans on the newest commit and delivers; plans again whenever the branch moved in between.
    ///
    /// `plan` gives `None` when there is nothing to do.
    pub(super) fn deliver(
        &self,
        delivery: Delivery,
        branch: &Branch,
        mut plan: impl FnMut(&Inventory<'_>) -> Result<Option<Proposal>, Error>,
    ) -> Result<Delivered, Error> {
        let upstream = match delivery {
            Delivery::Commit => None,
            Delivery::Push | Delivery::PullRequest => Some(self.repo.upstream(branch)?),
        };
        let name = upstream.as_ref().map_or_else(|| branch.short().to_owned(), Upstream::short);
        let mut delivered = Delivered {
            commit: None,
            subject: String::new(),
            branch: name,
            pushed: false,
            pushes: 0,
        };
        let mut race = Race::default();
        loop {
            let begun = Instant::now();
            let tip = match &upstream {
                Some(upstream) => self.repo.fetch(upstream, &self.deadline)?,
                None => self.repo.tip(branch)?,
            };
            let inventory = self.inventory(tip)?;
            let Some(proposal) = plan(&inventory)? else { return Ok(delivered) };
            if upstream.is_none() {
                self.repo.movable(branch)?;
            }
            let message = proposal.message.render();
            let commit =
                inventory.snapshot.commit_with(&proposal.files, &message, &self.deadline)?;
            proposal.message.subject().clone_into(&mut delivered.subject);
            let landed = match &upstream {
                Some(upstream) => {
                    delivered.pushes += 1;
                    self.repo.push(upstream, tip, commit, &self.deadline)? == Push::Landed
                }
                None => {
                    let paths: Vec<String> = proposal.files.keys().cloned().collect();
                    let reflog = format!("promoter: {}", delivered.subject);
                    let moved = self.repo.move_branch(
                        branch,
                        (tip, commit),
                        &paths,
                        &reflog,
                        &self.deadline,
                    )?;
                    moved == Local::Moved
                }
            };
            if landed {
                delivered.pushed = upstream.is_some();
                delivered.commit = Some(commit);
                return Ok(delivered);
            }
            thread::sleep(race.pause(begun.elapsed()).min(self.deadline.left()?));
        }
    }
}

/// How long to wait after a lost race: exponential with full jitter, from one measured attempt.
///
/// Of several attempts that overlap exactly one wins, so waiting serves only to keep the losers
/// from slowing the winner down (measured in `benches/contention`).
#[derive(Default)]
struct Race {
    lost: u32,
    attempt: Duration,
}

/// No wait is longer; a branch that busy is watched often enough.
const LONGEST: Duration = Duration::from_secs(10);

impl Race {
    fn pause(&mut self, attempt: Duration) -> Duration {
        self.lost += 1;
        // The quickest attempt tells most about the cost without the crowd.
        self.attempt = if self.lost == 1 { attempt } else { self.attempt.min(attempt) };
        let most = self.attempt.saturating_mul(1 << self.lost.min(6)).min(LONGEST);
        most.mul_f64(fastrand::f64())
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Race};
    use std::time::Duration;

    #[test]
    fn pauses_grow_with_the_losses_and_end() {
        let mut race = Race::default();
        let attempt = Duration::from_millis(100);
        for lost in 1..40 {
            let most = attempt.saturating_mul(1 << lost.min(6)).min(LONGEST);
            assert!(race.pause(attempt) <= most);
        }
    }
}
