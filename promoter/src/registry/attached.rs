//! The signatures and attestations of an image, as cosign and others attach them. Nothing is
//! verified here.
//!
//! Two ways are in use: tags made from the digest (`sha256-<hex>.sig`, cosign
//! `specs/SIGNATURE_SPEC.md`), and referrers (OCI distribution specification 1.1, "Listing
//! Referrers"), with an index at the tag `sha256-<hex>` where the registry has no such endpoint.

use std::collections::BTreeMap;

use super::manifest::{Blob, Manifest};
use super::request::Repository;
use super::{Answer, Gap};
use crate::version::Digest;

/// More are not looked at.
const MOST: usize = 32;

/// A bundle with an attestation of some size.
const BLOB: usize = 4 << 20;

const SIMPLE_SIGNING: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle";

/// A signature in the way of cosign 1 and 2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimpleSignature {
    /// The signed bytes.
    pub payload: Vec<u8>,
    /// Signature, certificate and log entry, as annotations.
    pub annotations: BTreeMap<String, String>,
}

/// What is attached to one image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attached {
    /// Signatures in the way of cosign 1 and 2.
    pub simple: Vec<SimpleSignature>,
    /// Sigstore bundles, as JSON.
    pub bundles: Vec<Vec<u8>>,
    /// Whether there is more than was looked at.
    pub goes_on: bool,
}

/// Everything attached to the manifest or index with this digest.
pub(super) async fn attached(repository: &Repository<'_>, digest: &Digest) -> Answer<Attached> {
    let mut found = Attached::default();
    simple(repository, digest, &mut found).await?;
    bundles(repository, digest, &mut found).await?;
    Ok(found)
}

async fn simple(repository: &Repository<'_>, digest: &Digest, found: &mut Attached) -> Answer<()> {
    let tag = format!("{}.sig", tag_of(digest));
    let Some(Manifest::Image(parts)) = there(repository.tagged(&tag).await)? else {
        return Ok(());
    };
    let layers: Vec<&Blob> =
        parts.layers.iter().filter(|layer| layer.kind == SIMPLE_SIGNING).collect();
    found.goes_on |= layers.len() > MOST;
    for layer in layers.into_iter().take(MOST) {
        let Some(payload) = there(repository.blob(&layer.digest, BLOB).await)? else { continue };
        let annotations = layer.annotations.clone();
        found.simple.push(SimpleSignature { payload, annotations });
    }
    Ok(())
}

async fn bundles(repository: &Repository<'_>, digest: &Digest, found: &mut Attached) -> Answer<()> {
    let listed = match there(repository.referrers(digest).await)? {
        Some((listed, goes_on)) => {
            found.goes_on |= goes_on;
            Some(listed)
        }
        None => there(repository.tagged(&tag_of(digest)).await)?,
    };
    let Some(Manifest::Index(entries)) = listed else { return Ok(()) };
    // Some registries do not repeat what an entry is: those are looked at, too.
    let may_be = |kind: &Option<String>| kind.as_ref().is_none_or(|kind| kind.starts_with(BUNDLE));
    let entries: Vec<_> = entries.into_iter().filter(|entry| may_be(&entry.artifact)).collect();
    found.goes_on |= entries.len() > MOST;
    for entry in entries.iter().take(MOST) {
        let manifest = there(repository.manifest(&entry.digest).await)?;
        let Some(Manifest::Image(parts)) = manifest else { continue };
        for layer in parts.layers.iter().filter(|layer| layer.kind.starts_with(BUNDLE)).take(1) {
            found.bundles.extend(there(repository.blob(&layer.digest, BLOB).await)?);
        }
    }
    Ok(())
}

/// `sha256-<hex>`.
fn tag_of(digest: &Digest) -> String {
    digest.as_str().replacen(':', "-", 1)
}

/// What is absent is none; what cannot be told stays untold.
fn there<T>(answer: Answer<T>) -> Answer<Option<T>> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(Gap::Absent(_)) => Ok(None),
        Err(gap) => Err(gap),
    }
}
