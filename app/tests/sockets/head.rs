//! Request heads that are too large, or none.

use crate::{api, ask, status};

const FINE: &str = "GET /hello HTTP/1.1\r\nhost: a\r\n\r\n";

#[test]
fn too_large() {
    let api = api(&[]);
    let uri = format!("GET /{} HTTP/1.1\r\nhost: a\r\n\r\n", "u".repeat(70_000));
    assert_eq!(status(&api, uri), 414);
    let value = format!("GET /hello HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "v".repeat(500_000));
    let many = format!("GET /hello HTTP/1.1\r\nhost: a\r\n{}\r\n", "x: y\r\n".repeat(200));
    let endless = format!("GET /hello HTTP/1.1\r\nhost: a\r\n{}", "x: y\r\n".repeat(200_000));
    for head in [value, many, endless] {
        let status = status(&api, &head);
        assert!([0, 400, 431].contains(&status), "{status} for {} bytes", head.len());
        assert_eq!(crate::status(&api, FINE), 200);
    }
}

#[test]
fn usual_sizes_are_taken() {
    let api = api(&[]);
    let cookie = format!("GET /hello HTTP/1.1\r\nhost: a\r\ncookie: {}\r\n\r\n", "c".repeat(8000));
    let many = (0..60).fold(String::new(), |many, number| many + &format!("x-{number}: y\r\n"));
    let many = format!("GET /hello?{} HTTP/1.1\r\nhost: a\r\n{many}\r\n", "q".repeat(2000));
    for head in [cookie, many] {
        assert_eq!(status(&api, head), 200);
    }
}

#[test]
fn malformed() {
    let api = api(&[]);
    let heads: [&[u8]; 14] = [
        b"GET /hello HTTP/1.1\r\nhost: a\r\nx : y\r\n\r\n",
        b"GET /hello HTTP/1.1\r\nhost: a\r\nx y\r\n\r\n",
        b"GET /hello HTTP/1.1\r\nhost: a\r\nx: a\0b\r\n\r\n",
        b"GET /hello HTTP/1.1\r\nhost: a\r\nx: a\r\n folded\r\n\r\n",
        b"GET /hel\0lo HTTP/1.1\r\nhost: a\r\n\r\n",
        b"GET  /hello HTTP/1.1\r\nhost: a\r\n\r\n",
        b"GET /hello HTTP/9.9\r\nhost: a\r\n\r\n",
        b"GET /hello\r\nhost: a\r\n\r\n",
        b"G\xc3\x89T /hello HTTP/1.1\r\nhost: a\r\n\r\n",
        b"GET hello HTTP/1.1\r\nhost: a\r\n\r\n",
        b"\r\n\r\n\r\n\r\nnonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS greeting \r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nnonsense that is no frame",
    ];
    for head in heads {
        let status = status(&api, head);
        assert!(
            [0, 400, 404, 505].contains(&status),
            "{status}: {}",
            String::from_utf8_lossy(head)
        );
    }
    assert_eq!(status(&api, FINE), 200);
}

#[test]
fn odd_targets() {
    let api = api(&[]);
    let absolute = "GET http://a/hello HTTP/1.1\r\nhost: a\r\n\r\n";
    assert_eq!(ask(&api, absolute).unwrap().body, b"Hello there");
    for head in
        ["OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n", "CONNECT a:1 HTTP/1.1\r\nhost: a:1\r\n\r\n"]
    {
        let answer = ask(&api, head).unwrap();
        assert!([204, 400, 404, 405].contains(&answer.status), "{answer:?}");
    }
}
