//! `WRITE_TOKEN_REQUIRED`: reading stays free.

use crate::world::{Backend, Call, TOKEN};

on_back_ends!(required);

fn required(backend: Backend) {
    let world = backend.api(&[("WRITE_TOKEN_REQUIRED", "true")]);
    let path = "/api/v1/timestamps/lunch";
    for method in ["PUT", "DELETE"] {
        let none = world.send(Call::new(method, path));
        none.problem(401);
        assert_eq!(none.header("www-authenticate"), Some("Bearer realm=\"app\""));
        world.send(Call::new(method, path).bearer("other")).problem(401);
        world.get(path).problem(404);
    }
    world.send(Call::put(path).bearer(TOKEN)).expect(201);
    world.send(Call::put(path).header("authorization", TOKEN)).expect(200);
    world.get(path).expect(200);
    world.send(Call::delete(path)).problem(401);
    world.get("/api/v1/timestamps").expect(200);
    world.send(Call::delete(path).bearer(TOKEN)).expect(204);
}
