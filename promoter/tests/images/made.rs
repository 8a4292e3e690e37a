//! Small images of real shape.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use promoter::version::Digest;
use serde_json::{Value, json};

use crate::server::{INDEX, MANIFEST, Server};

/// An image in the registry.
pub(crate) struct Made {
    pub(crate) digest: Digest,
    pub(crate) config: Digest,
    pub(crate) layer: Digest,
}

/// Pushes an image for one platform; `content` makes it another one.
pub(crate) fn image(
    server: &Server,
    repository: &str,
    tag: Option<&str>,
    (content, platform): (&str, &str),
) -> Made {
    labelled(server, (repository, tag), (content, platform), &json!({}))
}

/// The same with labels.
pub(crate) fn labelled(
    server: &Server,
    (repository, tag): (&str, Option<&str>),
    (content, platform): (&str, &str),
    labels: &Value,
) -> Made {
    let (os, architecture) = platform.split_once('/').unwrap();
    let mut config = json!({ "os": os, "architecture": architecture, "rootfs": { "type": "layers", "diff_ids": [] } });
    if labels.as_object().is_some_and(|labels| !labels.is_empty()) {
        config["config"] = json!({ "Labels": labels });
    }
    let config_bytes = serde_json::to_vec(&config).unwrap();
    let layer_bytes = format!("the layer of {content} for {platform}");
    let config = server.blob(repository, &config_bytes);
    let layer = server.blob(repository, layer_bytes.as_bytes());
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": part("application/vnd.oci.image.config.v1+json", &config, config_bytes.len()),
        "layers": [part("application/vnd.oci.image.layer.v1.tar", &layer, layer_bytes.len())],
    });
    let digest = server.manifest(repository, tag, MANIFEST, &manifest);
    Made { digest, config, layer }
}

/// Pushes an index under a tag, with an image for each platform.
pub(crate) fn index(
    server: &Server,
    repository: &str,
    tag: &str,
    (content, platforms): (&str, &[&str]),
) -> (Digest, Vec<Made>) {
    let images: Vec<Made> = platforms
        .iter()
        .map(|platform| image(server, repository, None, (content, platform)))
        .collect();
    let entry = |(image, platform): (&Made, &&str)| {
        let (os, architecture) = platform.split_once('/').unwrap();
        let mut entry = part(MANIFEST, &image.digest, 100);
        entry["platform"] = json!({ "os": os, "architecture": architecture });
        entry
    };
    let entries: Vec<Value> = images.iter().zip(platforms).map(entry).collect();
    let value = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": entries });
    (server.manifest(repository, Some(tag), INDEX, &value), images)
}

/// A descriptor.
pub(crate) fn part(kind: &str, digest: &Digest, size: usize) -> Value {
    json!({ "mediaType": kind, "digest": digest.as_str(), "size": size })
}
