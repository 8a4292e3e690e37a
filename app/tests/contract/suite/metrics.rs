//! Metrics: their names, and what may become a label.

use crate::world::{Backend, Call};

on_back_ends!(names, labels, counted);

const NAMES: [&str; 6] = [
    "http_requests_total",
    "http_request_duration_seconds",
    "http_requests_in_flight",
    "db_pool_connections",
    "redis_up",
    "build_info",
];

fn names(backend: Backend) {
    let world = backend.world();
    world.get("/hello").expect(200);
    let metrics = world.get("/metrics").expect(200);
    let kind = metrics.header("content-type").unwrap();
    assert!(kind.starts_with("application/openmetrics-text; version=1.0.0"), "{metrics:?}");
    let text = metrics.text();
    for name in NAMES {
        assert!(text.lines().any(|line| line.starts_with(name)), "{name}:\n{text}");
    }
    assert!(text.lines().any(|line| line == "redis_up 1"), "{text}");
    assert!(text.contains("http_request_duration_seconds_bucket{"), "{text}");
}

/// The labels are of a small set, whatever is sent.
fn labels(backend: Backend) {
    let world = backend.world();
    for path in ["/raw-1", "/api/v1/timestamps/raw-2", "/api/v1/records/777777", "/hello?raw-3"] {
        for method in ["GET", "PATCH", "RAW-4"] {
            world.send(Call::new(method, path));
        }
    }
    let text = world.get("/metrics").expect(200).text();
    for raw in ["raw-1", "raw-2", "777777", "raw-3", "RAW-4"] {
        assert!(!text.contains(raw), "{raw} is a label:\n{text}");
    }
    for route in ["/api/v1/timestamps/{name}", "/api/v1/records/{id}", "/hello"] {
        assert!(text.contains(&format!("route=\"{route}\"")), "{route}:\n{text}");
    }
}

fn counted(backend: Backend) {
    let world = backend.world();
    let count = || {
        let text = world.get("/metrics").expect(200).text();
        let line = text.lines().find(|line| {
            ["http_requests_total{", "route=\"/hello\"", "method=\"GET\"", "status=\"200\""]
                .iter()
                .all(|part| line.contains(part))
        });
        line.map_or(0, |line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap())
    };
    let before = count();
    (0..5).for_each(|_| drop(world.get("/hello").expect(200)));
    assert_eq!(count(), before + 5);
}
