//! What becomes of a pull request, from its opening to its end.

use std::thread;
use std::time::Duration;

use crate::argocd::Server;
use crate::github::Pull;
use crate::schema::Schema;
use crate::world::{Checkout, World, masked, overlay, overlay_path};
use crate::{ahead, bump, clone, promote, shop, shop_of};

fn tag(world: &World, revision: &str, environment: &str, service: &str) -> String {
    let text = world.at("remote.git").show(revision, &overlay_path(environment, service));
    let (_, tag) = text.split_once("newTag: ").unwrap();
    tag.split_whitespace().next().unwrap().to_owned()
}

/// Adds a commit by a person to a branch of the remote.
fn by_hand(checkout: &Checkout, branch: &str, subject: &str, file: (&str, &str)) {
    checkout.git(&["fetch", "--quiet", "origin"]);
    checkout.git(&["checkout", "--quiet", "--detach", &format!("origin/{branch}")]);
    checkout.commit_files(subject, &[file]);
    checkout.git(&["push", "--quiet", "origin", &format!("HEAD:{branch}")]);
}

#[test]
fn one_is_opened() {
    let (world, github) = shop();
    insta::assert_snapshot!(masked(&promote(&world).expect(0).text()));
    let pull = github.only();
    assert_eq!((pull.head.as_str(), pull.base.as_str()), ("promote/staging", "main"));
    assert_eq!(pull.title, "promote dev to staging: api 1.1.0");
    assert!(pull.open && !pull.draft);
    insta::assert_snapshot!("body", masked(&pull.body.replace('\r', "")));
    assert_eq!(ahead(&world, "promote/staging"), ["promote dev to staging: api 1.1.0"]);
    assert_eq!(tag(&world, "promote/staging", "staging", "api"), "1.1.0");
    assert_eq!(tag(&world, "main", "staging", "api"), "1.0.0");
    let body = world.at("body");
    std::fs::write(body.path(), pull.body.replace('\r', "")).unwrap();
    let trailers = ["interpret-trailers", "--parse", body.path().to_str().unwrap()];
    let parsed = world.git(&trailers);
    assert!(parsed.starts_with("Promotion-From: dev\nPromotion-To: staging\n"), "{parsed}");
}

#[test]
fn the_wait_is_for_the_merge_first() {
    let (mut world, github) = shop();
    let rules = world
        .read("promoter.yaml")
        .replace("  - name: staging\n", "  - name: staging\n    deliver: pull-request\n")
        + "argocd: { application: '{service}-{environment}' }\n";
    world.commit_files("rules", &[("promoter.yaml", &rules)]);
    world.git(&["push", "--quiet", "origin", "main"]);
    let argo = Server::start();
    world.set("ARGOCD_SERVER", &argo.address);
    world.set("ARGOCD_AUTH_TOKEN", "x");

    let mut command = vec!["promote", "dev", "staging", "--wait", "--rollback-on-failure"];
    command.extend(["--timeout", "4s"]);
    insta::assert_snapshot!("unmerged", masked(&world.promoter(&command).expect(5).text()));
    assert!(github.only().open);

    world.git(&["fetch", "--quiet", "origin"]);
    world.git(&["merge", "--quiet", "--squash", "origin/promote/staging"]);
    world.commit("promote dev to staging (#1)");
    world.git(&["push", "--quiet", "origin", "main"]);
    let commit = world.id("HEAD");
    argo.answers(200, &application(&commit, "api:1.1.0"));
    insta::assert_snapshot!(
        "merged",
        masked(&world.promoter(&["wait", "staging", "api", "--timeout", "30s"]).text())
    );
}

#[test]
fn closed_is_not_arrived() {
    let (mut world, github) = shop();
    let rules =
        world.read("promoter.yaml") + "argocd: { application: '{service}-{environment}' }\n";
    world.commit_files("rules", &[("promoter.yaml", &rules)]);
    world.git(&["push", "--quiet", "origin", "main"]);
    world.set("ARGOCD_SERVER", "127.0.0.1:1");
    world.set("ARGOCD_AUTH_TOKEN", "x");
    let remote = world.at("remote.git");
    let ran = thread::scope(|scope| {
        scope.spawn(|| {
            while github.state().pulls.is_empty() {
                thread::sleep(Duration::from_millis(50));
            }
            thread::sleep(Duration::from_secs(1));
            remote.git(&["branch", "--delete", "--force", "promote/staging"]);
        });
        world.promoter(&["promote", "dev", "staging", "--pr", "--wait", "--timeout", "30s"])
    });
    let text = masked(&ran.expect(4).text());
    let expected = "staging does not have what was promoted: api 1.1.0 (it is at 1.0.0)";
    assert!(text.contains(expected), "{text}");
}

/// An application that is well, at a commit.
fn application(commit: &str, image: &str) -> String {
    format!(
        r#"{{"status": {{"sync": {{"status": "Synced", "revision": "{commit}"}},
            "health": {{"status": "Healthy"}}, "summary": {{"images": ["{image}"]}}}}}}"#
    )
}

#[test]
fn saying_it_again_changes_nothing() {
    let (world, github) = shop();
    promote(&world).expect(0);
    let before = github.only();
    insta::assert_snapshot!(masked(&promote(&world).expect(0).text()));
    assert_eq!(format!("{before:?}"), format!("{:?}", github.only()));
    assert_eq!(github.count("patch /repos/{owner}/{repo}/pulls/{pull_number}"), 0);
    assert_eq!(ahead(&world, "promote/staging").len(), 1);
}

#[test]
fn a_newer_promotion_refreshes_it() {
    let (world, github) = shop();
    promote(&world).expect(0);
    bump(&world, "1.2.0");
    insta::assert_snapshot!(masked(&promote(&world).expect(0).text()));
    let pull = github.only();
    assert_eq!(pull.title, "promote dev to staging: api 1.2.0");
    assert!(pull.body.contains("<code>1.0.0</code> | <code>1.2.0</code>"), "{}", pull.body);
    let expected = ["promote dev to staging: api 1.2.0", "promote dev to staging: api 1.1.0"];
    assert_eq!(ahead(&world, "promote/staging"), expected);
}

#[test]
fn what_the_source_takes_back_is_taken_back() {
    let (world, github) = shop();
    promote(&world).expect(0);
    bump(&world, "1.0.0");
    insta::assert_snapshot!(masked(&promote(&world).expect(0).text()));
    let pull = github.only();
    assert!(!pull.open);
    assert_eq!(pull.comments.len(), 1);
    assert!(pull.comments[0].starts_with("`main` has everything that this branch would bring"));
    promote(&world).expect(0);
    assert_eq!(github.only().comments.len(), 1);
    bump(&world, "1.3.0");
    promote(&world).expect(0);
    assert_eq!(ahead(&world, "promote/staging"), ["promote dev to staging: api 1.3.0"]);
    assert_eq!(github.state().pulls.len(), 2);
}

#[test]
fn one_that_is_there_is_adopted() {
    let (world, github) = shop();
    promote(&world).expect(0);
    github.state().pulls[0].title = "by hand".to_owned();
    github.state().pulls[0].number = 7;
    let ran = promote(&world).expect(0);
    assert!(ran.stdout.contains("updated pull request #7"), "{}", ran.stdout);
    assert_eq!(github.only().title, "promote dev to staging: api 1.1.0");
}

#[test]
fn one_that_was_closed_by_hand_is_followed_by_another() {
    let (world, github) = shop();
    promote(&world).expect(0);
    github.state().pulls[0].open = false;
    promote(&world).expect(0);
    let open: Vec<bool> = github.state().pulls.iter().map(|pull| pull.open).collect();
    assert_eq!(open, [false, true]);
}

#[test]
fn a_commit_by_a_person_stays() {
    let (world, github) = shop();
    promote(&world).expect(0);
    let person = clone(&world, "person");
    by_hand(&person, "promote/staging", "a note", ("notes.md", "noted\n"));
    bump(&world, "1.2.0");
    promote(&world).expect(0);
    let expected =
        ["promote dev to staging: api 1.2.0", "a note", "promote dev to staging: api 1.1.0"];
    assert_eq!(ahead(&world, "promote/staging"), expected);
    assert!(github.only().body.contains("<code>a note</code> by <code>Ada</code>"));
}

#[test]
fn a_commit_by_a_person_that_stands_in_the_way_is_named() {
    let (world, _github) = shop();
    promote(&world).expect(0);
    let person = clone(&world, "person");
    by_hand(&person, "promote/staging", "a note", ("notes.md", "noted\n"));
    let tip = world.at("remote.git").id("promote/staging");
    let moved = overlay("api", "1.0.5");
    by_hand(&person, "main", "staging by hand", (&overlay_path("staging", "api"), &moved));
    insta::assert_snapshot!(masked(&promote(&world).expect(4).text()));
    assert_eq!(world.at("remote.git").id("promote/staging"), tip);
}

#[test]
fn trailers_alone_do_not_make_a_commit_promoters() {
    let (world, _github) = shop();
    promote(&world).expect(0);
    let person = clone(&world, "person");
    let subject = "claim\n\nPromotion-To: staging";
    let file = overlay_path("staging", "api");
    let text = overlay("api", "1.1.0") + "# a comment\n";
    by_hand(&person, "promote/staging", subject, (&file, &text));
    by_hand(&person, "main", "by hand", (&file, &overlay("api", "1.0.5")));
    let ran = promote(&world).expect(4);
    assert!(ran.stderr.contains("by Ada at") && ran.stderr.contains("(claim)"), "{}", ran.stderr);
}

#[test]
fn the_base_may_move_on() {
    let (world, github) = shop();
    promote(&world).expect(0);
    let person = clone(&world, "person");
    let config = overlay("auth", "1.0.0") + "namePrefix: x-\n";
    by_hand(&person, "main", "configure", (&overlay_path("staging", "auth"), &config));
    world.promoter(&["bump", "dev", "auth=1.1.0", "--push"]).expect(0);
    promote(&world).expect(0);
    let expected = ["promote dev to staging: auth 1.1.0", "promote dev to staging: api 1.1.0"];
    assert_eq!(ahead(&world, "promote/staging"), expected);
    github.state().squash(1);
    let merged = world.at("remote.git").show("main", &overlay_path("staging", "auth"));
    assert!(merged.contains("newTag: 1.1.0") && merged.contains("namePrefix: x-"), "{merged}");
}

#[test]
fn a_branch_that_conflicts_is_made_anew() {
    let (world, github) = shop();
    world.promoter(&["bump", "dev", "auth=1.1.0", "--push"]).expect(0);
    promote(&world).expect(0);
    let person = clone(&world, "person");
    let moved = overlay("api", "1.0.5");
    by_hand(&person, "main", "staging by hand", (&overlay_path("staging", "api"), &moved));
    world.promoter(&["promote", "dev", "staging", "api", "--pr"]).expect(0);
    // What was promoted before is still there, and nobody's move is undone without being asked.
    assert_eq!(tag(&world, "promote/staging", "staging", "auth"), "1.1.0");
    assert_eq!(tag(&world, "promote/staging", "staging", "api"), "1.1.0");
    assert_eq!(ahead(&world, "promote/staging").len(), 2);
    let body = github.only().body;
    assert!(body.contains("<code>1.0.5</code> | <code>1.1.0</code>"), "{body}");
}

#[test]
fn after_a_squash_the_branch_begins_anew() {
    let (world, github) = shop();
    promote(&world).expect(0);
    github.state().squash(1);
    bump(&world, "1.2.0");
    promote(&world).expect(0);
    assert_eq!(ahead(&world, "promote/staging"), ["promote dev to staging: api 1.2.0"]);
    let titles: Vec<String> = github.state().pulls.iter().map(|pull| pull.title.clone()).collect();
    assert_eq!(titles, ["promote dev to staging: api 1.1.0", "promote dev to staging: api 1.2.0"]);
}

#[test]
fn a_person_s_commit_that_was_merged_does_not_stand_in_the_way() {
    let (world, github) = shop();
    promote(&world).expect(0);
    let person = clone(&world, "person");
    by_hand(&person, "promote/staging", "a note", ("notes.md", "noted\n"));
    github.state().squash(1);
    bump(&world, "1.2.0");
    promote(&world).expect(0);
    assert_eq!(ahead(&world, "promote/staging"), ["promote dev to staging: api 1.2.0"]);
}

#[test]
fn the_button_that_brings_the_base_is_nobody_s_commit() {
    let (world, _github) = shop();
    promote(&world).expect(0);
    let person = clone(&world, "person");
    by_hand(&person, "main", "a note", ("notes.md", "noted\n"));
    person.git(&["fetch", "--quiet", "origin"]);
    person.git(&["checkout", "--quiet", "--detach", "origin/promote/staging"]);
    person.git(&["merge", "--quiet", "--no-edit", "origin/main"]);
    person.git(&["push", "--quiet", "origin", "HEAD:promote/staging"]);
    let moved = overlay("api", "1.0.5");
    by_hand(&person, "main", "staging by hand", (&overlay_path("staging", "api"), &moved));
    promote(&world).expect(0);
    assert_eq!(ahead(&world, "promote/staging"), ["promote dev to staging: api 1.1.0"]);
}

#[test]
fn bumps_and_rollbacks_have_their_own() {
    let (world, github) = shop();
    let ran = world.promoter(&["bump", "dev", "api=1.2.0", "--pr"]).expect(0);
    assert!(ran.stdout.contains("origin/bump/dev"), "{}", ran.stdout);
    world.promoter(&["bump", "dev", "api=1.2.0", "--pr"]).expect(0);
    assert_eq!(ahead(&world, "bump/dev"), ["bump dev: api 1.2.0"]);
    world.promoter(&["promote", "dev", "staging", "--push"]).expect(0);
    world.git(&["pull", "--quiet"]);
    let back = ["rollback", "staging", "api", "--pr"];
    world.promoter(&back).expect(0);
    world.promoter(&back).expect(0);
    assert_eq!(ahead(&world, "rollback/staging"), ["roll back staging: api 1.1.0 -> 1.0.0"]);
    let titles: Vec<String> = github.state().pulls.iter().map(|pull| pull.title.clone()).collect();
    assert_eq!(titles, ["bump dev: api 1.2.0", "roll back staging: api 1.1.0 -> 1.0.0"]);
    assert!(github.state().pulls[1].body.contains("Rollback-To: "));
}

#[test]
fn a_shallow_clone_gets_the_history_it_needs() {
    let (world, github) = shop();
    promote(&world).expect(0);
    for tag in ["1.2.0", "1.3.0", "1.4.0"] {
        bump(&world, tag);
    }
    let shallow = world.clone_remote("shallow", &["--depth", "1"]);
    shallow.git(&["remote", "set-url", "origin", crate::URL]);
    promote(&shallow).expect(0);
    let expected = ["promote dev to staging: api 1.4.0", "promote dev to staging: api 1.1.0"];
    assert_eq!(ahead(&world, "promote/staging"), expected);
    assert_eq!(github.only().title, "promote dev to staging: api 1.4.0");
}

#[test]
fn time_is_waited_for_in_the_open_and_nothing_else_is() {
    let world = World::pipeline();
    let rules = "
environments:
  - name: dev
  - name: staging
    from: dev
    deliver: pull-request
    gates:
      soak: 24h
      freeze: [{ start: \"2020-01-01\", end: \"2999-01-01\", reason: always }]
  - name: prod
    from: staging
    deliver: pull-request
";
    world.commit_files("rules", &[("promoter.yaml", rules)]);
    let (world, github) = shop_of(world);
    let text = masked(&world.promoter(&["promote", "dev", "staging"]).expect(0).text());
    let still = |text: String, age| text.replace(&format!(" for {age}s of "), " for 0s of ");
    insta::assert_snapshot!((1..60).fold(text, still));
    let body = github.only().body;
    assert!(body.contains("Promotion-Gate: freeze=pending"), "{body}");
    assert!(body.contains("Promotion-Gate: soak=pending"), "{body}");
    let json = ["promote", "dev", "staging", "api", "-o", "json"];
    bump(&world, "1.2.0");
    let told: serde_json::Value =
        serde_json::from_str(&world.promoter(&json).expect(0).stdout).unwrap();
    let gates = told["pending"].as_array().unwrap().iter().map(|one| one["gate"].clone());
    assert_eq!(gates.collect::<Vec<_>>(), ["freeze", "soak"]);
    world.promoter(&["promote", "dev", "staging", "--push"]).expect(3);
    world.promoter(&["promote", "dev", "prod"]).expect(3);
    world.git(&["pull", "--quiet"]);
    let hold = ["hold", "staging", "api", "--reason", "the fair", "--push"];
    world.promoter(&hold).expect(0);
    bump(&world, "1.3.0");
    let ran = world.promoter(&["promote", "dev", "staging"]).expect(3);
    assert!(ran.stderr.contains("the fair"), "{}", ran.stderr);
}

#[test]
fn holds_have_their_own() {
    let (world, github) = shop();
    let hold = |service: &str| {
        world.promoter(&["hold", "prod", service, "--reason", "the fair", "--pr"]).expect(0);
    };
    hold("api");
    hold("api");
    hold("auth");
    assert_eq!(ahead(&world, "hold/prod"), ["hold prod: auth", "hold prod: api"]);
    assert_eq!(github.only().title, "hold prod: auth");
    world.promoter(&["unhold", "prod", "api", "--pr"]).expect(0);
    world.promoter(&["unhold", "prod", "auth", "--pr"]).expect(0);
    assert_eq!(github.only().title, "unhold prod: auth");
}

const ASKING: &str = "
environments:
  - name: dev
  - name: staging
    from: dev
    deliver: pull-request
    pull_request: { labels: [promotion, staging], auto_merge: squash }
  - name: prod
    from: staging
    deliver: pull-request
pull_request: { reviewers: [ada, promoter-bot], team_reviewers: release, draft: true }
";

fn asking() -> World {
    let world = World::pipeline();
    world.commit_files("ask", &[("promoter.yaml", ASKING)]);
    world
}

#[test]
fn it_is_asked_for_what_the_configuration_says() {
    let (world, github) = shop_of(asking());
    world.promoter(&["promote", "dev", "staging"]).expect(0);
    let pull = github.only();
    assert_eq!(pull.labels, ["promotion", "staging"]);
    assert_eq!(pull.reviewers, ["ada"], "its author is not asked");
    assert_eq!(pull.teams, ["release"]);
    assert_eq!(pull.auto_merge.as_deref(), Some("SQUASH"));
    assert!(pull.draft);
    // Who has reviewed is not asked again; who took a label off gets it back.
    {
        let pull: &mut Pull = &mut github.state().pulls[0];
        (pull.reviewers, pull.teams) = (Vec::new(), Vec::new());
        pull.reviews.push("ada".to_owned());
        pull.labels.pop();
    }
    world.promoter(&["promote", "dev", "staging"]).expect(0);
    let pull = github.only();
    assert_eq!((pull.labels.len(), pull.reviewers.len(), pull.teams.len()), (2, 0, 0));
}

#[test]
fn what_is_not_granted_is_a_warning() {
    let (world, github) = shop_of(asking());
    github.state().auto_merge = false;
    github.state().collaborators.clear();
    insta::assert_snapshot!(masked(
        &world.promoter(&["promote", "dev", "staging"]).expect(0).text()
    ));
    assert!(github.only().open);
}

#[test]
fn it_is_told_as_json_and_documented() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/output.md");
    let mut schema = Schema::parse(&std::fs::read_to_string(page).unwrap());
    let (world, _github) = shop();
    let mut tell = |arguments: &[&str]| {
        let ran = world.promoter(&[arguments, &["--pr", "-o", "json"]].concat()).expect(0);
        let told: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        schema.holds_result(&told);
        told
    };
    let told = tell(&["promote", "dev", "staging"]);
    let expected = serde_json::json!({
        "number": 1, "state": "opened", "url": "https://github.test/acme/shop/pull/1",
    });
    assert_eq!(told["pullRequest"], expected);
    assert_eq!(
        (&told["branch"], &told["pushed"]),
        (&"origin/promote/staging".into(), &true.into())
    );
    tell(&["bump", "dev", "api=1.2.0"]);
    world.promoter(&["promote", "dev", "staging", "--push"]).expect(0);
    world.git(&["pull", "--quiet"]);
    tell(&["rollback", "staging"]);
    tell(&["hold", "prod", "api", "--reason", "the fair"]);
    tell(&["unhold", "prod", "api"]);
    let unseen = schema.unseen().into_iter().filter(|field| field.contains("pull"));
    assert_eq!(unseen.collect::<Vec<_>>(), Vec::<String>::new(), "documented, and never seen");
}
