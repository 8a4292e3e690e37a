//! What promoter keeps in `.git/promoter` so that a kill at any point can be made good.
//!
//! `lock`, one for all working trees of a repository, is held with the kernel's file lock, which ends with the process. `journal.json` exists
//! exactly while a branch and its working files may disagree; with the lock in hand, a journal is
//! one whose process died.

use std::fs::{self, File, TryLockError};
use std::io::Write as _;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{GitError, Repo, command::Deadline, error::io};

/// How long to wait before asking for the lock again.
const POLL: Duration = Duration::from_millis(10);

/// The right to change this clone, among promoters.
///
/// The kernel ends it with the last process that has the file open. git gets it as its standard
/// input, so that an orphan of a killed promoter still counts.
pub(super) struct Lock(File);

impl Lock {
    /// The same lock for a child process.
    pub(super) fn share(&self) -> std::io::Result<File> {
        self.0.try_clone()
    }
}

/// A checkout that has begun.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Journal {
    /// Short name of the branch.
    pub(super) branch: String,
    /// Where it was.
    pub(super) old: String,
    /// Where it goes.
    pub(super) new: String,
    /// The files that change, from the root.
    pub(super) paths: Vec<String>,
}

impl Repo {
    /// Waits for the lock of this clone.
    pub(super) fn lock(&self, deadline: &Deadline) -> Result<Lock, GitError> {
        loop {
            if let Some(lock) = self.try_lock()? {
                return Ok(lock);
            }
            thread::sleep(POLL.min(deadline.left()?));
        }
    }

    /// The lock, unless another promoter has it.
    pub(super) fn try_lock(&self) -> Result<Option<Lock>, GitError> {
        let (own, dir) = (self.state_dir(), self.shared_state_dir());
        fs::create_dir_all(&own).map_err(io("create", &own))?;
        fs::create_dir_all(&dir).map_err(io("create", &dir))?;
        let path = dir.join("lock");
        let file = File::options().create(true).read(true).append(true).open(&path);
        let file = file.map_err(io("open", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(io("lock", &path)(error)),
        }
    }

    pub(super) fn journal_path(&self) -> PathBuf {
        self.state_dir().join("journal.json")
    }

    /// The journal of a checkout that did not end, if there is one.
    pub(super) fn read_journal(&self) -> Result<Option<Journal>, GitError> {
        let path = self.journal_path();
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io("read", &path)(error)),
        };
        serde_json::from_slice(&bytes).map(Some).map_err(|error| io("read", &path)(error.into()))
    }

    /// Writes the journal whole or not at all.
    pub(super) fn write_journal(&self, journal: &Journal) -> Result<(), GitError> {
        let path = self.journal_path();
        let new = path.with_extension("new");
        let text = serde_json::to_vec(journal).map_err(|error| io("write", &path)(error.into()))?;
        let mut file = File::create(&new).map_err(io("create", &new))?;
        file.write_all(&text).and_then(|()| file.sync_all()).map_err(io("write", &new))?;
        fs::rename(&new, &path).map_err(io("write", &path))
    }

    /// The lock file of a ref.
    pub(super) fn ref_lock(&self, refname: &str) -> PathBuf {
        self.inner.commondir().join(format!("{refname}.lock"))
    }
}
