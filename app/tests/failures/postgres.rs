//! Postgres: not there yet, killed, stalled, back again.

use crate::data::{fill, list, post, whose};
use crate::timing::{SHORT, unavailable};
use crate::world::{Call, PASSWORD, Postgres, Program, Service};

struct Scene {
    postgres: Postgres,
    auth: Service,
    api: Service,
}

impl Scene {
    fn on(postgres: Postgres) -> Self {
        let url = postgres.url("app");
        let common = [("DATABASE_URL", url.as_str()), ("STORE_TIMEOUT", SHORT)];
        let auth = Program::Auth.serve(&common);
        let of_auth = [("AUTH_URL", auth.url()), ("AUTH_TIMEOUT", SHORT.to_owned())];
        let of_auth = of_auth.each_ref().map(|(name, value)| (*name, value.as_str()));
        let api = Program::Api.serve(&[&common[..], &of_auth].concat());
        Scene { postgres, auth, api }
    }

    /// Everything that needs Postgres says so, all else goes on.
    #[track_caller]
    fn is_down(&self) {
        for service in [&self.api, &self.auth] {
            let body = service.until_ready(503);
            assert_eq!(body["status"], "not ready");
            assert_ne!(body["checks"]["database"], "ok");
            service.get("/healthz").expect(200);
        }
        unavailable(&self.api, list());
        unavailable(&self.api, post());
        unavailable(&self.api, Call::post("/jobs").bearer("never-seen-before"));
        unavailable(&self.auth, whose());
        self.api.get("/hello").expect(200);
        self.api.send(Call::put("/api/v1/timestamps/lunch"));
        self.api.get("/api/v1/timestamps/lunch").expect(200);
        assert!(!self.api.printed().contains(PASSWORD));
        assert!(!self.auth.printed().contains(PASSWORD));
    }

    #[track_caller]
    fn is_up(&self) {
        for service in [&self.api, &self.auth] {
            assert_eq!(service.until_ready(200)["checks"]["database"], "ok");
        }
        self.api.send(list()).expect(200);
        self.auth.send(whose()).expect(200);
        self.api.send(Call::post("/jobs").bearer("mytoken")).expect(200);
    }
}

#[test]
fn absent_at_start() {
    let mut scene = Scene::on(Postgres::absent());
    scene.is_down();
    scene.postgres.restart();
    fill(&scene.postgres);
    scene.is_up();
}

#[test]
fn killed_and_back() {
    let postgres = Postgres::start();
    fill(&postgres);
    let mut scene = Scene::on(postgres);
    scene.is_up();
    let kept = scene.api.send(post()).expect(201);
    for _ in 0..2 {
        scene.postgres.kill();
        scene.is_down();
        scene.postgres.restart();
        scene.is_up();
    }
    assert_eq!(scene.api.send(post()).expect(200).json(), kept.json());
}

/// A wrong password is no missing schema: `migrate` would not help.
#[test]
fn refuses_the_password() {
    let postgres = Postgres::start();
    fill(&postgres);
    let url = postgres.url("app").replace(PASSWORD, "another-one");
    for program in [Program::Api, Program::Auth] {
        let service = program.serve(&[("DATABASE_URL", &url), ("STORE_TIMEOUT", SHORT)]);
        let reason = service.until_ready(503)["checks"]["database"].to_string();
        assert!(!reason.contains("schema"), "{reason}");
        assert!(!service.printed().contains("another-one"), "{service:?}");
    }
    let api = Program::Api.serve(&[("DATABASE_URL", &url), ("STORE_TIMEOUT", SHORT)]);
    unavailable(&api, list());
}

#[test]
fn stalled_and_back() {
    let postgres = Postgres::start();
    fill(&postgres);
    let scene = Scene::on(postgres);
    scene.is_up();
    scene.postgres.pause();
    scene.is_down();
    scene.postgres.resume();
    scene.is_up();
}
