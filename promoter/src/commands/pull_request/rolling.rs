//! The branch of a rolling pull request: which of its commits are promoter's, where a new one goes,
//! and how it is made anew when it cannot be continued.
//!
//! A commit is promoter's when it has one parent, its tree differs from that in versions of the
//! lane's environment (and, for a rollback, in the marks it leaves; for a hold, in holds) and in
//! nothing else, and its trailers name the environment (for a hold, who acts). The trailers alone would be a claim; what is replaced can always
//! be made again from the versions. Everything else was made by someone else, and stays. git's own
//! merge of the base into the branch, as a forge's button makes it, holds nothing of anybody's.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, Mover};
use crate::gate::Holds;
use crate::git::{CommitId, Standing};
use crate::inventory::Inventory;

use super::super::Context;
use super::super::deliver::{Delivered, Proposal};
use super::Lane;
use super::transplant::{Step, Take};

/// The branch and its base, at the commits that were read.
pub(super) struct Rolling<'c> {
    context: &'c Context<'c>,
    lane: Lane<'c>,
    base: CommitId,
    /// Where the branch is; none where there is none.
    pub(super) tip: Option<CommitId>,
    /// What it has and the base has not, oldest first.
    commits: Vec<Commit>,
}

/// A commit of the branch.
#[derive(Clone, Copy)]
pub(super) struct Commit {
    pub(super) id: CommitId,
    pub(super) maker: Maker,
}

/// Whose a commit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Maker {
    /// promoter's, on this parent.
    Promoter(CommitId),
    /// git's: the base was merged into the branch.
    Merge,
    /// Someone else's.
    Stranger,
}

impl<'c> Rolling<'c> {
    pub(super) fn read(
        context: &'c Context<'c>,
        lane: Lane<'c>,
        base: CommitId,
        tip: Option<CommitId>,
    ) -> Result<Self, Error> {
        let commits = match tip {
            Some(tip) => commits(context, lane, base, tip)?,
            None => Vec::new(),
        };
        Ok(Rolling { context, lane, base, tip, commits })
    }

    /// The commit that the branch shall be at; the base where nothing is left of it.
    pub(super) fn next(
        &self,
        plan: &mut impl FnMut(&Inventory<'_>) -> Result<Option<Proposal>, Error>,
        delivered: &mut Delivered,
    ) -> Result<CommitId, Error> {
        let stand = self.stand()?;
        let next = self.planned_on(stand, plan, delivered)?;
        if Some(stand) != self.tip || self.standing(next)? != Standing::Conflict {
            return Ok(next);
        }
        let stand = self.made_anew()?;
        self.planned_on(stand, plan, delivered)
    }

    /// What a new commit goes on.
    fn stand(&self) -> Result<CommitId, Error> {
        let Some(tip) = self.tip.filter(|_| !self.commits.is_empty()) else {
            return Ok(self.base);
        };
        match self.standing(tip)? {
            // Everything was merged, perhaps as one commit: the branch begins anew.
            Standing::Landed if self.strangers()?.is_empty() => Ok(self.base),
            Standing::Ahead | Standing::Landed => Ok(tip),
            Standing::Conflict => self.made_anew(),
        }
    }

    fn standing(&self, tip: CommitId) -> Result<Standing, Error> {
        Ok(self.context.repo.standing(self.base, tip)?)
    }

    /// Plans, and puts what comes of it on `stand`; `stand` itself, where there is nothing to do.
    fn planned_on(
        &self,
        stand: CommitId,
        plan: &mut impl FnMut(&Inventory<'_>) -> Result<Option<Proposal>, Error>,
        delivered: &mut Delivered,
    ) -> Result<CommitId, Error> {
        let ground = self.ground(stand)?;
        let Some(proposal) = plan(&ground)? else { return Ok(stand) };
        let at = self.context.repo.snapshot(stand)?;
        let mut files = BTreeMap::new();
        for (path, after) in &proposal.files {
            let before = ground.snapshot.file(path)?;
            let step = Step { path, before: before.as_deref(), after };
            let onto = at.file(path)?;
            files.extend(step.put(onto.as_deref(), Take::Always)?.map(|new| (path.clone(), new)));
        }
        if files.is_empty() {
            return Ok(stand);
        }
        let message = proposal.message.render();
        let commit = at.commit_with(&files, &message, &self.context.deadline)?;
        proposal.message.subject().clone_into(&mut delivered.subject);
        delivered.paths = files.into_keys().collect();
        Ok(commit)
    }

    /// What is planned on. Sources, rules and history are the base's. The target is, for versions
    /// that go forward, as the branch has it; a rollback goes back from what runs, however often it
    /// is said.
    fn ground(&self, stand: CommitId) -> Result<Inventory<'c>, Error> {
        let base = self.context.inventory(self.base)?;
        if stand == self.base || matches!(self.lane, Lane::Rollback(_)) {
            return Ok(base);
        }
        let mut files = BTreeMap::new();
        let rules = base.pipeline.clone();
        let there = Inventory { snapshot: self.context.repo.snapshot(stand)?, pipeline: rules };
        let listed = match self.lane {
            // The first hold of a service makes its file.
            Lane::Hold(_) => target_files(&there, self.lane)?,
            _ => target_files(&base, self.lane)?,
        };
        let at = there.snapshot;
        for path in listed {
            if base.snapshot.id(&path)? != at.id(&path)?
                && let Some(bytes) = at.file(&path)?
            {
                files.insert(path, bytes);
            }
        }
        let Inventory { snapshot, pipeline } = base;
        Ok(Inventory { snapshot: snapshot.over(files), pipeline })
    }

    /// promoter's own commits again, on the base: each as far as nobody moved its versions since.
    fn made_anew(&self) -> Result<CommitId, Error> {
        let repo = self.context.repo;
        let mut stand = self.base;
        for commit in &self.commits {
            let Maker::Promoter(parent) = commit.maker else { continue };
            let (at, old, new) =
                (repo.snapshot(stand)?, repo.snapshot(parent)?, repo.snapshot(commit.id)?);
            let mut files = BTreeMap::new();
            for file in repo.changed(parent, commit.id, &[String::new()])? {
                let (before, after) = (old.file(&file.path)?, new.file(&file.path)?);
                let after = after.unwrap_or_default();
                let step = Step { path: &file.path, before: before.as_deref(), after: &after };
                let onto = at.file(&file.path)?;
                let put = step.put(onto.as_deref(), Take::Untouched)?;
                files.extend(put.map(|bytes| (file.path, bytes)));
            }
            if !files.is_empty() {
                let message = repo.message(commit.id)?;
                stand = at.commit_with(&files, &message, &self.context.deadline)?;
            }
        }
        Ok(if self.standing(stand)? == Standing::Landed { self.base } else { stand })
    }

    /// The commits that promoter did not make.
    pub(super) fn strangers(&self) -> Result<Vec<Mover>, Error> {
        let strangers = self.commits.iter().filter(|commit| commit.maker == Maker::Stranger);
        strangers.map(|commit| mover(self.context, commit.id)).collect()
    }
}

/// Who made a commit, and when.
fn mover(context: &Context<'_>, commit: CommitId) -> Result<Mover, Error> {
    let info = context.repo.info(commit)?;
    Ok(Mover { commit, name: info.author.name, time: info.time.to_string(), subject: info.subject })
}

/// What a branch has that its base has not, and whose it is.
pub(super) fn commits(
    context: &Context<'_>,
    lane: Lane<'_>,
    base: CommitId,
    tip: CommitId,
) -> Result<Vec<Commit>, Error> {
    let beyond = context.repo.beyond(base, tip)?;
    if beyond.is_empty() {
        return Ok(Vec::new());
    }
    let mut files = BTreeSet::new();
    let rules = context.inventory(base)?;
    let pipeline = rules.pipeline.clone();
    let there = Inventory { snapshot: context.repo.snapshot(tip)?, pipeline };
    for inventory in [&rules, &there] {
        files.extend(target_files(inventory, lane)?);
    }
    let commit = |id| Ok(Commit { id, maker: maker(context, lane, base, id, &files)? });
    beyond.into_iter().map(commit).collect()
}

fn maker(
    context: &Context<'_>,
    lane: Lane<'_>,
    base: CommitId,
    id: CommitId,
    files: &BTreeSet<String>,
) -> Result<Maker, Error> {
    let repo = context.repo;
    let parent = match repo.parents(id)?.as_slice() {
        [parent] => *parent,
        [_, _] if repo.only_brings(base, id)? => return Ok(Maker::Merge),
        _ => return Ok(Maker::Stranger),
    };
    let trailers = repo.info(id)?.trailers;
    let says = |key: &str| trailers.iter().find(|(name, _)| name == key).map(|(_, value)| value);
    let (holds, claimed) = match lane {
        Lane::Hold(_) => (true, says("Promotion-Actor").is_some()),
        _ => {
            let to = says("Promotion-To").map(String::as_str);
            (says("Rollback-To").is_some(), to == Some(lane.environment()))
        }
    };
    if !claimed {
        return Ok(Maker::Stranger);
    }
    let (old, new) = (repo.snapshot(parent)?, repo.snapshot(id)?);
    for file in repo.changed(parent, id, &[String::new()])? {
        let path = &file.path;
        if holds && Holds::is_of(path, lane.environment()) && file.after {
            continue;
        }
        let ours = files.contains(path) && file.before && file.after;
        let (before, after) = (old.file(path), new.file(path));
        let (Ok(before), Ok(Some(after)), true) = (before, after, ours) else {
            return Ok(Maker::Stranger);
        };
        if !(Step { path, before: before.as_deref(), after: &after }).is_of_versions() {
            return Ok(Maker::Stranger);
        }
    }
    Ok(Maker::Promoter(parent))
}

/// The files of the lane's environment that it changes.
fn target_files(inventory: &Inventory<'_>, lane: Lane<'_>) -> Result<Vec<String>, Error> {
    if let Lane::Hold(environment) = lane {
        let below = inventory.snapshot.files_below(".promoter/holds")?;
        let paths = below.into_iter().map(|(path, _)| path);
        return Ok(paths.filter(|path| Holds::is_of(path, environment)).collect());
    }
    let environment = inventory.pipeline.environment(lane.environment())?;
    let folders = inventory.folders(environment)?;
    let files = folders.into_values().flat_map(|folder| folder.files);
    Ok(files.map(|file| file.path).collect())
}
