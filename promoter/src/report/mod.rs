//! The only printer: outcomes and errors become text or JSON.

mod age;
mod annotate;
mod json;
mod patch;
mod progress;
mod sarif;
mod style;
mod table;
mod text;
mod written;

use std::fmt::Write as _;
use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;

use crate::cli::{Color, Detail, Format, Session};
use crate::commands::{
    Audited, Bumped, Checked, Differences, Followed, Found, Held, HistoryEntry, Initialised,
    Promoted, RolledBack, StatusTable, Waited, Warning, WayBack,
};
use crate::error::Error;
use crate::git::redact;
use crate::place::Place;

pub use progress::Progress;

use style::Style;

/// More of a line than this is not shown.
const WIDEST: usize = 160;

/// What a command came to.
pub enum Outcome {
    /// `status`.
    Status(StatusTable),
    /// `bump`.
    Bumped(Bumped),
    /// `promote`.
    Promoted(Promoted),
    /// `diff`.
    Differences(Differences),
    /// `rollback`.
    RolledBack(RolledBack),
    /// `hold` and `unhold`.
    Held(Held),
    /// `history`: entries, commits looked at, warnings.
    History(Vec<HistoryEntry>, usize, Vec<Warning>),
    /// `where`.
    Found(Vec<Found>, Vec<Warning>),
    /// `check`.
    Checked(Checked),
    /// `audit`.
    Audited(Audited),
    /// `wait`.
    Waited(Waited),
    /// `init`.
    Initialised(Initialised),
    /// Ready text.
    Text(Vec<u8>),
}

impl Outcome {
    fn warnings(&self) -> &[Warning] {
        match self {
            Outcome::Status(status) => &status.warnings,
            Outcome::Bumped(done) => &done.warnings,
            Outcome::Promoted(done) => &done.warnings,
            Outcome::Differences(found) => &found.warnings,
            Outcome::RolledBack(done) => &done.warnings,
            Outcome::Held(done) => &done.warnings,
            Outcome::History(_, _, warnings) | Outcome::Found(_, warnings) => warnings,
            Outcome::Checked(checked) => &checked.warnings,
            Outcome::Audited(audited) => &audited.warnings,
            Outcome::Waited(waited) => &waited.warnings,
            Outcome::Initialised(_) | Outcome::Text(_) => &[],
        }
    }
}

/// Prints for one run.
pub struct Report {
    format: Format,
    detail: Detail,
    style: Style,
    command: &'static str,
    now: jiff::Timestamp,
    /// Whether GitHub reads along.
    annotates: bool,
}

impl Report {
    /// A report as the session wants it.
    #[must_use]
    pub fn new(session: &Session, command: &'static str, now: jiff::Timestamp) -> Self {
        let style = Style::new(takes_colors(session.color));
        Report {
            format: session.format,
            detail: session.detail,
            style,
            command,
            now,
            annotates: session.annotates,
        }
    }

    /// Prints what was done. An error here means that nobody reads.
    pub fn outcome(&self, outcome: &Outcome) -> io::Result<()> {
        if let Outcome::Text(text) = outcome {
            return io::stdout().lock().write_all(text);
        }
        match self.format {
            Format::Json => print(&json::outcome(self.command, outcome)),
            Format::Text => {
                self.warn(outcome.warnings())?;
                if let Outcome::Checked(checked) = outcome
                    && self.annotates
                {
                    print(&redact(&annotate::commands(checked)))?;
                }
                if self.detail == Detail::Quiet {
                    return Ok(());
                }
                print(&redact(&text::outcome(outcome, self.style, self.detail, self.now)))?;
                match outcome {
                    Outcome::Promoted(Promoted { followed: Some(followed), .. }) => {
                        self.followed(followed)
                    }
                    _ => Ok(()),
                }
            }
        }
    }

    /// Tells how a promotion arrived, or why it did not and what was done about it.
    fn followed(&self, followed: &Followed) -> io::Result<()> {
        print(&redact(&text::arrived(followed)))?;
        if let Err(error) = &followed.waited {
            // What a hint would advise may have been done by now.
            let hint = error.hint().filter(|_| !matches!(followed.back, WayBack::Taken(_)));
            complain(error, hint, self.style)?;
        }
        if let WayBack::Failed(error) = &followed.back {
            complain(error, error.hint(), self.style)?;
        }
        let way_back = text::way_back(&followed.back, self.style, self.detail, self.now);
        print(&redact(&way_back))
    }

    fn warn(&self, warnings: &[Warning]) -> io::Result<()> {
        let mut stderr = io::stderr().lock();
        for warning in warnings {
            let words = redact(&text::warning(warning));
            writeln!(stderr, "{} {words}", self.style.warning("warning:"))?;
        }
        Ok(())
    }

    /// Prints why it was not done: for people on standard error, for programs on standard output.
    pub fn error(&self, error: &Error) -> io::Result<()> {
        if self.format == Format::Json {
            print(&json::error(self.command, error))?;
        }
        complain(error, error.hint(), self.style)
    }
}

/// Writes the findings of `check` to a file as SARIF.
pub fn write_sarif(path: &Path, checked: &Checked) -> Result<(), Error> {
    fs::write(path, sarif::log(checked)).map_err(|error| Error::File {
        path: path.display().to_string(),
        reason: error.to_string(),
    })
}

fn takes_colors(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => io::stdout().is_terminal(),
    }
}

/// Prints an error of before there was a report.
pub fn early(format: Format, error: &Error) -> io::Result<()> {
    if format == Format::Json {
        print(&json::error("promoter", error))?;
    }
    complain(error, error.hint(), Style::new(false))
}

/// Prints what clap has to say: help and version on standard output, wrong usage on the other,
/// and for programs as an object too.
pub fn usage(format: Format, error: &clap::Error) -> io::Result<()> {
    if format == Format::Json && error.use_stderr() {
        let words = error.to_string();
        let first = words.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ");
        let line = first.split_whitespace().collect::<Vec<_>>().join(" ");
        print(&json::error("promoter", &Error::Usage(line)))?;
    }
    error.print()
}

fn complain(error: &Error, hint: Option<String>, style: Style) -> io::Result<()> {
    let mut text = format!("{} {error}\n", style.error("error:"));
    if let Some(place) = error.place() {
        let (line, caret) = excerpt(place);
        let _ = writeln!(text, "  | {line}\n  | {}^", " ".repeat(caret));
    }
    for line in error.words().into_iter().flat_map(str::lines) {
        let _ = writeln!(text, "  | {line}");
    }
    if let Some(hint) = hint {
        let _ = writeln!(text, "{} {hint}", style.hint("hint:"));
    }
    io::stderr().lock().write_all(redact(&text).as_bytes())
}

/// The line around a place, and how far in it stands; without what a terminal would obey.
fn excerpt(place: &Place) -> (String, usize) {
    let column = place.column.saturating_sub(1);
    let skipped = column.saturating_sub(WIDEST / 2);
    let visible = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let line = place.text.chars().skip(skipped).take(WIDEST).map(visible).collect();
    (line, column - skipped)
}

fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}
