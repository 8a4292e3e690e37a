//! `promoter status`: right whoever made the history, and however.

use insta::assert_snapshot;

use crate::story::{Story, overlay, path};

fn released() -> Story {
    let story = Story::shop();
    story.did("promoter bump dev api=1.1");
    story.did("promoter promote dev staging");
    story.did("promoter bump dev api=1.2");
    story.did("promoter bump dev api=1.3 auth=2.1");
    story
}

#[test]
fn how_far_behind() {
    let story = released();
    assert_snapshot!(story.tell("promoter status"), @r"
    SERVICE  DEV       STAGING          PROD
    api      1.3  95d  1.1      97d -2  1.0   99d -1
    auth     2.1  95d  2.0      99d -1  2.0   99d

    last change of versions
    dev      <c5>  95d ago  bump dev: api 1.3, auth 2.1 (Ada)
    staging  <c3>  97d ago  promote dev to staging: api 1.1 (Ada)
    prod     <c1>  99d ago  start (Ada)
    ");
    assert_snapshot!(story.tell("promoter status staging"), @r"
    SERVICE  STAGING
    api      1.1      97d -2
    auth     2.0      99d -1

    last change of versions
    staging  <c3>  97d ago  promote dev to staging: api 1.1 (Ada)
    ");
    assert_snapshot!(story.tell("promoter status dev --exit-code"), @r"
    SERVICE  DEV
    api      1.3  95d
    auth     2.1  95d

    last change of versions
    dev  <c5>  95d ago  bump dev: api 1.3, auth 2.1 (Ada)
    ");
    assert_snapshot!(story.tell("promoter status prod --exit-code"), @r"
    SERVICE  PROD
    api      1.0   99d -1
    auth     2.0   99d

    last change of versions
    prod  <c1>  99d ago  start (Ada)
    exit code 1
    ");
    assert_snapshot!(story.tell("promoter status --quiet --exit-code"), @"exit code 1");
    assert_snapshot!(story.tell("promoter status --verbose | tail -1"), @"read 5 commits");
}

#[test]
fn versions_that_from_never_had_are_drift() {
    let story = released();
    story.set("prod", "api", "0.9-hotfix");
    assert_snapshot!(story.tell("promoter status prod"), @r"
    SERVICE  PROD
    api      0.9-hotfix  93d drift
    auth     2.0         99d

    last change of versions
    prod  <c6>  93d ago  api 0.9-hotfix in prod by hand (Ada)
    ");
}

#[test]
fn a_merge_counts_when_it_landed() {
    let story = released();
    story.did("git switch --quiet --create promotion && promoter promote dev staging");
    story.did("git switch --quiet main");
    story.commit("meanwhile", &[("README.md", "x\n")]);
    story.did("git merge --quiet --no-ff --message 'Merge the promotion' promotion");
    assert_snapshot!(story.tell("promoter status"), @r"
    SERVICE  DEV       STAGING       PROD
    api      1.3  95d  1.3      90d  1.0   99d -2
    auth     2.1  95d  2.1      90d  2.0   99d -1

    last change of versions
    dev      <c5>  95d ago  bump dev: api 1.3, auth 2.1 (Ada)
    staging  <c8>  90d ago  Merge the promotion (Ada)
    prod     <c1>  99d ago  start (Ada)
    ");
    assert_snapshot!(story.tell("promoter history staging -n 1"), @r"
    <c8>  <day 9>  Ada  Merge the promotion
        staging  api     1.1  ->  1.3
        staging  auth    2.0  ->  2.1
    ");
}

#[test]
fn a_squash_counts_like_any_commit() {
    let story = released();
    story.did("git switch --quiet --create promotion && promoter promote dev staging");
    story.did("promoter promote staging prod && git switch --quiet main");
    story.did("git merge --quiet --squash promotion && git commit --quiet --message squashed");
    assert_snapshot!(story.tell("promoter status"), @r"
    SERVICE  DEV       STAGING       PROD
    api      1.3  95d  1.3      92d  1.3   92d
    auth     2.1  95d  2.1      92d  2.1   92d

    last change of versions
    dev      <c5>  95d ago  bump dev: api 1.3, auth 2.1 (Ada)
    staging  <c8>  92d ago  squashed (Ada)
    prod     <c8>  92d ago  squashed (Ada)
    ");
    assert_snapshot!(story.tell("promoter history -n 1"), @r"
    <c8>  <day 7>  Ada  squashed
        prod     api     1.0  ->  1.3
        prod     auth    2.0  ->  2.1
        staging  api     1.1  ->  1.3
        staging  auth    2.0  ->  2.1
    ");
}

#[test]
fn a_revert_is_a_change_like_any_other() {
    let story = released();
    story.did("promoter promote dev staging && git revert --no-edit HEAD");
    assert_snapshot!(story.tell("promoter status staging"), @r#"
    SERVICE  STAGING
    api      1.1      94d -2
    auth     2.0      94d -1

    last change of versions
    staging  <c7>  94d ago  Revert "promote dev to staging: api 1.3, auth 2.1" (Ada)
    "#);
}

#[test]
fn a_renamed_service_keeps_its_age() {
    let story = released();
    for environment in ["dev", "staging", "prod"] {
        story.did(&format!(
            "git mv environments/{environment}/api environments/{environment}/backend"
        ));
    }
    story.commit("rename api to backend", &[]);
    assert_snapshot!(story.tell("promoter status"), @r"
    SERVICE  DEV       STAGING          PROD
    auth     2.1  95d  2.0      99d -1  2.0   99d
    backend  1.3  95d  1.1      97d -2  1.0   99d -1

    last change of versions
    dev      <c5>  95d ago  bump dev: api 1.3, auth 2.1 (Ada)
    staging  <c3>  97d ago  promote dev to staging: api 1.1 (Ada)
    prod     <c1>  99d ago  start (Ada)
    ");
    assert_snapshot!(story.tell("promoter history staging backend"), @r"
    <c6>  <day 9>  Ada  rename api to backend
        staging  backend  api  1.1  ->  1.1  (was api)
    <c3>  <day 2>  Ada  promote dev to staging: api 1.1
        staging  api    1.0  ->  1.1
        Promotion-Source: <c2>
        Promotion-Actor: Ada <ada@example.com>
    <c1>  <day 0>  Ada  start
        staging  api    (none)  ->  1.0
    ");
}

#[test]
fn a_renamed_environment_folder_keeps_its_ages() {
    let story = released();
    story.did("git mv environments/prod environments/production");
    let pipeline = story
        .read("promoter.yaml")
        .replace("- name: prod\n", "- name: prod\n    path: production\n");
    story.commit("rename the folder", &[("promoter.yaml", &pipeline)]);
    assert_snapshot!(story.tell("promoter status"), @r"
    SERVICE  DEV       STAGING          PROD
    api      1.3  95d  1.1      97d -2  1.0   99d -1
    auth     2.1  95d  2.0      99d -1  2.0   99d

    last change of versions
    dev      <c5>  95d ago  bump dev: api 1.3, auth 2.1 (Ada)
    staging  <c3>  97d ago  promote dev to staging: api 1.1 (Ada)
    prod     <c1>  99d ago  start (Ada)
    ");
    assert_snapshot!(story.tell("promoter history prod"), @r"
    <c1>  <day 0>  Ada  start
        prod  api     (none)  ->  1.0
        prod  auth    (none)  ->  2.0
    ");
}

#[test]
fn a_file_that_was_broken_for_one_commit_loses_nothing() {
    let story = released();
    let file = path("prod", "api");
    let good = story.read(&file);
    story.commit("broken", &[(&file, "images: [\n")]);
    assert_snapshot!(story.tell("promoter status prod"), @r"
    SERVICE  PROD
    auth     2.0   99d

    last change of versions
    prod  <c1>  99d ago  start (Ada)
    2> warning: api in prod is left out: environments/prod/api/kustomization.yaml:1:9: not valid YAML: unclosed bracket '['
    ");
    story.commit("repaired", &[(&file, &good)]);
    assert_snapshot!(story.tell("promoter status prod"), @r"
    SERVICE  PROD
    api      1.0   99d -1
    auth     2.0   99d

    last change of versions
    prod  <c1>  99d ago  start (Ada)
    ");
    assert_snapshot!(story.tell("promoter history prod api"), @r"
    <c1>  <day 0>  Ada  start
        prod  api    (none)  ->  1.0
    ");
}

#[test]
fn bad_marks_show_where_the_version_runs() {
    let story = released();
    story.did("promoter promote dev staging && promoter rollback staging api");
    assert_snapshot!(story.tell("promoter status staging"), @r"
    SERVICE  STAGING
    api      1.1      94d -2
    auth     2.1      94d

    last change of versions
    staging  <c7>  94d ago  roll back staging: api 1.3 -> 1.1 (Ada)
    ");
    story.set("staging", "api", "1.3");
    assert_snapshot!(story.tell("promoter status staging"), @r"
    SERVICE  STAGING
    api      1.3      91d bad
    auth     2.1      94d

    last change of versions
    staging  <c8>  91d ago  api 1.3 in staging by hand (Ada)
    ");
}

#[test]
fn several_images_of_a_service_are_one_cell() {
    let story = Story::shop();
    let images = |proxy: &str| overlay(&[("api", "1.0"), ("proxy", proxy)]);
    story.commit(
        "a sidecar",
        &[(&path("dev", "api"), &images("8")), (&path("staging", "api"), &images("8"))],
    );
    story.did("promoter bump dev proxy=9");
    assert_snapshot!(story.tell("promoter status dev staging"), @r"
    SERVICE  DEV          STAGING
    api      1.0 +1  96d  1.0 +1   97d -1
    auth     2.0     99d  2.0      99d

    last change of versions
    dev      <c3>  96d ago  bump dev: api 9 (Ada)
    staging  <c2>  97d ago  a sidecar (Ada)
    ");
}

#[test]
fn a_local_branch_behind_its_upstream_is_told() {
    let story = released();
    story.publish();
    story.did("git reset --quiet --hard HEAD~2");
    assert_snapshot!(story.tell("promoter status dev"), @r"
    SERVICE  DEV
    api      1.1  98d
    auth     2.0  99d

    last change of versions
    dev  <c2>  98d ago  bump dev: api 1.1 (Ada)
    2> warning: main is 2 commits behind origin/main: `git pull` brings them
    ");
    assert_snapshot!(story.tell("promoter status dev --branch origin/main"), @r"
    SERVICE  DEV
    api      1.3  95d
    auth     2.1  95d

    last change of versions
    dev  <c5>  95d ago  bump dev: api 1.3, auth 2.1 (Ada)
    ");
}

#[test]
fn the_working_tree_is_not_read() {
    let story = released();
    story.edit(&[(&path("dev", "api"), &overlay(&[("api", "9.9")]))]);
    story.edit(&[("promoter.yaml", "environments: [{name: dev}]\n")]);
    assert_snapshot!(story.tell("promoter status"), @r"
    SERVICE  DEV       STAGING          PROD
    api      1.3  95d  1.1      97d -2  1.0   99d -1
    auth     2.1  95d  2.0      99d -1  2.0   99d

    last change of versions
    dev      <c5>  95d ago  bump dev: api 1.3, auth 2.1 (Ada)
    staging  <c3>  97d ago  promote dev to staging: api 1.1 (Ada)
    prod     <c1>  99d ago  start (Ada)
    2> warning: promoter.yaml differs from the committed one, which is what counts
    ");
    assert_snapshot!(story.tell("promoter promote dev staging"), @r"
    api   1.1  ->  1.3  environments/staging/api/kustomization.yaml
    auth  2.0  ->  2.1  environments/staging/auth/kustomization.yaml
    committed <c6> on main
    2> warning: promoter.yaml differs from the committed one, which is what counts
    ");
}

#[test]
fn an_uncommitted_configuration_is_not_read() {
    let story = Story::of(&[("README.md", "x\n")]);
    assert_snapshot!(story.tell("promoter status"), @r"
    2> error: there is no promoter.yaml in commit <c1>, and no environments/dev, staging and prod
    2> hint: run `promoter init`, then commit promoter.yaml
    exit code 2
    ");
    story.edit(&[crate::story::PIPELINE]);
    assert_snapshot!(story.tell("promoter status"), @r"
    2> error: there is no promoter.yaml in commit <c1>, and no environments/dev, staging and prod
    2> hint: a promoter.yaml lies in the working tree: commit it, and push it before `--push`
    exit code 2
    ");
}

#[test]
fn a_configuration_that_was_broken_for_one_commit_loses_nothing() {
    let story = released();
    let good = story.read("promoter.yaml");
    story.commit("broken", &[("promoter.yaml", "environments: [\n")]);
    assert_snapshot!(story.tell("promoter status"), @r"
    2> error: promoter.yaml:1:15: not valid YAML: unclosed bracket '['
    2>   | environments: [
    2>   |               ^
    2> hint: correct the file
    exit code 2
    ");
    story.commit("repaired", &[("promoter.yaml", &good)]);
    assert_snapshot!(story.tell("promoter status"), @r"
    SERVICE  DEV       STAGING          PROD
    api      1.3  95d  1.1      97d -2  1.0   99d -1
    auth     2.1  95d  2.0      99d -1  2.0   99d

    last change of versions
    dev      <c5>  95d ago  bump dev: api 1.3, auth 2.1 (Ada)
    staging  <c3>  97d ago  promote dev to staging: api 1.1 (Ada)
    prod     <c1>  99d ago  start (Ada)
    ");
    assert_snapshot!(story.tell("promoter history prod"), @r"
    <c1>  <day 0>  Ada  start
        prod  api     (none)  ->  1.0
        prod  auth    (none)  ->  2.0
    ");
}

#[test]
fn two_services_that_change_names_at_once_are_told_apart_or_not_paired() {
    let story = Story::shop();
    story.did("git mv environments/dev/api environments/dev/one");
    story.did("git mv environments/dev/auth environments/dev/two");
    story.commit("rename both", &[]);
    assert_snapshot!(story.tell("promoter history dev one"), @r"
    <c2>  <day 4>  Ada  rename both
        dev  one  api  1.0  ->  1.0  (was api)
    <c1>  <day 0>  Ada  start
        dev  api    (none)  ->  1.0
    ");
}
