//! Health, readiness, version, documents; and the listener that may have them alone.

use serde_json::json;

use crate::world::{Backend, Call, Program};

on_back_ends!(health, version, documents, admin_listener);

const SYSTEM: [&str; 4] = ["/healthz", "/readyz", "/version", "/metrics"];

fn health(backend: Backend) {
    let world = backend.world();
    assert_eq!(world.get("/healthz").expect(200).json(), json!({"status": "ok"}));
    let ready = world.api.until_ready(200);
    assert_eq!(ready, json!({"status": "ready", "checks": {"database": "ok", "redis": "ok"}}),);
}

fn version(backend: Backend) {
    let world = backend.world();
    let version = world.get("/version").expect(200).json();
    assert_eq!(version["name"], "api");
    assert_eq!(version["version"], env!("CARGO_PKG_VERSION"));
    assert!(version["commit"].as_str().is_some_and(|commit| !commit.is_empty()), "{version}");
}

fn documents(backend: Backend) {
    let world = backend.world();
    for (service, program) in [(&world.api, Program::Api), (&world.auth, Program::Auth)] {
        let printed = program.run(&["openapi"], &[]);
        assert_eq!(printed.code, Some(0), "{printed:?}");
        let printed: serde_json::Value = serde_json::from_str(&printed.stdout).unwrap();
        assert_eq!(service.get("/openapi.json").expect(200).json(), printed);
        let shortened = service.get("/docs");
        assert!([301, 302, 303, 307, 308].contains(&shortened.status), "{}", shortened.status);
        assert!(["docs/", "/docs/"].contains(&shortened.header("location").unwrap()));
        let page = service.get("/docs/").expect(200);
        assert!(page.header("content-type").unwrap().starts_with("text/html"));
    }
}

fn admin_listener(backend: Backend) {
    let variables = [("ADMIN_ADDR", "127.0.0.1:0")];
    let world = backend.setting().api(&variables).auth(&variables).start();
    for (service, public) in [(&world.api, "/hello"), (&world.auth, "/docs/")] {
        for path in SYSTEM {
            service.get(path).problem(404);
            let admin = Call::get(path).try_send(&crate::world::agent(), &service.admin_url());
            assert_eq!(admin.unwrap().status, 200, "{path}");
        }
        service.get(public).expect(200);
    }
    let admin = Call::get("/hello").try_send(&crate::world::agent(), &world.api.admin_url());
    assert_eq!(admin.unwrap().status, 404);
    world.send(Call::post("/jobs").bearer("mytoken")).expect(200);
}
