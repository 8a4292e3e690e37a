//! What GitHub may answer, or not answer.

use std::process::Command;

use serde_json::{Value, json};

use crate::github::{APP, Fault, GitHub, TOKEN};
use crate::world::{World, masked};
use crate::{ahead, bump, promote, shop};

const LIST: &str = "get /repos/{owner}/{repo}/pulls";
const OPEN: &str = "post /repos/{owner}/{repo}/pulls";
const UPDATE: &str = "patch /repos/{owner}/{repo}/pulls/{pull_number}";
const COMMENT: &str = "post /repos/{owner}/{repo}/issues/{issue_number}/comments";

fn said(message: &str) -> Value {
    json!({ "message": message })
}

fn status(status: u16) -> Fault {
    Fault::Status(status, Vec::new(), said("of the server"))
}

/// One open pull request with one promotion, whatever happened on the way.
#[track_caller]
fn is_whole(world: &World, github: &GitHub) {
    let pull = github.only();
    assert!(pull.open && pull.title == "promote dev to staging: api 1.1.0", "{pull:?}");
    assert_eq!(ahead(world, "promote/staging").len(), 1);
}

#[test]
fn what_passes_is_waited_for() {
    let limit = |name: &'static str, value: String| {
        let rest = vec![(name, value), ("x-ratelimit-remaining", "0".to_owned())];
        Fault::Status(403, rest, said("API rate limit exceeded"))
    };
    let soon = jiff::Timestamp::now().as_second() + 1;
    let cases: &[(&str, &[Fault])] = &[
        (LIST, &[status(500), status(502), status(503)]),
        (LIST, &[Fault::Before, Fault::After]),
        (LIST, &[limit("x-ratelimit-reset", soon.to_string())]),
        (LIST, &[limit("retry-after", "1".to_owned())]),
        (LIST, &[Fault::Status(429, vec![("retry-after", "1".to_owned())], said("slow down"))]),
        (OPEN, &[limit("retry-after", "1".to_owned())]),
        (OPEN, &[status(502)]),
        (OPEN, &[Fault::Before]),
        (OPEN, &[Fault::After]),
        (OPEN, &[Fault::Before, Fault::After]),
    ];
    for (what, faults) in cases {
        let (world, github) = shop();
        github.fail(what, faults);
        promote(&world).expect(0);
        is_whole(&world, &github);
    }
}

#[test]
fn what_does_not_pass_is_told_and_the_next_run_completes() {
    let limits = vec![("retry-after", "3600".to_owned())];
    let secondary = json!({
        "message": "You have exceeded a secondary rate limit.",
        "documentation_url": "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits",
    });
    let invalid = json!({
        "message": "Validation Failed",
        "errors": [{ "resource": "PullRequest", "code": "invalid", "field": "base" }],
        "documentation_url": "https://docs.github.com/rest",
    });
    let cases: &[(&str, &str, Fault)] = &[
        ("unauthorized", LIST, Fault::Status(401, Vec::new(), said("Bad credentials"))),
        (
            "forbidden",
            OPEN,
            Fault::Status(403, Vec::new(), said("Resource not accessible by integration")),
        ),
        ("missing", LIST, Fault::Status(404, Vec::new(), said("Not Found"))),
        ("limited", LIST, Fault::Status(403, limits, said("API rate limit exceeded"))),
        ("secondary", OPEN, Fault::Status(403, Vec::new(), secondary)),
        ("invalid", OPEN, Fault::Status(422, Vec::new(), invalid)),
    ];
    for (name, what, fault) in cases {
        let (world, github) = shop();
        github.fail(what, std::slice::from_ref(fault));
        let arguments = ["promote", "dev", "staging", "--pr", "--timeout", "30s"];
        let told = world.promoter(&arguments).expect(6).text();
        assert!(!told.contains(TOKEN), "{told}");
        insta::assert_snapshot!(*name, masked(&told));
        promote(&world).expect(0);
        is_whole(&world, &github);
    }
}

#[test]
fn a_server_that_stays_broken_is_told_and_the_next_run_completes() {
    let (world, github) = shop();
    github.fail(LIST, &vec![status(500); 8]);
    let arguments = ["promote", "dev", "staging", "--pr", "--timeout", "5s"];
    let ran = world.promoter(&arguments).expect(6);
    assert!(ran.stderr.contains("failed to list the pull requests (500)"), "{}", ran.stderr);
    github.state().forgive();
    promote(&world).expect(0);
    is_whole(&world, &github);
}

#[test]
fn an_update_whose_answer_is_lost_is_made() {
    for fault in [Fault::Before, Fault::After, status(500)] {
        let (world, github) = shop();
        promote(&world).expect(0);
        bump(&world, "1.2.0");
        github.fail(UPDATE, &[fault]);
        promote(&world).expect(0);
        assert_eq!(github.only().title, "promote dev to staging: api 1.2.0");
    }
}

#[test]
fn a_closing_whose_answer_is_lost_comments_once() {
    for what in [COMMENT, UPDATE] {
        let (world, github) = shop();
        promote(&world).expect(0);
        bump(&world, "1.0.0");
        github.fail(what, &[Fault::After]);
        promote(&world).expect(0);
        let pull = github.only();
        assert!(!pull.open);
        assert_eq!(pull.comments.len(), 1);
    }
}

#[test]
fn nothing_is_pushed_without_a_forge() {
    let check = |name: &str, url: &str, token: &str| {
        let (mut world, _github) = shop();
        let remote = world.at("remote.git");
        world.git(&[
            "config",
            "--global",
            &format!("url.{}.insteadOf", remote.path().display()),
            url,
        ]);
        world.git(&["remote", "set-url", "origin", url]);
        world.set("GITHUB_TOKEN", token);
        world.set("GITHUB_API_URL", "");
        let told = masked(&promote(&world).expect(2).text());
        insta::assert_snapshot!(name, told);
        let branches = remote.git(&["for-each-ref", "--format=%(refname:short)", "refs/heads"]);
        assert_eq!(branches, "main");
    };
    check("no_token", "https://github.com/acme/shop.git", "");
    check("not_github", "https://gitlab.com/acme/shop.git", "token");
}

#[test]
fn an_app_gets_a_token_of_its_own() {
    let (mut world, github) = shop();
    let key = world.at("app.pem");
    let key = key.path().to_str().unwrap();
    let made =
        Command::new("openssl").args(["genrsa", "-traditional", "-out", key, "2048"]).output();
    assert!(made.unwrap().status.success());
    github.state().key = Some(key.into());
    world.set("GITHUB_TOKEN", "of somebody else");
    world.set("PROMOTER_GITHUB_APP_ID", &APP.to_string());
    world.set("PROMOTER_GITHUB_APP_PRIVATE_KEY_FILE", key);
    promote(&world).expect(0);
    is_whole(&world, &github);
    world.set("PROMOTER_GITHUB_APP_PRIVATE_KEY", "no key");
    insta::assert_snapshot!(masked(&promote(&world).expect(2).text()));
}
