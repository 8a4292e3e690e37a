//! Values and arguments that cannot be.

use super::refused;
use crate::world::Program;

/// A variable and a value that it cannot have.
const WRONG: [(&str, &str); 39] = [
    ("ADDR", "nowhere"),
    ("ADDR", "127.0.0.1:99999"),
    ("ADDR", "127.0.0.1:0,nowhere"),
    ("ADMIN_ADDR", "127.0.0.1"),
    ("AUTH_URL", "no-url"),
    ("AUTH_URL", "ftp://127.0.0.1"),
    ("AUTH_TIMEOUT", "soon"),
    ("AUTH_TIMEOUT", "-1s"),
    ("STORE_TIMEOUT", "two"),
    ("SEED", "production"),
    ("WRITE_TOKEN_REQUIRED", "maybe"),
    ("LOG_FORMAT", "xml"),
    ("LOG_LEVEL", "loud"),
    ("MAX_BODY_SIZE", "big"),
    ("MAX_BODY_SIZE", "-1"),
    ("HEADER_TIMEOUT", "10 parsecs"),
    ("REQUEST_TIMEOUT", "s"),
    ("KEEP_ALIVE", "1e3"),
    ("MAX_CONNECTIONS", "many"),
    ("MAX_CONNECTIONS", "0"),
    ("DRAIN_DELAY", "later"),
    ("SHUTDOWN_TIMEOUT", "never"),
    ("TRUSTED_PROXIES", "one"),
    ("TRUSTED_PROXIES", "-1"),
    ("WRITES_PER_MINUTE", "x"),
    ("WRITES_PER_MINUTE", "-1"),
    ("WRITES_PER_MINUTE", "99999999999999999999"),
    ("AUTH_FAILURES_PER_MINUTE", "1.5"),
    ("CORS_ORIGINS", "no-origin"),
    ("CORS_ORIGINS", "https://a.example/path"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "no-url"),
    ("DATABASE_URL_FILE", "/nonexistent/url"),
    ("REDIS_URL_FILE", "/nonexistent/url"),
    ("ADMIN_ADDR", "somewhere:"),
    ("AUTH_TIMEOUT", "1h1h1"),
    ("LOG_LEVEL", "1000"),
    ("WRITE_TOKEN_REQUIRED", "2"),
    ("DRAIN_DELAY", "99999999999999999999s"),
    ("SHUTDOWN_TIMEOUT", "-5s"),
];

/// Variables of `api` alone.
const OF_API: [&str; 5] =
    ["AUTH_URL", "AUTH_TIMEOUT", "WRITE_TOKEN_REQUIRED", "WRITES_PER_MINUTE", "REDIS_URL_FILE"];

/// How a message says what is right.
const HELP: [&str; 3] = ["expected", "possible values", "cannot be read"];

#[test]
fn wrong_values_are_named() {
    for (name, value) in WRONG {
        let programs = [Program::Api, Program::Auth];
        let programs = &programs[..if OF_API.contains(&name) { 1 } else { 2 }];
        for program in programs {
            let said = refused(*program, &[(name, value)]);
            let wrong = value.rsplit(',').next().unwrap();
            assert!(said.contains(name) && said.contains(wrong), "{name}={value}: {said}");
            let helps = HELP.iter().any(|words| said.contains(words));
            assert!(helps, "{name}={value}, but what is expected? {said}");
        }
    }
}

#[test]
fn arguments_that_are_none() {
    for arguments in [&["nonsense"][..], &["serve", "--nonsense"], &["migrate", "x"], &["smoke"]] {
        for program in [Program::Api, Program::Auth] {
            let ran = program.run(arguments, &[]);
            assert_eq!(ran.code, Some(2), "{program:?} {arguments:?}: {ran:?}");
        }
    }
}
