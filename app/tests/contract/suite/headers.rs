//! Header fields that guard a browser.

use crate::world::{Answer, Backend, Call};

on_back_ends!(guarded, docs);

#[track_caller]
fn guards(answer: &Answer) {
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") || policy.contains("default-src 'self'"));
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe-eval") && !policy.contains("http"), "{policy}");
}

fn guarded(backend: Backend) {
    let world = backend.world();
    let paths = ["/", "/hello", "/nothing", "/api/v1/records", "/api/v1/records/0", "/healthz"];
    for path in paths {
        guards(&world.get(path));
    }
    guards(&world.send(Call::post("/jobs")));
    guards(&world.send(Call::put("/hello")));
    guards(&world.auth.get("/nothing"));
    let jobs = world.send(Call::post("/jobs").bearer("mytoken"));
    assert_eq!(jobs.header("cache-control"), Some("no-store"));
}

fn docs(backend: Backend) {
    let world = backend.world();
    for service in [&world.api, &world.auth] {
        let page = service.get("/docs/").expect(200);
        guards(&page);
        let policy = page.header("content-security-policy").unwrap();
        let scripts = policy.split(';').find(|part| part.trim().starts_with("script-src"));
        assert!(!scripts.unwrap_or_default().contains("unsafe-inline"), "{policy}");
        for foreign in ["src=\"http", "href=\"http", "src=\"//", "href=\"//", "<script>"] {
            assert!(!page.text().contains(foreign), "{foreign} in the docs page");
        }
    }
}
