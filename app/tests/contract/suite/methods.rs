//! Methods that a path has, and those it has not.

use std::collections::BTreeSet;

use crate::world::{Answer, Backend, Call};

on_back_ends!(not_allowed, options, head);

/// A path, and its methods beside HEAD and OPTIONS.
const PATHS: [(&str, &[&str]); 11] = [
    ("/", &["GET"]),
    ("/hello", &["GET"]),
    ("/jobs", &["POST"]),
    ("/api/v1/timestamps", &["GET"]),
    ("/api/v1/timestamps/lunch", &["GET", "PUT", "DELETE"]),
    ("/api/v1/records", &["GET", "POST"]),
    ("/api/v1/records/1", &["GET"]),
    ("/healthz", &["GET"]),
    ("/readyz", &["GET"]),
    ("/version", &["GET"]),
    ("/metrics", &["GET"]),
];

fn allowed(answer: &Answer) -> BTreeSet<String> {
    let allow = answer.header("allow").unwrap_or_else(|| panic!("no Allow: {answer:?}"));
    allow.split(',').map(|method| method.trim().to_owned()).collect()
}

fn expected(methods: &[&str]) -> BTreeSet<String> {
    let head = methods.contains(&"GET").then_some("HEAD");
    methods.iter().copied().chain(head).chain(["OPTIONS"]).map(str::to_owned).collect()
}

fn not_allowed(backend: Backend) {
    let world = backend.world();
    for (path, methods) in PATHS {
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"] {
            if methods.contains(&method) {
                continue;
            }
            let answer = world.send(Call::new(method, path));
            assert_eq!(answer.status, 405, "{method} {path}: {}", answer.text());
            answer.problem(405);
            assert_eq!(allowed(&answer), expected(methods), "{method} {path}");
        }
    }
}

fn options(backend: Backend) {
    let world = backend.world();
    for (path, methods) in PATHS {
        let answer = world.send(Call::new("OPTIONS", path)).expect(204);
        assert_eq!(allowed(&answer), expected(methods), "{path}");
        assert!(answer.header("x-request-id").is_some());
    }
    world.send(Call::new("OPTIONS", "/nothing")).expect(404);
}

fn head(backend: Backend) {
    let world = backend.world();
    for path in ["/", "/hello", "/api/v1/records", "/api/v1/timestamps", "/healthz", "/version"] {
        let head = world.send(Call::new("HEAD", path)).expect(200);
        assert_eq!(head.body, b"", "{path}");
        let get = world.get(path);
        for name in ["content-type", "x-total-count", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {path}");
        }
        let length = head.header("content-length");
        assert!(length.is_none() || length == get.header("content-length"), "{path}: {length:?}");
    }
    assert_eq!(world.send(Call::new("HEAD", "/nothing")).expect(404).body, b"");
}
