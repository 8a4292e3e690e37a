//! docs/output.md.

use std::fs;

use crate::argocd::Server;
use crate::document;
use crate::schema::Schema;
use crate::story::{PIPELINE, Story, overlay, path};

const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Holds the output of commands against the tables.
struct Told<'s> {
    story: Story,
    schema: &'s mut Schema,
}

impl Told<'_> {
    fn tell(&mut self, arguments: &str) {
        let value = self.story.json(arguments);
        self.schema.holds_result(&value);
    }
}

#[test]
fn every_field_is_documented_and_every_documented_field_is_there() {
    let text = fs::read_to_string(document("output.md")).unwrap();
    let mut schema = Schema::parse(&text);
    promotions(Told { story: Story::shop(), schema: &mut schema });
    readings(Told { story: Story::shop(), schema: &mut schema });
    mirrors(Told { story: Story::shop(), schema: &mut schema });
    problems(Told { story: Story::shop(), schema: &mut schema });
    refusals(Told { story: Story::shop(), schema: &mut schema });
    waits(&Story::shop(), &mut schema);
    follows(&Story::shop(), &mut schema);
    holds(Told { story: Story::shop(), schema: &mut schema });
    beginnings(Told { story: Story::shop(), schema: &mut schema });
    // Those of pull requests are seen where there is a forge: tests/forge.
    let unseen = schema
        .unseen()
        .into_iter()
        .filter(|field| !field.contains("pull") && !field.ends_with(".pending"));
    assert_eq!(unseen.collect::<Vec<_>>(), Vec::<String>::new(), "documented, and never seen");
}

fn promotions(mut told: Told<'_>) {
    told.tell(&format!("bump dev api=1.1@{DIGEST}"));
    told.tell("bump dev api=1.1.0 --not-older");
    told.story.set("dev", "api", "1.10.0");
    told.tell("bump dev api=1.9.0 --not-older");
    told.tell("promote dev staging --dry-run --with-name");
    told.story.edit(&[("promoter.yaml", "environments: [{name: dev}]\n")]);
    told.tell("promote dev staging");
    told.story.did("git checkout --quiet promoter.yaml");
    told.tell("promote staging prod");
    told.story.commit("replicas", &[("environments/prod/api/replicas.yaml", "replicas: 3\n")]);
    told.tell("rollback prod api");
    told.tell("promote staging prod");
    told.tell("promote staging prod --ready");
    told.tell("bump dev api=2.0 --expect 0.9");
    told.story.publish();
    told.tell("bump dev api=2.0 --push");
}

fn readings(mut told: Told<'_>) {
    let images = [("api", "1.0"), ("proxy", "8")];
    told.story.commit("a sidecar", &[(&path("prod", "api"), &overlay(&images))]);
    told.story.commit("none", &[(&path("prod", "api"), &overlay(&[("api", "1.1")]))]);
    told.tell("rollback prod api --to HEAD~1");
    told.story.did("promoter bump dev api=1.2");
    told.story.commit(
        "nested",
        &[
            (&path("dev", "web"), "resources: [inner]\n"),
            (&path("dev", "web/inner"), &overlay(&[("web", "1")])),
        ],
    );
    told.story.did("git mv environments/dev/auth environments/dev/login");
    let hold =
        "- {kind: hold, reason: x, since: 2026-01-01T00:00:00Z, until: 2999-01-01T00:00:00Z}\n";
    told.story.commit("rename and hold", &[(".promoter/holds/prod/api.yaml", hold)]);
    told.tell("status");
    told.tell("history");
    told.tell("where web");
    told.tell("check");
    told.tell("check --base HEAD~1");
}

/// Overlays that Kustomize builds, with a mirror each and a file that one of them lacks.
fn mirrors(mut told: Told<'_>) {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: api}\n\
        spec: {containers: [{name: api, image: api}]}\n";
    let images = |mirror: &str, tag: &str| {
        format!(
            "resources: [pod.yaml]\nimages:\n  - {{name: api, newName: {mirror}, newTag: '{tag}'}}\n"
        )
    };
    told.story.commit(
        "mirrors",
        &[
            ("environments/dev/api/pod.yaml", pod),
            ("environments/staging/api/pod.yaml", pod),
            (&path("dev", "api"), &images("one.io/api", "1.1")),
            (&path("staging", "api"), &images("two.io/api", "1.0")),
            (&path("dev", "api/debug"), &overlay(&[("debug", "1")])),
        ],
    );
    told.tell("promote dev staging --with-name --dry-run");
    told.tell("diff dev staging --rendered");
}

fn problems(mut told: Told<'_>) {
    let sidecar = overlay(&[("api", "1.1"), ("proxy", "9")]);
    told.story.commit(
        "more",
        &[
            (&path("dev", "api"), &sidecar),
            (&path("dev", "web"), &overlay(&[("web", "1")])),
            (&path("dev", "cart"), &overlay(&[("cart", "2")])),
            (&path("staging", "cart"), "resources: [a, b]\n"),
            (&path("staging", "cart/a"), &overlay(&[("cart", "1")])),
            (&path("staging", "cart/b"), &overlay(&[("cart", "1")])),
        ],
    );
    told.tell("diff dev staging");
    told.tell("promote dev staging");
    told.tell("promote dev staging api --add");
    told.story.commit(
        "two into one",
        &[
            (&path("dev", "shop"), "resources: [a, b]\n"),
            (&path("dev", "shop/a"), &overlay(&[("shop", "1")])),
            (&path("dev", "shop/b"), &overlay(&[("shop", "2")])),
            (&path("staging", "shop"), &overlay(&[("shop", "0")])),
        ],
    );
    told.tell("promote dev staging shop");
}

fn refusals(mut told: Told<'_>) {
    told.story.commit("broken", &[(&path("dev", "api"), "images: [\n")]);
    told.tell("promote dev staging");
    told.tell("check");
    told.tell("status");
    told.tell("promote dev prod");
    told.tell("promote dev");
    told.tell("promote dev nowhere");
    told.story.publish().hook("pre-receive", "echo no >&2; exit 1");
    told.tell("bump dev auth=2.1 --push");
}

fn holds(mut told: Told<'_>) {
    told.tell("hold prod api --reason x");
    told.tell(&format!("hold prod api --bad --version 1.1@{DIGEST} --reason x --until 7d"));
    told.tell("unhold prod api --all");
    told.tell("status");
    told.tell("bump dev api=1.1");
    told.story.set("prod", "api", "6.6");
    told.tell("audit");
}

fn waits(story: &Story, schema: &mut Schema) {
    let rules = story.read("promoter.yaml") + "argocd: { application: '{environment}' }\n";
    story.commit("rules", &[("promoter.yaml", &rules)]);
    let server = Server::start();
    let status = |health: &str| {
        let head = story.id("HEAD");
        let synced = format!(r#""sync": {{"status": "Synced", "revision": "{head}"}}"#);
        let images = r#""summary": {"images": ["ghcr.io/acme/api:1.0"]}"#;
        let health = format!(r#""health": {{"status": "{health}"}}"#);
        server.answers(200, &format!(r#"{{"status": {{{synced}, {images}, {health}}}}}"#));
    };
    let wait = || {
        let line =
            format!("ARGOCD_SERVER={} promoter wait prod api --timeout 1s -o json", server.address);
        serde_json::from_str(story.tell(&line).stdout.trim()).unwrap()
    };
    for health in ["Healthy", "Progressing"] {
        status(health);
        schema.holds_result(&wait());
    }
}

fn follows(story: &Story, schema: &mut Schema) {
    let rules = story.read("promoter.yaml") + "argocd: { application: '{environment}' }\n";
    story.commit("rules", &[("promoter.yaml", &rules)]);
    let server = Server::start();
    server.follows(story.path());
    let synced = r#""sync": {"status": "Synced", "revision": "$HEAD"}"#;
    let failed = r#""operationState": {"phase": "Failed", "syncResult": {"revision": "$HEAD"}}"#;
    let images = |tag| format!(r#""summary": {{"images": ["ghcr.io/acme/api:{tag}"]}}"#);
    let healthy = r#""health": {"status": "Healthy"}"#;
    let promote = || {
        let command = "promoter promote staging prod api --wait --rollback-on-failure -o json";
        let line = format!("ARGOCD_SERVER={} {command}", server.address);
        serde_json::from_str(story.tell(&line).stdout.trim()).unwrap()
    };
    story.set("staging", "api", "1.1");
    server.answers(200, &format!(r#"{{"status": {{{synced}, {}, {healthy}}}}}"#, images("1.1")));
    schema.holds_result(&promote());
    server.answers(200, &format!(r#"{{"status": {{{synced}, {failed}}}}}"#));
    schema.holds_result(&promote());
    story.set("staging", "api", "1.2");
    schema.holds_result(&promote());
    story.did("promoter hold prod api --bad --version 1.0 --reason worse");
    story.did("promoter hold prod api --bad --version 1.1 --reason worse");
    story.set("prod", "api", "1.1");
    story.set("staging", "api", "1.3");
    schema.holds_result(&promote());
}

fn beginnings(mut told: Told<'_>) {
    told.story.did("git rm --quiet promoter.yaml && git commit --quiet --message away");
    let spare = "environments/spare/api/kustomization.yaml";
    let beside = "environments/dev/kustomization.yaml";
    let files = [(spare, &*overlay(&[("api", "1.0")])), (beside, "resources: [api, auth]\n")];
    told.story.commit("spare", &files);
    told.tell("init --dry-run");
    told.tell(
        "init --layout 'environments/{environment}/{service}' --environments dev,staging,prod",
    );
    assert_ne!(told.story.read("promoter.yaml"), PIPELINE.1);
}
