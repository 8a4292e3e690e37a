//! Why a signature does not count.

use sigstore_verify::{CertificateError, Error, SubjectAltName, TransparencyLogError};

/// Why what is attached to an image does not count, in the order in which it comes nearer to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Refusal {
    /// Nothing is attached that could count.
    #[error("it is not signed")]
    Unsigned,
    /// There may be signatures, but no provenance.
    #[error("it has no SLSA provenance")]
    NoProvenance,
    /// Not in a format that is known.
    #[error("its signature cannot be read")]
    Unreadable,
    /// Signed by a key where an identity is asked for.
    #[error("it is signed by a key and not by an identity")]
    ByKey,
    /// The signature is not by the key.
    #[error("it is not signed by this key")]
    WrongKey,
    /// The signature is not of these bytes by this certificate.
    #[error("its signature does not fit its certificate")]
    Broken,
    /// The certificate does not go back to the trust root.
    #[error("its certificate is not by an authority of the trust root")]
    Untrusted,
    /// Not in a log of the trust root, or its entry is of something else.
    #[error("no log of the trust root has its signature")]
    NotLogged,
    /// The signature was made when the certificate was not valid.
    #[error("its certificate was not valid when it was signed")]
    Expired,
    /// Signed properly, by somebody else.
    #[error("it is signed by {0}")]
    WrongIdentity(String),
    /// Signed properly; of another image.
    #[error("its signature is of another image")]
    OtherImage,
    /// Provenance of another builder.
    #[error("it was built by {0}")]
    WrongBuilder(String),
    /// Provenance from another source.
    #[error("it was built from {0}")]
    WrongSource(String),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::IdentityMismatch { actual, .. } => {
                Refusal::WrongIdentity(shown(actual.as_ref().map(SubjectAltName::as_str)))
            }
            Error::IssuerMismatch { actual, .. } => {
                Refusal::WrongIdentity(format!("an identity of {}", shown(actual.as_deref())))
            }
            Error::ArtifactMismatch(_) => Refusal::OtherImage,
            Error::Certificate(
                CertificateError::Expired { .. } | CertificateError::NotYetValid { .. },
            )
            | Error::TransparencyLog(TransparencyLogError::IntegratedTime(_)) => Refusal::Expired,
            Error::Certificate(_) | Error::Timestamp(_) => Refusal::Untrusted,
            Error::TransparencyLog(_) => Refusal::NotLogged,
            Error::SignatureInvalid(_) | Error::Crypto(_) => Refusal::Broken,
            _ => Refusal::Unreadable,
        }
    }
}

/// Somebody's own words, cut to what a message can bear.
pub(super) fn shown(words: Option<&str>) -> String {
    let plain = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    words.map_or_else(|| "nobody".into(), |words| words.chars().take(200).map(plain).collect())
}
