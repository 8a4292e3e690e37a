//! Manifests and indexes of the OCI image specification 1.1, and Docker's of the same shape.

use std::collections::BTreeMap;

use oci_client::manifest::{
    IMAGE_MANIFEST_LIST_MEDIA_TYPE, IMAGE_MANIFEST_MEDIA_TYPE, OCI_IMAGE_INDEX_MEDIA_TYPE,
    OCI_IMAGE_MEDIA_TYPE, OciDescriptor, OciManifest,
};

use crate::platform::Platform;
use crate::version::Digest;

/// What a request accepts.
pub(super) const KINDS: &str = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json, */*;q=0.1";

/// More parts than any image has.
const MOST_PARTS: usize = 1_000;

/// A manifest as far as it matters here.
pub(super) enum Manifest {
    /// One image.
    Image(Parts),
    /// One entry for each platform, or for each referrer.
    Index(Vec<Entry>),
}

/// What one image is made of.
pub(super) struct Parts {
    /// Its configuration.
    pub(super) config: Blob,
    /// Its layers.
    pub(super) layers: Vec<Blob>,
}

/// A part of an image.
pub(super) struct Blob {
    /// Its content.
    pub(super) digest: Digest,
    /// What it is.
    pub(super) kind: String,
    /// What is said of it.
    pub(super) annotations: BTreeMap<String, String>,
    /// Whether it is fetched from elsewhere, as base layers of Windows are.
    pub(super) foreign: bool,
}

/// A manifest in an index.
pub(super) struct Entry {
    /// Its content.
    pub(super) digest: Digest,
    /// What is attached, in an index of referrers.
    pub(super) artifact: Option<String>,
    /// Operating system, architecture, variant.
    platform: Option<(String, String, Option<String>)>,
}

impl Entry {
    /// Whether it is for this platform.
    pub(super) fn is_for(&self, platform: &Platform) -> bool {
        let own = self.platform.as_ref();
        own.is_some_and(|(os, architecture, variant)| {
            platform.takes(os, architecture, variant.as_deref())
        })
    }

    /// Whether it is an image, and nothing that was attached to one.
    pub(super) fn is_image(&self) -> bool {
        self.platform.as_ref().is_some_and(|(os, ..)| os != "unknown")
    }
}

impl Manifest {
    /// Parses a manifest; what it is otherwise, in words.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let no = || "a manifest that cannot be read".to_owned();
        let manifest: OciManifest = serde_json::from_slice(bytes).map_err(|_| no())?;
        let known = [
            OCI_IMAGE_MEDIA_TYPE,
            OCI_IMAGE_INDEX_MEDIA_TYPE,
            IMAGE_MANIFEST_MEDIA_TYPE,
            IMAGE_MANIFEST_LIST_MEDIA_TYPE,
        ];
        if !known.contains(&manifest.content_type()) {
            return Err("a manifest of another kind".into());
        }
        match manifest {
            OciManifest::Image(image) if image.layers.len() <= MOST_PARTS => {
                let layers = image.layers.into_iter().map(blob).collect::<Option<_>>();
                let config = blob(image.config).ok_or_else(no)?;
                Ok(Manifest::Image(Parts { config, layers: layers.ok_or_else(no)? }))
            }
            OciManifest::ImageIndex(index) if index.manifests.len() <= MOST_PARTS => {
                let entry = |entry: oci_client::manifest::ImageIndexEntry| {
                    let named = |platform: oci_client::manifest::Platform| {
                        let (os, architecture) = (platform.os, platform.architecture);
                        (os.to_string(), architecture.to_string(), platform.variant)
                    };
                    Some(Entry {
                        digest: Digest::parse(&entry.digest).ok()?,
                        artifact: entry.artifact_type,
                        platform: entry.platform.map(named),
                    })
                };
                let entries = index.manifests.into_iter().map(entry).collect::<Option<_>>();
                entries.map(Manifest::Index).ok_or_else(no)
            }
            _ => Err(format!("a manifest of more than {MOST_PARTS} parts")),
        }
    }
}

fn blob(descriptor: OciDescriptor) -> Option<Blob> {
    Some(Blob {
        digest: Digest::parse(&descriptor.digest).ok()?,
        kind: descriptor.media_type,
        annotations: descriptor.annotations.unwrap_or_default(),
        foreign: descriptor.urls.is_some_and(|urls| !urls.is_empty()),
    })
}
