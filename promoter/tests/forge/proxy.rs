//! A machine that reaches GitHub only through a proxy, as curl's variables name it.

use crate::argocd::Server;
use crate::{ahead, promote, shop};

#[test]
fn requests_go_through_it() {
    let (mut world, github) = shop();
    let rest = github.rest();
    world.set("HTTP_PROXY", rest.strip_suffix("/api/v3").unwrap());
    world.set("GITHUB_API_URL", "http://nowhere.invalid/api/v3");
    promote(&world).expect(0);
    assert!(github.only().open);
    assert_eq!(ahead(&world, "promote/staging").len(), 1);
}

#[test]
fn it_is_asked_for_a_tunnel_and_left_out_where_it_should_be() {
    let (mut world, _github) = shop();
    let proxy = Server::start();
    proxy.answers(403, "");
    world.set("GITHUB_API_URL", "https://nowhere.invalid/api/v3");
    world.set("HTTPS_PROXY", &proxy.address);
    let soon = ["promote", "dev", "staging", "--pr", "--timeout", "3s"];
    let told = world.promoter(&soon).expect(6).text();
    let asked = proxy.asked.lock().unwrap().drain(..).collect::<Vec<_>>().join("\n");
    assert_eq!(asked.lines().next(), Some("connect nowhere.invalid:443 http/1.1"), "{told}");
    world.set("NO_PROXY", "nowhere.invalid");
    world.promoter(&soon).expect(6);
    assert_eq!(*proxy.asked.lock().unwrap(), Vec::<String>::new());
}
