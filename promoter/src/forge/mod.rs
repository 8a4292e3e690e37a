//! The forge, and nothing of images: pull requests on GitHub, github.com or an Enterprise server,
//! and on Gitea or Forgejo, whose API is GitHub's but for what `dialect` knows.
//!
//! The only room that talks to it. Every step looks before it acts, so that one whose answer was
//! lost can be said again; and every request has a deadline and a limit on its answer. Inside, a
//! runtime on this thread drives octocrab; outside, functions just return.

mod access;
mod address;
mod app;
mod client;
mod commits;
mod compare;
mod dialect;
mod error;
mod pulls;
mod retry;
mod review;

pub use access::{Access, App, Gitea};
pub use address::Address;
pub use commits::{Draft, Made};
pub use compare::Between;
pub use error::ForgeError;
pub use pulls::{Opened, PullRequest, Text};

use crate::git::Deadline;
use client::Client;
use dialect::Dialect;

/// A repository on a forge.
pub struct Forge {
    /// Which one.
    pub address: Address,
    dialect: Dialect,
    /// Where people look at the server.
    web: String,
    client: Client,
}

impl Forge {
    /// Opens the repository that one of a remote's `urls` means; `remote` is its name, for
    /// messages.
    pub fn open(
        access: &Access,
        remote: &str,
        urls: &[String],
        deadline: Deadline,
    ) -> Result<Self, ForgeError> {
        let address = urls.iter().find_map(|url| Address::parse(url));
        let shown =
            || urls.last().map_or_else(|| remote.to_owned(), |url| format!("{remote} ({url})"));
        let dialect = address.as_ref().map_or(Dialect::GitHub, |address| access.dialect(address));
        // A token of GitHub is sent to no server that is known for something else.
        let meant = |one: &Address| dialect == Dialect::Gitea || !one.is_of_another_forge();
        let address =
            address.filter(meant).ok_or_else(|| ForgeError::NotGitHub { remote: shown() })?;
        let client = Client::open(access, &address, deadline)?;
        let web = access.web(&address);
        Ok(Forge { address, dialect, web, client })
    }

    /// Where people look at a repository of this server.
    #[must_use]
    pub fn web(&self, at: &Address) -> String {
        format!("{}/{}/{}", self.web, at.owner, at.name)
    }
}
