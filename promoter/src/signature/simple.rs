//! The payload that cosign 1 and 2 sign, and the annotations beside it (cosign
//! `specs/SIGNATURE_SPEC.md`).

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use serde::Deserialize;
use serde_json::{Value, json};
use sigstore_verify::types::{Bundle, DerCertificate, MediaType, SignatureBytes};

use super::refusal::Refusal;
use crate::registry::SimpleSignature;
use crate::version::Digest;

const SIGNATURE: &str = "dev.cosignproject.cosign/signature";
const CERTIFICATE: &str = "dev.sigstore.cosign/certificate";
const CHAIN: &str = "dev.sigstore.cosign/chain";
const ENTRY: &str = "dev.sigstore.cosign/bundle";

/// What the payload says it is.
const KIND: &str = "cosign container image signature";

#[derive(Deserialize)]
struct Payload {
    critical: Critical,
}

#[derive(Deserialize)]
struct Critical {
    #[serde(rename = "type")]
    kind: String,
    image: Named,
}

#[derive(Deserialize)]
struct Named {
    #[serde(rename = "docker-manifest-digest")]
    digest: String,
}

/// The log entry with its promise, as cosign keeps it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    signed_entry_timestamp: String,
    payload: Logged,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Logged {
    body: Value,
    integrated_time: i64,
    log_index: i64,
    #[serde(rename = "logID")]
    log: String,
}

/// The signature itself.
pub(super) fn signature_of(signature: &SimpleSignature) -> Result<SignatureBytes, Refusal> {
    SignatureBytes::from_base64(annotation(signature, SIGNATURE)?).map_err(|_| Refusal::Unreadable)
}

/// The payload must be of this image; to be asked after its signature is verified.
pub(super) fn is_of(payload: &[u8], image: &Digest) -> Result<(), Refusal> {
    let payload: Payload = serde_json::from_slice(payload).map_err(|_| Refusal::Unreadable)?;
    let same = payload.critical.kind == KIND && payload.critical.image.digest == image.as_str();
    if same { Ok(()) } else { Err(Refusal::OtherImage) }
}

/// The same as a bundle (Sigstore `bundle.proto`, version 0.1): certificate chain, signature, and
/// the entry of the log with its promise.
pub(super) fn bundle_of(signature: &SimpleSignature) -> Result<Bundle, Refusal> {
    let leaf = annotation(signature, CERTIFICATE).map_err(|_| Refusal::ByKey)?;
    let mut certificates = certificates_of(leaf)?;
    certificates.extend(certificates_of(annotation(signature, CHAIN).unwrap_or_default())?);
    let entry: Entry = serde_json::from_str(annotation(signature, ENTRY)?).map_err(unreadable)?;
    let bundle = json!({
        "mediaType": MediaType::Bundle0_1.as_str(),
        "verificationMaterial": {
            "x509CertificateChain": { "certificates": certificates },
            "tlogEntries": [logged(&entry)?],
        },
        "messageSignature": { "signature": annotation(signature, SIGNATURE)? },
    });
    serde_json::from_value(bundle).map_err(unreadable)
}

/// The entry in the terms of a bundle.
fn logged(entry: &Entry) -> Result<Value, Refusal> {
    use sigstore_verify::types::{CanonicalizedBody, LogKeyId};

    let logged = &entry.payload;
    let body = logged.body.as_str().ok_or(Refusal::Unreadable)?;
    let bytes = CanonicalizedBody::from_base64(body).map_err(|_| Refusal::Unreadable)?;
    let kind: Value = serde_json::from_slice(bytes.as_bytes()).map_err(unreadable)?;
    let log = hex::decode(&logged.log).map_err(|_| Refusal::Unreadable)?;
    Ok(json!({
        "logIndex": logged.log_index.to_string(),
        "logId": { "keyId": LogKeyId::from_bytes(&log) },
        "kindVersion": { "kind": kind.get("kind"), "version": kind.get("apiVersion") },
        "integratedTime": logged.integrated_time.to_string(),
        "inclusionPromise": { "signedEntryTimestamp": entry.signed_entry_timestamp },
        "canonicalizedBody": body,
    }))
}

fn certificates_of(pem: &str) -> Result<Vec<Value>, Refusal> {
    let each = CertificateDer::pem_slice_iter(pem.as_bytes());
    each.map(|der| {
        let der = der.map_err(|_| Refusal::Unreadable)?;
        Ok(json!({ "rawBytes": DerCertificate::new(der.to_vec()) }))
    })
    .collect()
}

fn annotation<'s>(signature: &'s SimpleSignature, name: &str) -> Result<&'s str, Refusal> {
    signature.annotations.get(name).map(String::as_str).ok_or(Refusal::Unreadable)
}

fn unreadable(_: serde_json::Error) -> Refusal {
    Refusal::Unreadable
}
