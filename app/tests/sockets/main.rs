//! What may come over a socket: slow, huge, malformed, or nothing at all.
//!
//! Each is answered or closed within its limit, and others are served meanwhile.
#![cfg(test)]
#![cfg(target_os = "linux")]

mod body;
mod crowd;
mod framing;
mod head;
mod host;
mod slow;
#[path = "../world/mod.rs"]
mod world;

use world::{Program, Raw, Service, Variable, Wire};

/// An `api` with these variables.
fn api(variables: &[Variable]) -> Service {
    Program::Api.serve(&[&[("SEED", "demo")], variables].concat())
}

/// Sends bytes on a connection of their own; gives the first answer.
fn ask(service: &Service, bytes: impl AsRef<[u8]>) -> Option<Raw> {
    let mut wire = Wire::open(service);
    wire.send(bytes);
    wire.answer()
}

/// The status of the first answer to these bytes; 0 when the connection was closed instead.
fn status(service: &Service, bytes: impl AsRef<[u8]>) -> u16 {
    ask(service, bytes).map_or(0, |answer| answer.status)
}
