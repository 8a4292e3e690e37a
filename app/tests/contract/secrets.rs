//! No token and no password in anything that is printed or answered.

use crate::world::{Backend, Call, PASSWORD, World};

on_back_ends!(none_printed, none_printed_at_debug);

/// Tokens as clients send them, good and bad, plain and percent-encoded.
const TOKENS: [&str; 5] =
    ["mytoken", "bad-Secret-1", "bad%2DSecret%2D2", "%6D%79%74%6F%6B%65%6E", "mytoken%00"];

fn none_printed(backend: Backend) {
    check(&backend.world());
}

fn none_printed_at_debug(backend: Backend) {
    let level = [("LOG_LEVEL", "debug")];
    check(&backend.setting().api(&level).auth(&level).start());
}

fn check(world: &World) {
    for token in TOKENS {
        use_everywhere(world, token);
    }
    world.send(Call::get("/hello").header("x-request-id", "last"));
    world.api.request_line("last");
    for service in [&world.api, &world.auth] {
        for line in service.printed().lines() {
            for secret in TOKENS.into_iter().chain([PASSWORD]) {
                assert!(!line.contains(secret), "{secret} is in {line}");
            }
        }
    }
}

fn use_everywhere(world: &World, token: &str) {
    let calls = [
        Call::post("/jobs").bearer(token),
        Call::post("/jobs").header("authorization", token),
        Call::get(format!("/hello?token={token}")),
        Call::post(format!("/jobs?authorization={token}")).bearer(token),
        Call::post("/api/v1/records").bearer(token).body("application/json", "{"),
        Call::put("/hello").bearer(token).header("cookie", format!("token={token}")),
    ];
    for call in calls {
        let answer = world.send(call);
        assert!(!answer.text().contains(token), "{}", answer.text());
    }
    let body = format!("token={token}");
    for kind in ["application/x-www-form-urlencoded", "text/plain"] {
        let answer = world.auth.send(Call::post("/auth").body(kind, body.clone()));
        assert!(!answer.text().contains(token), "{}", answer.text());
    }
}
