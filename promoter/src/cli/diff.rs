//! `promoter diff`.

use super::Request;
use super::promote::Scope;
use crate::commands::{Compare, Diff};

/// Show what a promotion would change.
///
/// The patch, and the commits that brought to FROM what TO lacks. The rules are not asked: any two
/// environments can be compared.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  promoter diff staging prod
  promoter diff dev prod api --rendered    also what Kustomize makes of it")]
pub(super) struct Args {
    #[command(flatten)]
    scope: Scope,
    /// Build both sides with kustomize and show how the manifests differ
    #[arg(long)]
    rendered: bool,
    /// Exit with 1 when there are differences
    #[arg(long)]
    exit_code: bool,
}

impl Args {
    pub(super) fn request(self) -> Request {
        let compare = if self.rendered { Compare::Manifests } else { Compare::Versions };
        let diff = Diff { promotion: self.scope.promotion(), compare };
        Request::Diff(diff, self.exit_code.into())
    }
}
