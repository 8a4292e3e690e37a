//! The command line.

use insta::assert_snapshot;

use crate::refused;
use crate::story::{Story, overlay, path};

#[test]
fn usage() {
    let story = Story::shop();
    let check = |line: &str| refused(&story, line);
    assert_snapshot!(check("promoter pormote dev staging"), @r"
    2> error: unrecognized subcommand 'pormote'
    2>
    2>   tip: a similar subcommand exists: 'promote'
    2>
    2> Usage: promoter [OPTIONS] <COMMAND>
    2>
    2> For more information, try '--help'.
    exit code 2
    ");
    assert_snapshot!(check("promoter promote dev"), @r"
    2> error: the following required arguments were not provided:
    2>   <TO>
    2>
    2> Usage: promoter promote <FROM[@REV]> <TO> [SERVICE]...
    2>
    2> For more information, try '--help'.
    exit code 2
    ");
    assert_snapshot!(check("promoter promote dev staging --reddy"), @r"
    2> error: unexpected argument '--reddy' found
    2>
    2>   tip: a similar argument exists: '--ready'
    2>
    2> Usage: promoter promote --ready <FROM[@REV]> <TO> [SERVICE]...
    2>
    2> For more information, try '--help'.
    exit code 2
    ");
    assert_snapshot!(check("promoter promote dev@ staging"), @r"
    2> error: invalid value 'dev@' for '<FROM[@REV]>': a revision must follow the `@`
    2>
    2> For more information, try '--help'.
    exit code 2
    ");
    assert_snapshot!(check("promoter promote dev staging --deliver carrier"), @r"
    2> error: invalid value 'carrier' for '--deliver <MODE>': write commit, push, api or pull-request
    2>
    2> For more information, try '--help'.
    exit code 2
    ");
    assert_snapshot!(check("promoter promote dev staging --push --pr"), @r"
    2> error: the argument '--push' cannot be used with '--pr'
    2>
    2> Usage: promoter promote --push <FROM[@REV]> <TO> [SERVICE]...
    2>
    2> For more information, try '--help'.
    exit code 2
    ");
}

#[test]
fn values() {
    let story = Story::shop();
    let check = |line: &str| refused(&story, line);
    assert_snapshot!(check("promoter status --timeout soon"), @r"
    2> error: invalid value 'soon' for '--timeout <TIME>': write a time as 90s, 2m or 1h30m
    2>
    2> For more information, try '--help'.
    exit code 2
    ");
    assert_snapshot!(check("promoter status --output xml"), @r"
    2> error: invalid value 'xml' for '--output <FORMAT>'
    2>   [possible values: text, json]
    2>
    2> For more information, try '--help'.
    exit code 2
    ");
    assert_snapshot!(check("promoter status --quiet --verbose"), @r"
    2> error: the argument '--quiet' cannot be used with '--verbose'
    2>
    2> Usage: promoter status --quiet [ENV]...
    2>
    2> For more information, try '--help'.
    exit code 2
    ");
    assert_snapshot!(check("promoter history dev --limit 0"), @r"
    2> error: invalid value '0' for '--limit <N>': 0 is not in 1..=4294967295
    2>
    2> For more information, try '--help'.
    exit code 2
    ");
    assert_snapshot!(check("promoter completions tcsh"), @r"
    2> error: invalid value 'tcsh' for '<SHELL>'
    2>   [possible values: bash, elvish, fish, powershell, zsh]
    2>
    2>   tip: a similar value exists: 'zsh'
    2>
    2> For more information, try '--help'.
    exit code 2
    ");
    assert_snapshot!(check("promoter man pormote"), @r"
    2> error: no command `pormote`
    2> hint: `promoter help COMMAND` shows the usage
    exit code 2
    ");
    assert_snapshot!(check("promoter promote dev -o json"), @r#"
    {"changed":false,"command":"promoter","error":{"code":"usage","exitCode":2,"hint":"`promoter help COMMAND` shows the usage","message":"the following required arguments were not provided: <TO>"},"schema":1}
    2> error: the following required arguments were not provided:
    2>   <TO>
    2>
    2> Usage: promoter promote --output <FORMAT> <FROM[@REV]> <TO> [SERVICE]...
    2>
    2> For more information, try '--help'.
    exit code 2
    "#);
}

#[test]
fn names() {
    let story = Story::shop();
    let check = |line: &str| refused(&story, line);
    assert_snapshot!(check("promoter status qa"), @r"
    2> error: unknown environment `qa`
    2> hint: environments: `dev`, `staging`, `prod`
    exit code 2
    ");
    assert_snapshot!(check("promoter promote dve staging"), @r"
    2> error: unknown environment `dve`
    2> hint: did you mean `dev`?
    exit code 2
    ");
    assert_snapshot!(check("promoter promote dev staging ap"), @r"
    2> error: no service `ap` in dev
    2> hint: did you mean `api`?
    exit code 2
    ");
    assert_snapshot!(check("promoter promote dev staging billing"), @r"
    2> error: no service `billing` in dev
    2> hint: `promoter status` lists what is there
    exit code 2
    ");
    assert_snapshot!(check("promoter promote dev staging --except billing"), @r"
    2> error: no service `billing` in dev
    2> hint: `promoter status` lists what is there
    exit code 2
    ");
    assert_snapshot!(check("promoter promote dev staging --only ghcr.io/acme/api"), @r"
    2> error: no image or service `ghcr.io/acme/api` in dev
    2> hint: `promoter status` lists what is there
    exit code 2
    ");
    assert_snapshot!(check("promoter diff dev porduction"), @r"
    2> error: unknown environment `porduction`
    2> hint: environments: `dev`, `staging`, `prod`
    exit code 2
    ");
    assert_snapshot!(check("promoter rollback prod billing"), @r"
    2> error: no service `billing` in prod
    2> hint: `promoter status` lists what is there
    exit code 2
    ");
    assert_snapshot!(check("promoter history prod billing"), @r"
    2> error: no service `billing` in prod
    2> hint: `promoter status` lists what is there
    exit code 2
    ");
    assert_snapshot!(check("promoter where billing"), @r"
    2> error: no image or service `billing` in any environment
    2> hint: `promoter status` lists what is there
    exit code 2
    ");
}

#[test]
fn names_that_mean_several() {
    let story = Story::shop();
    story.commit(
        "two carts",
        &[
            (&path("dev", "eu/cart"), &overlay(&[("eu.io/cart", "1")])),
            (&path("dev", "us/cart"), &overlay(&[("us.io/cart", "1")])),
        ],
    );
    assert_snapshot!(refused(&story, "promoter promote dev staging cart"), @r"
    2> error: `cart` means several services: eu/cart, us/cart
    2> hint: use the full name
    exit code 2
    ");
    assert_snapshot!(refused(&story, "promoter bump dev cart=2"), @r"
    2> error: `cart` means several images: eu.io/cart, us.io/cart
    2> hint: use the full name
    exit code 2
    ");
    assert_snapshot!(refused(&story, "promoter where cart"), @r"
    2> error: `cart` means several images: eu.io/cart, us.io/cart
    2> hint: use the full name
    exit code 2
    ");
    assert_snapshot!(refused(&story, "promoter promote dev staging --only cart"), @r"
    2> error: `cart` means several images: eu.io/cart, us.io/cart
    2> hint: use the full name
    exit code 2
    ");
}

#[test]
fn versions() {
    let story = Story::shop();
    let check = |line: &str| refused(&story, line);
    assert_snapshot!(check("promoter bump dev api"), @r"
    2> error: invalid value 'api' for '<IMAGE=TAG[@DIGEST]>...': write IMAGE=TAG, IMAGE=TAG@DIGEST or IMAGE=DIGEST
    2>
    2> For more information, try '--help'.
    exit code 2
    ");
    assert_snapshot!(check("promoter bump dev api="), @r"
    2> error: invalid value 'api=' for '<IMAGE=TAG[@DIGEST]>...': write IMAGE=TAG, IMAGE=TAG@DIGEST or IMAGE=DIGEST
    2>
    2> For more information, try '--help'.
    exit code 2
    ");
    assert_snapshot!(check("promoter bump dev 'api=a b'"), @r"
    2> error: api=a b: `a b` is not an image tag (letters, digits, `_`, `.` and `-`, at most 128, not starting with `.` or `-`)
    2> hint: write a version as TAG, TAG@sha256:DIGEST or sha256:DIGEST
    exit code 2
    ");
    assert_snapshot!(check("promoter bump dev api=1@sha256:12"), @r"
    2> error: api=1@sha256:12: `sha256:12` is not a digest (`sha256:` and 64 lower-case hexadecimal digits)
    2> hint: write a version as TAG, TAG@sha256:DIGEST or sha256:DIGEST
    exit code 2
    ");
    assert_snapshot!(check("promoter bump dev billing=1"), @r"
    2> error: no image or service `billing` in dev
    2> hint: `promoter status` lists what is there
    exit code 2
    ");
    assert_snapshot!(check("promoter bump dev api=1 api=2"), @r"
    2> error: `api` is given two versions: 1 and 2
    2> hint: `promoter help COMMAND` shows the usage
    exit code 2
    ");
    assert_snapshot!(check("promoter bump dev api=1 auth=2 --expect 1"), @r"
    2> error: --expect goes with one IMAGE=TAG
    2> hint: `promoter help COMMAND` shows the usage
    exit code 2
    ");
    assert_snapshot!(check("promoter bump dev api=1 --expect 'a b'"), @r"
    2> error: api=a b: `a b` is not an image tag (letters, digits, `_`, `.` and `-`, at most 128, not starting with `.` or `-`)
    2> hint: write a version as TAG, TAG@sha256:DIGEST or sha256:DIGEST
    exit code 2
    ");
    assert_snapshot!(check("promoter bump dev api=latest --not-older"), @r"
    2> error: api: cannot tell whether latest is older than 1.0: not both are semantic versions
    2> hint: leave out --not-older, or use tags such as 1.4.2
    exit code 2
    ");
    assert_snapshot!(check("promoter bump dev api=1.1 --expect 0.9"), @r"
    2> error: api was moved by someone else: `api` was 0.9, is 1.0, by Ada at <day 0> in <c1> (start)
    2> hint: look at `promoter status`, then run the command again if you still want it
    exit code 4
    ");
    assert_snapshot!(check("promoter bump prod api=1.1"), @r"
    2> error: refused: prod takes versions from staging only (order: fail)
    2> hint: promote through the environments in the order of promoter.yaml; `promoter rollback` goes back
    exit code 3
    ");
    assert_snapshot!(check("promoter check --config promoter.yaml"), @r"
    2> error: `check` judges what is committed, so it takes no --config
    2> hint: `promoter help COMMAND` shows the usage
    exit code 2
    ");
    assert_snapshot!(check("promoter promote dev staging --pr"), @r"
    2> error: branch `main` has no upstream, so there is nowhere to push
    2> hint: `git branch --set-upstream-to=REMOTE/BRANCH`, or `--branch REMOTE/BRANCH`
    exit code 2
    ");
}
