//! One line for each request.

use serde_json::Value;

use crate::world::{Backend, Call};

on_back_ends!(fields, one_line_each, hostile);

fn fields(backend: Backend) {
    let world = backend.world();
    let call = Call::get("/api/v1/records/1?x=1").header("x-request-id", "logged");
    world.send(call).expect(200);
    let line = world.api.request_line("logged");
    let expected = [
        ("level", "INFO"),
        ("message", "request"),
        ("method", "GET"),
        ("path", "/api/v1/records/1"),
        ("route", "/api/v1/records/{id}"),
        ("client", "127.0.0.1"),
    ];
    for (name, value) in expected {
        let found = line[name].as_str().unwrap_or_default();
        assert!(found.eq_ignore_ascii_case(value), "{name}: {line}");
    }
    assert_eq!(line["status"], 200);
    assert!(line["duration_us"].as_f64().is_some_and(|duration| duration > 0.0), "{line}");
    assert!(line["timestamp"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok(), "{line}");
    let trace = line["trace_id"].as_str().unwrap();
    assert!(trace.len() == 32 && trace.bytes().all(|b| b.is_ascii_hexdigit()), "{line}");
}

fn one_line_each(backend: Backend) {
    let world = backend.world();
    let calls = [("/", 200), ("/nothing", 404), ("/api/v1/records/0", 400), ("/jobs", 405)];
    for (number, (path, status)) in calls.into_iter().enumerate() {
        world.send(Call::get(path).header("x-request-id", format!("line-{number}")));
        assert_eq!(world.api.request_line(&format!("line-{number}"))["status"], status);
    }
    let of = |line: &Value| line["request_id"].as_str().is_some_and(|id| id.starts_with("line-"));
    assert_eq!(world.api.log().events("request").iter().filter(|line| of(line)).count(), 4);
}

/// Whatever a client sends, each line stays one JSON object.
fn hostile(backend: Backend) {
    let world = backend.world();
    for path in ["/%0A%22%7D", "/%00", "/%ff", "/a\"b", "/%1b[31m", "/\u{fffd}"] {
        Call::get(path).header("user-agent", "\"}{").try_send_to(&world.api);
    }
    world.send(Call::get("/hello").header("x-request-id", "last")).expect(200);
    world.api.request_line("last");
    for line in world.api.log().lines() {
        assert!(serde_json::from_str::<Value>(&line).is_ok_and(|line| line.is_object()), "{line}");
    }
}
