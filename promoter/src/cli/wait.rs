//! `promoter wait`.

use crate::commands::Wait;

/// Wait until a cluster runs what the branch says, as Argo CD tells.
///
/// Done when Argo CD has synced this commit, a later one with the same versions, or one before from
/// which nothing that the service is built from has changed; when exactly these images run, and
/// when the application is healthy. Asks `ARGOCD_SERVER` with `ARGOCD_AUTH_TOKEN`, else the cluster
/// of the kubeconfig. Exit code 5: the time is up; 6: it runs and is not well, or the sync failed;
/// 4: another version came in between.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  promoter wait prod
  promoter wait prod api --timeout 5m")]
pub(super) struct Args {
    /// The environment
    #[arg(value_name = "ENV")]
    environment: String,
    /// Only these services, in full or by the last part
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
}

impl Args {
    pub(super) fn request(self) -> Wait {
        Wait { environment: self.environment, services: self.services }
    }
}
