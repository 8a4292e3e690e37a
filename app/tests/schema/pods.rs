//! A serving process looks at the schema of Postgres, and never changes it.

use crate::dump::dump;
use crate::world::{Backend, Call, Postgres, Program};

#[test]
fn wait_for_migrate() {
    let postgres = Postgres::shared();
    let name = postgres.database(None);
    let url = postgres.url(&name);
    let variables = [("DATABASE_URL", url.as_str()), ("SEED", "demo"), ("STORE_TIMEOUT", "5s")];
    let before = dump(postgres, &name);
    let [api, auth] = [Program::Api, Program::Auth].map(|program| program.serve(&variables));
    for service in [&api, &auth] {
        let reason = service.until_ready(503)["checks"]["database"].to_string();
        assert!(reason.contains("schema") || reason.contains("migrate"), "{reason}");
    }
    api.get("/api/v1/records").come_again(503);
    auth.send(Call::post("/auth").form("token", "mytoken")).come_again(503);
    assert_eq!(dump(postgres, &name), before);
    for program in [Program::Api, Program::Auth] {
        assert_eq!(program.run(&["migrate"], &variables).code, Some(0));
    }
    for service in [&api, &auth] {
        service.until_ready(200);
    }
    api.get("/api/v1/records").expect(200);
    auth.send(Call::post("/auth").form("token", "mytoken")).expect(200);
}

/// As a pod is that starts before the migration of its own release.
#[test]
fn know_that_a_migration_is_missing() {
    let url = Backend::Servers.database(true).unwrap();
    let (postgres, name) = (Postgres::shared(), url.rsplit('/').next().unwrap());
    postgres.sql(
        name,
        "delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)",
    );
    let before = dump(postgres, name);
    let api = Program::Api.serve(&[("DATABASE_URL", &url)]);
    let reason = api.until_ready(503)["checks"]["database"].to_string();
    assert!(reason.contains("schema") || reason.contains("migrate"), "{reason}");
    assert_eq!(dump(postgres, name), before);
}

#[test]
fn add_no_demo_data() {
    let url = Backend::Servers.database(false).unwrap();
    let (postgres, name) = (Postgres::shared(), url.rsplit('/').next().unwrap());
    let before = dump(postgres, name);
    let variables = [("DATABASE_URL", url.as_str()), ("SEED", "demo")];
    let [api, auth] = [Program::Api, Program::Auth].map(|program| program.serve(&variables));
    api.until_ready(200);
    auth.until_ready(200);
    assert_eq!(api.get("/api/v1/records").expect(200).text(), "[]");
    assert_eq!(dump(postgres, name), before);
}
