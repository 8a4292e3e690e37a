//! Other origins: none unless named.

use crate::world::{Answer, Backend, Call, World};

on_back_ends!(off, on);

const ORIGIN: &str = "https://pages.example";

fn granted(answer: &Answer) -> Option<&str> {
    answer.header("access-control-allow-origin")
}

fn preflight(world: &World, origin: &str) -> Answer {
    let call = Call::new("OPTIONS", "/api/v1/timestamps/lunch").header("origin", origin);
    let call = call.header("access-control-request-method", "PUT");
    world.send(call.header("access-control-request-headers", "authorization,content-type"))
}

fn off(backend: Backend) {
    let world = backend.world();
    assert_eq!(granted(&world.send(Call::get("/").header("origin", ORIGIN)).expect(200)), None);
    assert_eq!(granted(&preflight(&world, ORIGIN)), None);
}

fn on(backend: Backend) {
    let world = backend.api(&[("CORS_ORIGINS", "https://pages.example,http://localhost:3000")]);
    for origin in [ORIGIN, "http://localhost:3000"] {
        let answer = world.send(Call::get("/").header("origin", origin)).expect(200);
        assert_eq!(granted(&answer), Some(origin));
        assert!(answer.header("vary").unwrap().to_lowercase().contains("origin"));
        let error = world.send(Call::get("/nothing").header("origin", origin)).expect(404);
        assert_eq!(granted(&error), Some(origin));
        let asked = preflight(&world, origin).expect(204);
        assert_eq!(granted(&asked), Some(origin));
        assert!(asked.header("access-control-allow-methods").unwrap().contains("PUT"));
        let fields = asked.header("access-control-allow-headers").unwrap().to_lowercase();
        assert!(fields.contains("authorization") && fields.contains("content-type"), "{fields}");
    }
    for origin in
        ["https://pages.example.evil", "https://evil.example", "null", "http://pages.example"]
    {
        let answer = world.send(Call::get("/").header("origin", origin)).expect(200);
        assert_eq!(granted(&answer), None, "{origin}");
        assert_eq!(granted(&preflight(&world, origin)), None, "{origin}");
    }
    assert_eq!(granted(&world.get("/").expect(200)), None);
}
