//! `x-request-id`: taken from the client where it is harmless, else made.

use std::collections::BTreeSet;

use ureq::http::HeaderValue;

use crate::world::{Backend, Call};

on_back_ends!(echoed, replaced, made);

fn echoed(backend: Backend) {
    let world = backend.world();
    let long = "i".repeat(64);
    for id in ["a", "A.b_c-9", "0123456789", long.as_str()] {
        for path in ["/", "/hello", "/nothing", "/api/v1/records/0", "/api/v1/records/1"] {
            let answer = world.send(Call::get(path).header("x-request-id", id));
            assert_eq!(answer.header("x-request-id"), Some(id), "{path}");
        }
    }
    let answer = world.send(Call::post("/jobs").header("x-request-id", "mine"));
    assert_eq!(answer.problem(401)["request_id"], "mine");
}

fn replaced(backend: Backend) {
    let world = backend.world();
    let long = "i".repeat(65);
    for id in ["", "a b", "a/b", "a\"b", "a\\b", "{}", "a,b", "<script>", "a%0a", long.as_str()] {
        let answer = world.send(Call::get("/nothing").header("x-request-id", id));
        assert_ne!(answer.header("x-request-id"), Some(id));
        answer.problem(404);
    }
    let bytes = HeaderValue::from_bytes(b"caf\xe9").unwrap();
    world.send(Call::get("/nothing").raw_header("x-request-id", bytes)).problem(404);
}

fn made(backend: Backend) {
    let world = backend.world();
    let id = |_| world.get("/hello").header("x-request-id").unwrap().to_owned();
    let ids: BTreeSet<String> = (0..200).map(id).collect();
    assert_eq!(ids.len(), 200);
    let plain = |id: &String| id.bytes().all(|byte| byte.is_ascii_graphic()) && id.len() <= 64;
    assert!(ids.iter().all(plain), "{ids:?}");
}
