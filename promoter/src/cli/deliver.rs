//! How a writing command delivers.

use crate::pipeline::Delivery;

use super::parse;

/// `--deliver`, and its short forms.
#[derive(Debug, clap::Args)]
pub(super) struct Deliver {
    /// How the change leaves: commit, push, api or pull-request (default: promoter.yaml, else
    /// commit)
    #[arg(id = "deliver", long = "deliver", value_name = "MODE", value_parser = parse::delivery)]
    mode: Option<Delivery>,
    /// Build on the remote's newest commit and push; the local branch stays (`--deliver push`)
    #[arg(long, conflicts_with = "deliver")]
    push: bool,
    /// Open or update the pull request (`--deliver pull-request`)
    #[arg(long, conflicts_with_all = ["deliver", "push"])]
    pr: bool,
    /// Have GitHub make and sign the commit on the remote's branch (`--deliver api`)
    #[arg(long, conflicts_with_all = ["deliver", "push", "pr"])]
    via_api: bool,
}

impl Deliver {
    pub(super) fn chosen(&self) -> Option<Delivery> {
        match (self.push, self.pr, self.via_api) {
            (true, _, _) => Some(Delivery::Push),
            (_, true, _) => Some(Delivery::PullRequest),
            (_, _, true) => Some(Delivery::Api),
            _ => self.mode,
        }
    }
}
