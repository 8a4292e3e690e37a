//! From sockets to poem: the accept loop, and what every request passes through.

mod accept;
mod context;
mod head;
mod patience;
mod routes;
mod stack;

pub(crate) use accept::{Limits, Listening, serve};
pub(crate) use context::Context;
pub(crate) use patience::Patience;
pub(crate) use routes::Routes;
pub(crate) use stack::Stack;
