//! The delivery for environments whose changes are reviewed: one rolling pull request for each.
//!
//! The branch is the truth, and moves by compare-and-set like any other. What the pull request
//! says is made from the branch alone, and the branch is read again after it was said; so whoever
//! writes last has written what the branch holds, in whatever order the writers come.

mod content;
mod merged;
mod pending;
mod rolling;
mod stretches;
mod transplant;

use std::thread;
use std::time::Instant;

use crate::error::Error;
use crate::forge::{Forge, ForgeError, PullRequest};
use crate::git::{Afterwards, Branch, CommitId, GitError, Push, Repo, Standing, Upstream};
use crate::inventory::Inventory;

use super::deliver::{Attempt, Delivered, Proposal, Race, Review, ReviewState, refused, unknown};
use super::{Context, Warning};
use rolling::Rolling;

pub(super) use pending::{pending, recorded};

/// Which rolling pull request a change belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lane<'a> {
    /// Versions that come from the environment before.
    Promote(&'a str),
    /// New versions, from outside.
    Bump(&'a str),
    /// Versions that come back.
    Rollback(&'a str),
    /// Holds and marks.
    Hold(&'a str),
}

impl<'a> Lane<'a> {
    fn environment(self) -> &'a str {
        match self {
            Lane::Promote(name) | Lane::Bump(name) | Lane::Rollback(name) | Lane::Hold(name) => {
                name
            }
        }
    }

    /// The branch of the pull request.
    fn branch(self) -> String {
        match self {
            Lane::Promote(environment) => format!("promote/{environment}"),
            Lane::Bump(environment) => format!("bump/{environment}"),
            Lane::Rollback(environment) => format!("rollback/{environment}"),
            Lane::Hold(environment) => format!("hold/{environment}"),
        }
    }
}

/// How many commits are fetched first into a shallow clone; doubled each time.
const DEEPEN: usize = 100;

/// A pull request's two ends, and where it is.
struct Desk<'c> {
    context: &'c Context<'c>,
    lane: Lane<'c>,
    forge: Forge,
    base: Upstream,
    head: Upstream,
}

/// The two branches, as they were read.
#[derive(Clone, Copy)]
struct Seen {
    base: CommitId,
    tip: Option<CommitId>,
    /// What is left to review: the tip, unless the base has all of it.
    left: Option<CommitId>,
}

impl Context<'_> {
    /// Puts the change on the branch of the pull request, and sees to it that there is one.
    pub(super) fn deliver_for_review(
        &self,
        lane: Lane<'_>,
        branch: &Branch,
        plan: impl FnMut(&Inventory<'_>) -> Result<Option<Proposal>, Error>,
    ) -> Result<Delivered, Error> {
        let base = self.repo.upstream(branch)?;
        let head = Upstream { branch: lane.branch(), ..base.clone() };
        let urls = self.repo.urls(&base.remote);
        // Whether there can be a pull request at all is asked before anything is pushed.
        let forge = Forge::open(&self.forge, &base.remote, &urls, self.deadline)?;
        let mut delivered = Delivered::to(&head.short());
        let deeper = if self.repo.is_shallow() {
            let tip = self.repo.fetch_if_there(&head, &self.deadline)?;
            let now = self.repo.fetch(&base, &self.deadline)?;
            Some(self.connected(branch, now, tip)?)
        } else {
            None
        };
        let context = &Context { repo: deeper.as_ref().unwrap_or(self.repo), ..self.clone() };
        let desk = Desk { context, lane, forge, base, head };
        let mut seen = desk.publish(plan, &mut delivered)?;
        loop {
            desk.tell(seen, &mut delivered)?;
            let now = self.repo.fetch_if_there(&desk.head, &self.deadline)?;
            if now == seen.tip {
                return Ok(delivered);
            }
            seen = desk.read(now)?;
        }
    }

    /// Gets as much history into a shallow clone as it takes to see where the branch begins: the
    /// repository again, since an open one has read where it was cut.
    fn connected(
        &self,
        branch: &Branch,
        base: CommitId,
        tip: Option<CommitId>,
    ) -> Result<Repo, Error> {
        let mut deepen = DEEPEN;
        loop {
            let repo = Repo::open(self.repo.root())?;
            let apart = match tip {
                Some(tip) => matches!(repo.merge_base(base, tip), Err(GitError::Unrelated { .. })),
                None => false,
            };
            if !apart || !repo.deepen(branch, deepen, &self.deadline)? {
                return Ok(repo);
            }
            deepen = deepen.saturating_mul(2);
        }
    }
}

impl Desk<'_> {
    /// Moves the branch on by what the plan asks for; plans again whenever it moved in between.
    fn publish(
        &self,
        mut plan: impl FnMut(&Inventory<'_>) -> Result<Option<Proposal>, Error>,
        delivered: &mut Delivered,
    ) -> Result<Seen, Error> {
        let (repo, deadline) = (self.context.repo, &self.context.deadline);
        let mut race = Race::default();
        let mut failed: Option<Attempt> = None;
        loop {
            let begun = Instant::now();
            let read = repo
                .fetch(&self.base, deadline)
                .and_then(|base| Ok((base, repo.fetch_if_there(&self.head, deadline)?)));
            let (base, tip) = read.map_err(|error| unknown(&self.head, failed.as_ref(), error))?;
            if let Some(Attempt { base: expected, commit, words }) = failed.take() {
                match repo.after_push(tip, expected, commit)? {
                    Afterwards::Landed => {
                        delivered.land(commit);
                        return self.seen(base, tip);
                    }
                    Afterwards::Refused => return Err(refused(&self.head, words)),
                    Afterwards::Moved => {}
                }
            }
            let rolling = Rolling::read(self.context, self.lane, base, tip)?;
            let next = rolling.next(&mut plan, delivered)?;
            if next == base {
                return Ok(Seen { base, tip, left: None });
            }
            if Some(next) == tip {
                return self.seen(base, tip);
            }
            self.refuse_loss(&rolling, next)?;
            delivered.pushes += 1;
            match repo.push(&self.head, tip, next, deadline)? {
                Push::Landed => {
                    delivered.land(next);
                    return self.seen(base, Some(next));
                }
                Push::Failed(words) => {
                    failed = Some(Attempt { base: tip, commit: next, words });
                }
            }
            thread::sleep(race.pause(begun.elapsed()).min(deadline.left()?));
        }
    }

    /// What is to be told of the branch, which is at `tip` now.
    fn read(&self, tip: Option<CommitId>) -> Result<Seen, Error> {
        self.seen(self.context.repo.fetch(&self.base, &self.context.deadline)?, tip)
    }

    fn seen(&self, base: CommitId, tip: Option<CommitId>) -> Result<Seen, Error> {
        let left = match tip {
            Some(tip) if self.context.repo.standing(base, tip)? != Standing::Landed => Some(tip),
            _ => None,
        };
        Ok(Seen { base, tip, left })
    }

    /// A commit that promoter did not make stays on the branch, unless the branch was merged with
    /// it.
    fn refuse_loss(&self, rolling: &Rolling<'_>, next: CommitId) -> Result<(), Error> {
        let Some(tip) = rolling.tip else { return Ok(()) };
        let strangers = rolling.strangers()?;
        if strangers.is_empty()
            || self.context.repo.contains(next, tip)?
            || self.forge.took(&self.head.branch, &self.base.branch, &tip.to_string())?
        {
            return Ok(());
        }
        Err(Error::Strangers { branch: self.head.branch.clone(), commits: strangers })
    }

    /// Brings the pull request in line with the branch.
    fn tell(&self, seen: Seen, delivered: &mut Delivered) -> Result<(), Error> {
        let (head, base) = (self.head.branch.as_str(), self.base.branch.as_str());
        delivered.warnings.clear();
        let open = self.forge.open_pull_request(head, base)?;
        let Some(tip) = seen.left else {
            let Some(pull) = open else { return Ok(()) };
            self.close(&pull, seen)?;
            delivered.review = Some(Review::of(&pull, ReviewState::Closed));
            return Ok(());
        };
        let content = content::read(self, seen.base, tip)?;
        let asked = &content.review;
        let (pull, mut state) = match open {
            Some(pull) => (pull, ReviewState::Unchanged),
            None => {
                let draft = asked.draft.unwrap_or(false);
                let opened = self.forge.open_or_adopt((head, base), &content.text, draft)?;
                let state = if opened.new { ReviewState::Opened } else { ReviewState::Unchanged };
                (opened.pull, state)
            }
        };
        if !pull.says(&content.text) {
            let pull = self.forge.rewrite(&pull, &content.text)?;
            if !pull.is_open() {
                // Someone closed it in between: there is none, and it is told again.
                return self.tell(seen, delivered);
            }
            state = if state == ReviewState::Opened { state } else { ReviewState::Updated };
        }
        delivered.review = Some(Review::of(&pull, delivered.state_with(state)));
        self.ask(&pull, asked, delivered)
    }

    fn close(&self, pull: &PullRequest, seen: Seen) -> Result<(), Error> {
        let why = format!(
            "`{}` has everything that this branch would bring, so there is nothing left to review.",
            self.base.branch
        );
        let tip = seen.tip.map_or_else(String::new, |tip| tip.to_string());
        let marker = format!("<!-- promoter: closed {tip} -->");
        Ok(self.forge.close(pull, &why, &marker)?)
    }

    /// Labels, reviewers and auto-merge: what is not granted is a warning, for the change itself is
    /// there to be reviewed.
    fn ask(
        &self,
        pull: &PullRequest,
        asked: &crate::pipeline::Review,
        delivered: &mut Delivered,
    ) -> Result<(), Error> {
        let none = Vec::new();
        let mut warn = |what: &'static str, refused: Option<String>| {
            let warning =
                |words| Warning::PullRequest { number: pull.number, what: what.to_owned(), words };
            delivered.warnings.extend(refused.map(warning));
        };
        let labelled = self.forge.label(pull, asked.labels.as_ref().unwrap_or(&none));
        warn("labelled", granted(labelled)?);
        let people = asked.reviewers.as_ref().unwrap_or(&none);
        let teams = asked.team_reviewers.as_ref().unwrap_or(&none);
        warn("given reviewers", granted(self.forge.request_review(pull, people, teams))?);
        if let Some(method) = asked.auto_merge {
            let refused = match self.forge.merge_when_ready(pull, method) {
                Ok(words) => words,
                Err(error) => granted(Err(error))?,
            };
            warn("merged by itself", refused);
        }
        Ok(())
    }
}

/// What the server says against it, where it understood and did not grant it.
fn granted(done: Result<(), ForgeError>) -> Result<Option<String>, Error> {
    match done {
        Ok(()) => Ok(None),
        Err(
            ForgeError::Invalid { words, .. }
            | ForgeError::Refused { words, .. }
            | ForgeError::Denied { words, .. },
        ) => Ok(Some(words)),
        Err(error) => Err(error.into()),
    }
}
