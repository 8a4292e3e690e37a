//! A machine that reaches GitHub only through a proxy, as curl's variables name it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use crate::{ahead, promote, shop};

/// Refuses every tunnel, and keeps the first line of what asked for it.
fn refusing() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::<Mutex<Vec<String>>>::default();
    let seen = Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            seen.lock().unwrap().extend(lines.next().map(Result::unwrap));
            stream.write_all(b"HTTP/1.1 403 no\r\ncontent-length: 0\r\n\r\n").unwrap();
        }
    });
    (address, asked)
}

#[test]
fn requests_go_through_it() {
    let (mut world, github) = shop();
    let rest = github.rest();
    let (server, path) = rest.split_at(rest.find("/api").unwrap_or(rest.len()));
    world.set("HTTP_PROXY", server);
    world.set("GITHUB_API_URL", &format!("http://nowhere.invalid{path}"));
    promote(&world).expect(0);
    assert!(github.only().open);
    assert_eq!(ahead(&world, "promote/staging").len(), 1);
}

#[test]
fn it_is_asked_for_a_tunnel_and_left_out_where_it_should_be() {
    let (mut world, _github) = shop();
    let (proxy, asked) = refusing();
    world.set("GITHUB_API_URL", "https://nowhere.invalid/api/v3");
    world.set("HTTPS_PROXY", &proxy);
    let soon = ["promote", "dev", "staging", "--pr", "--timeout", "3s"];
    let told = world.promoter(&soon).expect(6).text();
    let first = asked.lock().unwrap().first().cloned();
    assert_eq!(first.as_deref(), Some("CONNECT nowhere.invalid:443 HTTP/1.1"), "{told}");
    asked.lock().unwrap().clear();
    world.set("NO_PROXY", "nowhere.invalid");
    world.promoter(&soon).expect(6);
    assert_eq!(*asked.lock().unwrap(), Vec::<String>::new());
}
