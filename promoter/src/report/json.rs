//! Outcomes and errors as JSON: the schema of docs/output.md, version 1.

use serde_json::{Map, Value, json};

use crate::commands::{
    Audited, AuditedCommit, AuditedGate, Cell, Checked, Delivered, Differences, Followed, Found,
    HistoryEntry, Initialised, Level, Patch, Promoted, RolledBack, StatusTable, VersionChange,
    Waited, Warning, WayBack,
};
use crate::error::{Error, Overtaken, Unfinished};
use crate::gate::{Hold, Verdict};
use crate::git::CommitInfo;
use crate::place::Place;
use crate::plan::{Change, Note, Problem};
use crate::service::{Slot, VersionSet};
use crate::version::{Digest, Key, Version};

use super::written::{Written, list, object_line, written};
use super::{Outcome, text};

/// One object on one line.
pub(super) fn outcome(command: &str, outcome: &Outcome) -> String {
    let mut object = written(&json!({
        "schema": 1,
        "command": command,
        "changed": changed(outcome),
        "warnings": outcome.warnings().iter().map(warning).collect::<Value>(),
    }));
    match outcome {
        Outcome::Promoted(done) => object.extend(promoted(done)),
        other => object.extend(written(&fields(other))),
    }
    object_line(&object)
}

/// An error as an object with `error.code`.
pub(super) fn error(command: &str, error: &Error) -> String {
    object_line(&written(
        &json!({ "schema": 1, "command": command, "changed": false, "error": failure(error) }),
    ))
}

fn failure(error: &Error) -> Value {
    let mut fields = json!({
        "code": error.code(),
        "exitCode": error.kind().exit_code(),
        "message": error.to_string(),
    });
    if let Value::Object(fields) = &mut fields {
        fields.extend(error.hint().map(|hint| ("hint".to_owned(), hint.into())));
        fields.extend(error.place().map(|at| ("place".to_owned(), place(at))));
        fields.extend(error.words().map(|words| ("output".to_owned(), words.into())));
        match error {
            Error::Refused(verdicts) => {
                fields.insert("verdicts".into(), verdicts.iter().map(verdict).collect());
            }
            Error::Problems(problems) => {
                fields.insert("problems".into(), problems.iter().map(problem).collect());
            }
            Error::Overtaken(moved) => {
                fields.insert("moved".into(), moved.iter().map(overtaken).collect());
            }
            Error::TimedOut(services) => {
                fields.insert("unfinished".into(), services.iter().map(unfinished).collect());
            }
            Error::Degraded(service) => {
                fields.insert("unfinished".into(), json!([unfinished(service)]));
            }
            _ => {}
        }
    }
    fields
}

fn overtaken(moved: &Overtaken) -> Value {
    let by = moved.by.as_ref();
    json!({
        "service": moved.service,
        "image": moved.key.as_str(),
        "expected": moved.expected.as_ref().map(version),
        "found": moved.found.as_ref().map(version),
        "commit": by.map(|by| by.commit.to_string()),
        "by": by.map(|by| by.name.clone()),
        "time": by.map(|by| by.time.clone()),
    })
}

fn changed(outcome: &Outcome) -> bool {
    let landed = |delivered: &Delivered| delivered.commit.is_some();
    match outcome {
        Outcome::Bumped(done) => landed(&done.delivered),
        Outcome::Promoted(done) => done.delivered.as_ref().is_some_and(landed),
        Outcome::RolledBack(done) => landed(&done.delivered),
        Outcome::Held(done) => landed(&done.delivered),
        Outcome::Initialised(done) => done.written,
        _ => false,
    }
}

fn fields(outcome: &Outcome) -> Value {
    match outcome {
        Outcome::Status(status) => status_fields(status),
        Outcome::Bumped(done) => merge(
            json!({
                "environment": done.environment,
                "changes": changes(&done.changes),
                "pending": done.pending.iter().map(verdict).collect::<Value>(),
                "newer": done.newer.iter().map(|(key, version)| entry(key, version)).collect::<Value>(),
            }),
            delivered(Some(&done.delivered)),
        ),
        Outcome::Differences(found) => differences(found),
        Outcome::RolledBack(done) => rolled_back(done),
        Outcome::Held(done) => merge(
            json!({
                "environment": done.environment,
                "service": done.service,
                "entries": done.entries.iter().map(hold).collect::<Value>(),
            }),
            delivered(Some(&done.delivered)),
        ),
        Outcome::History(entries, commits, _) => {
            json!({ "entries": entries.iter().map(history).collect::<Value>(), "commitsRead": commits })
        }
        Outcome::Found(found, _) => {
            json!({ "places": found.iter().map(found_at).collect::<Value>() })
        }
        Outcome::Checked(checked) => checked_fields(checked),
        Outcome::Audited(audited) => audited_fields(audited),
        Outcome::Waited(waited) => waited_fields(waited),
        Outcome::Initialised(done) => initialised(done),
        Outcome::Promoted(_) | Outcome::Text(_) => json!({}),
    }
}

fn promoted(done: &Promoted) -> Written {
    let mut fields = written(&json!({
        "from": done.from,
        "to": done.to,
        "source": done.source.map(|commit| commit.to_string()),
        "dryRun": done.delivered.is_none(),
    }));
    let lists = [
        ("changes", list(&done.changes, change)),
        ("notes", list(&done.notes, note)),
        ("leftOut", list(&done.left_out, verdict)),
        ("verdicts", list(&done.verdicts, verdict)),
        ("pending", list(&done.pending, verdict)),
        ("patch", list(&done.patch, patch)),
    ];
    fields.extend(lists.map(|(name, list)| (name.to_owned(), list)));
    fields.extend(written(&delivered(done.delivered.as_ref())));
    fields.extend(done.followed.iter().flat_map(|followed| written(&follow(followed))));
    fields
}

/// What followed: `waited` where it arrived, else the `error`, and the `rollback` where one was
/// asked for.
fn follow(followed: &Followed) -> Value {
    let ended = match &followed.waited {
        Ok(waited) => json!({ "waited": waited_fields(waited) }),
        Err(error) => json!({ "error": failure(error) }),
    };
    let back = match &followed.back {
        WayBack::NotTaken => return ended,
        WayBack::Spared(why) => json!({ "taken": false, "reason": why }),
        WayBack::Failed(error) => json!({ "taken": false, "error": failure(error) }),
        WayBack::Taken(done) => json!({ "taken": true, "done": rolled_back(done) }),
    };
    merge(ended, json!({ "rollback": back }))
}

fn rolled_back(done: &RolledBack) -> Value {
    merge(
        json!({
            "environment": done.environment,
            "changes": changes(&done.changes),
            "marked": !done.marked.is_empty(),
            "otherFiles": done.other_files,
            "gone": done.gone,
        }),
        delivered(Some(&done.delivered)),
    )
}

fn merge(mut one: Value, other: Value) -> Value {
    if let (Value::Object(fields), Value::Object(more)) = (&mut one, other) {
        fields.extend(more);
    }
    one
}

fn delivered(delivered: Option<&Delivered>) -> Value {
    let Some(delivered) = delivered else { return json!({ "commit": null }) };
    json!({
        "commit": delivered.commit.map(|commit| commit.to_string()),
        "subject": delivered.subject,
        "branch": delivered.branch,
        "pushed": delivered.pushed,
        "pushes": delivered.pushes,
        "pullRequest": delivered.review.as_ref().map(|review| json!({
            "number": review.number,
            "url": review.url,
            "state": review.state.word(),
        })),
    })
}

fn version(version: &Version) -> Value {
    json!({
        "tag": version.label(),
        "digest": version.digest().map(Digest::as_str),
        "full": version.full(),
    })
}

fn entry(key: &Key, of: &Version) -> Value {
    json!({ "image": key.as_str(), "version": version(of) })
}

fn changes(changes: &[Change]) -> Value {
    changes.iter().map(change).collect()
}

fn change(change: &Change) -> Value {
    let mut value = json!({
        "service": change.service,
        "image": change.key.as_str(),
        "path": change.path,
        "old": change.old.as_ref().map(version),
        "new": version(&change.new),
        "added": change.added,
    });
    if let (Value::Object(fields), Some(name)) = (&mut value, &change.new_name) {
        fields.insert("newName".into(), json!(name));
    }
    value
}

fn patch(patch: &Patch) -> Value {
    let text =
        super::patch::patch(&patch.path, &patch.before, &patch.after, super::Style::new(false));
    json!({ "path": patch.path, "diff": text })
}

fn verdict(verdict: &Verdict) -> Value {
    json!({
        "gate": verdict.gate,
        "service": verdict.service,
        "outcome": verdict.outcome.word(),
        "image": verdict.key.as_ref().map(Key::as_str),
        "overridden": verdict.overridden,
        "reason": verdict.reason,
    })
}

fn problem(problem: &Problem) -> Value {
    match problem {
        Problem::MissingImage { service, image, path } => {
            json!({ "code": "missing-image", "service": service, "image": image, "path": path })
        }
        Problem::AmbiguousImage { service, key, paths } => {
            json!({ "code": "ambiguous-image", "service": service, "image": key.as_str(), "paths": paths })
        }
        Problem::Contradiction { service, key, path, versions } => {
            let versions: Vec<String> = versions.iter().map(Version::full).collect();
            json!({ "code": "contradiction", "service": service, "image": key.as_str(), "path": path, "versions": versions })
        }
        Problem::MissingService { service, environment } => {
            json!({ "code": "missing-service", "service": service, "environment": environment })
        }
    }
}

fn note(note: &Note) -> Value {
    let code = match note {
        Note::OtherFile { .. } => "other-file",
        Note::SourceOnlyFile { .. } => "source-only-file",
        Note::SourceOnlyRemote { .. } => "source-only-remote",
        Note::Unpinned { .. } => "unpinned",
        Note::Added { .. } => "added",
        Note::SkippedService { .. } => "skipped-service",
    };
    json!({ "code": code, "message": text::note(note) })
}

fn warning(warning: &Warning) -> Value {
    let code = match warning {
        Warning::Behind { .. } => "behind",
        Warning::ConfigurationDiffers => "configuration-differs",
        Warning::Configuration { .. } => "configuration",
        Warning::PullRequest { .. } => "pull-request",
        Warning::Unreadable { .. } => "unreadable",
    };
    json!({ "code": code, "message": text::warning(warning) })
}

fn place(place: &Place) -> Value {
    json!({ "file": place.file, "line": place.line, "column": place.column, "text": place.text })
}

fn commit(info: &CommitInfo) -> Value {
    json!({
        "id": info.id.to_string(),
        "author": { "name": info.author.name, "email": info.author.email },
        "time": info.time.to_string(),
        "subject": info.subject,
        "trailers": info.trailers.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect::<Value>(),
    })
}

fn slot(slot: &Slot) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("image".into(), slot.key.as_str().into());
    if !slot.below.is_empty() {
        fields.insert("below".into(), slot.below.as_str().into());
    }
    fields
}

fn versions(set: &VersionSet) -> Value {
    let one = |(at, of): (&Slot, &Version)| {
        let mut fields = slot(at);
        fields.insert("version".into(), version(of));
        Value::Object(fields)
    };
    set.iter().map(one).collect()
}

fn hold(hold: &Hold) -> Value {
    json!({
        "kind": hold.kind.word(),
        "version": hold.version.as_ref().map(|of| json!({ "image": of.image, "tag": of.tag, "digest": of.digest })),
        "reason": hold.reason,
        "by": hold.by,
        "since": hold.since.map(|since| since.to_string()),
        "until": hold.until.map(|until| until.to_string()),
    })
}

fn status_fields(status: &StatusTable) -> Value {
    let environment = |one: &crate::commands::EnvironmentStatus| json!({ "name": one.name, "from": one.from, "lastChange": one.last.as_ref().map(commit) });
    let row = |row: &crate::commands::Row| {
        let cells: Map<String, Value> =
            row.cells.iter().map(|(name, of)| (name.clone(), cell(of))).collect();
        json!({ "service": row.service, "environments": cells })
    };
    json!({
        "commit": status.commit.to_string(),
        "environments": status.environments.iter().map(environment).collect::<Value>(),
        "services": status.rows.iter().map(row).collect::<Value>(),
        "differs": status.differs(),
        "commitsRead": status.commits,
    })
}

fn cell(cell: &Cell) -> Value {
    json!({
        "versions": versions(&cell.versions),
        "since": cell.since.map(|(commit, time)| json!({ "commit": commit.to_string(), "time": time.to_string() })),
        "behind": cell.behind,
        "drift": cell.drift,
        "holds": cell.holds.iter().map(hold).collect::<Value>(),
    })
}

fn differences(found: &Differences) -> Value {
    let rendered = found.rendered.iter().map(|one| {
        let text = super::patch::patch(
            &one.folder,
            one.before.as_bytes(),
            one.after.as_bytes(),
            super::Style::new(false),
        );
        json!({ "folder": one.folder, "diff": text })
    });
    json!({
        "from": found.from,
        "to": found.to,
        "changes": changes(&found.changes),
        "notes": found.notes.iter().map(note).collect::<Value>(),
        "problems": found.problems.iter().map(problem).collect::<Value>(),
        "commits": found.commits.iter().map(commit).collect::<Value>(),
        "patch": found.patch.iter().map(patch).collect::<Value>(),
        "rendered": rendered.collect::<Value>(),
    })
}

fn history(entry: &HistoryEntry) -> Value {
    let change = |change: &VersionChange| {
        let mut fields = slot(&change.slot);
        fields.insert("environment".into(), change.environment.as_str().into());
        fields.insert("service".into(), change.service.as_str().into());
        fields.insert("was".into(), json!(change.was));
        fields.insert("old".into(), json!(change.old.as_ref().map(version)));
        fields.insert("new".into(), json!(change.new.as_ref().map(version)));
        Value::Object(fields)
    };
    json!({ "commit": commit(&entry.info), "changes": entry.changes.iter().map(change).collect::<Value>() })
}

fn found_at(found: &Found) -> Value {
    let mut fields = slot(&found.slot);
    fields.insert("environment".into(), found.environment.as_str().into());
    fields.insert("service".into(), found.service.as_str().into());
    fields.insert("path".into(), found.path.as_str().into());
    fields.insert("version".into(), version(&found.version));
    let since = found
        .since
        .map(|(commit, time)| json!({ "commit": commit.to_string(), "time": time.to_string() }));
    fields.insert("since".into(), json!(since));
    Value::Object(fields)
}

fn checked_fields(checked: &Checked) -> Value {
    let finding = |finding: &crate::commands::Finding| {
        json!({
            "code": finding.code,
            "level": match finding.level { Level::Error => "error", Level::Notice => "notice" },
            "file": finding.file,
            "place": finding.place.as_ref().map(place),
            "message": finding.message,
        })
    };
    json!({
        "head": checked.head.to_string(),
        "base": checked.base.map(|base| base.to_string()),
        "findings": checked.findings.iter().map(finding).collect::<Value>(),
        "reaches": checked.reached,
        "refused": checked.refuses(),
    })
}

fn audited_fields(audited: &Audited) -> Value {
    let gate = |gate: &AuditedGate| {
        json!({
            "gate": gate.gate,
            "recorded": gate.recorded,
            "found": gate.found.word(),
            "reasons": gate.reasons,
        })
    };
    let of = |one: &AuditedCommit| json!({ "commit": commit(&one.info), "gates": one.gates.iter().map(gate).collect::<Value>() });
    json!({
        "commits": audited.commits.iter().map(of).collect::<Value>(),
        "judged": audited.judged,
        "refused": audited.refuses(),
    })
}

fn waited_fields(waited: &Waited) -> Value {
    let one = |(service, application): &(String, String)| json!({ "service": service, "application": application });
    json!({
        "environment": waited.environment,
        "commit": waited.commit.to_string(),
        "services": waited.services.iter().map(one).collect::<Value>(),
        "seconds": waited.took.as_secs(),
    })
}

fn unfinished(one: &Unfinished) -> Value {
    json!({ "service": one.service, "application": one.application, "reason": one.reason })
}

fn initialised(done: &Initialised) -> Value {
    let candidate = &done.candidate;
    let environment = |found: &crate::pipeline::discover::Found| json!({ "name": found.name, "folder": found.folder, "from": found.from });
    json!({
        "commit": done.commit.to_string(),
        "kustomizations": done.kustomizations,
        "layout": candidate.layout,
        "environments": candidate.environments.iter().map(environment).collect::<Value>(),
        "services": candidate.services,
        "files": candidate.files,
        "leftOut": candidate.left_out,
        "configuration": done.text,
        "written": done.written,
    })
}
