//! SIGTERM: what was begun ends, and then the process does.

use std::thread;
use std::time::{Duration, Instant};

use crate::world::{LIMIT, Program, Service, Signal, Variable, Wire, until};

const GET: &str = "GET /hello HTTP/1.1\r\nhost: a\r\n\r\n";

fn api(variables: &[Variable]) -> Service {
    Program::Api.serve(&[&[("SEED", "demo"), ("REQUEST_TIMEOUT", "60s")], variables].concat())
}

fn listens(service: &Service) -> bool {
    Wire::connect(service.address()).is_ok()
}

/// A PUT whose body has begun.
fn begun(service: &Service) -> Wire {
    let mut wire = Wire::open(service);
    wire.send("PUT /api/v1/timestamps/lunch HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\n");
    wire.send("content-length: 10\r\n\r\n1795");
    until("the request to be under way", || {
        let metrics = service.get("/metrics").text();
        let line = metrics.lines().find(|line| line.starts_with("http_requests_in_flight"));
        line.is_some_and(|line| line.ends_with(" 2")).then_some(())
    });
    wire
}

#[test]
fn not_ready_but_alive() {
    for program in [Program::Api, Program::Auth] {
        let mut service = program.serve(&[("DRAIN_DELAY", "3s")]);
        service.until_ready(200);
        service.process.signal(Signal::SIGTERM);
        assert_eq!(service.until_ready(503)["status"], "draining");
        service.get("/healthz").expect(200);
        let answer = service.get("/version").expect(200);
        assert_eq!(answer.header("connection"), Some("close"));
        assert_eq!(service.process.wait().code(), Some(0), "{service:?}");
    }
}

#[test]
fn a_long_request_ends() {
    let mut api = api(&[("DRAIN_DELAY", "500ms"), ("SHUTDOWN_TIMEOUT", "60s")]);
    let mut wire = begun(&api);
    api.process.signal(Signal::SIGTERM);
    until("the listener to close", || (!listens(&api)).then_some(()));
    thread::sleep(Duration::from_millis(500));
    assert!(api.process.child().try_wait().unwrap().is_none(), "it did not wait");
    wire.send("255200");
    let answer = wire.answer().expect("its answer");
    assert_eq!((answer.status, answer.closes()), (201, true));
    assert_eq!(api.process.wait().code(), Some(0), "{api:?}");
}

/// Idle connections, and those that never say anything, hold nothing up.
#[test]
fn idle_connections_do_not_count() {
    let limits = [("SHUTDOWN_TIMEOUT", "60s"), ("HEADER_TIMEOUT", "60s"), ("KEEP_ALIVE", "60s")];
    let mut api = api(&[&limits[..], &[("DRAIN_DELAY", "100ms")]].concat());
    let (mut silent, mut idle) = (Wire::open(&api), Wire::open(&api));
    idle.send(GET);
    assert_eq!(idle.answer().unwrap().status, 200);
    let begin = Instant::now();
    assert_eq!(api.stop(), Some(0), "{api:?}");
    assert!(begin.elapsed() < LIMIT / 2, "it waited {:?}", begin.elapsed());
    assert_eq!((silent.rest(), idle.rest()), (String::new(), String::new()));
}

#[test]
fn nobody_holds_it_for_ever() {
    let mut api = api(&[("DRAIN_DELAY", "100ms"), ("SHUTDOWN_TIMEOUT", "1s")]);
    let mut wire = begun(&api);
    let begin = Instant::now();
    api.stop();
    assert!(begin.elapsed() < LIMIT / 2, "it waited {:?}", begin.elapsed());
    wire.rest();
}

#[test]
fn a_second_signal_ends_at_once() {
    let limits = [("DRAIN_DELAY", "10m"), ("SHUTDOWN_TIMEOUT", "20m")];
    for second in [Signal::SIGTERM, Signal::SIGINT] {
        for program in [Program::Api, Program::Auth] {
            let mut service = program.serve(&limits);
            service.process.signal(Signal::SIGTERM);
            service.until_ready(503);
            service.process.signal(second);
            service.process.wait();
        }
    }
}

#[test]
fn an_interrupt_drains_too() {
    let mut api = api(&[("DRAIN_DELAY", "100ms")]);
    api.process.signal(Signal::SIGINT);
    assert_eq!(api.process.wait().code(), Some(0), "{api:?}");
}
