//! What to do next, where that can be said.

use std::collections::BTreeSet;

use crate::gate::{Outcome, Verdict};
use crate::git::GitError;
use crate::plan::Problem;

use super::Error;

impl Error {
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
            Error::NoClone => "use `--push`, `--pr` or `--via-api`".into(),
            Error::NoArgocd => "set ARGOCD_SERVER and ARGOCD_AUTH_TOKEN, or KUBECONFIG".into(),
            Error::NoApplication => {
                "add `argocd: { application: \"{service}-{environment}\" }` to promoter.yaml".into()
            }
            Error::Argocd(_) => "ARGOCD_SERVER is a host, perhaps with a port, or a URL".into(),
            Error::Degraded(_) => "`promoter rollback` brings back what ran before; `argocd app get` shows more".into(),
            Error::TimedOut(_) => "`--timeout` gives it longer; `argocd app get` shows more".into(),
            Error::Unmerged(_) => "have it merged, then `promoter wait`; `--timeout` gives it longer".into(),
            Error::NotThere { .. } => "its pull request was closed, or another version came since: `promoter history` tells".into(),
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
