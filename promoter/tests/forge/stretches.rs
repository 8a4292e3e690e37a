//! The commits between two versions, told by labels in a real registry.

use serde_json::json;

use crate::made::labelled;
use crate::server::Server;
use crate::world::{World, overlay_path};
use crate::{promote, shop_of};

const OLD: &str = "1111111111111111111111111111111111111111";
const NEW: &str = "2222222222222222222222222222222222222222";

/// A shop whose api is in the registry, built from these repositories; pull requests list commits.
fn world(server: &Server, sources: [&str; 2]) -> World {
    for (version, revision, source) in [("1.0.0", OLD, sources[0]), ("1.1.0", NEW, sources[1])] {
        let labels = json!({
            "org.opencontainers.image.source": source,
            "org.opencontainers.image.revision": revision,
        });
        labelled(server, ("acme/api", Some(version)), (version, "linux/amd64"), &labels);
    }
    let world = World::pipeline();
    let rules = world.read("promoter.yaml") + "pull_request: { commits: true }\n";
    world.write("promoter.yaml", rules);
    for environment in ["dev", "staging"] {
        let path = overlay_path(environment, "api");
        let mirror = format!("    newName: {}/acme/api\n    newTag", server.host());
        world.write(&path, world.read(&path).replace("    newTag", &mirror));
    }
    world.commit("labels");
    world
}

#[test]
fn the_body_lists_them() {
    let server = Server::start();
    let (world, github) = shop_of(world(&server, ["https://github.test/acme/program"; 2]));
    promote(&world).expect(0);
    let body = github.only().body.replace('\r', "");
    let (_, from) = body.split_once("\n<code>api</code> [").unwrap();
    insta::assert_snapshot!(from.split_once("\n[compare]").unwrap().0);
    let again = promote(&world).expect(0);
    assert!(again.stdout.contains("unchanged pull request"), "{}", again.text());
}

#[test]
fn what_is_not_told_is_left_out() {
    let server = Server::start();
    for sources in [
        ["https://github.test/acme/program", "https://github.test/acme/other"],
        ["https://elsewhere.test/acme/program"; 2],
        ["nowhere"; 2],
    ] {
        let (world, github) = shop_of(world(&server, sources));
        promote(&world).expect(0);
        assert!(!github.only().body.contains("222222222222"), "{sources:?}");
        assert_eq!(github.count("get /repos/{owner}/{repo}/compare/{basehead}"), 0);
    }
    let (world, github) = shop_of(world(&server, ["https://github.test/acme/program"; 2]));
    world.promoter(&["promote", "dev", "staging", "--pr", "--offline"]).expect(0);
    assert!(!github.only().body.contains("222222222222"));
}
