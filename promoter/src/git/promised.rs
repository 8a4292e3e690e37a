//! What a partial clone left out: git brings it from the remote that promised it.

use std::fmt::Write as _;
use std::time::Duration;

use git2::{Oid, Repository};

use super::command::{Deadline, Input};
use super::{GitError, Repo, error::library};

/// The time for one answer of the remote.
const PATIENCE: Duration = Duration::from_mins(2);

/// The remote that promised what a partial clone left out.
pub(super) fn promisor(inner: &Repository) -> Option<String> {
    let config = inner.config().ok()?;
    let promises = |remote: &&str| config.get_bool(&format!("remote.{remote}.promisor"));
    let remotes = inner.remotes().ok()?;
    let mut names = remotes.iter().filter_map(|name| name.ok().flatten());
    names.find(|name| promises(name).unwrap_or(false)).map(str::to_owned)
}

impl Repo {
    /// Whether a partial clone left this out.
    pub(super) fn lacks(&self, id: Oid) -> Result<bool, GitError> {
        if self.promisor.is_none() {
            return Ok(false);
        }
        let odb = self.inner.odb().map_err(library("open the object store"))?;
        Ok(!odb.exists(id))
    }

    /// Brings what of these a partial clone left out, all in one request.
    pub(super) fn bring(&self, ids: impl Iterator<Item = Oid>) -> Result<(), GitError> {
        let Some(remote) = &self.promisor else { return Ok(()) };
        let mut wanted = String::new();
        for id in ids {
            if self.lacks(id)? {
                let _ = writeln!(wanted, "{id}");
            }
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let args = [
            "-c",
            "fetch.negotiationAlgorithm=noop",
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            "--no-recurse-submodules",
            "--filter=blob:none",
            "--stdin",
            remote,
        ];
        let said = self.git(&args, Input::Bytes(wanted.as_bytes()), &Deadline::after(PATIENCE))?;
        said.ok(&format!("fetch what this clone left out from {remote}"))?;
        let odb = self.inner.odb().map_err(library("open the object store"))?;
        odb.refresh().map_err(library("read what was fetched"))
    }
}
