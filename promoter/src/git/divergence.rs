//! What a branch has that another one lacks, and whether git could merge it.

use std::collections::BTreeSet;

use git2::{Index, Oid, Sort};

use super::{CommitId, GitError, Repo, error::library};

/// More commits than a branch of promotions ever has; beyond it, somebody's history was taken for
/// one.
const MOST: usize = 10_000;

/// How a branch stands to the one it is to be merged into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Merging it would change nothing: what it brings is there.
    Landed,
    /// It brings something, and git merges it.
    Ahead,
    /// Both changed the same lines.
    Conflict,
}

impl Repo {
    /// The commits of `tip` that `base` lacks, oldest first.
    pub fn beyond(&self, base: CommitId, tip: CommitId) -> Result<Vec<CommitId>, GitError> {
        let failed = library("list the commits of the branch");
        let mut walk = self.inner.revwalk().map_err(&failed)?;
        walk.set_sorting(Sort::TOPOLOGICAL | Sort::REVERSE).map_err(&failed)?;
        walk.push(tip.0).and_then(|()| walk.hide(base.0)).map_err(&failed)?;
        let commits: Vec<CommitId> = walk
            .take(MOST + 1)
            .collect::<Result<Vec<Oid>, _>>()
            .map_err(&failed)?
            .into_iter()
            .map(CommitId)
            .collect();
        if commits.len() > MOST {
            let words = format!("a branch that is {MOST} commits ahead");
            return Err(GitError::Unsupported(words));
        }
        Ok(commits)
    }

    /// How `tip` stands to `base`.
    pub fn standing(&self, base: CommitId, tip: CommitId) -> Result<Standing, GitError> {
        let root = [String::new()];
        let fork = self.merge_base(base, tip)?;
        let ours = self.changed(fork, tip, &root)?;
        let (here, there) = (self.snapshot(tip)?, self.snapshot(base)?);
        let mut left = BTreeSet::new();
        for file in ours {
            if here.id(&file.path)? != there.id(&file.path)? {
                left.insert(file.path);
            }
        }
        if left.is_empty() {
            return Ok(Standing::Landed);
        }
        let theirs = self.changed(fork, base, &root)?;
        let both = theirs.iter().any(|file| left.contains(&file.path));
        if both && self.merge(base, tip)?.is_none() {
            return Ok(Standing::Conflict);
        }
        Ok(Standing::Ahead)
    }

    /// Whether a commit is nothing but git's own merge of `base` into its first parent, as the
    /// button of a forge makes it.
    pub fn only_brings(&self, base: CommitId, commit: CommitId) -> Result<bool, GitError> {
        let object = self.inner.find_commit(commit.0).map_err(library("read the commit"))?;
        let (Ok(first), Ok(second), 2) =
            (object.parent_id(0), object.parent_id(1), object.parent_count())
        else {
            return Ok(false);
        };
        if !self.contains(base, CommitId(second))? {
            return Ok(false);
        }
        let Some(mut index) = self.merge(CommitId(first), CommitId(second))? else {
            return Ok(false);
        };
        let tree = index.write_tree_to(&self.inner).map_err(library("merge two commits"))?;
        Ok(tree == object.tree_id())
    }

    /// git's own merge of two commits; none where it conflicts.
    fn merge(&self, one: CommitId, other: CommitId) -> Result<Option<Index>, GitError> {
        let find = |id: CommitId| self.inner.find_commit(id.0).map_err(library("read the commit"));
        let merged = self.inner.merge_commits(&find(one)?, &find(other)?, None);
        let index = merged.map_err(library("merge two commits"))?;
        Ok(Some(index).filter(|index| !index.has_conflicts()))
    }
}
