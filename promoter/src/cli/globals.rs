//! Options of every command.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;

use crate::argocd::{Access, Token};
use crate::commands::Config;
use crate::error::Error;
use crate::git::Location;
use crate::registry;

use super::parse;
use super::variable::variable;

/// Options of every command, as given.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Global options")]
pub struct Globals {
    /// The repository: a clone or a bare repository, here or above; or a URL, read without a clone
    #[arg(long, global = true, value_name = "DIR|URL", default_value = ".")]
    repo: String,
    /// Read the configuration from this file instead of from the commit
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The branch to read and to move (default: the checked-out one)
    #[arg(long, global = true, value_name = "NAME")]
    branch: Option<String>,
    /// How to print
    #[arg(short, long, global = true, value_name = "FORMAT", default_value = "text")]
    output: Format,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
    /// Print errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Print more: every verdict, and what it cost
    #[arg(short, long, global = true)]
    verbose: bool,
    /// Ask neither registries nor Argo CD: gates that need them are unknown
    #[arg(long, global = true, env = "PROMOTER_OFFLINE", value_parser = clap::builder::FalseyValueParser::new())]
    offline: bool,
    /// Give up after this time (default: 2m for a writing command, 10m for `wait`)
    #[arg(long, global = true, value_name = "TIME", value_parser = parse::duration)]
    timeout: Option<Duration>,
}

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For programs: one object, documented in docs/output.md
    Json,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How much to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Errors only.
    Quiet,
    /// What was done.
    Normal,
    /// Also why it was allowed, and its cost.
    Verbose,
}

/// How to run and print, with the environment read.
#[derive(Debug)]
pub struct Session {
    /// Where to look for the repository.
    pub repo: Location,
    /// `--config`, read.
    pub config: Option<Config>,
    /// `--branch`.
    pub branch: Option<String>,
    /// How to print.
    pub format: Format,
    /// When to use colours; never, where the environment asks for none.
    pub color: Color,
    /// How much to print.
    pub detail: Detail,
    /// When to give up, where the user says so.
    pub timeout: Option<Duration>,
    /// Who acts, as CI says.
    pub actor: Option<String>,
    /// How Argo CD is reached, where it is.
    pub argocd: Option<Access>,
    /// Whether GitHub Actions reads what is printed.
    pub annotates: bool,
    /// How registries are reached.
    pub registry: registry::Settings,
    /// How the forge is spoken to.
    pub forge: crate::forge::Access,
}

/// Variables in which CI systems say who started a job; ours first.
const ACTORS: [&str; 6] = [
    "PROMOTER_ACTOR",
    "GITHUB_ACTOR",
    "GITLAB_USER_LOGIN",
    "BUILDKITE_BUILD_CREATOR",
    "CIRCLE_USERNAME",
    "BUILD_REQUESTEDFOR",
];

impl Globals {
    pub(super) fn session(&self) -> Result<Session, Error> {
        let detail = match (self.quiet, self.verbose) {
            (true, _) => Detail::Quiet,
            (_, true) => Detail::Verbose,
            _ => Detail::Normal,
        };
        Ok(Session {
            repo: Location::parse(&self.repo),
            config: self.config.as_ref().map(read).transpose()?,
            branch: self.branch.clone(),
            format: self.output,
            color: if self.color == Color::Auto && plain() { Color::Never } else { self.color },
            detail,
            timeout: self.timeout,
            argocd: argocd(),
            annotates: env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true"),
            actor: ACTORS.into_iter().find_map(variable),
            forge: super::forge::access()?,
            registry: registry::Settings {
                offline: self.offline,
                credentials: credentials(),
                insecure: insecure(),
            },
        })
    }
}

/// Argo CD's own variables, which its command line takes too; else the cluster of the kubeconfig.
fn argocd() -> Option<Access> {
    let set = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    if let Some(address) = set("ARGOCD_SERVER") {
        let token = Token::new(set("ARGOCD_AUTH_TOKEN").unwrap_or_default());
        return Some(Access::Server { address, token });
    }
    let namespace = set("ARGOCD_NAMESPACE").unwrap_or_else(|| "argocd".to_owned());
    let usual =
        || set("HOME").is_some_and(|home| PathBuf::from(home).join(".kube/config").exists());
    let kubeconfig = set("KUBECONFIG").is_some() || usual();
    kubeconfig.then_some(Access::Kubectl { namespace })
}

fn read(path: &PathBuf) -> Result<Config, Error> {
    let shown = path.display().to_string();
    let bytes = fs::read(path)
        .map_err(|error| Error::File { path: shown.clone(), reason: error.to_string() })?;
    Ok(Config { path: shown, bytes })
}

/// Where docker and podman keep credentials, what the user names first (`docker login`,
/// containers-auth.json(5)).
fn credentials() -> Vec<PathBuf> {
    let variable = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = variable("HOME");
    let below = |folder: Option<PathBuf>, file: &str| folder.map(|folder| folder.join(file));
    let files = [
        variable("REGISTRY_AUTH_FILE"),
        below(variable("DOCKER_CONFIG"), "config.json"),
        below(variable("XDG_RUNTIME_DIR"), "containers/auth.json"),
        below(home.clone(), ".config/containers/auth.json"),
        below(home, ".docker/config.json"),
    ];
    files.into_iter().flatten().collect()
}

/// Registries that are spoken to without TLS.
fn insecure() -> Vec<String> {
    let listed = env::var("PROMOTER_INSECURE_REGISTRIES").unwrap_or_default();
    listed.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// Whether the environment asks for no colours: <https://no-color.org>, any value but the empty
/// one, or a terminal that has none.
fn plain() -> bool {
    let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    dumb || env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}
