//! The gate `healthy`: what Argo CD says of the environment before. Argo CD is stood in for by a
//! server that answers as its API does; the real one has its proof with a cluster.

use insta::assert_snapshot;

use crate::argocd::Server;
use crate::story::{Story, Told};

const TOKEN: &str = "argo-token-1";

fn runs(server: &Server, health: &str, image: &str) {
    let resource = r#"{"kind": "Deployment", "name": "api", "health": {"status": "Degraded", "message": "no space"}}"#;
    let resources = if health == "Degraded" { resource } else { "" };
    let status = format!(
        r#"{{"status": {{"health": {{"status": "{health}"}}, "summary": {{"images": ["{image}"]}}, "resources": [{resources}]}}}}"#
    );
    server.answers(200, &status);
}

/// staging has api 1.1, and prod asks whether it runs well there.
fn asking(argocd: &str) -> Story {
    let story = Story::shop();
    let more = format!("    gates: {{ healthy: {{ argocd: true }} }}\n{argocd}");
    let rules = story.read("promoter.yaml") + &more;
    story.commit("rules", &[("promoter.yaml", &rules)]);
    story.did("promoter bump dev api=1.1 && promoter promote dev staging");
    story
}

const NAMED: &str = "argocd: { application: 'shop-{service}-{environment}' }\n";

#[test]
fn what_argo_cd_says_decides() {
    let (server, story) = (Server::start(), asking(NAMED));
    let argo = format!("ARGOCD_SERVER={} ARGOCD_AUTH_TOKEN={TOKEN}", server.address);
    let promote =
        || -> Told { story.tell(&format!("{argo} promoter promote staging prod --verbose")) };
    runs(&server, "Degraded", "ghcr.io/acme/api:1.1");
    assert_snapshot!(promote(), @r"
    2> error: refused: api: shop-api-staging in staging is Degraded; Deployment api is Degraded: no space (healthy: fail)
    2> hint: promote again when the environment before runs it and is well; `promote --ready` leaves out blocked services
    exit code 3
    ");
    runs(&server, "Healthy", "ghcr.io/acme/api:1.0");
    assert_snapshot!(promote(), @r"
    2> error: refused: api: staging does not run `ghcr.io/acme/api` 1.1 yet: shop-api-staging runs ghcr.io/acme/api:1.0 (healthy: fail)
    2> hint: promote again when the environment before runs it and is well; `promote --ready` leaves out blocked services
    exit code 3
    ");
    for (status, body) in [(404, ""), (403, ""), (401, ""), (500, ""), (302, ""), (200, "<html>")] {
        server.answers(status, body);
        let told = promote();
        assert_eq!(told.code, 3, "{told}");
        assert!(told.stderr.contains("(healthy: unknown)"), "{told}");
        assert!(!told.stderr.contains(TOKEN), "{told}");
    }
    runs(&server, "Healthy", "ghcr.io/acme/api:1.1");
    assert_snapshot!(promote(), @r"
    api  1.0  ->  1.1  environments/prod/api/kustomization.yaml
    gate prod takes from staging (order: pass)
    gate api: nothing stands against 1.1 (hold: pass)
    gate api: shop-api-staging runs 1.1 in staging and is Healthy (healthy: pass)
    committed <c5> on main
    ");
    let asked = server.asked.lock().unwrap();
    let (first, token) = ("get /api/v1/applications/shop-api-staging http/1.1", TOKEN);
    assert!(asked.iter().all(|head| head.starts_with(first)), "{asked:?}");
    assert!(asked.iter().all(|head| head.contains(&format!("bearer {token}"))), "{asked:?}");
}

#[test]
fn who_cannot_be_asked_says_nothing() {
    let story = asking(NAMED);
    assert_snapshot!(story.tell("promoter promote staging prod"), @r"
    2> error: refused: api: Argo CD cannot be asked: neither ARGOCD_SERVER nor a kubeconfig is set (healthy: unknown)
    2> hint: promote again when the environment before runs it and is well; `promote --ready` leaves out blocked services
    exit code 3
    ");
    let nobody = "ARGOCD_SERVER=http://127.0.0.1:1 ARGOCD_AUTH_TOKEN=x";
    assert_snapshot!(story.tell(&format!("{nobody} promoter promote staging prod")), @r"
    2> error: refused: api: Argo CD cannot be asked: 127.0.0.1 cannot be reached (healthy: unknown)
    2> hint: promote again when the environment before runs it and is well; `promote --ready` leaves out blocked services
    exit code 3
    ");
    assert_snapshot!(story.tell("ARGOCD_SERVER=ftp://x promoter promote staging prod"), @r"
    2> error: refused: api: Argo CD cannot be asked: ARGOCD_SERVER is no address: `ftp://x` (healthy: unknown)
    2> hint: promote again when the environment before runs it and is well; `promote --ready` leaves out blocked services
    exit code 3
    ");
    let unnamed = asking("");
    assert_snapshot!(unnamed.tell("promoter promote staging prod"), @r#"
    2> error: refused: api: promoter.yaml does not say what Argo CD calls it: `argocd: { application: "{service}-{environment}" }` (healthy: unknown)
    2> hint: promote again when the environment before runs it and is well; `promote --ready` leaves out blocked services
    exit code 3
    "#);
    assert_snapshot!(unnamed.tell("promoter rollback prod api --to HEAD"), @"nothing to do: prod runs these versions already");
}
