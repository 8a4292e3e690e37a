//! Which host is meant: said once, and well.

use crate::{api, ask, status};

#[test]
fn said_once_and_well() {
    let api = api(&[]);
    let cases = [
        ("", 400),
        ("host: a\r\nhost: a\r\n", 400),
        ("host: a\r\nhost: b\r\n", 400),
        ("host: a b\r\n", 400),
        ("host: a/b\r\n", 400),
        ("host: a:port\r\n", 400),
        ("host: user@a\r\n", 400),
        ("host: a, b\r\n", 400),
        ("host: a\r\n", 200),
        ("Host: 127.0.0.1:8080\r\n", 200),
        ("host: [::1]:8080\r\n", 200),
        ("host: api.example.com\r\n", 200),
    ];
    for (fields, expected) in cases {
        let head = format!("GET /hello HTTP/1.1\r\n{fields}\r\n");
        assert_eq!(status(&api, head), expected, "{fields:?}");
    }
}

#[test]
fn refused_with_a_problem() {
    let api = api(&[]);
    let answer = ask(&api, "GET /hello HTTP/1.1\r\n\r\n").unwrap();
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(body["request_id"].as_str(), answer.header("x-request-id"));
}

#[test]
fn not_needed_before_1_1() {
    let api = api(&[]);
    assert_eq!(status(&api, "GET /hello HTTP/1.0\r\n\r\n"), 200);
}
