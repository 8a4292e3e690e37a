//! `promoter diff`, and what all reading commands share.

use insta::assert_snapshot;

use crate::story::{Story, overlay, path};

fn ahead() -> Story {
    let story = Story::shop();
    story.did("promoter bump dev api=1.1");
    story.did("promoter bump dev api=1.2 auth=2.1");
    story
}

#[test]
fn a_diff_shows_what_a_promotion_would_change() {
    let story = ahead();
    assert_snapshot!(story.tell("promoter diff dev staging"), @r#"
    api   1.0  ->  1.2  environments/staging/api/kustomization.yaml
    auth  2.0  ->  2.1  environments/staging/auth/kustomization.yaml

    commits of dev in between
    <c3>  97d ago  bump dev: api 1.2, auth 2.1 (Ada)
    <c2>  98d ago  bump dev: api 1.1 (Ada)

    --- a/environments/staging/api/kustomization.yaml
    +++ b/environments/staging/api/kustomization.yaml
    @@ -3,4 +3,4 @@
     images:
       - name: api
         newName: ghcr.io/acme/api
    -    newTag: "1.0"
    +    newTag: "1.2"
    --- a/environments/staging/auth/kustomization.yaml
    +++ b/environments/staging/auth/kustomization.yaml
    @@ -3,4 +3,4 @@
     images:
       - name: auth
         newName: ghcr.io/acme/auth
    -    newTag: "2.0"
    +    newTag: "2.1"
    "#);
    assert_snapshot!(story.tell("promoter diff dev staging auth --exit-code"), @r#"
    auth  2.0  ->  2.1  environments/staging/auth/kustomization.yaml

    commits of dev in between
    <c3>  97d ago  bump dev: api 1.2, auth 2.1 (Ada)

    --- a/environments/staging/auth/kustomization.yaml
    +++ b/environments/staging/auth/kustomization.yaml
    @@ -3,4 +3,4 @@
     images:
       - name: auth
         newName: ghcr.io/acme/auth
    -    newTag: "2.0"
    +    newTag: "2.1"
    exit code 1
    "#);
    assert_snapshot!(story.tell("promoter diff staging prod --exit-code"), @"no difference: prod runs what staging runs");
    assert_snapshot!(story.tell("promoter diff dev prod api | head -3"), @r"
    api  1.0  ->  1.2  environments/prod/api/kustomization.yaml

    commits of dev in between
    ");
    assert_snapshot!(story.tell("promoter diff dev@HEAD~1 staging | head -1"), @"api  1.0  ->  1.1  environments/staging/api/kustomization.yaml");
}

#[test]
fn a_diff_tells_what_would_stop_the_promotion() {
    let story = ahead();
    let images = overlay(&[("api", "1.2"), ("proxy", "9")]);
    story.commit("a sidecar", &[(&path("dev", "api"), &images)]);
    assert_snapshot!(story.tell("promoter diff dev staging api"), @r#"
    stops a promotion: environments/staging/api/kustomization.yaml: has no image `proxy`, which api has in the source
    api  1.0  ->  1.2  environments/staging/api/kustomization.yaml

    commits of dev in between
    <c4>  95d ago  a sidecar (Ada)
    <c3>  97d ago  bump dev: api 1.2, auth 2.1 (Ada)
    <c2>  98d ago  bump dev: api 1.1 (Ada)

    --- a/environments/staging/api/kustomization.yaml
    +++ b/environments/staging/api/kustomization.yaml
    @@ -3,4 +3,4 @@
     images:
       - name: api
         newName: ghcr.io/acme/api
    -    newTag: "1.0"
    +    newTag: "1.2"
    "#);
}

#[test]
fn a_bare_repository_and_a_subfolder() {
    let story = ahead();
    let remote = story.publish();
    assert_snapshot!(story.tell_in(&remote, "promoter status"), @r"
    SERVICE  DEV       STAGING          PROD
    api      1.2  97d  1.0      99d -2  1.0   99d
    auth     2.1  97d  2.0      99d -1  2.0   99d

    last change of versions
    dev      <c3>  97d ago  bump dev: api 1.2, auth 2.1 (Ada)
    staging  <c1>  99d ago  start (Ada)
    prod     <c1>  99d ago  start (Ada)
    ");
    assert_snapshot!(story.tell_in(&remote, "promoter promote dev staging"), @r"
    api   1.0  ->  1.2  environments/staging/api/kustomization.yaml
    auth  2.0  ->  2.1  environments/staging/auth/kustomization.yaml
    committed <c4> on main
    ");
    assert_snapshot!(story.tell("cd environments/dev && promoter diff dev prod | head -1"), @"api   1.0  ->  1.2  environments/prod/api/kustomization.yaml");
    assert_snapshot!(story.tell("cd / && promoter --repo $OLDPWD diff dev prod | head -1"), @"api   1.0  ->  1.2  environments/prod/api/kustomization.yaml");
}

#[test]
fn a_configuration_from_elsewhere_is_named() {
    let story = ahead();
    story.did("printf 'environments: [{name: dev}, {name: prod, from: dev}]\n' > ../other.yaml");
    assert_snapshot!(story.tell("promoter status --config ../other.yaml"), @r"
    SERVICE  DEV       PROD
    api      1.2  97d  1.0   99d -2
    auth     2.1  97d  2.0   99d -1

    last change of versions
    dev   <c3>  97d ago  bump dev: api 1.2, auth 2.1 (Ada)
    prod  <c1>  99d ago  start (Ada)
    2> warning: the configuration is ../other.yaml, not promoter.yaml of the commit
    ");
    assert_snapshot!(story.tell("promoter promote dev prod --config ../other.yaml"), @r"
    api   1.0  ->  1.2  environments/prod/api/kustomization.yaml
    auth  2.0  ->  2.1  environments/prod/auth/kustomization.yaml
    committed <c4> on main
    2> warning: the configuration is ../other.yaml, not promoter.yaml of the commit
    ");
    assert_snapshot!(story.tell("promoter check --config ../other.yaml"), @r"
    2> error: `check` judges what is committed, so it takes no --config
    2> hint: `promoter help COMMAND` shows the usage
    exit code 2
    ");
}

#[test]
fn another_branch_is_read_and_moved() {
    let story = ahead();
    story.did("git branch release HEAD~1");
    assert_snapshot!(story.tell("promoter status --branch release"), @r"
    SERVICE  DEV       STAGING          PROD
    api      1.1  98d  1.0      99d -1  1.0   99d
    auth     2.0  99d  2.0      99d     2.0   99d

    last change of versions
    dev      <c2>  98d ago  bump dev: api 1.1 (Ada)
    staging  <c1>  99d ago  start (Ada)
    prod     <c1>  99d ago  start (Ada)
    ");
    assert_snapshot!(story.tell("promoter promote dev staging --branch release"), @r"
    api  1.0  ->  1.1  environments/staging/api/kustomization.yaml
    committed <c4> on release
    ");
    assert_snapshot!(story.tell("git status --short --branch"), @"## main");
}

#[test]
fn quiet_says_nothing_and_colours_are_for_terminals() {
    let story = ahead();
    assert_snapshot!(story.tell("promoter promote dev staging --quiet"), @"");
    assert_snapshot!(story.tell("promoter status dev --color always | head -2 | cat -v"), @r"
    ^[[2mSERVICE^[[0m  ^[[2mDEV^[[0m
    ^[[1mapi^[[0m      1.2  ^[[2m97d^[[0m
    ");
}
