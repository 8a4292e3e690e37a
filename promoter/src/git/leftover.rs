//! Lock files that a killed fetch or push leaves behind, and that would block the user's git.

use std::fs;
use std::path::{Path, PathBuf};

use git2::Direction;

use super::command::{Deadline, Input, Said};
use super::journal::Lock;
use super::{GitError, Repo, Upstream, error::io};

impl Repo {
    /// Runs a git command that moves refs of ours and what it knows of `upstream`.
    ///
    /// Which locks git may take is written down first. They are removed only when this git, or a
    /// former one, was killed: one that ended by itself has left none.
    pub(super) fn git_locking(
        &self,
        lock: &Lock,
        upstream: &Upstream,
        args: &[&str],
        deadline: &Deadline,
    ) -> Result<Said, GitError> {
        self.remove_leftovers()?;
        let running = self.running_path();
        let locks = serde_json::to_vec(&self.locks_of(upstream));
        let locks = locks.map_err(|error| io("write", &running)(error.into()))?;
        fs::write(&running, locks).map_err(io("write", &running))?;
        let said = self.git(args, Input::Lock(lock), deadline);
        if matches!(&said, Ok(said) if !said.killed) {
            fs::remove_file(&running).map_err(io("remove", &running))?;
        } else {
            self.remove_leftovers()?;
        }
        said
    }

    pub(super) fn running_path(&self) -> PathBuf {
        self.shared_state_dir().join("running.json")
    }

    /// With our lock in hand: removes the locks of a git that was killed. One that is older than
    /// its start belongs to someone else.
    pub(super) fn remove_leftovers(&self) -> Result<(), GitError> {
        let running = self.running_path();
        let Some(start) = modified(&running) else { return Ok(()) };
        // A list that was not written whole is one whose git has not started.
        let text = fs::read(&running).unwrap_or_default();
        let locks: Vec<PathBuf> = serde_json::from_slice(&text).unwrap_or_default();
        for lock in locks.iter().filter(|lock| modified(lock).is_some_and(|time| time >= start)) {
            fs::remove_file(lock).map_err(io("remove", lock))?;
        }
        fs::remove_file(&running).map_err(io("remove", &running))
    }

    /// What fetch, push and deepen lock in this clone.
    fn locks_of(&self, upstream: &Upstream) -> Vec<PathBuf> {
        let mut locks =
            vec![self.inner.commondir().join("shallow.lock"), self.ref_lock(&upstream.own_ref())];
        let remote = self.inner.find_remote(&upstream.remote);
        for refspec in remote.iter().flat_map(git2::Remote::refspecs) {
            if refspec.direction() == Direction::Fetch
                && refspec.src_matches(&upstream.refname())
                && let Ok(tracking) = refspec.transform(&upstream.refname())
                && let Ok(tracking) = tracking.as_str()
            {
                locks.push(self.ref_lock(tracking));
            }
        }
        locks
    }
}

fn modified(path: &Path) -> Option<std::time::SystemTime> {
    fs::symlink_metadata(path).and_then(|meta| meta.modified()).ok()
}
