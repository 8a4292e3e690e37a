//! Wrong inputs: each message says what is wrong, where, and what to do next, and nothing changes.
#![cfg(test)]

mod arguments;
mod configuration;
mod kustomizations;
mod repository;
#[path = "../story/mod.rs"]
mod story;

use story::{Story, Told};

/// Runs a command that must fail, tell what to do next, and leave everything as it is.
#[track_caller]
fn refused(story: &Story, line: &str) -> Told {
    let before = story.state();
    let told = story.tell(line);
    assert_ne!(told.code, 0, "{line}\n{told}");
    assert_eq!(story.state(), before, "{line} changed something");
    let next = ["hint:", "tip:", "Usage:", "For more information", "possible values"];
    assert!(next.iter().any(|word| told.stderr.contains(word)), "{line}\n{told}");
    told
}
