//! `images.exist` and `images.pinned`: what can be pulled, for which platform.

use insta::assert_snapshot;

use crate::made::{image, index};
use crate::server::Server;
use crate::shop::{Shop, overlay};
use crate::story::path;

const AMD64: &str = "linux/amd64";

#[test]
fn an_image_that_is_there_enters() {
    let server = Server::start();
    let made = image(&server, "acme/api", Some("1.0"), ("1.0", AMD64));
    for version in [
        "1.0".to_owned(),
        format!("1.0@{}", made.digest.as_str()),
        format!("@{}", made.digest.as_str()),
    ] {
        let shop = Shop::at(&server, &version, "exist: true");
        let told = shop.tell("promoter promote dev prod -v");
        assert_eq!(told.code, 0, "{told}");
        assert!(told.to_string().contains("images.exist"), "{told}");
    }
}

#[test]
fn an_image_that_is_not_there_does_not() {
    let server = Server::start();
    image(&server, "acme/api", Some("1.0"), ("1.0", AMD64));
    let shop = Shop::at(&server, "1.1", "exist: true");
    let before = shop.state();
    assert_snapshot!(shop.promote(), @r"
    2> error: refused: api: there is no <registry>/acme/api 1.1 (images.exist: fail)
    2> hint: push the image to the registry of this environment, or bring in another version; `promote --ready` leaves out blocked services
    exit code 3
    ");
    assert_eq!(shop.state(), before);
    let absent = format!("@sha256:{}", "a".repeat(64));
    assert_snapshot!(Shop::at(&server, &absent, "exist: true").promote(), @r"
    2> error: refused: api: <registry>/acme/api sha256:aaaaaaaaaaaa cannot be pulled: its manifest is gone (images.exist: fail)
    2> hint: push the image to the registry of this environment, or bring in another version; `promote --ready` leaves out blocked services
    exit code 3
    ");
}

#[test]
fn a_missing_part_is_a_failed_pull() {
    let server = Server::start();
    let check = |lose: &str| {
        let made = image(&server, "acme/api", Some("1.0"), (lose, AMD64));
        server.lose(if lose == "layer" { &made.layer } else { &made.config });
        Shop::at(&server, "1.0", "exist: true")
            .promote()
            .replace(made.layer.short(), "<digest>")
            .replace(made.config.short(), "<digest>")
    };
    assert_snapshot!(check("layer"), @r"
    2> error: refused: api: <registry>/acme/api 1.0 cannot be pulled: its layer <digest> is gone (images.exist: fail)
    2> hint: push the image to the registry of this environment, or bring in another version; `promote --ready` leaves out blocked services
    exit code 3
    ");
    assert_snapshot!(check("configuration"), @r"
    2> error: refused: api: <registry>/acme/api 1.0 cannot be pulled: its configuration <digest> is gone (images.exist: fail)
    2> hint: push the image to the registry of this environment, or bring in another version; `promote --ready` leaves out blocked services
    exit code 3
    ");
}

#[test]
fn platforms() {
    let server = Server::start();
    let both = "exist: true, platforms: [linux/amd64, linux/arm64]";
    index(&server, "acme/api", "both", ("1", &[AMD64, "linux/arm64"]));
    index(&server, "acme/api", "arm", ("1", &["linux/arm64"]));
    image(&server, "acme/api", Some("single"), ("1", AMD64));
    let (_, broken) = index(&server, "acme/api", "broken", ("2", &[AMD64, "linux/arm64"]));
    let check = |version: &str, gates: &str| Shop::at(&server, version, gates).promote();
    assert!(check("both", both).contains("committed"));
    assert!(check("both", "exist: true").contains("committed"));
    assert!(check("single", "exist: true").contains("committed"));
    assert_snapshot!(check("arm", "exist: true"), @r"
    2> error: refused: api: <registry>/acme/api arm cannot be pulled: it is not made for linux/amd64 (images.exist: fail)
    2> hint: push the image to the registry of this environment, or bring in another version; `promote --ready` leaves out blocked services
    exit code 3
    ");
    assert_snapshot!(check("single", both), @r"
    2> error: refused: api: <registry>/acme/api single cannot be pulled: it is not made for linux/arm64, but for linux/amd64 (images.exist: fail)
    2> hint: push the image to the registry of this environment, or bring in another version; `promote --ready` leaves out blocked services
    exit code 3
    ");
    server.lose(&broken[1].layer);
    assert!(check("broken", "exist: true").contains("committed"));
    assert_snapshot!(check("broken", both).replace(broken[1].layer.short(), "<digest>"), @r"
    2> error: refused: api: <registry>/acme/api broken cannot be pulled: its layer <digest> is gone (images.exist: fail)
    2> hint: push the image to the registry of this environment, or bring in another version; `promote --ready` leaves out blocked services
    exit code 3
    ");
}

#[test]
fn a_tag_that_was_moved() {
    let server = Server::start();
    let old = image(&server, "acme/api", Some("1.0"), ("old", AMD64));
    let new = image(&server, "acme/api", Some("1.0"), ("new", AMD64));
    let shop = Shop::at(&server, &format!("1.0@{}", old.digest.as_str()), "exist: true");
    let told =
        shop.promote().replace(old.digest.short(), "<old>").replace(new.digest.short(), "<new>");
    assert_snapshot!(told, @r"
    2> error: refused: api: <registry>/acme/api 1.0 is now <new>, not <old>: its tag was moved (images.exist: fail)
    2> hint: push the image to the registry of this environment, or bring in another version; `promote --ready` leaves out blocked services
    exit code 3
    ");
}

/// What counts is the registry of the target: that of the source may have it.
#[test]
fn each_environment_has_its_own_registry() {
    let (near, far) = (Server::start(), Server::start());
    let made = image(&near, "acme/api", Some("1.0"), ("1.0", AMD64));
    let version = format!("1.0@{}", made.digest.as_str());
    let shop = Shop::at(&near, &version, "exist: true");
    shop.commit("mirror", &[(&path("prod", "api"), &overlay(&far.host(), "0.1"))]);
    let told = shop.promote().replace(&far.host(), "<far>");
    assert_snapshot!(told.replace(made.digest.short(), "<digest>"), @r"
    2> error: refused: api: there is no <far>/acme/api 1.0 (images.exist: fail)
    2> hint: push the image to the registry of this environment, or bring in another version; `promote --ready` leaves out blocked services
    exit code 3
    ");
    image(&far, "acme/api", Some("1.0"), ("1.0", AMD64));
    assert!(shop.promote().contains("committed"));
}

#[test]
fn a_digest_can_be_asked_for_without_a_network() {
    let shop = Shop::new("registry.invalid", ("1.0", "0.1"), "pinned: true");
    assert_snapshot!(shop.says("promoter promote dev prod --offline"), @r"
    2> error: refused: api: <registry>/acme/api 1.0 has no digest (images.pinned: fail)
    2> hint: bring it in with its digest: `promoter bump ENV IMAGE=TAG --resolve`; `promote --ready` leaves out blocked services
    exit code 3
    ");
    let shop = Shop::new(
        "registry.invalid",
        (&format!("1.0@sha256:{}", "a".repeat(64)), "0.1"),
        "pinned: true",
    );
    assert!(shop.says("promoter promote dev prod --offline").contains("committed"));
}

#[test]
fn one_of_two_services_can_be_ready() {
    let server = Server::start();
    image(&server, "acme/api", Some("1.0"), ("1.0", AMD64));
    let shop = Shop::at(&server, "1.0", "exist: true");
    let other = overlay(&server.host(), "1.0")
        .replace("acme/api", "acme/web")
        .replace("name: api", "name: web");
    shop.commit(
        "web",
        &[(&path("dev", "web"), &other), (&path("prod", "web"), &other.replace("1.0", "0.1"))],
    );
    assert_snapshot!(shop.says("promoter promote dev prod --ready"), @r"
    left out: web: there is no <registry>/acme/web 1.0 (images.exist: fail)
    api  0.1  ->  1.0  environments/prod/api/kustomization.yaml
    committed <c3> on main
    ");
}

/// The version is the same, and the image another one.
#[test]
fn another_registry_for_the_same_version_is_judged() {
    let server = Server::start();
    image(&server, "acme/api", Some("0.1"), ("0.1", AMD64));
    let shop = Shop::at(&server, "1.0", "exist: true");
    shop.did("git switch --quiet --create change");
    let elsewhere = overlay(&server.host(), "0.1").replace("acme/api", "mallory/api");
    shop.commit("elsewhere", &[(&path("prod", "api"), &elsewhere)]);
    assert_snapshot!(shop.says("promoter check --base main"), @r"
    error environments/prod/api/kustomization.yaml:4:13: api in prod: there is no <registry>/mallory/api 0.1 [images.exist]
    reaches prod (by environments/prod/api/kustomization.yaml)
    checked the change against <c1>: 1 against it
    exit code 3
    ");
    let here = overlay(&server.host(), "0.1");
    shop.commit("and back", &[(&path("prod", "api"), &here)]);
    assert_snapshot!(shop.says("promoter check --base main"), @"checked the change against <c1>: nothing against it");
}

#[test]
fn a_change_by_hand_is_judged_with_the_same_words() {
    let server = Server::start();
    let shop = Shop::at(&server, "1.1", "exist: true, pinned: true");
    shop.did("git switch --quiet --create change");
    shop.commit("by hand", &[(&path("prod", "api"), &overlay(&server.host(), "1.1"))]);
    assert_snapshot!(shop.says("promoter check --base main"), @r"
    error environments/prod/api/kustomization.yaml:4:13: api in prod: <registry>/acme/api 1.1 has no digest [images.pinned]
    error environments/prod/api/kustomization.yaml:4:13: api in prod: there is no <registry>/acme/api 1.1 [images.exist]
    reaches prod (by environments/prod/api/kustomization.yaml)
    checked the change against <c1>: 2 against it
    exit code 3
    ");
    shop.did("git switch --quiet main");
    assert_snapshot!(shop.promote(), @r"
    2> error: refused for 2 reasons:
    2>   api: <registry>/acme/api 1.1 has no digest (images.pinned: fail)
    2>   api: there is no <registry>/acme/api 1.1 (images.exist: fail)
    2> hint: bring it in with its digest: `promoter bump ENV IMAGE=TAG --resolve`; push the image to the registry of this environment, or bring in another version; `promote --ready` leaves out blocked services
    exit code 3
    ");
}

#[test]
fn going_back_is_exempt() {
    let server = Server::start();
    image(&server, "acme/api", Some("1.0"), ("1.0", AMD64));
    let shop = Shop::at(&server, "1.0", "exist: true");
    shop.did("promoter promote dev prod");
    // 0.1 is in no registry.
    assert!(shop.says("promoter rollback prod api").contains("committed"));
}
