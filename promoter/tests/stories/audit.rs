//! `promoter audit`: the past judged once more, from the repository alone.

use insta::assert_snapshot;

use crate::story::{Story, overlay, path};

/// A promotion, a rollback and a plain revert, all by the rules: prod soaks for a day.
fn lawful() -> Story {
    let story = Story::shop();
    let rules = story.read("promoter.yaml") + "    override: allow\n    gates: { soak: 24h }\n";
    story.commit("rules", &[("promoter.yaml", &rules)]);
    story.did("promoter bump dev api=1.1 && promoter promote dev staging");
    story.did("promoter promote staging prod");
    story
}

#[test]
fn what_was_lawful_holds() {
    let story = lawful();
    story.did("promoter rollback prod api --no-mark");
    story.did("git revert --no-edit HEAD");
    assert_snapshot!(story.tell("promoter audit"), @r"
    <c5>  <day 4>  promote staging to prod: api 1.1
        hold   pass        holds
        order  pass        holds
        soak   pass 2305h  holds
    <c4>  <day 3>  promote dev to staging: api 1.1
        hold   pass  holds
        order  pass  holds
    <c3>  <day 3>  bump dev: api 1.1
        hold   pass  holds
        order  pass  holds
    judged 6 commits: no rule was broken
    ");
    assert_snapshot!(story.tell("promoter audit HEAD~1.."), @"judged 1 commit: no rule was broken");
}

#[test]
fn a_record_that_does_not_hold() {
    let story = lawful();
    story.did("promoter bump dev api=1.2 && promoter promote dev staging");
    let message = "promote staging to prod: api 1.2\n\nPromotion-From: staging\nPromotion-To: prod\nPromotion-Gate: soak=pass 26h\nPromotion-Gate: images.exist=pass\n";
    story.edit(&[(&path("prod", "api"), &overlay(&[("api", "1.2")]))]);
    let date = story.tell("git log -1 --format=%cI").stdout;
    story.write("../message", message);
    story.did(&format!(
        "GIT_COMMITTER_DATE={} git commit --quiet --all --file ../message",
        date.trim()
    ));
    assert_snapshot!(story.tell("promoter audit HEAD~1.."), @r"
    <c8>  <day 5>  promote staging to prod: api 1.2
        images.exist  pass      untold
        soak          pass 26h  broken  api: `api` 1.2 has stood in staging for 0s of 24h
    judged 1 commit: 1 rule was broken
    exit code 3
    ");
}

#[test]
fn a_change_past_the_rules() {
    let story = lawful();
    story.set("prod", "auth", "6.6");
    assert_snapshot!(story.tell("promoter audit HEAD~1.."), @r"
    <c6>  <day 6>  auth 6.6 in prod by hand
        order  not recorded  broken  auth: prod takes versions from staging only, and `auth` 6.6 is not there
        soak   not recorded  broken  auth: `auth` 6.6 is not in staging now
    judged 1 commit: 2 rules were broken
    exit code 3
    ");
    story.did("promoter rollback prod auth");
    story.set("prod", "auth", "6.6");
    assert_snapshot!(story.tell("promoter audit HEAD~1.."), @r"
    <c8>  <day 10>  auth 6.6 in prod by hand
        hold  not recorded  broken  auth: 6.6 is marked bad by Ada <ada@example.com> since <day 100>: rolled back to 2.0
    judged 1 commit: 1 rule was broken
    exit code 3
    ");
}

#[test]
fn an_override_holds_where_it_is_allowed() {
    let story = lawful();
    let rules = story.read("promoter.yaml").replace("24h", "3000h");
    story.commit("longer", &[("promoter.yaml", &rules)]);
    story.did("promoter bump dev api=1.2 && promoter promote dev staging");
    story.did("promoter promote staging prod --override 'the outage'");
    assert_snapshot!(story.tell("promoter audit HEAD~1.."), @r"
    <c9>  <day 8>  promote staging to prod: api 1.2
        hold   pass              holds
        order  pass              holds
        soak   overridden 2209h  holds
    judged 1 commit: no rule was broken
    ");
    let denied = rules.replace("allow", "deny");
    story.did("git reset --quiet --hard HEAD~1");
    story.commit("deny", &[("promoter.yaml", &denied)]);
    story.set("prod", "api", "1.2");
    story.did("git commit --quiet --amend -m fix -m 'Promotion-Override: the outage'");
    assert_snapshot!(story.tell("promoter audit HEAD~1.."), @r"
    <c12>  <day 15>  fix
        override  not recorded  broken  prod allows no override (`override: allow` in promoter.yaml would)
        soak      not recorded  broken  api: `api` 1.2 has stood in staging for 192h of 3000h
    judged 1 commit: 2 rules were broken
    exit code 3
    ");
}

/// What was observed at a commit counts, although FROM has moved on since.
#[test]
fn a_promotion_from_a_commit() {
    let story = lawful();
    story.did("promoter bump dev auth=2.1 && promoter promote dev staging");
    story.did("promoter bump dev auth=2.2 && promoter promote dev staging");
    let rules = story.read("promoter.yaml").replace("{ soak: 24h }", "{}");
    story.commit("no soak", &[("promoter.yaml", &rules)]);
    story.did("promoter promote staging@HEAD~2 prod auth");
    assert_snapshot!(story.tell("promoter audit HEAD~1.."), @r"
    <c11>  <day 9>  promote staging to prod: auth 2.1
        hold   pass  holds
        order  pass  holds
    judged 1 commit: no rule was broken
    ");
}

#[test]
fn ranges() {
    let story = lawful();
    assert_snapshot!(story.tell("promoter audit nowhere.."), @r"
    2> error: `nowhere` names no commit here
    2> hint: name a commit, a tag or a branch that `git log` knows
    exit code 2
    ");
    assert_snapshot!(story.tell("promoter audit HEAD..HEAD"), @"judged 0 commits: no rule was broken");
}
