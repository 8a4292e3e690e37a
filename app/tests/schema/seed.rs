//! Demo data: only with `SEED=demo`, and once.

use crate::dump::rows;
use crate::world::{Backend, Postgres, Program, TOKEN};

fn counts(postgres: &Postgres, name: &str) -> [u32; 2] {
    ["users", "records"].map(|table| rows(postgres, name, table))
}

fn migrate(url: &str, seed: &str) {
    for program in [Program::Api, Program::Auth] {
        let ran = program.run(&["migrate"], &[("DATABASE_URL", url), ("SEED", seed)]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
    }
}

#[test]
fn only_when_asked_for() {
    let url = Backend::Servers.database(false).unwrap();
    let (postgres, name) = (Postgres::shared(), url.rsplit('/').next().unwrap());
    migrate(&url, "none");
    assert_eq!(counts(postgres, name), [0, 0]);
    migrate(&url, "demo");
    let [users, records] = counts(postgres, name);
    assert!(users == 1 && records > 0, "{users} {records}");
    migrate(&url, "demo");
    assert_eq!(counts(postgres, name), [users, records]);
    migrate(&url, "none");
    assert_eq!(counts(postgres, name), [users, records]);
}

/// What was changed after seeding is not put back.
#[test]
fn is_no_reset() {
    let url = Backend::Servers.database(true).unwrap();
    let (postgres, name) = (Postgres::shared(), url.rsplit('/').next().unwrap());
    postgres.sql(name, "update records set version = 'changed' where id = 1");
    migrate(&url, "demo");
    let changed = postgres.sql(name, "select count(*) from records where version = 'changed'");
    assert_eq!(changed, "1");
}

#[test]
fn tokens_are_not_kept() {
    let url = Backend::Servers.database(true).unwrap();
    let name = url.rsplit('/').next().unwrap();
    let all = crate::dump::dump(Postgres::shared(), name);
    assert!(all.contains("density") && !all.contains(TOKEN), "{all}");
    let hex: String = TOKEN.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    assert!(!all.contains(&hex), "{all}");
}
