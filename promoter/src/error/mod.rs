//! Everything that can go wrong, as data: a kind, a stable code, words, a hint on what to do.

mod code;
mod hint;
mod words;

use crate::forge::ForgeError;
use crate::gate::{HoldsError, Verdict};
use crate::git::{CommitId, GitError};
use crate::overlay::OverlayError;
use crate::pipeline::PipelineError;
use crate::place::Place;
use crate::plan::{Change, Problem};
use crate::signature::TrustError;
use crate::version::{Key, Version, VersionError};

pub(crate) use words::problem;
use words::{listed, not_there, overtaken, problems, refused, strangers, unfinished};

/// What an error means for the caller; each kind has its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Usage, configuration, YAML, a missing or ambiguous match.
    Input,
    /// A rule said no, or could not say yes.
    Refused,
    /// Someone else moved the same thing, or the working tree is in the way.
    Conflict,
    /// `wait` was patient for long enough.
    TimedOut,
    /// I/O, git, network, a server's refusal, the deadline.
    Failed,
}

impl Kind {
    /// The exit code of the contract.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Kind::Input => 2,
            Kind::Refused => 3,
            Kind::Conflict => 4,
            Kind::TimedOut => 5,
            Kind::Failed => 6,
        }
    }
}

/// A version that someone else moved between reading and writing.
#[derive(Clone, Debug)]
pub struct Overtaken {
    /// The service.
    pub service: String,
    /// What the version belongs to.
    pub key: Key,
    /// What was there when the command began.
    pub expected: Option<Version>,
    /// What is there now.
    pub found: Option<Version>,
    /// The commit that moved it, where known.
    pub by: Option<Mover>,
}

/// Who moved a version, and when.
#[derive(Clone, Debug)]
pub struct Mover {
    /// The commit.
    pub commit: CommitId,
    /// Its author.
    pub name: String,
    /// When it was committed, RFC 3339.
    pub time: String,
    /// Its subject.
    pub subject: String,
}

/// A service that does not run what it should.
#[derive(Clone, Debug)]
pub struct Unfinished {
    /// The service.
    pub service: String,
    /// Its application.
    pub application: String,
    /// Why, in Argo CD's words where it has some.
    pub reason: String,
    /// Whether Argo CD answered when it was asked last.
    pub told: bool,
}

/// Any error of the tool.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A repository.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A forge.
    #[error(transparent)]
    Forge(#[from] ForgeError),
    /// Commits of others that a new start of the branch would lose.
    #[error("{}", strangers(.branch, .commits))]
    Strangers {
        /// The branch of the pull request.
        branch: String,
        /// What stands in the way.
        commits: Vec<Mover>,
    },
    /// A kustomization file.
    #[error(transparent)]
    Overlay(#[from] OverlayError),
    /// promoter.yaml.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// A holds file.
    #[error(transparent)]
    Holds(#[from] HoldsError),
    /// A version on the command line.
    #[error("{argument}: {source}")]
    Version {
        /// The argument.
        argument: String,
        /// What is wrong with it.
        source: VersionError,
    },
    /// Arguments that contradict or lack something.
    #[error("{0}")]
    Usage(String),
    /// No promoter.yaml, and not the default layout.
    #[error(
        "there is no promoter.yaml in commit {commit}, and no environments/dev, staging and prod"
    )]
    NoConfiguration {
        /// The commit read.
        commit: String,
        /// Whether one lies uncommitted in the working tree.
        uncommitted: bool,
    },
    /// The user's configuration file cannot be read.
    #[error("cannot read {path}: {reason}")]
    File {
        /// The path as given.
        path: String,
        /// Why.
        reason: String,
    },
    /// The layout matches nothing.
    #[error("{}the layout finds no service in {environment}, looking below {}", .place.as_ref().map_or_else(String::new, |place| format!("{place}: ")), .roots.join(", "))]
    NoServices {
        /// Where.
        environment: String,
        /// The folders looked into.
        roots: Vec<String>,
        /// Where the layout stands, unless it is the default one.
        place: Option<Place>,
    },
    /// A service that is not there.
    #[error("no service `{asked}` in {environment}")]
    UnknownService {
        /// As asked.
        asked: String,
        /// Where.
        environment: String,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// A short name for several services.
    #[error("`{asked}` means several services: {}", .candidates.join(", "))]
    AmbiguousService {
        /// As asked.
        asked: String,
        /// Which.
        candidates: Vec<String>,
    },
    /// An image or remote that is not there.
    #[error("no image or service `{asked}` in {environment}")]
    UnknownImage {
        /// As asked.
        asked: String,
        /// Where.
        environment: String,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// A name for several images.
    #[error("`{asked}` means several images: {}", .candidates.join(", "))]
    AmbiguousImage {
        /// As asked.
        asked: String,
        /// Which.
        candidates: Vec<String>,
    },
    /// Versions that `--not-older` cannot order.
    #[error(
        "{image}: cannot tell whether {new} is older than {old}: not both are semantic versions"
    )]
    NotComparable {
        /// The image.
        image: String,
        /// What is there.
        old: String,
        /// What was given.
        new: String,
    },
    /// What makes a promotion impossible as asked.
    #[error("{}", problems(.0))]
    Problems(Vec<Problem>),
    /// Verdicts that block.
    #[error("{}", refused(.0))]
    Refused(Vec<Verdict>),
    /// Compare-and-set failed.
    #[error("{}", overtaken(.0))]
    Overtaken(Vec<Overtaken>),
    /// The source dropped what was to be promoted while it was being promoted.
    #[error("{environment} no longer has {}", .dropped.join(", "))]
    Dropped {
        /// The source.
        environment: String,
        /// Service and version.
        dropped: Vec<String>,
    },
    /// Nothing to go back to.
    #[error("{environment} has run no other version of {service} before this one")]
    NothingBefore {
        /// The environment.
        environment: String,
        /// The service.
        service: String,
    },
    /// A commit or time that is not in the history of the branch.
    #[error("{0}")]
    NoPoint(String),
    /// History began before anything could be rolled back.
    #[error("no commit has changed a version in {0}")]
    NeverChanged(String),
    /// A commit that would have no clone to stay in.
    #[error("there is no clone that a commit could stay in: --repo is a URL")]
    NoClone,
    /// Nobody to ask for what runs.
    #[error("neither ARGOCD_SERVER nor a kubeconfig is set")]
    NoArgocd,
    /// promoter.yaml does not say what Argo CD calls a service.
    #[error("promoter.yaml does not say what Argo CD calls a service")]
    NoApplication,
    /// Argo CD cannot be spoken to at all.
    #[error("{0}")]
    Argocd(String),
    /// What was waited for runs, and is not well.
    #[error("{}: {} ({})", .0.service, .0.reason, .0.application)]
    Degraded(Unfinished),
    /// The time is up.
    #[error("{}", unfinished(.0))]
    TimedOut(Vec<Unfinished>),
    /// The time is up, and a pull request is not merged.
    #[error("the time is up, and {0} is not merged")]
    Unmerged(String),
    /// What was promoted is not where it should have arrived.
    #[error("{}", not_there(.environment, .missing))]
    NotThere {
        /// The target.
        environment: String,
        /// What would bring it there.
        missing: Vec<Change>,
    },
    /// Another version came in between.
    #[error("{service} was moved on: {by} came after {commit} and has other versions")]
    Superseded {
        /// What was waited for.
        commit: String,
        /// What is there.
        by: String,
        /// The service.
        service: String,
    },
    /// A tool that is not there.
    #[error("cannot run `{tool}`: {reason}")]
    Tool {
        /// Its name.
        tool: &'static str,
        /// Why.
        reason: String,
    },
    /// A key or trust root that promoter.yaml names and the commit lacks.
    #[error("{path}: is named in promoter.yaml and not in this commit")]
    NoTrust {
        /// The path.
        path: String,
    },
    /// A key or trust root that is none.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// A registry that does not say what was needed.
    #[error("cannot find out the digest of {image}: {reason}")]
    Registry {
        /// Image and version.
        image: String,
        /// Why.
        reason: String,
    },
    /// `init` found more than one answer.
    #[error("the repository can be read in several ways:{}", listed(.candidates))]
    Undecided {
        /// The flags that choose each, the best first.
        candidates: Vec<String>,
    },
    /// `init` found no environments.
    #[error(
        "no environments found: none of {kustomizations} kustomization files stands in folders named like environments"
    )]
    NothingFound {
        /// How many were looked at.
        kustomizations: usize,
    },
}

impl Error {
    /// The place in a file, where the error has one.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        match self {
            Error::Overlay(error) => error.place(),
            Error::Pipeline(error) => error.place(),
            Error::Holds(error) => error.place(),
            Error::NoServices { place, .. } => place.as_ref(),
            _ => None,
        }
    }

    /// Whether one file is to blame, so that other services are none the worse.
    #[must_use]
    pub fn is_about_a_file(&self) -> bool {
        matches!(self, Error::Overlay(_) | Error::Git(GitError::SymbolicLink(_)))
    }

    /// What an outside program said, line by line.
    #[must_use]
    pub fn words(&self) -> Option<&str> {
        match self {
            Error::Git(
                GitError::Refused { words, .. }
                | GitError::Unknown { words, .. }
                | GitError::Command { words, .. }
                | GitError::Shallow { words },
            ) => Some(words.as_str()).filter(|words| !words.is_empty()),
            Error::Forge(error) => error.words().filter(|words| !words.is_empty()),
            _ => None,
        }
    }
}
