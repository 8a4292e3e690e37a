//! Whether an image could be pulled: every part of it is asked for, and none is fetched.

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use serde::Deserialize;

use super::manifest::{Entry, Manifest, Parts};
use super::request::Repository;
use super::{Answer, Gap};
use crate::platform::Platform;
use crate::version::Digest;

/// So many parts of one image are asked for at the same time.
const AT_ONCE: usize = 4;

/// A configuration is some kilobytes.
pub(super) const CONFIG: usize = 1 << 20;

/// Whether the image can be pulled on every platform.
pub(super) async fn pullable(
    repository: &Repository<'_>,
    digest: &Digest,
    platforms: &[Platform],
) -> Answer<()> {
    match repository.manifest(digest).await.map_err(|gap| missing(gap, "manifest"))? {
        Manifest::Image(parts) => {
            complete(repository, &parts).await?;
            runs_on(repository, &parts, platforms).await
        }
        Manifest::Index(entries) => {
            for platform in platforms {
                let entry = of(&entries, platform)?;
                let inner = repository.manifest(&entry.digest).await;
                let what = format!("manifest for {platform}");
                match inner.map_err(|gap| missing(gap, &what))? {
                    Manifest::Image(parts) => complete(repository, &parts).await?,
                    Manifest::Index(_) => return Err(repository.odd("an index in an index")),
                }
            }
            Ok(())
        }
    }
}

fn of<'e>(entries: &'e [Entry], platform: &Platform) -> Answer<&'e Entry> {
    let found = entries.iter().find(|entry| entry.is_for(platform));
    found.ok_or_else(|| Gap::Absent(format!("it is not made for {platform}")))
}

/// Configuration and layers are there.
async fn complete(repository: &Repository<'_>, parts: &Parts) -> Answer<()> {
    let layers = parts.layers.iter().filter(|layer| !layer.foreign);
    let named = layers.map(|layer| (layer, "layer"));
    let all = named.chain([(&parts.config, "configuration")]);
    let asked = all.map(async |(blob, what)| {
        let there = repository.has_blob(&blob.digest).await;
        there.map_err(|gap| missing(gap, &format!("{what} {}", blob.digest.short())))
    });
    stream::iter(asked).buffered(AT_ONCE).try_collect().await
}

/// The part of a configuration that says what it runs on.
#[derive(Deserialize)]
struct Machine {
    #[serde(default)]
    os: String,
    #[serde(default)]
    architecture: String,
    variant: Option<String>,
}

/// An image without an index says in its configuration what it is for; one that does not is taken.
async fn runs_on(repository: &Repository<'_>, parts: &Parts, platforms: &[Platform]) -> Answer<()> {
    let config = repository.blob(&parts.config.digest, CONFIG).await?;
    let Ok(machine) = serde_json::from_slice::<Machine>(&config) else { return Ok(()) };
    if machine.os.is_empty() || machine.architecture.is_empty() {
        return Ok(());
    }
    let (os, architecture) = (&machine.os, &machine.architecture);
    let not = |platform: &&Platform| !platform.takes(os, architecture, machine.variant.as_deref());
    match platforms.iter().find(not) {
        None => Ok(()),
        Some(platform) => {
            let made = Platform::parse(&format!("{os}/{architecture}"));
            let only = made.map_or_else(|_| String::new(), |made| format!(", but for {made}"));
            Err(Gap::Absent(format!("it is not made for {platform}{only}")))
        }
    }
}

/// Names what is missing, where the registry says that it is.
fn missing(gap: Gap, what: &str) -> Gap {
    match gap {
        Gap::Absent(_) => Gap::Absent(format!("its {what} is gone")),
        unknown @ Gap::Unknown(_) => unknown,
    }
}
