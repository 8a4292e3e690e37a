//! Names of timestamps, up to their limits and past them.

use crate::world::{Backend, Call};

on_back_ends!(allowed, refused);

const REFUSED: [&str; 12] = [
    ".hidden", "-x", "_x", "a%20b", "a%00b", "%00", "a%ff", "%C3%A9", "a%2Fb", "a:b", "a%0Ab", "a*",
];

fn allowed(backend: Backend) {
    let world = backend.world();
    let longest = "n".repeat(63);
    for name in ["a", "Z", "0", "A.b_c-9", "a..b", "a%2Eb", longest.as_str()] {
        let path = format!("/api/v1/timestamps/{name}");
        let created = world.send(Call::put(&path)).expect(201);
        assert_eq!(created.json()["name"], name.replace("%2E", "."));
        assert_eq!(world.get(&path).expect(200).json(), created.json());
        world.send(Call::delete(&path)).expect(204);
    }
}

fn refused(backend: Backend) {
    let world = backend.world();
    let long = [64, 1000].map(|length| "n".repeat(length));
    for name in REFUSED.into_iter().chain(long.iter().map(String::as_str)) {
        for method in ["GET", "PUT", "DELETE"] {
            let answer = world.send(Call::new(method, format!("/api/v1/timestamps/{name}")));
            assert_eq!(answer.status, 400, "{method} {name}: {}", answer.text());
            let detail = answer.problem(400)["detail"].to_string();
            assert!(!detail.contains("param0") && !detail.contains("string_"), "{detail}");
        }
    }
    world.send(Call::put("/api/v1/timestamps/")).problem(404);
    assert_eq!(world.get("/api/v1/timestamps").text(), "[]");
}
