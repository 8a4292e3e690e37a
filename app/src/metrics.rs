//! Metrics for Prometheus: requests by route template, never by path; pools; the build.

use std::sync::OnceLock;
use std::time::Duration;

use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::payload::Payload;
use poem_openapi::registry::{
    MetaMediaType, MetaResponse, MetaResponses, MetaSchemaRef, Registry as MetaRegistry,
};
use poem_openapi::types::Type as _;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::db::Db;
use crate::health::{COMMIT, VERSION};

/// Upper bounds in seconds: an answer from memory takes microseconds, one that waits for a store up to its limit.
const BOUNDS: [f64; 14] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ByStatus {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ByRoute {
    method: &'static str,
    route: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ByState {
    state: &'static str,
}

/// All metrics of the process.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<ByStatus, Counter>,
    durations: Family<ByRoute, Histogram, fn() -> Histogram>,
    pub(crate) in_flight: Gauge,
    pub(crate) connections: Gauge,
    pub(crate) panics: Counter,
    pool: Family<ByState, Gauge>,
    redis_up: Gauge,
    log_lines_dropped: Gauge,
}

impl Metrics {
    pub(crate) fn new(service: &'static str) -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(BOUNDS);
        let mut metrics = Self {
            registry: Registry::default(),
            requests: Family::default(),
            durations: Family::new_with_constructor(histogram),
            in_flight: Gauge::default(),
            connections: Gauge::default(),
            panics: Counter::default(),
            pool: Family::default(),
            redis_up: Gauge::default(),
            log_lines_dropped: Gauge::default(),
        };
        metrics.register(service);
        metrics
    }

    fn register(&mut self, service: &'static str) {
        let all = &mut self.registry;
        all.register("http_requests", "Requests answered", self.requests.clone());
        all.register_with_unit(
            "http_request_duration",
            "Time to the answer's head",
            Unit::Seconds,
            self.durations.clone(),
        );
        all.register(
            "http_requests_in_flight",
            "Requests without an answer yet",
            self.in_flight.clone(),
        );
        all.register("http_connections", "Connections that are open", self.connections.clone());
        all.register("http_panics", "Handlers that panicked", self.panics.clone());
        all.register("db_pool_connections", "Connections to the database", self.pool.clone());
        all.register(
            "log_lines_dropped",
            "Log lines that nobody read in time",
            self.log_lines_dropped.clone(),
        );
        let build = vec![("service", service), ("version", VERSION), ("commit", COMMIT)];
        all.register("build", "What is running", Info::new(build));
        if service == "api" {
            all.register(
                "redis_up",
                "Whether the store of the timestamps answers",
                self.redis_up.clone(),
            );
        }
    }

    /// The handles of one route, looked up once.
    pub(crate) fn operation(&self, method: &'static str, route: &str) -> Operation {
        let labels = ByRoute { method, route: route.to_owned() };
        Operation {
            duration: self.durations.get_or_create_owned(&labels),
            by_status: std::array::from_fn(|_| OnceLock::new()),
            requests: self.requests.clone(),
            labels,
        }
    }

    /// The text of a scrape, with the gauges as they are now.
    pub(crate) fn text(&self, db: &Db, redis_up: bool, dropped: u64) -> String {
        let (open, idle) = db.connections();
        let used = i64::from(open) - i64::try_from(idle).unwrap_or(0);
        self.pool.get_or_create(&ByState { state: "idle" }).set(i64::try_from(idle).unwrap_or(0));
        self.pool.get_or_create(&ByState { state: "used" }).set(used.max(0));
        self.redis_up.set(redis_up.into());
        self.log_lines_dropped.set(i64::try_from(dropped).unwrap_or(i64::MAX));
        let mut text = String::new();
        // A String takes whatever is written to it.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// The text of a scrape, as the type that tells Prometheus what it is.
pub(crate) struct OpenMetrics(pub(crate) String);

impl Payload for OpenMetrics {
    const CONTENT_TYPE: &'static str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    fn schema_ref() -> MetaSchemaRef {
        String::schema_ref()
    }
}

impl IntoResponse for OpenMetrics {
    fn into_response(self) -> Response {
        Response::builder().content_type(Self::CONTENT_TYPE).body(self.0)
    }
}

impl ApiResponse for OpenMetrics {
    fn meta() -> MetaResponses {
        let (content_type, schema) = (Self::CONTENT_TYPE, Self::schema_ref());
        let content = vec![MetaMediaType { content_type, schema }];
        let (status, status_range, headers) = (Some(200), None, vec![]);
        MetaResponses {
            responses: vec![MetaResponse {
                description: "",
                status,
                status_range,
                content,
                headers,
            }],
        }
    }

    fn register(_: &mut MetaRegistry) {}
}

/// Statuses that this service answers with; each is a counter that is looked up once.
const STATUSES: [u16; 16] =
    [200, 201, 204, 303, 304, 400, 401, 403, 404, 405, 408, 409, 413, 429, 500, 503];

/// The metrics of one method on one route.
pub(crate) struct Operation {
    duration: Histogram,
    by_status: [OnceLock<Counter>; STATUSES.len()],
    requests: Family<ByStatus, Counter>,
    labels: ByRoute,
}

impl Operation {
    pub(crate) fn observe(&self, status: u16, took: Duration) {
        self.duration.observe(took.as_secs_f64());
        let slot = STATUSES
            .iter()
            .position(|known| *known == status)
            .and_then(|at| self.by_status.get(at));
        match slot {
            Some(slot) => slot.get_or_init(|| self.counter(status)).inc(),
            None => self.counter(status).inc(),
        };
    }

    fn counter(&self, status: u16) -> Counter {
        let ByRoute { method, route } = self.labels.clone();
        self.requests.get_or_create_owned(&ByStatus { method, route, status })
    }
}
