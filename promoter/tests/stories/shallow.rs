//! Clones that lack history, and checkouts without a branch.

use insta::assert_snapshot;

use crate::story::Story;

fn published() -> Story {
    let story = Story::shop();
    story.did("promoter bump dev api=1.1 && promoter promote dev staging");
    story.did("promoter promote staging prod && promoter bump dev api=1.2");
    story.did("promoter promote dev staging && promoter promote staging prod");
    story.publish();
    story
}

#[test]
fn history_is_fetched_as_far_as_it_is_needed() {
    let story = published();
    let shallow = |name: &str| story.clone_remote(name, &["--depth", "1"]);
    assert_snapshot!(story.tell_in(&shallow("a"), "promoter status"), @r"
    SERVICE  DEV       STAGING       PROD
    api      1.2  97d  1.2      96d  1.2   96d
    auth     2.0  99d  2.0      99d  2.0   99d

    last change of versions
    dev      <c5>  97d ago  bump dev: api 1.2 (Ada)
    staging  <c6>  96d ago  promote dev to staging: api 1.2 (Ada)
    prod     <c7>  96d ago  promote staging to prod: api 1.2 (Ada)
    ");
    assert_snapshot!(story.tell_in(&shallow("b"), "promoter rollback prod api"), @r"
    api  1.2  ->  1.1  environments/prod/api/kustomization.yaml
    the versions left are marked bad in .promoter/holds: no promotion brings them back
    committed <c8> on main
    ");
    let time = story.git(&["log", "-1", "--format=%cI", "HEAD~3"]);
    assert_snapshot!(story.tell_in(&shallow("c"), &format!("promoter rollback prod --to {time}")), @r"
    2> error: this clone is shallow and lacks the history that is needed
    2>   | no commit of this branch is as old as <day 2>
    2> hint: clone with `fetch-depth: 0` (git fetch --unshallow)
    exit code 6
    ");
    let old = story.id("HEAD~3");
    assert_snapshot!(story.tell_in(&shallow("d"), &format!("promoter rollback prod --to {old}")), @r"
    2> error: this clone is shallow and lacks the history that is needed
    2>   | `<c4>` names no commit in it
    2> hint: clone with `fetch-depth: 0` (git fetch --unshallow)
    exit code 6
    ");
    assert_snapshot!(story.tell_in(&shallow("e"), &format!("promoter promote dev@{old} staging")), @r"
    2> error: this clone is shallow and lacks the history that is needed
    2>   | `<c4>` names no commit in it
    2> hint: clone with `fetch-depth: 0` (git fetch --unshallow)
    exit code 6
    ");
    assert_snapshot!(story.tell_in(&shallow("f"), &format!("promoter check --base {old}")), @r"
    2> error: this clone is shallow and lacks the history that is needed
    2>   | `<c4>` names no commit in it
    2> hint: clone with `fetch-depth: 0` (git fetch --unshallow)
    exit code 6
    ");
}

#[test]
fn a_push_needs_no_branch_to_be_checked_out() {
    let story = published();
    story.did("promoter bump dev api=1.3 --push && git switch --quiet --detach HEAD~1");
    assert_snapshot!(story.tell("promoter promote dev staging --push --branch main"), @r"
    api  1.2  ->  1.3  environments/staging/api/kustomization.yaml
    pushed <c9> to origin/main (the local branch stays where it is)
    ");
    assert_snapshot!(story.tell("promoter promote staging prod --push --branch origin/main"), @r"
    api  1.2  ->  1.3  environments/prod/api/kustomization.yaml
    pushed <c10> to origin/main (the local branch stays where it is)
    ");
    assert_snapshot!(story.tell("promoter status --branch origin/main | head -2"), @r"
    SERVICE  DEV       STAGING       PROD
    api      1.3  95d  1.3      94d  1.3   93d
    ");
}

/// A soak is read back as far as it reaches, and no further: the rest stays where it is.
#[test]
fn a_soak_needs_its_own_time_of_history() {
    let story = Story::shop();
    for day in 0..40 {
        story.commit(&format!("day {day}"), &[]);
    }
    let rules = story.read("promoter.yaml") + "    gates: { soak: 24h }\n";
    story.commit("rules", &[("promoter.yaml", &rules)]);
    story.did("promoter bump dev api=1.1 && promoter promote dev staging");
    story.publish();
    let shallow = story.clone_remote("shallow", &["--depth", "1"]);
    let broken = story.clone_remote("broken", &["--depth", "1"]);
    let promote = "promoter promote staging prod --verbose | grep -e soak -e committed";
    assert_snapshot!(story.tell_in(&shallow, promote), @r"
    gate api: `api` 1.1 has stood in staging for 385h of 24h (soak: pass)
    committed <c45> on main
    ");
    story.did("mv ../remote.git ../away.git");
    assert_snapshot!(story.tell_in(&broken, "promoter promote staging prod"), @r"
    2> error: this clone is shallow and lacks the history that is needed
    2>   | fatal: '<dir>/remote.git' does not appear to be a git repository
    2>   | fatal: Could not read from remote repository.
    2>   |
    2>   | Please make sure you have the correct access rights
    2>   | and the repository exists.
    2> hint: clone with `fetch-depth: 0` (git fetch --unshallow)
    exit code 6
    ");
}

#[test]
fn a_soak_older_than_the_repository_reads_all_of_it() {
    let story = published();
    let rules = story
        .read("promoter.yaml")
        .replace("  - name: staging\n", "  - name: staging\n    gates: { soak: 9999h }\n");
    story.commit("rules", &[("promoter.yaml", &rules)]);
    story.did("promoter bump dev api=1.3");
    story.did("git push --quiet origin main");
    let clone = story.clone_remote("g", &["--depth", "1"]);
    assert_snapshot!(story.tell_in(&clone, "promoter promote dev staging"), @r"
    2> error: refused: api: `api` 1.3 has stood in dev for 2233h of 9999h (soak: fail)
    2> hint: wait, or where promoter.yaml has `override: allow` say `--override REASON`; `promote --ready` leaves out blocked services
    exit code 3
    ");
}

#[test]
fn what_a_partial_clone_left_out_is_fetched_when_it_is_needed() {
    let story = published();
    let remote = story.at("remote.git");
    remote.git(&["config", "uploadpack.allowFilter", "true"]);
    remote.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let full = story.clone_remote("full", &["--no-checkout"]);
    for filter in ["blob:none", "tree:0"] {
        let arguments = ["--no-checkout", "--filter", filter];
        let partial = story.clone_remote(&filter.replace(':', "-"), &arguments);
        for command in ["status", "history prod api", "check", "diff dev prod", "audit"] {
            let json = format!("promoter {command} --output json");
            let (there, here) = (story.tell_in(&partial, &json), story.tell_in(&full, &json));
            assert_eq!((there.code, there.stdout), (here.code, here.stdout), "{command}");
        }
    }
    let remote = remote.path().display().to_string();
    let partial = story.clone_remote("away", &["--no-checkout", "--filter", "blob:none"]);
    story.did(&format!("mv {remote} {remote}.away"));
    let told = story.tell_in(&partial, "promoter status");
    assert!(told.code == 6 && told.stderr.contains("what this clone left out"), "{told}");
}
