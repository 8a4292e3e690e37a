//! Killed at any writing system call, or out of disk: nothing is lost, and the next command makes
//! it good.
//!
//! strace delivers the signal or the error at the N-th call of a kind. The gate tries every N of a
//! `commit` delivery and samples those of a `push`; `PROMOTER_FAULTS=all` tries every N of both.
#![cfg(test)]
#![cfg(target_os = "linux")]

mod inject;
mod local;
mod remote;
mod server;
#[path = "../world/mod.rs"]
mod world;
