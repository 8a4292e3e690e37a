//! `api secrets`: the Secrets of a namespace, made when they are absent, from words that another namespace keeps.

mod cluster;
mod template;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::cli::Failed;
use cluster::{Cluster, Entries};
use template::Templates;
pub(crate) use template::Unusable;

/// The API server may be busy or about to start again.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is made, and where the words are kept.
#[derive(Args, Clone, Debug)]
pub(crate) struct Secrets {
    /// JSON: Secrets by name, each with its keys; `${word}` stands for a random word.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The namespace that keeps the words, in a Secret that is called after this pod's own namespace.
    #[arg(long, value_name = "NAMESPACE")]
    keep: String,
    /// The API server, which every container is told.
    #[arg(long, value_name = "HOST", env = "KUBERNETES_SERVICE_HOST", hide = true)]
    host: String,
    /// Its port.
    #[arg(long, value_name = "PORT", env = "KUBERNETES_SERVICE_PORT", hide = true)]
    port: u16,
    /// The folder of the service account.
    #[arg(
        long,
        value_name = "FOLDER",
        default_value = "/var/run/secrets/kubernetes.io/serviceaccount",
        hide = true
    )]
    account: PathBuf,
}

impl Secrets {
    /// One line for each Secret; never a value.
    pub(crate) fn run(&self) -> Result<String, Failed> {
        let templates = Templates::read(&self.file)?;
        let cluster = Cluster::here((&self.host, self.port), &self.account, PATIENCE)?;
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(self.ensure(&templates, &cluster))
    }

    async fn ensure(&self, templates: &Templates, cluster: &Cluster) -> Result<String, Failed> {
        let words = self.words(templates, cluster).await?;
        let mut told = String::new();
        for (name, keys) in templates.filled(&words) {
            let done = cluster.ensure(&cluster.namespace, &name, &keys).await?;
            let _ = writeln!(told, "{:<9} {name}", done.word());
        }
        Ok(told)
    }

    /// Those that are kept, and new ones for what is new; kept before they are used.
    async fn words(&self, templates: &Templates, cluster: &Cluster) -> Result<Entries, Failed> {
        let mut fresh = Entries::new();
        for word in templates.words() {
            fresh.insert(word, random()?);
        }
        cluster.ensure(&self.keep, &cluster.namespace, &fresh).await?;
        let kept = cluster.read(&self.keep, &cluster.namespace).await?;
        kept.ok_or_else(|| format!("the words are gone from {}", self.keep).into())
    }
}

/// 192 bits as hexadecimal digits, which nobody has to quote.
fn random() -> Result<String, Failed> {
    let mut bytes = [0; 24];
    getrandom::fill(&mut bytes).map_err(|_| "the system gives no random bytes")?;
    Ok(hex::encode(bytes))
}
