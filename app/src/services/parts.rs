//! What both services are made of, and how it is served.

use std::net::SocketAddr;
use std::sync::Arc;

use poem::endpoint::BoxEndpoint;
use poem::{EndpointExt as _, Response, Route};
use poem_openapi::{OpenApi, OpenApiService};
use tokio::sync::Semaphore;

use crate::cli::Failed;
use crate::config::{self, Common, Seed};
use crate::db::Db;
use crate::docs::Pages;
use crate::health::{Checks, System};
use crate::metrics::Metrics;
use crate::server::{Limits, Listening, Patience, Routes, Stack, serve};
use crate::shutdown::{Lifecycle, Signals};
use crate::telemetry::{self, Log, Tracer};
use crate::timestamps::Timestamps;

pub(super) struct Parts {
    name: &'static str,
    pub(super) db: Db,
    metrics: Arc<Metrics>,
    log: Log,
    tracer: Tracer,
    lifecycle: Lifecycle,
    checks: Checks,
}

/// What answers at some addresses.
pub(super) struct Surface {
    addresses: Vec<SocketAddr>,
    routes: Routes,
    endpoint: BoxEndpoint<'static, Response>,
}

pub(super) fn database(config: &Common) -> Result<Db, Failed> {
    let url = config::secret(
        "DATABASE_URL",
        config.database_url.as_ref(),
        config.database_url_file.as_ref(),
    )?;
    Ok(Db::new(url.as_ref(), config.database_connections, config.store_timeout)?)
}

impl Parts {
    /// The embedded store is migrated here; a server's store is left alone.
    pub(super) async fn new(
        name: &'static str,
        config: &Common,
        timestamps: Option<Timestamps>,
    ) -> Result<Self, Failed> {
        let db = database(config)?;
        let log = telemetry::start_log(config);
        if db.is_embedded() {
            db.migrate().await?;
            if config.seed == Seed::Demo {
                db.seed().await?;
            }
        }
        let lifecycle = Lifecycle::default();
        let checks = Checks::new(db.clone(), timestamps, lifecycle.clone());
        let tracer =
            Tracer::new(config.otlp_endpoint.as_deref(), name, crate::identity::client()?)?;
        Ok(Self { name, db, metrics: Arc::new(Metrics::new(name)), log, tracer, lifecycle, checks })
    }

    /// The API with its pages, and the system's operations beside it or on a listener of their own.
    pub(super) fn surfaces<A: OpenApi + 'static, D: Clone + Send + Sync + 'static>(
        &self,
        config: &Common,
        apis: A,
        pages: &Pages,
        data: &D,
    ) -> Vec<Surface> {
        let system = System::new(
            self.name,
            self.checks.clone(),
            Arc::clone(&self.metrics),
            self.db.clone(),
            self.log.clone(),
        );
        let listed = Routes::new(&self.metrics).with_pages(&self.metrics, &pages.paths());
        let Some(admin) = config.admin_addr else {
            let routes = listed.with_api::<(A, System)>(&self.metrics);
            return vec![surface(config.addr.clone(), routes, pages.route(), (apis, system), data)];
        };
        let routes = Routes::new(&self.metrics).with_api::<System>(&self.metrics);
        vec![
            surface(
                config.addr.clone(),
                listed.with_api::<A>(&self.metrics),
                pages.route(),
                apis,
                data,
            ),
            surface(vec![admin], routes, Route::new(), system, data),
        ]
    }

    /// Until a signal; then tells load balancers, waits for them, and finishes what is in flight.
    pub(super) async fn serve(
        &self,
        config: &Common,
        surfaces: Vec<Surface>,
        trusted_proxies: usize,
    ) -> Result<(), Failed> {
        let mut signals = Signals::new()?;
        let limits = Limits {
            patience: Patience { head: config.header_timeout, idle: config.keep_alive },
            connections: Arc::new(Semaphore::new(config.max_connections as usize)),
        };
        // As many files as the system allows: each connection is one.
        let _ = rlimit::increase_nofile_limit(u64::MAX);
        let mut servers = tokio::task::JoinSet::new();
        for Surface { addresses, routes, endpoint } in surfaces {
            let stack = Arc::new(self.stack(config, routes, endpoint, trusted_proxies));
            for address in addresses {
                let listening = Listening::on(address)
                    .map_err(|error| format!("cannot listen on {address}: {error}"))?;
                tracing::info!(service = self.name, address = %listening.address, "listening");
                servers.spawn(serve(listening, Arc::clone(&stack), limits.clone()));
            }
        }
        // Not inside the macro, which evaluates nothing when the level is off.
        let signal = signals.next().await;
        tracing::info!(signal, "draining");
        tokio::select! {
            () = self.finish(config, servers) => {}
            signal = signals.next() => tracing::warn!(signal, "ending at once"),
        }
        Ok(())
    }

    async fn finish(&self, config: &Common, mut servers: tokio::task::JoinSet<()>) {
        self.lifecycle.drain();
        tokio::time::sleep(config.drain_delay).await;
        self.lifecycle.closing.cancel();
        let all = async { while servers.join_next().await.is_some() {} };
        if tokio::time::timeout(config.shutdown_timeout, all).await.is_err() {
            tracing::warn!("requests were still in flight");
        }
    }

    /// After the last request: what was opened for them.
    pub(super) async fn close(&self) {
        self.tracer.close().await;
        self.db.close().await;
        tracing::info!("closed");
        self.log.close();
    }

    fn stack(
        &self,
        config: &Common,
        routes: Routes,
        endpoint: BoxEndpoint<'static, Response>,
        trusted_proxies: usize,
    ) -> Stack {
        Stack {
            routes,
            endpoint,
            metrics: Arc::clone(&self.metrics),
            log: self.log.clone(),
            tracer: self.tracer.clone(),
            lifecycle: self.lifecycle.clone(),
            max_body: config.max_body_size,
            timeout: config.request_timeout,
            trusted_proxies,
            cors_origins: config.cors_origins.clone(),
        }
    }
}

fn surface<A: OpenApi + 'static, D: Clone + Send + Sync + 'static>(
    addresses: Vec<SocketAddr>,
    routes: Routes,
    pages: Route,
    apis: A,
    data: &D,
) -> Surface {
    let api = OpenApiService::new(apis, "", "");
    let endpoint = pages.nest("/", api).data(data.clone()).map_to_response().boxed();
    Surface { addresses, routes, endpoint }
}
