//! A repository that is only a URL: read without a clone.

use std::path::{Path, PathBuf};

use git2::Repository;
use tempfile::TempDir;

use super::command::{Deadline, Input};
use super::{GitError, Repo, error::io, error::library};

/// Where a repository is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// In a folder here, or above it.
    Folder(PathBuf),
    /// Only there.
    Url(String),
}

impl Location {
    /// Reads it as git does: `host:path` is a URL too, unless there is such a folder.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let before_slash = text.split('/').next().unwrap_or_default();
        let url = text.contains("://") || (before_slash.contains(':') && !Path::new(text).exists());
        if url { Location::Url(text.to_owned()) } else { Location::Folder(text.into()) }
    }
}

/// What the remote of such a repository is called.
const ORIGIN: &str = "origin";

impl Repo {
    /// A temporary repository of `branch` (default: the remote's own) at `url`: the newest commit
    /// and its folders. More history and the contents of files come when they are asked for. It
    /// goes when this value goes.
    pub fn of_url(url: &str, branch: Option<&str>, deadline: &Deadline) -> Result<Self, GitError> {
        let folder =
            TempDir::with_prefix("promoter-").map_err(io("make", "temporary folder".as_ref()))?;
        let inner = Repository::init_bare(folder.path()).map_err(library("make a repository"))?;
        inner.remote(ORIGIN, url).map_err(library("name the remote"))?;
        let configure = |repo: &Repo, branch: &str| -> Result<(), git2::Error> {
            let mut config = repo.inner.config()?;
            config.set_bool(&format!("remote.{ORIGIN}.promisor"), true)?;
            config.set_str(&format!("remote.{ORIGIN}.partialclonefilter"), "blob:none")?;
            config.set_str(&format!("branch.{branch}.remote"), ORIGIN)?;
            config.set_str(&format!("branch.{branch}.merge"), &format!("refs/heads/{branch}"))
        };
        let repo = Repo::open(folder.path())?;
        let branch = match branch {
            Some(name) => name.trim_start_matches("origin/").to_owned(),
            None => repo.default_branch(deadline)?,
        };
        configure(&repo, &branch).map_err(library("configure the repository"))?;
        repo.fetch_newest(&branch, deadline)?;
        repo.inner.set_head(&format!("refs/heads/{branch}")).map_err(library("set HEAD"))?;
        let opened = Repo::open(folder.path())?;
        Ok(Repo { temporary: Some(folder), ..opened })
    }

    /// Whether it is only a URL, so that no commit can stay in it.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        self.temporary.is_some()
    }

    fn default_branch(&self, deadline: &Deadline) -> Result<String, GitError> {
        let args = ["ls-remote", "--quiet", "--symref", ORIGIN, "HEAD"];
        let said = self.git(&args, Input::Bytes(b""), deadline)?;
        let listed = said.ok("ls-remote")?;
        let named = listed
            .lines()
            .find_map(|line| line.strip_prefix("ref: refs/heads/")?.split_whitespace().next());
        named.map(str::to_owned).ok_or_else(|| GitError::Unborn("HEAD".into()))
    }

    fn fetch_newest(&self, branch: &str, deadline: &Deadline) -> Result<(), GitError> {
        let refspec = format!("+refs/heads/{branch}:refs/heads/{branch}");
        let args = [
            "fetch",
            "--quiet",
            "--depth=1",
            "--filter=blob:none",
            "--no-tags",
            "--no-write-fetch-head",
            "--no-recurse-submodules",
            "--update-head-ok",
            ORIGIN,
            &refspec,
        ];
        let said = self.git(&args, Input::Bytes(b""), deadline)?;
        said.ok(&format!("fetch {branch}")).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::Location;

    #[test]
    fn urls_and_folders() {
        let url = |text: &str| matches!(Location::parse(text), Location::Url(_));
        for text in
            ["https://github.com/acme/shop", "git@github.com:acme/shop.git", "ssh://h/x", "host:x"]
        {
            assert!(url(text), "{text}");
        }
        for text in [".", "shop", "../shop.git", "/srv/git/a:b", "./a:b"] {
            assert!(!url(text), "{text}");
        }
    }
}
