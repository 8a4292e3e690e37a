//! Signatures by a key. What a log says of them is not looked at: the key alone decides.

use sigstore_verify::crypto::VerificationKey;
use sigstore_verify::types::{Bundle, DerPublicKey, SignatureBytes, SignatureContent};

use super::refusal::Refusal;
use super::simple;
use super::statement::Statement;
use crate::registry::SimpleSignature;
use crate::version::Digest;

/// Verifies a payload beside the image (cosign `specs/SIGNATURE_SPEC.md`).
pub(super) fn simple(
    key: &DerPublicKey,
    signature: &SimpleSignature,
    image: &Digest,
) -> Result<(), Refusal> {
    let bytes = simple::signature_of(signature)?;
    by(key, &signature.payload, &bytes)?;
    simple::is_of(&signature.payload, image)
}

/// Verifies a bundle whose content is a DSSE envelope (DSSE 1.0, "Protocol"): the signature is of
/// the pre-authentication encoding of type and payload.
pub(super) fn bundle(
    key: &DerPublicKey,
    json: &[u8],
    image: &Digest,
) -> Result<Statement, Refusal> {
    let bundle: Bundle = serde_json::from_slice(json).map_err(|_| Refusal::Unreadable)?;
    let SignatureContent::DsseEnvelope(envelope) = &bundle.content else {
        return Err(Refusal::Unreadable);
    };
    by(key, &envelope.pae(), &envelope.signature.sig)?;
    let statement = Statement::of(envelope)?;
    if statement.is_of(image) { Ok(statement) } else { Err(Refusal::OtherImage) }
}

fn by(key: &DerPublicKey, data: &[u8], signature: &SignatureBytes) -> Result<(), Refusal> {
    let key = VerificationKey::from_spki(key).map_err(|_| Refusal::WrongKey)?;
    key.verify(data, signature).map_err(|_| Refusal::WrongKey)
}
