//! `POST /auth`: whose token it is.

use crate::world::{Backend, Call};

on_back_ends!(tokens, bodies, system);

fn tokens(backend: Backend) {
    let world = backend.world();
    let good = world.auth.send(Call::post("/auth").form("token", "mytoken")).expect(200);
    assert_eq!(good.text(), "density");
    assert_eq!(good.header("content-type"), Some("text/plain; charset=utf-8"));
    for token in ["Mytoken", "mytoken2", "density", "'or+1=1--", "x", &"x".repeat(256)] {
        world.auth.send(Call::post("/auth").form("token", token)).problem(401);
    }
}

/// Bodies that hold no token by the pattern; any of these statuses says so.
fn bodies(backend: Backend) {
    let world = backend.world();
    let long = format!("token={}", "x".repeat(257));
    let bad = ["", "token=", "other=mytoken", "token=%00", "token=%ff", "token=caf%C3%A9", &long];
    for body in bad.into_iter().chain(["token=mytoken+", "token='+or+1=1--", "mytoken"]) {
        let call = Call::post("/auth").body("application/x-www-form-urlencoded", body);
        let answer = world.auth.send(call);
        assert!([400, 401].contains(&answer.status), "{body}: {}", answer.status);
        answer.problem(answer.status);
    }
    let json = Call::post("/auth").body("application/json", r#"{"token":"mytoken"}"#);
    world.auth.send(json).problem(415);
    world.auth.get("/auth").problem(405);
}

fn system(backend: Backend) {
    let world = backend.world();
    assert_eq!(world.auth.get("/healthz").expect(200).json()["status"], "ok");
    let ready = world.auth.until_ready(200);
    assert_eq!(ready["status"], "ready");
    assert_eq!(ready["checks"], serde_json::json!({"database": "ok"}));
    assert_eq!(world.auth.get("/version").expect(200).json()["name"], "auth");
    assert!(world.auth.get("/metrics").expect(200).text().contains("http_requests_total"));
    let document = world.auth.get("/openapi.json").expect(200).json();
    assert!(document["paths"]["/auth"]["post"].is_object(), "{document}");
    world.auth.get("/docs/").expect(200);
    world.auth.get("/jobs").problem(404);
}
