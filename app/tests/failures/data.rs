//! What is asked in these tests.

use serde_json::json;

use crate::world::{Call, Postgres, Program, TOKEN};

/// A new record.
pub(crate) fn post() -> Call {
    let record = json!({
        "service": "api", "environment": "prod", "version": "1.2.0", "commit": "0123abc",
        "deployed_at": "2026-11-20T10:00:00Z",
    });
    Call::post("/api/v1/records").bearer(TOKEN).json(&record)
}

/// The list of records, which no cache holds.
pub(crate) fn list() -> Call {
    Call::get("/api/v1/records?limit=1")
}

/// Whose token it is.
pub(crate) fn whose() -> Call {
    Call::post("/auth").form("token", TOKEN)
}

/// Makes the database `app`, its schema and the demo data.
pub(crate) fn fill(postgres: &Postgres) {
    postgres.sql("postgres", "create database app");
    let url = postgres.url("app");
    for program in [Program::Api, Program::Auth] {
        let ran = program.run(&["migrate"], &[("DATABASE_URL", &url), ("SEED", "demo")]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
    }
}
