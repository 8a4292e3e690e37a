//! SIGTERM under load: no request is lost.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::world::{LIMIT, Program, Redis, Service, Signal, Wire};

const CLIENTS: usize = 8;
const REQUESTS: [&str; 3] = [
    "GET /hello HTTP/1.1\r\nhost: a\r\n\r\n",
    "GET /api/v1/records HTTP/1.1\r\nhost: a\r\n\r\n",
    "PUT /api/v1/timestamps/lunch HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n",
];

/// How clients fared: whole answers, those that were the last of their connection, none at all.
#[derive(Debug, Default)]
struct Fared {
    answers: usize,
    last: usize,
    lost: usize,
}

/// Asks, on one connection as long as it may, until new ones go elsewhere or are refused.
fn client(address: SocketAddr, elsewhere: &AtomicBool) -> Fared {
    let (mut fared, end) = (Fared::default(), Instant::now() + LIMIT);
    while !elsewhere.load(Ordering::Relaxed) {
        let Some(wire) = connect(address) else { break };
        use_up(wire, &mut fared);
        assert!(Instant::now() < end, "it never stops listening");
    }
    fared
}

/// A new connection; none when nobody listens.
fn connect(address: SocketAddr) -> Option<Wire> {
    match Wire::connect(address) {
        Ok(wire) => Some(wire),
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => None,
        Err(error) => panic!("neither accepted nor refused: {error}"),
    }
}

fn use_up(mut wire: Wire, fared: &mut Fared) {
    loop {
        wire.send(REQUESTS[fared.answers % REQUESTS.len()]);
        let Some(answer) = wire.answer() else {
            fared.lost += 1;
            return;
        };
        assert!([200, 201].contains(&answer.status), "{answer:?}");
        fared.answers += 1;
        if answer.closes() {
            fared.last += 1;
            return;
        }
    }
}

/// Clients that go on while the service drains; `router` may send their connections elsewhere.
fn drain(router: impl FnOnce(&Service, &AtomicBool)) -> Fared {
    let redis = Redis::start();
    let mut api = Program::Api.serve(&[
        ("SEED", "demo"),
        ("REDIS_URL", &redis.url()),
        ("WRITES_PER_MINUTE", "1000000"),
        ("DRAIN_DELAY", "2s"),
        ("SHUTDOWN_TIMEOUT", "30s"),
    ]);
    let (address, elsewhere) = (api.address(), AtomicBool::new(false));
    let fared = thread::scope(|scope| {
        let client = || scope.spawn(|| client(address, &elsewhere));
        let clients: Vec<_> = (0..CLIENTS).map(|_| client()).collect();
        thread::sleep(Duration::from_millis(500));
        api.process.signal(Signal::SIGTERM);
        router(&api, &elsewhere);
        let fared = clients.into_iter().map(|client| client.join().unwrap());
        fared.fold(Fared::default(), |all, one| Fared {
            answers: all.answers + one.answers,
            last: all.last + one.last,
            lost: all.lost + one.lost,
        })
    });
    assert_eq!(api.process.wait().code(), Some(0), "{api:?}");
    assert!(fared.answers > CLIENTS && fared.last >= CLIENTS, "{fared:?}");
    fared
}

/// As in a cluster: who is not ready gets no new connections.
#[test]
fn behind_a_router() {
    let fared = drain(|api, elsewhere| {
        assert_eq!(api.until_ready(503)["status"], "draining");
        elsewhere.store(true, Ordering::Relaxed);
    });
    assert_eq!(fared.lost, 0, "{fared:?}");
}

/// Without a router they come until they are refused. Between the last connection that the service
/// takes and the end of its listener, the kernel may let one more in.
#[test]
fn told_by_nobody() {
    let fared = drain(|_, _| ());
    assert!(fared.lost <= 1, "{fared:?}");
}
