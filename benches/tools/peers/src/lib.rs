//! What the peers answer with, and where they listen.

use std::net::SocketAddr;
use std::time::{SystemTime, UNIX_EPOCH};

/// The address of the first argument.
#[must_use]
pub fn address() -> SocketAddr {
    std::env::args().nth(1).and_then(|text| text.parse().ok()).expect("usage: PEER ADDRESS")
}

/// The static message of `GET /`.
pub const MESSAGE: &str = "Automate all the things!";

/// Seconds since 1970.
#[must_use]
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
