//! git, and nothing of images: snapshots of one commit, history, new commits, delivery.
//!
//! The only room that names git2 or runs `git`. Everything is read from the object store, never
//! from the working tree. What crosses a network (fetch, push) or signs goes through the user's
//! own git, so that ssh, credential helpers, hooks, proxies and keys work as they do by hand.

mod branch;
mod checkout;
mod command;
mod commit;
mod divergence;
mod error;
mod history;
mod identity;
mod journal;
mod leftover;
mod objects;
mod pack;
mod promised;
mod publish;
mod redact;
mod remote;
mod snapshot;
mod tree;

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use git2::{ErrorCode, Repository};
use tempfile::TempDir;

pub use branch::{Branch, Upstream};
pub use checkout::Local;
pub use command::Deadline;
pub use commit::{Author, CommitId, CommitInfo};
pub use divergence::Standing;
pub use error::GitError;
pub use history::{ChangedFile, Dated, End, Step, Walked};
pub use publish::{Afterwards, Push};
pub use redact::{is_suspicious, redact};
pub use remote::Location;
pub use snapshot::{Entry, Snapshot};

use error::library;

/// An open repository: a working clone, a bare one, or a linked worktree.
pub struct Repo {
    inner: Repository,
    /// Where git commands run.
    root: PathBuf,
    /// Who commits, once that was asked.
    who: RefCell<Option<identity::Known>>,
    /// The remote that promised what a partial clone left out.
    promisor: Option<String>,
    /// The folder of a repository that is only a URL.
    temporary: Option<TempDir>,
}

impl Repo {
    /// Opens the repository at `path` or above it.
    pub fn open(path: &Path) -> Result<Self, GitError> {
        // Every object was checked when it was written, and git itself does not check on reading.
        git2::opts::strict_hash_verification(false);
        let inner = Repository::discover(path).map_err(|error| match error.code() {
            ErrorCode::NotFound => GitError::NotARepository(path.to_owned()),
            _ => GitError::Unsupported(error.message().to_owned()),
        })?;
        let root = inner.workdir().unwrap_or_else(|| inner.path()).to_owned();
        let promisor = promised::promisor(&inner);
        let who = RefCell::default();
        let repo = Repo { inner, root, who, promisor, temporary: None };
        repo.refuse_unsupported()?;
        repo.recover()?;
        Ok(repo)
    }

    /// The root of the working tree, or the git directory of a bare repository.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether there is a working tree.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.inner.is_bare()
    }

    /// Whether the history ends where a shallow clone was cut off.
    #[must_use]
    pub fn is_shallow(&self) -> bool {
        self.inner.is_shallow()
    }

    /// Refuses by name what libgit2 would only stumble over later.
    fn refuse_unsupported(&self) -> Result<(), GitError> {
        let config = self.inner.config().map_err(library("read git's configuration"))?;
        let format = config.get_string("extensions.objectformat").unwrap_or_default();
        if !format.is_empty() && format != "sha1" {
            return Err(GitError::Unsupported(format!("its objects are {format}, not sha1")));
        }
        Ok(())
    }

    /// The folder for what promoter keeps between its own steps; never part of a commit.
    fn state_dir(&self) -> PathBuf {
        self.inner.path().join("promoter")
    }

    /// The same for what all working trees of the repository share.
    fn shared_state_dir(&self) -> PathBuf {
        self.inner.commondir().join("promoter")
    }
}
