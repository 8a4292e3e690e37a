//! Traces by OTLP over HTTP: asked of a collector that keeps what it is sent.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::world::{Call, LIMIT, Program, until};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const TRACE_BYTES: [u8; 16] = 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736_u128.to_be_bytes();
const PARENT_BYTES: [u8; 8] = 0x00f0_67aa_0ba9_02b7_u64.to_be_bytes();
const TRACEPARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// Answers every request with 200, and keeps heads and bodies.
struct Collector {
    address: SocketAddr,
    kept: Arc<Mutex<Vec<u8>>>,
}

impl Collector {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let kept: Arc<Mutex<Vec<u8>>> = Arc::default();
        let keep = Arc::clone(&kept);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let keep = Arc::clone(&keep);
                thread::spawn(move || collect(stream.unwrap(), &keep));
            }
        });
        Collector { address, kept }
    }

    fn has(&self, bytes: &[u8]) -> bool {
        self.kept.lock().unwrap().windows(bytes.len()).any(|window| window == bytes)
    }
}

fn collect(mut stream: TcpStream, keep: &Mutex<Vec<u8>>) {
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    let mut request = Vec::new();
    let mut part = [0; 4096];
    loop {
        let read = stream.read(&mut part).unwrap_or(0);
        if read == 0 {
            return;
        }
        request.extend_from_slice(&part[..read]);
        if !is_whole(&request) {
            continue;
        }
        keep.lock().unwrap().append(&mut request);
        let answer =
            "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n";
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

fn is_whole(request: &[u8]) -> bool {
    let Some(end) = request.windows(4).position(|window| window == b"\r\n\r\n") else {
        return false;
    };
    let head = String::from_utf8_lossy(&request[..end]).to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    request.len() >= end + 4 + length.map_or(0, |length| length.trim().parse().unwrap())
}

/// What is left is sent after the last request, so a request just before the end has its span too.
#[test]
fn spans_are_sent_before_the_end() {
    let collector = Collector::start();
    let endpoint = format!("http://{}", collector.address);
    let traced = [("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str()), ("DRAIN_DELAY", "0s")];
    let mut api = Program::Api.serve(&traced);
    let answer = api.send(Call::get("/api/v1/records/7").header("traceparent", TRACEPARENT));
    let id = answer.expect(204).header("x-request-id").unwrap().to_owned();
    assert_eq!(api.request_line(&id)["trace_id"], TRACE);
    assert_eq!(api.stop(), Some(0), "{api:?}");
    until("the spans", || collector.has(&TRACE_BYTES).then_some(()));
    for (what, bytes) in [
        ("the path of OTLP", b"POST /v1/traces".as_slice()),
        ("the caller's span", &PARENT_BYTES),
        ("the route", b"GET /api/v1/records/{id}"),
        ("the name of the service", b"service.name"),
    ] {
        assert!(collector.has(bytes), "{what}: {api:?}");
    }
    assert!(!collector.has(b"/api/v1/records/7"), "the path is no attribute of a span");
}

/// Nobody waits for a collector, and none of its failures is the client's.
#[test]
fn a_collector_that_is_away_delays_nothing() {
    let absent = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let endpoint = format!("http://{absent}");
    let traced = [("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str()), ("DRAIN_DELAY", "0s")];
    let mut api = Program::Api.serve(&traced);
    api.get("/hello").expect(200);
    assert_eq!(api.stop(), Some(0), "{api:?}");
}
