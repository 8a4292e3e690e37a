//! `bump --resolve` pins what the registry has.

use insta::assert_snapshot;

use crate::made::{image, index};
use crate::proxy::{Fault, Proxy};
use crate::server::Server;
use crate::shop::Shop;
use crate::story::path;

#[test]
fn a_tag_gets_its_digest() {
    let server = Server::start();
    let (digest, _) = index(&server, "acme/api", "1.1", ("1.1", &["linux/amd64", "linux/arm64"]));
    let shop = Shop::at(&server, "1.0", "exist: true");
    let told = shop.says("promoter bump dev api=1.1 --resolve").replace(digest.short(), "<digest>");
    assert_snapshot!(told, @r"
    api  1.0  ->  1.1@<digest>  environments/dev/api/kustomization.yaml
    committed <c2> on main
    ");
    let file = shop.read(&path("dev", "api"));
    assert!(
        file.contains(&format!("newTag: \"1.1\"\n    digest: \"{}\"\n", digest.as_str())),
        "{file}"
    );
    assert_snapshot!(shop.says("promoter bump dev api=1.1 --resolve"), @r"
    nothing to do: dev has these versions already
    ");
}

#[test]
fn a_digest_that_is_given_stays() {
    let shop = Shop::new("127.0.0.1:1", ("1.0", "0.1"), "exist: true");
    let told = shop.says(&format!("promoter bump dev api=1.1@sha256:{} --resolve", "b".repeat(64)));
    assert!(told.contains("committed"), "{told}");
}

#[test]
fn a_tag_that_is_not_there() {
    let server = Server::start();
    image(&server, "acme/api", Some("1.0"), ("1.0", "linux/amd64"));
    let shop = Shop::at(&server, "1.0", "exist: true");
    assert_snapshot!(shop.says("promoter bump dev api=1.1 --resolve"), @r"
    2> error: refused: api: there is no <registry>/acme/api 1.1 (images.exist: fail)
    2> hint: push the image to the registry of this environment, or bring in another version; `promote --ready` leaves out blocked services
    exit code 3
    ");
}

#[test]
fn a_registry_that_does_not_say() {
    let server = Server::start();
    let proxy = Proxy::before(&server, |_, _| Fault::Status(503, ""));
    let shop = Shop::new(&proxy.host(), ("1.0", "0.1"), "exist: true");
    assert_snapshot!(shop.says("promoter bump dev api=1.1 --resolve --timeout 4s"), @r"
    2> error: cannot find out the digest of <registry>/acme/api 1.1: <registry> is out of order (503)
    2> hint: give the digest yourself: IMAGE=TAG@sha256:DIGEST; `docker login` keeps credentials where promoter looks
    exit code 6
    ");
    assert_snapshot!(shop.says("promoter bump dev api=1.1 --resolve --offline"), @r"
    2> error: cannot find out the digest of <registry>/acme/api 1.1: nothing is asked over the network (--offline)
    2> hint: give the digest yourself: IMAGE=TAG@sha256:DIGEST; `docker login` keeps credentials where promoter looks
    exit code 6
    ");
}
