//! `promoter bump`: a new version enters the first environment.

use insta::assert_snapshot;

use crate::story::{Story, overlay, path};

#[test]
fn a_new_version_enters_the_first_environment() {
    let story = Story::shop();
    assert_snapshot!(story.tell("promoter bump dev api=1.1"), @r"
    api  1.0  ->  1.1  environments/dev/api/kustomization.yaml
    committed <c2> on main
    ");
    assert_snapshot!(story.tell("git show --format=%B --stat"), @r"
    bump dev: api 1.1

    api  1.0 -> 1.1

    Promotion-To: dev
    Promotion-Actor: Ada <ada@example.com>
    Promotion-Gate: hold=pass
    Promotion-Gate: order=pass


     environments/dev/api/kustomization.yaml | 2 +-
     1 file changed, 1 insertion(+), 1 deletion(-)
    ");
    assert_snapshot!(story.tell("promoter bump dev api=1.1"), @"nothing to do: dev has these versions already");
    assert_snapshot!(story.tell("git status --short"), @"");
}

#[test]
fn several_images_are_one_commit() {
    let story = Story::shop();
    assert_snapshot!(
        story.tell("promoter bump dev api=1.1 auth=2.1@sha256:$(printf %064d 7) --message 'From CI.'"),
        @r"
    api   1.0  ->  1.1                      environments/dev/api/kustomization.yaml
    auth  2.0  ->  2.1@sha256:000000000000  environments/dev/auth/kustomization.yaml
    committed <c2> on main
    "
    );
    assert_snapshot!(story.tell("git show --format=%B --patch --unified=0 | grep -v ^index"), @r#"
    bump dev: api 1.1, auth 2.1

    api   1.0 -> 1.1
    auth  2.0 -> 2.1@sha256:000000000000

    From CI.

    Promotion-To: dev
    Promotion-Actor: Ada <ada@example.com>
    Promotion-Gate: hold=pass
    Promotion-Gate: order=pass


    diff --git a/environments/dev/api/kustomization.yaml b/environments/dev/api/kustomization.yaml
    --- a/environments/dev/api/kustomization.yaml
    +++ b/environments/dev/api/kustomization.yaml
    @@ -6 +6 @@ images:
    -    newTag: "1.0"
    +    newTag: "1.1"
    diff --git a/environments/dev/auth/kustomization.yaml b/environments/dev/auth/kustomization.yaml
    --- a/environments/dev/auth/kustomization.yaml
    +++ b/environments/dev/auth/kustomization.yaml
    @@ -6 +6,2 @@ images:
    -    newTag: "2.0"
    +    newTag: "2.1"
    +    digest: "sha256:0000000000000000000000000000000000000000000000000000000000000007"
    "#);
}

#[test]
fn an_image_may_be_named_by_its_service_its_last_part_or_in_full() {
    let story = Story::shop();
    let images = overlay(&[("ghcr.io/acme/web", "1"), ("redis", "7")]);
    story.commit("web", &[(&path("dev", "shop/web"), &images)]);
    assert_snapshot!(story.tell("promoter bump dev web=2"), @r"
    shop/web  web  1  ->  2  environments/dev/shop/web/kustomization.yaml
    committed <c3> on main
    ");
    assert_snapshot!(story.tell("promoter bump dev ghcr.io/acme/web=3"), @r"
    shop/web  web  2  ->  3  environments/dev/shop/web/kustomization.yaml
    committed <c4> on main
    ");
    assert_snapshot!(story.tell("promoter bump dev shop/web=4"), @r"
    shop/web  web  3  ->  4  environments/dev/shop/web/kustomization.yaml
    committed <c5> on main
    ");
    assert_snapshot!(story.tell("promoter bump dev redis=8"), @r"
    shop/web  redis  7  ->  8  environments/dev/shop/web/kustomization.yaml
    committed <c6> on main
    ");
}

#[test]
fn an_environment_with_from_takes_no_new_versions() {
    let story = Story::shop();
    assert_snapshot!(story.tell("promoter bump staging api=1.1"), @r"
    2> error: refused: staging takes versions from dev only (order: fail)
    2> hint: promote through the environments in the order of promoter.yaml; `promoter rollback` goes back
    exit code 3
    ");
}

#[test]
fn expect_is_compare_and_set() {
    let story = Story::shop();
    assert_snapshot!(story.tell("promoter bump dev api=1.1 --expect 0.9"), @r"
    2> error: api was moved by someone else: `api` was 0.9, is 1.0, by Ada at <day 0> in <c1> (start)
    2> hint: look at `promoter status`, then run the command again if you still want it
    exit code 4
    ");
    assert_snapshot!(story.tell("promoter bump dev api=1.1 --expect 1.0"), @r"
    api  1.0  ->  1.1  environments/dev/api/kustomization.yaml
    committed <c2> on main
    ");
    assert_snapshot!(story.tell("promoter bump dev api=1.1 --expect 1.0"), @"nothing to do: dev has these versions already");
}

#[test]
fn not_older_skips_an_older_version_and_refuses_to_guess() {
    let story = Story::shop();
    story.set("dev", "api", "1.10.0");
    assert_snapshot!(story.tell("promoter bump dev api=1.9.0 --not-older"), @r"
    left as it is: api is at 1.10.0, which is newer
    nothing to do: dev has these versions already
    ");
    assert_snapshot!(story.tell("promoter bump dev api=1.11.0 --not-older"), @r"
    api  1.10.0  ->  1.11.0  environments/dev/api/kustomization.yaml
    committed <c3> on main
    ");
    assert_snapshot!(story.tell("promoter bump dev api=main --not-older"), @r"
    2> error: api: cannot tell whether main is older than 1.11.0: not both are semantic versions
    2> hint: leave out --not-older, or use tags such as 1.4.2
    exit code 2
    ");
}

#[test]
fn a_bump_is_pushed_on_top_of_what_others_pushed() {
    let story = Story::shop();
    let remote = story.publish();
    story.set("dev", "auth", "2.1");
    story.did("git push --quiet && git reset --quiet --hard HEAD~1");
    assert_snapshot!(story.tell("promoter bump dev api=1.1 --push"), @r"
    api  1.0  ->  1.1  environments/dev/api/kustomization.yaml
    pushed <c3> to origin/main (the local branch stays where it is)
    ");
    assert_snapshot!(story.tell_in(&remote, "git log --format=%s main"), @r"
    bump dev: api 1.1
    auth 2.1 in dev by hand
    start
    ");
    assert_snapshot!(story.tell("git log --format=%s main"), @"start");
}
