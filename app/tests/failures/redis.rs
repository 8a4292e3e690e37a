//! Redis: not there yet, killed, stalled, back again.

use crate::timing::{SHORT, unavailable};
use crate::world::{Call, Program, Redis, Service, until};

const LUNCH: &str = "/api/v1/timestamps/lunch";

fn api(redis: &Redis) -> Service {
    let url = redis.url();
    Program::Api.serve(&[("REDIS_URL", &url), ("STORE_TIMEOUT", SHORT), ("SEED", "demo")])
}

/// Everything that needs Redis says so, all else goes on.
#[track_caller]
fn is_down(api: &Service) {
    let body = api.until_ready(503);
    assert_eq!((&body["status"], &body["checks"]["database"]), (&"not ready".into(), &"ok".into()));
    assert_ne!(body["checks"]["redis"], "ok");
    api.get("/healthz").expect(200);
    for call in [Call::get(LUNCH), Call::put(LUNCH), Call::delete(LUNCH)] {
        unavailable(api, call);
    }
    unavailable(api, Call::get("/api/v1/timestamps"));
    api.get("/").expect(200);
    api.get("/api/v1/records").expect(200);
    gauge(api, "redis_up 0");
}

fn gauge(api: &Service, line: &str) {
    until(line, || api.get("/metrics").text().contains(line).then_some(()));
}

#[track_caller]
fn is_up(api: &Service) {
    assert_eq!(api.until_ready(200)["checks"]["redis"], "ok");
    let status = api.send(Call::put(LUNCH)).status;
    assert!([200, 201].contains(&status), "{status}");
    api.get("/api/v1/timestamps").expect(200);
    gauge(api, "redis_up 1");
}

#[test]
fn absent_at_start() {
    let mut redis = Redis::absent();
    let api = api(&redis);
    is_down(&api);
    redis.restart();
    is_up(&api);
}

#[test]
fn killed_and_back() {
    let mut redis = Redis::start();
    let api = api(&redis);
    is_up(&api);
    let kept = api.send(Call::put("/api/v1/timestamps/kept").body("text/plain", "7")).expect(201);
    for _ in 0..2 {
        redis.kill();
        is_down(&api);
        redis.restart();
        is_up(&api);
    }
    assert_eq!(api.get("/api/v1/timestamps/kept").expect(200).json(), kept.json());
}

#[test]
fn stalled_and_back() {
    let redis = Redis::start();
    let api = api(&redis);
    is_up(&api);
    redis.pause();
    is_down(&api);
    redis.resume();
    is_up(&api);
}
