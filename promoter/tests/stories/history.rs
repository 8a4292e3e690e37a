//! `promoter history` and `promoter where`: computed from trees.

use insta::assert_snapshot;

use crate::story::{Story, overlay, path};

fn told() -> Story {
    let story = Story::shop();
    story.did("promoter bump dev api=1.1@sha256:$(printf %064d 7)");
    story.did("PROMOTER_ACTOR=robot promoter promote dev staging");
    story.set("dev", "auth", "2.1");
    story.did("promoter rollback staging api --reason 'errors 500'");
    story
}

#[test]
fn every_change_whoever_made_it() {
    let story = told();
    assert_snapshot!(story.tell("promoter history"), @r"
    <c5>  <day 5>  Ada  roll back staging: api 1.1 -> 1.0
        staging  api    1.1@sha256:000000000000  ->  1.0
        Rollback-To: <c1>
        Promotion-Actor: Ada <ada@example.com>
    <c4>  <day 4>  Ada  auth 2.1 in dev by hand
        dev  auth    2.0  ->  2.1
    <c3>  <day 2>  Ada  promote dev to staging: api 1.1
        staging  api    1.0  ->  1.1@sha256:000000000000
        Promotion-Source: <c2>
        Promotion-Actor: robot
    <c2>  <day 1>  Ada  bump dev: api 1.1
        dev  api    1.0  ->  1.1@sha256:000000000000
        Promotion-Actor: Ada <ada@example.com>
    <c1>  <day 0>  Ada  start
        dev      api     (none)  ->  1.0
        dev      auth    (none)  ->  2.0
        prod     api     (none)  ->  1.0
        prod     auth    (none)  ->  2.0
        staging  api     (none)  ->  1.0
        staging  auth    (none)  ->  2.0
    ");
    assert_snapshot!(story.tell("promoter history staging"), @r"
    <c5>  <day 5>  Ada  roll back staging: api 1.1 -> 1.0
        staging  api    1.1@sha256:000000000000  ->  1.0
        Rollback-To: <c1>
        Promotion-Actor: Ada <ada@example.com>
    <c3>  <day 2>  Ada  promote dev to staging: api 1.1
        staging  api    1.0  ->  1.1@sha256:000000000000
        Promotion-Source: <c2>
        Promotion-Actor: robot
    <c1>  <day 0>  Ada  start
        staging  api     (none)  ->  1.0
        staging  auth    (none)  ->  2.0
    ");
    assert_snapshot!(story.tell("promoter history dev auth"), @r"
    <c4>  <day 4>  Ada  auth 2.1 in dev by hand
        dev  auth    2.0  ->  2.1
    <c1>  <day 0>  Ada  start
        dev  auth    (none)  ->  2.0
    ");
    assert_snapshot!(story.tell("promoter history -n 1"), @r"
    <c5>  <day 5>  Ada  roll back staging: api 1.1 -> 1.0
        staging  api    1.1@sha256:000000000000  ->  1.0
        Rollback-To: <c1>
        Promotion-Actor: Ada <ada@example.com>
    ");
    assert_snapshot!(story.tell("promoter history prod api -v"), @r"
    <c1>  <day 0>  Ada  start
        prod  api    (none)  ->  1.0
    read 5 commits
    ");
}

#[test]
fn names_that_are_not_there() {
    let story = told();
    assert_snapshot!(story.tell("promoter history stagign"), @r"
    2> error: unknown environment `stagign`
    2> hint: did you mean `staging`?
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter history dev apy"), @r"
    2> error: no service `apy` in dev
    2> hint: `promoter status` lists what is there
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter where apy"), @r"
    2> error: no image or service `apy` in any environment
    2> hint: did you mean `api`?
    exit code 2
    ");
}

#[test]
fn services_that_came_and_went() {
    let story = told();
    story.commit("a new one", &[(&path("dev", "web"), &overlay(&[("web", "1")]))]);
    story.did("git rm -r --quiet environments/dev/web");
    story.commit("and gone", &[]);
    assert_snapshot!(story.tell("promoter history dev web"), @r"
    <c7>  <day 10>  Ada  and gone
        dev  web    1  ->  (none)
    <c6>  <day 7>  Ada  a new one
        dev  web    (none)  ->  1
    ");
}

#[test]
fn where_an_image_runs() {
    let story = told();
    assert_snapshot!(story.tell("promoter where api"), @r"
    dev      api  1.1@sha256:000000000000  since <day 1> (98d ago, <c2>)  environments/dev/api/kustomization.yaml
    staging  api  1.0                      since <day 5> (94d ago, <c5>)  environments/staging/api/kustomization.yaml
    prod     api  1.0                      since <day 0> (99d ago, <c1>)  environments/prod/api/kustomization.yaml
    ");
    assert_snapshot!(story.tell("promoter where api:1.1"), @"dev  api  1.1@sha256:000000000000  since <day 1> (98d ago, <c2>)  environments/dev/api/kustomization.yaml");
    assert_snapshot!(story.tell("promoter where api@sha256:$(printf %064d 7)"), @"dev  api  1.1@sha256:000000000000  since <day 1> (98d ago, <c2>)  environments/dev/api/kustomization.yaml");
    assert_snapshot!(story.tell("promoter where api:7.7"), @"it runs nowhere");
}
