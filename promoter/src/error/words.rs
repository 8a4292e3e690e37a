//! Errors that hold lists, in words.

use std::fmt::Write as _;

use crate::gate::Verdict;
use crate::plan::{Change, Problem};
use crate::version::Version;

use super::{Mover, Overtaken, Unfinished};

pub(super) fn listed(candidates: &[String]) -> String {
    candidates.iter().fold(String::new(), |text, one| text + "\n  promoter init " + one)
}

pub(super) fn problems(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(problem).collect();
    match lines.as_slice() {
        [one] => one.clone(),
        several => format!("{} problems:\n  {}", several.len(), several.join("\n  ")),
    }
}

/// What stands in the way of a promotion, in words.
pub(crate) fn problem(problem: &Problem) -> String {
    match problem {
        Problem::MissingImage { service, image, path } => {
            format!("{path}: has no image `{image}`, which {service} has in the source")
        }
        Problem::AmbiguousImage { service, key, paths } => {
            format!("`{key}` of {service} could go into several files: {}", paths.join(", "))
        }
        Problem::Contradiction { service, key, path, versions } => {
            let versions: Vec<String> = versions.iter().map(|one| format!("`{one}`")).collect();
            let versions = versions.join(" and ");
            format!("{path}: the files of {service} in the source give `{key}` {versions}")
        }
        Problem::MissingService { service, environment } => {
            format!("{environment} has no folder for service `{service}`")
        }
    }
}

pub(super) fn refused(verdicts: &[Verdict]) -> String {
    let line = |verdict: &Verdict| {
        let service =
            verdict.service.as_ref().map_or_else(String::new, |service| format!("{service}: "));
        format!("{service}{} ({}: {})", verdict.reason, verdict.gate, verdict.outcome)
    };
    match verdicts {
        [one] => format!("refused: {}", line(one)),
        several => several.iter().fold(
            format!("refused for {} reasons:", several.len()),
            |mut text, verdict| {
                let _ = write!(text, "\n  {}", line(verdict));
                text
            },
        ),
    }
}

pub(super) fn not_there(environment: &str, missing: &[Change]) -> String {
    let one = |change: &Change| {
        let found = change.old.as_ref().map_or_else(|| "nothing".to_owned(), ToString::to_string);
        format!("{} {} (it is at {found})", change.service, change.new)
    };
    let missing: Vec<String> = missing.iter().map(one).collect();
    format!("{environment} does not have what was promoted: {}", missing.join(", "))
}

pub(super) fn unfinished(services: &[Unfinished]) -> String {
    let line =
        |one: &Unfinished| format!("\n  {}: {} ({})", one.service, one.reason, one.application);
    let lines: Vec<String> = services.iter().map(line).collect();
    format!("the time is up, and not all of it runs:{}", lines.concat())
}

pub(super) fn strangers(branch: &str, commits: &[Mover]) -> String {
    let line = |by: &Mover| {
        format!("\n  {} by {} at {} ({})", by.commit.short(), by.name, by.time, by.subject)
    };
    let lines: String = commits.iter().take(10).map(line).collect();
    let more = commits.len().saturating_sub(10);
    let more = if more == 0 { String::new() } else { format!("\n  and {more} more") };
    format!(
        "{branch} cannot be continued, and has commits that promoter did not make:{lines}{more}"
    )
}

pub(super) fn overtaken(moved: &[Overtaken]) -> String {
    let version = |version: &Option<Version>| {
        version.as_ref().map_or_else(|| "nothing".to_owned(), Version::to_string)
    };
    let lines: Vec<String> = moved
        .iter()
        .map(|moved| {
            let who = moved.by.as_ref().map_or_else(String::new, |by| {
                format!(", by {} at {} in {} ({})", by.name, by.time, by.commit.short(), by.subject)
            });
            format!(
                "{} was moved by someone else: `{}` was {}, is {}{who}",
                moved.service,
                moved.key,
                version(&moved.expected),
                version(&moved.found)
            )
        })
        .collect();
    lines.join("\n")
}
