//! Commits: what is read of them, and how a new one is made.

use std::collections::BTreeMap;
use std::fmt;

use git2::{Oid, Signature};
use jiff::Timestamp;

use super::{GitError, Repo, Snapshot, command::Deadline, command::Input, error::library};

/// The id of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CommitId(pub(super) Oid);

impl CommitId {
    /// A whole id in its 40 hexadecimal characters; nothing shorter, which could come to mean
    /// another commit.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let whole = text.len() == 40;
        whole.then(|| Oid::from_str(text).ok().map(CommitId)).flatten()
    }

    /// The first twelve characters, for people.
    #[must_use]
    pub fn short(&self) -> String {
        self.0.to_string().chars().take(12).collect()
    }
}

impl fmt::Display for CommitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A person or machine as a commit names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
}

/// What a commit says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitInfo {
    /// Its id.
    pub id: CommitId,
    /// Who wrote it.
    pub author: Author,
    /// When it was committed.
    pub time: Timestamp,
    /// First line of the message.
    pub subject: String,
    /// The trailers, in order.
    pub trailers: Vec<(String, String)>,
}

impl CommitInfo {
    /// The value of the first trailer of that name; names are the same in any case.
    #[must_use]
    pub fn trailer(&self, name: &str) -> Option<&str> {
        let named = self.trailers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str())
    }
}

impl Repo {
    /// What `commit` says about itself.
    pub fn info(&self, commit: CommitId) -> Result<CommitInfo, GitError> {
        let object = self.inner.find_commit(commit.0).map_err(library("read the commit"))?;
        let message = object.message().unwrap_or_default();
        let author = object.author();
        Ok(CommitInfo {
            id: commit,
            author: author_of(&author),
            time: Timestamp::from_second(object.time().seconds()).unwrap_or_default(),
            subject: message.lines().next().unwrap_or_default().to_owned(),
            trailers: trailers(message),
        })
    }

    /// The whole message of `commit`.
    pub fn message(&self, commit: CommitId) -> Result<String, GitError> {
        let object = self.inner.find_commit(commit.0).map_err(library("read the commit"))?;
        Ok(object.message().unwrap_or_default().to_owned())
    }

    /// The parents of `commit`, the first first.
    pub fn parents(&self, commit: CommitId) -> Result<Vec<CommitId>, GitError> {
        let object = self.inner.find_commit(commit.0).map_err(library("read the commit"))?;
        Ok(object.parent_ids().map(CommitId).collect())
    }

    /// Who would commit now.
    pub fn committer(&self, deadline: &Deadline) -> Result<Author, GitError> {
        Ok(author_of(&self.identity(deadline)?.committer))
    }
}

impl Snapshot<'_> {
    /// A commit on top of this snapshot in which exactly `files` are replaced or added. No branch
    /// moves. Signed when git is configured to sign.
    pub fn commit_with(
        &self,
        files: &BTreeMap<String, Vec<u8>>,
        message: &str,
        deadline: &Deadline,
    ) -> Result<CommitId, GitError> {
        let repo = self.repo();
        let who = repo.identity(deadline)?;
        let tree = self.tree_with(files)?;
        if who.signs {
            return self.signed(tree, message, deadline);
        }
        let tree = repo.inner.find_tree(tree).map_err(library("read the new tree"))?;
        let parent = repo.inner.find_commit(self.commit.0).map_err(library("read the commit"))?;
        repo.inner
            .commit(None, &who.author, &who.committer, message, &tree, &[&parent])
            .map(CommitId)
            .map_err(library("write the commit"))
    }

    /// git itself signs: every format, program and key it knows.
    fn signed(&self, tree: Oid, message: &str, deadline: &Deadline) -> Result<CommitId, GitError> {
        let (tree, parent) = (tree.to_string(), self.commit.to_string());
        let args = ["commit-tree", "-S", "-p", &parent, &tree];
        let said = self.repo().git(&args, Input::Bytes(message.as_bytes()), deadline)?;
        let said = said.ok("commit-tree -S")?;
        Oid::from_str(said.trim()).map(CommitId).map_err(library("read the signed commit"))
    }
}

fn author_of(signature: &Signature<'_>) -> Author {
    Author {
        name: signature.name().unwrap_or_default().to_owned(),
        email: signature.email().unwrap_or_default().to_owned(),
    }
}

fn trailers(message: &str) -> Vec<(String, String)> {
    let Ok(trailers) = git2::message_trailers_strs(message) else { return Vec::new() };
    trailers.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}
