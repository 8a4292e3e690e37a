//! What lies between two commits.

use serde::Deserialize;

use super::client::{Request, Verb};
use super::{Address, Forge, ForgeError};

/// A commit of another repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Between {
    /// Its id.
    pub commit: String,
    /// The first line of its message.
    pub subject: String,
    /// Its author.
    pub by: String,
}

#[derive(Deserialize)]
struct Comparison {
    total_commits: usize,
    commits: Vec<Commit>,
}

#[derive(Deserialize)]
struct Commit {
    sha: String,
    commit: Said,
}

#[derive(Deserialize)]
struct Said {
    message: String,
    author: Option<Author>,
}

#[derive(Deserialize)]
struct Author {
    #[serde(default)]
    name: String,
}

impl Forge {
    /// The first `most` commits that `new` has and `old` has not, oldest first, and how many there
    /// are; `at` is on the same server.
    pub fn between(
        &self,
        at: &Address,
        (old, new): (&str, &str),
        most: usize,
    ) -> Result<(Vec<Between>, usize), ForgeError> {
        let (owner, name) = (&at.owner, &at.name);
        let path = format!("/repos/{owner}/{name}/compare/{old}...{new}?per_page={most}");
        let doing = "compare two commits";
        let found: Comparison = self.client.ask(Request { doing, path: &path, verb: Verb::Get })?;
        let between = |one: Commit| Between {
            commit: one.sha,
            subject: one.commit.message.lines().next().unwrap_or_default().to_owned(),
            by: one.commit.author.map(|author| author.name).unwrap_or_default(),
        };
        let commits = found.commits.into_iter().take(most).map(between).collect();
        Ok((commits, found.total_commits))
    }
}
