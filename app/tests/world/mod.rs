//! What the tests of the services stand on: the built binaries, real servers, a client.
//!
//! Nothing here knows the services' code. Each server belongs to one value and ends with it; the
//! reaper ends what a killed test process leaves behind. Every wait has a deadline.
#![allow(dead_code, reason = "every test binary uses a part of it")]
#![allow(unused_imports, reason = "every test binary uses a part of it")]

mod answer;
mod call;
mod deadline;
mod output;
mod ports;
mod postgres;
mod process;
mod reaper;
mod redis;
mod service;
mod setting;
mod wire;

pub(crate) use answer::Answer;
pub(crate) use call::{Call, agent};
pub(crate) use deadline::{LIMIT, until};
pub(crate) use output::Output;
pub(crate) use ports::free as free_port;
pub(crate) use postgres::{PASSWORD, Postgres};
pub(crate) use process::{Process, Signal};
pub(crate) use reaper::folder;
pub(crate) use redis::Redis;
pub(crate) use service::{Program, Ran, Service, Variable};
pub(crate) use setting::{Backend, Setting, World};
pub(crate) use wire::{Raw, Wire};

/// The token of the demo user `density`.
pub(crate) const TOKEN: &str = "mytoken";
