//! `promoter` moves versions between the environments of a GitOps repository.
//!
//! The rooms, and what each one alone knows, are drawn in `docs/ARCHITECTURE.md`.

pub mod overlay;
pub mod pipeline;
pub mod place;
pub mod version;
pub mod yaml;
