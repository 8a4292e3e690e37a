//! `--via-api`: commits that GitHub makes, for a repository that is not cloned.

use serde_json::{Value, json};

use crate::github::{Fault, GitHub, denied};
use crate::world::{Checkout, World, masked};
use crate::{URL, bump, shop, shop_of};

const MUTATION: &str = "graphql createCommitOnBranch";

/// An empty folder, and a remote that lets parts of it be fetched, as GitHub does.
fn without_clone(world: &World) -> Checkout {
    let remote = world.at("remote.git");
    remote.git(&["config", "uploadpack.allowFilter", "true"]);
    remote.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let empty = world.at("empty");
    std::fs::create_dir(empty.path()).unwrap();
    empty
}

fn promote(empty: &Checkout) -> crate::world::Ran {
    empty.promoter(&["--repo", URL, "promote", "dev", "staging", "--via-api"])
}

fn answers(github: &GitHub, value: Value) {
    github.fail(MUTATION, &[Fault::Status(200, vec![], value)]);
}

/// How many commits `main` of the remote has.
fn commits(world: &World) -> usize {
    world.at("remote.git").git(&["rev-list", "--count", "main"]).parse().unwrap()
}

#[test]
fn no_clone_is_needed() {
    let (world, github) = shop();
    let empty = without_clone(&world);
    let before = world.at("remote.git").git(&["rev-parse", "main"]);
    insta::assert_snapshot!("promoted", masked(&promote(&empty).expect(0).text()));
    let remote = world.at("remote.git");
    let log = remote.git(&["log", "-1", "--format=%cn, %P%n%B", "main"]);
    insta::assert_snapshot!("message", masked(&log.replace(&before, "<parent>")));
    assert_eq!(remote.git(&["diff", "--stat", "main~", "main"]).lines().count(), 2);
    insta::assert_snapshot!("again", masked(&promote(&empty).expect(0).text()));
    assert_eq!(github.count(MUTATION), 1);
    remote.git(&["fsck", "--strict"]);
    assert_eq!(std::fs::read_dir(empty.path()).unwrap().count(), 0);
}

#[test]
fn a_clone_may_use_it_too() {
    let (world, _github) = shop();
    world.promoter(&["promote", "dev", "staging", "--via-api"]).expect(0);
    world.promoter(&["rollback", "staging", "api", "--via-api"]).expect(0);
    let files = world.at("remote.git").git(&["diff", "--name-only", "main~", "main"]);
    assert_eq!(
        files,
        ".promoter/holds/staging/api.yaml\nenvironments/staging/api/kustomization.yaml"
    );
}

#[test]
fn a_url_is_read_without_a_clone() {
    let (world, _github) = shop();
    let empty = without_clone(&world);
    for command in [&["status"][..], &["history", "dev"], &["diff", "dev", "staging"], &["check"]] {
        let json = [command, &["--output", "json"]].concat();
        let there = empty.promoter(&[&["--repo", URL], &json[..]].concat());
        let here = world.promoter(&json);
        assert_eq!((there.code, there.text()), (here.code, here.text()));
    }
    let told = empty.promoter(&["--repo", URL, "promote", "dev", "staging"]).expect(2);
    insta::assert_snapshot!("nowhere_to_commit", told.text());
    let told = empty.promoter(&["--repo", URL, "--branch", "nowhere", "status"]);
    assert_eq!(told.code, 6, "{}", told.text());
    empty.promoter(&["--repo", URL, "promote", "dev", "staging", "--push"]).expect(0);
}

#[test]
fn history_comes_as_far_as_a_rule_needs_it() {
    let world = World::pipeline();
    let rules = world
        .read("promoter.yaml")
        .replace("  - name: staging\n", "  - name: staging\n    gates: { soak: 24h }\n");
    world.commit_files("rules", &[("promoter.yaml", &rules)]);
    let (world, github) = shop_of(world);
    let empty = without_clone(&world);
    let text = masked(&promote(&empty).expect(3).text());
    assert!(text.contains("has stood in dev for"), "{text}");
    assert_eq!(github.count(MUTATION), 0);
}

#[test]
fn a_lost_race_is_planned_again() {
    let (world, github) = shop();
    let empty = without_clone(&world);
    answers(&github, denied("STALE_DATA", "Expected branch to point elsewhere."));
    let told = promote(&empty).expect(0);
    assert!(told.stdout.contains(", 2 pushes"), "{}", told.text());
    assert_eq!(commits(&world), 2);
}

#[test]
fn an_answer_that_was_lost_is_found_out() {
    let (world, github) = shop();
    let empty = without_clone(&world);
    github.fail(MUTATION, &[Fault::After]);
    promote(&empty).expect(0);
    assert_eq!(commits(&world), 2);
    bump(&world, "1.2.0");
    let down = || Fault::Status(502, vec![], json!({ "message": "Bad Gateway" }));
    github.fail(MUTATION, &[Fault::After, down()]);
    promote(&empty).expect(0);
    assert_eq!(commits(&world), 4);
}

#[test]
fn what_is_refused_is_told() {
    let (world, github) = shop();
    let empty = without_clone(&world);
    let words = "Repository rule violations found: changes must be made through a pull request.";
    answers(&github, denied("UNPROCESSABLE", words));
    insta::assert_snapshot!("denied", masked(&promote(&empty).expect(6).text()));
    let down = || Fault::Status(502, vec![], json!({ "message": "Bad Gateway" }));
    github.fail(MUTATION, &[(); 8].map(|()| down()));
    let told = promote(&empty).expect(6);
    assert!(told.stderr.contains("failed to make the commit (502)"), "{}", told.text());
    github.state().forgive();
    assert_eq!(commits(&world), 1);
    promote(&empty).expect(0);
}

#[test]
fn many_at_once_lose_nothing() {
    let services: Vec<String> = (0..6).map(|n| format!("s{n}")).collect();
    let world = World::empty();
    world.write("promoter.yaml", "environments: [{ name: dev }, { name: prod, from: dev }]\n");
    for service in &services {
        for (environment, tag) in [("dev", "2.0.0"), ("prod", "1.0.0")] {
            let text = crate::world::overlay(service, tag);
            world.write(&crate::world::overlay_path(environment, service), text);
        }
    }
    world.commit("begin");
    let (world, _github) = shop_of(world);
    let empty = without_clone(&world);
    std::thread::scope(|scope| {
        for service in &services {
            let run = ["--repo", URL, "promote", "dev", "prod", service, "--via-api"];
            let empty = &empty;
            scope.spawn(move || empty.promoter(&run).expect(0));
        }
    });
    let remote = world.at("remote.git");
    for service in &services {
        let text = remote.show("main", &crate::world::overlay_path("prod", service));
        assert!(text.contains("2.0.0"), "{service}: {text}");
    }
}
