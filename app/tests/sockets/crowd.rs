//! Very many connections.

use std::time::Duration;

use nix::sys::resource::{Resource, getrlimit, setrlimit};

use crate::world::{Service, Wire, until};
use crate::{api, status};

const GET: &str = "GET /hello HTTP/1.1\r\nhost: a\r\n\r\n";
const CROWD: usize = 10_000;
/// For buffers, timers and the kernel's view of a connection.
const KIB_EACH: u64 = 24;

fn answered(service: &Service) -> Wire {
    let mut wire = Wire::open(service);
    wire.send(GET);
    assert_eq!(wire.answer().unwrap().status, 200);
    wire
}

/// Half of them never say anything, half have been answered and stay.
#[test]
fn ten_thousand_idle() {
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    if hard < CROWD as u64 + 500 {
        println!("left out: only {hard} open files are allowed, and no more can be asked for");
        return;
    }
    setrlimit(Resource::RLIMIT_NOFILE, hard, hard).unwrap();
    let api = api(&[("HEADER_TIMEOUT", "5m"), ("KEEP_ALIVE", "5m")]);
    let before = api.process.status_kib("VmRSS:");
    let open = |number| if number % 2 == 0 { Wire::open(&api) } else { answered(&api) };
    let mut crowd: Vec<Wire> = (0..CROWD).map(open).collect();
    let grown = api.process.status_kib("VmRSS:").saturating_sub(before);
    assert!(grown < KIB_EACH * CROWD as u64, "{grown} KiB more");
    (0..100).for_each(|_| drop(answered(&api)));
    for wire in crowd.iter_mut().step_by(1001) {
        wire.send(GET);
        assert_eq!(wire.answer().expect("it was forgotten").status, 200);
    }
}

#[test]
fn capped() {
    let api = api(&[("MAX_CONNECTIONS", "8"), ("KEEP_ALIVE", "5m")]);
    let mut inside: Vec<Wire> = (0..8).map(|_| answered(&api)).collect();
    let mut outside = Wire::open(&api);
    outside.send(GET);
    if outside.stirs(Duration::from_millis(500)) {
        assert!(!outside.rest().starts_with("HTTP/1.1 200"), "the ninth of eight");
    }
    for wire in &mut inside {
        wire.send(GET);
        assert_eq!(wire.answer().expect("one of the eight").status, 200);
    }
    drop((inside, outside));
    until("a place that became free", || (status(&api, GET) == 200).then_some(()));
}
