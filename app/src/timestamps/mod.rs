//! Named points in time, in Redis or in memory.

mod api;
mod set;
mod store;

pub(crate) use api::TimestampsApi;
pub(crate) use store::Timestamps;

/// Names that are kept at most; each is a few dozen bytes in the store.
const MOST: usize = 10_000;
