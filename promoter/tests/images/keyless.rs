//! `images.signature` by an identity, and provenance, with a Sigstore of our own.

use insta::assert_snapshot;
use promoter::version::Digest;
use serde_json::{Value, json};

use crate::made::image;
use crate::server::Server;
use crate::shop::Shop;
use crate::sigstore::{
    Key, LATE, PROVENANCE, SIGN, Sigstore, attach_bundles, attach_simple, key_bundle, payload,
    sign_simply, statement,
};

const IDENTITY: &str = "https://github.com/acme/api/.github/workflows/release.yaml@refs/heads/main";
const ISSUER: &str = "https://token.actions.githubusercontent.com";
const BUILDER: &str = "https://github.com/actions/runner/github-hosted";
const SOURCE: &str = "https://github.com/acme/api";

/// A registry with one image, and a shop that wants it signed by [`IDENTITY`].
struct Case {
    server: Server,
    sigstore: Sigstore,
    digest: Digest,
    shop: Shop,
}

impl Case {
    fn new(more: &str) -> Self {
        let (server, sigstore) = (Server::start(), Sigstore::new());
        let digest = image(&server, "acme/api", Some("1.0"), ("1.0", "linux/amd64")).digest;
        let gates = format!(
            "signature: {{ identity: '{IDENTITY}', issuer: '{ISSUER}', trust_root: keys/root.json{more} }}"
        );
        let shop = Shop::at(&server, &format!("1.0@{}", digest.as_str()), &gates);
        shop.commit("trust", &[("keys/root.json", &sigstore.root())]);
        Case { server, sigstore, digest, shop }
    }

    fn signed(&self) -> Value {
        statement(&self.digest, SIGN, &json!({}))
    }

    fn attach(&self, bundle: Value) -> String {
        attach_bundles(&self.server, &self.digest, &[bundle]);
        self.told()
    }

    fn told(&self) -> String {
        self.shop
            .says("promoter promote dev prod --dry-run -v")
            .replace(self.digest.short(), "<digest>")
    }
}

#[test]
fn signed_by_the_identity() {
    let case = Case::new("");
    assert!(case.told().contains("it is not signed"));
    let signer = case.sigstore.signer(IDENTITY, ISSUER);
    assert_snapshot!(case.attach(case.sigstore.bundle(&signer, &case.signed())), @r#"
    api  0.1  ->  1.0@<digest>  environments/prod/api/kustomization.yaml
    gate prod takes from dev (order: pass)
    gate api: nothing stands against 1.0@<digest> (hold: pass)
    gate api: <registry>/acme/api 1.0@<digest> is signed by https://github.com/acme/api/.github/workflows/release.yaml@refs/heads/main, as https://token.actions.githubusercontent.com says (images.signature: pass)

    --- a/environments/prod/api/kustomization.yaml
    +++ b/environments/prod/api/kustomization.yaml
    @@ -1,4 +1,5 @@
     images:
       - name: api
         newName: <registry>/acme/api
    -    newTag: "0.1"
    +    newTag: "1.0"
    +    digest: "<digest>fb77851d35ea4ccf675e314653c51bcae542e15af0fa176c8a65"

    nothing was changed: this was a dry run
    "#);
}

#[test]
fn signed_by_the_identity_with_annotations() {
    let case = Case::new("");
    let signer = case.sigstore.signer(IDENTITY, ISSUER);
    let payload = payload(&case.digest);
    let annotations = case.sigstore.annotations(&signer, &payload);
    attach_simple(&case.server, &case.digest, &payload, &annotations);
    let told = case.told();
    assert!(told.contains(&format!("is signed by {IDENTITY}")), "{told}");
}

#[test]
fn what_does_not_count() {
    let case = Case::new("");
    let refused = |bundle: Value, words: &str| {
        let told = case.attach(bundle);
        assert!(told.contains(words) && told.contains("images.signature: fail"), "{words}\n{told}");
    };
    let (sigstore, statement) = (&case.sigstore, case.signed());
    let signer = sigstore.signer(IDENTITY, ISSUER);
    let eve = "https://github.com/eve/api/.github/workflows/release.yaml@refs/heads/main";
    let bundle = sigstore.bundle(&sigstore.signer(eve, ISSUER), &statement);
    refused(bundle, &format!("it is signed by {eve}"));
    let bundle = sigstore.bundle(&sigstore.signer(IDENTITY, "https://eve.example.com"), &statement);
    refused(bundle, "it is signed by an identity of https://eve.example.com");
    let bundle = sigstore.bundle_at(&signer, &statement, LATE);
    refused(bundle, "its certificate was not valid when it was signed");
    let other = Sigstore::new();
    let bundle = other.bundle(&other.signer(IDENTITY, ISSUER), &statement);
    refused(bundle, "no log of the trust root has its signature");
    let bundle = sigstore.bundle(&other.signer(IDENTITY, ISSUER), &statement);
    refused(bundle, "its certificate is not by an authority of the trust root");
    let bundle = other.bundle(&signer, &statement);
    refused(bundle, "no log of the trust root has its signature");
    let mut bundle = sigstore.bundle(&signer, &statement);
    bundle["verificationMaterial"]["tlogEntries"] = json!([]);
    refused(bundle, "its signature cannot be read");
    let mut bundle = sigstore.bundle(&signer, &statement);
    let entry = &mut bundle["verificationMaterial"]["tlogEntries"][0];
    entry["inclusionProof"]["rootHash"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".into();
    refused(bundle, "its signature cannot be read");
    let mut bundle = sigstore.bundle(&signer, &statement);
    let again = sigstore.bundle(&signer, &statement);
    bundle["dsseEnvelope"]["signatures"] = again["dsseEnvelope"]["signatures"].clone();
    refused(bundle, "no log of the trust root has its signature");
    let image = Digest::of(b"another");
    let of_another = crate::sigstore::statement(&image, SIGN, &json!({}));
    refused(sigstore.bundle(&signer, &of_another), "its signature is of another image");
    refused(key_bundle(&Key::ecdsa(), &statement), "it is signed by a key and not by an identity");
}

#[test]
fn a_signature_by_a_key_is_not_one_by_an_identity() {
    let case = Case::new("");
    sign_simply(&case.server, &case.digest, &Key::ecdsa());
    assert!(case.told().contains("it is signed by a key and not by an identity"));
}

#[test]
fn provenance() {
    let case = Case::new(&format!(", provenance: {{ builder: '{BUILDER}', source: '{SOURCE}' }}"));
    let signer = case.sigstore.signer(IDENTITY, ISSUER);
    let built = |builder: &str, source: &str| {
        let predicate = json!({
            "buildDefinition": { "externalParameters": { "workflow": { "repository": source } } },
            "runDetails": { "builder": { "id": builder } },
        });
        case.sigstore.bundle(&signer, &statement(&case.digest, PROVENANCE, &predicate))
    };
    let check = |bundle: Value, words: &str| {
        let told = case.attach(bundle);
        assert!(told.contains(words), "{words}\n{told}");
    };
    check(case.sigstore.bundle(&signer, &case.signed()), "it has no SLSA provenance");
    check(
        built("https://eve.example.com/builder", SOURCE),
        "it was built by https://eve.example.com/builder",
    );
    check(
        built(BUILDER, "https://github.com/eve/api"),
        "it was built from https://github.com/eve/api",
    );
    check(built(BUILDER, SOURCE), &format!("is signed by {IDENTITY}"));
    check(built(BUILDER, "git+https://github.com/acme/api.git@refs/tags/v1"), "is signed by");
    let eve = case.sigstore.signer("https://eve.example.com", ISSUER);
    let predicate = json!({ "runDetails": { "builder": { "id": BUILDER } } });
    let forged = case.sigstore.bundle(&eve, &statement(&case.digest, PROVENANCE, &predicate));
    check(forged, "it is signed by https://eve.example.com");
}

#[test]
fn a_trust_root_that_is_none() {
    let case = Case::new("");
    case.shop.commit("broken", &[("keys/root.json", "{}")]);
    assert_snapshot!(case.shop.promote(), @r"
    2> error: keys/root.json: it is not a trusted_root.json of Sigstore
    2> hint: commit the public key (`cosign public-key`) or the trusted_root.json at this path
    exit code 2
    ");
    case.shop.commit("empty", &[("keys/root.json", "{\"mediaType\":\"x\"}")]);
    assert_snapshot!(case.shop.promote(), @r"
    2> error: keys/root.json: it names no certificate authority
    2> hint: commit the public key (`cosign public-key`) or the trusted_root.json at this path
    exit code 2
    ");
}

#[test]
fn no_trust_root_is_an_error_that_says_where_one_is() {
    let gates = format!("signature: {{ identity: '{IDENTITY}', issuer: '{ISSUER}' }}");
    let shop = Shop::new("127.0.0.1:1", ("1.0", "0.1"), &gates);
    assert_snapshot!(shop.promote(), @r"
    2> error: promoter.yaml:5:35: a signature by `identity` and `issuer` needs a `trust_root`
    2>   |     gates: { images: { signature: { identity: 'https://github.com/acme/api/.github/workflows/release.yaml@refs/heads/main', issuer: 'https://token.actions.githu
    2>   |                                   ^
    2> hint: commit the trusted_root.json of your Sigstore and name its path; `cosign initialize` leaves that of the public one below ~/.sigstore/root
    exit code 2
    ");
}
