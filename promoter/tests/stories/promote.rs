//! `promoter promote`: the versions of one environment become those of another.

use insta::assert_snapshot;

use crate::story::{PIPELINE, Story, overlay, path};

/// Dev runs newer versions of both services.
fn ahead() -> Story {
    let story = Story::shop();
    story.did("promoter bump dev api=1.1 auth=2.1");
    story
}

#[test]
fn all_services_as_one_commit() {
    let story = ahead();
    assert_snapshot!(story.tell("promoter promote dev staging"), @r"
    api   1.0  ->  1.1  environments/staging/api/kustomization.yaml
    auth  2.0  ->  2.1  environments/staging/auth/kustomization.yaml
    committed <c3> on main
    ");
    assert_snapshot!(story.tell("git show --format=%B --patch --unified=0 | grep -v ^index"), @r#"
    promote dev to staging: api 1.1, auth 2.1

    api   1.0 -> 1.1
    auth  2.0 -> 2.1

    Promotion-From: dev
    Promotion-To: staging
    Promotion-Source: <c2>
    Promotion-Actor: Ada <ada@example.com>
    Promotion-Gate: hold=pass
    Promotion-Gate: order=pass


    diff --git a/environments/staging/api/kustomization.yaml b/environments/staging/api/kustomization.yaml
    --- a/environments/staging/api/kustomization.yaml
    +++ b/environments/staging/api/kustomization.yaml
    @@ -6 +6 @@ images:
    -    newTag: "1.0"
    +    newTag: "1.1"
    diff --git a/environments/staging/auth/kustomization.yaml b/environments/staging/auth/kustomization.yaml
    --- a/environments/staging/auth/kustomization.yaml
    +++ b/environments/staging/auth/kustomization.yaml
    @@ -6 +6 @@ images:
    -    newTag: "2.0"
    +    newTag: "2.1"
    "#);
    assert_snapshot!(story.tell("git log -1 --format=%B | git interpret-trailers --parse"), @r"
    Promotion-From: dev
    Promotion-To: staging
    Promotion-Source: <c2>
    Promotion-Actor: Ada <ada@example.com>
    Promotion-Gate: hold=pass
    Promotion-Gate: order=pass
    ");
    assert_snapshot!(story.tell("promoter promote dev staging"), @"nothing to do: staging runs what dev runs");
    assert_snapshot!(story.tell("promoter promote staging prod -v"), @r"
    api   1.0  ->  1.1  environments/prod/api/kustomization.yaml
    auth  2.0  ->  2.1  environments/prod/auth/kustomization.yaml
    gate prod takes from staging (order: pass)
    gate api: nothing stands against 1.1 (hold: pass)
    gate auth: nothing stands against 2.1 (hold: pass)
    committed <c4> on main
    ");
    assert_snapshot!(story.tell("git status --short"), @"");
}

#[test]
fn some_services() {
    let check =
        |arguments: &str| ahead().tell(&format!("promoter promote dev staging {arguments}"));
    assert_snapshot!(check("api"), @r"
    api  1.0  ->  1.1  environments/staging/api/kustomization.yaml
    committed <c3> on main
    ");
    assert_snapshot!(check("--except api"), @r"
    auth  2.0  ->  2.1  environments/staging/auth/kustomization.yaml
    committed <c3> on main
    ");
    assert_snapshot!(check("--only api"), @r"
    api  1.0  ->  1.1  environments/staging/api/kustomization.yaml
    committed <c3> on main
    ");
    assert_snapshot!(check("api auth --except auth"), @r"
    api  1.0  ->  1.1  environments/staging/api/kustomization.yaml
    committed <c3> on main
    ");
    assert_snapshot!(check("apy"), @r"
    2> error: no service `apy` in dev
    2> hint: did you mean `api`?
    exit code 2
    ");
    assert_snapshot!(check("--except apy"), @r"
    2> error: no service `apy` in dev
    2> hint: did you mean `api`?
    exit code 2
    ");
    assert_snapshot!(check("--only apy"), @r"
    2> error: no image or service `apy` in dev
    2> hint: did you mean `api`?
    exit code 2
    ");
}

#[test]
fn a_message_is_appended_to_the_body() {
    let story = ahead();
    story.did("promoter promote dev staging api --message 'Fixes the login.'");
    assert_snapshot!(story.tell("git log -1 --format=%B"), @r"
    promote dev to staging: api 1.1

    api  1.0 -> 1.1

    Fixes the login.

    Promotion-From: dev
    Promotion-To: staging
    Promotion-Source: <c2>
    Promotion-Actor: Ada <ada@example.com>
    Promotion-Gate: hold=pass
    Promotion-Gate: order=pass
    ");
}

#[test]
fn a_message_that_looks_like_trailers_becomes_none() {
    let story = ahead();
    story.did("promoter promote dev staging api --message 'Promotion-Override: because'");
    assert_snapshot!(story.tell("git log -1 --format=%B | git interpret-trailers --parse"), @r"
    Promotion-From: dev
    Promotion-To: staging
    Promotion-Source: <c2>
    Promotion-Actor: Ada <ada@example.com>
    Promotion-Gate: hold=pass
    Promotion-Gate: order=pass
    ");
}

#[test]
fn a_dry_run_shows_a_patch_that_applies_and_changes_nothing() {
    let story = ahead();
    let before = story.state();
    assert_snapshot!(story.tell("promoter promote dev staging --dry-run"), @r#"
    api   1.0  ->  1.1  environments/staging/api/kustomization.yaml
    auth  2.0  ->  2.1  environments/staging/auth/kustomization.yaml

    --- a/environments/staging/api/kustomization.yaml
    +++ b/environments/staging/api/kustomization.yaml
    @@ -3,4 +3,4 @@
     images:
       - name: api
         newName: ghcr.io/acme/api
    -    newTag: "1.0"
    +    newTag: "1.1"
    --- a/environments/staging/auth/kustomization.yaml
    +++ b/environments/staging/auth/kustomization.yaml
    @@ -3,4 +3,4 @@
     images:
       - name: auth
         newName: ghcr.io/acme/auth
    -    newTag: "2.0"
    +    newTag: "2.1"

    nothing was changed: this was a dry run
    "#);
    assert_eq!(story.state(), before);
    story.did("promoter promote dev staging --dry-run | sed -n '/^---/,/^nothing/p' | sed '$d' | git apply --index");
    story.did("git commit --quiet --message patched && git tag patched && git reset --quiet --hard HEAD~1");
    story.did("promoter promote dev staging");
    assert_snapshot!(story.tell("git diff patched HEAD"), @"");
}

#[test]
fn the_order_of_environments_is_kept() {
    let story = ahead();
    assert_snapshot!(story.tell("promoter promote dev prod"), @r"
    2> error: refused: prod takes from staging, not from dev (order: fail)
    2> hint: promote through the environments in the order of promoter.yaml; `promoter rollback` goes back
    exit code 3
    ");
    assert_snapshot!(story.tell("promoter promote staging dev"), @r"
    2> error: refused: dev takes from no environment: versions enter it by `promoter bump` (order: fail)
    2> hint: promote through the environments in the order of promoter.yaml; `promoter rollback` goes back
    exit code 3
    ");
    assert_snapshot!(story.tell("promoter promote dev dev"), @r"
    2> error: refused: dev takes from no environment: versions enter it by `promoter bump` (order: fail)
    2> hint: promote through the environments in the order of promoter.yaml; `promoter rollback` goes back
    exit code 3
    ");
    assert_snapshot!(story.tell("promoter promote dev stagign"), @r"
    2> error: unknown environment `stagign`
    2> hint: did you mean `staging`?
    exit code 2
    ");
}

#[test]
fn from_at_a_revision_promotes_what_from_held_then() {
    let story = ahead();
    story.did("git tag first && promoter bump dev api=1.2");
    assert_snapshot!(story.tell("promoter promote dev@first staging"), @r"
    api   1.0  ->  1.1  environments/staging/api/kustomization.yaml
    auth  2.0  ->  2.1  environments/staging/auth/kustomization.yaml
    committed <c4> on main
    ");
    assert_snapshot!(story.tell("git log -1 --format=%B"), @r"
    promote dev to staging: api 1.1, auth 2.1

    api   1.0 -> 1.1
    auth  2.0 -> 2.1

    Promotion-From: dev
    Promotion-To: staging
    Promotion-Source: <c2>
    Promotion-Actor: Ada <ada@example.com>
    Promotion-Gate: hold=pass
    Promotion-Gate: order=pass
    ");
    assert_snapshot!(story.tell("promoter promote dev@nowhere staging"), @r"
    2> error: `nowhere` names no commit here
    2> hint: name a commit, a tag or a branch that `git log` knows
    exit code 2
    ");
}

#[test]
fn a_revision_that_is_not_in_history_is_refused() {
    let story = ahead();
    story.did("git switch --quiet --create side");
    story.set("dev", "api", "6.6");
    story.did("git switch --quiet main");
    assert_snapshot!(story.tell("promoter promote dev@side staging"), @r"
    2> error: refused: commit <c3> is not in the history of this branch (source: fail)
    2> hint: name a commit that `git log` of this branch lists
    exit code 3
    ");
}

#[test]
fn ready_leaves_out_what_is_blocked_and_says_so() {
    let story = ahead();
    story.did("promoter promote dev staging");
    story.did("promoter promote staging prod && promoter rollback prod api --reason 'errors 500'");
    story.did("promoter bump dev auth=2.2 && promoter promote dev staging");
    assert_snapshot!(story.tell("promoter promote staging prod"), @r"
    2> error: refused: api: 1.1 is marked bad by Ada <ada@example.com> since <day 100>: errors 500 (hold: fail)
    2> hint: `promoter unhold` takes a hold or mark away; `promote --ready` leaves out blocked services
    exit code 3
    ");
    assert_snapshot!(story.tell("promoter promote staging prod --ready"), @r"
    left out: api: 1.1 is marked bad by Ada <ada@example.com> since <day 100>: errors 500 (hold: fail)
    auth  2.1  ->  2.2  environments/prod/auth/kustomization.yaml
    committed <c8> on main
    ");
    assert_snapshot!(story.tell("promoter promote staging prod --ready"), @r"
    left out: api: 1.1 is marked bad by Ada <ada@example.com> since <day 100>: errors 500 (hold: fail)
    nothing to do: every change is left out
    ");
}

#[test]
fn digests_come_and_go_with_their_tags() {
    let story = Story::shop();
    story.did("promoter bump dev api=1.1@sha256:$(printf %064d 7)");
    assert_snapshot!(story.tell("promoter promote dev staging"), @r"
    api  1.0  ->  1.1@sha256:000000000000  environments/staging/api/kustomization.yaml
    committed <c3> on main
    ");
    story.did("promoter bump dev api=1.2");
    assert_snapshot!(story.tell("promoter promote dev staging"), @r"
    api  1.1@sha256:000000000000  ->  1.2  environments/staging/api/kustomization.yaml
    committed <c5> on main
    ");
    assert_snapshot!(story.tell("git show --format= --unified=0 | grep -v ^index"), @r#"
    diff --git a/environments/staging/api/kustomization.yaml b/environments/staging/api/kustomization.yaml
    --- a/environments/staging/api/kustomization.yaml
    +++ b/environments/staging/api/kustomization.yaml
    @@ -6,2 +6 @@ images:
    -    newTag: "1.1"
    -    digest: "sha256:0000000000000000000000000000000000000000000000000000000000000007"
    +    newTag: "1.2"
    "#);
}

const MIRRORED: &str = "images:
  - name: api
    newName: mirror.example.com/api # ours
    newTag: '1.0'
";

#[test]
fn the_mirror_is_the_environments_own() {
    let story = ahead();
    story.commit("mirror", &[(&path("staging", "api"), MIRRORED)]);
    assert_snapshot!(story.tell("promoter promote dev staging api"), @r"
    api  1.0  ->  1.1  environments/staging/api/kustomization.yaml
    committed <c4> on main
    ");
    assert_snapshot!(story.tell("git show --format= --unified=0 | grep -v ^index"), @r"
    diff --git a/environments/staging/api/kustomization.yaml b/environments/staging/api/kustomization.yaml
    --- a/environments/staging/api/kustomization.yaml
    +++ b/environments/staging/api/kustomization.yaml
    @@ -4 +4 @@ images:
    -    newTag: '1.0'
    +    newTag: '1.1'
    ");
    assert_snapshot!(story.tell("promoter promote dev staging api --with-name"), @r"
    api  1.1  ->  1.1 from ghcr.io/acme/api  environments/staging/api/kustomization.yaml
    committed <c5> on main
    ");
    assert_snapshot!(story.tell("git show --format=%B --unified=0 | grep -v ^index"), @r"
    promote dev to staging: api 1.1

    api  1.1 from ghcr.io/acme/api

    Promotion-From: dev
    Promotion-To: staging
    Promotion-Source: <c4>
    Promotion-Actor: Ada <ada@example.com>
    Promotion-Gate: hold=pass
    Promotion-Gate: order=pass


    diff --git a/environments/staging/api/kustomization.yaml b/environments/staging/api/kustomization.yaml
    --- a/environments/staging/api/kustomization.yaml
    +++ b/environments/staging/api/kustomization.yaml
    @@ -3 +3 @@ images:
    -    newName: mirror.example.com/api # ours
    +    newName: ghcr.io/acme/api # ours
    ");
}

#[test]
fn an_image_that_the_target_lacks_is_an_error_or_added() {
    let story = ahead();
    story
        .commit("a sidecar", &[(&path("dev", "api"), &overlay(&[("api", "1.1"), ("proxy", "9")]))]);
    assert_snapshot!(story.tell("promoter promote dev staging"), @r"
    2> error: environments/staging/api/kustomization.yaml: has no image `proxy`, which api has in the source
    2> hint: `--add` adds missing images
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter promote dev staging --add"), @r"
    note: environments/staging/api/kustomization.yaml: `proxy` is added without `newName`: it is pulled from where its name says
    api          1.0     ->  1.1  environments/staging/api/kustomization.yaml
    api   proxy  (none)  ->  9    environments/staging/api/kustomization.yaml
    auth         2.0     ->  2.1  environments/staging/auth/kustomization.yaml
    committed <c4> on main
    ");
    assert_snapshot!(story.tell("git show --format= --unified=0 | grep -v ^index"), @r#"
    diff --git a/environments/staging/api/kustomization.yaml b/environments/staging/api/kustomization.yaml
    --- a/environments/staging/api/kustomization.yaml
    +++ b/environments/staging/api/kustomization.yaml
    @@ -6 +6,3 @@ images:
    -    newTag: "1.0"
    +    newTag: "1.1"
    +  - name: proxy
    +    newTag: "9"
    diff --git a/environments/staging/auth/kustomization.yaml b/environments/staging/auth/kustomization.yaml
    --- a/environments/staging/auth/kustomization.yaml
    +++ b/environments/staging/auth/kustomization.yaml
    @@ -6 +6 @@ images:
    -    newTag: "2.0"
    +    newTag: "2.1"
    "#);
}

#[test]
fn a_service_that_the_target_lacks_is_an_error_or_skipped() {
    let story = ahead();
    story.commit("a new service", &[(&path("dev", "web"), &overlay(&[("web", "1")]))]);
    assert_snapshot!(story.tell("promoter promote dev staging"), @r"
    2> error: staging has no folder for service `web`
    2> hint: `--skip-missing` leaves out missing services; `services: {NAME: {only: [...]}}` in promoter.yaml says so for good
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter promote dev staging web"), @r"
    2> error: staging has no folder for service `web`
    2> hint: `--skip-missing` leaves out missing services; `services: {NAME: {only: [...]}}` in promoter.yaml says so for good
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter promote dev staging --skip-missing"), @r"
    note: web is not in staging: left out
    api   1.0  ->  1.1  environments/staging/api/kustomization.yaml
    auth  2.0  ->  2.1  environments/staging/auth/kustomization.yaml
    committed <c4> on main
    ");
}

#[test]
fn a_service_of_one_environment_only_is_left_alone() {
    let story = ahead();
    let pipeline = format!("{}services:\n  web: {{ only: [dev] }}\n", PIPELINE.1);
    let web = (path("dev", "web"), overlay(&[("web", "1")]));
    story.commit("web in dev only", &[("promoter.yaml", &pipeline), (&web.0, &web.1)]);
    assert_snapshot!(story.tell("promoter promote dev staging"), @r"
    api   1.0  ->  1.1  environments/staging/api/kustomization.yaml
    auth  2.0  ->  2.1  environments/staging/auth/kustomization.yaml
    committed <c4> on main
    ");
    assert_snapshot!(story.tell("promoter promote dev staging web"), @r"
    note: web is not in staging: left out
    nothing to do: staging runs what dev runs
    ");
}

const REMOTE: &str = "resources:
  - https://github.com/acme/deploy//base?ref=v1&timeout=90s
components:
  - git::https://github.com/acme/parts.git//tls?version=abc
";

#[test]
fn remote_urls_carry_versions() {
    let story = Story::shop();
    let newer = REMOTE.replace("v1", "v2").replace("abc", "def");
    story.commit("remotes", &[(&path("dev", "web"), &newer), (&path("staging", "web"), REMOTE)]);
    assert_snapshot!(story.tell("promoter promote dev staging --dry-run --only https://github.com/acme/deploy//base"), @r"
    web  base  v1  ->  v2  environments/staging/web/kustomization.yaml

    --- a/environments/staging/web/kustomization.yaml
    +++ b/environments/staging/web/kustomization.yaml
    @@ -1,4 +1,4 @@
     resources:
    -  - https://github.com/acme/deploy//base?ref=v1&timeout=90s
    +  - https://github.com/acme/deploy//base?ref=v2&timeout=90s
     components:
       - git::https://github.com/acme/parts.git//tls?version=abc

    nothing was changed: this was a dry run
    ");
    assert_snapshot!(story.tell("promoter promote dev staging"), @r"
    web  base  v1   ->  v2   environments/staging/web/kustomization.yaml
    web  tls   abc  ->  def  environments/staging/web/kustomization.yaml
    committed <c3> on main
    ");
    assert_snapshot!(story.tell("git show --format=%B --unified=0 | grep -v ^index"), @r"
    promote dev to staging: web base v2, web tls def

    web base  v1 -> v2
    web tls   abc -> def

    Promotion-From: dev
    Promotion-To: staging
    Promotion-Source: <c2>
    Promotion-Actor: Ada <ada@example.com>
    Promotion-Gate: hold=pass
    Promotion-Gate: order=pass


    diff --git a/environments/staging/web/kustomization.yaml b/environments/staging/web/kustomization.yaml
    --- a/environments/staging/web/kustomization.yaml
    +++ b/environments/staging/web/kustomization.yaml
    @@ -2 +2 @@ resources:
    -  - https://github.com/acme/deploy//base?ref=v1&timeout=90s
    +  - https://github.com/acme/deploy//base?ref=v2&timeout=90s
    @@ -4 +4 @@ components:
    -  - git::https://github.com/acme/parts.git//tls?version=abc
    +  - git::https://github.com/acme/parts.git//tls?version=def
    ");
    assert_snapshot!(story.tell("promoter bump dev https://github.com/acme/deploy//base=v3"), @r"
    web  base  v2  ->  v3  environments/dev/web/kustomization.yaml
    committed <c4> on main
    ");
}

#[test]
fn a_remote_url_that_only_the_source_has_is_configuration() {
    let story = Story::shop();
    let plain = "resources:\n  - ../base\n";
    story.commit("remotes", &[(&path("dev", "web"), REMOTE), (&path("staging", "web"), plain)]);
    assert_snapshot!(story.tell("promoter promote dev staging"), @r"
    note: environments/dev/web/kustomization.yaml: `https://github.com/acme/deploy//base?timeout=90s` is in the source only: configuration, not promoted
    note: environments/dev/web/kustomization.yaml: `git::https://github.com/acme/parts.git//tls` is in the source only: configuration, not promoted
    nothing to do: staging runs what dev runs
    ");
}
