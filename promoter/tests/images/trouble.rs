//! What a registry does not say is unknown: never a pass, never an absence.

use insta::assert_snapshot;

use crate::made::image;
use crate::proxy::{Fault, Proxy};
use crate::server::Server;
use crate::shop::Shop;

/// A registry that has the image, behind faults; the command waits four seconds at most.
fn behind(fault: impl Fn(&str, usize) -> Fault + Send + Sync + 'static) -> (Server, Proxy, Shop) {
    let server = Server::start();
    image(&server, "acme/api", Some("1.0"), ("1.0", "linux/amd64"));
    let proxy = Proxy::before(&server, fault);
    let shop = Shop::new(&proxy.host(), ("1.0", "0.1"), "exist: true");
    (server, proxy, shop)
}

fn told(fault: impl Fn(&str, usize) -> Fault + Send + Sync + 'static) -> String {
    let (_server, _proxy, shop) = behind(fault);
    let before = shop.state();
    let told = shop.says("promoter promote dev prod --timeout 4s");
    assert_eq!(shop.state(), before, "{told}");
    told
}

#[test]
fn what_cannot_be_told() {
    assert_snapshot!(told(|_, _| Fault::Status(429, "")), @r"
    2> error: refused: api: it cannot be told whether <registry>/acme/api 1.0 is there: <registry> is throttled (429) (images.exist: unknown)
    2> hint: run it again when the registry answers; `docker login` keeps credentials where promoter looks; `promote --ready` leaves out blocked services
    exit code 3
    ");
    assert_snapshot!(told(|path, _| if path.contains("blobs") { Fault::Status(429, "retry-after: 3600\r\n") } else { Fault::None }), @r"
    2> error: refused: api: it cannot be told whether <registry>/acme/api 1.0 is there: <registry> is throttled (429) (images.exist: unknown)
    2> hint: run it again when the registry answers; `docker login` keeps credentials where promoter looks; `promote --ready` leaves out blocked services
    exit code 3
    ");
    assert_snapshot!(told(|_, _| Fault::Status(503, "")), @r"
    2> error: refused: api: it cannot be told whether <registry>/acme/api 1.0 is there: <registry> is out of order (503) (images.exist: unknown)
    2> hint: run it again when the registry answers; `docker login` keeps credentials where promoter looks; `promote --ready` leaves out blocked services
    exit code 3
    ");
    assert_snapshot!(told(|path, _| if path.contains("manifests") { Fault::Status(401, "") } else { Fault::None }), @r"
    2> error: refused: api: it cannot be told whether <registry>/acme/api 1.0 is there: <registry> does not let it be read (401) (images.exist: unknown)
    2> hint: run it again when the registry answers; `docker login` keeps credentials where promoter looks; `promote --ready` leaves out blocked services
    exit code 3
    ");
    assert_snapshot!(told(|path, _| if path.contains("manifests") { Fault::Status(403, "") } else { Fault::None }), @r"
    2> error: refused: api: it cannot be told whether <registry>/acme/api 1.0 is there: <registry> does not let it be read (403) (images.exist: unknown)
    2> hint: run it again when the registry answers; `docker login` keeps credentials where promoter looks; `promote --ready` leaves out blocked services
    exit code 3
    ");
    assert_snapshot!(told(|_, _| Fault::Drop), @r"
    2> error: refused: api: it cannot be told whether <registry>/acme/api 1.0 is there: <registry> cannot be reached (images.exist: unknown)
    2> hint: run it again when the registry answers; `docker login` keeps credentials where promoter looks; `promote --ready` leaves out blocked services
    exit code 3
    ");
    assert_snapshot!(told(|_, _| Fault::Hang), @r"
    2> error: refused: api: it cannot be told whether <registry>/acme/api 1.0 is there: <registry> does not answer in time (images.exist: unknown)
    2> hint: run it again when the registry answers; `docker login` keeps credentials where promoter looks; `promote --ready` leaves out blocked services
    exit code 3
    ");
    assert_snapshot!(told(|path, _| if path.contains("manifests/sha256") { Fault::Flood } else { Fault::None }), @r"
    2> error: refused: api: it cannot be told whether <registry>/acme/api 1.0 is there: <registry> answers with more than 4194304 bytes (images.exist: unknown)
    2> hint: run it again when the registry answers; `docker login` keeps credentials where promoter looks; `promote --ready` leaves out blocked services
    exit code 3
    ");
}

#[test]
fn nobody_listens() {
    let shop = Shop::new("127.0.0.1:1", ("1.0", "0.1"), "exist: true");
    assert_snapshot!(shop.says("promoter promote dev prod --timeout 4s"), @r"
    2> error: refused: api: it cannot be told whether <registry>/acme/api 1.0 is there: <registry> cannot be reached (images.exist: unknown)
    2> hint: run it again when the registry answers; `docker login` keeps credentials where promoter looks; `promote --ready` leaves out blocked services
    exit code 3
    ");
}

#[test]
fn offline() {
    let shop = Shop::new("127.0.0.1:1", ("1.0", "0.1"), "exist: true, pinned: true");
    assert_snapshot!(shop.says("promoter promote dev prod --offline"), @r"
    2> error: refused for 2 reasons:
    2>   api: <registry>/acme/api 1.0 has no digest (images.pinned: fail)
    2>   api: it cannot be told whether <registry>/acme/api 1.0 is there: nothing is asked over the network (--offline) (images.exist: unknown)
    2> hint: bring it in with its digest: `promoter bump ENV IMAGE=TAG --resolve`; run it again when the registry answers; `docker login` keeps credentials where promoter looks; `promote --ready` leaves out blocked services
    exit code 3
    ");
    assert_eq!(
        shop.says("promoter promote dev prod --offline"),
        shop.says("PROMOTER_OFFLINE=1 promoter promote dev prod")
    );
}

/// What passes is tried again, as late as the server asks.
#[test]
fn what_passes_is_waited_for() {
    let check = |fault: Fault| {
        let (_server, proxy, shop) =
            behind(
                move |path, before| {
                    if path.contains("manifests") && before < 3 { fault } else { Fault::None }
                },
            );
        let told = shop.says("promoter promote dev prod");
        assert!(told.contains("committed"), "{told}");
        assert!(proxy.asked() > 4);
    };
    check(Fault::Status(429, "retry-after: 1\r\n"));
    check(Fault::Status(500, ""));
    check(Fault::Drop);
}
