//! The gates on images, and `bump --resolve`, against a real registry.
#![cfg(test)]

mod credentials;
mod exist;
mod keyless;
mod made;
mod proxy;
mod resolve;
mod server;
mod shop;
mod signatures;
mod sigstore;
#[path = "../story/mod.rs"]
mod story;
mod tokens;
mod trouble;
