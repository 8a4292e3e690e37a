//! Parse, run, report, exit.

use std::process::ExitCode;
use std::rc::Rc;

use jiff::Timestamp;
use promoter::cli::{self, OnDifference, Request, Session};
use promoter::commands::{self, Context};
use promoter::error::Error;
use promoter::git::{Deadline, Location, Repo};
use promoter::registry::Registry;
use promoter::report::{self, Outcome, Progress, Report};

fn main() -> ExitCode {
    match cli::arguments() {
        Ok(arguments) => begin(arguments),
        Err(error) => {
            // Nobody reads: the exit code still tells.
            let _ = report::usage(cli::format(), &error);
            ExitCode::from(if error.use_stderr() { 2 } else { 0 })
        }
    }
}

fn begin(arguments: cli::Arguments) -> ExitCode {
    let session = match arguments.session() {
        Ok(session) => session,
        Err(error) => {
            let _ = report::early(cli::format(), &error);
            return ExitCode::from(error.kind().exit_code());
        }
    };
    let now = Timestamp::now();
    match arguments.request() {
        Ok(request) => {
            let report = Report::new(&session, request.name(), now);
            finish(&report, &run(session, request, now))
        }
        Err(error) => finish(&Report::new(&session, "promoter", now), &Err(error)),
    }
}

fn finish(report: &Report, done: &Result<(Outcome, u8), Error>) -> ExitCode {
    let (printed, code) = match done {
        Ok((outcome, code)) => (report.outcome(outcome), *code),
        Err(error) => (report.error(error), error.kind().exit_code()),
    };
    match printed {
        Ok(()) => ExitCode::from(code),
        // A closed pipe is how `| head` ends a program; anything else is a failure to tell.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::from(code),
        Err(_) => ExitCode::from(6),
    }
}

/// Runs a request: the outcome, and its exit code.
fn run(session: Session, request: Request, now: Timestamp) -> Result<(Outcome, u8), Error> {
    if let Request::Text(text) = request {
        return Ok((Outcome::Text(text), 0));
    }
    let progress = Progress::begin(session.detail);
    let deadline = Deadline::after(session.timeout.unwrap_or(request.patience()));
    let repo = match &session.repo {
        Location::Folder(path) => Repo::open(path)?,
        Location::Url(url) => Repo::of_url(url, session.branch.as_deref(), &deadline)?,
    };
    let registry = Registry::new(session.registry);
    let tell = |message: &str| progress.tell(message);
    let context = Context {
        repo: &repo,
        config: session.config.map(Rc::new),
        branch: session.branch.filter(|_| !repo.is_temporary()),
        forge: session.forge,
        actor: session.actor,
        argocd: session.argocd.map(Rc::new),
        now,
        deadline,
        registry: &registry,
        progress: &tell,
    };
    let done = story(&context, request);
    progress.end();
    done
}

fn story(context: &Context<'_>, request: Request) -> Result<(Outcome, u8), Error> {
    Ok(match request {
        Request::Status(request, on) => {
            let status = commands::status(context, &request)?;
            let code = difference(on, status.differs());
            (Outcome::Status(status), code)
        }
        Request::Bump(request) => (Outcome::Bumped(commands::bump(context, &request)?), 0),
        Request::Promote(request) => {
            let promoted = commands::promote(context, &request)?;
            let code = promoted.failure().map_or(0, |error| error.kind().exit_code());
            (Outcome::Promoted(promoted), code)
        }
        Request::Diff(request, on) => {
            let found = commands::diff(context, &request)?;
            let code = difference(on, !found.changes.is_empty());
            (Outcome::Differences(found), code)
        }
        Request::Rollback(request) => {
            (Outcome::RolledBack(commands::roll_back(context, &request)?), 0)
        }
        Request::Hold(request) => (Outcome::Held(commands::hold(context, &request)?), 0),
        Request::Unhold(request) => (Outcome::Held(commands::unhold(context, &request)?), 0),
        Request::History(request) => {
            let (entries, commits, warnings) = commands::history(context, &request)?;
            (Outcome::History(entries, commits, warnings), 0)
        }
        Request::Where(request) => {
            let (found, warnings) = commands::find(context, &request)?;
            (Outcome::Found(found, warnings), 0)
        }
        Request::Check(request, sarif) => {
            let checked = commands::check(context, &request)?;
            if let Some(path) = sarif {
                report::write_sarif(&path, &checked)?;
            }
            let code = if checked.refuses() { 3 } else { 0 };
            (Outcome::Checked(checked), code)
        }
        Request::Audit(request) => {
            let audited = commands::audit(context, &request)?;
            let code = if audited.refuses() { 3 } else { 0 };
            (Outcome::Audited(audited), code)
        }
        Request::Wait(request) => (Outcome::Waited(commands::wait(context, &request)?), 0),
        Request::Init(request) => (Outcome::Initialised(commands::init(context, &request)?), 0),
        Request::Text(text) => (Outcome::Text(text), 0),
    })
}

fn difference(on: OnDifference, differs: bool) -> u8 {
    u8::from(differs && on == OnDifference::ExitOne)
}
