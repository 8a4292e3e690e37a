//! What an error means for the caller, and its word for scripts.

use crate::git::GitError;

use super::{Error, Kind};

impl Error {
    /// What it means for the caller.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Error::Git(error) => git_kind(error),
            Error::Forge(error) if error.is_input() => Kind::Input,
            Error::Refused(_) => Kind::Refused,
            Error::Overtaken(_)
            | Error::Dropped { .. }
            | Error::Superseded { .. }
            | Error::NotThere { .. }
            | Error::Strangers { .. } => Kind::Conflict,
            Error::TimedOut(_) | Error::Unmerged(_) => Kind::TimedOut,
            Error::Tool { .. }
            | Error::Argocd(_)
            | Error::Degraded(_)
            | Error::Forge(_)
            | Error::Registry { .. } => Kind::Failed,
            _ => Kind::Input,
        }
    }

    /// A word for scripts that stays when the wording changes.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Error::Git(error) => git_code(error),
            Error::Forge(error) => error.code(),
            Error::Strangers { .. } => "others-commits",
            Error::Overlay(error) => error.code(),
            Error::Pipeline(error) => error.code(),
            Error::Holds(_) => "invalid-hold",
            Error::Version { .. } => "invalid-version",
            Error::Usage(_) => "usage",
            Error::NoConfiguration { .. } => "no-configuration",
            Error::File { .. } => "unreadable-file",
            Error::NoServices { .. } => "no-services",
            Error::UnknownService { .. } => "unknown-service",
            Error::AmbiguousService { .. } => "ambiguous-service",
            Error::UnknownImage { .. } => "unknown-image",
            Error::AmbiguousImage { .. } => "ambiguous-image",
            Error::NotComparable { .. } => "not-comparable",
            Error::Problems(_) => "incomplete-target",
            Error::Refused(_) => "refused",
            Error::Overtaken(_) => "overtaken",
            Error::Dropped { .. } => "dropped",
            Error::NothingBefore { .. } => "nothing-before",
            Error::NoPoint(_) => "no-point",
            Error::NeverChanged(_) => "never-changed",
            Error::NoClone => "no-clone",
            Error::NoArgocd => "no-argocd",
            Error::NoApplication => "no-application",
            Error::Argocd(_) => "argocd",
            Error::Degraded(_) => "degraded",
            Error::TimedOut(_) => "timed-out",
            Error::Unmerged(_) => "unmerged",
            Error::Superseded { .. } => "superseded",
            Error::NotThere { .. } => "not-there",
            Error::Tool { .. } => "missing-tool",
            Error::NoTrust { .. } | Error::Trust(_) => "invalid-trust",
            Error::Registry { .. } => "registry",
            Error::Undecided { .. } => "undecided",
            Error::NothingFound { .. } => "nothing-found",
        }
    }
}

fn git_kind(error: &GitError) -> Kind {
    match error {
        GitError::NotARepository(_)
        | GitError::Unsupported(_)
        | GitError::Index(_)
        | GitError::NoBranch { .. }
        | GitError::Unborn(_)
        | GitError::NoRevision(_)
        | GitError::Unrelated { .. }
        | GitError::NotLocal(_)
        | GitError::NoUpstream(_)
        | GitError::Identity
        | GitError::SymbolicLink(_) => Kind::Input,
        GitError::Detached
        | GitError::InProgress(_)
        | GitError::Dirty(_)
        | GitError::Locked(_)
        | GitError::CheckedOutElsewhere { .. } => Kind::Conflict,
        _ => Kind::Failed,
    }
}

fn git_code(error: &GitError) -> &'static str {
    match error {
        GitError::NotARepository(_) => "not-a-repository",
        GitError::Unsupported(_) => "unsupported-repository",
        GitError::Index(_) => "unsupported-index",
        GitError::NoBranch { .. } => "no-branch",
        GitError::Unborn(_) => "no-commits",
        GitError::NoRevision(_) => "no-revision",
        GitError::Unrelated { .. } => "unrelated",
        GitError::Detached => "detached",
        GitError::NotLocal(_) => "not-local",
        GitError::NoUpstream(_) => "no-upstream",
        GitError::Identity => "no-identity",
        GitError::InProgress(_) => "in-progress",
        GitError::Dirty(_) => "dirty",
        GitError::Locked(_) => "locked",
        GitError::CheckedOutElsewhere { .. } => "checked-out-elsewhere",
        GitError::SymbolicLink(_) => "symbolic-link",
        GitError::Refused { .. } => "push-refused",
        GitError::Unknown { .. } => "push-unknown",
        GitError::Command { .. } => "git-failed",
        GitError::Unfinished { .. } => "unfinished",
        GitError::Deadline(_) => "deadline",
        GitError::Shallow { .. } => "shallow",
        GitError::MissingObject(_) => "missing-object",
        GitError::Io { .. } => "io",
        GitError::Library { .. } => "git",
    }
}
