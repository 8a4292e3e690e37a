//! The service `api`.

use std::process::ExitCode;

fn main() -> ExitCode {
    app::cli::api()
}
