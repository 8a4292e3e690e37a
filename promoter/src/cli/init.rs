//! `promoter init`.

use crate::commands::{Init, InitTo};

/// Find layout and environments of a repository, and write promoter.yaml.
///
/// Looks at the newest commit. Nothing but promoter.yaml is written, and it counts once it is
/// committed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  promoter init
  promoter init --dry-run
  promoter init --layout 'apps/{environment}/{service}' --environments dev,staging,production")]
pub(super) struct Args {
    /// The layout, where it cannot be found; repeatable, first match wins
    #[arg(long, value_name = "PATTERN")]
    layout: Vec<String>,
    /// The environments' folders in promotion order
    #[arg(long, value_name = "FOLDER,...", value_delimiter = ',')]
    environments: Vec<String>,
    /// Show promoter.yaml, write nothing
    #[arg(long)]
    dry_run: bool,
}

impl Args {
    pub(super) fn request(self) -> Init {
        let to = if self.dry_run { InitTo::Nothing } else { InitTo::File };
        Init { layout: self.layout, environments: self.environments, to }
    }
}
