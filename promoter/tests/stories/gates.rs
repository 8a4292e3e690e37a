//! Soak, freeze and overrides: what time decides, in `promote`, `bump` and `check`.

use insta::assert_snapshot;

use crate::story::{Story, path};

/// staging has api 1.1 since a day of its own; prod asks for `gates` and whatever else.
fn waiting(gates: &str, more: &str) -> Story {
    let story = Story::shop();
    let pipeline = format!(
        "environments:
  - name: dev
  - name: staging
    from: dev
  - name: prod
    from: staging
    gates: {gates}{more}
shared: [kustomize/base]
"
    );
    let base = ("kustomize/base/kustomization.yaml", "resources: []\n");
    story.commit("rules", &[("promoter.yaml", &pipeline), base]);
    story.did("promoter bump dev api=1.1 && promoter promote dev staging");
    story
}

/// A window that holds now, whenever this runs.
const FROZEN: &str = "{ freeze: [{ start: 2000-01-01, end: 2999-12-31, reason: the fair }] }";

#[test]
fn what_has_soaked_passes() {
    let story = waiting("{ soak: 24h }", "");
    assert_snapshot!(story.tell("promoter promote staging prod --verbose"), @r"
    api  1.0  ->  1.1  environments/prod/api/kustomization.yaml
    gate prod takes from staging (order: pass)
    gate api: nothing stands against 1.1 (hold: pass)
    gate api: `api` 1.1 has stood in staging for 2305h of 24h (soak: pass)
    committed <c5> on main
    ");
    assert_snapshot!(story.tell("git log -1 --format=%B"), @r"
    promote staging to prod: api 1.1

    api  1.0 -> 1.1

    Promotion-From: staging
    Promotion-To: prod
    Promotion-Source: <c4>
    Promotion-Actor: Ada <ada@example.com>
    Promotion-Gate: hold=pass
    Promotion-Gate: order=pass
    Promotion-Gate: soak=pass 2305h
    ");
}

#[test]
fn what_has_not_soaked_waits() {
    let story = waiting("{ soak: 3000h }", "");
    assert_snapshot!(story.tell("promoter promote staging prod"), @r"
    2> error: refused: api: `api` 1.1 has stood in staging for 2305h of 3000h (soak: fail)
    2> hint: wait, or where promoter.yaml has `override: allow` say `--override REASON`; `promote --ready` leaves out blocked services
    exit code 3
    ");
    assert_snapshot!(story.tell("promoter promote staging prod --ready"), @r"
    left out: api: `api` 1.1 has stood in staging for 2305h of 3000h (soak: fail)
    nothing to do: every change is left out
    ");
}

#[test]
fn a_change_begins_it_anew_and_an_edit_does_not() {
    let story = waiting("{ soak: 2366h }", "");
    let replicas = "images:\n  - name: api\n    newTag: \"1.1\"\nreplicas: []\n";
    story.commit("replicas", &[(&path("staging", "api"), replicas)]);
    assert_snapshot!(story.tell("promoter promote staging prod --dry-run --verbose"), @r"
    2> error: refused: api: `api` 1.1 has stood in staging for 2305h of 2366h (soak: fail)
    2> hint: wait, or where promoter.yaml has `override: allow` say `--override REASON`; `promote --ready` leaves out blocked services
    exit code 3
    ");
    story.set("staging", "api", "1.2");
    story.set("staging", "api", "1.1");
    assert_snapshot!(story.tell("promoter promote staging prod"), @r"
    2> error: refused: api: `api` 1.1 has stood in staging for 2137h of 2366h (soak: fail)
    2> hint: wait, or where promoter.yaml has `override: allow` say `--override REASON`; `promote --ready` leaves out blocked services
    exit code 3
    ");
}

#[test]
fn a_date_of_yore_does_not_help() {
    let story = waiting("{ soak: 2000h }", "");
    for day in 0..20 {
        story.commit(&format!("day {day}"), &[]);
    }
    let old = "GIT_COMMITTER_DATE=2001-01-01T00:00:00Z promoter";
    story.did(&format!("{old} bump dev api=1.2 && {old} promote dev staging"));
    let told = story.tell("promoter promote staging prod");
    assert_eq!(told.code, 3, "{told}");
    assert!(told.stderr.contains("`api` 1.2 has stood in staging for"), "{told}");
}

#[test]
fn a_date_to_come_does_not_hurt_for_ever() {
    let story = waiting("{ soak: 24h }", "");
    story.did("GIT_COMMITTER_DATE=2090-01-01T00:00:00Z git commit --quiet --allow-empty -m future");
    let told = story.tell("promoter promote staging prod");
    assert_eq!(told.code, 0, "{told}");
}

#[test]
fn a_freeze_stops_promotions_and_bumps() {
    let story = waiting(FROZEN, "");
    let before = story.state();
    assert_snapshot!(story.tell("promoter promote staging prod"), @r"
    2> error: refused: prod is frozen until Wed 3000-01-01 00:00 UTC: the fair (freeze: fail)
    2> hint: wait, or where promoter.yaml has `override: allow` say `--override REASON`
    exit code 3
    ");
    assert_snapshot!(story.tell("promoter promote staging prod --ready"), @r"
    2> error: refused: prod is frozen until Wed 3000-01-01 00:00 UTC: the fair (freeze: fail)
    2> hint: wait, or where promoter.yaml has `override: allow` say `--override REASON`
    exit code 3
    ");
    assert_snapshot!(story.tell("promoter promote staging prod --override 'the fix'"), @r"
    2> error: refused: prod allows no override (`override: allow` in promoter.yaml would) (override: fail)
    2> hint: wait, or have promoter.yaml changed on the branch
    exit code 3
    ");
    assert_eq!(story.state(), before);
    let pipeline = format!("environments:\n  - name: dev\n    gates: {FROZEN}\n  - name: prod\n");
    story.commit("freeze dev", &[("promoter.yaml", &pipeline)]);
    assert_snapshot!(story.tell("promoter bump dev api=1.2"), @r"
    2> error: refused: dev is frozen until Wed 3000-01-01 00:00 UTC: the fair (freeze: fail)
    2> hint: wait, or where promoter.yaml has `override: allow` say `--override REASON`
    exit code 3
    ");
}

#[test]
fn a_rollback_is_exempt() {
    let story = waiting("{ soak: 24h }", "");
    story.did("promoter promote staging prod");
    let frozen = story.read("promoter.yaml").replace("{ soak: 24h }", FROZEN);
    story.commit("freeze", &[("promoter.yaml", &frozen)]);
    assert_snapshot!(story.tell("promoter rollback prod api"), @r"
    api  1.1  ->  1.0  environments/prod/api/kustomization.yaml
    the versions left are marked bad in .promoter/holds: no promotion brings them back
    committed <c7> on main
    ");
}

#[test]
fn an_override_is_recorded() {
    let story = waiting("{ soak: 3000h }", "\n    override: allow");
    assert_snapshot!(story.tell("promoter promote staging prod --override ' '"), @r"
    2> error: invalid value ' ' for '--override <REASON>': say why
    2>
    2> For more information, try '--help'.
    exit code 2
    ");
    let promote = "promoter promote staging prod --verbose --override 'the fix for the outage'";
    assert_snapshot!(story.tell(promote), @r"
    api  1.0  ->  1.1  environments/prod/api/kustomization.yaml
    gate prod takes from staging (order: pass)
    gate api: nothing stands against 1.1 (hold: pass)
    gate api: `api` 1.1 has stood in staging for 2305h of 3000h (soak: fail, overridden)
    committed <c5> on main
    ");
    assert_snapshot!(story.tell("git log -1 --format=%B"), @r"
    promote staging to prod: api 1.1

    api  1.0 -> 1.1

    Promotion-From: staging
    Promotion-To: prod
    Promotion-Source: <c4>
    Promotion-Actor: Ada <ada@example.com>
    Promotion-Gate: hold=pass
    Promotion-Gate: order=pass
    Promotion-Gate: soak=overridden 2305h
    Promotion-Override: the fix for the outage
    ");
}

#[test]
fn an_override_is_not_for_other_gates() {
    let story = waiting("{ soak: 24h }", "\n    override: allow");
    story.did("promoter hold prod api --reason 'the audit'");
    assert_snapshot!(story.tell("promoter promote staging prod --override please"), @r"
    2> error: refused: api: is held by Ada <ada@example.com> since <day 100>: the audit (hold: fail)
    2> hint: `promoter unhold` takes a hold or mark away; `promote --ready` leaves out blocked services
    exit code 3
    ");
}

/// The words are those of `promote`, and the line is that of the version.
#[test]
fn a_change_by_hand_is_judged_the_same() {
    let story = waiting("{ soak: 3000h }", "");
    let promoted = story.tell("promoter promote staging prod");
    story.did("git switch --quiet --create change");
    story.set("prod", "api", "1.1");
    let checked = story.tell("promoter check --base main");
    assert_snapshot!(checked, @r"
    error environments/prod/api/kustomization.yaml:6:13: api in prod: `api` 1.1 has stood in staging for 2305h of 3000h [soak]
    reaches prod (by environments/prod/api/kustomization.yaml)
    checked the change against <c4>: 1 against it
    exit code 3
    ");
    let words = checked.stdout.split("api in prod: ").nth(1).unwrap().split(" [soak]").next();
    assert!(promoted.stderr.contains(words.unwrap()), "{promoted}\n{checked}");
}

#[test]
fn a_freeze_is_for_every_file_of_the_environment() {
    let check = |file: &str| {
        let story = waiting(FROZEN, "");
        story.did("git switch --quiet --create change");
        story.commit("more", &[(file, "x: 1\n")]);
        story.tell("promoter check --base main")
    };
    assert_snapshot!(check("environments/prod/api/replicas.yaml"), @r"
    error environments/prod/api/replicas.yaml: prod is frozen until Wed 3000-01-01 00:00 UTC: the fair [freeze]
    reaches prod (by environments/prod/api/replicas.yaml)
    checked the change against <c4>: 1 against it
    exit code 3
    ");
    assert_snapshot!(check("environments/prod/quota.yaml"), @r"
    error environments/prod/quota.yaml: prod is frozen until Wed 3000-01-01 00:00 UTC: the fair [freeze]
    checked the change against <c4>: 1 against it
    exit code 3
    ");
    assert_snapshot!(check("kustomize/base/more.yaml"), @r"
    error kustomize/base/more.yaml: prod is frozen until Wed 3000-01-01 00:00 UTC: the fair [freeze]
    reaches dev (by kustomize/base/more.yaml)
    reaches prod (by kustomize/base/more.yaml)
    reaches staging (by kustomize/base/more.yaml)
    checked the change against <c4>: 1 against it
    exit code 3
    ");
    assert_snapshot!(check("environments/staging/api/replicas.yaml"), @r"
    reaches staging (by environments/staging/api/replicas.yaml)
    checked the change against <c4>: nothing against it
    ");
}

#[test]
fn a_plain_revert_is_exempt_from_a_freeze() {
    let story = waiting("{ soak: 24h }", "");
    story.did("promoter promote staging prod");
    let frozen = story.read("promoter.yaml").replace("{ soak: 24h }", FROZEN);
    story.commit("freeze", &[("promoter.yaml", &frozen)]);
    story.did("git switch --quiet --create undo && git revert --no-edit HEAD~1");
    assert_snapshot!(story.tell("promoter check --base main"), @r"
    reaches prod (by environments/prod/api/kustomization.yaml)
    checked the change against <c6>: nothing against it
    ");
    story.commit("and more", &[("environments/prod/api/replicas.yaml", "x: 1\n")]);
    assert_snapshot!(story.tell("promoter check --base main"), @r"
    error environments/prod/api/replicas.yaml: prod is frozen until Wed 3000-01-01 00:00 UTC: the fair [freeze]
    reaches prod (by environments/prod/api/kustomization.yaml)
    checked the change against <c6>: 1 against it
    exit code 3
    ");
}

#[test]
fn a_trailer_overrides_where_that_is_allowed() {
    let check = |more: &str, trailer: &str| {
        let story = waiting(FROZEN, more);
        story.did("git switch --quiet --create change");
        story.set("prod", "api", "1.1");
        story.did(&format!("git commit --quiet --amend -m 'a fix' -m '{trailer}'"));
        story.tell("promoter check --base main")
    };
    let trailer = "Promotion-Override: the outage";
    assert_snapshot!(check("\n    override: allow", trailer), @r"
    notice environments/prod/api/kustomization.yaml: prod: soak and freeze are overridden: the outage [override]
    reaches prod (by environments/prod/api/kustomization.yaml)
    checked the change against <c4>: nothing against it
    ");
    assert_snapshot!(check("\n    override: allow", &format!("Promotion-To: dev\n{trailer}")), @r"
    error environments/prod/api/kustomization.yaml: prod is frozen until Wed 3000-01-01 00:00 UTC: the fair [freeze]
    reaches prod (by environments/prod/api/kustomization.yaml)
    checked the change against <c4>: 1 against it
    exit code 3
    ");
    assert_snapshot!(check("", trailer), @r"
    error environments/prod/api/kustomization.yaml: prod is frozen until Wed 3000-01-01 00:00 UTC: the fair [freeze]
    error environments/prod/api/kustomization.yaml: prod allows no override (`override: allow` in promoter.yaml would) [override]
    reaches prod (by environments/prod/api/kustomization.yaml)
    checked the change against <c4>: 2 against it
    exit code 3
    ");
    assert_snapshot!(check("\n    override: allow", "Promotion-Gate: freeze=pass"), @r"
    error environments/prod/api/kustomization.yaml: prod is frozen until Wed 3000-01-01 00:00 UTC: the fair [freeze]
    reaches prod (by environments/prod/api/kustomization.yaml)
    checked the change against <c4>: 1 against it
    exit code 3
    ");
}

#[test]
fn findings_are_shown_at_their_lines_on_github() {
    let story = waiting("{ soak: 3000h }", "");
    story.did("git switch --quiet --create change");
    story.set("prod", "api", "1.1");
    let told = story.tell("GITHUB_ACTIONS=true promoter check --base main --sarif log.sarif");
    assert_snapshot!(told, @r"
    ::error title=promoter%3A soak,file=environments/prod/api/kustomization.yaml,line=6,col=13::api in prod: `api` 1.1 has stood in staging for 2305h of 3000h
    error environments/prod/api/kustomization.yaml:6:13: api in prod: `api` 1.1 has stood in staging for 2305h of 3000h [soak]
    reaches prod (by environments/prod/api/kustomization.yaml)
    checked the change against <c4>: 1 against it
    exit code 3
    ");
    let log: serde_json::Value = serde_json::from_str(&story.read("log.sarif")).unwrap();
    assert_snapshot!(format!("{:#}", log["runs"][0]["results"]), @r#"
    [
      {
        "level": "error",
        "locations": [
          {
            "physicalLocation": {
              "artifactLocation": {
                "uri": "environments/prod/api/kustomization.yaml",
                "uriBaseId": "%SRCROOT%"
              },
              "region": {
                "startColumn": 13,
                "startLine": 6
              }
            }
          }
        ],
        "message": {
          "text": "api in prod: `api` 1.1 has stood in staging for 2305h of 3000h"
        },
        "ruleId": "soak"
      }
    ]
    "#);
}
