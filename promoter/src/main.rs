//! Parse, run, report, exit.

fn main() {}
