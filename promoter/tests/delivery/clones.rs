//! Clones that lack something: history, objects, the hash that libgit2 knows.

use jiff::{SignedDuration, Timestamp};

use crate::commit::TO_STAGING;
use crate::world::{Checkout, World, overlay, overlay_path};

/// A remote with five versions of staging's api, each promoted by hand.
///
/// All of it was committed three days and an hour ago: no age changes while a test runs.
fn with_history() -> World {
    let mut world = World::pipeline();
    let date = Timestamp::now() - SignedDuration::from_hours(73);
    world.set("GIT_COMMITTER_DATE", &date.to_string());
    world.git(&["commit", "--quiet", "--amend", "--no-edit"]);
    for version in 1..=5 {
        let text = overlay("api", &format!("1.0.{version}"));
        world.commit_files(
            &format!("version {version}"),
            &[(&overlay_path("staging", "api"), &text)],
        );
    }
    world.add_remote();
    world
}

const READS_HISTORY: [&[&str]; 3] =
    [&["status"], &["history", "staging"], &["rollback", "staging", "api"]];

#[test]
fn a_shallow_clone_is_deepened_when_history_is_needed() {
    let world = with_history();
    for (at, arguments) in READS_HISTORY.iter().enumerate() {
        let shallow = world.clone_remote(&format!("shallow-{at}"), &["--depth", "1"]);
        let full = world.clone_remote(&format!("full-{at}"), &[]);
        let (one, other) = (shallow.promoter(arguments), full.promoter(arguments));
        assert_eq!(one.code, 0, "{arguments:?}: {}", one.text());
        let lines = |text: &str| crate::world::masked(text);
        assert_eq!(lines(&one.stdout), lines(&other.stdout), "{arguments:?}");
    }
}

#[test]
fn a_shallow_clone_without_its_remote_says_how_to_clone() {
    let world = with_history();
    let shallow = world.clone_remote("shallow", &["--depth", "1"]);
    shallow.git(&["remote", "set-url", "origin", "/nowhere"]);
    for arguments in READS_HISTORY {
        let ran = shallow.promoter(arguments).expect(6);
        assert!(ran.stderr.contains("fetch-depth: 0"), "{arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn a_shallow_clone_can_promote_and_push() {
    let world = with_history();
    let shallow = world.clone_remote("shallow", &["--depth", "1"]);
    shallow.promoter(&["promote", "dev", "staging", "--push"]).expect(0);
    shallow.promoter(&TO_STAGING).expect(0);
    let remote = world.at("remote.git");
    assert!(remote.show("main", &overlay_path("staging", "api")).contains("1.1.0"));
    remote.git(&["fsck", "--strict"]);
}

/// libgit2 cannot fetch what a partial clone left out: git does.
#[test]
fn a_partial_clone_works_while_its_remote_does() {
    let world = with_history();
    world.at("remote.git").git(&["config", "uploadpack.allowFilter", "true"]);
    let partial = world.clone_remote("partial", &["--filter=blob:none", "--no-checkout"]);
    partial.promoter(&["promote", "dev", "staging", "--push"]).expect(0);
    let remote = world.at("remote.git");
    assert!(remote.show("main", &overlay_path("staging", "api")).contains("1.1.0"));
    remote.git(&["fsck", "--strict"]);
    let alone = world.clone_remote("alone", &["--filter=blob:none", "--no-checkout"]);
    alone.git(&["remote", "set-url", "origin", "/nowhere"]);
    let ran = alone.promoter(&["status"]).expect(6);
    assert!(ran.stderr.contains("what this clone left out"), "{}", ran.stderr);
    let checked_out = world.clone_remote("checked-out", &["--filter=blob:none"]);
    checked_out.promoter(&["promote", "staging", "prod"]).expect(0);
    assert!(checked_out.show("HEAD", &overlay_path("prod", "api")).contains("1.1.0"));
}

#[test]
fn a_repository_of_another_hash_is_refused_by_name() {
    let world = World::empty();
    world.git(&["init", "--quiet", "--object-format=sha256", "../sha256"]);
    let repo = world.at("sha256");
    repo.commit_files("begin", &[("README.md", "read me\n")]);
    let words = repo.promoter(&["status"]).expect(2).stderr;
    assert!(words.contains("sha256"), "{words}");
}

#[test]
fn a_folder_that_is_no_repository_is_named() {
    let world = World::empty();
    let words = world.at("home").promoter(&["status"]).expect(2).stderr;
    assert!(words.contains("is not in a git repository"), "{words}");
}

#[test]
fn objects_borrowed_from_another_repository_are_read() {
    let world = with_history();
    let path = world.at("borrower").path().to_str().unwrap().to_owned();
    world.git(&["clone", "--quiet", "--shared", ".", &path]);
    let borrower: Checkout = world.at("borrower");
    borrower.promoter(&TO_STAGING).expect(0);
    assert_eq!(borrower.git(&["status", "--porcelain"]), "");
    borrower.git(&["fsck", "--strict"]);
}
