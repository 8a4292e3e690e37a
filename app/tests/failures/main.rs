//! What the services do while something that they need is away, stalled or ending.
//!
//! Nothing is restarted here but what failed: the services find back by themselves.
#![cfg(test)]
#![cfg(target_os = "linux")]

mod auth_away;
mod data;
mod drain;
mod drain_load;
mod postgres;
mod redis;
mod sqlite;
mod timing;
#[path = "../world/mod.rs"]
mod world;
