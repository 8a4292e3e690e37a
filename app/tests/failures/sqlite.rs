//! A `SQLite` file that cannot be made.

use crate::world::{Program, folder, until};

/// Nobody may make files in these, root neither.
const PLACES: [&str; 2] = ["/proc/app.db", "/nonexistent/folder/app.db"];

/// It ends, and names the place or the variable that holds it.
#[test]
fn in_a_folder_that_cannot_be_written() {
    for place in PLACES {
        for program in [Program::Api, Program::Auth] {
            for command in ["migrate", "serve"] {
                let ran = program.run(&[command], &[("DATABASE_URL", &format!("sqlite:{place}"))]);
                assert!(ran.code.is_some_and(|code| code != 0), "{place}: {ran:?}");
                let said = format!("{}{}", ran.stdout, ran.stderr);
                assert!(said.contains(place) || said.contains("DATABASE_URL"), "{place}: {said}");
                assert!(!said.contains("panicked"), "{said}");
            }
        }
    }
}

#[test]
fn that_is_no_database() {
    let file = folder("broken").join("app.db");
    std::fs::write(&file, "this is no database, but long enough to be taken for one. ".repeat(99))
        .unwrap();
    let url = format!("sqlite:{}", file.display());
    let ran = Program::Api.run(&["migrate"], &[("DATABASE_URL", &url)]);
    assert!(ran.code.is_some_and(|code| code != 0), "{ran:?}");
    assert!(!ran.stderr.contains("panicked"), "{ran:?}");
    until("the text to stay", || std::fs::read_to_string(&file).ok());
}
