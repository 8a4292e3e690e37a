//! `promoter rollback`.

use super::deliver::Deliver;
use super::parse;
use crate::commands::{Back, Mark, Rollback};

/// Bring services of an environment back to what they ran before.
///
/// A forward commit that changes versions only. What is left is marked bad in
/// .promoter/holds/ENV/SERVICE.yaml, so that the next promotion does not bring it back. Without
/// services it undoes the newest commit that changed versions in ENV. `previous` is the newest
/// other version older than the first time the present one came; a plain `git revert` counts too.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  promoter rollback prod                       undo the newest change of prod
  promoter rollback prod api --reason \"500s\"
  promoter rollback prod api --to 1a2b3c4d     what api ran at a commit
  promoter rollback prod --to \"2h ago\"")]
pub(super) struct Args {
    /// The environment
    #[arg(value_name = "ENV")]
    environment: String,
    /// Only these services
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    /// `previous`, a commit, or a time
    #[arg(long, value_name = "POINT", default_value = "previous", value_parser = parse::back)]
    to: Back,
    /// Do not mark what is left as bad
    #[arg(long)]
    no_mark: bool,
    /// Why; recorded in the mark and the commit
    #[arg(short, long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    deliver: Deliver,
}

impl Args {
    pub(super) fn request(self) -> Rollback {
        Rollback {
            environment: self.environment,
            services: self.services,
            to: self.to,
            mark: if self.no_mark { Mark::None } else { Mark::All },
            reason: self.reason,
            leaving: Vec::new(),
            deliver: self.deliver.chosen(),
        }
    }
}
