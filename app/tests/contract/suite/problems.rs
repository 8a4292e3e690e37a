//! Paths that are none.

use crate::world::{Backend, Call};

on_back_ends!(unknown_paths);

const PATHS: [&str; 12] = [
    "/nothing",
    "/api",
    "/api/v1",
    "/api/v2/records",
    "/api/v1/records/1/more",
    "/api/v1/timestamps/a/b",
    "/%00",
    "/%ff",
    "/..",
    "/jobs/",
    "//",
    "/auth",
];

fn unknown_paths(backend: Backend) {
    let world = backend.world();
    for path in PATHS {
        for method in ["GET", "POST", "DELETE"] {
            let answer = world.send(Call::new(method, path));
            assert_eq!(answer.status, 404, "{method} {path}: {}", answer.text());
            assert_eq!(answer.problem(404)["title"], "Not Found");
        }
    }
}
