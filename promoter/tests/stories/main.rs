//! Every command, told on real git: whole outputs are compared.
#![cfg(test)]

mod argocd;
mod audit;
mod bump;
mod check;
mod configured;
mod follow;
mod gates;
mod healthy;
mod history;
mod hold;
mod layouts;
mod promote;
mod reading;
mod rollback;
mod secrets;
mod shallow;
mod status;
#[path = "../story/mod.rs"]
mod story;
mod wait;
