//! Clients that take their time.

use std::thread;
use std::time::{Duration, Instant};

use crate::world::{LIMIT, Service, Wire, until};
use crate::{api, status};

const PUT: &str = "PUT /api/v1/timestamps/lunch HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\n\
                   content-length: 400\r\n\r\n";

fn impatient() -> Service {
    api(&[("HEADER_TIMEOUT", "1s"), ("REQUEST_TIMEOUT", "1s"), ("KEEP_ALIVE", "1s")])
}

/// Sends a byte every tenth of a second until the other side ends it.
fn drip(wire: &mut Wire, byte: &str) -> String {
    let end = Instant::now() + LIMIT;
    while wire.send(byte) && !wire.stirs(Duration::from_millis(100)) {
        assert!(Instant::now() < end, "it listens for ever");
    }
    wire.rest()
}

#[track_caller]
fn within_limits(begin: Instant) {
    let took = begin.elapsed();
    assert!(took >= Duration::from_millis(800), "closed after {took:?}");
    assert!(took < LIMIT / 2, "closed after {took:?}");
}

#[track_caller]
fn closed_or_408(rest: &str) {
    assert!(rest.is_empty() || rest.starts_with("HTTP/1.1 408"), "{rest}");
}

#[test]
fn head_byte_by_byte() {
    let api = impatient();
    let (mut wire, begin) = (Wire::open(&api), Instant::now());
    wire.send("GET /hello HTTP/1.1\r\nhost: ");
    assert_eq!(status(&api, "GET /hello HTTP/1.1\r\nhost: a\r\n\r\n"), 200);
    closed_or_408(&drip(&mut wire, "a"));
    within_limits(begin);
}

#[test]
fn no_head_at_all() {
    let api = impatient();
    let (mut wire, begin) = (Wire::open(&api), Instant::now());
    closed_or_408(&wire.rest());
    within_limits(begin);
}

#[test]
fn second_head_that_stops() {
    let api = impatient();
    let mut wire = Wire::open(&api);
    wire.send("GET /hello HTTP/1.1\r\nhost: a\r\n\r\n");
    assert_eq!(wire.answer().unwrap().status, 200);
    let begin = Instant::now();
    wire.send("GET /hel");
    closed_or_408(&wire.rest());
    within_limits(begin);
}

#[test]
fn nothing_after_an_answer() {
    let api = impatient();
    let mut wire = Wire::open(&api);
    wire.send("GET /hello HTTP/1.1\r\nhost: a\r\n\r\n");
    assert_eq!(wire.answer().unwrap().status, 200);
    let begin = Instant::now();
    assert_eq!(wire.rest(), "");
    within_limits(begin);
}

#[test]
fn kept_alive_longer_than_a_head_may_take() {
    let api = api(&[("HEADER_TIMEOUT", "1s"), ("KEEP_ALIVE", "60s")]);
    let mut wire = Wire::open(&api);
    for pause in [2500, 0] {
        wire.send("GET /hello HTTP/1.1\r\nhost: a\r\n\r\n");
        assert_eq!(wire.answer().expect("closed while kept alive").status, 200);
        thread::sleep(Duration::from_millis(pause));
    }
}

#[test]
fn body_byte_by_byte() {
    let api = impatient();
    let (mut wire, begin) = (Wire::open(&api), Instant::now());
    wire.send(PUT);
    assert_eq!(status(&api, "GET /hello HTTP/1.1\r\nhost: a\r\n\r\n"), 200);
    let rest = drip(&mut wire, "1");
    assert!(rest.starts_with("HTTP/1.1 408"), "{rest}");
    assert!(rest.contains("application/problem+json"), "{rest}");
    within_limits(begin);
}

#[test]
fn no_body_at_all() {
    let api = impatient();
    let (mut wire, begin) = (Wire::open(&api), Instant::now());
    wire.send(PUT);
    let rest = wire.rest();
    assert!(rest.starts_with("HTTP/1.1 408"), "{rest}");
    within_limits(begin);
}

/// Asks for megabytes, and takes none of them.
#[test]
fn answers_that_nobody_reads() {
    let api = impatient();
    let before = api.process.sockets();
    let mut wire = Wire::open(&api);
    wire.send("GET /openapi.json HTTP/1.1\r\nhost: a\r\n\r\n".repeat(400));
    until("its connection", || (api.process.sockets() > before).then_some(()));
    until("its end", || (api.process.sockets() == before).then_some(()));
    assert_eq!(status(&api, "GET /hello HTTP/1.1\r\nhost: a\r\n\r\n"), 200);
}

#[test]
fn chunks_that_stop() {
    let api = impatient();
    let (mut wire, begin) = (Wire::open(&api), Instant::now());
    wire.send("PUT /api/v1/timestamps/lunch HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\n");
    wire.send("transfer-encoding: chunked\r\n\r\n2\r\n17");
    let rest = wire.rest();
    assert!(rest.starts_with("HTTP/1.1 408"), "{rest}");
    within_limits(begin);
}
