//! `migrate`: by many at once, twice, on what is newer, on what is not there.

use std::thread;

use crate::dump::{dump, rows};
use crate::world::{Backend, PASSWORD, Postgres, Program, Ran, Redis};

const BOTH: [Program; 2] = [Program::Api, Program::Auth];

fn migrate(program: Program, url: &str) -> Ran {
    program.run(&["migrate"], &[("DATABASE_URL", url), ("SEED", "demo")])
}

fn migrate_both(url: &str) {
    for program in BOTH {
        let ran = migrate(program, url);
        assert_eq!(ran.code, Some(0), "{ran:?}");
    }
}

#[test]
fn eight_at_once() {
    let postgres = Postgres::shared();
    let name = postgres.database(None);
    let url = postgres.url(&name);
    let migrate = |number: usize| migrate(BOTH[number % 2], &url);
    thread::scope(|scope| {
        let all: Vec<_> = (0..8).map(|number| scope.spawn(move || migrate(number))).collect();
        for one in all {
            let ran = one.join().unwrap();
            assert_eq!(ran.code, Some(0), "{ran:?}");
        }
    });
    let single = postgres.database(None);
    migrate_both(&postgres.url(&single));
    for table in ["_sqlx_migrations", "users", "records"] {
        assert_eq!(rows(postgres, &name, table), rows(postgres, &single, table), "{table}");
    }
}

#[test]
fn again_changes_nothing() {
    let postgres = Postgres::shared();
    let name = postgres.database(None);
    migrate_both(&postgres.url(&name));
    let before = dump(postgres, &name);
    for program in BOTH {
        let ran = migrate(program, &postgres.url(&name));
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert_eq!(dump(postgres, &name), before);
    }
}

#[test]
fn a_newer_schema_stays() {
    let url = Backend::NewerSchema.database(true).unwrap();
    let (postgres, name) = (Postgres::shared(), url.rsplit('/').next().unwrap());
    let before = dump(postgres, name);
    for program in BOTH {
        let ran = migrate(program, &url);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert_eq!(dump(postgres, name), before);
    }
}

#[test]
fn nobody_there() {
    let place = Redis::absent().url().replace("redis://", "");
    let url = format!("postgres://app:{PASSWORD}@{place}/app");
    for program in BOTH {
        let ran = migrate(program, &url);
        assert!(ran.code.is_some_and(|code| code != 0), "{ran:?}");
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(!said.is_empty() && !said.contains(PASSWORD), "{said}");
    }
}
