//! `auth` away, silent or out of its mind: `api` refuses in time, and finds back.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use crate::data::post;
use crate::timing::{SHORT, unavailable};
use crate::world::{Call, Program, Redis, Service, TOKEN, until};

fn api(auth: &str) -> Service {
    Program::Api.serve(&[("AUTH_URL", auth), ("AUTH_TIMEOUT", SHORT), ("SEED", "demo")])
}

#[track_caller]
fn is_down(api: &Service) {
    unavailable(api, Call::post("/jobs").bearer(TOKEN));
    unavailable(api, Call::post("/jobs").header("authorization", TOKEN));
    unavailable(api, post());
    api.send(Call::post("/jobs")).problem(401);
    api.get("/api/v1/records").expect(200);
    api.get("/healthz").expect(200);
}

/// A server that does this with each connection; gives its URL.
fn server(answer: impl Fn(std::net::TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || listener.incoming().flatten().for_each(answer));
    url
}

#[test]
fn absent_then_there() {
    let place = Redis::absent().url().replace("redis://", "");
    let api = api(&format!("http://{place}"));
    is_down(&api);
    let mut auth = Program::Auth.serve(&[("ADDR", &place), ("SEED", "demo")]);
    let jobs = || api.send(Call::post("/jobs").bearer(TOKEN)).status;
    until("auth to be found", || (jobs() == 200).then_some(()));
    auth.process.kill();
    unavailable(&api, Call::post("/jobs").bearer("never-seen-before"));
    let _auth = Program::Auth.serve(&[("ADDR", &place), ("SEED", "demo")]);
    until("auth to be found again", || (jobs() == 200).then_some(()));
}

#[test]
fn accepts_and_says_nothing() {
    let url = server(std::mem::forget);
    is_down(&api(&url));
}

#[test]
fn closes_at_once() {
    let url = server(drop);
    is_down(&api(&url));
}

#[test]
fn answers_nonsense() {
    let answers = [
        "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\ndensity",
        "nonsense\r\n\r\n",
    ];
    for answer in answers {
        let url = server(move |mut stream| {
            let _read = stream.read(&mut [0; 4096]);
            stream.write_all(answer.as_bytes()).ok();
        });
        let api = api(&url);
        unavailable(&api, Call::post("/jobs").bearer(TOKEN));
    }
}

/// `REQUEST_TIMEOUT` is the last word.
#[test]
fn slower_than_a_request_may_be() {
    let url = server(std::mem::forget);
    let limits = [("AUTH_TIMEOUT", "10m"), ("REQUEST_TIMEOUT", SHORT)];
    let api = Program::Api.serve(&[&[("AUTH_URL", url.as_str())], &limits[..]].concat());
    unavailable(&api, Call::post("/jobs").bearer(TOKEN));
}

/// A slow `auth` holds nobody else up.
#[test]
fn others_are_served_meanwhile() {
    let url = server(std::mem::forget);
    let api = Program::Api.serve(&[("AUTH_URL", &url), ("AUTH_TIMEOUT", "5s")]);
    thread::scope(|scope| {
        let jobs = || api.send(Call::post("/jobs").bearer(TOKEN)).status;
        let waiting: Vec<_> = (0..20).map(|_| scope.spawn(jobs)).collect();
        for _ in 0..50 {
            api.get("/hello").expect(200);
        }
        assert!(waiting.iter().any(|jobs| !jobs.is_finished()), "50 took longer than 5 s");
        for jobs in waiting {
            assert_eq!(jobs.join().unwrap(), 503);
        }
    });
}
