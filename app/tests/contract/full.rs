//! The 10,000th name, and the one after it.

use std::thread;

use crate::world::{Backend, Call, World};

on_back_ends!(ten_thousand_names);

const NAMES: usize = 10_000;
const WRITERS: usize = 4;

fn set(world: &World, name: usize) -> u16 {
    let call = Call::put(format!("/api/v1/timestamps/n{name}")).body("text/plain", "7");
    world.send(call).status
}

fn ten_thousand_names(backend: Backend) {
    let world = backend.api(&[("WRITES_PER_MINUTE", "1000000")]);
    let world = &world;
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let mut names = (writer..NAMES).step_by(WRITERS);
            scope.spawn(move || assert!(names.all(|name| set(world, name) == 201)));
        }
    });
    let more = world.send(Call::put("/api/v1/timestamps/one-more"));
    more.problem(409);
    world.get("/api/v1/timestamps/one-more").problem(404);
    assert_eq!(set(world, 0), 200, "an old name");
    let all = world.get("/api/v1/timestamps").expect(200).json();
    assert_eq!(all.as_array().unwrap().len(), NAMES);
    world.send(Call::delete("/api/v1/timestamps/n0")).expect(204);
    world.send(Call::put("/api/v1/timestamps/one-more")).expect(201);
}
