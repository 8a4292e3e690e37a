//! Where a request ends: said in one way, or refused.

use crate::world::Wire;
use crate::{api, ask, status};

const PUT: &str =
    "PUT /api/v1/timestamps/lunch HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\n";
const GET: &str = "GET /hello HTTP/1.1\r\nhost: a\r\n\r\n";

/// What stands after the head of a PUT.
const REFUSED: [&str; 13] = [
    "content-length: 18446744073709551615\r\n\r\n7",
    "content-length: 1\r\ncontent-length: 2\r\n\r\n77",
    "content-length: 1, 2\r\n\r\n77",
    "content-length: +1\r\n\r\n7",
    "content-length: -1\r\n\r\n7",
    "content-length: 0x1\r\n\r\n7",
    "content-length: 99999999999999999999999\r\n\r\n7",
    "transfer-encoding: gzip\r\n\r\n7",
    "transfer-encoding: chunked, gzip\r\n\r\n1\r\n7\r\n0\r\n\r\n",
    "transfer-encoding: xchunked\r\n\r\n1\r\n7\r\n0\r\n\r\n",
    "transfer-encoding: chunked\r\n\r\nzz\r\n7\r\n0\r\n\r\n",
    "transfer-encoding: chunked\r\n\r\n-1\r\n7\r\n0\r\n\r\n",
    "transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n7\r\n0\r\n\r\n",
];

#[test]
fn refused() {
    let api = api(&[]);
    for rest in REFUSED {
        let mut wire = Wire::open(&api);
        wire.send(format!("{PUT}{rest}"));
        let answer = wire.answer().map_or(0, |answer| answer.status);
        assert!([0, 400, 413, 431, 501].contains(&answer), "{answer}: {rest}");
        wire.send(GET);
        assert!(!wire.rest().contains("HTTP/1.1 200"), "a request after {rest}");
    }
    assert_eq!(status(&api, "GET /api/v1/timestamps/lunch HTTP/1.1\r\nhost: a\r\n\r\n"), 404);
}

/// Two ways to say it: refused, or read as chunks and closed, as RFC 9112 (6.1) wants it, so that
/// nothing behind is taken for a request.
#[test]
fn said_twice() {
    let api = api(&[]);
    let (length, chunks) = ("content-length: 1\r\n", "transfer-encoding: chunked\r\n");
    for fields in [format!("{length}{chunks}"), format!("{chunks}{length}")] {
        let mut wire = Wire::open(&api);
        wire.send(format!("{PUT}{fields}\r\n1\r\n7\r\n0\r\n\r\n{GET}"));
        let answer = wire.answer().expect("an answer");
        assert!(answer.status == 400 || answer.closes(), "{answer:?}");
        assert_eq!(wire.rest(), "", "a request after {fields}");
    }
}

#[test]
fn chunked() {
    let api = api(&[]);
    let body =
        "transfer-encoding: chunked\r\n\r\n4;x=y\r\n1795\r\n6\r\n255200\r\n0\r\nt: r\r\n\r\n";
    let answer = ask(&api, format!("{PUT}{body}")).unwrap();
    assert_eq!(answer.status, 201);
    assert!(String::from_utf8(answer.body).unwrap().contains("1795255200"));
}

#[test]
fn pipelined() {
    let api = api(&[]);
    let mut wire = Wire::open(&api);
    let missing = "GET /nothing HTTP/1.1\r\nhost: a\r\n\r\n";
    let put = format!("{PUT}content-length: 1\r\n\r\n7");
    wire.send(format!("{GET}{put}{missing}{GET}"));
    let statuses = [(); 4].map(|()| wire.answer().expect("an answer for each").status);
    assert_eq!(statuses, [200, 201, 404, 200]);
}

/// An answer that comes before the body was read: the body may follow, and the next request behind
/// it; or the answer says that the connection ends.
#[test]
fn answered_before_the_body() {
    let api = api(&[]);
    for head in ["POST /nothing", "POST /hello", "OPTIONS /jobs", "POST /jobs", "PUT /a\0"] {
        for length in ["content-length: 4", "transfer-encoding: chunked"] {
            let mut wire = Wire::open(&api);
            wire.send(format!("{head} HTTP/1.1\r\nhost: a\r\n{length}\r\n\r\n"));
            let Some(answer) = wire.early_answer() else { continue };
            if !answer.closes() {
                let body = if length.contains("chunked") { "0\r\n\r\n" } else { "7777" };
                wire.send(format!("{body}{GET}"));
                assert_eq!(wire.answer().expect(head).status, 200, "{head}");
            }
        }
    }
}

#[test]
fn half_closed() {
    let api = api(&[]);
    for request in [GET.to_owned(), format!("{PUT}content-length: 1\r\n\r\n7")] {
        let mut wire = Wire::open(&api);
        wire.send(request);
        wire.end();
        assert!([200, 201].contains(&wire.answer().expect("an answer").status));
        assert_eq!(wire.rest(), "");
    }
}

#[test]
fn half_closed_too_early() {
    let api = api(&[]);
    for part in ["GET /hello HTTP/1.1\r\nho", "", &format!("{PUT}content-length: 9\r\n\r\n7")] {
        let mut wire = Wire::open(&api);
        wire.send(part);
        wire.end();
        let rest = wire.rest();
        assert!(rest.is_empty() || rest.starts_with("HTTP/1.1 400"), "{part:?}: {rest}");
    }
    assert_eq!(status(&api, "GET /api/v1/timestamps/lunch HTTP/1.1\r\nhost: a\r\n\r\n"), 404);
}
