//! What Argo CD says of applications, by its API or by the cluster that it runs in.
//!
//! Both give the same object: `Application` of `argoproj.io/v1alpha1`
//! (<https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/>).

mod api;
mod application;
mod cluster;

use std::fmt;
use std::time::Duration;

use api::Api;
pub use application::{Application, Health, Operation};
use cluster::Cluster;

/// The longest that one question may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// How Argo CD is reached.
#[derive(Clone, Debug)]
pub enum Access {
    /// By its API server.
    Server {
        /// `argocd.example.com`, with a port or a path, and `http://` where it is without TLS.
        address: String,
        /// The token of an account or of a project's role.
        token: Token,
    },
    /// By the user's kubectl and its current context.
    Kubectl {
        /// The namespace of the applications.
        namespace: String,
    },
}

/// A secret that is never shown.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// Takes a token as it is.
    #[must_use]
    pub fn new(token: String) -> Self {
        Token(token)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

/// Why there is no application.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Gap {
    /// There is none of that name, or the token may not see it.
    #[error("there is no application `{0}`, or the token may not see it")]
    Absent(String),
    /// Argo CD cannot be asked.
    #[error("Argo CD cannot be asked: {0}")]
    Unreachable(String),
    /// What it says is no application.
    #[error("what Argo CD says of `{0}` cannot be read")]
    Unreadable(String),
}

/// Argo CD, ready to be asked.
pub struct Argocd(By);

enum By {
    Api(Api),
    Cluster(Cluster),
}

impl Argocd {
    /// Prepares to ask; nothing is asked yet.
    pub fn new(access: &Access) -> Result<Self, Gap> {
        Ok(Argocd(match access {
            Access::Server { address, token } => By::Api(Api::new(address, token.0.clone())?),
            Access::Kubectl { namespace } => By::Cluster(Cluster::new(namespace.clone())),
        }))
    }

    /// The application of that name, as it is now.
    pub fn application(&self, name: &str) -> Result<Application, Gap> {
        let object = match &self.0 {
            By::Api(api) => api.application(name)?,
            By::Cluster(cluster) => cluster.application(name)?,
        };
        Application::parse(&object).ok_or_else(|| Gap::Unreadable(name.to_owned()))
    }
}
