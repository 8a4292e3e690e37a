//! A `SQLite` file: made and migrated by whoever serves, and kept.

use serde_json::json;

use crate::world::{Call, Program, Service, TOKEN, folder};

fn serve(program: Program, url: &str, more: &[(&str, &str)]) -> Service {
    program
        .serve(&[&[("DATABASE_URL", url), ("SEED", "demo"), ("DRAIN_DELAY", "0s")], more].concat())
}

fn post() -> Call {
    let record = json!({
        "service": "api", "environment": "prod", "version": "9", "commit": "0123abc",
        "deployed_at": "2026-11-21T10:00:00Z",
    });
    Call::post("/api/v1/records").bearer(TOKEN).json(&record)
}

#[test]
fn is_kept_over_restarts() {
    let folder = folder("sqlite");
    let [ours, theirs] =
        ["api.db", "auth.db"].map(|name| format!("sqlite:{}", folder.join(name).display()));
    let mut auth = serve(Program::Auth, &theirs, &[]);
    let mut api = serve(Program::Api, &ours, &[("AUTH_URL", &auth.url())]);
    let kept = api.send(post()).expect(201);
    let total = api.get("/api/v1/records").number("x-total-count");
    for _ in 0..2 {
        assert_eq!((api.stop(), auth.stop()), (Some(0), Some(0)));
        auth = serve(Program::Auth, &theirs, &[]);
        api = serve(Program::Api, &ours, &[("AUTH_URL", &auth.url())]);
        assert_eq!(api.send(post()).expect(200).json(), kept.json());
        assert_eq!(api.get("/api/v1/records").number("x-total-count"), total);
    }
}

/// Killed without a word: what was answered is there.
#[test]
fn survives_a_kill() {
    let url = format!("sqlite:{}", folder("sqlite").join("app.db").display());
    let auth = serve(Program::Auth, &url, &[]);
    let mut api = serve(Program::Api, &url, &[("AUTH_URL", &auth.url())]);
    let path = api.send(post()).expect(201).header("location").unwrap().to_owned();
    api.process.kill();
    let api = serve(Program::Api, &url, &[]);
    api.get(path).expect(200);
}

#[test]
fn migrate_makes_it() {
    let file = folder("sqlite").join("app.db");
    let url = format!("sqlite:{}", file.display());
    for _ in 0..2 {
        let ran = Program::Api.run(&["migrate"], &[("DATABASE_URL", &url)]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert!(file.exists());
    }
}
