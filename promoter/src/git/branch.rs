//! Which branch is meant, and where it is pushed to.

use git2::{BranchType, ErrorCode, ReferenceType};

use super::{CommitId, GitError, Repo, error::library};

/// A branch, or what stands for one in a checkout without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Branch {
    /// A local branch, by short name.
    Local(String),
    /// A remote-tracking branch, as `origin/main`.
    Remote(String),
    /// HEAD is a commit.
    Detached,
}

/// A branch of a remote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upstream {
    /// Name of the remote.
    pub remote: String,
    /// Name of the branch there, without `refs/heads/`.
    pub branch: String,
}

impl Upstream {
    /// As people write it: `origin/main`.
    #[must_use]
    pub fn short(&self) -> String {
        format!("{}/{}", self.remote, self.branch)
    }

    pub(super) fn refname(&self) -> String {
        format!("refs/heads/{}", self.branch)
    }

    /// Where promoter keeps what it fetched.
    pub(super) fn own_ref(&self) -> String {
        format!("refs/promoter/upstream/{}", self.short())
    }
}

impl Branch {
    /// As people write it.
    #[must_use]
    pub fn short(&self) -> &str {
        match self {
            Branch::Local(name) | Branch::Remote(name) => name,
            Branch::Detached => "HEAD",
        }
    }

    pub(super) fn refname(&self) -> String {
        match self {
            Branch::Local(name) => format!("refs/heads/{name}"),
            Branch::Remote(name) => format!("refs/remotes/{name}"),
            Branch::Detached => "HEAD".to_owned(),
        }
    }
}

impl Repo {
    /// The branch that `name` means; without a name the checked-out one.
    pub fn branch(&self, name: Option<&str>) -> Result<Branch, GitError> {
        let Some(name) = name else { return self.checked_out() };
        let local = Branch::Local(name.trim_start_matches("refs/heads/").to_owned());
        let remote = Branch::Remote(name.trim_start_matches("refs/remotes/").to_owned());
        for branch in [local, remote] {
            if self.inner.find_reference(&branch.refname()).is_ok() {
                return Ok(branch);
            }
        }
        Err(GitError::NoBranch { name: name.to_owned(), nearest: self.nearest_branch(name) })
    }

    fn checked_out(&self) -> Result<Branch, GitError> {
        let head = self.inner.find_reference("HEAD").map_err(library("read HEAD"))?;
        match head.kind() {
            Some(ReferenceType::Symbolic) => {
                let target = head.symbolic_target().ok().flatten().unwrap_or_default();
                Ok(Branch::Local(target.trim_start_matches("refs/heads/").to_owned()))
            }
            _ => Ok(Branch::Detached),
        }
    }

    fn nearest_branch(&self, name: &str) -> Option<String> {
        let branches = self.inner.branches(None).ok()?;
        let names =
            branches.flatten().filter_map(|(branch, _)| branch.name().ok()?.map(str::to_owned));
        names
            .map(|known| (strsim::damerau_levenshtein(name, &known), known))
            .min()
            .filter(|(distance, _)| *distance <= name.len() / 2)
            .map(|(_, known)| known)
    }

    /// The newest commit of a branch.
    pub fn tip(&self, branch: &Branch) -> Result<CommitId, GitError> {
        let reference = self.inner.find_reference(&branch.refname());
        let commit = reference.and_then(|reference| reference.peel_to_commit());
        commit.map(|commit| CommitId(commit.id())).map_err(|error| match error.code() {
            ErrorCode::NotFound | ErrorCode::UnbornBranch => {
                GitError::Unborn(branch.short().to_owned())
            }
            _ => library("read the branch")(error),
        })
    }

    /// The commit that a revision names, as git understands it (`HEAD~2`, a tag, an id).
    pub fn revision(&self, text: &str) -> Result<CommitId, GitError> {
        let object = self.inner.revparse_single(text);
        let commit = object.and_then(|object| object.peel_to_commit());
        commit.map(|commit| CommitId(commit.id())).map_err(|_| {
            if self.is_shallow() {
                GitError::Shallow { words: format!("`{text}` names no commit in it") }
            } else {
                GitError::NoRevision(text.to_owned())
            }
        })
    }

    /// Where a branch is pushed to and fetched from.
    pub fn upstream(&self, branch: &Branch) -> Result<Upstream, GitError> {
        let none = || GitError::NoUpstream(branch.short().to_owned());
        let name = branch.refname();
        match branch {
            Branch::Remote(short) => {
                let remote = self.inner.branch_remote_name(&name).map_err(|_| none())?;
                let remote = remote.as_str().map_err(|_| none())?.to_owned();
                let rest = short.strip_prefix(&remote).and_then(|rest| rest.strip_prefix('/'));
                Ok(Upstream { branch: rest.ok_or_else(none)?.to_owned(), remote })
            }
            Branch::Local(short) => {
                self.configured(&name).or_else(|| self.only_remote(short)).ok_or_else(none)
            }
            Branch::Detached => Err(GitError::Detached),
        }
    }

    /// The URLs of a remote: as git goes there, then as it is configured, before `insteadOf`.
    #[must_use]
    pub fn urls(&self, remote: &str) -> Vec<String> {
        let gone = self.inner.find_remote(remote).ok();
        let gone = gone.and_then(|remote| remote.url().ok().map(str::to_owned));
        let config = self.inner.config().ok();
        let written = config.and_then(|all| all.get_string(&format!("remote.{remote}.url")).ok());
        gone.into_iter().chain(written).collect()
    }

    /// `branch.<name>.remote` and `branch.<name>.merge`.
    fn configured(&self, refname: &str) -> Option<Upstream> {
        let remote = self.inner.branch_upstream_remote(refname).ok()?;
        let merge = self.inner.branch_upstream_merge(refname).ok()?;
        let branch = merge.as_str().ok()?.strip_prefix("refs/heads/")?.to_owned();
        Some(Upstream { remote: remote.as_str().ok()?.to_owned(), branch })
    }

    /// A branch without configuration goes to the one remote there is.
    fn only_remote(&self, short: &str) -> Option<Upstream> {
        let remotes = self.inner.remotes().ok()?;
        let mut names = remotes.iter().flatten().flatten();
        match (names.next(), names.next()) {
            (Some(remote), None) => {
                Some(Upstream { remote: remote.to_owned(), branch: short.to_owned() })
            }
            _ => None,
        }
    }

    /// The newest known commit of a local branch's upstream.
    #[must_use]
    pub fn tracked(&self, branch: &Branch) -> Option<CommitId> {
        let Branch::Local(short) = branch else { return None };
        let local = self.inner.find_branch(short, BranchType::Local).ok()?;
        local.upstream().ok()?.get().target().map(CommitId)
    }

    /// How many commits the known upstream has that a local branch has not.
    #[must_use]
    pub fn behind(&self, branch: &Branch) -> Option<(Upstream, usize)> {
        let Branch::Local(short) = branch else { return None };
        let upstream = self.configured(&branch.refname())?;
        let tracking = self.tracked(branch)?.0;
        let own = self.inner.find_branch(short, BranchType::Local).ok()?.get().target()?;
        if own == tracking {
            return None;
        }
        let (_, behind) = self.inner.graph_ahead_behind(own, tracking).ok()?;
        (behind > 0).then_some((upstream, behind))
    }

    /// Whether `ancestor` is `commit` or in its history, as far as a shallow clone has that.
    pub fn contains(&self, commit: CommitId, ancestor: CommitId) -> Result<bool, GitError> {
        if commit == ancestor {
            return Ok(true);
        }
        match self.inner.graph_descendant_of(commit.0, ancestor.0) {
            // libgit2 reads when it opens the repository where history was cut off, and a commit
            // may have come without its own since.
            Err(error) if error.code() == ErrorCode::NotFound && self.is_shallow() => Ok(false),
            found => found.map_err(library("compare two commits")),
        }
    }

    /// The newest commit that both have.
    pub fn merge_base(&self, one: CommitId, other: CommitId) -> Result<CommitId, GitError> {
        self.inner.merge_base(one.0, other.0).map(CommitId).map_err(|error| match error.code() {
            ErrorCode::NotFound => GitError::Unrelated { one: one.short(), other: other.short() },
            _ => library("find where the branches part")(error),
        })
    }
}
