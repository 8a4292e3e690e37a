//! The editor of kustomization files, held to a corpus, to a second parser, to generated files and
//! to Kustomize itself.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod corpus;
mod generated;
mod kustomize;
mod properties;
mod spans;
