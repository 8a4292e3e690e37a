//! `promoter bump`.

use super::deliver::Deliver;
use super::parse;
use crate::commands::{Assignment, Bump};
use crate::error::Error;

/// Bring a new version into the first environment.
///
/// What CI calls after pushing an image. IMAGE is a service (its image is meant), an image name in
/// full or by its last part, or a remote URL without its query. Tag and digest are one unit: without
/// a digest the old one is removed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  promoter bump dev api=1.4.2
  promoter bump dev ghcr.io/acme/api=1.4.2@sha256:... --push
  promoter bump dev api=1.4.2 --resolve --push
  promoter bump dev api=1.4.2 auth=0.9.1 --push --not-older")]
pub(super) struct Args {
    /// The environment; one without `from`
    #[arg(value_name = "ENV")]
    environment: String,
    /// What to set
    #[arg(value_name = "IMAGE=TAG[@DIGEST]", required = true, value_parser = parse::assignment)]
    assignments: Vec<Assignment>,
    /// Only if this version is there now (with one IMAGE)
    #[arg(long, value_name = "OLD")]
    expect: Option<String>,
    /// Leave a newer version as it is (semantic versions)
    #[arg(long)]
    not_older: bool,
    /// Ask the registry for the digest of each TAG, and pin it
    #[arg(long)]
    resolve: bool,
    /// Text for the body of the commit
    #[arg(short, long, value_name = "TEXT")]
    message: Option<String>,
    /// Pass a freeze for this reason, where promoter.yaml allows it; it is recorded
    #[arg(long = "override", value_name = "REASON", value_parser = parse::reason)]
    override_reason: Option<String>,
    #[command(flatten)]
    deliver: Deliver,
}

impl Args {
    pub(super) fn request(self) -> Result<Bump, Error> {
        if self.expect.is_some() && self.assignments.len() > 1 {
            return Err(Error::Usage("--expect goes with one IMAGE=TAG".into()));
        }
        Ok(Bump {
            environment: self.environment,
            assignments: self.assignments,
            expect: self.expect,
            not_older: self.not_older,
            resolve: self.resolve,
            message: self.message,
            override_reason: self.override_reason,
            deliver: self.deliver.chosen(),
        })
    }
}
