//! `promoter hold`, `promoter unhold`: what stands against changes, on the branch.

use insta::assert_snapshot;

use crate::story::{Story, overlay, path};

fn ready() -> Story {
    let story = Story::shop();
    story.did("promoter bump dev api=1.1 && promoter promote dev staging");
    story
}

#[test]
fn a_hold_stands_until_it_is_taken_away() {
    let story = ready();
    let hold = "promoter hold prod api --reason 'the fair'";
    assert_snapshot!(story.tell(hold), @r"
    + api in prod: held: the fair
    committed <c4> on main
    ");
    assert_snapshot!(story.tell("git log -1 --format=%B --stat"), @r"
    hold prod: api

    api  held: the fair

    Promotion-Actor: Ada <ada@example.com>


     .promoter/holds/prod/api.yaml | 4 ++++
     1 file changed, 4 insertions(+)
    ");
    assert_snapshot!(story.read(".promoter/holds/prod/api.yaml").lines().take(3).collect::<Vec<_>>().join("\n"), @r#"
    - kind: hold
      reason: "the fair"
      by: "Ada <ada@example.com>"
    "#);
    assert_snapshot!(story.tell(hold), @"nothing to do: that is how api in prod is held already");
    assert_snapshot!(story.tell("promoter promote staging prod"), @r"
    2> error: refused: api: is held by Ada <ada@example.com> since <day 100>: the fair (hold: fail)
    2> hint: `promoter unhold` takes a hold or mark away; `promote --ready` leaves out blocked services
    exit code 3
    ");
    assert_snapshot!(story.tell("promoter status"), @r"
    SERVICE  DEV       STAGING       PROD
    api      1.1  98d  1.1      98d  1.0   99d -1 held
    auth     2.0  99d  2.0      99d  2.0   99d

    last change of versions
    dev      <c2>  98d ago  bump dev: api 1.1 (Ada)
    staging  <c3>  98d ago  promote dev to staging: api 1.1 (Ada)
    prod     <c1>  99d ago  start (Ada)
    ");
    assert_snapshot!(story.tell("promoter unhold prod api"), @r"
    - api in prod: held: the fair
    committed <c5> on main
    ");
    assert_snapshot!(story.tell("promoter unhold prod api"), @"nothing to do: that is how api in prod is held already");
    story.did("promoter promote staging prod");
}

#[test]
fn a_hold_ends_by_itself() {
    let story = ready();
    assert_snapshot!(story.tell("promoter hold prod api --reason 'the fair' --until 30d"), @r"
    + api in prod: held until <day 130>: the fair
    committed <c4> on main
    ");
    assert_snapshot!(story.tell("promoter promote staging prod"), @r"
    2> error: refused: api: is held by Ada <ada@example.com> since <day 100>, until <day 130>: the fair (hold: fail)
    2> hint: `promoter unhold` takes a hold or mark away; `promote --ready` leaves out blocked services
    exit code 3
    ");
    let file = ".promoter/holds/prod/api.yaml";
    let until = story.read(file).lines().find(|line| line.contains("until")).unwrap().to_owned();
    let past = story.read(file).replace(&until, "  until: \"2001-01-01T00:00:00Z\"");
    story.commit("time passes", &[(file, &past)]);
    story.did("promoter promote staging prod");
}

#[test]
fn a_service_is_held_at_a_version() {
    let story = ready();
    story.did("promoter hold prod api --version 1.1 --reason 'wait for the migration'");
    story.did("promoter promote staging prod");
    story.did("promoter bump dev api=1.2 && promoter promote dev staging");
    assert_snapshot!(story.tell("promoter promote staging prod"), @r"
    2> error: refused: api: is held by Ada <ada@example.com> since <day 100>: wait for the migration (hold: fail)
    2> hint: `promoter unhold` takes a hold or mark away; `promote --ready` leaves out blocked services
    exit code 3
    ");
}

#[test]
fn a_version_is_marked_as_bad() {
    let story = ready();
    assert_snapshot!(story.tell("promoter hold prod api --bad --version 1.1 --reason leaks"), @r"
    + api in prod: 1.1 is bad: leaks
    committed <c4> on main
    ");
    assert_snapshot!(story.tell("promoter promote staging prod"), @r"
    2> error: refused: api: 1.1 is marked bad by Ada <ada@example.com> since <day 100>: leaks (hold: fail)
    2> hint: `promoter unhold` takes a hold or mark away; `promote --ready` leaves out blocked services
    exit code 3
    ");
    // A hold that is taken away takes no mark with it.
    assert_snapshot!(story.tell("promoter unhold prod api"), @"nothing to do: that is how api in prod is held already");
    assert_snapshot!(story.tell("promoter unhold prod api --version 1.1"), @r"
    - api in prod: 1.1 is bad: leaks
    committed <c5> on main
    ");
    story.did("promoter promote staging prod");
    // Without a version it is the one that runs.
    assert_snapshot!(story.tell("promoter hold prod api --bad --reason leaks"), @r"
    + api in prod: 1.1 is bad: leaks
    committed <c7> on main
    ");
    story.did("promoter unhold prod api --all");
    assert_eq!(story.read(".promoter/holds/prod/api.yaml"), "[]\n");
}

#[test]
fn a_rollback_is_exempt_from_holds_and_stays() {
    let story = ready();
    story.did("promoter promote staging prod");
    story.did("promoter hold prod api --reason 'the fair'");
    story.did("promoter rollback prod api && promoter unhold prod api");
    assert_snapshot!(story.tell("promoter promote staging prod"), @r"
    2> error: refused: api: 1.1 is marked bad by Ada <ada@example.com> since <day 100>: rolled back to 1.0 (hold: fail)
    2> hint: `promoter unhold` takes a hold or mark away; `promote --ready` leaves out blocked services
    exit code 3
    ");
}

#[test]
fn what_cannot_be_held() {
    let story = ready();
    let images = overlay(&[("api", "1.0"), ("proxy", "8")]);
    story.commit("a sidecar", &[(&path("prod", "api"), &images)]);
    let before = story.state();
    assert_snapshot!(story.tell("promoter hold prod apy --reason x"), @r"
    2> error: no service `apy` in prod
    2> hint: did you mean `api`?
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter hold prd api --reason x"), @r"
    2> error: unknown environment `prd`
    2> hint: did you mean `prod`?
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter hold prod api"), @r"
    2> error: the following required arguments were not provided:
    2>   --reason <TEXT>
    2>
    2> Usage: promoter hold --reason <TEXT> <ENV> <SERVICE>
    2>
    2> For more information, try '--help'.
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter hold prod api --reason x --until 2001-01-01"), @r"
    2> error: --until is a time that has passed
    2> hint: `promoter help COMMAND` shows the usage
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter hold prod api --reason x --until soon"), @r"
    2> error: invalid value 'soon' for '--until <TIME>': write a date (2026-12-01), a time (RFC 3339), or how long (4h, 7d)
    2>
    2> For more information, try '--help'.
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter hold prod api --reason x --version 1.1"), @r"
    2> error: `api` means several images: api, proxy
    2> hint: use the full name
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter hold prod api --reason x --version 'proxy=a b'"), @r"
    2> error: a b: `a b` is not an image tag (letters, digits, `_`, `.` and `-`, at most 128, not starting with `.` or `-`)
    2> hint: write a version as TAG, TAG@sha256:DIGEST or sha256:DIGEST
    exit code 2
    ");
    assert_eq!(story.state(), before);
    story.did("promoter hold prod api --reason x --version proxy=8");
}
