//! Who signed an image, told from what is attached to it and from trust that the caller gives.
//!
//! cosign's signatures (versions 1 and 2: a payload beside the image; from 3 on: Sigstore bundles)
//! and SLSA provenance, by a key or by an identity. sigstore-verify does the verification; there is
//! no network, no file and no trust of our own here.

mod crypto;
mod key;
mod keyless;
mod policy;
mod refusal;
mod simple;
mod statement;

use crate::registry::Attached;
use crate::version::Digest;

pub use policy::{Policy, TrustError};
pub use refusal::Refusal;

use policy::Trust;

/// Who signed the image, in words; or why none of what is attached to it counts.
///
/// With provenance asked for, only provenance counts: signed by the same signer, it says more than
/// a bare signature does.
pub fn verify(policy: &Policy, image: &Digest, attached: &Attached) -> Result<String, Refusal> {
    let bundles = attached.bundles.iter().map(|json| match &policy.trust {
        Trust::Key { path, key } => key::bundle(key, json, image).map(|found| (found, by(path))),
        Trust::Identity(trust) => trust.bundle(json, image),
    });
    let bundles = bundles.filter_map(|verified| match verified {
        Ok((statement, by)) => match statement.counts(policy.provenance.as_ref()) {
            Ok(counts) => counts.then_some(Ok(by)),
            Err(refusal) => Some(Err(refusal)),
        },
        Err(refusal) => Some(Err(refusal)),
    });
    let simple = attached.simple.iter().filter(|_| policy.provenance.is_none());
    let simple = simple.map(|signature| match &policy.trust {
        Trust::Key { path, key } => key::simple(key, signature, image).map(|()| by(path)),
        Trust::Identity(trust) => trust.simple(signature, image),
    });
    best(bundles.chain(simple)).unwrap_or(Err(match &policy.provenance {
        Some(_) => Refusal::NoProvenance,
        None => Refusal::Unsigned,
    }))
}

fn by(key: &str) -> String {
    format!("the holder of {key}")
}

/// The first that counts, else the refusal that came nearest to it.
fn best(all: impl Iterator<Item = Result<String, Refusal>>) -> Option<Result<String, Refusal>> {
    let mut nearest: Option<Refusal> = None;
    for one in all {
        match one {
            Ok(by) => return Some(Ok(by)),
            Err(refusal) => nearest = nearest.max(Some(refusal)),
        }
    }
    nearest.map(Err)
}

#[cfg(test)]
mod tests {
    use super::{Policy, Refusal, verify};
    use crate::pipeline::{Provenance, Signature, Signer};
    use crate::registry::Attached;
    use crate::version::Digest;

    /// See promoter/tests/public/README.md.
    const BUNDLE: &[u8] = include_bytes!("../../tests/public/sigstore-js-2.0.0.sigstore.json");
    const ROOT: &[u8] = include_bytes!("../../tests/public/trusted_root.json");
    const PACKAGE: &str = "sha512:46d4e2f74c4877316640000a6fdf8a8b59f1e0847667973e9859f774dd31b8f1e0937813b777fb66a2ac67d50540fe34640966eee9fc2ccca387082b4c85cd3c";
    const IDENTITY: &str =
        "https://github.com/sigstore/sigstore-js/.github/workflows/release.yml@refs/heads/main";
    const ISSUER: &str = "https://token.actions.githubusercontent.com";
    const BUILDER: &str = "https://github.com/actions/runner/github-hosted";
    const SOURCE: &str = "https://github.com/sigstore/sigstore-js";

    fn rule(identity: &str, provenance: Option<(&str, &str)>) -> Signature {
        let told = |(builder, source): (&str, &str)| Provenance {
            builder: builder.into(),
            source: source.into(),
        };
        Signature {
            signer: Signer::Identity {
                trust_root: "trusted_root.json".into(),
                identity: identity.into(),
                issuer: ISSUER.into(),
            },
            provenance: provenance.map(told),
        }
    }

    /// A bundle of the public Sigstore, with certificate, SCT, proof of inclusion and promise.
    #[test]
    fn real_provenance() {
        let check = |rule: &Signature, digest: &str, bundle: &[u8], expected| {
            let policy = Policy::new(rule, ROOT).unwrap();
            let attached = Attached { bundles: vec![bundle.to_vec()], ..Attached::default() };
            assert_eq!(verify(&policy, &Digest::parse(digest).unwrap(), &attached), expected);
        };
        let right = rule(IDENTITY, Some((BUILDER, SOURCE)));
        let by = format!("{IDENTITY}, as {ISSUER} says");
        check(&right, PACKAGE, BUNDLE, Ok(by));
        check(&rule(IDENTITY, None), PACKAGE, BUNDLE, Err(Refusal::Unsigned));
        let other = PACKAGE.replace("46d4", "46d5");
        check(&right, &other, BUNDLE, Err(Refusal::OtherImage));
        let eve = rule("https://eve.example.com", Some((BUILDER, SOURCE)));
        check(&eve, PACKAGE, BUNDLE, Err(Refusal::WrongIdentity(IDENTITY.into())));
        let elsewhere = rule(IDENTITY, Some((BUILDER, "https://github.com/eve/sigstore-js")));
        check(&elsewhere, PACKAGE, BUNDLE, Err(Refusal::WrongSource(SOURCE.into())));
        check(&right, PACKAGE, b"{", Err(Refusal::Unreadable));
    }

    /// Any byte of it that matters, changed, and it does not count.
    #[test]
    fn a_forged_bundle_is_none() {
        let policy = Policy::new(&rule(IDENTITY, Some((BUILDER, SOURCE))), ROOT).unwrap();
        let digest = Digest::parse(PACKAGE).unwrap();
        let places = (0..BUNDLE.len()).step_by(211);
        let forged = places.filter(|&place| {
            let mut bytes = BUNDLE.to_vec();
            bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
            let attached = Attached { bundles: vec![bytes], ..Attached::default() };
            verify(&policy, &digest, &attached).is_ok()
        });
        // What is left over are names and hints that nothing is decided by.
        let passed = forged.count();
        assert_eq!(passed, 0);
    }
}
