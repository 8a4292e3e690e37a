//! What a database holds.

use std::process::Command;

use crate::world::Postgres;

/// Schema and data as SQL, without the lines that hold a random word, and without the counters:
/// an insert that finds its row there takes a number too.
pub(crate) fn dump(postgres: &Postgres, database: &str) -> String {
    let ran = Command::new("pg_dump").arg(postgres.url(database)).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let text = String::from_utf8(ran.stdout).unwrap();
    let told = |line: &&str| !line.contains("restrict ") && !line.contains("setval");
    text.lines().filter(told).collect::<Vec<_>>().join("\n")
}

/// The number of rows of a table.
pub(crate) fn rows(postgres: &Postgres, database: &str, table: &str) -> u32 {
    postgres.sql(database, &format!("select count(*) from {table}")).parse().unwrap()
}
