//! A Sigstore of our own: keys, an authority, a log, and what cosign attaches to images.

use promoter::version::Digest;
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SanType, date_time_ymd,
};
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};

use crate::made::part;
use crate::server::{INDEX, MANIFEST, Server, base64};

/// When certificates of these tests are valid: two days of 2026.
const NOON: i64 = 1_767_268_800; // 2026-01-01T12:00:00Z
/// A week later.
pub(crate) const LATE: i64 = NOON + 7 * 86_400;

const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
const IN_TOTO: &str = "application/vnd.in-toto+json";
pub(crate) const SIGN: &str = "https://sigstore.dev/cosign/sign/v1";
pub(crate) const PROVENANCE: &str = "https://slsa.dev/provenance/v1";

/// A key pair for signatures.
pub(crate) enum Key {
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl Key {
    pub(crate) fn ecdsa() -> Self {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        Key::Ecdsa(EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &random).unwrap())
    }

    pub(crate) fn ed25519() -> Self {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Key::Ed25519(Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap())
    }

    /// The key that a certificate is for.
    fn of(pair: &KeyPair) -> Self {
        let (algorithm, random) = (&ECDSA_P256_SHA256_ASN1_SIGNING, SystemRandom::new());
        Key::Ecdsa(EcdsaKeyPair::from_pkcs8(algorithm, pair.serialized_der(), &random).unwrap())
    }

    fn sign(&self, data: &[u8]) -> Vec<u8> {
        match self {
            Key::Ecdsa(pair) => pair.sign(&SystemRandom::new(), data).unwrap().as_ref().to_vec(),
            Key::Ed25519(pair) => pair.sign(data).as_ref().to_vec(),
        }
    }

    /// The public key as X.509 has it (RFC 5480, RFC 8410).
    fn spki(&self) -> Vec<u8> {
        let (head, key) = match self {
            Key::Ecdsa(pair) => {
                ("3059301306072a8648ce3d020106082a8648ce3d030107034200", pair.public_key().as_ref())
            }
            Key::Ed25519(pair) => ("302a300506032b6570032100", pair.public_key().as_ref()),
        };
        [hex::decode(head).unwrap(), key.to_vec()].concat()
    }

    pub(crate) fn pem(&self) -> String {
        pem("PUBLIC KEY", &self.spki())
    }
}

fn pem(kind: &str, der: &[u8]) -> String {
    let text = base64(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", lines.join("\n"))
}

/// An authority and a log.
pub(crate) struct Sigstore {
    issuer: Issuer<'static, KeyPair>,
    authority: Vec<u8>,
    log: Key,
}

/// A certificate for an identity, with its key.
pub(crate) struct Signer {
    key: Key,
    certificate: Vec<u8>,
}

impl Sigstore {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.distinguished_name.push(DnType::CommonName, "an authority of tests");
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2050, 1, 1);
        let authority = params.self_signed(&key).unwrap().der().to_vec();
        Sigstore { issuer: Issuer::new(params, key), authority, log: Key::ecdsa() }
    }

    /// A certificate as Fulcio gives it: subject as URI, issuer of the token as extension
    /// 1.3.6.1.4.1.57264.1.8.
    pub(crate) fn signer(&self, identity: &str, issuer: &str) -> Signer {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.subject_alt_names = vec![SanType::URI(identity.try_into().unwrap())];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::CodeSigning];
        params.not_before = date_time_ymd(2026, 1, 1);
        params.not_after = date_time_ymd(2026, 1, 2);
        let text = [&[0x0c, u8::try_from(issuer.len()).unwrap()], issuer.as_bytes()].concat();
        let oid = [1, 3, 6, 1, 4, 1, 57264, 1, 8];
        params.custom_extensions = vec![CustomExtension::from_oid_content(&oid, text)];
        let certificate = params.signed_by(&key, &self.issuer).unwrap().der().to_vec();
        Signer { key: Key::of(&key), certificate }
    }

    /// `trusted_root.json`.
    pub(crate) fn root(&self) -> String {
        let valid = json!({ "start": "2020-01-01T00:00:00Z" });
        let root = json!({
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [{
                "baseUrl": "https://log.example.com",
                "hashAlgorithm": "SHA2_256",
                "publicKey": {
                    "rawBytes": base64(&self.log.spki()),
                    "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                    "validFor": valid,
                },
                "logId": { "keyId": base64(&self.log_id()) },
            }],
            "certificateAuthorities": [{
                "subject": { "organization": "tests", "commonName": "an authority of tests" },
                "uri": "https://ca.example.com",
                "certChain": { "certificates": [{ "rawBytes": base64(&self.authority) }] },
                "validFor": valid,
            }],
        });
        root.to_string()
    }

    fn log_id(&self) -> Vec<u8> {
        sha256(&self.log.spki())
    }

    /// The promise of the log (RFC 8785 JSON of these four, signed).
    fn promise(&self, body: &str, time: i64) -> String {
        let log = hex::encode(self.log_id());
        let text = format!(
            "{{\"body\":\"{body}\",\"integratedTime\":{time},\"logID\":\"{log}\",\"logIndex\":0}}"
        );
        base64(&self.log.sign(text.as_bytes()))
    }

    /// The only entry of a log, with its promise and its proof.
    fn entry(&self, (kind, body): (&str, &Value), time: i64) -> Value {
        let body = body.to_string();
        let root = sha256(&[&[0], body.as_bytes()].concat());
        let note = format!("log.example.com - 1\n1\n{}\n", base64(&root));
        let hint = self.log_id().get(..4).unwrap().to_vec();
        let signed = base64(&[hint, self.log.sign(note.as_bytes())].concat());
        let body = base64(body.as_bytes());
        json!({
            "logIndex": "0",
            "logId": { "keyId": base64(&self.log_id()) },
            "kindVersion": { "kind": kind, "version": "0.0.1" },
            "integratedTime": time.to_string(),
            "inclusionPromise": { "signedEntryTimestamp": self.promise(&body, time) },
            "inclusionProof": {
                "logIndex": "0",
                "rootHash": base64(&root),
                "treeSize": "1",
                "hashes": [],
                "checkpoint": { "envelope": format!("{note}\n\u{2014} log.example.com {signed}\n") },
            },
            "canonicalizedBody": body,
        })
    }

    /// A bundle as cosign 3 makes it, logged at noon of the day of the certificate.
    pub(crate) fn bundle(&self, signer: &Signer, statement: &Value) -> Value {
        self.bundle_at(signer, statement, NOON)
    }

    /// The same, logged at another time.
    pub(crate) fn bundle_at(&self, signer: &Signer, statement: &Value, time: i64) -> Value {
        let envelope = envelope(&signer.key, statement);
        let body = json!({
            "apiVersion": "0.0.1",
            "kind": "dsse",
            "spec": {
                "envelopeHash": { "algorithm": "sha256", "value": hex::encode(sha256(envelope.to_string().as_bytes())) },
                "payloadHash": { "algorithm": "sha256", "value": hex::encode(sha256(statement.to_string().as_bytes())) },
                "signatures": [{
                    "signature": envelope["signatures"][0]["sig"],
                    "verifier": base64(signer.pem().as_bytes()),
                }],
            },
        });
        json!({
            "mediaType": BUNDLE,
            "verificationMaterial": {
                "certificate": { "rawBytes": base64(&signer.certificate) },
                "tlogEntries": [self.entry(("dsse", &body), time)],
            },
            "dsseEnvelope": envelope,
        })
    }

    /// The annotations that cosign 2 puts beside a payload.
    pub(crate) fn annotations(&self, signer: &Signer, payload: &[u8]) -> Value {
        let signature = base64(&signer.key.sign(payload));
        let body = json!({
            "apiVersion": "0.0.1",
            "kind": "hashedrekord",
            "spec": {
                "data": { "hash": { "algorithm": "sha256", "value": hex::encode(sha256(payload)) } },
                "signature": { "content": signature, "publicKey": { "content": base64(signer.pem().as_bytes()) } },
            },
        });
        let body = base64(body.to_string().as_bytes());
        let entry = json!({
            "SignedEntryTimestamp": self.promise(&body, NOON),
            "Payload": { "body": body, "integratedTime": NOON, "logIndex": 0, "logID": hex::encode(self.log_id()) },
        });
        json!({
            "dev.cosignproject.cosign/signature": signature,
            "dev.sigstore.cosign/certificate": signer.pem(),
            "dev.sigstore.cosign/chain": pem("CERTIFICATE", &self.authority),
            "dev.sigstore.cosign/bundle": entry.to_string(),
        })
    }
}

impl Signer {
    fn pem(&self) -> String {
        pem("CERTIFICATE", &self.certificate)
    }
}

/// What cosign 1 and 2 sign.
pub(crate) fn payload(image: &Digest) -> Vec<u8> {
    let payload = json!({
        "critical": {
            "identity": { "docker-reference": "registry.example.com/acme/api" },
            "image": { "docker-manifest-digest": image.as_str() },
            "type": "cosign container image signature",
        },
        "optional": null,
    });
    payload.to_string().into_bytes()
}

/// An in-toto statement on an image.
pub(crate) fn statement(image: &Digest, kind: &str, predicate: &Value) -> Value {
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{ "digest": { "sha256": image.hex() } }],
        "predicateType": kind,
        "predicate": predicate,
    })
}

/// A DSSE envelope.
fn envelope(key: &Key, statement: &Value) -> Value {
    let payload = statement.to_string();
    let signed = format!("DSSEv1 {} {IN_TOTO} {} {payload}", IN_TOTO.len(), payload.len());
    json!({
        "payloadType": IN_TOTO,
        "payload": base64(payload.as_bytes()),
        "signatures": [{ "sig": base64(&key.sign(signed.as_bytes())) }],
    })
}

/// A bundle by a key, not logged anywhere.
pub(crate) fn key_bundle(key: &Key, statement: &Value) -> Value {
    json!({
        "mediaType": BUNDLE,
        "verificationMaterial": { "publicKey": { "hint": "" }, "tlogEntries": [] },
        "dsseEnvelope": envelope(key, statement),
    })
}

/// Signs an image as cosign 1 and 2 do.
pub(crate) fn sign_simply(server: &Server, image: &Digest, key: &Key) {
    let payload = payload(image);
    let signature = json!({ "dev.cosignproject.cosign/signature": base64(&key.sign(&payload)) });
    attach_simple(server, image, &payload, &signature);
}

/// Puts a payload with annotations at the tag that is made from the digest.
pub(crate) fn attach_simple(server: &Server, image: &Digest, payload: &[u8], annotations: &Value) {
    let blob = server.blob("acme/api", payload);
    let mut layer = part("application/vnd.dev.cosign.simplesigning.v1+json", &blob, payload.len());
    layer["annotations"] = annotations.clone();
    let manifest = artifact(server, &[layer]);
    let tag = format!("sha256-{}.sig", image.hex());
    server.manifest("acme/api", Some(&tag), MANIFEST, &manifest);
}

/// Makes bundles referrers of the image; the index of a registry that has no such endpoint.
pub(crate) fn attach_bundles(server: &Server, image: &Digest, bundles: &[Value]) {
    let entries: Vec<Value> = bundles
        .iter()
        .map(|bundle| {
            let bytes = bundle.to_string().into_bytes();
            let blob = server.blob("acme/api", &bytes);
            let mut manifest = artifact(server, &[part(BUNDLE, &blob, bytes.len())]);
            manifest["artifactType"] = BUNDLE.into();
            manifest["subject"] = part(MANIFEST, image, 100);
            let digest = server.manifest("acme/api", None, MANIFEST, &manifest);
            let mut entry = part(MANIFEST, &digest, 100);
            entry["artifactType"] = BUNDLE.into();
            entry
        })
        .collect();
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": entries });
    let tag = format!("sha256-{}", image.hex());
    server.manifest("acme/api", Some(&tag), INDEX, &index);
}

fn artifact(server: &Server, layers: &[Value]) -> Value {
    let config = server.blob("acme/api", b"{}");
    json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": part("application/vnd.oci.image.config.v1+json", &config, 2),
        "layers": layers,
    })
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA256, bytes).as_ref().to_vec()
}
