//! `promoter promote --wait` and `--rollback-on-failure`: what follows a promotion, with the
//! stand-in for Argo CD of `wait`.

use insta::assert_snapshot;

use crate::argocd::Server;
use crate::story::{PIPELINE, Story, Told};
use crate::wait::{at, shop};

/// A shop with api 1.1 and auth 2.1 in staging, and a server that has synced whatever is committed.
fn ready() -> (Server, Story) {
    let (server, story) = shop();
    story.set("staging", "api", "1.1");
    story.set("staging", "auth", "2.1");
    server.follows(story.path());
    (server, story)
}

fn promote(server: &Server, story: &Story, arguments: &str) -> Told {
    let argo = format!("ARGOCD_SERVER={} ARGOCD_AUTH_TOKEN=x", server.address);
    story.tell(&format!("{argo} promoter promote staging prod {arguments}"))
}

/// An application whose newest sync, of whatever is committed, did not succeed.
fn failed() -> String {
    r#"{"status": {"sync": {"status": "OutOfSync", "revision": "$HEAD"},
        "operationState": {"phase": "Failed", "message": "no such image",
            "syncResult": {"revision": "$HEAD"}}}}"#
        .to_owned()
}

#[test]
fn it_ends_when_the_target_runs_it() {
    let (server, story) = ready();
    server.answers(200, &at("$HEAD", "Healthy", "ghcr.io/acme/api:1.1"));
    assert_snapshot!(promote(&server, &story, "api --wait"), @r"
    api  1.0  ->  1.1  environments/prod/api/kustomization.yaml
    committed <c5> on main
    api is healthy (api-prod)
    prod runs <c5>
    ");
    assert_snapshot!(promote(&server, &story, "api --wait"), @r"
    nothing to do: prod runs what staging runs
    api is healthy (api-prod)
    prod runs <c5>
    ");
    let told = promote(&server, &story, "api --wait --output json");
    let json: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(json["waited"]["services"][0]["application"], "api-prod", "{json}");
    assert_eq!((told.code, &json["changed"], json.get("error")), (0, &false.into(), None));
}

#[test]
fn what_fails_stays_unless_told_otherwise() {
    let (server, story) = ready();
    server.answers(200, &failed());
    assert_snapshot!(promote(&server, &story, "api --wait"), @r"
    api  1.0  ->  1.1  environments/prod/api/kustomization.yaml
    committed <c5> on main
    2> error: api: no such image (api-prod)
    2> hint: `promoter rollback` brings back what ran before; `argocd app get` shows more
    exit code 6
    ");
    assert_snapshot!(story.tell("git log --format=%s -1"), @"promote staging to prod: api 1.1");
}

#[test]
fn what_came_together_goes_back_together_and_what_failed_is_marked() {
    let (server, story) = ready();
    server.answers(200, &failed());
    assert_snapshot!(promote(&server, &story, "--wait --rollback-on-failure"), @r"
    api   1.0  ->  1.1  environments/prod/api/kustomization.yaml
    auth  2.0  ->  2.1  environments/prod/auth/kustomization.yaml
    committed <c5> on main
    rolled back:
    api   1.1  ->  1.0  environments/prod/api/kustomization.yaml
    auth  2.1  ->  2.0  environments/prod/auth/kustomization.yaml
    what was left of api is marked bad in .promoter/holds: no promotion brings them back
    committed <c6> on main
    2> error: api: no such image (api-prod)
    exit code 6
    ");
    assert_snapshot!(story.tell("promoter status"), @r"
    SERVICE  DEV       STAGING             PROD
    api      1.0  99d  1.1      95d drift  1.0   92d -1
    auth     2.0  99d  2.1      93d drift  2.0   92d -1

    last change of versions
    dev      <c1>  99d ago  start (Ada)
    staging  <c4>  93d ago  auth 2.1 in staging by hand (Ada)
    prod     <c6>  92d ago  roll back prod: api 1.1 -> 1.0, auth 2.1 -> 2.0 (Ada)
    ");
    assert_snapshot!(story.tell("git log --format=%B -1"), @r"
    roll back prod: api 1.1 -> 1.0, auth 2.1 -> 2.0

    api   1.1 -> 1.0
    auth  2.1 -> 2.0

    its promotion did not become healthy: api: no such image (api-prod)

    Promotion-To: prod
    Rollback-To: <c1>
    Promotion-Actor: Ada <ada@example.com>
    ");
    let again = promote(&server, &story, "--wait --rollback-on-failure");
    assert_eq!(again.code, 3, "what is marked does not come again: {again}");
}

#[test]
fn the_same_for_programs() {
    let (server, story) = ready();
    server.answers(200, &failed());
    let told = promote(&server, &story, "api --wait --rollback-on-failure --output json");
    let json: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    let said = (&json["changed"], &json["error"]["code"], &json["error"]["exitCode"]);
    assert_eq!(said, (&true.into(), &"degraded".into(), &6.into()), "{json}");
    let back = &json["rollback"];
    assert_eq!((&back["taken"], &back["done"]["marked"]), (&true.into(), &true.into()), "{json}");
    assert_eq!(back["done"]["commit"].as_str(), Some("<c6>"), "{json}");
    assert_eq!(told.code, 6);
}

#[test]
fn nobody_knows_is_no_failure() {
    let (server, story) = ready();
    server.answers(500, "");
    let arguments = "api --wait --rollback-on-failure --timeout 3s";
    assert_snapshot!(promote(&server, &story, arguments), @r"
    api  1.0  ->  1.1  environments/prod/api/kustomization.yaml
    committed <c5> on main
    not rolled back: Argo CD does not answer, so nobody knows
    2> error: the time is up, and not all of it runs:
    2>   api: Argo CD cannot be asked: 127.0.0.1 answers 500 Internal Server Error (api-prod)
    2> hint: `--timeout` gives it longer; `argocd app get` shows more
    exit code 5
    ");
}

#[test]
fn too_slow_is_a_failure() {
    let (server, story) = ready();
    server.answers(200, &at("$HEAD", "Progressing", "ghcr.io/acme/api:1.1"));
    let arguments = "api --wait --rollback-on-failure --timeout 3s";
    assert_snapshot!(promote(&server, &story, arguments), @r"
    api  1.0  ->  1.1  environments/prod/api/kustomization.yaml
    committed <c5> on main
    rolled back:
    api  1.1  ->  1.0  environments/prod/api/kustomization.yaml
    the versions left are marked bad in .promoter/holds: no promotion brings them back
    committed <c6> on main
    2> error: the time is up, and not all of it runs:
    2>   api: it is Progressing (api-prod)
    exit code 5
    ");
}

#[test]
fn a_second_run_takes_nothing_back() {
    let (server, story) = ready();
    story.did("promoter promote staging prod api");
    server.answers(200, &failed());
    let arguments = "api --wait --rollback-on-failure";
    assert_snapshot!(promote(&server, &story, arguments), @r"
    nothing to do: prod runs what staging runs
    not rolled back: this run promoted nothing
    2> error: api: no such image (api-prod)
    2> hint: `promoter rollback` brings back what ran before; `argocd app get` shows more
    exit code 6
    ");
}

#[test]
fn what_cannot_be_waited_for_is_not_promoted() {
    let (server, story) = ready();
    let before = story.state();
    assert_snapshot!(story.tell("promoter promote staging prod --wait"), @r"
    2> error: neither ARGOCD_SERVER nor a kubeconfig is set
    2> hint: set ARGOCD_SERVER and ARGOCD_AUTH_TOKEN, or KUBECONFIG
    exit code 2
    ");
    assert_eq!(before, story.state());
    assert_snapshot!(story.tell("promoter promote staging prod --rollback-on-failure"), @r"
    2> error: the following required arguments were not provided:
    2>   --wait
    2>
    2> Usage: promoter promote --wait --rollback-on-failure <FROM[@REV]> <TO> [SERVICE]...
    2>
    2> For more information, try '--help'.
    exit code 2
    ");
    assert_snapshot!(promote(&server, &story, "--wait --dry-run"), @r"
    2> error: the argument '--wait' cannot be used with '--dry-run'
    2>
    2> Usage: promoter promote --wait <FROM[@REV]> <TO> [SERVICE]...
    2>
    2> For more information, try '--help'.
    exit code 2
    ");
    story.commit("no name", &[PIPELINE]);
    let before = story.state();
    assert_snapshot!(promote(&server, &story, "--wait"), @r#"
    2> error: promoter.yaml does not say what Argo CD calls a service
    2> hint: add `argocd: { application: "{service}-{environment}" }` to promoter.yaml
    exit code 2
    "#);
    assert_eq!(before, story.state());
}
