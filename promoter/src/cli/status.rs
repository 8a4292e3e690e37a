//! `promoter status`.

use super::Request;
use crate::commands::Status;

/// Show which version is where, since when, and how far behind.
///
/// One row a service, one column an environment. `-2` means that the environment before has had
/// two changes since it ran this version; `drift` that it never ran it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  promoter status
  promoter status prod --exit-code     exit 1 when prod is behind")]
pub(super) struct Args {
    /// Only these environments
    #[arg(value_name = "ENV")]
    environments: Vec<String>,
    /// Exit with 1 when an environment differs from the one before it
    #[arg(long)]
    exit_code: bool,
}

impl Args {
    pub(super) fn request(self) -> Request {
        Request::Status(Status { environments: self.environments }, self.exit_code.into())
    }
}
