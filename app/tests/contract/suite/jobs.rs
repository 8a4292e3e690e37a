//! `POST /jobs`: who may read it.

use crate::world::{Backend, Call, Wire};

on_back_ends!(tokens, without_token, unseeded);

const JOBS: &str = "Jobs:\nTitle: Devops\nDescription: Awesome\n";

/// The header field, and the status.
const TOKENS: [(&str, u16); 12] = [
    ("mytoken", 200),
    ("Bearer mytoken", 200),
    ("bearer mytoken", 200),
    ("Mytoken", 401),
    ("mytoken2", 401),
    ("mytoke", 401),
    ("Bearer ", 401),
    ("Bearer mytoken mytoken", 401),
    ("Basic bXl0b2tlbg==", 401),
    ("Bearer ' or 1=1 --", 401),
    ("Bearer mytoken%00", 401),
    ("Bearer %6dytoken", 401),
];

fn tokens(backend: Backend) {
    let world = backend.world();
    for (value, status) in TOKENS {
        let answer = world.send(Call::post("/jobs").header("authorization", value));
        assert_eq!(answer.status, status, "{value}: {}", answer.text());
        if status == 200 {
            assert_eq!(answer.text(), JOBS);
            assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
        } else {
            answer.problem(401);
            assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"app\""));
        }
    }
    let long = world.send(Call::post("/jobs").bearer(&"x".repeat(257)));
    long.problem(401);
}

fn without_token(backend: Backend) {
    let world = backend.world();
    let answer = world.send(Call::post("/jobs"));
    answer.problem(401);
    assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"app\""));
    let mut wire = Wire::open(&world.api);
    wire.send(b"POST /jobs HTTP/1.1\r\nhost: a\r\nauthorization: Bearer caf\xe9\r\n\r\n");
    assert_eq!(wire.answer().unwrap().status, 401);
}

fn unseeded(backend: Backend) {
    let world = backend.setting().bare().start();
    world.send(Call::post("/jobs").bearer("mytoken")).problem(401);
    let records = world.get("/api/v1/records").expect(200);
    assert_eq!(records.text(), "[]");
    assert_eq!(records.number("x-total-count"), 0);
    assert_eq!(world.get("/api/v1/records/1").status, 204);
}
