//! The subcommands that ask a running service.

use crate::world::{Backend, Program, Redis, TOKEN};

on_back_ends!(healthcheck, smoke, smoke_with_record);

fn healthcheck(backend: Backend) {
    let world = backend.world();
    for (program, service) in [(Program::Api, &world.api), (Program::Auth, &world.auth)] {
        let address = service.address().to_string();
        let ran = program.run(&["healthcheck"], &[("ADDR", &address)]);
        assert_eq!(ran.code, Some(0), "{program:?}: {ran:?}");
        let everywhere = address.replace("127.0.0.1", "0.0.0.0");
        let ran = program.run(&["healthcheck"], &[("ADDR", &everywhere)]);
        assert_eq!(ran.code, Some(0), "{program:?}: {ran:?}");
        let admin = [("ADDR", "127.0.0.1:1"), ("ADMIN_ADDR", &address)];
        assert_eq!(program.run(&["healthcheck"], &admin).code, Some(0), "{program:?}");
        let absent = Redis::absent().url().replace("redis://", "");
        let ran = program.run(&["healthcheck"], &[("ADDR", &absent)]);
        assert!(ran.code.is_some_and(|code| code != 0), "{program:?}: {ran:?}");
    }
}

fn smoke(backend: Backend) {
    let world = backend.world();
    let before = world.get("/api/v1/records").number("x-total-count");
    let ran = Program::Api.run(&["smoke", &world.api.url()], &[]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(world.get("/api/v1/records").number("x-total-count"), before);
    let absent = Redis::absent().url().replace("redis", "http");
    let ran = Program::Api.run(&["smoke", &absent], &[]);
    assert!(ran.code.is_some_and(|code| code != 0), "{ran:?}");
}

fn smoke_with_record(backend: Backend) {
    let world = backend.world();
    let before = world.get("/api/v1/records").number("x-total-count");
    let url = world.api.url();
    // A build that was not told its commit has none to record.
    let known = world.get("/version").json()["commit"] != "unknown";
    let record = ["smoke", &url, "--record", "--this-release", "--environment", "test"];
    let ran = Program::Api.run(&record, &[("SMOKE_TOKEN", TOKEN)]);
    assert_eq!(ran.code, Some(i32::from(!known)), "{ran:?}");
    assert!(!format!("{ran:?}").contains(TOKEN), "{ran:?}");
    let after = world.get("/api/v1/records").number("x-total-count");
    assert_eq!(after, before + u64::from(known));
    let ran = Program::Api.run(&record, &[("SMOKE_TOKEN", "wrong")]);
    assert!(ran.code.is_some_and(|code| code != 0), "{ran:?}");
}
