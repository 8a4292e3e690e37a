//! Timestamps: set, read, reset.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::world::{Answer, Backend, Call};

on_back_ends!(now, given, refused, other_kinds, listed, reset);

const PATH: &str = "/api/v1/timestamps/lunch";

/// Content type, body, and the second that it names.
const GIVEN: [(&str, &str, i64); 11] = [
    ("application/json", r#"{"timestamp":"2026-11-21T10:00:00Z"}"#, 1_795_255_200),
    ("application/json", r#"{"timestamp":1795255201}"#, 1_795_255_201),
    ("application/json; charset=utf-8", r#"{"timestamp":1795255202}"#, 1_795_255_202),
    ("text/plain", "2026-11-21T10:00:03Z", 1_795_255_203),
    ("text/plain", "1795255204", 1_795_255_204),
    ("text/plain; charset=utf-8", "1795255205", 1_795_255_205),
    ("application/json", r#"{"timestamp":"2026-11-21T11:00:06+01:00"}"#, 1_795_255_206),
    ("text/plain", "2026-11-21T10:00:07.9Z", 1_795_255_207),
    ("text/plain", "0", 0),
    ("text/plain", "-1", -1),
    ("text/plain", "1970-01-01T00:00:00Z", 0),
];

const REFUSED: [(&str, &str); 16] = [
    ("application/json", "{"),
    ("application/json", "nonsense"),
    ("application/json", "[]"),
    ("application/json", r#""2026-11-21T10:00:00Z""#),
    ("application/json", r#"{"timestamp":true}"#),
    ("application/json", r#"{"timestamp":{}}"#),
    ("application/json", r#"{"timestamp":"yesterday"}"#),
    ("application/json", r#"{"timestamp":"2026-13-21T10:00:00Z"}"#),
    ("application/json", r#"{"timestamp":"2026-11-21T10:00:00"}"#),
    ("application/json", r#"{"timestamp":9223372036854775807}"#),
    ("application/json", r#"{"timestamp":1e400}"#),
    ("application/json", "{\"timestamp\":\"\\u0000\"}"),
    ("text/plain", "noon"),
    ("text/plain", "99999999999999999999"),
    ("text/plain", "-9223372036854775808"),
    ("text/plain", "2026-11-21"),
];

fn now(backend: Backend) {
    let world = backend.world();
    let created = world.send(Call::put(PATH)).expect(201);
    assert_eq!(created.header("location"), Some(PATH));
    let seconds = whole(&created);
    let age = Timestamp::now().as_second() - seconds;
    assert!((0..120).contains(&age), "set {age} s ago");
    assert_eq!(world.get(PATH).expect(200).json(), created.json());
    assert!(whole(&world.send(Call::put(PATH)).expect(200)) >= seconds);
}

fn given(backend: Backend) {
    let world = backend.world();
    let mut status = 201;
    for (kind, body, seconds) in GIVEN {
        let answer = world.send(Call::put(PATH).body(kind, body));
        assert_eq!(answer.status, status, "{kind} {body}: {}", answer.text());
        assert_eq!(whole(&answer), seconds, "{kind} {body}");
        assert_eq!(world.get(PATH).json(), answer.json(), "{kind} {body}");
        status = 200;
    }
}

fn refused(backend: Backend) {
    let world = backend.world();
    for (kind, body) in REFUSED {
        let answer = world.send(Call::put(PATH).body(kind, body));
        assert_eq!(answer.status, 400, "{kind} {body}: {}", answer.text());
        answer.problem(400);
    }
    let bytes = Call::put(PATH).body("text/plain", b"\xff\xfe".as_slice());
    world.send(bytes).problem(400);
    world.get(PATH).problem(404);
}

fn other_kinds(backend: Backend) {
    let world = backend.world();
    for kind in ["image/png", "application/xml", "nonsense"] {
        world.send(Call::put(PATH).body(kind, "1795255200")).problem(415);
    }
}

fn listed(backend: Backend) {
    let world = backend.world();
    assert_eq!(world.get("/api/v1/timestamps").expect(200).text(), "[]");
    let mut names = ["b", "a", "B", "a.1", "a-1", "10", "9", "a_1"];
    let set = |name: &&str| {
        world.send(Call::put(format!("/api/v1/timestamps/{name}")).body("text/plain", "7"))
    };
    for name in &names {
        set(name).expect(201);
    }
    names.sort_unstable();
    let entry = |name| json!({"name": name, "timestamp": "1970-01-01T00:00:07Z", "unix": 7});
    let expected: Vec<Value> = names.map(entry).into();
    assert_eq!(world.get("/api/v1/timestamps").json(), Value::from(expected));
}

fn reset(backend: Backend) {
    let world = backend.world();
    world.send(Call::put(PATH)).expect(201);
    for _ in 0..2 {
        let answer = world.send(Call::delete(PATH)).expect(204);
        assert_eq!((answer.body.as_slice(), answer.header("content-type")), (&b""[..], None));
        world.get(PATH).problem(404);
    }
    assert_eq!(world.get("/api/v1/timestamps").text(), "[]");
    world.send(Call::put(PATH)).expect(201);
}

/// The seconds of a timestamp that says the same in both of its forms.
#[track_caller]
fn whole(answer: &Answer) -> i64 {
    let body = answer.json();
    let seconds = body["unix"].as_i64().unwrap();
    let text = Timestamp::from_second(seconds).unwrap().to_string();
    assert_eq!(body, json!({"name": "lunch", "timestamp": text, "unix": seconds}));
    seconds
}
