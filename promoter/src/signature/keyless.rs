//! Signatures by an identity: a certificate that lived for minutes, and the log that says when.
//!
//! What sigstore-verify checks, after the Sigstore client specification, section 5: the certificate
//! goes back to an authority of the trust root (Fulcio) and was valid when the log took the entry;
//! its SCT, subject and issuer; the log's proof of inclusion, checkpoint and promise (Rekor); that
//! the entry is of this signature; the signature.

use sigstore_verify::crypto::parse_certificate_info;
use sigstore_verify::trust_root::TrustedRoot;
use sigstore_verify::types::{
    Artifact, ArtifactDigest, Bundle, DigestBytes, HashAlgorithm, SignatureContent,
};
use sigstore_verify::{Error, VerificationPolicy, Verifier};

use super::refusal::Refusal;
use super::simple;
use super::statement::Statement;
use crate::registry::SimpleSignature;
use crate::version::Digest;

/// Whose certificate, and by which authorities and logs.
pub(super) struct Identity {
    verifier: Verifier,
    policy: VerificationPolicy,
    words: String,
}

impl Identity {
    /// A trust root without certificate transparency or without a log is of a Sigstore that has
    /// none (GitHub's for private repositories): then it cannot be asked for. The time comes from
    /// its timestamp authority.
    pub(super) fn new(root: &TrustedRoot, identity: &str, issuer: &str) -> Result<Self, Error> {
        let mut policy = VerificationPolicy::new(identity, issuer);
        if root.ctlogs.is_empty() {
            policy = policy.skip_sct();
        }
        if root.tlogs.is_empty() {
            policy = policy.skip_tlog_unsafe();
        }
        let words = format!("{identity}, as {issuer} says");
        Ok(Identity { verifier: Verifier::new(root)?, policy, words })
    }

    /// Verifies a bundle: what it states, and who says so.
    pub(super) fn bundle(
        &self,
        json: &[u8],
        image: &Digest,
    ) -> Result<(Statement, String), Refusal> {
        let bundle: Bundle = serde_json::from_slice(json).map_err(|_| Refusal::Unreadable)?;
        let SignatureContent::DsseEnvelope(envelope) = &bundle.content else {
            return Err(Refusal::Unreadable);
        };
        self.verified(Artifact::from_digest(digest(image)?), &bundle)?;
        let statement = Statement::of(envelope)?;
        if statement.is_of(image) {
            Ok((statement, self.words.clone()))
        } else {
            Err(Refusal::OtherImage)
        }
    }

    /// Verifies a payload beside the image.
    pub(super) fn simple(
        &self,
        signature: &SimpleSignature,
        image: &Digest,
    ) -> Result<String, Refusal> {
        let bundle = simple::bundle_of(signature)?;
        self.verified(Artifact::from(signature.payload.as_slice()), &bundle)?;
        simple::is_of(&signature.payload, image)?;
        Ok(self.words.clone())
    }

    fn verified(&self, artifact: Artifact<'_>, bundle: &Bundle) -> Result<(), Refusal> {
        if bundle.signing_certificate().is_none() {
            return Err(Refusal::ByKey);
        }
        let verified = self.verifier.verify(artifact, bundle, &self.policy);
        verified.map(drop).map_err(|error| match error {
            Error::Certificate(_) if signed_late(bundle) => Refusal::Expired,
            error => error.into(),
        })
    }
}

/// The digest of an image in the terms of sigstore-verify.
fn digest(image: &Digest) -> Result<ArtifactDigest, Refusal> {
    let sha512 = image.as_str().starts_with("sha512:");
    let algorithm = if sha512 { HashAlgorithm::Sha2512 } else { HashAlgorithm::Sha2256 };
    let bytes = hex::decode(image.hex()).map_err(|_| Refusal::OtherImage)?;
    ArtifactDigest::new(algorithm, DigestBytes::new(bytes)).map_err(|_| Refusal::OtherImage)
}

/// Whether the log took the entry outside the life of the certificate. It only chooses the words:
/// whether anything counts was decided before.
fn signed_late(bundle: &Bundle) -> bool {
    let certificate = bundle.signing_certificate().map(parse_certificate_info);
    let Some(Ok(certificate)) = certificate else { return false };
    let entries = &bundle.verification_material.tlog_entries;
    entries
        .iter()
        .filter_map(|entry| entry.integrated_time)
        .any(|time| time < certificate.not_before || time > certificate.not_after)
}
