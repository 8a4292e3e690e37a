//! The command lines of both services; nothing else reads arguments or the environment.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{config, db, health, openapi, secrets, services, smoke, users};

/// What a command failed with: words for stderr.
pub(crate) type Failed = Box<dyn std::error::Error + Send + Sync>;

/// The public REST API: jobs, timestamps, deployment records; documents under /docs.
#[derive(Debug, Parser)]
#[command(name = "api", version)]
pub(crate) struct Api {
    #[command(subcommand)]
    command: ApiCommand,
}

#[derive(Debug, Subcommand)]
enum ApiCommand {
    /// Serve until SIGTERM; the default.
    Serve(Box<config::Api>),
    /// Bring the schema of the database to this release; with SEED=demo add the demo data.
    Migrate(Box<config::Api>),
    /// Exit 0 when the service on this machine is alive.
    Healthcheck(Box<config::Api>),
    /// Print the OpenAPI document.
    Openapi,
    /// Print the table of environment variables.
    Config,
    /// Call every endpoint of a running service and say what is wrong.
    Smoke(smoke::Smoke),
    /// Make the Secrets of this pod's namespace that are absent, through the Kubernetes API server.
    Secrets(secrets::Secrets),
}

/// Says whose a token is; for `api` alone, not for the outside.
#[derive(Debug, Parser)]
#[command(name = "auth", version)]
pub(crate) struct Auth {
    #[command(subcommand)]
    command: AuthCommand,
}

#[derive(Debug, Subcommand)]
enum AuthCommand {
    /// Serve until SIGTERM; the default.
    Serve(Box<config::Auth>),
    /// Bring the schema of the database to this release; with SEED=demo add the demo data.
    Migrate(Box<config::Auth>),
    /// Exit 0 when the service on this machine is alive.
    Healthcheck(Box<config::Auth>),
    /// Print the OpenAPI document.
    Openapi,
    /// Print the table of environment variables.
    Config,
    /// Who may call.
    #[command(subcommand)]
    User(UserCommand),
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Add a user, and print a token for it that is stored nowhere; a user that is there gets a new one.
    Add {
        /// Letters, digits, `.`, `_` and `-`.
        #[arg(value_parser = users::Username::parse)]
        name: users::Username,
        /// Take the token from this file instead of making one; `-` is standard input.
        #[arg(long, value_name = "FILE")]
        token_file: Option<PathBuf>,
        #[command(flatten)]
        config: Box<config::Auth>,
    },
}

/// The binary `api`.
#[must_use]
pub fn api() -> ExitCode {
    exit(match Api::parse_from(arguments()).command {
        ApiCommand::Serve(config) => services::api(&config),
        ApiCommand::Migrate(config) => services::migrate(&config.common),
        ApiCommand::Healthcheck(config) => health::check(&config.common),
        ApiCommand::Openapi => print(&openapi::api()),
        ApiCommand::Config => print(&config::table::<Api>()),
        ApiCommand::Smoke(smoke) => smoke.run(),
        ApiCommand::Secrets(secrets) => secrets.run().and_then(|told| print(&told)),
    })
}

/// The binary `auth`.
#[must_use]
pub fn auth() -> ExitCode {
    exit(match Auth::parse_from(arguments()).command {
        AuthCommand::Serve(config) => services::auth(&config),
        AuthCommand::Migrate(config) => services::migrate(&config.common),
        AuthCommand::Healthcheck(config) => health::check(&config.common),
        AuthCommand::Openapi => print(&openapi::auth()),
        AuthCommand::Config => print(&config::table::<Auth>()),
        AuthCommand::User(UserCommand::Add { name, token_file, config }) => {
            services::add_user(&config.common, &name, token_file.as_deref())
                .and_then(|made| made.map_or(Ok(()), |token| print(&format!("{token}\n"))))
        }
    })
}

/// Without a command a container serves.
fn arguments() -> Vec<OsString> {
    let mut arguments: Vec<OsString> = std::env::args_os().collect();
    if arguments.len() < 2 {
        arguments.push("serve".into());
    }
    arguments
}

fn print(text: &str) -> Result<(), Failed> {
    Ok(std::io::stdout().lock().write_all(text.as_bytes())?)
}

/// 2 is for what the user gave, 1 for what went wrong with it.
fn exit(done: Result<(), Failed>) -> ExitCode {
    let Err(error) = done else { return ExitCode::SUCCESS };
    let _ = writeln!(std::io::stderr().lock(), "error: {error}");
    let wrong =
        error.is::<config::Wrong>() || error.is::<db::Address>() || error.is::<secrets::Unusable>();
    ExitCode::from(if wrong { 2 } else { 1 })
}
