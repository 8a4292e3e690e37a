//! `promoter history`.

use crate::commands::History;

/// Show every change of versions, whoever made it, newest first.
///
/// Read from the trees of first parents: promotions, merges, reverts and commits by people alike.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  promoter history
  promoter history prod api
  promoter history prod --limit 5")]
pub(super) struct Args {
    /// Only this environment
    #[arg(value_name = "ENV")]
    environment: Option<String>,
    /// Only this service
    #[arg(value_name = "SERVICE")]
    service: Option<String>,
    /// At most so many commits
    #[arg(short = 'n', long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
}

impl Args {
    pub(super) fn request(self) -> History {
        let limit = self.limit.and_then(|limit| usize::try_from(limit).ok());
        History { environment: self.environment, service: self.service, limit }
    }
}
