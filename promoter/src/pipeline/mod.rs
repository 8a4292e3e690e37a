//! promoter.yaml: environments, their order, and where their services are.
//!
//! Nothing here reads: bytes come in, and trees through a function.

pub mod discover;
mod error;
mod file;
mod freeze;
mod gates;
mod layout;
mod nearest;
mod order;
mod path;
mod pattern;
mod reader;
mod review;
mod rule;
mod tree;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use error::{Fault, PipelineError};
pub use freeze::{Freeze, Moment, Period};
pub use gates::{Gates, Healthy, Images, Provenance, Signature, Signer};
pub use layout::{KUSTOMIZATION_NAMES, KustomizationFile, Layout, Owner, ServiceFolder};
pub use nearest::nearest;
pub use pattern::Pattern;
pub use review::{MergeMethod, Review};
pub use tree::{Entry, EntryKind, List};

use crate::place::Place;

/// The folder that holds the environments by the default layout.
pub const DEFAULT_FOLDER: &str = "environments";

const DEFAULT_ORDER: [&str; 3] = ["dev", "staging", "prod"];

/// What a repository says about its environments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pipeline {
    /// Where services are.
    pub layout: Layout,
    /// In promotion order; never empty.
    pub environments: Vec<Environment>,
    /// Rules for single services, by name.
    pub services: BTreeMap<String, ServiceRule>,
    /// Folders that reach every environment at once.
    pub shared: Vec<String>,
    /// How Argo CD knows the services.
    pub argocd: Option<Argocd>,
    /// What is asked of every pull request.
    pub review: Review,
    /// What is configured and not built yet: a verdict unknown, never ignored.
    pub unsupported: Vec<Unsupported>,
}

/// One environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// Its name: letters, digits, `.`, `_` and `-`.
    pub name: String,
    /// Where versions come from: any of these; a first environment has none.
    pub from: Vec<String>,
    /// The name of its folder; may have several parts.
    pub folder: String,
    /// How a change is delivered, where the command line does not say.
    pub deliver: Option<Delivery>,
    /// Whether a person may pass soak and freeze with a reason.
    pub allow_override: bool,
    /// What must hold before a version enters.
    pub gates: Gates,
    /// What is asked of its pull requests, before what is asked of all.
    pub review: Review,
}

/// How a commit leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Onto the local branch.
    Commit,
    /// Onto the branch of the remote.
    Push,
    /// Onto the branch of the remote, as a commit that the forge makes and signs.
    Api,
    /// As a pull request.
    PullRequest,
}

impl Delivery {
    /// Every way.
    pub const ALL: [Self; 4] = [Self::Commit, Self::Push, Self::Api, Self::PullRequest];
    /// Their words, in that order.
    pub const WORDS: [&str; 4] = [
        Self::Commit.as_str(),
        Self::Push.as_str(),
        Self::Api.as_str(),
        Self::PullRequest.as_str(),
    ];

    /// The word in promoter.yaml and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Delivery::Commit => "commit",
            Delivery::Push => "push",
            Delivery::Api => "api",
            Delivery::PullRequest => "pull-request",
        }
    }
}

/// What holds for one service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceRule {
    /// The only environments that have it; never empty.
    pub only: Vec<String>,
}

/// How Argo CD knows the services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argocd {
    /// Name of the application, with `{environment}` and `{service}` to be filled in.
    pub application: String,
}

/// A key that this version reads and cannot follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// The key.
    pub key: &'static str,
    /// Where it is set.
    pub place: Place,
}

impl Pipeline {
    /// Reads promoter.yaml; `file` is its path, for messages.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, PipelineError> {
        file::parse(file, bytes)
    }

    /// The pipeline of a repository without promoter.yaml: `environments/{environment}/{service}`
    /// and dev -> staging -> prod, where all three are among the `folders` of [`DEFAULT_FOLDER`];
    /// [`PipelineError::NotConfigured`] otherwise.
    pub fn default_for<S: AsRef<str>>(folders: &[S]) -> Result<Self, PipelineError> {
        let exists = |name: &str| folders.iter().any(|folder| folder.as_ref() == name);
        let missing: Vec<_> = DEFAULT_ORDER
            .into_iter()
            .filter(|name| !exists(name))
            .map(|name| format!("{DEFAULT_FOLDER}/{name}"))
            .collect();
        if !missing.is_empty() {
            return Err(PipelineError::NotConfigured { missing });
        }
        let befores = [None].into_iter().chain(DEFAULT_ORDER.into_iter().map(Some));
        let environments: Vec<_> =
            DEFAULT_ORDER.into_iter().zip(befores).map(Environment::plain).collect();
        Ok(Pipeline {
            layout: Layout::new(vec![Pattern::default()], &environments),
            environments,
            services: BTreeMap::new(),
            shared: Vec::new(),
            argocd: None,
            review: Review::default(),
            unsupported: Vec::new(),
        })
    }

    /// The environment of that name.
    pub fn environment(&self, name: &str) -> Result<&Environment, PipelineError> {
        let names = || self.environments.iter().map(|environment| environment.name.as_str());
        let found = self.environments.iter().find(|environment| environment.name == name);
        found.ok_or_else(|| PipelineError::UnknownEnvironment {
            name: name.to_owned(),
            near: nearest(name, names()),
            known: names().map(str::to_owned).collect(),
        })
    }

    /// The environments in which versions begin.
    pub fn first(&self) -> impl Iterator<Item = &Environment> {
        self.environments.iter().filter(|environment| environment.from.is_empty())
    }

    /// Whether versions of `from` may enter `to`.
    #[must_use]
    pub fn may_enter(&self, from: &str, to: &str) -> bool {
        let to = self.environments.iter().find(|environment| environment.name == to);
        to.is_some_and(|to| to.from.iter().any(|name| name == from))
    }

    /// What Argo CD calls a service in an environment; none where promoter.yaml does not say.
    #[must_use]
    pub fn application(&self, environment: &str, service: &str) -> Option<String> {
        let name = &self.argocd.as_ref()?.application;
        // Argo CD's names are those of Kubernetes objects: no folders.
        let service = service.replace('/', "-");
        Some(name.replace("{environment}", environment).replace("{service}", &service))
    }

    /// What is asked of the pull requests of an environment.
    #[must_use]
    pub fn review(&self, environment: &Environment) -> Review {
        environment.review.over(&self.review)
    }

    /// Whether a service is meant to be in an environment at all.
    #[must_use]
    pub fn is_meant_for(&self, service: &str, environment: &str) -> bool {
        let rule = self.services.get(service);
        rule.is_none_or(|rule| rule.only.iter().any(|name| name == environment))
    }
}

impl Environment {
    /// An environment with nothing set but its name and the one before it.
    fn plain((name, from): (&str, Option<&str>)) -> Self {
        Environment {
            name: name.to_owned(),
            from: from.into_iter().map(str::to_owned).collect(),
            folder: name.to_owned(),
            deliver: None,
            allow_override: false,
            gates: Gates::default(),
            review: Review::default(),
        }
    }
}
