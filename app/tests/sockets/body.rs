//! Bodies that are too large.

use crate::world::{Service, Wire};
use crate::{api, ask, status};

const PUT: &str =
    "PUT /api/v1/timestamps/lunch HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\n";
const POST: &str =
    "POST /auth HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-www-form-urlencoded\r\n";

/// Refused before it is sent: the client need not push a gigabyte to learn it.
#[test]
fn announced() {
    let api = api(&[]);
    for length in ["65537", "1073741824", "9223372036854775807"] {
        let answer = ask(&api, format!("{PUT}content-length: {length}\r\n\r\n")).unwrap();
        assert_eq!(answer.status, 413, "{length}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    }
    let expecting = format!("{PUT}expect: 100-continue\r\ncontent-length: 65537\r\n\r\n");
    assert_eq!(status(&api, expecting), 413);
}

#[test]
fn announced_to_auth() {
    let auth = crate::world::Program::Auth.serve(&[]);
    assert_eq!(status(&auth, format!("{POST}content-length: 65537\r\n\r\n")), 413);
}

#[test]
fn sent_whole() {
    let api = api(&[]);
    let body = "7".repeat(65_537);
    assert_eq!(status(&api, format!("{PUT}content-length: 65537\r\n\r\n{body}")), 413);
    let fits = format!("{PUT}content-length: 65536\r\n\r\n{}", "7".repeat(65_536));
    assert_eq!(status(&api, fits), 400, "read, and not a time");
}

#[test]
fn in_chunks() {
    let api = api(&[]);
    let before = api.process.status_kib("VmRSS:");
    assert_eq!(endless_chunks(&api), Some(413));
    let grown = api.process.status_kib("VmRSS:").saturating_sub(before);
    assert!(grown < 8192, "{grown} KiB for a body that is refused");
}

/// Sends chunks until there is an answer; 64 MiB at most.
fn endless_chunks(api: &Service) -> Option<u16> {
    let mut wire = Wire::open(api);
    wire.send(format!("{PUT}transfer-encoding: chunked\r\n\r\n"));
    let chunk = format!("1000\r\n{}\r\n", "7".repeat(4096));
    let mut chunks = (0..16_384).map(|_| wire.send(&chunk));
    chunks.find(|sent| !sent);
    wire.answer().map(|answer| answer.status)
}

#[test]
fn limit_is_configured() {
    let api = api(&[("MAX_BODY_SIZE", "10")]);
    assert_eq!(status(&api, format!("{PUT}content-length: 10\r\n\r\n1795255200")), 201);
    assert_eq!(status(&api, format!("{PUT}content-length: 11\r\n\r\n01795255200")), 413);
}
