//! The service `auth`.

use std::process::ExitCode;

fn main() -> ExitCode {
    app::cli::auth()
}
