//! `push` delivery: on the newest commit of the remote, with the local branch left where it is.

use crate::commit::TO_STAGING;
use crate::world::{Checkout, World, overlay, overlay_path};

const PUSH: [&str; 4] = ["promote", "dev", "staging", "--push"];

/// A pipeline with its bare remote.
fn pushed() -> (World, Checkout) {
    let world = World::pipeline();
    let remote = world.add_remote();
    (world, remote)
}

fn tag(remote: &Checkout, environment: &str, service: &str) -> String {
    let text = remote.show("main", &overlay_path(environment, service));
    text.split("newTag: ").nth(1).unwrap().split(' ').next().unwrap().to_owned()
}

/// A commit of someone else's that is ready to be pushed, and the script that pushes it, once.
fn someone_else(world: &World, path: &str, text: &str) -> String {
    let other = world.clone_remote("other", &[]).with_variable("GIT_AUTHOR_NAME", "Bob");
    other.commit_files("someone else was here", &[(path, text)]);
    let other = other.path().display();
    format!(
        "test -e '{other}/.done' || {{ touch '{other}/.done'; unset GIT_DIR; git -C '{other}' push --quiet origin main; }}"
    )
}

#[test]
fn the_remote_moves_and_the_local_branch_stays() {
    let (world, remote) = pushed();
    world.write(&overlay_path("staging", "api"), "mine\n");
    let local = world.id("main");
    let status = world.git(&["status", "--porcelain=v2"]);
    let ran = world.promoter(&PUSH).expect(0);
    assert!(ran.stdout.contains("pushed"), "{}", ran.stdout);
    assert_eq!(tag(&remote, "staging", "api"), "1.1.0");
    assert_eq!(world.id("main"), local);
    assert_eq!(world.git(&["status", "--porcelain=v2"]), status);
    let trailers =
        remote.run("sh", &["-c", "git log -1 --format=%B main | git interpret-trailers --parse"]);
    let keys: Vec<_> = trailers.stdout.lines().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(keys[..3], ["Promotion-From", "Promotion-To", "Promotion-Source"], "{trailers:?}");
    remote.git(&["fsck", "--strict"]);
}

#[test]
fn the_tip_of_the_remote_is_what_is_read() {
    let (world, remote) = pushed();
    let other = world.clone_remote("other", &[]);
    other.commit_files("bump", &[(&overlay_path("dev", "api"), &overlay("api", "1.2.0"))]);
    other.git(&["push", "--quiet"]);
    world.promoter(&PUSH).expect(0);
    assert_eq!(tag(&remote, "staging", "api"), "1.2.0");
    let body = remote.git(&["log", "-1", "--format=%B", "main"]);
    assert!(body.contains(&format!("Promotion-Source: {}", other.id("main"))), "{body}");
}

#[test]
fn a_detached_head_pushes_to_the_branch_it_is_told() {
    let (world, remote) = pushed();
    world.git(&["switch", "--quiet", "--detach"]);
    world.promoter(&PUSH).expect(4);
    world.promoter(&["promote", "dev", "staging", "--push", "--branch", "origin/main"]).expect(0);
    assert_eq!(tag(&remote, "staging", "api"), "1.1.0");
}

#[test]
fn a_branch_that_moved_is_planned_on_again() {
    let (world, remote) = pushed();
    let push = someone_else(&world, "README.md", "changed\n");
    world.hook("pre-push", &push);
    let ran = world.promoter(&PUSH).expect(0);
    assert!(ran.stdout.contains("2 pushes"), "{}", ran.stdout);
    assert_eq!(tag(&remote, "staging", "api"), "1.1.0");
    assert_eq!(remote.show("main", "README.md"), "changed\n");
    assert_eq!(remote.git(&["rev-list", "--count", "main"]), "3");
}

#[test]
fn a_version_that_someone_else_moved_is_a_conflict_that_says_who() {
    let (world, remote) = pushed();
    let push = someone_else(&world, &overlay_path("staging", "api"), &overlay("api", "1.0.5"));
    world.hook("pre-push", &push);
    let words = world.promoter(&PUSH).expect(4).stderr;
    for part in ["1.0.0", "1.0.5", "Bob", "someone else was here", "Z in "] {
        assert!(words.contains(part), "{words}");
    }
    assert_eq!(tag(&remote, "staging", "api"), "1.0.5");
}

#[test]
fn a_version_that_someone_else_moved_to_the_wanted_one_is_no_conflict() {
    let (world, remote) = pushed();
    let push = someone_else(&world, &overlay_path("staging", "api"), &overlay("api", "1.1.0"));
    world.hook("pre-push", &push);
    world.promoter(&PUSH).expect(0);
    assert_eq!(remote.git(&["rev-list", "--count", "main"]), "2");
}

#[test]
fn bump_plans_again_and_wins() {
    let (world, remote) = pushed();
    let push = someone_else(&world, &overlay_path("dev", "api"), &overlay("api", "1.1.5"));
    world.hook("pre-push", &push);
    world.promoter(&["bump", "dev", "api=1.2.0", "--push"]).expect(0);
    assert_eq!(tag(&remote, "dev", "api"), "1.2.0");
    assert!(remote.git(&["log", "-1", "--format=%B", "main"]).contains("1.1.5 -> 1.2.0"));
}

#[test]
fn bump_with_expect_is_a_compare_and_set() {
    let (world, remote) = pushed();
    let push = someone_else(&world, &overlay_path("dev", "api"), &overlay("api", "1.1.5"));
    world.hook("pre-push", &push);
    let expect = ["bump", "dev", "api=1.2.0", "--push", "--expect", "1.1.0"];
    let words = world.promoter(&expect).expect(4).stderr;
    assert!(words.contains("1.1.5") && words.contains("Bob"), "{words}");
    assert_eq!(tag(&remote, "dev", "api"), "1.1.5");
}

#[test]
fn a_refusal_by_the_server_is_final_and_shown_without_secrets() {
    let (world, remote) = pushed();
    let token = format!("ghp_{}", "a1".repeat(18));
    remote.hook(
        "pre-receive",
        &format!("echo 1 >> runs; echo 'no: https://me:s3cret@host/x {token}' >&2; exit 1"),
    );
    let words = world.promoter(&PUSH).expect(6).stderr;
    assert!(words.contains("origin refused the push of main"), "{words}");
    assert!(words.contains("no: https://***@host/x ***"), "{words}");
    assert!(!words.contains("s3cret") && !words.contains(&token), "{words}");
    assert_eq!(remote.read("runs"), "1\n");
    assert_eq!(tag(&remote, "staging", "api"), "1.0.0");
    let json = world.promoter(&["promote", "dev", "staging", "--push", "-o", "json"]).expect(6);
    let all = json.stdout + &json.stderr;
    assert!(
        all.contains("push-refused") && !all.contains("s3cret") && !all.contains(&token),
        "{all}"
    );
}

#[test]
fn a_refusal_by_the_users_own_hook_is_shown() {
    let (world, remote) = pushed();
    world.hook("pre-push", "echo 'not on a friday' >&2; exit 1");
    let words = world.promoter(&PUSH).expect(6).stderr;
    assert!(words.contains("not on a friday"), "{words}");
    assert_eq!(tag(&remote, "staging", "api"), "1.0.0");
}

#[test]
fn a_remote_that_is_gone_fails_and_a_secret_in_its_url_is_not_shown() {
    let (world, _) = pushed();
    let url = "https://me:s3cret@127.0.0.1:9/x.git";
    world.git(&["remote", "set-url", "origin", url]);
    let words = world.promoter(&PUSH).expect(6).stderr;
    assert!(words.contains("fetch origin/main") && !words.contains("s3cret"), "{words}");
    world.git(&["remote", "remove", "origin"]);
    let words = world.promoter(&PUSH).expect(2).stderr;
    assert!(words.contains("has no upstream"), "{words}");
}

#[test]
fn the_deadline_ends_a_push_that_hangs() {
    let (world, remote) = pushed();
    // Far longer than the deadline on any machine, but no longer than the repository is there.
    world.hook("pre-push", "for _ in $(seq 600); do test -d .git || exit 1; sleep 1; done");
    let slow = ["promote", "dev", "staging", "--push", "--timeout", "3s"];
    let words = world.promoter(&slow).expect(6).stderr;
    assert!(words.contains("not done within 3 seconds"), "{words}");
    assert_eq!(tag(&remote, "staging", "api"), "1.0.0");
    world.hook("pre-push", "exit 0");
    world.promoter(&PUSH).expect(0);
    assert_eq!(tag(&remote, "staging", "api"), "1.1.0");
}

/// The server has taken the push, but the client never hears of it.
#[test]
fn a_push_that_was_cut_off_after_it_landed_has_landed() {
    let (world, remote) = pushed();
    let cut = world.path().join(".git/cut");
    world.write_program(&cut, "#!/bin/sh\ngit-receive-pack \"$@\" && kill -9 $PPID\n");
    world.git(&["config", "remote.origin.receivepack", cut.to_str().unwrap()]);
    let ran = world.promoter(&PUSH).expect(0);
    assert!(ran.stdout.contains("pushed"), "{}", ran.text());
    assert_eq!(tag(&remote, "staging", "api"), "1.1.0");
    world.promoter(&PUSH).expect(0);
    assert_eq!(remote.git(&["rev-list", "--count", "main"]), "2");
}

/// It landed or not, and the remote is gone before that can be asked.
#[test]
fn a_push_of_unknown_end_is_said_to_be_one() {
    let (world, remote) = pushed();
    let moved = world.at("moved.git");
    let script = format!("mv '{}' '{}'; exit 1", remote.path().display(), moved.path().display());
    world.hook("pre-push", &script);
    let words = world.promoter(&PUSH).expect(6).stderr;
    assert!(words.contains("it is not known whether"), "{words}");
}

#[test]
fn tags_are_not_pushed_along() {
    let (world, remote) = pushed();
    world.git(&["config", "push.followTags", "true"]);
    world.git(&["tag", "--annotate", "v1", "--message", "one"]);
    world.promoter(&PUSH).expect(0);
    assert_eq!(remote.git(&["tag"]), "");
}

#[test]
fn what_fetch_keeps_of_the_users_stays() {
    let (world, _) = pushed();
    let other = world.clone_remote("other", &[]);
    other.commit_files("more", &[("README.md", "more\n")]);
    other.git(&["push", "--quiet"]);
    world.write(".git/FETCH_HEAD", "mine\n");
    let known = world.id("origin/main");
    world.promoter(&["promote", "dev", "staging", "--push", "--dry-run"]).expect(0);
    assert_eq!(world.read(".git/FETCH_HEAD"), "mine\n");
    assert_eq!(world.id("origin/main"), known);
}

#[test]
fn without_a_flag_nothing_is_pushed() {
    let (world, remote) = pushed();
    world.promoter(&TO_STAGING).expect(0);
    assert_eq!(tag(&remote, "staging", "api"), "1.0.0");
}
