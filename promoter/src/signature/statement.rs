//! What an attestation states of an image: in-toto Statement v1, and SLSA provenance v1 in it.

use serde::Deserialize;
use serde_json::Value;
use sigstore_verify::types::DsseEnvelope;

use super::refusal::{Refusal, shown};
use crate::pipeline::Provenance;
use crate::version::Digest;

/// What cosign states when it signs (from version 3 on).
const SIGNED: &str = "https://sigstore.dev/cosign/sign/v1";

const PROVENANCE: &str = "https://slsa.dev/provenance/v1";

const IN_TOTO: &str = "application/vnd.in-toto+json";

/// A statement whose signature was verified.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Statement {
    subject: Vec<Subject>,
    predicate_type: String,
    #[serde(default)]
    predicate: Value,
}

#[derive(Debug, Deserialize)]
struct Subject {
    digest: Value,
}

impl Statement {
    /// Reads the payload of an envelope.
    pub(super) fn of(envelope: &DsseEnvelope) -> Result<Self, Refusal> {
        if envelope.payload_type != IN_TOTO {
            return Err(Refusal::Unreadable);
        }
        serde_json::from_slice(envelope.payload.as_bytes()).map_err(|_| Refusal::Unreadable)
    }

    /// Whether this image is a subject of it.
    pub(super) fn is_of(&self, image: &Digest) -> bool {
        let algorithm = image.as_str().split(':').next().unwrap_or_default();
        let named = |subject: &Subject| {
            subject.digest.get(algorithm).and_then(Value::as_str) == Some(image.hex())
        };
        self.subject.iter().any(named)
    }

    /// Whether it is of the kind that is asked for; provenance must then say what it should.
    pub(super) fn counts(&self, asked: Option<&Provenance>) -> Result<bool, Refusal> {
        match asked {
            None => Ok(self.predicate_type == SIGNED),
            Some(_) if self.predicate_type != PROVENANCE => Ok(false),
            Some(asked) => self.built_as(asked).map(|()| true),
        }
    }

    /// SLSA provenance v1: `runDetails.builder.id`, and where the source is told.
    fn built_as(&self, asked: &Provenance) -> Result<(), Refusal> {
        let builder = self.predicate.pointer("/runDetails/builder/id").and_then(Value::as_str);
        if builder != Some(asked.builder.as_str()) {
            return Err(Refusal::WrongBuilder(shown(builder)));
        }
        let source = self.source();
        if source.map(repository) != Some(repository(&asked.source)) {
            return Err(Refusal::WrongSource(shown(source)));
        }
        Ok(())
    }

    /// What the build was asked to build (`externalParameters`, whose form is the build type's),
    /// else the first thing it resolved: later ones may be anything that the build uses.
    fn source(&self) -> Option<&str> {
        let told = [
            "/buildDefinition/externalParameters/workflow/repository",
            "/buildDefinition/externalParameters/source/uri",
            "/buildDefinition/externalParameters/source",
            "/buildDefinition/resolvedDependencies/0/uri",
        ];
        told.into_iter().find_map(|at| self.predicate.pointer(at).and_then(Value::as_str))
    }
}

/// The repository of `git+https://host/repository.git@ref`, as SPDX writes a place in git.
fn repository(uri: &str) -> &str {
    let uri = uri.strip_prefix("git+").unwrap_or(uri);
    // An `@` in the last part begins the ref; one before is of the user.
    let uri = match uri.rsplit_once('@') {
        Some((place, reference)) if place.matches('/').count() > 2 && !reference.is_empty() => {
            place
        }
        _ => uri,
    };
    let uri = uri.strip_suffix('/').unwrap_or(uri);
    uri.strip_suffix(".git").unwrap_or(uri)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{PROVENANCE, Refusal, SIGNED, Statement, repository};
    use crate::pipeline::Provenance;
    use crate::version::Digest;

    fn statement(kind: &str, predicate: &serde_json::Value) -> Statement {
        let subject = json!([{ "name": "x", "digest": { "sha256": "a".repeat(64) } }]);
        let text = json!({ "subject": subject, "predicateType": kind, "predicate": predicate });
        serde_json::from_value(text).unwrap()
    }

    #[test]
    fn subjects() {
        let check = |digest: String, is: bool| {
            let image = Digest::parse(&digest).unwrap();
            assert_eq!(statement(SIGNED, &json!({})).is_of(&image), is, "{digest}");
        };
        check(format!("sha256:{}", "a".repeat(64)), true);
        check(format!("sha256:{}", "b".repeat(64)), false);
        check(format!("sha512:{}", "a".repeat(128)), false);
    }

    #[test]
    fn provenance() {
        let builder = "https://github.com/actions/runner/github-hosted";
        let source = "https://github.com/acme/shop";
        let asked = Provenance { builder: builder.into(), source: source.into() };
        let check = |predicate, expected| {
            assert_eq!(statement(PROVENANCE, &predicate).counts(Some(&asked)), expected);
        };
        let built = |id: &str, definition| json!({ "runDetails": { "builder": { "id": id } }, "buildDefinition": definition });
        let workflow = |repository: &str| json!({ "externalParameters": { "workflow": { "repository": repository } } });
        let resolved = |uris: &[&str]| {
            let uris: Vec<_> = uris.iter().map(|uri| json!({ "uri": uri })).collect();
            json!({ "externalParameters": {}, "resolvedDependencies": uris })
        };
        let other = "https://github.com/eve/shop";
        let wrong = || Err(Refusal::WrongSource(other.into()));
        check(built(builder, workflow(source)), Ok(true));
        check(built(builder, workflow(other)), wrong());
        check(built("x", workflow(source)), Err(Refusal::WrongBuilder("x".into())));
        check(json!({}), Err(Refusal::WrongBuilder("nobody".into())));
        check(built(builder, json!({})), Err(Refusal::WrongSource("nobody".into())));
        check(
            built(builder, resolved(&["git+https://github.com/acme/shop@refs/heads/main"])),
            Ok(true),
        );
        check(built(builder, resolved(&[other, source])), wrong());
        assert_eq!(statement(SIGNED, &json!({})).counts(Some(&asked)), Ok(false));
        assert_eq!(statement(SIGNED, &json!({})).counts(None), Ok(true));
        assert_eq!(statement(PROVENANCE, &json!({})).counts(None), Ok(false));
    }

    #[test]
    fn repositories() {
        let check = |uri: &str, expected: &str| assert_eq!(repository(uri), expected);
        check("git+https://github.com/acme/shop@refs/heads/main", "https://github.com/acme/shop");
        check("https://github.com/acme/shop.git", "https://github.com/acme/shop");
        check("https://github.com/acme/shop/", "https://github.com/acme/shop");
        check("git+ssh://git@host/acme/shop", "ssh://git@host/acme/shop");
        check("git+ssh://git@host/acme/shop.git@v1", "ssh://git@host/acme/shop");
    }
}
