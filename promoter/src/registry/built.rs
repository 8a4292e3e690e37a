//! What an image was built from, as its labels tell.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::manifest::Manifest;
use super::pull::CONFIG;
use super::request::Repository;
use super::{Answer, Gap};
use crate::version::Digest;

/// Where an image comes from; the labels of the OCI image specification that say so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// `org.opencontainers.image.source`: the repository of its source, as a URL.
    pub source: String,
    /// `org.opencontainers.image.revision`: the commit of it.
    pub revision: String,
}

#[derive(Default, Deserialize)]
struct Configuration {
    #[serde(default)]
    config: Option<Settings>,
}

#[derive(Default, Deserialize)]
struct Settings {
    #[serde(default, rename = "Labels")]
    labels: Option<BTreeMap<String, String>>,
}

/// What the image with this digest was built from; of an index, the first of its images.
pub(super) async fn built(repository: &Repository<'_>, digest: &Digest) -> Answer<Built> {
    let parts = match repository.manifest(digest).await? {
        Manifest::Image(parts) => parts,
        Manifest::Index(entries) => {
            let first = entries.iter().find(|entry| entry.is_image());
            let first = first.ok_or_else(|| repository.odd("an index of no images"))?;
            match repository.manifest(&first.digest).await? {
                Manifest::Image(parts) => parts,
                Manifest::Index(_) => return Err(repository.odd("an index in an index")),
            }
        }
    };
    let bytes = repository.blob(&parts.config.digest, CONFIG).await?;
    let read: Configuration = serde_json::from_slice(&bytes).unwrap_or_default();
    let mut labels = read.config.and_then(|config| config.labels).unwrap_or_default();
    let mut label = |name: &str| labels.remove(&format!("org.opencontainers.image.{name}"));
    let (source, revision) = (label("source"), label("revision"));
    let both = source.zip(revision).map(|(source, revision)| Built { source, revision });
    both.ok_or_else(|| Gap::Absent("it has no labels of its source".into()))
}
