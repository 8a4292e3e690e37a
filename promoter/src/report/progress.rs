//! A spinner on standard error, for what takes more than a second.

use std::io::IsTerminal as _;
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget};

use crate::cli::Detail;

/// Shown only on a terminal, and only after a second.
pub struct Progress(ProgressBar);

impl Progress {
    /// Begins to wait.
    #[must_use]
    pub fn begin(detail: Detail) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if detail != Detail::Quiet && std::io::stderr().is_terminal() {
            let late = bar.clone();
            thread::spawn(move || {
                thread::sleep(Duration::from_secs(1));
                if !late.is_finished() {
                    late.set_draw_target(ProgressDrawTarget::stderr());
                    late.enable_steady_tick(Duration::from_millis(120));
                }
            });
        }
        Progress(bar)
    }

    /// Says what is being done.
    pub fn tell(&self, message: &str) {
        self.0.set_message(message.to_owned());
    }

    /// Takes the spinner away.
    pub fn end(&self) {
        self.0.finish_and_clear();
    }
}
