//! `promoter audit`.

use crate::commands::Audit;

/// Judge the past once more: what commits record of the rules, from the repository alone.
///
/// Every commit that changed versions is judged by the rules, holds and versions of the commit
/// before it, at the time of the commit. Told are the commits that record verdicts and those that
/// broke a rule; a broken rule is exit code 3. What only a registry or a cluster knew is `untold`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  promoter audit
  promoter audit v1.4.0..
  promoter audit 1a2b3c4d..main")]
pub(super) struct Args {
    /// Only the commits of `B` that `A` does not have (default: the whole branch)
    #[arg(value_name = "A..B")]
    range: Option<String>,
}

impl Args {
    pub(super) fn request(self) -> Audit {
        Audit { range: self.range }
    }
}
