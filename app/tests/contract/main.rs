//! What the services promise, asked of the built binaries.
//!
//! `suite` holds what is the same on every back end, and runs on each.
#![cfg(test)]

/// Makes a test of each function, on either back end.
macro_rules! on_back_ends {
    ($($test:ident),* $(,)?) => {
        mod embedded {
            $(#[test] fn $test() { super::$test(crate::world::Backend::Embedded); })*
        }
        mod servers {
            $(#[test] fn $test() { super::$test(crate::world::Backend::Servers); })*
        }
    };
}

mod configuration;
mod full;
mod programs;
mod secrets;
mod suite;
mod traces;
mod users;
#[path = "../world/mod.rs"]
mod world;
