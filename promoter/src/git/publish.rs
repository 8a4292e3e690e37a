//! A branch of a remote: read its tip, move it on.

use super::command::{Deadline, Input, Said};
use super::{Branch, CommitId, GitError, Repo, Upstream, error::library};

/// What a push came to, as far as it alone can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Push {
    /// The branch is at our commit.
    Landed,
    /// It failed, in git's and the server's words without secrets. What they say decides nothing:
    /// whether the race was lost, the server refused, or only its answer was lost is told by the
    /// branch when it is read again ([`Repo::after_push`]).
    Failed(String),
}

/// What the branch says about a push that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Afterwards {
    /// It holds our commit: the push has landed after all.
    Landed,
    /// Someone else moved it first.
    Moved,
    /// It stands where it stood: the push was refused, which is final.
    Refused,
}

impl Repo {
    /// Fetches the newest commit of `upstream`.
    ///
    /// Into a ref of our own: the user's remote-tracking branches and `FETCH_HEAD` stay as they
    /// are, and a lock file left by a killed fetch is known to be ours.
    pub fn fetch(&self, upstream: &Upstream, deadline: &Deadline) -> Result<CommitId, GitError> {
        let lock = self.lock(deadline)?;
        let own = upstream.own_ref();
        let refspec = format!("+{}:{own}", upstream.refname());
        let args = [
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            "--no-recurse-submodules",
            "--refmap=",
            &upstream.remote,
            &refspec,
        ];
        let said = self.git_locking(&lock, upstream, &args, deadline)?;
        said.ok(&format!("fetch {}", upstream.short()))?;
        let tip = self.inner.refname_to_id(&own).map_err(library("read the fetched branch"))?;
        Ok(CommitId(tip))
    }

    /// The same for a branch that may not be there.
    pub fn fetch_if_there(
        &self,
        upstream: &Upstream,
        deadline: &Deadline,
    ) -> Result<Option<CommitId>, GitError> {
        let refname = upstream.refname();
        let args = ["ls-remote", "--quiet", "--heads", &upstream.remote, &refname];
        let said = self.git(&args, Input::Bytes(b""), deadline)?;
        let listed = said.ok(&format!("ls-remote {}", upstream.remote))?;
        // The pattern matches the end of a name, so longer ones are listed too.
        let there = listed.lines().any(|line| line.split_whitespace().nth(1) == Some(&refname));
        there.then(|| self.fetch(upstream, deadline)).transpose()
    }

    /// Moves `upstream` from `base` to `commit`, if it still is at `base`; without `base`, if it is
    /// not there.
    pub fn push(
        &self,
        upstream: &Upstream,
        base: Option<CommitId>,
        commit: CommitId,
        deadline: &Deadline,
    ) -> Result<Push, GitError> {
        let lock = self.lock(deadline)?;
        let target = upstream.refname();
        let base = base.map_or_else(String::new, |base| base.to_string());
        let lease = format!("--force-with-lease={target}:{base}");
        let refspec = format!("{commit}:{target}");
        let args = [
            "push",
            "--porcelain",
            "--no-follow-tags",
            "--recurse-submodules=no",
            &lease,
            &upstream.remote,
            &refspec,
        ];
        let said = self.git_locking(&lock, upstream, &args, deadline)?;
        Ok(if said.success { Push::Landed } else { Push::Failed(said.words()) })
    }

    /// What became of a failed push of `commit` onto `base`, the branch now being at `tip`; none
    /// where there is no branch.
    pub fn after_push(
        &self,
        tip: Option<CommitId>,
        base: Option<CommitId>,
        commit: CommitId,
    ) -> Result<Afterwards, GitError> {
        match tip {
            Some(tip) if self.contains(tip, commit)? => Ok(Afterwards::Landed),
            tip if tip == base => Ok(Afterwards::Refused),
            _ => Ok(Afterwards::Moved),
        }
    }

    /// Gets more history into a shallow clone; `false` when there is no more to get.
    pub fn deepen(
        &self,
        branch: &Branch,
        by: usize,
        deadline: &Deadline,
    ) -> Result<bool, GitError> {
        if !self.is_shallow() {
            return Ok(false);
        }
        let shallow = |words: String| GitError::Shallow { words };
        let upstream = self.upstream(branch).map_err(|error| shallow(error.to_string()))?;
        let deepen = format!("--deepen={by}");
        let said = self.fetch_history(&upstream, [&deepen, &upstream.refname()], deadline)?;
        if said.success { Ok(true) } else { Err(shallow(said.words())) }
    }

    /// Gets one commit, and nothing of its history, into a shallow clone.
    pub fn fetch_commit(
        &self,
        upstream: &Upstream,
        id: &str,
        deadline: &Deadline,
    ) -> Result<(), GitError> {
        let said = self.fetch_history(upstream, ["--depth=1", id], deadline)?;
        said.ok(&format!("fetch {id}")).map(drop)
    }

    fn fetch_history(
        &self,
        upstream: &Upstream,
        [how_much, what]: [&str; 2],
        deadline: &Deadline,
    ) -> Result<Said, GitError> {
        let lock = self.lock(deadline)?;
        let args = [
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            "--no-recurse-submodules",
            "--refmap=",
            how_much,
            &upstream.remote,
            what,
        ];
        self.git_locking(&lock, upstream, &args, deadline)
    }
}
