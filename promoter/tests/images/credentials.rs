//! Who may read: the user's credentials, where docker and podman keep them.

use insta::assert_snapshot;

use crate::made::image;
use crate::server::{Server, base64};
use crate::shop::{Shop, overlay};
use crate::story::path;
use crate::tokens::Tokens;

fn closed() -> (Server, Shop) {
    let server = Server::with_password();
    image(&server, "acme/api", Some("1.0"), ("1.0", "linux/amd64"));
    let shop = Shop::at(&server, "1.0", "exist: true");
    (server, shop)
}

fn auths(server: &Server, password: &str) -> String {
    let secret = base64(format!("ada:{password}").as_bytes());
    format!("{{\"auths\":{{\"{}\":{{\"auth\":\"{secret}\"}}}}}}", server.host())
}

#[test]
fn a_password_opens_it_wherever_it_is_kept() {
    let check = |file: &str, before: &str| {
        let (server, shop) = closed();
        let home = shop.at("home");
        home.write(file, auths(&server, "s3cret"));
        let told = shop.says(&format!("{before} promoter promote dev prod"));
        assert!(told.contains("committed"), "{file}: {told}");
    };
    check(".docker/config.json", "");
    check(".config/containers/auth.json", "");
    check("elsewhere/config.json", "DOCKER_CONFIG=$HOME/elsewhere");
    check("auth.json", "REGISTRY_AUTH_FILE=$HOME/auth.json");
    check("run/containers/auth.json", "XDG_RUNTIME_DIR=$HOME/run");
}

#[test]
fn without_a_password_nothing_is_known() {
    let (server, shop) = closed();
    assert_snapshot!(shop.promote(), @r"
    2> error: refused: api: it cannot be told whether <registry>/acme/api 1.0 is there: <registry> does not let it be read (401) (images.exist: unknown)
    2> hint: run it again when the registry answers; `docker login` keeps credentials where promoter looks; `promote --ready` leaves out blocked services
    exit code 3
    ");
    shop.at("home").write(".docker/config.json", auths(&server, "wr0ng"));
    let told = shop.promote();
    assert!(told.contains("does not let it be read (401)"), "{told}");
    assert!(!told.contains("wr0ng") && !told.contains(&base64(b"ada:wr0ng")), "{told}");
}

#[test]
fn helpers() {
    let check = |config: &str, helper: &str| {
        let (server, shop) = closed();
        let home = shop.at("home");
        home.write("bin/docker-credential-test", format!("#!/bin/sh\n{helper}\n"));
        home.write(".docker/config.json", config.replace("HOST", &server.host()));
        shop.did("chmod +x $HOME/bin/docker-credential-test");
        let told = shop.says("PATH=\"$HOME/bin:$PATH\" promoter promote dev prod -v");
        assert!(!told.contains("s3cret"), "{told}");
        told
    };
    let gives = "cat > $HOME/asked; echo '{\"Username\":\"ada\",\"Secret\":\"s3cret\"}'";
    assert!(check("{\"credsStore\":\"test\"}", gives).contains("committed"));
    assert!(check("{\"credHelpers\":{\"HOST\":\"test\"}}", gives).contains("committed"));
    let fails = "cat >/dev/null; echo s3cret; echo s3cret >&2; exit 1";
    assert_snapshot!(check("{\"credsStore\":\"test\"}", fails), @r"
    2> error: refused: api: it cannot be told whether <registry>/acme/api 1.0 is there: `docker-credential-test` fails (images.exist: unknown)
    2> hint: run it again when the registry answers; `docker login` keeps credentials where promoter looks; `promote --ready` leaves out blocked services
    exit code 3
    ");
    let none = "cat >/dev/null; echo credentials not found in native keychain; exit 1";
    assert!(check("{\"credsStore\":\"test\"}", none).contains("does not let it be read (401)"));
    assert_snapshot!(check("{\"credsStore\":\"absent\"}", gives), @r"
    2> error: refused: api: it cannot be told whether <registry>/acme/api 1.0 is there: the credential helper of the docker configuration cannot be run (images.exist: unknown)
    2> hint: run it again when the registry answers; `docker login` keeps credentials where promoter looks; `promote --ready` leaves out blocked services
    exit code 3
    ");
    assert_snapshot!(check("{", gives), @r"
    2> error: refused: api: it cannot be told whether <registry>/acme/api 1.0 is there: the docker configuration cannot be read (images.exist: unknown)
    2> hint: run it again when the registry answers; `docker login` keeps credentials where promoter looks; `promote --ready` leaves out blocked services
    exit code 3
    ");
}

#[test]
fn a_helper_is_run_once_for_a_registry() {
    let (server, shop) = closed();
    image(&server, "acme/web", Some("1.0"), ("1.0", "linux/amd64"));
    let web = overlay(&server.host(), "1.0").replace("api", "web");
    let old = web.replace("1.0", "0.1");
    shop.commit("web", &[(&path("dev", "web"), &web), (&path("prod", "web"), &old)]);
    let home = shop.at("home");
    home.write(".docker/config.json", "{\"credsStore\":\"test\"}");
    let helper = "cat >> $HOME/asked; echo >> $HOME/asked; echo '{\"Username\":\"ada\",\"Secret\":\"s3cret\"}'";
    home.write("bin/docker-credential-test", format!("#!/bin/sh\n{helper}\n"));
    shop.did("chmod +x $HOME/bin/docker-credential-test");
    let told = shop.says("PATH=\"$HOME/bin:$PATH\" promoter promote dev prod");
    assert!(told.contains("committed"), "{told}");
    assert_eq!(home.read("asked"), format!("{}\n", server.host()));
}

/// A registry that wants tokens, as public ones do.
#[test]
fn tokens() {
    let tokens = Tokens::start();
    let server = Server::with_tokens(&tokens);
    image(&server, "acme/api", Some("1.0"), ("1.0", "linux/amd64"));
    let told = |config: String| {
        let shop = Shop::at(&server, "1.0", "exist: true");
        shop.at("home").write(".docker/config.json", config);
        shop.promote()
    };
    let right = told(auths(&server, "s3cret"));
    assert!(right.contains("committed"), "{right}");
    let identity = format!(
        "{{\"auths\":{{\"{}\":{{\"identitytoken\":\"identity-of-ada\"}}}}}}",
        server.host()
    );
    let by_identity = told(identity.clone());
    assert!(by_identity.contains("committed"), "{by_identity}");
    let before = tokens.asked();
    let wrong = told(auths(&server, "wr0ng"));
    assert!(wrong.contains("gives no token to read it (images.exist: unknown)"), "{wrong}");
    assert!(!wrong.contains("wr0ng") && !wrong.contains(&base64(b"ada:wr0ng")), "{wrong}");
    let other = told(identity.replace("ada", "eve"));
    assert!(other.contains("gives no token to read it (images.exist: unknown)"), "{other}");
    assert!(!other.contains("identity-of-eve"), "{other}");
    // Once each: a wrong password is not tried again.
    assert_eq!(tokens.asked() - before, 2);
}
