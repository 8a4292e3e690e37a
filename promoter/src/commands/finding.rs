//! What a check finds: by itself, or as the verdict of a gate on a change.

use crate::error::Error;
use crate::gate::Verdict;
use crate::pipeline::Environment;
use crate::place::Place;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Exit code 3.
    Error,
    /// Worth knowing.
    Notice,
}

/// One thing found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// A word that stays.
    pub code: &'static str,
    /// How much it matters.
    pub level: Level,
    /// The file.
    pub file: Option<String>,
    /// The place in it.
    pub place: Option<Place>,
    /// What it is.
    pub message: String,
}

impl Finding {
    /// What an error says, at its place.
    pub(super) fn of(code: &'static str, error: &Error) -> Self {
        let place = error.place().cloned();
        let words = error.to_string();
        let at = place.as_ref().map_or_else(String::new, |place| format!("{place}: "));
        Finding {
            code,
            level: Level::Error,
            file: place.as_ref().map(|place| place.file.clone()),
            message: words.strip_prefix(&at).unwrap_or(&words).to_owned(),
            place,
        }
    }

    pub(super) fn in_file(code: &'static str, level: Level, file: &str, message: String) -> Self {
        Finding { code, level, file: Some(file.to_owned()), place: None, message }
    }
}

/// A verdict, and the place that it is about.
pub(super) struct Judged {
    pub(super) verdict: Verdict,
    pub(super) place: Option<Place>,
    pub(super) file: Option<String>,
}

impl Judged {
    pub(super) fn finding(self, environment: &Environment) -> Option<Finding> {
        let level = match (self.verdict.blocks(), self.verdict.gate) {
            (true, _) => Level::Error,
            (false, "override") => Level::Notice,
            (false, _) => return None,
        };
        let Verdict { gate, service, reason, .. } = self.verdict;
        let message = match service {
            Some(service) => format!("{service} in {}: {reason}", environment.name),
            None => reason,
        };
        let file = self.file.or_else(|| Some(self.place.as_ref()?.file.clone()));
        Some(Finding { code: gate, level, file, place: self.place, message })
    }
}
