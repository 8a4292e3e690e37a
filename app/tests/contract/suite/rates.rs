//! Limits for each client.

use crate::world::{Answer, Backend, Call, World};

on_back_ends!(writes, writes_behind_a_proxy, forged_addresses, failures, failures_behind_a_proxy,);

const PATH: &str = "/api/v1/timestamps/lunch";

fn put(world: &World, client: &str) -> Answer {
    world.send(Call::put(PATH).header("x-forwarded-for", client))
}

fn guess(world: &World, client: &str) -> Answer {
    world.send(Call::post("/jobs").bearer("guess").header("x-forwarded-for", client))
}

/// As many answers as the limit come before the first 429.
#[track_caller]
fn limited(limit: usize, usual: [u16; 2], ask: impl Fn() -> Answer) {
    for _ in 0..limit {
        let answer = ask();
        assert!(usual.contains(&answer.status), "{} {}", answer.status, answer.text());
    }
    let refused = (0..limit * 10).map(|_| ask()).find(|answer| answer.status == 429);
    refused.expect("no 429").come_again(429);
}

fn writes(backend: Backend) {
    let world = backend.api(&[("WRITES_PER_MINUTE", "3")]);
    limited(3, [200, 201], || world.send(Call::put(PATH)));
    world.send(Call::delete(PATH)).come_again(429);
    world.get(PATH).expect(200);
    world.get("/api/v1/timestamps").expect(200);
}

fn writes_behind_a_proxy(backend: Backend) {
    let world = backend.api(&[("WRITES_PER_MINUTE", "3"), ("TRUSTED_PROXIES", "1")]);
    limited(3, [200, 201], || put(&world, "192.0.2.1"));
    put(&world, "192.0.2.2").expect(200);
    put(&world, "2001:db8::1").expect(200);
    put(&world, "192.0.2.3, 192.0.2.1").come_again(429);
    put(&world, "192.0.2.1, 192.0.2.4").expect(200);
}

/// Who is believed to be a proxy is configured; a client's own word counts nothing.
fn forged_addresses(backend: Backend) {
    let world = backend.api(&[("WRITES_PER_MINUTE", "3")]);
    let next = std::cell::Cell::new(0);
    limited(3, [200, 201], || {
        next.set(next.get() + 1);
        put(&world, &format!("192.0.2.{}", next.get()))
    });
}

fn failures(backend: Backend) {
    let world = backend.setting().auth(LIMIT).api(LIMIT).start();
    limited(3, [401, 401], || world.send(Call::post("/jobs").bearer("guess")));
    world.get("/hello").expect(200);
    world.get("/api/v1/records").expect(200);
}

fn failures_behind_a_proxy(backend: Backend) {
    let proxied = [LIMIT, &[("TRUSTED_PROXIES", "1")]].concat();
    let world = backend.setting().auth(LIMIT).api(&proxied).start();
    limited(3, [401, 401], || guess(&world, "192.0.2.1"));
    guess(&world, "192.0.2.2").problem(401);
    let good = Call::post("/jobs").bearer("mytoken").header("x-forwarded-for", "192.0.2.3");
    world.send(good).expect(200);
}

const LIMIT: &[(&str, &str)] = &[("AUTH_FAILURES_PER_MINUTE", "3")];
