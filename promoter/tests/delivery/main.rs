//! How a change reaches a branch: the working tree, the remote, other writers, odd repositories.
#![cfg(test)]

#[path = "../world/mod.rs"]
mod world;

mod checkout;
mod clones;
mod commit;
mod crowd;
mod identity;
mod pack;
mod push;
