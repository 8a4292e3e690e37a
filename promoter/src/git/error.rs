//! What can go wrong with a repository, as data.

use std::path::{Path, PathBuf};

use git2::ErrorCode;

/// A git operation that could not be done. Words are here, exit codes in [`crate::error`].
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// No repository at or above the folder.
    #[error("{} is not in a git repository", .0.display())]
    NotARepository(PathBuf),
    /// The repository uses something that is not supported; the reason names it.
    #[error("this repository cannot be read: {0}")]
    Unsupported(String),
    /// The index uses something that is not supported, as a split or sparse index does.
    #[error("the index of this working tree cannot be changed: {0}")]
    Index(String),
    /// Neither a local nor a remote-tracking branch.
    #[error("no branch `{name}`")]
    NoBranch {
        /// The name asked for.
        name: String,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
    /// HEAD points to a branch without commits.
    #[error("branch `{0}` has no commits yet")]
    Unborn(String),
    /// A revision that names no commit.
    #[error("`{0}` names no commit here")]
    NoRevision(String),
    /// Two commits without a common one.
    #[error("{one} and {other} have no commit in common")]
    Unrelated {
        /// One commit.
        one: String,
        /// The other.
        other: String,
    },
    /// `commit` delivery needs a branch to move.
    #[error("HEAD is detached, so there is no branch to move")]
    Detached,
    /// `commit` delivery can only move a local branch.
    #[error("`{0}` is a remote-tracking branch, which only a push can move")]
    NotLocal(String),
    /// `push` delivery needs to know where to push.
    #[error("branch `{0}` has no upstream, so there is nowhere to push")]
    NoUpstream(String),
    /// No author or committer.
    #[error("git does not know who commits")]
    Identity,
    /// A merge, rebase or the like is not finished.
    #[error("{0} is in progress in this working tree")]
    InProgress(String),
    /// Files the commit must change hold changes of the user's.
    #[error("{} with changes that are not committed: {}", count(.0), list(.0))]
    Dirty(Vec<String>),
    /// Another process holds a lock of git's.
    #[error("{} is held by another git process", .0.display())]
    Locked(PathBuf),
    /// The branch is checked out in another working tree.
    #[error("branch `{branch}` is checked out in {}", .worktree.display())]
    CheckedOutElsewhere {
        /// The branch.
        branch: String,
        /// Where it is checked out.
        worktree: PathBuf,
    },
    /// The file is a symbolic link, so its bytes are a path.
    #[error("{0}: is a symbolic link, and promoter edits regular files only")]
    SymbolicLink(String),
    /// The server's or a hook's refusal: final.
    #[error("{remote} refused the push of {branch}")]
    Refused {
        /// Name of the remote.
        remote: String,
        /// The branch pushed to.
        branch: String,
        /// What git and the server said, without secrets.
        words: String,
    },
    /// The push was cut off, and the remote could not be asked whether it has taken it.
    #[error("the push to {remote} was cut off, and it is not known whether {commit} landed")]
    Unknown {
        /// Name of the remote.
        remote: String,
        /// Our commit.
        commit: String,
        /// What git said, without secrets.
        words: String,
    },
    /// A git command failed.
    #[error("`git {verb}` failed")]
    Command {
        /// Its verb and object, as `fetch origin`.
        verb: String,
        /// What it printed, without secrets.
        words: String,
    },
    /// The branch moved, and the working files could not follow; the journal knows.
    #[error("commit {commit} is made, but the working files are not all updated: {cause}")]
    Unfinished {
        /// The new commit.
        commit: String,
        /// Why not.
        cause: Box<GitError>,
    },
    /// The deadline passed.
    #[error("not done within {0} seconds")]
    Deadline(u64),
    /// History is needed that a shallow clone does not have.
    #[error("this clone is shallow and lacks the history that is needed")]
    Shallow {
        /// What it lacks, or what fetch said.
        words: String,
    },
    /// An object is not in the clone.
    #[error("object {0} is missing in this clone")]
    MissingObject(String),
    /// The file system.
    #[error("cannot {doing} {}: {source}", .path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// On which file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// Everything else libgit2 may say.
    #[error("cannot {doing}: {words}")]
    Library {
        /// What was tried.
        doing: &'static str,
        /// What libgit2 said.
        words: String,
    },
}

fn count(paths: &[String]) -> String {
    let plural = if paths.len() == 1 { "file" } else { "files" };
    format!("{} {plural}", paths.len())
}

fn list(paths: &[String]) -> String {
    let shown: Vec<&str> = paths.iter().take(5).map(String::as_str).collect();
    let more = paths.len().saturating_sub(shown.len());
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

/// Turns what libgit2 says into ours, with what was being done.
pub(super) fn library(doing: &'static str) -> impl Fn(git2::Error) -> GitError {
    move |error| match error.code() {
        ErrorCode::NotFound if error.class() == git2::ErrorClass::Odb => {
            GitError::MissingObject(error.message().to_owned())
        }
        _ => GitError::Library { doing, words: error.message().to_owned() },
    }
}

/// Turns an I/O error into ours, with what was being done to which file.
pub(super) fn io(doing: &'static str, path: &Path) -> impl Fn(std::io::Error) -> GitError {
    move |source| GitError::Io { doing, path: path.to_owned(), source }
}
