//! Pull requests, before a stand-in for GitHub that is held against GitHub's own schemas.
#![cfg(test)]

#[path = "../stories/argocd.rs"]
mod argocd;
mod contract;
mod crowd;
mod faults;
mod github;
#[path = "../images/made.rs"]
mod made;
mod proxy;
mod pulls;
#[path = "../reference/schema.rs"]
mod schema;
#[path = "../images/server.rs"]
mod server;
mod stretches;
#[path = "../images/tokens.rs"]
mod tokens;
mod via_api;
#[path = "../world/mod.rs"]
mod world;

use github::{GitHub, TOKEN};
use world::{Checkout, Ran, World};

/// Where the remote seems to be.
const URL: &str = "https://github.test/acme/shop.git";

/// A world whose remote seems to be `acme/shop` of an Enterprise server, and that server.
fn shop() -> (World, GitHub) {
    shop_of(World::pipeline())
}

fn shop_of(mut world: World) -> (World, GitHub) {
    let remote = world.add_remote();
    let github = GitHub::before(remote.clone());
    let instead = format!("url.{}.insteadOf", remote.path().display());
    world.git(&["config", "--global", &instead, URL]);
    world.git(&["remote", "set-url", "origin", URL]);
    world.set("GITHUB_TOKEN", TOKEN);
    world.set("GITHUB_API_URL", &github.rest());
    world.set("GITHUB_GRAPHQL_URL", &github.graphql());
    (world, github)
}

/// Another clone of the remote of a [`shop`].
fn clone(world: &World, name: &str) -> Checkout {
    let clone = world.clone_remote(name, &[]);
    clone.git(&["remote", "set-url", "origin", URL]);
    clone
}

/// Promotes dev to staging as a pull request.
fn promote(checkout: &Checkout) -> Ran {
    checkout.promoter(&["promote", "dev", "staging", "--pr"])
}

/// Bumps the api of dev on the remote's branch.
fn bump(world: &World, version: &str) {
    world.promoter(&["bump", "dev", &format!("api={version}"), "--push"]).expect(0);
}

/// The subjects of what a branch of the remote has and `main` has not, newest first.
fn ahead(world: &World, branch: &str) -> Vec<String> {
    let range = format!("main..{branch}");
    let log = world.at("remote.git").git(&["log", "--format=%s", &range]);
    log.lines().map(str::to_owned).collect()
}
