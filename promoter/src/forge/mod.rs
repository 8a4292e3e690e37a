//! The forge, and nothing of images: pull requests on GitHub, github.com or an Enterprise server.
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
mod error;
mod pulls;
mod retry;

pub use access::{Access, App};
pub use address::Address;
pub use commits::{Draft, Made};
pub use compare::Between;
pub use error::ForgeError;
pub use pulls::{Opened, PullRequest, Text};

use crate::git::Deadline;
use client::Client;

/// A repository on a forge.
pub struct Forge {
    /// Which one.
    pub address: Address,
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
        let address = address.ok_or_else(|| ForgeError::NotGitHub { remote: shown() })?;
        let client = Client::open(access, &address, deadline)?;
        Ok(Forge { address, client })
    }
}
