//! W3C trace context: continued where it is sound, from `api` on to `auth`.

use crate::world::{Backend, Call};

on_back_ends!(continued, unsound);

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

fn continued(backend: Backend) {
    let world = backend.world();
    let parent = format!("00-{TRACE}-00f067aa0ba902b7-01");
    let call = Call::post("/jobs").bearer("mytoken").header("traceparent", parent);
    world.send(call.header("x-request-id", "traced")).expect(200);
    assert_eq!(world.api.request_line("traced")["trace_id"], TRACE);
    let line = crate::world::until("auth's line of the trace", || {
        let lines = world.auth.log().events("request");
        lines.into_iter().find(|line| line["trace_id"] == TRACE)
    });
    assert_eq!(line["path"], "/auth");
}

fn unsound(backend: Backend) {
    let world = backend.world();
    let parents = [
        format!("00-{TRACE}-00f067aa0ba902b7"),
        format!("ff-{TRACE}-00f067aa0ba902b7-01"),
        format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
        format!("00-{TRACE}-0000000000000000-01"),
        format!("00-{}-00f067aa0ba902b7-01", TRACE.to_uppercase()),
        "nonsense".to_owned(),
        "x".repeat(4000),
    ];
    for (number, parent) in parents.iter().enumerate() {
        let id = format!("unsound-{number}");
        let call = Call::get("/hello").header("x-request-id", &id).header("traceparent", parent);
        world.send(call).expect(200);
        let line = world.api.request_line(&id);
        let trace = line["trace_id"].as_str().unwrap_or_default();
        assert_ne!(trace.to_lowercase(), TRACE, "{parent}");
        assert_ne!(trace, "0".repeat(32), "{parent}");
    }
}
