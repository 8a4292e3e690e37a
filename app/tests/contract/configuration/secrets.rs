//! Secrets: from a variable or from a file, and in no message.

use std::fs;

use super::refused;
use crate::world::{Backend, Program, Redis, folder};

#[test]
fn secrets_are_not_shown() {
    let wrong = [
        ("DATABASE_URL", "mysql://app:hunter2@127.0.0.1/app"),
        ("DATABASE_URL", "hunter2"),
        ("DATABASE_URL", "postgres://app:hunter2@127.0.0.1:99999/app"),
        ("REDIS_URL", "http://:hunter2@127.0.0.1"),
        ("REDIS_URL", "hunter2"),
        ("REDIS_URL", "redis://:hunter2@127.0.0.1:99999"),
    ];
    for (name, value) in wrong {
        let said = refused(Program::Api, &[(name, value)]);
        assert!(said.contains(name) && !said.contains("hunter2"), "{name}: {said}");
        let file = folder("secret").join("url");
        fs::write(&file, value).unwrap();
        let in_file = format!("{name}_FILE");
        let said = refused(Program::Api, &[(&in_file, file.to_str().unwrap())]);
        assert!(said.contains(name) && !said.contains("hunter2"), "{name}: {said}");
    }
}

#[test]
fn a_secret_stands_in_one_place() {
    let file = folder("secret").join("url");
    fs::write(&file, "redis://127.0.0.1:1").unwrap();
    for name in ["DATABASE_URL", "REDIS_URL"] {
        let both = [(name, "sqlite:x"), (&format!("{name}_FILE"), file.to_str().unwrap())];
        let said = refused(Program::Api, &both);
        assert!(said.contains(&format!("{name}_FILE")), "{said}");
        assert!(!said.contains("sqlite:x") && !said.contains("127.0.0.1:1"), "{said}");
    }
}

#[test]
fn secrets_are_read_from_files() {
    let (folder, redis) = (folder("secrets"), Redis::start());
    let [database, cache] = ["database", "redis"].map(|name| folder.join(name));
    let url = Backend::Servers.database(true).unwrap();
    fs::write(&database, format!("{url}\n")).unwrap();
    fs::write(&cache, format!("{}\n", redis.url())).unwrap();
    let api = Program::Api.serve(&[
        ("DATABASE_URL_FILE", database.to_str().unwrap()),
        ("REDIS_URL_FILE", cache.to_str().unwrap()),
    ]);
    api.until_ready(200);
    assert!(api.get("/api/v1/records").expect(200).number("x-total-count") > 0);
}
