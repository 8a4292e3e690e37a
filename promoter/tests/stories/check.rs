//! `promoter check`: a person's change is judged as a promotion would be.

use insta::assert_snapshot;

use crate::story::{Story, overlay, path};

/// `main` is the base; a branch `change` is checked out on it.
fn change() -> Story {
    let story = Story::shop();
    story.did("promoter bump dev api=1.1");
    story.did("promoter promote dev staging");
    story.did("git switch --quiet --create change");
    story
}

#[test]
fn a_promotion_by_hand_that_keeps_the_order_passes() {
    let story = change();
    story.set("prod", "api", "1.1");
    assert_snapshot!(story.tell("promoter check --base main"), @r"
    reaches prod (by environments/prod/api/kustomization.yaml)
    checked the change against <c3>: nothing against it
    ");
}

#[test]
fn a_change_that_skips_an_environment() {
    let story = change();
    story.did("git switch --quiet main && promoter bump dev api=1.2 && git switch --quiet change");
    story.set("prod", "api", "1.2");
    assert_snapshot!(story.tell("promoter check --base main"), @r"
    error environments/prod/api/kustomization.yaml:6:13: api in prod: prod takes versions from staging only, and `api` 1.2 is not there [order]
    reaches prod (by environments/prod/api/kustomization.yaml)
    checked the change against <c4>: 1 against it
    exit code 3
    ");
}

#[test]
fn a_version_from_nowhere() {
    let story = change();
    story.set("staging", "api", "6.6");
    story.set("dev", "auth", "2.1");
    assert_snapshot!(story.tell("promoter check --base main"), @r"
    error environments/staging/api/kustomization.yaml:6:13: api in staging: staging takes versions from dev only, and `api` 6.6 is not there [order]
    reaches dev (by environments/dev/auth/kustomization.yaml)
    reaches staging (by environments/staging/api/kustomization.yaml)
    checked the change against <c3>: 1 against it
    exit code 3
    ");
}

#[test]
fn a_version_that_from_no_longer_has() {
    let story = change();
    story.set("prod", "api", "1.1");
    story.did("git switch --quiet main");
    story.did("promoter bump dev api=1.2 && promoter promote dev staging");
    story.did("git switch --quiet change");
    assert_snapshot!(story.tell("promoter check --base main"), @r"
    error environments/prod/api/kustomization.yaml:6:13: api in prod: prod takes versions from staging only, and `api` 1.1 is not there [order]
    reaches prod (by environments/prod/api/kustomization.yaml)
    checked the change against <c6>: 1 against it
    exit code 3
    ");
}

#[test]
fn a_version_that_is_marked_bad() {
    let story = change();
    story.did("git switch --quiet main && promoter promote staging prod");
    story.did("promoter rollback prod api --reason 'errors 500'");
    story.did("git switch --quiet --create again");
    story.set("prod", "api", "1.1");
    assert_snapshot!(story.tell("promoter check --base main"), @r"
    error environments/prod/api/kustomization.yaml:6:13: api in prod: 1.1 is marked bad by Ada <ada@example.com> since <day 100>: errors 500 [hold]
    reaches prod (by environments/prod/api/kustomization.yaml)
    checked the change against <c5>: 1 against it
    exit code 3
    ");
}

#[test]
fn a_plain_revert_is_exempt() {
    let story = change();
    story.did("git switch --quiet main && promoter promote staging prod");
    story.did("promoter bump dev api=1.2 && promoter promote dev staging");
    story.did("git switch --quiet --create undo && git revert --no-edit HEAD~2");
    assert_snapshot!(story.tell("promoter check --base main"), @r"
    reaches prod (by environments/prod/api/kustomization.yaml)
    checked the change against <c6>: nothing against it
    ");
}

#[test]
fn rules_and_marks_are_findings_of_their_own() {
    let story = change();
    let loose = story.read("promoter.yaml").replace("from: staging", "from: [staging, dev]");
    let hold = "- {kind: hold, reason: wait}\n";
    story.commit("loosen", &[("promoter.yaml", &loose), (".promoter/holds/prod/api.yaml", hold)]);
    story.set("prod", "api", "6.6");
    assert_snapshot!(story.tell("promoter check --base main"), @r"
    error .promoter/holds/prod/api.yaml: a hold or bad mark changes; the change was judged by the old ones [hold-changed]
    error promoter.yaml: the rules themselves change; the change was judged by the old ones [rules-changed]
    error environments/prod/api/kustomization.yaml:6:13: api in prod: prod takes versions from staging only, and `api` 6.6 is not there [order]
    reaches prod (by environments/prod/api/kustomization.yaml)
    checked the change against <c3>: 3 against it
    exit code 3
    ");
    assert_snapshot!(story.tell("promoter check --base main --allow rules-changed --allow hold-changed"), @r"
    error environments/prod/api/kustomization.yaml:6:13: api in prod: prod takes versions from staging only, and `api` 6.6 is not there [order]
    notice .promoter/holds/prod/api.yaml: a hold or bad mark changes; the change was judged by the old ones [hold-changed]
    notice promoter.yaml: the rules themselves change; the change was judged by the old ones [rules-changed]
    reaches prod (by environments/prod/api/kustomization.yaml)
    checked the change against <c3>: 1 against it
    exit code 3
    ");
}

#[test]
fn a_held_service() {
    let story = change();
    story.did("git switch --quiet main");
    let hold = "- {kind: hold, reason: the fair is on, by: Bob}\n";
    story.commit("hold", &[(".promoter/holds/prod/api.yaml", hold)]);
    story.did("git switch --quiet --create held");
    story.set("prod", "api", "1.1");
    assert_snapshot!(story.tell("promoter check --base main"), @r"
    error environments/prod/api/kustomization.yaml:6:13: api in prod: is held by Bob: the fair is on [hold]
    reaches prod (by environments/prod/api/kustomization.yaml)
    checked the change against <c4>: 1 against it
    exit code 3
    ");
    assert_snapshot!(story.tell("promoter promote staging prod"), @"nothing to do: prod runs what staging runs");
}

#[test]
fn a_shared_base_reaches_every_environment() {
    let story = Story::shop();
    let overlay = "resources:\n  - ../../../base/web\nimages:\n  - {name: web, newTag: '1'}\n";
    let base = "resources:\n  - deployment.yaml\n";
    story.commit(
        "web",
        &[
            ("base/web/kustomization.yaml", base),
            ("base/web/deployment.yaml", "kind: Deployment\n"),
            (&path("dev", "web"), overlay),
            (&path("prod", "web"), overlay),
            (&path("staging", "web"), "resources: []\nimages:\n  - {name: web, newTag: '1'}\n"),
        ],
    );
    story.did("git switch --quiet --create change");
    story.commit("more", &[("base/web/deployment.yaml", "kind: Deployment # more\n")]);
    assert_snapshot!(story.tell("promoter check --base main"), @r"
    reaches dev (by base/web/deployment.yaml)
    reaches prod (by base/web/deployment.yaml)
    checked the change against <c2>: nothing against it
    ");
}

#[test]
fn broken_files_are_findings() {
    let story = change();
    story.commit(
        "broken",
        &[
            (&path("prod", "api"), "images:\n  - name: api\n   newTag: '1'\n"),
            (&path("staging", "auth"), "images:\n  - {name: auth, newTag: 2.10}\n"),
            (".promoter/holds/prod/auth.yaml", "- kind: nice\n"),
        ],
    );
    assert_snapshot!(story.tell("promoter check --base main"), @r"
    error environments/staging/auth/kustomization.yaml:2:26: `2.10` without quotes is a number, not text [unreadable]
    error environments/prod/api/kustomization.yaml:3:4: not valid YAML: while parsing a block collection, did not find expected '-' indicator [unreadable]
    error .promoter/holds/prod/auth.yaml:1:9: `nice` is neither `hold` nor `bad` [invalid-hold]
    error .promoter/holds/prod/auth.yaml: a hold or bad mark changes; the change was judged by the old ones [hold-changed]
    reaches prod (by environments/prod/api/kustomization.yaml)
    reaches staging (by environments/staging/auth/kustomization.yaml)
    checked the change against <c3>: 4 against it
    exit code 3
    ");
    story.commit("worse", &[("promoter.yaml", "environments: [{name: dev}, {nam: prod}]\n")]);
    assert_snapshot!(story.tell("promoter check --base main"), @r"
    error promoter.yaml:1:30: unknown key `nam` [configuration]
    checked the change against <c3>: 1 against it
    exit code 3
    ");
}

#[test]
fn the_day_promoter_comes() {
    let story = Story::of(&[("apps/README.md", "x\n")]);
    story.did("git switch --quiet --create change");
    let image = overlay(&[("api", "1.0")]);
    story.commit(
        "promoter",
        &[
            ("promoter.yaml", "environments: [{name: dev}, {name: prod, from: dev}]\n"),
            (&path("dev", "api"), &image),
            (&path("prod", "api"), &image),
        ],
    );
    assert_snapshot!(story.tell("promoter check --base main"), @r"
    error promoter.yaml: the rules themselves change; the change was judged by the old ones [rules-changed]
    reaches dev (by environments/dev/api/kustomization.yaml)
    reaches prod (by environments/prod/api/kustomization.yaml)
    checked the change against <c1>: 1 against it
    exit code 3
    ");
}

#[test]
fn a_branch_is_compared_with_its_upstream() {
    let story = change();
    story.did("git switch --quiet main");
    assert_snapshot!(story.tell("promoter check"), @"checked the repository alone (no --base, and the branch has no upstream): nothing against it");
    story.publish();
    story.set("prod", "api", "6.6");
    assert_snapshot!(story.tell("promoter check"), @r"
    error environments/prod/api/kustomization.yaml:6:13: api in prod: prod takes versions from staging only, and `api` 6.6 is not there [order]
    reaches prod (by environments/prod/api/kustomization.yaml)
    checked the change against <c3>: 1 against it
    exit code 3
    ");
    story.did("git switch --quiet --detach HEAD~1");
    assert_snapshot!(story.tell("promoter check --branch main"), @r"
    error environments/prod/api/kustomization.yaml:6:13: api in prod: prod takes versions from staging only, and `api` 6.6 is not there [order]
    reaches prod (by environments/prod/api/kustomization.yaml)
    checked the change against <c3>: 1 against it
    exit code 3
    ");
}

#[test]
fn a_merge_commit_is_judged_by_its_net_change() {
    let story = change();
    story.set("prod", "api", "6.6");
    story.set("prod", "api", "1.0");
    assert_snapshot!(story.tell("promoter check --base main"), @"checked the change against <c3>: nothing against it");
}

#[test]
fn a_service_that_nothing_leads_to_is_told_unless_it_is_meant_so() {
    let story = Story::shop();
    let file = path("prod", "gateway");
    story.commit("prod alone has it", &[(&file, &overlay(&[("gateway", "1.0")]))]);
    assert_snapshot!(story.tell("promoter check"), @r"
    notice environments/prod/gateway: gateway is in prod and not in staging: nothing can be promoted to it [only-here]
    checked the repository alone (no --base, and the branch has no upstream): nothing against it
    ");
    let only = story.read("promoter.yaml") + "services: { gateway: { only: [prod] } }\n";
    story.commit("as it should", &[("promoter.yaml", &only)]);
    assert_snapshot!(story.tell("promoter check"), @"checked the repository alone (no --base, and the branch has no upstream): nothing against it");
}
