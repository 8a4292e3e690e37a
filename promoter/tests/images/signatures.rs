//! `images.signature` by a key: cosign's payload beside the image, and its bundles.

use insta::assert_snapshot;
use serde_json::json;

use crate::made::{image, index};
use crate::proxy::{Fault, Proxy};
use crate::server::Server;
use crate::shop::{Shop, overlay};
use crate::sigstore::{
    Key, SIGN, attach_bundles, attach_simple, key_bundle, payload, sign_simply, statement,
};
use crate::story::path;
use promoter::version::Digest;

const AMD64: &str = "linux/amd64";
pub(crate) const BY_KEY: &str = "signature: { key: keys/cosign.pub }";

/// An image, and a shop that wants it signed by `key`.
fn shop(server: &Server, key: &Key) -> (Digest, Shop) {
    let made = image(server, "acme/api", Some("1.0"), ("1.0", AMD64));
    (made.digest.clone(), asking(&server.host(), &made.digest, key, BY_KEY))
}

fn asking(host: &str, digest: &Digest, key: &Key, gates: &str) -> Shop {
    let shop = Shop::new(host, (&format!("1.0@{}", digest.as_str()), "0.1"), gates);
    shop.commit("key", &[("keys/cosign.pub", &key.pem())]);
    shop
}

fn told(shop: &Shop, digest: &Digest) -> String {
    shop.promote().replace(digest.short(), "<digest>")
}

#[test]
fn signed_by_the_key() {
    for key in [Key::ecdsa(), Key::ed25519()] {
        let server = Server::start();
        let (digest, shop) = shop(&server, &key);
        sign_simply(&server, &digest, &key);
        let told = shop.says("promoter promote dev prod -v");
        assert!(told.contains("is signed by the holder of keys/cosign.pub"), "{told}");
        assert!(told.contains("committed"), "{told}");
    }
}

#[test]
fn signed_by_a_bundle() {
    for key in [Key::ecdsa(), Key::ed25519()] {
        let server = Server::start();
        let (digest, shop) = shop(&server, &key);
        let other = key_bundle(&key, &statement(&digest, "https://example.com/scan", &json!({})));
        attach_bundles(&server, &digest, std::slice::from_ref(&other));
        let before = told(&shop, &digest);
        assert!(before.contains("it is not signed"), "{before}");
        let signed = key_bundle(&key, &statement(&digest, SIGN, &json!({})));
        attach_bundles(&server, &digest, &[other, signed]);
        let told = told(&shop, &digest);
        assert!(told.contains("committed"), "{told}");
    }
}

#[test]
fn not_signed() {
    let server = Server::start();
    let (digest, shop) = shop(&server, &Key::ecdsa());
    let before = shop.state();
    assert_snapshot!(told(&shop, &digest), @r"
    2> error: refused: api: <registry>/acme/api 1.0@<digest>: it is not signed (images.signature: fail)
    2> hint: sign the image, or bring in a version that is signed as promoter.yaml asks; `promote --ready` leaves out blocked services
    exit code 3
    ");
    assert_eq!(shop.state(), before);
}

#[test]
fn signed_by_another_key() {
    let server = Server::start();
    let (digest, shop) = shop(&server, &Key::ecdsa());
    sign_simply(&server, &digest, &Key::ecdsa());
    assert_snapshot!(told(&shop, &digest), @r"
    2> error: refused: api: <registry>/acme/api 1.0@<digest>: it is not signed by this key (images.signature: fail)
    2> hint: sign the image, or bring in a version that is signed as promoter.yaml asks; `promote --ready` leaves out blocked services
    exit code 3
    ");
    attach_bundles(
        &server,
        &digest,
        &[key_bundle(&Key::ecdsa(), &statement(&digest, SIGN, &json!({})))],
    );
    assert!(told(&shop, &digest).contains("it is not signed by this key"));
}

/// A signature that is right, of another image, moved to this one.
#[test]
fn a_signature_of_another_image() {
    let server = Server::start();
    let key = Key::ecdsa();
    let (digest, shop) = shop(&server, &key);
    let other = image(&server, "acme/api", Some("0.9"), ("0.9", AMD64)).digest;
    attach_bundles(&server, &digest, &[key_bundle(&key, &statement(&other, SIGN, &json!({})))]);
    assert_snapshot!(told(&shop, &digest), @r"
    2> error: refused: api: <registry>/acme/api 1.0@<digest>: its signature is of another image (images.signature: fail)
    2> hint: sign the image, or bring in a version that is signed as promoter.yaml asks; `promote --ready` leaves out blocked services
    exit code 3
    ");
}

#[test]
fn what_is_attached_and_cannot_be_read() {
    let server = Server::start();
    let (digest, shop) = shop(&server, &Key::ecdsa());
    attach_bundles(&server, &digest, &[json!({ "mediaType": "x" })]);
    assert!(told(&shop, &digest).contains("its signature cannot be read"));
    attach_simple(&server, &digest, &payload(&digest), &json!({}));
    assert!(told(&shop, &digest).contains("its signature cannot be read"));
}

/// The signature of an image outlives the image.
#[test]
fn a_deleted_image_with_a_living_signature() {
    let server = Server::start();
    let key = Key::ecdsa();
    let digest = image(&server, "acme/api", Some("1.0"), ("1.0", AMD64)).digest;
    sign_simply(&server, &digest, &key);
    server.delete("acme/api", &digest);
    let both = format!("exist: true, {BY_KEY}");
    let shop = asking(&server.host(), &digest, &key, &both);
    let told = shop.says("promoter promote dev prod -v").replace(digest.short(), "<digest>");
    assert_snapshot!(told, @r"
    2> error: refused: api: there is no <registry>/acme/api 1.0 (images.exist: fail)
    2> hint: push the image to the registry of this environment, or bring in another version; `promote --ready` leaves out blocked services
    exit code 3
    ");
}

#[test]
fn a_throttled_registry_is_not_an_unsigned_image() {
    let server = Server::start();
    let key = Key::ecdsa();
    let digest = image(&server, "acme/api", Some("1.0"), ("1.0", AMD64)).digest;
    sign_simply(&server, &digest, &key);
    let check = |spoiled: &'static str| {
        let proxy = Proxy::before(&server, move |path, _| {
            if path.contains(spoiled) { Fault::Status(429, "") } else { Fault::None }
        });
        let shop = asking(&proxy.host(), &digest, &key, BY_KEY);
        let told = shop.says("promoter promote dev prod --timeout 4s");
        told.replace(digest.short(), "<digest>")
    };
    assert_snapshot!(check(".sig"), @r"
    2> error: refused: api: it cannot be told who signed <registry>/acme/api 1.0@<digest>: <registry> is throttled (429) (images.signature: unknown)
    2> hint: run it again when the registry answers; `docker login` keeps credentials where promoter looks; `promote --ready` leaves out blocked services
    exit code 3
    ");
    assert_eq!(check("referrers"), check(".sig"));
    assert_eq!(check("blobs"), check(".sig"));
}

/// A signature of the index is of every platform; one of a platform's image is of that alone.
#[test]
fn two_platforms() {
    let server = Server::start();
    let key = Key::ecdsa();
    let (digest, images) = index(&server, "acme/api", "1.0", ("1.0", &[AMD64, "linux/arm64"]));
    let gates = format!("exist: true, platforms: [linux/amd64, linux/arm64], {BY_KEY}");
    let whole = asking(&server.host(), &digest, &key, &gates);
    let amd64 = Shop::new(
        &server.host(),
        (&format!("@{}", images[0].digest.as_str()), "0.1"),
        &format!("exist: true, {BY_KEY}"),
    );
    amd64.commit("key", &[("keys/cosign.pub", &key.pem())]);
    sign_simply(&server, &images[0].digest, &key);
    assert!(told(&whole, &digest).contains("it is not signed"));
    assert!(told(&amd64, &digest).contains("committed"));
    sign_simply(&server, &digest, &key);
    assert!(told(&whole, &digest).contains("committed"));
    let arm64 =
        Shop::new(&server.host(), (&format!("@{}", images[1].digest.as_str()), "0.1"), BY_KEY);
    arm64.commit("key", &[("keys/cosign.pub", &key.pem())]);
    assert!(told(&arm64, &digest).contains("it is not signed"));
}

/// Planned on one commit, committed on another: each plan is judged anew.
#[test]
fn a_tag_moved_between_planning_and_commit() {
    let server = Server::start();
    let key = Key::ecdsa();
    let old = image(&server, "acme/api", Some("1.0"), ("old", AMD64)).digest;
    sign_simply(&server, &old, &key);
    let shop = asking(&server.host(), &old, &key, &format!("exist: true, {BY_KEY}"));
    let dry = shop.says("promoter promote dev prod --dry-run");
    assert!(dry.contains("1.0"), "{dry}");
    let new = image(&server, "acme/api", Some("1.0"), ("new", AMD64)).digest;
    let told = told(&shop, &old).replace(new.short(), "<new>");
    assert_snapshot!(told, @r"
    2> error: refused: api: <registry>/acme/api 1.0 is now <new>, not <digest>: its tag was moved (images.exist: fail)
    2> hint: push the image to the registry of this environment, or bring in another version; `promote --ready` leaves out blocked services
    exit code 3
    ");
}

#[test]
fn without_a_digest_there_is_nothing_to_be_signed() {
    let server = Server::start();
    let key = Key::ecdsa();
    let digest = image(&server, "acme/api", Some("1.0"), ("1.0", AMD64)).digest;
    sign_simply(&server, &digest, &key);
    let shop = Shop::at(&server, "1.0", BY_KEY);
    shop.commit("key", &[("keys/cosign.pub", &key.pem())]);
    assert_snapshot!(shop.promote(), @r"
    2> error: refused: api: <registry>/acme/api 1.0 has no digest, and a signature is of a digest (images.signature: fail)
    2> hint: sign the image, or bring in a version that is signed as promoter.yaml asks; `promote --ready` leaves out blocked services
    exit code 3
    ");
}

#[test]
fn a_key_that_is_none() {
    let shop = Shop::new("127.0.0.1:1", ("1.0", "0.1"), BY_KEY);
    assert_snapshot!(shop.promote(), @r"
    2> error: keys/cosign.pub: is named in promoter.yaml and not in this commit
    2> hint: commit the public key (`cosign public-key`) or the trusted_root.json at this path
    exit code 2
    ");
    shop.commit(
        "key",
        &[("keys/cosign.pub", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")],
    );
    assert_snapshot!(shop.promote(), @r"
    2> error: keys/cosign.pub: it is not a public key in PEM (ECDSA P-256 or P-384, Ed25519, RSA)
    2> hint: commit the public key (`cosign public-key`) or the trusted_root.json at this path
    exit code 2
    ");
}

/// The key is that of the base: neither the working tree nor the change itself brings another.
#[test]
fn the_key_is_read_from_the_base() {
    let server = Server::start();
    let (key, mine) = (Key::ecdsa(), Key::ecdsa());
    let (digest, shop) = shop(&server, &key);
    sign_simply(&server, &digest, &mine);
    shop.edit(&[("keys/cosign.pub", &mine.pem())]);
    assert!(told(&shop, &digest).contains("it is not signed by this key"));
    shop.did("git switch --quiet --create change");
    let version = format!("1.0@{}", digest.as_str());
    shop.commit("mine", &[(&path("prod", "api"), &overlay(&server.host(), &version))]);
    let told = shop.says("promoter check --base main").replace(digest.short(), "<digest>");
    assert_snapshot!(told, @r"
    error keys/cosign.pub: by it signatures are verified; the change was judged by the old one [rules-changed]
    error environments/prod/api/kustomization.yaml:4:13: api in prod: <registry>/acme/api 1.0@<digest>: it is not signed by this key [images.signature]
    reaches prod (by environments/prod/api/kustomization.yaml)
    checked the change against <c2>: 2 against it
    exit code 3
    ");
}
