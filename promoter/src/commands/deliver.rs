//! The last step of every writing story: a commit on the newest tree, and the branch moved to it.
//!
//! The only place that tries again. A lost race is never rebased: the plan is made anew on the
//! tree that won.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::forge::PullRequest;
use crate::git::{Afterwards, Branch, CommitId, GitError, Local, Push, Upstream};
use crate::inventory::Inventory;
use crate::message::Message;
use crate::pipeline::Delivery;

use super::pull_request::Lane;
use super::{Context, Warning};

/// What a plan comes to.
pub(super) struct Proposal {
    /// Every file that changes, whole.
    pub(super) files: BTreeMap<String, Vec<u8>>,
    /// The message of its commit.
    pub(super) message: Message,
}

/// What became of a change.
#[derive(Clone, Debug, Default)]
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
    /// The files that changed.
    pub paths: Vec<String>,
    /// The pull request, where there is one.
    pub review: Option<Review>,
    /// What the user should know.
    pub warnings: Vec<Warning>,
}

/// A pull request, as it was left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Its number.
    pub number: u64,
    /// Where people look at it.
    pub url: String,
    /// What was done with it.
    pub state: ReviewState,
}

/// What was done with a pull request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewState {
    /// It was opened.
    Opened,
    /// It was there, and says something else now.
    Updated,
    /// It said all of it already.
    Unchanged,
    /// Nothing was left of it.
    Closed,
}

impl ReviewState {
    /// The word for people and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            ReviewState::Opened => "opened",
            ReviewState::Updated => "updated",
            ReviewState::Unchanged => "unchanged",
            ReviewState::Closed => "closed",
        }
    }
}

impl Review {
    pub(super) fn of(pull: &PullRequest, state: ReviewState) -> Self {
        Review { number: pull.number, url: pull.url.clone(), state }
    }
}

impl Context<'_> {
    /// Plans on the newest commit and delivers; plans again whenever the branch moved in between.
    ///
    /// `plan` gives `None` when there is nothing to do. `lane` is the pull request that the change
    /// belongs to, where it is delivered as one.
    pub(super) fn deliver(
        &self,
        delivery: Delivery,
        lane: Lane<'_>,
        branch: &Branch,
        plan: impl FnMut(&Inventory<'_>) -> Result<Option<Proposal>, Error>,
    ) -> Result<Delivered, Error> {
        match delivery {
            Delivery::Commit if self.repo.is_temporary() => Err(Error::NoClone),
            Delivery::Commit => self.deliver_here(branch, plan),
            Delivery::Push => self.deliver_there(branch, plan),
            Delivery::Api => self.deliver_by_api(branch, plan),
            Delivery::PullRequest => self.deliver_for_review(lane, branch, plan),
        }
    }

    /// Onto the local branch, and its working files where it is checked out.
    fn deliver_here(
        &self,
        branch: &Branch,
        mut plan: impl FnMut(&Inventory<'_>) -> Result<Option<Proposal>, Error>,
    ) -> Result<Delivered, Error> {
        let mut delivered = Delivered::to(branch.short());
        let mut race = Race::default();
        loop {
            let begun = Instant::now();
            let tip = self.repo.tip(branch)?;
            let Some(commit) = self.commit(tip, &mut plan, &mut delivered, Some(branch))? else {
                return Ok(delivered);
            };
            let reflog = format!("promoter: {}", delivered.subject);
            let (step, paths) = ((tip, commit), &delivered.paths);
            match self.repo.move_branch(branch, step, paths, &reflog, &self.deadline)? {
                Local::Moved => return Ok(delivered.at(commit)),
                Local::Lost => {
                    thread::sleep(race.pause(begun.elapsed()).min(self.deadline.left()?));
                }
            }
        }
    }

    /// Onto the branch of the remote. What a failed push came to is told by the branch itself, as
    /// soon as it is read again.
    fn deliver_there(
        &self,
        branch: &Branch,
        mut plan: impl FnMut(&Inventory<'_>) -> Result<Option<Proposal>, Error>,
    ) -> Result<Delivered, Error> {
        let upstream = self.repo.upstream(branch)?;
        let mut delivered = Delivered::to(&upstream.short());
        let mut race = Race::default();
        let mut failed: Option<Attempt> = None;
        loop {
            let begun = Instant::now();
            let tip = self.repo.fetch(&upstream, &self.deadline);
            let tip = tip.map_err(|error| unknown(&upstream, failed.as_ref(), error))?;
            if let Some(Attempt { base, commit, words }) = failed.take() {
                match self.repo.after_push(Some(tip), base, commit)? {
                    Afterwards::Landed => return Ok(delivered.pushed_at(commit)),
                    Afterwards::Refused => return Err(refused(&upstream, words)),
                    Afterwards::Moved => {}
                }
            }
            let Some(commit) = self.commit(tip, &mut plan, &mut delivered, None)? else {
                return Ok(delivered);
            };
            delivered.pushes += 1;
            match self.repo.push(&upstream, Some(tip), commit, &self.deadline)? {
                Push::Landed => return Ok(delivered.pushed_at(commit)),
                Push::Failed(words) => failed = Some(Attempt { base: Some(tip), commit, words }),
            }
            thread::sleep(race.pause(begun.elapsed()).min(self.deadline.left()?));
        }
    }

    /// Plans on `tip` and makes the commit, which no branch holds yet.
    fn commit(
        &self,
        tip: CommitId,
        plan: &mut impl FnMut(&Inventory<'_>) -> Result<Option<Proposal>, Error>,
        delivered: &mut Delivered,
        checked_out: Option<&Branch>,
    ) -> Result<Option<CommitId>, Error> {
        let inventory = self.inventory(tip)?;
        let Some(proposal) = plan(&inventory)? else { return Ok(None) };
        checked_out.map_or(Ok(()), |branch| self.repo.movable(branch))?;
        let message = proposal.message.render();
        let commit = inventory.snapshot.commit_with(&proposal.files, &message, &self.deadline)?;
        proposal.message.subject().clone_into(&mut delivered.subject);
        delivered.paths = proposal.files.into_keys().collect();
        Ok(Some(commit))
    }
}

/// A push that failed: what it was, and what was said.
pub(super) struct Attempt {
    /// What it was built on; none where there was no branch.
    pub(super) base: Option<CommitId>,
    pub(super) commit: CommitId,
    pub(super) words: String,
}

/// After a push that failed, a branch that cannot be read leaves open whether it landed.
pub(super) fn unknown(upstream: &Upstream, failed: Option<&Attempt>, error: GitError) -> GitError {
    match failed {
        None => error,
        Some(attempt) => GitError::Unknown {
            remote: upstream.remote.clone(),
            commit: attempt.commit.short(),
            words: attempt.words.clone(),
        },
    }
}

pub(super) fn refused(upstream: &Upstream, words: String) -> Error {
    let (remote, branch) = (upstream.remote.clone(), upstream.branch.clone());
    GitError::Refused { remote, branch, words }.into()
}

impl Delivered {
    pub(super) fn to(branch: &str) -> Self {
        Delivered { branch: branch.to_owned(), ..Delivered::default() }
    }

    /// Remembers a commit that was pushed.
    pub(super) fn land(&mut self, commit: CommitId) {
        self.commit = Some(commit);
        self.pushed = true;
    }

    /// What was done with the pull request in all, this being the last of it.
    pub(super) fn state_with(&self, last: ReviewState) -> ReviewState {
        match self.review.as_ref().map(|review| review.state) {
            Some(before @ (ReviewState::Opened | ReviewState::Updated))
                if last == ReviewState::Unchanged || before == ReviewState::Opened =>
            {
                before
            }
            _ => last,
        }
    }

    fn at(self, commit: CommitId) -> Self {
        Delivered { commit: Some(commit), ..self }
    }

    pub(super) fn pushed_at(self, commit: CommitId) -> Self {
        Delivered { pushed: true, ..self.at(commit) }
    }
}

/// How long to wait after a lost race: anything up to eight times the last attempt, and longer with
/// the square root of the races lost.
///
/// Of attempts that overlap exactly one wins, so waiting serves only to keep the losers from
/// slowing the winner down. How long the last attempt took tells how many there were just now,
/// and how often it was lost tells it where attempts do not slow each other down. The figures are
/// those with which 64 writers were done soonest (`benches/run contention`).
#[derive(Default)]
pub(super) struct Race {
    lost: u32,
}

/// No wait is longer; a branch that busy is watched often enough.
const LONGEST: Duration = Duration::from_secs(10);

impl Race {
    pub(super) fn pause(&mut self, attempt: Duration) -> Duration {
        self.limit(attempt).mul_f64(fastrand::f64())
    }

    fn limit(&mut self, attempt: Duration) -> Duration {
        self.lost += 1;
        attempt.mul_f64(8.0 * f64::from(self.lost).sqrt()).min(LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Race};
    use std::time::Duration;

    #[test]
    fn the_limit_follows_the_last_attempt_and_the_races_lost() {
        let milliseconds = Duration::from_millis;
        let mut race = Race::default();
        let limits = [1_000, 0, 0, 100, 10_000].map(|took| race.limit(milliseconds(took)));
        assert_eq!(limits, [8_000, 0, 0, 1_600, 10_000].map(milliseconds));
    }

    #[test]
    fn a_pause_is_within_the_limit() {
        let mut race = Race::default();
        let attempt = Duration::from_millis(100);
        assert!((0..100).all(|_| race.pause(attempt) <= LONGEST));
    }
}
