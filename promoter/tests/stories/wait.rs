//! `promoter wait`: until Argo CD says that the branch runs. Argo CD is stood in for by a server
//! that answers as its API does; the real one has its proof with a cluster.

use insta::assert_snapshot;

use crate::argocd::Server;
use crate::story::{Story, Told, path};

/// A shop whose applications are named, with its server.
pub(crate) fn shop() -> (Server, Story) {
    let story = Story::shop();
    let rules =
        story.read("promoter.yaml") + "argocd: { application: '{service}-{environment}' }\n";
    story.commit("rules", &[("promoter.yaml", &rules)]);
    (Server::start(), story)
}

fn wait(server: &Server, story: &Story, arguments: &str) -> Told {
    let argo = format!("ARGOCD_SERVER={} ARGOCD_AUTH_TOKEN=x", server.address);
    story.tell(&format!("{argo} promoter wait {arguments}"))
}

/// An application at a commit.
pub(crate) fn at(commit: &str, health: &str, image: &str) -> String {
    format!(
        r#"{{"status": {{"sync": {{"status": "Synced", "revision": "{commit}"}},
            "health": {{"status": "{health}"}}, "summary": {{"images": ["{image}"]}}}}}}"#
    )
}

#[test]
fn it_ends_when_all_of_it_runs() {
    let (server, story) = shop();
    server.answers(200, &at(&story.id("HEAD"), "Healthy", "ghcr.io/acme/api:1.0"));
    assert_snapshot!(wait(&server, &story, "prod api"), @r"
    api is healthy (api-prod)
    prod runs <c2>
    ");
    let json = wait(&server, &story, "prod api -o json");
    assert_eq!(json.code, 0, "{json}");
}

#[test]
fn a_later_commit_with_the_same_versions_will_do() {
    let (server, story) = shop();
    let later = story.commit("later", &[]);
    story.did("git reset --quiet --soft HEAD~1");
    server.answers(200, &at(&later, "Healthy", "ghcr.io/acme/api:1.0"));
    assert_snapshot!(wait(&server, &story, "prod api"), @r"
    api is healthy (api-prod)
    prod runs <c2>
    ");
}

#[test]
fn an_earlier_commit_will_do_when_nothing_of_the_service_changed_since() {
    let (server, story) = shop();
    let earlier = story.id("HEAD");
    server.answers(200, &at(&earlier, "Healthy", "ghcr.io/acme/api:1.0"));
    let told = |story: &Story| wait(&server, story, "prod api --timeout 1s");
    story.set("prod", "auth", "2.1");
    story.set("dev", "api", "1.1");
    story.commit("readme", &[("README.md", "words")]);
    assert_snapshot!(told(&story), @r"
    api is healthy (api-prod)
    prod runs <c5>
    ");
    story.publish();
    let shallow = story.clone_remote("shallow", &["--depth", "1"]);
    let argo = format!("ARGOCD_SERVER={} ARGOCD_AUTH_TOKEN=x", server.address);
    let line = format!("{argo} promoter wait prod api --timeout 5s");
    assert_snapshot!(story.tell_in(&shallow, &line), @r"
    api is healthy (api-prod)
    prod runs <c5>
    ");
    assert_eq!(shallow.git(&["rev-list", "--count", "HEAD"]).trim(), "1");
}

#[test]
fn an_earlier_commit_will_not_do_when_something_of_the_service_changed_since() {
    let (server, story) = shop();
    let base =
        "resources: [../../../base]\nimages:\n  - {name: ghcr.io/acme/api, newTag: \"1.0\"}\n";
    story.commit(
        "a base",
        &[
            (&path("prod", "api"), base),
            ("base/kustomization.yaml", "resources: [deployment.yaml]\n"),
            ("base/deployment.yaml", "replicas: 1\n"),
        ],
    );
    let changes: [(&str, &str, &str); 4] = [
        ("its folder", "environments/prod/api/patch.yaml", "replicas: 2\n"),
        ("its base", "base/deployment.yaml", "replicas: 3\n"),
        ("what is shared", "shared/labels.yaml", "team: shop\n"),
        ("its versions", &path("prod", "api"), &base.replace("1.0", "1.1")),
    ];
    let rules = story.read("promoter.yaml") + "shared: [shared]\n";
    story.commit("rules", &[("promoter.yaml", &rules)]);
    for (what, file, text) in changes {
        let earlier = story.id("HEAD");
        story.commit(what, &[(file, text)]);
        server.answers(200, &at(&earlier, "Healthy", "ghcr.io/acme/api:1.0"));
        let told = wait(&server, &story, "prod api --timeout 1s");
        assert_eq!(told.code, 5, "{what}: {told}");
        assert!(told.stderr.contains("api: it is at <c"), "{what}: {told}");
    }
}

#[test]
fn another_version_in_between_is_a_conflict() {
    let (server, story) = shop();
    let later = story.set("prod", "api", "1.1");
    story.did("git reset --quiet --hard HEAD~1");
    server.answers(200, &at(&later, "Healthy", "ghcr.io/acme/api:1.1"));
    assert_snapshot!(wait(&server, &story, "prod api"), @r"
    2> error: api was moved on: <c3> came after <c2> and has other versions
    2> hint: run it again to wait for what is there now
    exit code 4
    ");
}

#[test]
fn the_time_runs_out() {
    let (server, story) = shop();
    let check = |commit: &str, health, image| {
        server.answers(200, &at(commit, health, image));
        wait(&server, &story, "prod api --timeout 1s")
    };
    let head = story.id("HEAD");
    assert_snapshot!(check(&head, "Progressing", "ghcr.io/acme/api:1.0"), @r"
    2> error: the time is up, and not all of it runs:
    2>   api: it is Progressing (api-prod)
    2> hint: `--timeout` gives it longer; `argocd app get` shows more
    exit code 5
    ");
    assert_snapshot!(check(&head, "Healthy", "ghcr.io/acme/api:0.9"), @r"
    2> error: the time is up, and not all of it runs:
    2>   api: ghcr.io/acme/api:0.9 runs still; ghcr.io/acme/api 1.0 does not run yet (api-prod)
    2> hint: `--timeout` gives it longer; `argocd app get` shows more
    exit code 5
    ");
    let unknown = "0123456789012345678901234567890123456789";
    assert_snapshot!(check(unknown, "Healthy", "ghcr.io/acme/api:1.0"), @r"
    2> error: the time is up, and not all of it runs:
    2>   api: it is at 012345678901 (api-prod)
    2> hint: `--timeout` gives it longer; `argocd app get` shows more
    exit code 5
    ");
    server.answers(404, "");
    assert_snapshot!(wait(&server, &story, "prod api --timeout 1s"), @r"
    2> error: the time is up, and not all of it runs:
    2>   api: there is no application `api-prod`, or the token may not see it (api-prod)
    2> hint: `--timeout` gives it longer; `argocd app get` shows more
    exit code 5
    ");
}

#[test]
fn a_sync_that_failed_ends_it() {
    let (server, story) = shop();
    let head = story.id("HEAD");
    let failed = format!(
        r#"{{"status": {{"sync": {{"status": "OutOfSync", "revision": "{head}"}},
            "operationState": {{"phase": "Failed", "message": "one or more objects failed to apply",
                "syncResult": {{"revision": "{head}"}}}}}}}}"#
    );
    server.answers(200, &failed);
    assert_snapshot!(wait(&server, &story, "prod api"), @r"
    2> error: api: one or more objects failed to apply (api-prod)
    2> hint: `promoter rollback` brings back what ran before; `argocd app get` shows more
    exit code 6
    ");
}

#[test]
fn what_stays_degraded_ends_it() {
    let (server, story) = shop();
    server.answers(200, &at(&story.id("HEAD"), "Degraded", "ghcr.io/acme/api:1.0"));
    assert_snapshot!(wait(&server, &story, "prod api"), @r"
    2> error: api: it is Degraded (api-prod)
    2> hint: `promoter rollback` brings back what ran before; `argocd app get` shows more
    exit code 6
    ");
}

#[test]
fn who_cannot_be_asked() {
    let (server, story) = shop();
    assert_snapshot!(story.tell("promoter wait prod"), @r"
    2> error: neither ARGOCD_SERVER nor a kubeconfig is set
    2> hint: set ARGOCD_SERVER and ARGOCD_AUTH_TOKEN, or KUBECONFIG
    exit code 2
    ");
    assert_snapshot!(story.tell("ARGOCD_SERVER=ftp://x promoter wait prod"), @r"
    2> error: Argo CD cannot be asked: ARGOCD_SERVER is no address: `ftp://x`
    2> hint: ARGOCD_SERVER is a host, perhaps with a port, or a URL
    exit code 6
    ");
    story.commit("no name", &[crate::story::PIPELINE]);
    assert_snapshot!(wait(&server, &story, "prod api"), @r#"
    2> error: promoter.yaml does not say what Argo CD calls a service
    2> hint: add `argocd: { application: "{service}-{environment}" }` to promoter.yaml
    exit code 2
    "#);
}
