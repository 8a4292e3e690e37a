//! `auth user add`: users beside the demo one.

use std::fs;

use serde_json::json;

use crate::world::{Backend, Call, Program, Ran, World, folder};

on_back_ends!(may_record_but_not_read_jobs, a_name_twice_is_another_token, given_token, odd_names,);

struct Users {
    world: World,
    url: String,
}

impl Users {
    fn of(backend: Backend) -> Self {
        let file = folder("users").join("auth.db");
        let url = backend.database(true).unwrap_or_else(|| format!("sqlite:{}", file.display()));
        let world = backend.setting().auth(&[("DATABASE_URL", &url)]).start();
        Users { world, url }
    }

    fn add(&self, arguments: &[&str]) -> Ran {
        let arguments = [&["user", "add"], arguments].concat();
        Program::Auth.run(&arguments, &[("DATABASE_URL", &self.url)])
    }

    #[track_caller]
    fn check(&self, token: &str) {
        self.world.send(Call::post("/jobs").bearer(token)).problem(403);
        let record = json!({
            "service": "api", "environment": "prod", "version": "7", "commit": "0123abc",
            "deployed_at": "2026-11-21T10:00:00Z",
        });
        let call = Call::post("/api/v1/records").bearer(token).json(&record);
        self.world.send(call).expect(201);
        assert!(!self.world.auth.printed().contains(token));
    }
}

fn may_record_but_not_read_jobs(backend: Backend) {
    let users = Users::of(backend);
    let ran = users.add(&["deployer"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let token = ran.stdout.trim();
    let plain = token.bytes().all(|byte| byte.is_ascii_graphic());
    assert!(plain && token.len() >= 22, "{} characters", token.len());
    assert!(!ran.stderr.contains(token), "the token is in the log");
    users.check(token);
}

fn a_name_twice_is_another_token(backend: Backend) {
    let users = Users::of(backend);
    let [first, second] = [(); 2].map(|()| users.add(&["deployer"]));
    assert_eq!((first.code, second.code), (Some(0), Some(0)), "{second:?}");
    assert_ne!(first.stdout, second.stdout);
    users.check(second.stdout.trim());
    users.world.send(Call::post("/jobs").bearer(first.stdout.trim())).problem(401);
}

fn given_token(backend: Backend) {
    let users = Users::of(backend);
    let file = folder("token").join("token");
    fs::write(&file, "Given-Token.1-of-a-file\n").unwrap();
    let ran = users.add(&["deployer", "--token-file", file.to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(!format!("{ran:?}").contains("Given-Token.1-of-a-file"), "{ran:?}");
    users.check("Given-Token.1-of-a-file");
}

fn odd_names(backend: Backend) {
    let users = Users::of(backend);
    for name in ["", "a b", "a\n", &"n".repeat(300)] {
        let ran = users.add(&[name]);
        assert_ne!(ran.code, Some(0), "{name}: {ran:?}");
        assert_eq!(ran.stdout.trim(), "", "{name}");
    }
}
