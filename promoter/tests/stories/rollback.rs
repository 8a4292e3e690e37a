//! `promoter rollback`: a forward commit that brings versions back.

use insta::assert_snapshot;

use crate::story::{Story, overlay, path};

/// Api and auth reach prod in one promotion; then api alone goes on to 1.2.
fn bundled() -> Story {
    let story = Story::shop();
    story.did("promoter bump dev api=1.1 auth=2.1");
    story.did("promoter promote dev staging && promoter promote staging prod");
    story
}

fn release(story: &Story, version: &str) {
    story.did(&format!("promoter bump dev {version}"));
    story.did("promoter promote dev staging && promoter promote staging prod");
}

#[test]
fn one_service_of_a_bundle_goes_back_after_later_promotions() {
    let story = bundled();
    release(&story, "auth=2.2");
    assert_snapshot!(story.tell("promoter rollback prod api --reason 'errors 500'"), @r"
    api  1.1  ->  1.0  environments/prod/api/kustomization.yaml
    the versions left are marked bad in .promoter/holds: no promotion brings them back
    committed <c8> on main
    ");
    assert_snapshot!(story.tell("git show --format=%B --unified=0 | grep -v -e ^index -e since:"), @r#"
    roll back prod: api 1.1 -> 1.0

    api  1.1 -> 1.0

    errors 500

    Promotion-To: prod
    Rollback-To: <c1>
    Promotion-Actor: Ada <ada@example.com>


    diff --git a/.promoter/holds/prod/api.yaml b/.promoter/holds/prod/api.yaml
    new file mode 100644
    --- /dev/null
    +++ b/.promoter/holds/prod/api.yaml
    @@ -0,0 +1,7 @@
    +- kind: bad
    +  version:
    +    image: "api"
    +    tag: "1.1"
    +  reason: "errors 500"
    +  by: "Ada <ada@example.com>"
    diff --git a/environments/prod/api/kustomization.yaml b/environments/prod/api/kustomization.yaml
    --- a/environments/prod/api/kustomization.yaml
    +++ b/environments/prod/api/kustomization.yaml
    @@ -6 +6 @@ images:
    -    newTag: "1.1"
    +    newTag: "1.0"
    "#);
    assert_snapshot!(story.tell("promoter status prod"), @r"
    SERVICE  PROD
    api      1.0   94d -1
    auth     2.2   95d

    last change of versions
    prod  <c8>  94d ago  roll back prod: api 1.1 -> 1.0 (Ada)
    ");
    assert_snapshot!(story.tell("git status --short"), @"");
    assert_snapshot!(story.tell("promoter promote staging prod"), @r"
    2> error: refused: api: 1.1 is marked bad by Ada <ada@example.com> since <day 100>: errors 500 (hold: fail)
    2> hint: `promoter unhold` takes a hold or mark away; `promote --ready` leaves out blocked services
    exit code 3
    ");
    assert_snapshot!(story.tell("promoter promote staging prod --ready"), @r"
    left out: api: 1.1 is marked bad by Ada <ada@example.com> since <day 100>: errors 500 (hold: fail)
    nothing to do: every change is left out
    ");
}

#[test]
fn without_services_the_newest_change_is_undone() {
    let story = bundled();
    release(&story, "auth=2.2");
    assert_snapshot!(story.tell("promoter rollback prod"), @r"
    auth  2.2  ->  2.1  environments/prod/auth/kustomization.yaml
    the versions left are marked bad in .promoter/holds: no promotion brings them back
    committed <c8> on main
    ");
    assert_snapshot!(story.tell("promoter rollback prod"), @r"
    auth  2.1  ->  2.0  environments/prod/auth/kustomization.yaml
    the versions left are marked bad in .promoter/holds: no promotion brings them back
    committed <c9> on main
    ");
}

#[test]
fn previous_after_a_rollback_goes_further_back() {
    let story = bundled();
    release(&story, "api=1.2");
    assert_snapshot!(story.tell("promoter rollback prod api"), @r"
    api  1.2  ->  1.1  environments/prod/api/kustomization.yaml
    the versions left are marked bad in .promoter/holds: no promotion brings them back
    committed <c8> on main
    ");
    assert_snapshot!(story.tell("promoter rollback prod api"), @r"
    api  1.1  ->  1.0  environments/prod/api/kustomization.yaml
    the versions left are marked bad in .promoter/holds: no promotion brings them back
    committed <c9> on main
    ");
    assert_snapshot!(story.tell("promoter rollback prod api"), @r"
    2> error: prod has run no other version of api before this one
    2> hint: `promoter history` shows what there was; `--to COMMIT` names a point
    exit code 2
    ");
}

#[test]
fn a_plain_revert_counts_as_a_return() {
    let story = bundled();
    release(&story, "api=1.2");
    story.did("git revert --no-edit HEAD");
    assert_snapshot!(story.tell("promoter rollback prod api"), @r"
    api  1.1  ->  1.0  environments/prod/api/kustomization.yaml
    the versions left are marked bad in .promoter/holds: no promotion brings them back
    committed <c9> on main
    ");
}

#[test]
fn a_fix_after_a_rollback_has_the_version_before_it_as_its_previous() {
    let story = bundled();
    story.did("promoter rollback prod api");
    release(&story, "api=1.3");
    assert_snapshot!(story.tell("promoter rollback prod api"), @r"
    api  1.3  ->  1.0  environments/prod/api/kustomization.yaml
    the versions left are marked bad in .promoter/holds: no promotion brings them back
    committed <c9> on main
    ");
}

#[test]
fn marked_versions_are_passed_over() {
    let story = bundled();
    release(&story, "api=1.2");
    let mark = "- {kind: bad, version: {image: api, tag: '1.1'}, reason: slow}\n";
    story.commit("mark", &[(".promoter/holds/prod/api.yaml", mark)]);
    assert_snapshot!(story.tell("promoter rollback prod api"), @r"
    api  1.2  ->  1.0  environments/prod/api/kustomization.yaml
    the versions left are marked bad in .promoter/holds: no promotion brings them back
    committed <c9> on main
    ");
    assert_snapshot!(story.tell("grep -v since: .promoter/holds/prod/api.yaml"), @r#"
    - {kind: bad, version: {image: api, tag: '1.1'}, reason: slow}
    - kind: bad
      version:
        image: "api"
        tag: "1.2"
      reason: "rolled back to 1.0"
      by: "Ada <ada@example.com>"
    "#);
}

#[test]
fn a_service_goes_back_under_its_new_name() {
    let story = bundled();
    story.did("git tag bundle && git mv environments/prod/api environments/prod/backend");
    story.commit("rename", &[]);
    assert_snapshot!(story.tell("promoter rollback prod"), @r"
    auth          2.1  ->  2.0  environments/prod/auth/kustomization.yaml
    backend  api  1.1  ->  1.0  environments/prod/backend/kustomization.yaml
    the versions left are marked bad in .promoter/holds: no promotion brings them back
    committed <c6> on main
    ");
    story.did("git reset --quiet --hard HEAD~1");
    story.commit("by hand", &[(&path("prod", "backend"), &overlay(&[("api", "1.2")]))]);
    assert_snapshot!(story.tell("promoter rollback prod backend --to bundle"), @r"
    backend  api  1.2  ->  1.1  environments/prod/backend/kustomization.yaml
    the versions left are marked bad in .promoter/holds: no promotion brings them back
    committed <c8> on main
    ");
}

#[test]
fn back_to_a_commit_and_to_a_time() {
    let story = bundled();
    story.did("git tag bundle");
    release(&story, "api=1.2");
    release(&story, "api=1.3");
    assert_snapshot!(story.tell("promoter rollback prod api --to bundle"), @r"
    api  1.3  ->  1.1  environments/prod/api/kustomization.yaml
    the versions left are marked bad in .promoter/holds: no promotion brings them back
    committed <c11> on main
    ");
    let story = bundled();
    let time = story.git(&["log", "-1", "--format=%cI"]);
    release(&story, "api=1.2");
    assert_snapshot!(story.tell(&format!("promoter rollback prod --to {time}")), @r"
    api  1.2  ->  1.1  environments/prod/api/kustomization.yaml
    the versions left are marked bad in .promoter/holds: no promotion brings them back
    committed <c8> on main
    ");
    assert_snapshot!(story.tell("promoter rollback prod --to 1999-01-01"), @r"
    2> error: no commit of this branch is as old as 1999-01-01T00:00:00Z
    2> hint: `promoter history` shows what there was; `--to COMMIT` names a point
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter rollback prod api --to 1999-01-01"), @r"
    2> error: no commit of this branch is as old as 1999-01-01T00:00:00Z
    2> hint: `promoter history` shows what there was; `--to COMMIT` names a point
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter rollback prod api --to nowhere"), @r"
    2> error: `nowhere` names no commit here
    2> hint: name a commit, a tag or a branch that `git log` knows
    exit code 2
    ");
}

#[test]
fn without_a_mark_the_next_promotion_brings_it_back() {
    let story = bundled();
    assert_snapshot!(story.tell("promoter rollback prod api --no-mark"), @r"
    api  1.1  ->  1.0  environments/prod/api/kustomization.yaml
    committed <c5> on main
    ");
    assert_snapshot!(story.tell("git show --format=%B --unified=0 | grep -v ^index"), @r#"
    roll back prod: api 1.1 -> 1.0

    api  1.1 -> 1.0

    Promotion-To: prod
    Rollback-To: <c1>
    Promotion-Actor: Ada <ada@example.com>


    diff --git a/environments/prod/api/kustomization.yaml b/environments/prod/api/kustomization.yaml
    --- a/environments/prod/api/kustomization.yaml
    +++ b/environments/prod/api/kustomization.yaml
    @@ -6 +6 @@ images:
    -    newTag: "1.1"
    +    newTag: "1.0"
    "#);
    assert_snapshot!(story.tell("promoter promote staging prod"), @r"
    api  1.0  ->  1.1  environments/prod/api/kustomization.yaml
    committed <c6> on main
    ");
}

#[test]
fn a_marked_version_may_not_come_back_by_a_rollback() {
    let story = bundled();
    story.did("git tag bad && promoter rollback prod api");
    assert_snapshot!(story.tell("promoter rollback prod api --to bad"), @r"
    2> error: refused: api: 1.1 is marked bad by Ada <ada@example.com> since <day 100>: rolled back to 1.0 (hold: fail)
    2> hint: `promoter unhold` takes a hold or mark away; `promote --ready` leaves out blocked services
    exit code 3
    ");
}

#[test]
fn other_changed_files_are_listed_and_stay() {
    let story = bundled();
    let patch = ("environments/prod/api/replicas.yaml", "replicas: 3\n");
    story.commit("more replicas", &[patch]);
    assert_snapshot!(story.tell("promoter rollback prod api --no-mark"), @r"
    api  1.1  ->  1.0  environments/prod/api/kustomization.yaml
    other files changed since and stay as they are: environments/prod/api/replicas.yaml
    committed <c6> on main
    ");
    assert_eq!(story.read(patch.0), patch.1);
}

#[test]
fn the_mirror_and_every_other_edit_of_the_file_stay() {
    let story = bundled();
    let file = path("prod", "api");
    let edited =
        story.read(&file).replace("ghcr.io", "mirror.io").replace("resources", "# ours\nresources");
    story.commit("a mirror", &[(&file, &edited)]);
    story.did("promoter rollback prod api --no-mark");
    assert_snapshot!(story.read(&file), @r#"
    # ours
    resources:
      - deployment.yaml
    images:
      - name: api
        newName: mirror.io/acme/api
        newTag: "1.0"
    "#);
}

#[test]
fn a_rollback_is_pushed_on_top_of_what_others_pushed() {
    let story = bundled();
    let remote = story.publish();
    story.set("dev", "auth", "3.0");
    story.did("git push --quiet && git reset --quiet --hard HEAD~1");
    assert_snapshot!(story.tell("promoter rollback prod api --push"), @r"
    api  1.1  ->  1.0  environments/prod/api/kustomization.yaml
    the versions left are marked bad in .promoter/holds: no promotion brings them back
    pushed <c6> to origin/main (the local branch stays where it is)
    ");
    assert_snapshot!(story.tell_in(&remote, "git log -2 --format=%s main"), @r"
    roll back prod: api 1.1 -> 1.0
    auth 3.0 in dev by hand
    ");
}

#[test]
fn nothing_before() {
    let story = Story::shop();
    assert_snapshot!(story.tell("promoter rollback prod"), @r"
    2> error: no commit has changed a version in prod
    2> hint: `promoter history` shows what there was; `--to COMMIT` names a point
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter rollback prod api"), @r"
    2> error: prod has run no other version of api before this one
    2> hint: `promoter history` shows what there was; `--to COMMIT` names a point
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter rollback prod apy"), @r"
    2> error: no service `apy` in prod
    2> hint: did you mean `api`?
    exit code 2
    ");
}

#[test]
fn an_entry_that_is_no_longer_there_is_left_out() {
    let story = Story::shop();
    story.commit("two", &[(&path("prod", "api"), &overlay(&[("api", "1.0"), ("proxy", "8")]))]);
    story.commit("newer", &[(&path("prod", "api"), &overlay(&[("api", "1.1"), ("proxy", "9")]))]);
    story.set("prod", "api", "1.1");
    assert_snapshot!(story.tell("promoter rollback prod api --to HEAD~2 --no-mark"), @r"
    note: api proxy has no entry any more: left out
    api  1.1  ->  1.0  environments/prod/api/kustomization.yaml
    committed <c5> on main
    ");
}
