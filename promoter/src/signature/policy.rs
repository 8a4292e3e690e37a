//! Whom to trust: a rule of promoter.yaml, with the file that it names.

use sigstore_verify::trust_root::TrustedRoot;
use sigstore_verify::types::DerPublicKey;

use super::crypto;
use super::keyless::Identity;
use crate::pipeline::{Provenance, Signature, Signer};

/// A file that is no key, or no trust root.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct TrustError {
    /// The file, in the repository.
    pub path: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// By whom an image must be signed, ready to verify with.
pub struct Policy {
    pub(super) trust: Trust,
    pub(super) provenance: Option<Provenance>,
}

/// What signatures are held against.
pub(super) enum Trust {
    Key { path: String, key: DerPublicKey },
    Identity(Box<Identity>),
}

impl Policy {
    /// The file that must be read for a rule.
    #[must_use]
    pub fn file(rule: &Signature) -> &str {
        match &rule.signer {
            Signer::Key(path) | Signer::Identity { trust_root: path, .. } => path,
        }
    }

    /// A rule, with the bytes of its file.
    pub fn new(rule: &Signature, bytes: &[u8]) -> Result<Self, TrustError> {
        crypto::install();
        let path = Policy::file(rule);
        let wrong = |reason| TrustError { path: path.to_owned(), reason };
        let text = std::str::from_utf8(bytes).map_err(|_| wrong("it is not text"))?;
        let trust = match &rule.signer {
            Signer::Key(path) => {
                let key = DerPublicKey::from_pem(text).ok().filter(crypto::knows);
                let not = "it is not a public key in PEM (ECDSA P-256 or P-384, Ed25519, RSA)";
                Trust::Key { path: path.clone(), key: key.ok_or_else(|| wrong(not))? }
            }
            Signer::Identity { identity, issuer, .. } => {
                let no = |_| wrong("it is not a trusted_root.json of Sigstore");
                let root = TrustedRoot::from_json(text).map_err(no)?;
                if root.certificate_authorities.is_empty() {
                    return Err(wrong("it names no certificate authority"));
                }
                let trust = Identity::new(&root, identity, issuer);
                let unusable = "a key or certificate in it cannot be used";
                Trust::Identity(Box::new(trust.map_err(|_| wrong(unusable))?))
            }
        };
        Ok(Policy { trust, provenance: rule.provenance.clone() })
    }
}
