//! Everything that can go wrong, as data: a kind, a stable code, words, a hint on what to do.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::forge::ForgeError;
use crate::gate::{HoldsError, Outcome, Verdict};
use crate::git::{CommitId, GitError};
use crate::overlay::OverlayError;
use crate::pipeline::PipelineError;
use crate::place::Place;
use crate::plan::Problem;
use crate::signature::TrustError;
use crate::version::{Key, Version, VersionError};

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
            | Error::Strangers { .. } => Kind::Conflict,
            Error::TimedOut(_) => Kind::TimedOut,
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
            Error::NoArgocd => "no-argocd",
            Error::NoApplication => "no-application",
            Error::Argocd(_) => "argocd",
            Error::Degraded(_) => "degraded",
            Error::TimedOut(_) => "timed-out",
            Error::Superseded { .. } => "superseded",
            Error::Tool { .. } => "missing-tool",
            Error::NoTrust { .. } | Error::Trust(_) => "invalid-trust",
            Error::Registry { .. } => "registry",
            Error::Undecided { .. } => "undecided",
            Error::NothingFound { .. } => "nothing-found",
        }
    }

    /// What to do next, where that can be said.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let meant =
            |name: &Option<String>| name.as_ref().map(|name| format!("did you mean `{name}`?"));
        Some(match self {
            Error::Git(error) => return git_hint(error),
            Error::Forge(error) => return error.hint().map(str::to_owned),
            Error::Strangers { .. } => "merge or close the pull request and delete its branch, or merge the base into the branch by hand".into(),
            Error::Overlay(error) => error.hint(),
            Error::Pipeline(error) => return error.hint(),
            Error::Holds(_) => {
                "correct the file by hand: a list of `{kind, version, reason, by, since, until}`"
                    .into()
            }
            Error::Version { .. } => {
                "write a version as TAG, TAG@sha256:DIGEST or sha256:DIGEST".into()
            }
            Error::NoConfiguration { uncommitted: true, .. } => {
                "a promoter.yaml lies in the working tree: commit it, and push it before `--push`".into()
            }
            Error::NoConfiguration { .. } => {
                "run `promoter init`, then commit promoter.yaml".into()
            }
            Error::UnknownService { nearest, .. } | Error::UnknownImage { nearest, .. } => {
                return meant(nearest)
                    .or_else(|| Some("`promoter status` lists what is there".into()));
            }
            Error::AmbiguousService { .. } | Error::AmbiguousImage { .. } => {
                "use the full name".into()
            }
            Error::NoServices { .. } => "correct `layout` or `path` in promoter.yaml; `promoter init --dry-run` shows what it would find".into(),
            Error::NotComparable { .. } => {
                "leave out --not-older, or use tags such as 1.4.2".into()
            }
            Error::Problems(problems) => return Some(problem_hint(problems)),
            Error::Refused(verdicts) => return Some(refusal_hint(verdicts)),
            Error::Overtaken(_) | Error::Dropped { .. } => {
                "look at `promoter status`, then run the command again if you still want it".into()
            }
            Error::NothingBefore { .. } | Error::NoPoint(_) | Error::NeverChanged(_) => {
                "`promoter history` shows what there was; `--to COMMIT` names a point".into()
            }
            Error::NoArgocd => "set ARGOCD_SERVER and ARGOCD_AUTH_TOKEN, or KUBECONFIG".into(),
            Error::NoApplication => {
                "add `argocd: { application: \"{service}-{environment}\" }` to promoter.yaml".into()
            }
            Error::Argocd(_) => "ARGOCD_SERVER is a host, perhaps with a port, or a URL".into(),
            Error::Degraded(_) => "`promoter rollback` brings back what ran before; `argocd app get` shows more".into(),
            Error::TimedOut(_) => "`--timeout` gives it longer; `argocd app get` shows more".into(),
            Error::Superseded { .. } => "run it again to wait for what is there now".into(),
            Error::Tool { .. } => "install it, or leave out --rendered".into(),
            Error::NoTrust { .. } | Error::Trust(_) => {
                "commit the public key (`cosign public-key`) or the trusted_root.json at this path"
                    .into()
            }
            Error::Registry { .. } => {
                "give the digest yourself: IMAGE=TAG@sha256:DIGEST; `docker login` keeps credentials where promoter looks".into()
            }
            Error::Undecided { .. } => "run it again with the flags of one of them".into(),
            Error::NothingFound { .. } => {
                "say where they are: `--layout 'apps/{environment}/{service}' --environments test,live`".into()
            }
            Error::Usage(_) => "`promoter help COMMAND` shows the usage".into(),
            Error::File { .. } => "a path is taken from the current folder, not from `--repo`".into(),
        })
    }

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

fn listed(candidates: &[String]) -> String {
    candidates.iter().fold(String::new(), |text, one| text + "\n  promoter init " + one)
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

fn git_hint(error: &GitError) -> Option<String> {
    Some(match error {
        GitError::NotARepository(_) => "run it inside a clone, or name one with `--repo DIR`".into(),
        GitError::Unsupported(_) => "see docs/verification.md for what is supported".into(),
        GitError::Index(_) => "`git update-index --no-split-index` or `git sparse-checkout reapply --no-sparse-index`, or use `--push`, which leaves the index alone".into(),
        GitError::NoBranch { nearest: Some(name), .. } => format!("did you mean `{name}`?"),
        GitError::NoBranch { .. } => "`git branch --all` lists the branches".into(),
        GitError::Unborn(_) => "commit something first".into(),
        GitError::NoRevision(_) => "name a commit, a tag or a branch that `git log` knows".into(),
        GitError::Unrelated { .. } => "name a base that this branch grew from; a shallow clone may lack where they part: `fetch-depth: 0`".into(),
        GitError::Detached => "`git switch BRANCH`, or use `--push --branch BRANCH`".into(),
        GitError::NotLocal(_) => "use `--push`, or name a local branch".into(),
        GitError::NoUpstream(_) => "`git branch --set-upstream-to=REMOTE/BRANCH`, or `--branch REMOTE/BRANCH`".into(),
        GitError::Identity => "git config --global user.name \"Your Name\" && git config --global user.email you@example.com".into(),
        GitError::InProgress(_) => "finish or abort it first; `git status` tells how".into(),
        GitError::Dirty(_) => "commit or stash them, or use `--push`, which leaves the working tree alone".into(),
        GitError::Locked(_) => "wait for it to end; if none is running, remove the file".into(),
        GitError::CheckedOutElsewhere { .. } => "run it there, or use `--push`".into(),
        GitError::SymbolicLink(_) => "make it a regular file, or leave its service out with `--except`".into(),
        GitError::Refused { .. } => "the refusal is final: see what the server says; a protected branch needs a pull request".into(),
        GitError::Unfinished { .. } => "free what is in the way, then run any promoter command: it finishes the rest".into(),
        GitError::Unknown { .. } => "run the same command again when the remote answers: it finds out, and does nothing twice".into(),
        GitError::Deadline(_) => "running it again is safe; `--timeout` gives it longer".into(),
        GitError::Shallow { .. } => "clone with `fetch-depth: 0` (git fetch --unshallow)".into(),
        GitError::MissingObject(_) => "the clone is partial or damaged: use a full clone (git fetch --refetch --filter=blob:limit=1g, or clone anew)".into(),
        GitError::Command { .. } => "the same git command by hand shows more".into(),
        GitError::Io { .. } | GitError::Library { .. } => return None,
    })
}

fn refusal_hint(verdicts: &[Verdict]) -> String {
    let mut hints: Vec<&str> = verdicts.iter().map(gate_hint).collect();
    if verdicts.iter().all(|verdict| verdict.service.is_some()) {
        hints.push("`promote --ready` leaves out blocked services");
    }
    let mut said = BTreeSet::new();
    hints.retain(|hint| said.insert(*hint));
    hints.join("; ")
}

/// What to do about one gate.
fn gate_hint(verdict: &Verdict) -> &'static str {
    match verdict.gate {
        "source" => "name a commit that `git log` of this branch lists",
        "order" => {
            "promote through the environments in the order of promoter.yaml; `promoter rollback` goes back"
        }
        "hold" => "`promoter unhold` takes a hold or mark away",
        "soak" | "freeze" => {
            "wait, or where promoter.yaml has `override: allow` say `--override REASON`"
        }
        "healthy" => "promote again when the environment before runs it and is well",
        "images.exist" | "images.signature" if verdict.outcome == Outcome::Unknown => {
            "run it again when the registry answers; `docker login` keeps credentials where promoter looks"
        }
        "images.exist" => {
            "push the image to the registry of this environment, or bring in another version"
        }
        "images.pinned" => "bring it in with its digest: `promoter bump ENV IMAGE=TAG --resolve`",
        "images.signature" => {
            "sign the image, or bring in a version that is signed as promoter.yaml asks"
        }
        "override" => "wait, or have promoter.yaml changed on the branch",
        _ => "take it out of promoter.yaml, or use a version of promoter that supports it",
    }
}

fn problems(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(problem).collect();
    match lines.as_slice() {
        [one] => one.clone(),
        several => format!("{} problems:\n  {}", several.len(), several.join("\n  ")),
    }
}

/// What stands in the way of a promotion, in words.
pub(crate) fn problem(problem: &Problem) -> String {
    match problem {
        Problem::MissingImage { service, image, path } => {
            format!("{path}: has no image `{image}`, which {service} has in the source")
        }
        Problem::AmbiguousImage { service, key, paths } => {
            format!("`{key}` of {service} could go into several files: {}", paths.join(", "))
        }
        Problem::Contradiction { service, key, path, versions } => {
            let versions: Vec<String> = versions.iter().map(|one| format!("`{one}`")).collect();
            let versions = versions.join(" and ");
            format!("{path}: the files of {service} in the source give `{key}` {versions}")
        }
        Problem::MissingService { service, environment } => {
            format!("{environment} has no folder for service `{service}`")
        }
    }
}

fn problem_hint(problems: &[Problem]) -> String {
    let mut hints: Vec<&str> = problems
        .iter()
        .map(|problem| match problem {
            Problem::MissingImage { .. } => "`--add` adds missing images",
            Problem::AmbiguousImage { .. } => "leave the image in one file of the target",
            Problem::Contradiction { .. } => "lay the files of source and target out alike",
            Problem::MissingService { .. } => {
                "`--skip-missing` leaves out missing services; `services: {NAME: {only: [...]}}` in promoter.yaml says so for good"
            }
        })
        .collect();
    hints.sort_unstable();
    hints.dedup();
    hints.join("; ")
}

fn refused(verdicts: &[Verdict]) -> String {
    let line = |verdict: &Verdict| {
        let service =
            verdict.service.as_ref().map_or_else(String::new, |service| format!("{service}: "));
        format!("{service}{} ({}: {})", verdict.reason, verdict.gate, verdict.outcome)
    };
    match verdicts {
        [one] => format!("refused: {}", line(one)),
        several => several.iter().fold(
            format!("refused for {} reasons:", several.len()),
            |mut text, verdict| {
                let _ = write!(text, "\n  {}", line(verdict));
                text
            },
        ),
    }
}

fn unfinished(services: &[Unfinished]) -> String {
    let line =
        |one: &Unfinished| format!("\n  {}: {} ({})", one.service, one.reason, one.application);
    let lines: Vec<String> = services.iter().map(line).collect();
    format!("the time is up, and not all of it runs:{}", lines.concat())
}

fn strangers(branch: &str, commits: &[Mover]) -> String {
    let line = |by: &Mover| {
        format!("\n  {} by {} at {} ({})", by.commit.short(), by.name, by.time, by.subject)
    };
    let lines: String = commits.iter().take(10).map(line).collect();
    let more = commits.len().saturating_sub(10);
    let more = if more == 0 { String::new() } else { format!("\n  and {more} more") };
    format!(
        "{branch} cannot be continued, and has commits that promoter did not make:{lines}{more}"
    )
}

fn overtaken(moved: &[Overtaken]) -> String {
    let version = |version: &Option<Version>| {
        version.as_ref().map_or_else(|| "nothing".to_owned(), Version::to_string)
    };
    let lines: Vec<String> = moved
        .iter()
        .map(|moved| {
            let who = moved.by.as_ref().map_or_else(String::new, |by| {
                format!(", by {} at {} in {} ({})", by.name, by.time, by.commit.short(), by.subject)
            });
            format!(
                "{} was moved by someone else: `{}` was {}, is {}{who}",
                moved.service,
                moved.key,
                version(&moved.expected),
                version(&moved.found)
            )
        })
        .collect();
    lines.join("\n")
}
