//! Outcomes as text for people.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use jiff::Timestamp;

use crate::cli::Detail;
use crate::commands::{
    Act, Audited, AuditedCommit, AuditedGate, Bumped, Cell as StatusCell, Checked, Delivered,
    Differences, Followed, Found, Held, HistoryEntry, InitTo, Initialised, Level, Patch, Promoted,
    Recount, ReviewState, RolledBack, StatusTable, VersionChange, Waited, Warning, WayBack,
};
use crate::error::problem;
use crate::gate::{HoldKind, Verdict};
use crate::plan::{Change, Note};
use crate::service::VersionSet;

use super::Outcome;
use super::age::age;
use super::patch::patch;
use super::style::Style;
use super::table::{Cell, render};

/// The whole text of an outcome.
pub(super) fn outcome(outcome: &Outcome, style: Style, detail: Detail, now: Timestamp) -> String {
    let teller = Teller { style, detail, now };
    match outcome {
        Outcome::Status(status) => teller.status(status),
        Outcome::Bumped(done) => teller.bumped(done),
        Outcome::Promoted(done) => teller.promoted(done),
        Outcome::Differences(found) => teller.differences(found),
        Outcome::RolledBack(done) => teller.rolled_back(done),
        Outcome::Held(done) => teller.held(done),
        Outcome::History(entries, commits, _) => teller.history(entries, *commits),
        Outcome::Found(found, _) => teller.found(found),
        Outcome::Checked(checked) => teller.checked(checked),
        Outcome::Audited(audited) => teller.audited(audited),
        Outcome::Waited(waited) => self::waited(waited),
        Outcome::Initialised(done) => initialised(done),
        Outcome::Text(_) => String::new(),
    }
}

/// What followed a promotion: how the wait ended, where it ended well.
pub(super) fn arrived(followed: &Followed) -> String {
    followed.waited.as_ref().map_or_else(|_| String::new(), waited)
}

/// What was done about a promotion that did not become healthy.
pub(super) fn way_back(back: &WayBack, style: Style, detail: Detail, now: Timestamp) -> String {
    let teller = Teller { style, detail, now };
    match back {
        WayBack::NotTaken | WayBack::Failed(_) => String::new(),
        WayBack::Spared(why) => format!("not rolled back: {why}\n"),
        WayBack::Taken(done) => format!("rolled back:\n{}", teller.rolled_back(done)),
    }
}

/// A warning in words.
pub(super) fn warning(warning: &Warning) -> String {
    match warning {
        Warning::Behind { branch, upstream, commits } => {
            format!("{branch} is {commits} commits behind {upstream}: `git pull` brings them")
        }
        Warning::ConfigurationDiffers => {
            "promoter.yaml differs from the committed one, which is what counts".to_owned()
        }
        Warning::Configuration { path } => {
            format!("the configuration is {path}, not promoter.yaml of the commit")
        }
        Warning::PullRequest { number, what, words } => {
            format!("pull request #{number} is not {what}: {words}")
        }
        Warning::Unreadable { service, environment, reason } => {
            format!("{service} in {environment} is left out: {reason}")
        }
    }
}

/// A note in words.
pub(super) fn note(note: &Note) -> String {
    match note {
        Note::OtherFile { key, expected, used, .. } => {
            format!("`{key}` is in {used}, not in {expected}")
        }
        Note::SourceOnlyFile { path, .. } => {
            format!("{path} is in the source only: configuration, not promoted")
        }
        Note::SourceOnlyRemote { url, path, .. } => {
            format!("{path}: `{url}` is in the source only: configuration, not promoted")
        }
        Note::Unpinned { image, path, .. } => {
            format!("{path}: `{image}` pins no version, so there is nothing to promote")
        }
        Note::Added { image, path, .. } => {
            format!(
                "{path}: `{image}` is added without `newName`: it is pulled from where its name says"
            )
        }
        Note::SkippedService { service, environment } => {
            format!("{service} is not in {environment}: left out")
        }
    }
}

struct Teller {
    style: Style,
    detail: Detail,
    now: Timestamp,
}

impl Teller {
    // ---- writing commands

    fn promoted(&self, done: &Promoted) -> String {
        let mut text = self.notes(&done.notes);
        for verdict in &done.left_out {
            let _ = writeln!(text, "left out: {}", verdict_words(verdict));
        }
        if done.changes.is_empty() {
            let why = if done.left_out.is_empty() {
                format!("{} runs what {} runs", done.to, done.from)
            } else {
                "every change is left out".to_owned()
            };
            let why = match &done.delivered {
                Some(Delivered { review: Some(review), .. })
                    if review.state != ReviewState::Closed =>
                {
                    "the pull request has all of it".into()
                }
                _ => why,
            };
            let _ = writeln!(text, "nothing to do: {why}");
            return text
                + &done.delivered.as_ref().map_or_else(String::new, |one| self.delivered(one));
        }
        text.push_str(&self.changes(&done.changes));
        self.verdicts(&mut text, &done.verdicts);
        text.push_str(&pending(&done.pending));
        match &done.delivered {
            Some(delivered) => text.push_str(&self.delivered(delivered)),
            None => {
                text.push('\n');
                text.push_str(&self.patches(&done.patch));
                text.push_str("\nnothing was changed: this was a dry run\n");
            }
        }
        text
    }

    fn bumped(&self, done: &Bumped) -> String {
        let mut text = String::new();
        for (key, version) in &done.newer {
            let _ = writeln!(text, "left as it is: {key} is at {version}, which is newer");
        }
        if done.changes.is_empty() {
            let _ =
                writeln!(text, "nothing to do: {} has these versions already", done.environment);
            return text + &self.delivered(&done.delivered);
        }
        text.push_str(&self.changes(&done.changes));
        text.push_str(&pending(&done.pending));
        text.push_str(&self.delivered(&done.delivered));
        text
    }

    fn rolled_back(&self, done: &RolledBack) -> String {
        let mut text = String::new();
        for gone in &done.gone {
            let _ = writeln!(text, "note: {gone} has no entry any more: left out");
        }
        if done.changes.is_empty() {
            let _ =
                writeln!(text, "nothing to do: {} runs these versions already", done.environment);
            return text + &self.delivered(&done.delivered);
        }
        text.push_str(&self.changes(&done.changes));
        text.push_str(&marked(done));
        if !done.other_files.is_empty() {
            let _ = writeln!(
                text,
                "other files changed since and stay as they are: {}",
                done.other_files.join(", ")
            );
        }
        text.push_str(&self.delivered(&done.delivered));
        text
    }

    fn held(&self, done: &Held) -> String {
        let mut text = String::new();
        let place = format!("{} in {}", done.service, done.environment);
        let sign = match done.act {
            Act::Put => "+",
            Act::Lifted => "-",
        };
        for hold in &done.entries {
            let _ = writeln!(text, "{sign} {place}: {hold}");
        }
        if text.is_empty() {
            return format!("nothing to do: that is how {place} is held already\n");
        }
        text + &self.delivered(&done.delivered)
    }

    fn changes(&self, changes: &[Change]) -> String {
        let row = |change: &Change| {
            let old = change.old.as_ref().map_or_else(|| "(none)".to_owned(), ToString::to_string);
            let mirror = match &change.new_name {
                Some(Some(name)) => format!(" from {name}"),
                Some(None) => " from its own name".to_owned(),
                None => String::new(),
            };
            let image =
                if change.key.last_part() == change.service { "" } else { change.key.last_part() };
            vec![
                Cell::painted(change.service.clone(), Style::heading),
                Cell::plain(image),
                Cell::painted(old, Style::removed),
                Cell::plain("->"),
                Cell::painted(format!("{}{mirror}", change.new), Style::added),
                Cell::painted(change.path.clone(), Style::dim),
            ]
        };
        let mut rows: Vec<Vec<Cell>> = changes.iter().map(row).collect();
        if rows.iter().all(|row| row.get(1).is_some_and(|cell| cell.text.is_empty())) {
            for row in &mut rows {
                row.remove(1);
            }
        }
        render(&rows, self.style)
    }

    fn notes(&self, notes: &[Note]) -> String {
        let mut text = String::new();
        for one in notes {
            let _ = writeln!(text, "{} {}", self.style.hint("note:"), note(one));
        }
        text
    }

    fn verdicts(&self, text: &mut String, verdicts: &[Verdict]) {
        if self.detail == Detail::Verbose {
            for verdict in verdicts {
                let _ = writeln!(text, "{} {}", self.style.dim("gate"), verdict_words(verdict));
            }
        }
    }

    fn delivered(&self, delivered: &Delivered) -> String {
        let review = delivered.review.as_ref().map(|review| {
            format!("{} pull request #{}: {}\n", review.state.word(), review.number, review.url)
        });
        self.committed(delivered) + &review.unwrap_or_default()
    }

    fn committed(&self, delivered: &Delivered) -> String {
        let Some(commit) = &delivered.commit else { return String::new() };
        let commit = self.style.heading(&commit.short());
        if delivered.pushed {
            let tries = if delivered.pushes > 1 {
                format!(", {} pushes", delivered.pushes)
            } else {
                String::new()
            };
            format!(
                "pushed {commit} to {}{tries} (the local branch stays where it is)\n",
                delivered.branch
            )
        } else {
            format!("committed {commit} on {}\n", delivered.branch)
        }
    }

    fn patches(&self, patches: &[Patch]) -> String {
        patches.iter().map(|one| patch(&one.path, &one.before, &one.after, self.style)).collect()
    }

    // ---- reading commands

    fn status(&self, status: &StatusTable) -> String {
        let mut head = vec![Cell::painted("SERVICE", Style::dim)];
        for environment in &status.environments {
            head.push(Cell::painted(environment.name.to_uppercase(), Style::dim));
            head.push(Cell::plain(""));
        }
        let mut rows = vec![head];
        for row in &status.rows {
            let mut cells = vec![Cell::painted(row.service.clone(), Style::heading)];
            for environment in &status.environments {
                match row.cells.get(&environment.name) {
                    Some(cell) => cells.extend(self.status_cell(cell)),
                    None => cells.extend([Cell::painted("-", Style::dim), Cell::plain("")]),
                }
            }
            rows.push(cells);
        }
        let mut text = render(&rows, self.style);
        let last = status
            .environments
            .iter()
            .filter_map(|environment| Some((environment, environment.last.as_ref()?)));
        let last: Vec<Vec<Cell>> = last
            .map(|(environment, info)| {
                vec![
                    Cell::plain(environment.name.clone()),
                    Cell::painted(info.id.short(), Style::dim),
                    Cell::plain(format!("{} ago", age(info.time, self.now))),
                    Cell::plain(format!("{} ({})", info.subject, info.author.name)),
                ]
            })
            .collect();
        if !last.is_empty() {
            let _ = write!(text, "\nlast change of versions\n{}", render(&last, self.style));
        }
        if self.detail == Detail::Verbose {
            let _ = writeln!(text, "\nread {} commits", status.commits);
        }
        text
    }

    fn status_cell(&self, cell: &StatusCell) -> [Cell; 2] {
        let mut marks = Vec::new();
        marks.extend(cell.since.map(|(_, time)| age(time, self.now)));
        marks.extend(cell.behind.map(|behind| format!("-{behind}")));
        marks.extend(cell.drift.then(|| "drift".to_owned()));
        marks.extend(cell.holds.iter().map(|hold| match hold.kind {
            HoldKind::Hold => "held".to_owned(),
            HoldKind::Bad => "bad".to_owned(),
        }));
        let quiet = cell.behind.is_none() && !cell.drift && cell.holds.is_empty();
        let paint = if quiet { Style::dim } else { Style::behind };
        [Cell::plain(summary(&cell.versions)), Cell::painted(marks.join(" "), paint)]
    }

    fn differences(&self, found: &Differences) -> String {
        let mut text = self.notes(&found.notes);
        for one in &found.problems {
            let _ = writeln!(text, "{} {}", self.style.warning("stops a promotion:"), problem(one));
        }
        if found.changes.is_empty() {
            let _ = writeln!(text, "no difference: {} runs what {} runs", found.to, found.from);
            return text;
        }
        text.push_str(&self.changes(&found.changes));
        if !found.commits.is_empty() {
            let _ = writeln!(text, "\ncommits of {} in between", found.from);
            let row = |info: &crate::git::CommitInfo| {
                vec![
                    Cell::painted(info.id.short(), Style::dim),
                    Cell::plain(format!("{} ago", age(info.time, self.now))),
                    Cell::plain(format!("{} ({})", info.subject, info.author.name)),
                ]
            };
            text.push_str(&render(&found.commits.iter().map(row).collect::<Vec<_>>(), self.style));
        }
        text.push('\n');
        if found.rendered.is_empty() {
            text.push_str(&self.patches(&found.patch));
        }
        for one in &found.rendered {
            text.push_str(&patch(
                &one.folder,
                one.before.as_bytes(),
                one.after.as_bytes(),
                self.style,
            ));
        }
        text
    }

    fn history(&self, entries: &[HistoryEntry], commits: usize) -> String {
        let mut text = String::new();
        for entry in entries {
            let info = &entry.info;
            let head = format!(
                "{}  {}  {}  {}",
                info.id.short(),
                info.time,
                info.author.name,
                info.subject
            );
            let _ = writeln!(text, "{}", self.style.heading(&head));
            let rows: Vec<Vec<Cell>> = entry.changes.iter().map(version_change).collect();
            for line in render(&rows, self.style).lines() {
                let _ = writeln!(text, "    {line}");
            }
            for (key, value) in info.trailers.iter().filter(|(key, _)| shown(key)) {
                let _ = writeln!(text, "    {}", self.style.dim(&format!("{key}: {value}")));
            }
        }
        if entries.is_empty() {
            text.push_str("no commit has changed a version\n");
        }
        if self.detail == Detail::Verbose {
            let _ = writeln!(text, "read {commits} commits");
        }
        text
    }

    fn found(&self, found: &[Found]) -> String {
        if found.is_empty() {
            return "it runs nowhere\n".to_owned();
        }
        let row = |one: &Found| {
            let since = one.since.map_or_else(String::new, |(commit, time)| {
                format!("since {time} ({} ago, {})", age(time, self.now), commit.short())
            });
            vec![
                Cell::painted(one.environment.clone(), Style::heading),
                Cell::plain(one.service.clone()),
                Cell::painted(one.version.to_string(), Style::added),
                Cell::plain(since),
                Cell::painted(one.path.clone(), Style::dim),
            ]
        };
        render(&found.iter().map(row).collect::<Vec<_>>(), self.style)
    }

    fn checked(&self, checked: &Checked) -> String {
        let mut text = String::new();
        for finding in &checked.findings {
            let level = match finding.level {
                Level::Error => self.style.error("error"),
                Level::Notice => self.style.hint("notice"),
            };
            let file = match (&finding.file, &finding.place) {
                (_, Some(place)) => format!("{place}: "),
                (Some(file), None) if !finding.message.starts_with(file.as_str()) => {
                    format!("{file}: ")
                }
                _ => String::new(),
            };
            let _ = writeln!(text, "{level} {file}{} [{}]", finding.message, finding.code);
        }
        for (environment, path) in &checked.reached {
            let _ = writeln!(text, "reaches {} (by {path})", self.style.heading(environment));
        }
        let count = checked.findings.iter().filter(|finding| finding.level == Level::Error).count();
        let against = checked.base.map_or_else(
            || "the repository alone (no --base, and the branch has no upstream)".to_owned(),
            |base| format!("the change against {}", base.short()),
        );
        let _ = match count {
            0 => writeln!(text, "checked {against}: nothing against it"),
            count => writeln!(text, "checked {against}: {count} against it"),
        };
        text
    }
}

impl Teller {
    fn audited(&self, audited: &Audited) -> String {
        let mut text = String::new();
        for AuditedCommit { info, gates } in &audited.commits {
            let head = format!("{}  {}  {}", info.id.short(), info.time, info.subject);
            let _ = writeln!(text, "{}", self.style.heading(&head));
            let rows: Vec<Vec<Cell>> = gates.iter().map(audited_gate).collect();
            for line in render(&rows, self.style).lines() {
                let _ = writeln!(text, "    {line}");
            }
        }
        let gates = audited.commits.iter().flat_map(|commit| &commit.gates);
        let broken = gates.filter(|gate| gate.found == Recount::Broken).count();
        let commits = match audited.judged {
            1 => "1 commit".to_owned(),
            commits => format!("{commits} commits"),
        };
        let _ = match broken {
            0 => writeln!(text, "judged {commits}: no rule was broken"),
            1 => writeln!(text, "judged {commits}: 1 rule was broken"),
            broken => writeln!(text, "judged {commits}: {broken} rules were broken"),
        };
        text
    }
}

fn audited_gate(gate: &AuditedGate) -> Vec<Cell> {
    let found = match gate.found {
        Recount::Broken => Cell::painted(gate.found.word(), Style::error),
        Recount::Holds | Recount::Untold => Cell::plain(gate.found.word()),
    };
    let recorded = gate.recorded.clone().unwrap_or_else(|| "not recorded".to_owned());
    let reasons = gate.reasons.join("; ");
    vec![Cell::plain(&gate.gate), Cell::plain(recorded), found, Cell::plain(reasons)]
}

fn marked(done: &RolledBack) -> String {
    let changed: BTreeSet<&str> =
        done.changes.iter().map(|change| change.service.as_str()).collect();
    if done.marked.is_empty() {
        return String::new();
    }
    let whose = if done.marked.len() == changed.len() {
        "the versions left are".to_owned()
    } else {
        format!("what was left of {} is", done.marked.join(", "))
    };
    format!("{whose} marked bad in .promoter/holds: no promotion brings them back\n")
}

fn waited(waited: &Waited) -> String {
    let mut text = String::new();
    for (service, application) in &waited.services {
        let _ = writeln!(text, "{service} is healthy ({application})");
    }
    let _ = writeln!(text, "{} runs {}", waited.environment, waited.commit.short());
    text
}

fn initialised(done: &Initialised) -> String {
    let candidate = &done.candidate;
    let names: Vec<&str> = candidate.environments.iter().map(|found| found.name.as_str()).collect();
    let services = match candidate.services {
        0 => "one kustomization an environment".to_owned(),
        services => format!("{services} services"),
    };
    let mut text = format!(
        "looked at commit {}\nlayout        {}\nenvironments  {}\nfound         {services}, {} of {} kustomization files\n",
        done.commit.short(),
        candidate.layout.join(", "),
        names.join(", "),
        candidate.files,
        done.kustomizations,
    );
    for path in candidate.left_out.iter().take(3) {
        let _ = writeln!(text, "left out      {path}");
    }
    if candidate.left_out.len() > 3 {
        let _ = writeln!(text, "              and {} more", candidate.left_out.len() - 3);
    }
    let _ = write!(text, "\n{}", done.text);
    text.push_str(match (done.to, done.written) {
        (InitTo::File, true) => {
            "\nwrote promoter.yaml: look at it, commit it, then run `promoter status`\n"
        }
        (InitTo::File, false) => "\nnothing to do: promoter.yaml says this already\n",
        (InitTo::Nothing, _) => "\nnothing was written: this was a dry run\n",
    });
    text
}

/// What a pull request waits for.
fn pending(verdicts: &[Verdict]) -> String {
    verdicts.iter().fold(String::new(), |mut text, verdict| {
        let _ = writeln!(text, "pending: {}", verdict_words(verdict));
        text
    })
}

fn verdict_words(verdict: &Verdict) -> String {
    let overridden = if verdict.overridden { ", overridden" } else { "" };
    let service =
        verdict.service.as_ref().map_or_else(String::new, |service| format!("{service}: "));
    format!("{service}{} ({}: {}{overridden})", verdict.reason, verdict.gate, verdict.outcome)
}

/// Trailers that say who and why; the rest repeats what is shown.
fn shown(key: &str) -> bool {
    matches!(key, "Promotion-Actor" | "Promotion-Source" | "Promotion-Override" | "Rollback-To")
}

fn version_change(change: &VersionChange) -> Vec<Cell> {
    let show = |version: &Option<crate::version::Version>| {
        version.as_ref().map_or_else(|| "(none)".to_owned(), ToString::to_string)
    };
    let part = change.slot.key.last_part();
    let image = if part == change.service { String::new() } else { part.to_owned() };
    let tail = change.was.as_ref().map_or_else(String::new, |was| format!("(was {was})"));
    vec![
        Cell::plain(change.environment.clone()),
        Cell::plain(change.service.clone()),
        Cell::plain(image),
        Cell::painted(show(&change.old), Style::removed),
        Cell::plain("->"),
        Cell::painted(show(&change.new), Style::added),
        Cell::plain(tail),
    ]
}

/// One version, or the first and how many more.
fn summary(versions: &VersionSet) -> String {
    let mut values: Vec<String> = versions.values().map(crate::version::Version::brief).collect();
    values.dedup();
    match values.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first, rest @ ..] => format!("{first} +{}", rest.len()),
    }
}
