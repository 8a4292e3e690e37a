//! argv and environment become a typed request. The only room that reads the environment.

mod audit;
mod bump;
mod check;
mod deliver;
mod diff;
mod find;
mod forge;
mod globals;
mod history;
mod hold;
mod init;
mod parse;
mod promote;
mod rollback;
mod status;
mod variable;
mod wait;

use std::path::PathBuf;
use std::time::Duration;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::commands;
use crate::error::Error;

pub use globals::{Color, Detail, Format, Globals, Session};

/// Moves versions between the environments of a GitOps repository, one exact commit at a time.
///
/// Environments are folders of Kustomize overlays on one branch. git is the only store: what is
/// where, since when and why is read from commits, and every change is one commit that touches
/// the bytes of the versions and no others.
#[derive(Debug, Parser)]
#[command(name = "promoter", version, max_term_width = 100, after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  promoter status                          what is where, since when, how far behind
  promoter bump dev api=1.4.2 --push       a new version enters the first environment
  promoter promote staging prod            prod gets what staging runs, as one commit
  promoter promote staging prod --dry-run  show it first
  promoter rollback prod api               back to what api ran before
  promoter init                            start with a repository that exists already

Exit codes: 0 done or nothing to do, 1 differences (--exit-code), 2 wrong input, 3 refused by a
rule, 4 conflict, 5 `wait` timed out, 6 failed. `--output json` carries the same in `error.code`.";

#[derive(Debug, Subcommand)]
enum Command {
    Status(status::Args),
    Bump(bump::Args),
    Promote(promote::Args),
    Diff(diff::Args),
    Rollback(rollback::Args),
    Hold(hold::HoldArgs),
    Unhold(hold::UnholdArgs),
    History(history::Args),
    Where(find::Args),
    Check(check::Args),
    Audit(audit::Args),
    Wait(wait::Args),
    Init(init::Args),
    /// Print the completion script for a shell.
    ///
    /// For example: promoter completions bash > ~/.local/share/bash-completion/completions/promoter
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page, of promoter or of one command.
    ///
    /// For example: promoter man | man -l -
    Man {
        /// The command.
        command: Option<String>,
    },
}

/// What the user asks for.
#[derive(Debug)]
pub enum Request {
    /// `status`, and whether differences are exit code 1.
    Status(commands::Status, OnDifference),
    /// `bump`.
    Bump(commands::Bump),
    /// `promote`.
    Promote(commands::Promote),
    /// `diff`, and whether differences are exit code 1.
    Diff(commands::Diff, OnDifference),
    /// `rollback`.
    Rollback(commands::Rollback),
    /// `hold`.
    Hold(commands::PutHold),
    /// `unhold`.
    Unhold(commands::Unhold),
    /// `history`.
    History(commands::History),
    /// `where`.
    Where(commands::Where),
    /// `check`, and the file that gets its findings as SARIF.
    Check(commands::Check, Option<PathBuf>),
    /// `audit`.
    Audit(commands::Audit),
    /// `wait`.
    Wait(commands::Wait),
    /// `init`.
    Init(commands::Init),
    /// Text made without a repository.
    Text(Vec<u8>),
}

impl Request {
    /// The name of the command, for JSON.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Request::Status(..) => "status",
            Request::Bump(_) => "bump",
            Request::Promote(_) => "promote",
            Request::Diff(..) => "diff",
            Request::Rollback(_) => "rollback",
            Request::Hold(_) => "hold",
            Request::Unhold(_) => "unhold",
            Request::History(_) => "history",
            Request::Where(_) => "where",
            Request::Check(..) => "check",
            Request::Audit(_) => "audit",
            Request::Wait(_) => "wait",
            Request::Init(_) => "init",
            Request::Text(_) => "text",
        }
    }
}

impl Request {
    /// When to give up, where the user does not say.
    #[must_use]
    pub fn patience(&self) -> Duration {
        match self {
            Request::Promote(request) if request.follow.is_some() => Duration::from_mins(10),
            Request::Wait(_) => Duration::from_mins(10),
            _ => Duration::from_mins(2),
        }
    }
}

/// What differences do to the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDifference {
    /// Exit code 1.
    ExitOne,
    /// Nothing.
    Ignore,
}

impl From<bool> for OnDifference {
    fn from(flag: bool) -> Self {
        if flag { OnDifference::ExitOne } else { OnDifference::Ignore }
    }
}

/// Reads the command line.
pub fn arguments() -> Result<Arguments, clap::Error> {
    Arguments::try_parse_from(std::env::args_os())
}

/// The format asked for, where the rest of the command line may be wrong.
#[must_use]
pub fn format() -> Format {
    let words: Vec<String> =
        std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let value = |pair: &[String]| matches!(pair, [name, value] if (name == "-o" || name == "--output") && value == "json");
    let joined = |word: &String| word == "--output=json" || word == "-ojson" || word == "-o=json";
    if words.windows(2).any(value) || words.iter().any(joined) {
        Format::Json
    } else {
        Format::Text
    }
}

impl Arguments {
    /// What was said about how to run and print.
    pub fn session(&self) -> Result<Session, Error> {
        self.globals.session()
    }

    /// What was asked for.
    pub fn request(self) -> Result<Request, Error> {
        Ok(match self.command {
            Command::Status(args) => args.request(),
            Command::Bump(args) => Request::Bump(args.request()?),
            Command::Promote(args) => Request::Promote(args.request()),
            Command::Diff(args) => args.request(),
            Command::Rollback(args) => Request::Rollback(args.request()),
            Command::Hold(args) => Request::Hold(args.request()),
            Command::Unhold(args) => Request::Unhold(args.request()),
            Command::History(args) => Request::History(args.request()),
            Command::Where(args) => Request::Where(args.request()),
            Command::Check(args) => args.request(),
            Command::Audit(args) => Request::Audit(args.request()),
            Command::Wait(args) => Request::Wait(args.request()),
            Command::Init(args) => Request::Init(args.request()),
            Command::Completions { shell } => Request::Text(completions(shell)),
            Command::Man { command } => Request::Text(manual(command.as_deref())?),
        })
    }
}

fn completions(shell: clap_complete::Shell) -> Vec<u8> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "promoter", &mut text);
    text
}

fn manual(name: Option<&str>) -> Result<Vec<u8>, Error> {
    let mut command = Arguments::command();
    command.build();
    let page = match name {
        None => command,
        Some(name) => {
            let unknown = || Error::Usage(format!("no command `{name}`"));
            command.find_subcommand(name).ok_or_else(unknown)?.clone()
        }
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page)
        .render(&mut text)
        .map_err(|error| Error::Usage(error.to_string()))?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::Arguments;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
