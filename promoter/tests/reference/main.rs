//! docs/output.md and docs/cli.md say what the program does: compared in both directions.
#![cfg(test)]

#[path = "../stories/argocd.rs"]
mod argocd;
mod cli;
mod output;
mod schema;
#[path = "../story/mod.rs"]
mod story;

use std::path::PathBuf;

/// A file of the repository's documentation.
fn document(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name)
}
