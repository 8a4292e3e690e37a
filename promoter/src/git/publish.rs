//! A branch of a remote: read its tip, move it on.

use super::{Branch, CommitId, GitError, Repo, Upstream, command::Deadline, error::library};

/// What became of a push that was not refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Push {
    /// The branch is at our commit, or beyond it.
    Landed,
    /// Someone else moved the branch first.
    Moved,
}

impl Repo {
    /// Fetches the newest commit of `upstream`.
    ///
    /// Into a ref of our own: the user's remote-tracking branches and `FETCH_HEAD` stay as they
    /// are, and a lock file left by a killed fetch is known to be ours.
    pub fn fetch(&self, upstream: &Upstream, deadline: &Deadline) -> Result<CommitId, GitError> {
        let _lock = self.lock(deadline)?;
        let own = format!("refs/promoter/upstream/{}/{}", upstream.remote, upstream.branch);
        self.remove_stale_lock(&own);
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
        self.git(&args, b"", deadline)?.ok(&format!("fetch {}", upstream.short()))?;
        let tip = self.inner.refname_to_id(&own).map_err(library("read the fetched branch"))?;
        Ok(CommitId(tip))
    }

    /// Moves `upstream` from `base` to `commit`, or says that it was no longer at `base`.
    ///
    /// What git or the server prints decides nothing: after a push that failed the branch is read
    /// again. If it holds our commit the push has landed, if it moved the race was lost, and if it
    /// stands still the push was refused, which is final.
    pub fn push(
        &self,
        upstream: &Upstream,
        base: CommitId,
        commit: CommitId,
        deadline: &Deadline,
    ) -> Result<Push, GitError> {
        let said = {
            let _lock = self.lock(deadline)?;
            let target = upstream.refname();
            let lease = format!("--force-with-lease={target}:{base}");
            let refspec = format!("{commit}:{target}");
            self.git(&["push", "--porcelain", &lease, &upstream.remote, &refspec], b"", deadline)?
        };
        if said.success {
            return Ok(Push::Landed);
        }
        let tip = self.fetch(upstream, deadline)?;
        if self.contains(tip, commit)? {
            Ok(Push::Landed)
        } else if tip == base {
            Err(GitError::Refused {
                remote: upstream.remote.clone(),
                branch: upstream.branch.clone(),
                words: said.words(),
            })
        } else {
            Ok(Push::Moved)
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
        let _lock = self.lock(deadline)?;
        let deepen = format!("--deepen={by}");
        let args =
            ["fetch", "--quiet", "--no-tags", &deepen, &upstream.remote, &upstream.refname()];
        let said = self.git(&args, b"", deadline)?;
        if said.success { Ok(true) } else { Err(shallow(said.words())) }
    }
}
