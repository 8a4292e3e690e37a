//! The stories: each command in one function that reads, plans, judges, delivers and tells.

mod audit;
mod before;
mod bump;
mod by_api;
mod change;
mod check;
mod deliver;
mod diff;
mod find;
mod finding;
mod follow;
mod health;
mod history;
mod hold;
mod images;
mod init;
mod judge;
mod lint;
mod moved;
mod overrides;
mod promote;
mod pull_request;
mod reach;
mod read;
mod render;
mod resolve;
mod rollback;
mod seen;
mod select;
mod status;
mod stay;
mod timeline;
mod wait;

use std::rc::Rc;

use jiff::Timestamp;

use crate::argocd;
use crate::forge;
use crate::git::{Deadline, Repo};
use crate::registry::Registry;

pub use audit::{Audit, Audited, AuditedCommit, AuditedGate, Recount, audit};
pub use bump::{Assignment, Bump, Bumped, bump};
pub use check::{Check, Checked, check};
pub use deliver::{Delivered, Review, ReviewState};
pub use diff::{Compare, Diff, Differences, diff};
pub use find::{Found, Where, find};
pub use finding::{Finding, Level};
pub use follow::{Follow, Followed, WayBack};
pub use history::{History, HistoryEntry, VersionChange, history};
pub use hold::{Act, Held, Lifted, Named, PutHold, Unhold, hold, unhold};
pub use init::{Init, InitTo, Initialised, init};
pub use promote::{Patch, Promote, Promoted, Source, promote};
pub use render::Rendered;
pub use rollback::{Back, Mark, Rollback, RolledBack, roll_back};
pub use status::{Cell, EnvironmentStatus, Row, Status, StatusTable, status};
pub use wait::{Wait, Waited, wait};

/// What every command is given.
#[derive(Clone)]
pub struct Context<'r> {
    /// The repository.
    pub repo: &'r Repo,
    /// A configuration read from disk instead of from commits.
    pub config: Option<Rc<Config>>,
    /// The branch asked for; else the checked-out one.
    pub branch: Option<String>,
    /// How the forge is spoken to.
    pub forge: forge::Access,
    /// Who acts, as CI says.
    pub actor: Option<String>,
    /// How Argo CD is reached, where it is.
    pub argocd: Option<Rc<argocd::Access>>,
    /// The time of judgement.
    pub now: Timestamp,
    /// When a writing command must be done.
    pub deadline: Deadline,
    /// The registries, for the gates on images.
    pub registry: &'r Registry,
    /// Shows that something takes its time.
    pub progress: &'r dyn Fn(&str),
}

/// `--config FILE`.
#[derive(Clone, Debug)]
pub struct Config {
    /// As given.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Something to tell beside the result.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are named by what they hold")]
pub enum Warning {
    /// The local branch lacks commits of its known upstream.
    Behind { branch: String, upstream: String, commits: usize },
    /// The working copy of promoter.yaml differs from the commit that was read.
    ConfigurationDiffers,
    /// `--config` was used.
    Configuration { path: String },
    /// What a pull request was not granted, though it is there.
    PullRequest { number: u64, what: String, words: String },
    /// A service that could not be read.
    Unreadable { service: String, environment: String, reason: String },
}
