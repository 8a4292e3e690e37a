//! What the platform asks: alive, ready, which version, metrics.

use std::sync::Arc;
use std::time::{Duration, Instant};

use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use tokio::sync::Mutex;

use crate::cli::Failed;
use crate::config::Common;
use crate::db::Db;
use crate::metrics::{Metrics, OpenMetrics};
use crate::openapi::Tags;
use crate::problem::Refused;
use crate::shutdown::Lifecycle;
use crate::telemetry::Log;
use crate::timestamps::Timestamps;

/// The release.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The commit that it was built from; the build says so.
pub(crate) const COMMIT: &str = match option_env!("GIT_COMMIT") {
    Some(commit) => commit,
    None => "unknown",
};

/// Probes of many instances must not become load on the stores.
const FRESH: Duration = Duration::from_secs(1);
/// Time for a store to say that it is there.
const BRIEF: Duration = Duration::from_secs(1);

/// Whether the stores answer, asked at most once a second.
#[derive(Clone)]
pub(crate) struct Checks {
    db: Db,
    timestamps: Option<Timestamps>,
    lifecycle: Lifecycle,
    last: Arc<Mutex<Option<(Instant, Stores)>>>,
}

/// `ok`, or why not.
#[derive(Clone, Debug, Object)]
struct Stores {
    /// The SQL store.
    #[oai(validator(max_length = 200))]
    database: String,
    /// The store of the timestamps; of `api` alone.
    #[oai(skip_serializing_if_is_none, validator(max_length = 200))]
    redis: Option<String>,
}

impl Stores {
    fn are_ok(&self) -> bool {
        self.database == "ok" && self.redis.as_ref().is_none_or(|redis| redis == "ok")
    }
}

impl Checks {
    pub(crate) fn new(db: Db, timestamps: Option<Timestamps>, lifecycle: Lifecycle) -> Self {
        Self { db, timestamps, lifecycle, last: Arc::default() }
    }

    async fn stores(&self) -> Stores {
        let mut last = self.last.lock().await;
        if let Some((_, stores)) = last.as_ref().filter(|(asked, _)| asked.elapsed() < FRESH) {
            return stores.clone();
        }
        let (database, redis) = tokio::join!(briefly(self.db.ready()), self.redis());
        let word = |answer: Result<(), &'static str>| {
            answer.map_or_else(str::to_owned, |()| "ok".to_owned())
        };
        let stores = Stores { database: word(database), redis: redis.map(word) };
        *last = Some((Instant::now(), stores.clone()));
        stores
    }

    async fn redis(&self) -> Option<Result<(), &'static str>> {
        match &self.timestamps {
            Some(timestamps) => Some(briefly(timestamps.ready()).await),
            None => None,
        }
    }
}

/// A probe has its own limit, and should hear the reason before it.
async fn briefly(
    asked: impl Future<Output = Result<(), &'static str>>,
) -> Result<(), &'static str> {
    tokio::time::timeout(BRIEF, asked).await.unwrap_or(Err("does not answer"))
}

/// Alive.
#[derive(Object)]
#[oai(example)]
struct Health {
    status: Alive,
}

impl Example for Health {
    fn example() -> Self {
        Self { status: Alive::Ok }
    }
}

/// Whether the process serves; one that does not says nothing.
#[derive(Enum)]
#[oai(rename_all = "lowercase")]
enum Alive {
    Ok,
}

/// Whether requests should come here.
#[derive(Object)]
#[oai(example)]
struct Readiness {
    status: Receives,
    checks: Stores,
}

impl Example for Readiness {
    fn example() -> Self {
        let checks = Stores { database: "ok".into(), redis: Some("ok".into()) };
        Self { status: Receives::Yes, checks }
    }
}

/// Whether the service wants requests.
#[derive(Enum)]
enum Receives {
    #[oai(rename = "ready")]
    Yes,
    #[oai(rename = "not ready")]
    NotYet,
    #[oai(rename = "draining")]
    NoLonger,
}

#[derive(ApiResponse)]
enum ReadyAnswer {
    /// Requests should come here.
    #[oai(status = 200)]
    Yes(Json<Readiness>),
    /// A store does not answer, or the service is about to end.
    #[oai(status = 503)]
    No(Json<Readiness>),
}

/// What is running.
#[derive(Object)]
#[oai(example)]
struct Build {
    /// `api` or `auth`.
    #[oai(validator(max_length = 10))]
    name: String,
    /// The release, as in Cargo.toml.
    #[oai(validator(max_length = 100))]
    version: String,
    /// The commit that it was built from, or `unknown`.
    #[oai(validator(max_length = 64))]
    commit: String,
}

impl Example for Build {
    fn example() -> Self {
        Self { name: "api".into(), version: VERSION.into(), commit: "2e6c1aada0f2".into() }
    }
}

/// The operations of the platform.
pub(crate) struct System {
    name: &'static str,
    checks: Checks,
    metrics: Arc<Metrics>,
    db: Db,
    log: Log,
}

impl System {
    pub(crate) fn new(
        name: &'static str,
        checks: Checks,
        metrics: Arc<Metrics>,
        db: Db,
        log: Log,
    ) -> Self {
        Self { name, checks, metrics, db, log }
    }
}

#[OpenApi(tag = "Tags::System")]
#[allow(clippy::unused_async, reason = "poem-openapi wants async functions")]
impl System {
    /// Alive
    ///
    /// Says that the process serves; asks no store, so that a store that is away restarts nothing.
    #[oai(path = "/healthz", method = "get", operation_id = "healthz")]
    async fn healthz(&self) -> Result<Json<Health>, Refused<0>> {
        Ok(Json(Health { status: Alive::Ok }))
    }

    /// Ready
    ///
    /// Asks the stores, at most once a second; says no while the service drains.
    #[oai(path = "/readyz", method = "get", operation_id = "readyz")]
    async fn readyz(&self) -> ReadyAnswer {
        let checks = self.checks.stores().await;
        if self.checks.lifecycle.is_draining() {
            return ReadyAnswer::No(Json(Readiness { status: Receives::NoLonger, checks }));
        }
        if checks.are_ok() {
            ReadyAnswer::Yes(Json(Readiness { status: Receives::Yes, checks }))
        } else {
            ReadyAnswer::No(Json(Readiness { status: Receives::NotYet, checks }))
        }
    }

    /// Version
    ///
    /// Says which release this is, and which commit it was built from.
    #[oai(path = "/version", method = "get", operation_id = "version")]
    async fn version(&self) -> Result<Json<Build>, Refused<0>> {
        Ok(Json(Build { name: self.name.into(), version: VERSION.into(), commit: COMMIT.into() }))
    }

    /// Metrics
    ///
    /// Prometheus metrics, in the OpenMetrics text format.
    #[oai(path = "/metrics", method = "get", operation_id = "metrics")]
    async fn metrics(&self) -> Result<OpenMetrics, Refused<0>> {
        let redis_up = matches!(self.checks.stores().await.redis.as_deref(), Some("ok"));
        Ok(OpenMetrics(self.metrics.text(&self.db, redis_up, self.log.dropped())))
    }
}

/// Asks `/healthz` of the service on this machine.
pub(crate) fn check(config: &Common) -> Result<(), Failed> {
    use std::io::{Read as _, Write as _};
    let mut address = config.admin_addr.or(config.addr.first().copied()).ok_or("no address")?;
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() {
            std::net::Ipv4Addr::LOCALHOST.into()
        } else {
            std::net::Ipv6Addr::LOCALHOST.into()
        });
    }
    let limit = Duration::from_secs(2);
    let mut socket = std::net::TcpStream::connect_timeout(&address, limit)?;
    socket.set_read_timeout(Some(limit))?;
    write!(socket, "GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    socket.take(4096).read_to_string(&mut answer)?;
    match answer.lines().next() {
        Some(line) if line.starts_with("HTTP/1.1 200") => Ok(()),
        line => Err(format!("{address} answered: {}", line.unwrap_or_default()).into()),
    }
}
