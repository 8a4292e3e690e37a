//! Who commits, as git's configuration and environment say, and the signature they ask for.

use std::fs;

use crate::commit::{TO_STAGING, state};
use crate::world::{Checkout, World};

const WHO: &str = "--format=%an <%ae> / %cn <%ce>";

/// A pipeline whose git knows nobody.
fn nobody() -> World {
    let world = World::pipeline();
    fs::write(world.folder().join("home/.gitconfig"), "").unwrap();
    world
}

#[track_caller]
fn commits_as(repo: &Checkout, who: &str) {
    repo.promoter(&TO_STAGING).expect(0);
    assert_eq!(repo.git(&["log", "-1", WHO]), who);
}

#[test]
fn without_a_name_the_commands_that_set_it_are_told() {
    let world = nobody();
    let before = state(&world);
    for delivery in [&["promote", "dev", "staging"][..], &["bump", "dev", "api=2.0.0"]] {
        let words = world.promoter(delivery).expect(2).stderr;
        assert!(words.contains("git config --global user.name"), "{words}");
        assert!(words.contains("git config --global user.email"), "{words}");
    }
    assert_eq!(state(&world), before);
}

#[test]
fn an_address_alone_is_not_enough() {
    let world = nobody();
    world.git(&["config", "user.email", "ada@example.com"]);
    world.promoter(&TO_STAGING).expect(2);
}

#[test]
fn the_configuration_of_the_repository_wins() {
    let world = World::pipeline();
    world.git(&["config", "user.name", "Bot Ü"]);
    commits_as(&world, "Bot Ü <ada@example.com> / Bot Ü <ada@example.com>");
}

#[test]
fn the_environment_wins_over_the_configuration() {
    let world = World::pipeline();
    let repo = world
        .with_variable("GIT_AUTHOR_NAME", "Eve")
        .with_variable("GIT_AUTHOR_EMAIL", "eve@example.com")
        .with_variable("GIT_AUTHOR_DATE", "1700000000 +0530");
    commits_as(&repo, "Eve <eve@example.com> / Ada <ada@example.com>");
    assert_eq!(repo.git(&["log", "-1", "--format=%ad", "--date=raw"]), "1700000000 +0530");
}

#[test]
fn the_environment_alone_is_enough() {
    let world = nobody();
    let repo = ["AUTHOR", "COMMITTER"].iter().fold((*world).clone(), |repo, role| {
        repo.with_variable(&format!("GIT_{role}_NAME"), "Ci")
            .with_variable(&format!("GIT_{role}_EMAIL"), "ci@example.com")
    });
    commits_as(&repo, "Ci <ci@example.com> / Ci <ci@example.com>");
}

#[test]
fn what_only_git_understands_counts_too() {
    let world = nobody();
    let elsewhere = world.folder().join("elsewhere");
    fs::write(&elsewhere, "[user]\n\tname = Global\n\temail = global@example.com\n").unwrap();
    let repo = world.with_variable("GIT_CONFIG_GLOBAL", elsewhere.to_str().unwrap());
    commits_as(&repo, "Global <global@example.com> / Global <global@example.com>");
    let repo = world
        .with_variable("GIT_CONFIG_COUNT", "2")
        .with_variable("GIT_CONFIG_KEY_0", "user.name")
        .with_variable("GIT_CONFIG_VALUE_0", "Count")
        .with_variable("GIT_CONFIG_KEY_1", "user.email")
        .with_variable("GIT_CONFIG_VALUE_1", "count@example.com");
    repo.promoter(&["promote", "staging", "prod"]).expect(0);
    assert_eq!(repo.git(&["log", "-1", "--format=%an"]), "Count");
}

#[test]
fn a_signature_is_made_where_git_is_told_to() {
    let world = World::pipeline();
    let key = world.folder().join("key");
    let key = key.to_str().unwrap();
    world.run("ssh-keygen", &["-q", "-t", "ed25519", "-N", "", "-f", key]).expect(0);
    let public = fs::read_to_string(format!("{key}.pub")).unwrap();
    let allowed = world.folder().join("allowed");
    fs::write(&allowed, format!("ada@example.com {public}")).unwrap();
    for (name, value) in [
        ("commit.gpgsign", "true"),
        ("gpg.format", "ssh"),
        ("user.signingkey", key),
        ("gpg.ssh.allowedSignersFile", allowed.to_str().unwrap()),
    ] {
        world.git(&["config", name, value]);
    }
    world.promoter(&TO_STAGING).expect(0);
    world.git(&["verify-commit", "HEAD"]);
    assert_eq!(world.git(&["log", "-1", "--format=%G?"]), "G");
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    world.git(&["fsck", "--strict"]);
}

#[test]
fn a_signature_that_cannot_be_made_stops_the_commit() {
    let world = World::pipeline();
    for (name, value) in
        [("commit.gpgsign", "true"), ("gpg.format", "ssh"), ("user.signingkey", "/no/such/key")]
    {
        world.git(&["config", name, value]);
    }
    let before = state(&world);
    let words = world.promoter(&TO_STAGING).expect(6).stderr;
    assert!(words.contains("commit-tree -S") && words.contains("/no/such/key"), "{words}");
    assert_eq!(state(&world), before);
}
