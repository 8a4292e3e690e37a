//! The first parents of a branch, and which files changed on the way.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::rc::Rc;

use git2::Oid;
use jiff::Timestamp;

use super::snapshot::join;
use super::tree::{TreeData, TreeEntry};
use super::{CommitId, GitError, Repo, error::library};

/// Deeper folders than this are refused; a comparison descends one call a level.
const DEEPEST: usize = 200;

/// How many commits in a row must be older before a walk by date ends: dates may be out of order,
/// by clocks that are wrong or by hands that help.
const SLOP: usize = 64;

/// A file that differs between a commit and its first parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedFile {
    /// Path from the root.
    pub path: String,
    /// Whether the parent has it.
    pub before: bool,
    /// Whether the commit has it.
    pub after: bool,
}

/// A commit on the first-parent line that changed something below the folders asked for.
#[derive(Clone, Debug)]
pub struct Step {
    /// The commit.
    pub commit: CommitId,
    /// Its first parent; none for a root.
    pub parent: Option<CommitId>,
    /// What changed, sorted by path.
    pub files: Vec<ChangedFile>,
}

/// Where a walk over first parents ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The visitor had enough.
    Stopped,
    /// The first commit there is.
    Root,
    /// The cut of a shallow clone.
    Cut,
}

/// The first parents of a tip back to a date.
#[derive(Clone, Debug)]
pub struct Dated {
    /// Newest first, each with the time from which it counts: its committer date, but not earlier
    /// than that of a commit before it, and not in the future.
    pub commits: Vec<(CommitId, Timestamp)>,
    /// Where it ended; `Stopped` at the date.
    pub end: End,
}

/// How a walk went.
#[derive(Clone, Copy, Debug)]
pub struct Walked {
    /// Commits looked at.
    pub commits: usize,
    /// The oldest of them.
    pub last: CommitId,
    /// Where it ended.
    pub end: End,
}

impl Repo {
    /// Of the first parents of `tip` the one on top of `base`, if its tree is this one.
    pub fn child_with(
        &self,
        tip: CommitId,
        base: CommitId,
        tree: Oid,
    ) -> Result<Option<CommitId>, GitError> {
        let mut commit = tip;
        while commit != base {
            let Some(parent) = self.first_parent(commit)? else { return Ok(None) };
            if parent == base {
                let child = self.inner.find_commit(commit.0).map_err(library("read the commit"))?;
                return Ok((child.tree_id() == tree).then_some(commit));
            }
            commit = parent;
        }
        Ok(None)
    }

    /// Walks the first parents from `tip` back and shows `visit` every commit that changed a file
    /// below one of `roots` (folders or files; `""` is everything), newest first, down to `oldest`
    /// where one is given. A commit that changed nothing there costs one or two small reads.
    pub fn first_parents<E: From<GitError>>(
        &self,
        tip: CommitId,
        oldest: Option<CommitId>,
        roots: &[String],
        mut visit: impl FnMut(Step) -> Result<ControlFlow<()>, E>,
    ) -> Result<Walked, E> {
        let mut walk = Walk { repo: self, roots, trees: HashMap::new() };
        let mut commit = tip;
        let mut at = walk.ids(commit)?;
        let mut commits = 1;
        loop {
            let parent = self.first_parent(commit)?;
            let before = parent.map(|parent| walk.ids(parent)).transpose()?;
            let none = vec![None; roots.len()];
            let old = before.as_ref().unwrap_or(&none);
            let cut = parent.is_none() && self.is_cut(commit);
            if at != *old && !cut {
                let files = walk.changed(old, &at)?;
                if visit(Step { commit, parent, files })?.is_break() {
                    return Ok(Walked { commits, last: commit, end: End::Stopped });
                }
            }
            if Some(commit) == oldest {
                return Ok(Walked { commits, last: commit, end: End::Stopped });
            }
            match (parent, before) {
                (Some(next), Some(ids)) => (commit, at) = (next, ids),
                _ => {
                    let end = if cut { End::Cut } else { End::Root };
                    return Ok(Walked { commits, last: commit, end });
                }
            }
            commits += 1;
            walk.forget();
        }
    }

    /// The first parents of `tip` that may count from later than `since`; reads no files.
    pub fn dated(
        &self,
        tip: CommitId,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Dated, GitError> {
        let mut commits = Vec::new();
        let (mut commit, mut older) = (tip, 0);
        let end = loop {
            let date = self.committed(commit)?;
            commits.push((commit, date.min(now)));
            older = if date <= since { older + 1 } else { 0 };
            match self.first_parent(commit)? {
                Some(_) if older == SLOP => break End::Stopped,
                Some(parent) => commit = parent,
                None if self.is_cut(commit) => break End::Cut,
                None => break End::Root,
            }
        };
        let mut latest = Timestamp::MIN;
        for (_, date) in commits.iter_mut().rev() {
            latest = latest.max(*date);
            *date = latest;
        }
        Ok(Dated { commits, end })
    }

    /// The commits of `head` that `base` does not have, newest first.
    pub fn commits_between(
        &self,
        base: CommitId,
        head: CommitId,
    ) -> Result<Vec<CommitId>, GitError> {
        let broken = library("read the commits of the change");
        let mut walk = self.inner.revwalk().map_err(&broken)?;
        walk.push(head.0).and_then(|()| walk.hide(base.0)).map_err(&broken)?;
        walk.map(|id| id.map(CommitId).map_err(&broken)).collect()
    }

    /// The committer date.
    fn committed(&self, commit: CommitId) -> Result<Timestamp, GitError> {
        let object = self.inner.find_commit(commit.0).map_err(library("read the commit"))?;
        Ok(Timestamp::from_second(object.time().seconds()).unwrap_or(Timestamp::MAX))
    }

    /// The files that differ below `roots` between two commits.
    pub fn changed(
        &self,
        from: CommitId,
        to: CommitId,
        roots: &[String],
    ) -> Result<Vec<ChangedFile>, GitError> {
        let mut walk = Walk { repo: self, roots, trees: HashMap::new() };
        let (old, new) = (walk.ids(from)?, walk.ids(to)?);
        walk.changed(&old, &new)
    }

    /// The first parent, where the clone has it.
    pub fn first_parent(&self, commit: CommitId) -> Result<Option<CommitId>, GitError> {
        let object = self.inner.find_commit(commit.0).map_err(library("read the commit"))?;
        let parent = object.parent_id(0).ok();
        Ok(parent
            .filter(|id| !self.is_shallow() || self.inner.find_commit(*id).is_ok())
            .map(CommitId))
    }

    /// Whether a commit without known parent has one that the shallow clone lacks.
    fn is_cut(&self, commit: CommitId) -> bool {
        let odb = self.inner.odb();
        let object = odb.as_ref().ok().and_then(|odb| odb.read(commit.0).ok());
        object.is_some_and(|object| {
            let header = object.data().split(|&b| b == b'\n').take_while(|line| !line.is_empty());
            header.into_iter().any(|line| line.starts_with(b"parent "))
        })
    }
}

struct Walk<'r> {
    repo: &'r Repo,
    roots: &'r [String],
    trees: HashMap<Oid, Rc<TreeData>>,
}

impl Walk<'_> {
    /// What each root is in a commit.
    fn ids(&mut self, commit: CommitId) -> Result<Vec<Option<TreeOrFile>>, GitError> {
        let object = self.repo.inner.find_commit(commit.0).map_err(library("read the commit"))?;
        let root = TreeOrFile { id: object.tree_id(), folder: true };
        self.roots.iter().map(|path| self.at(root, path)).collect()
    }

    fn at(&mut self, root: TreeOrFile, path: &str) -> Result<Option<TreeOrFile>, GitError> {
        let mut here = root;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            if !here.folder {
                return Ok(None);
            }
            match self.tree(here.id)?.get(name) {
                Some(entry) => here = TreeOrFile::of(entry),
                None => return Ok(None),
            }
        }
        Ok(Some(here))
    }

    fn changed(
        &mut self,
        old: &[Option<TreeOrFile>],
        new: &[Option<TreeOrFile>],
    ) -> Result<Vec<ChangedFile>, GitError> {
        let mut files = Vec::new();
        for ((path, old), new) in self.roots.iter().zip(old).zip(new) {
            self.compare(path, *old, *new, &mut files)?;
        }
        files.sort_by(|one, other| one.path.cmp(&other.path));
        files.dedup();
        Ok(files)
    }

    /// Collects the files that differ between two versions of one path.
    fn compare(
        &mut self,
        path: &str,
        old: Option<TreeOrFile>,
        new: Option<TreeOrFile>,
        files: &mut Vec<ChangedFile>,
    ) -> Result<(), GitError> {
        if old == new {
            return Ok(());
        }
        if path.matches('/').count() > DEEPEST {
            return Err(GitError::Unsupported(format!(
                "its folders are nested more than {DEEPEST} deep"
            )));
        }
        let file = |side: Option<TreeOrFile>| side.is_some_and(|side| !side.folder);
        if file(old) || file(new) {
            let (before, after) = (file(old), file(new));
            files.push(ChangedFile { path: path.to_owned(), before, after });
        }
        let (old, new) = (self.entries(old)?, self.entries(new)?);
        for (name, entry) in old.iter() {
            let other = new.get(name).map(TreeOrFile::of);
            self.compare(&join(path, name), Some(TreeOrFile::of(entry)), other, files)?;
        }
        for (name, entry) in new.iter().filter(|(name, _)| old.get(name).is_none()) {
            self.compare(&join(path, name), None, Some(TreeOrFile::of(entry)), files)?;
        }
        Ok(())
    }

    fn entries(&mut self, side: Option<TreeOrFile>) -> Result<Rc<TreeData>, GitError> {
        match side {
            Some(side) if side.folder => self.tree(side.id),
            _ => Ok(Rc::default()),
        }
    }

    fn tree(&mut self, id: Oid) -> Result<Rc<TreeData>, GitError> {
        if let Some(tree) = self.trees.get(&id) {
            return Ok(Rc::clone(tree));
        }
        let tree = Rc::new(self.repo.tree(id)?);
        self.trees.insert(id, Rc::clone(&tree));
        Ok(tree)
    }

    /// Keeps the memory flat over a long history.
    fn forget(&mut self) {
        if self.trees.len() > 512 {
            self.trees.clear();
        }
    }
}

/// What a path is in a commit, as far as comparing needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct TreeOrFile {
    id: Oid,
    folder: bool,
}

impl TreeOrFile {
    fn of(entry: TreeEntry) -> Self {
        TreeOrFile { id: entry.id, folder: entry.is_folder() }
    }
}
