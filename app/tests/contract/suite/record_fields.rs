//! Fields of a record, up to their limits and past them.

use serde_json::{Value, json};

use crate::world::{Answer, Backend, Call, TOKEN, World};

on_back_ends!(allowed, refused, missing, bodies);

fn allowed_values() -> Vec<(&'static str, String)> {
    let texts = [
        ("service", "a"),
        ("service", "9-9"),
        ("environment", "a--b"),
        ("version", "_"),
        ("version", "v1.2.3-rc.1+build_5"),
        ("version", "A"),
        ("commit", "0123456"),
        ("deployed_at", "1970-01-01T00:00:00Z"),
        ("deployed_at", "2026-11-21T23:59:59-11:00"),
    ];
    let long = [("service", "s", 63), ("environment", "e", 63), ("version", "v", 128)];
    let long = long.into_iter().chain([("commit", "c", 64)]);
    let long = long.map(|(field, character, times)| (field, character.repeat(times)));
    texts.into_iter().map(|(field, text)| (field, text.to_owned())).chain(long).collect()
}

fn refused_values() -> Vec<(&'static str, Value)> {
    let text = ["", "A", "-a", "a-", "a_b", "a.b", "a b", "é", "a\0", "a\n"];
    let names = text.into_iter().flat_map(|text| [("service", text), ("environment", text)]);
    let versions = ["", "-1", ".1", "+1", "1 0", "1/0", "1\0", "1\n", "é"].map(|v| ("version", v));
    let commits = ["012345", "0123ABC", "0123abg", " 0123abc", ""].map(|text| ("commit", text));
    let times = ["", "now", "2026-11-21", "2026-11-21T10:00:00", "2026-02-30T10:00:00Z"];
    let times = times.map(|text| ("deployed_at", text));
    let texts = names.chain(versions).chain(commits).chain(times);
    let texts = texts.map(|(field, text)| (field, json!(text)));
    let long = [("service", "s", 64), ("environment", "e", 64), ("version", "v", 129)];
    let long = long.into_iter().chain([("commit", "c", 65), ("version", "v", 60_000)]);
    let long = long.map(|(field, character, times)| (field, json!(character.repeat(times))));
    let kinds = [json!(null), json!(1), json!(true), json!([]), json!({})];
    texts.chain(long).chain(kinds.map(|kind| ("version", kind))).collect()
}

fn post(world: &World, field: &str, value: Value) -> Answer {
    let mut record = json!({
        "service": "api", "environment": "prod", "version": "1.2.0", "commit": "0123abc",
        "deployed_at": "2026-11-20T10:00:00Z",
    });
    record[field] = value;
    world.send(Call::post("/api/v1/records").bearer(TOKEN).json(&record))
}

fn allowed(backend: Backend) {
    let world = backend.world();
    for (field, text) in allowed_values() {
        let answer = post(&world, field, json!(text));
        assert_eq!(answer.status, 201, "{field}: {text}: {}", answer.text());
        if field != "deployed_at" {
            assert_eq!(answer.json()[field], json!(text));
        }
        let path = answer.header("location").unwrap();
        assert_eq!(world.get(path).json(), answer.json());
    }
}

fn refused(backend: Backend) {
    let world = backend.world();
    let before = world.get("/api/v1/records").number("x-total-count");
    for (field, value) in refused_values() {
        let shown: String = value.to_string().chars().take(40).collect();
        let answer = post(&world, field, value);
        assert_eq!(answer.status, 400, "{field}: {shown}: {}", answer.text());
        answer.problem(400);
    }
    assert_eq!(world.get("/api/v1/records").number("x-total-count"), before);
}

fn missing(backend: Backend) {
    let world = backend.world();
    let full = json!({
        "service": "api", "environment": "prod", "version": "1.2.0", "commit": "0123abc",
        "deployed_at": "2026-11-20T10:00:00Z",
    });
    for field in full.as_object().unwrap().keys() {
        let mut record = full.clone();
        record.as_object_mut().unwrap().remove(field);
        let answer = world.send(Call::post("/api/v1/records").bearer(TOKEN).json(&record));
        assert_eq!(answer.status, 400, "without {field}: {}", answer.text());
        answer.problem(400);
    }
}

fn bodies(backend: Backend) {
    let world = backend.world();
    let post = |kind: &str, body: &[u8]| {
        world.send(Call::post("/api/v1/records").bearer(TOKEN).body(kind, body))
    };
    let deep = "[".repeat(30_000);
    let wrong: [&[u8]; 7] =
        [b"", b"{", b"[]", b"null", b"\"\"", b"{\"service\":\"\xff\"}", deep.as_bytes()];
    for body in wrong {
        let answer = post("application/json", body);
        assert_eq!(answer.status, 400, "{}", String::from_utf8_lossy(body));
        answer.problem(400);
    }
    for kind in ["text/plain", "application/xml", "application/x-www-form-urlencoded"] {
        post(kind, b"{}").problem(415);
    }
    post("application/json", &vec![b' '; 65_537]).problem(413);
}
