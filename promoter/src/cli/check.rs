//! `promoter check`.

use std::path::PathBuf;

use super::Request;
use crate::commands::Check;

/// Lint the repository, and judge a change as a promotion would be judged.
///
/// The net change between the merge base and the branch is judged by the rules, holds and versions
/// of the base's newest commit. Names every environment that the change reaches. Findings are exit
/// code 3. In GitHub Actions each is shown at its line of the pull request.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  promoter check --base origin/main
  promoter check --base origin/main --sarif promoter.sarif
  promoter check --base origin/main --allow rules-changed")]
pub(super) struct Args {
    /// The commit the change is to be merged into (default: the upstream of the branch)
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// A code of findings that does not count this time; repeatable
    #[arg(long, value_name = "CODE")]
    allow: Vec<String>,
    /// Write the findings to this file too, as SARIF
    #[arg(long, value_name = "FILE")]
    sarif: Option<PathBuf>,
}

impl Args {
    pub(super) fn request(self) -> Request {
        Request::Check(Check { base: self.base, allow: self.allow }, self.sarif)
    }
}
