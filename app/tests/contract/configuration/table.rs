//! `config`: the table of the variables, as the code knows them.

use crate::world::{Program, Ran};

/// Variables of `api` alone.
const API: [&str; 9] = [
    "AUTH_URL",
    "AUTH_TIMEOUT",
    "WRITE_TOKEN_REQUIRED",
    "WRITES_PER_MINUTE",
    "REDIS_URL",
    "REDIS_URL_FILE",
    "CORS_ORIGINS",
    "SMOKE_TOKEN",
    "SMOKE_TOKEN_FILE",
];

/// Variables of both.
const BOTH: [&str; 20] = [
    "ADDR",
    "ADMIN_ADDR",
    "DATABASE_URL",
    "DATABASE_URL_FILE",
    "STORE_TIMEOUT",
    "SEED",
    "LOG_FORMAT",
    "LOG_LEVEL",
    "MAX_BODY_SIZE",
    "HEADER_TIMEOUT",
    "REQUEST_TIMEOUT",
    "KEEP_ALIVE",
    "MAX_CONNECTIONS",
    "DRAIN_DELAY",
    "SHUTDOWN_TIMEOUT",
    "TRUSTED_PROXIES",
    "AUTH_FAILURES_PER_MINUTE",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "CORS_ORIGINS",
    "ADDR",
];

#[test]
fn the_table_names_every_variable() {
    let table = |program: Program| -> Ran {
        let ran = program.run(&["config"], &[]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        ran
    };
    let (api, auth) = (table(Program::Api).stdout, table(Program::Auth).stdout);
    for name in API {
        assert!(api.contains(&format!("`{name}`")), "{name} of api:\n{api}");
    }
    for name in BOTH {
        let name = format!("`{name}`");
        assert!(api.contains(&name), "{name} of api:\n{api}");
        assert!(name == "`CORS_ORIGINS`" || auth.contains(&name), "{name} of auth:\n{auth}");
    }
    assert!(api.contains("20000") && auth.contains("75s"), "defaults");
}
