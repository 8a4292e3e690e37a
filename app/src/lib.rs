//! Two services from one crate: `api`, the public REST API, and `auth`, which says whose a token is.
//!
//! A request: socket ([`server`]) -> stack -> OpenAPI -> handler -> resource -> store -> answer.
//! A folder per resource holds its types and verbs, its HTTP (`api.rs`) and its storage.

#[macro_use]
mod db;

pub mod cli;
mod config;
mod docs;
mod health;
mod identity;
mod jobs;
mod limit;
mod message;
mod metrics;
mod moment;
mod openapi;
mod problem;
mod records;
mod secrets;
mod server;
mod services;
mod shutdown;
mod smoke;
mod telemetry;
mod text;
mod timestamps;
mod users;

/// The static binary's allocator. With musl's own, which has one lock, two threads of a core spend
/// more time on waiting than on requests (`docs/benchmarks.md`).
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
