//! What must hold before a version enters an environment, as promoter.yaml says it.
//!
//! Types only: verdicts are passed elsewhere, on facts.

use jiff::{SignedDuration, Span, SpanRelativeTo};

use super::error::{Fault, PipelineError};
use super::freeze::Freeze;
use super::path;
use super::reader::Reader;
use crate::platform::Platform;
use crate::yaml::Node;

pub(super) const KEYS: &[&str] = &["soak", "freeze", "images", "healthy"];
pub(super) const IMAGES_KEYS: &[&str] = &["exist", "pinned", "platforms", "signature"];
pub(super) const SIGNATURE_KEYS: &[&str] =
    &["key", "identity", "issuer", "trust_root", "provenance"];
pub(super) const PROVENANCE_KEYS: &[&str] = &["builder", "source"];
/// Each is a question to the registry for each image.
const MOST_PLATFORMS: usize = 16;
pub(super) const HEALTHY_KEYS: &[&str] = &["argocd"];

/// The gates in front of one environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gates {
    /// How long a version must have stood in the environment before.
    pub soak: Option<SignedDuration>,
    /// When nothing may enter.
    pub freeze: Vec<Freeze>,
    /// What must be true of the images.
    pub images: Option<Images>,
    /// Who must say that the environment before is healthy.
    pub healthy: Option<Healthy>,
}

/// What must be true of the images that enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    /// The registry has them, for each of the platforms.
    pub exist: bool,
    /// They have a digest.
    pub pinned: bool,
    /// What they must run on; at least one.
    pub platforms: Vec<Platform>,
    /// They are signed.
    pub signature: Option<Signature>,
}

/// By whom an image must be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The signer.
    pub signer: Signer,
    /// Where the image must have been built, and from what.
    pub provenance: Option<Provenance>,
}

/// Who signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signer {
    /// The holder of a key; path of the public key in the repository.
    Key(String),
    /// A workload, keyless.
    Identity {
        /// Path of the trust root in the repository.
        trust_root: String,
        /// The subject of the certificate.
        identity: String,
        /// The issuer of the token (OIDC).
        issuer: String,
    },
}

/// SLSA provenance that an image must carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// Id of the builder.
    pub builder: String,
    /// URL of the source repository.
    pub source: String,
}

/// Who says that an environment is healthy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Healthy {
    /// The Argo CD application of the service.
    Argocd,
}

impl Gates {
    pub(super) fn read(reader: &Reader<'_>, node: &Node) -> Result<Self, PipelineError> {
        let section = reader.section(node, KEYS)?;
        let freeze = match section.get("freeze") {
            Some(node) => {
                reader.list(node)?.iter().map(|item| Freeze::read(reader, item)).collect()
            }
            None => Ok(Vec::new()),
        };
        Ok(Gates {
            soak: section.get("soak").map(|node| read_soak(reader, node)).transpose()?,
            freeze: freeze?,
            images: section.get("images").map(|node| Images::read(reader, node)).transpose()?,
            healthy: match section.get("healthy") {
                Some(node) => read_healthy(reader, node)?,
                None => None,
            },
        })
    }
}

fn read_soak(reader: &Reader<'_>, node: &Node) -> Result<SignedDuration, PipelineError> {
    let text = reader.string(node)?;
    let refuse = |reason| reader.fault(node, Fault::Duration { text: text.to_owned(), reason });
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refuse("it has no unit"));
    }
    let span: Span = text.parse().map_err(|_| refuse("it cannot be read"))?;
    let fixed = SpanRelativeTo::days_are_24_hours();
    let soak = span.to_duration(fixed).map_err(|_| refuse("months and years differ in length"))?;
    if soak.is_positive() { Ok(soak) } else { Err(refuse("it is not longer than nothing")) }
}

fn read_healthy(reader: &Reader<'_>, node: &Node) -> Result<Option<Healthy>, PipelineError> {
    let section = reader.section(node, HEALTHY_KEYS)?;
    let argocd = reader.required(node, &section, "argocd")?;
    Ok(reader.boolean(argocd)?.then_some(Healthy::Argocd))
}

impl Images {
    fn read(reader: &Reader<'_>, node: &Node) -> Result<Self, PipelineError> {
        let section = reader.section(node, IMAGES_KEYS)?;
        let flag = |key| section.get(key).map_or(Ok(false), |node| reader.boolean(node));
        let signature = section.get("signature");
        let platforms = section.get("platforms").map(|node| read_platforms(reader, node));
        Ok(Images {
            exist: flag("exist")?,
            pinned: flag("pinned")?,
            platforms: platforms.transpose()?.unwrap_or_else(|| vec![Platform::usual()]),
            signature: signature.map(|node| Signature::read(reader, node)).transpose()?,
        })
    }
}

fn read_platforms(reader: &Reader<'_>, node: &Node) -> Result<Vec<Platform>, PipelineError> {
    let mut platforms = Vec::new();
    for item in reader.one_or_more(node)? {
        let text = reader.string(item)?;
        let platform = Platform::parse(text)
            .map_err(|_| reader.fault(item, Fault::Platform(text.to_owned())))?;
        if platforms.contains(&platform) {
            return Err(reader.fault(item, Fault::Repeated(text.to_owned())));
        }
        platforms.push(platform);
    }
    if platforms.len() > MOST_PLATFORMS {
        return Err(reader.fault(node, Fault::TooMany("platforms", MOST_PLATFORMS)));
    }
    Ok(platforms)
}

impl Signature {
    fn read(reader: &Reader<'_>, node: &Node) -> Result<Self, PipelineError> {
        let section = reader.section(node, SIGNATURE_KEYS)?;
        let text = |key| section.get(key).map(|node| reader.string(node)).transpose();
        let path = |key| section.get(key).map(|node| read_path(reader, node)).transpose();
        let fault = |fault| Err(reader.fault(node, fault));
        let signer = match (path("key")?, text("identity")?, text("issuer")?, path("trust_root")?) {
            (Some(key), None, None, None) => Signer::Key(key),
            (None, Some(identity), Some(issuer), Some(trust_root)) => Signer::Identity {
                trust_root,
                identity: identity.to_owned(),
                issuer: issuer.to_owned(),
            },
            (None, Some(_), Some(_), None) => return fault(Fault::NoTrustRoot),
            _ => {
                let rule = "a signature has either `key`, or `identity`, `issuer` and `trust_root`";
                return fault(Fault::Together(rule));
            }
        };
        let provenance = section.get("provenance");
        Ok(Signature {
            signer,
            provenance: provenance.map(|node| Provenance::read(reader, node)).transpose()?,
        })
    }
}

impl Provenance {
    fn read(reader: &Reader<'_>, node: &Node) -> Result<Self, PipelineError> {
        let section = reader.section(node, PROVENANCE_KEYS)?;
        let text = |key| reader.string(reader.required(node, &section, key)?).map(str::to_owned);
        Ok(Provenance { builder: text("builder")?, source: text("source")? })
    }
}

/// A path from the root of the repository.
pub(super) fn read_path(reader: &Reader<'_>, node: &Node) -> Result<String, PipelineError> {
    let text = reader.string(node)?;
    let refuse = |reason| reader.fault(node, Fault::Path { path: text.to_owned(), reason });
    path::verify(text).map_err(refuse)?;
    Ok(text.to_owned())
}
