//! Configuration: environment variables, parsed once into types that cannot be wrong.
//!
//! The fields below are the only list of variables; `api config` prints it as a table.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, CommandFactory, ValueEnum};
use jiff::SignedDuration;
use poem::http::{HeaderValue, Uri};
use secrecy::{ExposeSecret as _, SecretString};

/// What both services read.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Environment")]
pub(crate) struct Common {
    /// Addresses to listen on, separated by commas; port 0 takes any free one.
    #[arg(
        long,
        env = "ADDR",
        value_name = "ADDR",
        default_value = "0.0.0.0:8080",
        value_delimiter = ',', value_parser = address
    )]
    pub(crate) addr: Vec<SocketAddr>,
    /// Where `/healthz`, `/readyz`, `/version` and `/metrics` are, and only there; unset: on `ADDR`.
    #[arg(long, env = "ADMIN_ADDR", value_name = "ADMIN_ADDR", value_parser = address)]
    pub(crate) admin_addr: Option<SocketAddr>,
    /// `postgres://...` or `sqlite:FILE`; unset: SQLite in memory.
    #[arg(long, env = "DATABASE_URL", value_name = "DATABASE_URL", hide_env_values = true)]
    pub(crate) database_url: Option<SecretString>,
    /// A file that holds `DATABASE_URL`.
    #[arg(long, env = "DATABASE_URL_FILE", value_name = "DATABASE_URL_FILE")]
    pub(crate) database_url_file: Option<PathBuf>,
    /// Connections to the database at once.
    #[arg(long, env = "DATABASE_CONNECTIONS", value_name = "DATABASE_CONNECTIONS", default_value_t = 10, value_parser = whole::<u32>(1..=1000))]
    pub(crate) database_connections: u32,
    /// Limit for one call of the database or of Redis.
    #[arg(long, env = "STORE_TIMEOUT", value_name = "STORE_TIMEOUT", default_value = "2s", value_parser = duration)]
    pub(crate) store_timeout: Duration,
    /// `demo`: the user `density` with the token `mytoken`, and sample records.
    #[arg(long, env = "SEED", value_name = "SEED", default_value = "none")]
    pub(crate) seed: Seed,
    /// `auto`: pretty on a terminal, else JSON.
    #[arg(long, env = "LOG_FORMAT", value_name = "LOG_FORMAT", default_value = "auto")]
    pub(crate) log_format: LogFormat,
    /// Least level that is logged; requests are logged at `info`.
    #[arg(long, env = "LOG_LEVEL", value_name = "LOG_LEVEL", default_value = "info")]
    pub(crate) log_level: LogLevel,
    /// Largest body of a request, in bytes; 413 above it.
    #[arg(long, env = "MAX_BODY_SIZE", value_name = "MAX_BODY_SIZE", default_value_t = 65_536, value_parser = whole::<u64>(1..=1 << 30))]
    pub(crate) max_body_size: u64,
    /// Time for the head of a request to arrive; the connection is closed after it.
    #[arg(long, env = "HEADER_TIMEOUT", value_name = "HEADER_TIMEOUT", default_value = "10s", value_parser = duration)]
    pub(crate) header_timeout: Duration,
    /// Time for the body of a request to arrive (408 after it), and for its answer (503 after it).
    #[arg(long, env = "REQUEST_TIMEOUT", value_name = "REQUEST_TIMEOUT", default_value = "10s", value_parser = duration)]
    pub(crate) request_timeout: Duration,
    /// Time that a connection may be idle between requests; longer than the load balancer's.
    #[arg(long, env = "KEEP_ALIVE", value_name = "KEEP_ALIVE", default_value = "75s", value_parser = duration)]
    pub(crate) keep_alive: Duration,
    /// Connections at once; further ones wait to be accepted.
    #[arg(long, env = "MAX_CONNECTIONS", value_name = "MAX_CONNECTIONS", default_value_t = 20_000, value_parser = whole::<u32>(1..=1_000_000))]
    pub(crate) max_connections: u32,
    /// After SIGTERM: how long to answer on while `/readyz` already says no.
    #[arg(long, env = "DRAIN_DELAY", value_name = "DRAIN_DELAY", default_value = "5s", value_parser = duration)]
    pub(crate) drain_delay: Duration,
    /// After the drain: how long requests in flight may take.
    #[arg(long, env = "SHUTDOWN_TIMEOUT", value_name = "SHUTDOWN_TIMEOUT", default_value = "25s", value_parser = duration)]
    pub(crate) shutdown_timeout: Duration,
    /// Failed tokens of one client in a minute; 429 after them.
    #[arg(
        long,
        env = "AUTH_FAILURES_PER_MINUTE",
        value_name = "AUTH_FAILURES_PER_MINUTE",
        default_value_t = 30, value_parser = whole::<u32>(0..=u32::MAX.into()))]
    pub(crate) auth_failures_per_minute: u32,
    /// Origins of browsers that may call, separated by commas; unset: none.
    #[arg(long, env = "CORS_ORIGINS", value_name = "CORS_ORIGINS", value_delimiter = ',', value_parser = origin)]
    pub(crate) cors_origins: Vec<HeaderValue>,
    /// Where traces are sent by OTLP over HTTP; unset: nowhere.
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", value_name = "OTEL_EXPORTER_OTLP_ENDPOINT", value_parser = http_url)]
    pub(crate) otlp_endpoint: Option<String>,
}

/// What `api` reads.
#[derive(Args, Clone, Debug)]
pub(crate) struct Api {
    #[command(flatten)]
    pub(crate) common: Common,
    /// `redis://...` or `rediss://...`; unset: timestamps are kept in memory.
    #[arg(long, env = "REDIS_URL", value_name = "REDIS_URL", hide_env_values = true)]
    pub(crate) redis_url: Option<SecretString>,
    /// A file that holds `REDIS_URL`.
    #[arg(long, env = "REDIS_URL_FILE", value_name = "REDIS_URL_FILE")]
    pub(crate) redis_url_file: Option<PathBuf>,
    /// Where the service `auth` is.
    #[arg(long, env = "AUTH_URL", value_name = "AUTH_URL", default_value = "http://127.0.0.1:5001", value_parser = http_url)]
    pub(crate) auth_url: String,
    /// Limit for one call of `auth`.
    #[arg(long, env = "AUTH_TIMEOUT", value_name = "AUTH_TIMEOUT", default_value = "2s", value_parser = duration)]
    pub(crate) auth_timeout: Duration,
    /// Whether setting and resetting timestamps needs a token.
    #[arg(long, env = "WRITE_TOKEN_REQUIRED", value_name = "WRITE_TOKEN_REQUIRED", default_value_t = false, action = clap::ArgAction::Set)]
    pub(crate) write_token_required: bool,
    /// Timestamps that one client may set or reset in a minute; 429 after them.
    #[arg(
        long,
        env = "WRITES_PER_MINUTE",
        value_name = "WRITES_PER_MINUTE",
        default_value_t = 600, value_parser = whole::<u32>(0..=u32::MAX.into()))]
    pub(crate) writes_per_minute: u32,
    /// Entries of `X-Forwarded-For`, from the right, that are believed.
    #[arg(long, env = "TRUSTED_PROXIES", value_name = "TRUSTED_PROXIES", default_value_t = 0, value_parser = whole::<usize>(0..=100))]
    pub(crate) trusted_proxies: usize,
}

/// What `auth` reads.
#[derive(Args, Clone, Debug)]
pub(crate) struct Auth {
    #[command(flatten)]
    pub(crate) common: Common,
    /// Entries of `X-Forwarded-For`, from the right, that are believed; `api` adds one.
    #[arg(long, env = "TRUSTED_PROXIES", value_name = "TRUSTED_PROXIES", default_value_t = 1, value_parser = whole::<usize>(0..=100))]
    pub(crate) trusted_proxies: usize,
}

/// Data that is there from the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Seed {
    None,
    Demo,
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Auto,
    Json,
    Pretty,
}

/// Least level that is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

/// A variable whose value cannot be used; a secret's value is not part of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Wrong {
    /// `VARIABLE` and `VARIABLE_FILE` are both set.
    #[error("{0} and {0}_FILE are both set: leave one of them out")]
    Both(&'static str),
    /// The file cannot be read.
    #[error("{variable}_FILE: `{}` cannot be read: {error}", path.display())]
    File {
        /// The variable that the file stands for.
        variable: &'static str,
        /// As it was given.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
}

/// The secret itself, from the variable or from the file that holds it; an empty one is none.
pub(crate) fn secret(
    variable: &'static str,
    value: Option<&SecretString>,
    file: Option<&PathBuf>,
) -> Result<Option<SecretString>, Wrong> {
    let value = value.filter(|value| !value.expose_secret().is_empty());
    match (value, file) {
        (Some(_), Some(_)) => Err(Wrong::Both(variable)),
        (value, None) => Ok(value.cloned()),
        (None, Some(path)) => {
            let wrong = |error| Wrong::File { variable, path: path.clone(), error };
            let text = std::fs::read_to_string(path).map_err(wrong)?;
            Ok(Some(text.trim_end_matches(['\r', '\n']).into()))
        }
    }
}

/// The table of the variables of a command, as Markdown.
pub(crate) fn table<C: CommandFactory>() -> String {
    let mut table = String::from("| variable | default | meaning |\n|---|---|---|\n");
    let command = C::command();
    let mut told = Vec::new();
    for argument in command.get_subcommands().flat_map(clap::Command::get_arguments) {
        let Some(variable) = argument.get_env() else { continue };
        if told.contains(&variable) {
            continue;
        }
        told.push(variable);
        let default: Vec<_> =
            argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        let default =
            if default.is_empty() { "unset".into() } else { format!("`{}`", default.join(",")) };
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(table, "| `{}` | {default} | {help} |", variable.to_string_lossy());
    }
    table
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "expected an address such as 0.0.0.0:8080 or [::]:8080".to_owned())
}

/// A number without sign and fraction, within these bounds.
fn whole<T: TryFrom<u64>>(
    bounds: RangeInclusive<u64>,
) -> impl Fn(&str) -> Result<T, String> + Clone {
    move |text| {
        let number = text.parse().ok().filter(|number| bounds.contains(number));
        let number = number.and_then(|number| T::try_from(number).ok());
        let (least, most) = (bounds.start(), bounds.end());
        number.ok_or_else(|| format!("expected a whole number from {least} to {most}"))
    }
}

/// `1m 30s`, `500ms`; not negative.
fn duration(text: &str) -> Result<Duration, String> {
    let duration: SignedDuration =
        text.parse().map_err(|_| "expected a duration such as 500ms, 5s or 1m".to_owned())?;
    Duration::try_from(duration).map_err(|_| "expected a duration that is not negative".to_owned())
}

pub(crate) fn http_url(text: &str) -> Result<String, String> {
    let uri: Option<Uri> = text.parse().ok();
    let http =
        |uri: &Uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some();
    if uri.as_ref().is_some_and(http) {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err("expected an address such as http://auth:8080".to_owned())
    }
}

/// `https://app.example.com`: scheme, host and port, as browsers send it.
fn origin(text: &str) -> Result<HeaderValue, String> {
    let words = || "expected an origin such as https://app.example.com".to_owned();
    let trimmed = http_url(text).map_err(|_| words())?;
    let uri: Uri = trimmed.parse().map_err(|_| words())?;
    if uri.path() == "/" && !trimmed.contains('?') {
        HeaderValue::from_str(&trimmed).map_err(|_| words())
    } else {
        Err(words())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("1m 30s"), Ok(Duration::from_secs(90)));
        for wrong in ["", "5", "-5s", "soon"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn addresses_and_origins() {
        assert_eq!(http_url("http://auth:8080/").unwrap(), "http://auth:8080");
        for wrong in ["auth:8080", "ftp://auth", "http://", ""] {
            assert!(http_url(wrong).is_err(), "{wrong}");
        }
        assert_eq!(origin("https://a.example").unwrap(), "https://a.example");
        for wrong in ["*", "https://a.example/path", "null"] {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
    }
}
