//! Repositories of other shapes.

use insta::assert_snapshot;

use crate::story::{Story, overlay};

const TWO: &str = "environments: [{name: dev}, {name: prod, from: dev}]\n";

#[test]
fn nested_files_pair_by_their_path() {
    let images = |tag: &str| overlay(&[("api", tag)]);
    let story = Story::of(&[
        ("promoter.yaml", TWO),
        ("environments/dev/api/kustomization.yaml", "resources: [one, two]\n"),
        ("environments/dev/api/one/kustomization.yaml", &images("1.1")),
        ("environments/dev/api/two/kustomization.yaml", &images("1.2")),
        ("environments/prod/api/kustomization.yaml", "resources: [one, two]\n"),
        ("environments/prod/api/one/kustomization.yaml", &images("1.0")),
        ("environments/prod/api/two/kustomization.yaml", &images("1.0")),
    ]);
    assert_snapshot!(story.tell("promoter promote dev prod"), @r"
    api  1.0  ->  1.1  environments/prod/api/one/kustomization.yaml
    api  1.0  ->  1.2  environments/prod/api/two/kustomization.yaml
    committed <c2> on main
    ");
    assert_snapshot!(story.tell("git show --format=%B --unified=0 | grep -v ^index"), @r#"
    promote dev to prod: api one/api 1.1, api two/api 1.2

    api one/api  1.0 -> 1.1
    api two/api  1.0 -> 1.2

    Promotion-From: dev
    Promotion-To: prod
    Promotion-Source: <c1>
    Promotion-Actor: Ada <ada@example.com>
    Promotion-Gate: hold=pass
    Promotion-Gate: order=pass


    diff --git a/environments/prod/api/one/kustomization.yaml b/environments/prod/api/one/kustomization.yaml
    --- a/environments/prod/api/one/kustomization.yaml
    +++ b/environments/prod/api/one/kustomization.yaml
    @@ -6 +6 @@ images:
    -    newTag: "1.0"
    +    newTag: "1.1"
    diff --git a/environments/prod/api/two/kustomization.yaml b/environments/prod/api/two/kustomization.yaml
    --- a/environments/prod/api/two/kustomization.yaml
    +++ b/environments/prod/api/two/kustomization.yaml
    @@ -6 +6 @@ images:
    -    newTag: "1.0"
    +    newTag: "1.2"
    "#);
    assert_snapshot!(story.tell("promoter status"), @r"
    SERVICE  DEV          PROD
    api      1.1 +1  99d  1.1 +1  98d

    last change of versions
    dev   <c1>  99d ago  start (Ada)
    prod  <c2>  98d ago  promote dev to prod: api one/api 1.1, api two/api 1.2 (Ada)
    ");
}

#[test]
fn an_image_in_one_other_file_is_used_and_named() {
    let story = Story::of(&[
        ("promoter.yaml", TWO),
        ("environments/dev/api/kustomization.yaml", &overlay(&[("api", "1.1")])),
        ("environments/prod/api/kustomization.yaml", "resources: [inner]\n"),
        ("environments/prod/api/inner/kustomization.yaml", &overlay(&[("api", "1.0")])),
    ]);
    assert_snapshot!(story.tell("promoter promote dev prod"), @r"
    note: `api` is in environments/prod/api/inner/kustomization.yaml, not in environments/prod/api/kustomization.yaml
    api  1.0  ->  1.1  environments/prod/api/inner/kustomization.yaml
    committed <c2> on main
    ");
}

#[test]
fn an_image_in_several_other_files_is_ambiguous() {
    let story = Story::of(&[
        ("promoter.yaml", TWO),
        ("environments/dev/api/kustomization.yaml", &overlay(&[("api", "1.1")])),
        ("environments/prod/api/kustomization.yaml", "resources: [a, b]\n"),
        ("environments/prod/api/a/kustomization.yaml", &overlay(&[("api", "1.0")])),
        ("environments/prod/api/b/kustomization.yaml", &overlay(&[("api", "1.0")])),
    ]);
    assert_snapshot!(story.tell("promoter promote dev prod"), @r"
    2> error: `api` of api could go into several files: environments/prod/api/a/kustomization.yaml, environments/prod/api/b/kustomization.yaml
    2> hint: leave the image in one file of the target
    exit code 2
    ");
}

#[test]
fn a_nested_file_that_only_the_source_has_is_configuration() {
    let story = Story::of(&[
        ("promoter.yaml", TWO),
        ("environments/dev/api/kustomization.yaml", &overlay(&[("api", "1.1")])),
        ("environments/dev/api/debug/kustomization.yaml", &overlay(&[("debug", "1")])),
        ("environments/prod/api/kustomization.yaml", &overlay(&[("api", "1.0")])),
    ]);
    assert_snapshot!(story.tell("promoter promote dev prod"), @r"
    note: environments/dev/api/debug/kustomization.yaml is in the source only: configuration, not promoted
    api  1.0  ->  1.1  environments/prod/api/kustomization.yaml
    committed <c2> on main
    ");
}

#[test]
fn one_kustomization_an_environment_makes_every_image_a_service() {
    let images = |api: &str, web: &str| {
        overlay(&[("ghcr.io/acme/api", api), ("ghcr.io/acme/web", web), ("quay.io/other/web", "5")])
    };
    let pipeline = format!("layout: overlays/{{environment}}\n{TWO}");
    let story = Story::of(&[
        ("promoter.yaml", &pipeline),
        ("overlays/dev/kustomization.yaml", &images("1.1", "2.1")),
        ("overlays/prod/kustomization.yaml", &images("1.0", "2.0")),
    ]);
    assert_snapshot!(story.tell("promoter status"), @r"
    SERVICE            DEV       PROD
    ghcr.io/acme/api   1.1  99d  1.0   99d drift
    ghcr.io/acme/web   2.1  99d  2.0   99d drift
    quay.io/other/web  5    99d  5     99d

    last change of versions
    dev   <c1>  99d ago  start (Ada)
    prod  <c1>  99d ago  start (Ada)
    ");
    assert_snapshot!(story.tell("promoter promote dev prod api"), @r"
    ghcr.io/acme/api  api  1.0  ->  1.1  overlays/prod/kustomization.yaml
    committed <c2> on main
    ");
    assert_snapshot!(story.tell("promoter promote dev prod web"), @r"
    2> error: `web` means several services: ghcr.io/acme/web, quay.io/other/web
    2> hint: use the full name
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter promote dev prod ghcr.io/acme/web"), @r"
    ghcr.io/acme/web  web  2.0  ->  2.1  overlays/prod/kustomization.yaml
    committed <c3> on main
    ");
    assert_snapshot!(story.tell("promoter bump dev api=1.2"), @r"
    ghcr.io/acme/api  api  1.1  ->  1.2  overlays/dev/kustomization.yaml
    committed <c4> on main
    ");
    assert_snapshot!(story.tell("promoter promote dev prod"), @r"
    ghcr.io/acme/api  api  1.1  ->  1.2  overlays/prod/kustomization.yaml
    committed <c5> on main
    ");
    assert_snapshot!(story.tell("promoter rollback prod api"), @r"
    ghcr.io/acme/api  api  1.2  ->  1.1  overlays/prod/kustomization.yaml
    the versions left are marked bad in .promoter/holds: no promotion brings them back
    committed <c6> on main
    ");
    assert_snapshot!(story.tell("git show --format=%B --stat"), @r"
    roll back prod: ghcr.io/acme/api 1.2 -> 1.1

    ghcr.io/acme/api  1.2 -> 1.1

    Promotion-To: prod
    Rollback-To: <c2>
    Promotion-Actor: Ada <ada@example.com>


     .promoter/holds/prod/ghcr.io/acme/api.yaml | 7 +++++++
     overlays/prod/kustomization.yaml           | 2 +-
     2 files changed, 8 insertions(+), 1 deletion(-)
    ");
    assert_snapshot!(story.tell("promoter status"), @r"
    SERVICE            DEV       PROD
    ghcr.io/acme/api   1.2  94d  1.1   92d -1
    ghcr.io/acme/web   2.1  99d  2.1   95d
    quay.io/other/web  5    99d  5     99d

    last change of versions
    dev   <c4>  94d ago  bump dev: ghcr.io/acme/api 1.2 (Ada)
    prod  <c6>  92d ago  roll back prod: ghcr.io/acme/api 1.2 -> 1.1 (Ada)
    ");
}

#[test]
fn an_image_that_one_kustomization_lacks() {
    let pipeline = format!("layout: overlays/{{environment}}\n{TWO}");
    let story = Story::of(&[
        ("promoter.yaml", &pipeline),
        ("overlays/dev/kustomization.yaml", &overlay(&[("api", "1.1"), ("web", "2")])),
        ("overlays/prod/kustomization.yaml", &overlay(&[("api", "1.0")])),
    ]);
    assert_snapshot!(story.tell("promoter promote dev prod"), @r"
    2> error: overlays/prod/kustomization.yaml: has no image `web`, which web has in the source
    2> hint: `--add` adds missing images
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter promote dev prod --skip-missing"), @r"
    2> error: overlays/prod/kustomization.yaml: has no image `web`, which web has in the source
    2> hint: `--add` adds missing images
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter promote dev prod --add"), @r"
    note: overlays/prod/kustomization.yaml: `web` is added without `newName`: it is pulled from where its name says
    api  1.0     ->  1.1  overlays/prod/kustomization.yaml
    web  (none)  ->  2    overlays/prod/kustomization.yaml
    committed <c2> on main
    ");
}

#[test]
fn a_service_may_span_folders() {
    let story = Story::of(&[
        ("promoter.yaml", TWO),
        ("environments/dev/shop/cart/kustomization.yaml", &overlay(&[("cart", "1.1")])),
        ("environments/dev/shop/till/kustomization.yaml", &overlay(&[("till", "2.1")])),
        ("environments/prod/shop/cart/kustomization.yaml", &overlay(&[("cart", "1.0")])),
        ("environments/prod/shop/till/kustomization.yaml", &overlay(&[("till", "2.0")])),
    ]);
    assert_snapshot!(story.tell("promoter status"), @r"
    SERVICE    DEV       PROD
    shop/cart  1.1  99d  1.0   99d drift
    shop/till  2.1  99d  2.0   99d drift

    last change of versions
    dev   <c1>  99d ago  start (Ada)
    prod  <c1>  99d ago  start (Ada)
    ");
    assert_snapshot!(story.tell("promoter promote dev prod cart"), @r"
    shop/cart  cart  1.0  ->  1.1  environments/prod/shop/cart/kustomization.yaml
    committed <c2> on main
    ");
    assert_snapshot!(story.tell("promoter promote dev prod shop/till"), @r"
    shop/till  till  2.0  ->  2.1  environments/prod/shop/till/kustomization.yaml
    committed <c3> on main
    ");
    assert_snapshot!(story.tell("promoter rollback prod shop/cart"), @r"
    shop/cart  cart  1.1  ->  1.0  environments/prod/shop/cart/kustomization.yaml
    the versions left are marked bad in .promoter/holds: no promotion brings them back
    committed <c4> on main
    ");
    assert_snapshot!(story.tell("git show --format= --name-only"), @r"
    .promoter/holds/prod/shop/cart.yaml
    environments/prod/shop/cart/kustomization.yaml
    ");
}

#[test]
fn the_first_pattern_that_matches_wins() {
    let story = Story::of(&[
        (
            "promoter.yaml",
            "layout:\n  - 'apps/{environment}/{service}'\n  - 'components/{service}/overlays/{environment}/base'\nenvironments: [{name: dev}, {name: prod, from: dev, path: production}]\n",
        ),
        ("apps/dev/api/kustomization.yaml", &overlay(&[("api", "1.1")])),
        ("apps/production/api/kustomization.yaml", &overlay(&[("api", "1.0")])),
        ("components/web/overlays/dev/base/kustomization.yaml", &overlay(&[("web", "2.1")])),
        ("components/web/overlays/production/base/kustomization.yaml", &overlay(&[("web", "2.0")])),
    ]);
    assert_snapshot!(story.tell("promoter promote dev prod"), @r"
    api  1.0  ->  1.1  apps/production/api/kustomization.yaml
    web  2.0  ->  2.1  components/web/overlays/production/base/kustomization.yaml
    committed <c2> on main
    ");
    assert_snapshot!(story.tell("promoter status"), @r"
    SERVICE  DEV       PROD
    api      1.1  99d  1.1   98d
    web      2.1  99d  2.1   98d

    last change of versions
    dev   <c1>  99d ago  start (Ada)
    prod  <c2>  98d ago  promote dev to prod: api 1.1, web 2.1 (Ada)
    ");
}

#[test]
fn one_environment_may_take_from_several() {
    let story = Story::of(&[
        (
            "promoter.yaml",
            "environments: [{name: dev}, {name: qa}, {name: prod, from: [dev, qa]}]\n",
        ),
        ("environments/dev/api/kustomization.yaml", &overlay(&[("api", "1.1")])),
        ("environments/qa/api/kustomization.yaml", &overlay(&[("api", "1.2")])),
        ("environments/prod/api/kustomization.yaml", &overlay(&[("api", "1.2")])),
    ]);
    assert_snapshot!(story.tell("promoter status prod"), @r"
    SERVICE  PROD
    api      1.2   99d

    last change of versions
    prod  <c1>  99d ago  start (Ada)
    ");
    assert_snapshot!(story.tell("promoter promote dev prod"), @r"
    api  1.2  ->  1.1  environments/prod/api/kustomization.yaml
    committed <c2> on main
    ");
    assert_snapshot!(story.tell("promoter status prod"), @r"
    SERVICE  PROD
    api      1.1   97d

    last change of versions
    prod  <c2>  97d ago  promote dev to prod: api 1.1 (Ada)
    ");
}

#[test]
fn without_configuration_the_usual_folders_are_enough() {
    let story = Story::shop();
    story.did("git rm --quiet promoter.yaml && git commit --quiet --message default");
    story.did("promoter bump dev api=1.1");
    assert_snapshot!(story.tell("promoter promote dev staging"), @r"
    api  1.0  ->  1.1  environments/staging/api/kustomization.yaml
    committed <c4> on main
    ");
}
