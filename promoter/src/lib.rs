//! `promoter` moves versions between the environments of a GitOps repository.
//!
//! The rooms, and what each one alone knows, are drawn in `docs/ARCHITECTURE.md`.

pub mod argocd;
pub mod body;
pub mod cli;
pub mod commands;
pub mod error;
pub mod forge;
pub mod gate;
pub mod git;
pub mod inventory;
pub mod message;
pub mod overlay;
pub mod pipeline;
pub mod place;
pub mod plan;
pub mod platform;
pub mod registry;
pub mod report;
pub mod retry_after;
pub mod rollout;
pub mod running;
pub mod service;
pub mod signature;
pub mod version;
pub mod yaml;
