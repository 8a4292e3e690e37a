//! The schema: one source, changed by `migrate` alone, and never a step back.
#![cfg(test)]

/// Makes a test of each function, on a schema that is newer than the program.
///
/// This is the release that is gone back to, after its successor migrated.
macro_rules! on_back_ends {
    ($($test:ident),* $(,)?) => {
        mod newer_schema {
            $(#[test] fn $test() { super::$test(crate::world::Backend::NewerSchema); })*
        }
    };
}

mod dump;
mod migrate;
mod pods;
mod seed;
mod sqlite;
#[path = "../contract/suite/mod.rs"]
mod suite;
#[path = "../world/mod.rs"]
mod world;
