//! `promoter audit [REV..REV]`: the verdicts that commits record, passed once more from the
//! repository alone, and the rules that commits without a record broke.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use crate::error::Error;
use crate::gate::{Outcome, Verdict};
use crate::git::{CommitId, CommitInfo};
use crate::inventory::Inventory;
use crate::registry::Registry;
use crate::service::Slot;
use crate::version::Version;

use super::change::Change;
use super::moved::Moved;
use super::overrides::overrides;
use super::timeline::{self, Event};
use super::{Context, Warning};

/// The request.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// `A..B` or `B`; none is the branch's whole history.
    pub range: Option<String>,
}

/// The answer.
#[derive(Debug)]
pub struct Audited {
    /// The commits that record verdicts or broke a rule, newest first.
    pub commits: Vec<AuditedCommit>,
    /// How many commits changed versions.
    pub judged: usize,
    /// What the user should know.
    pub warnings: Vec<Warning>,
}

/// One commit.
#[derive(Debug)]
pub struct AuditedCommit {
    /// The commit.
    pub info: CommitInfo,
    /// Gate by gate.
    pub gates: Vec<AuditedGate>,
}

/// One gate of one commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditedGate {
    /// Its name.
    pub gate: String,
    /// What the commit records: `pass 26h`.
    pub recorded: Option<String>,
    /// What comes out now.
    pub found: Recount,
    /// Why, where it is broken.
    pub reasons: Vec<String>,
}

/// What judging once more comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recount {
    /// The rule held.
    Holds,
    /// The rule was broken.
    Broken,
    /// The repository alone does not tell.
    Untold,
}

impl Recount {
    /// The word for people and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Recount::Holds => "holds",
            Recount::Broken => "broken",
            Recount::Untold => "untold",
        }
    }
}

impl Audited {
    /// Whether a rule was broken, recorded or not.
    #[must_use]
    pub fn refuses(&self) -> bool {
        let mut gates = self.commits.iter().flat_map(|commit| &commit.gates);
        gates.any(|gate| gate.found == Recount::Broken)
    }
}

/// Gates about which a repository tells everything.
const TOLD: [&str; 7] = ["order", "hold", "soak", "freeze", "override", "source", "images.pinned"];

/// Judges every commit of the range that changed versions, at the time of the commit.
pub fn audit(context: &Context<'_>, request: &Audit) -> Result<Audited, Error> {
    let branch = context.branch()?;
    let (from, to) = match request.range.as_deref().map(|range| range.split_once("..")) {
        None => (None, context.repo.tip(&branch)?),
        Some(None) => (None, context.repo.revision(request.range.as_deref().unwrap_or("HEAD"))?),
        Some(Some((from, to))) => {
            let to = if to.is_empty() { "HEAD" } else { to };
            (Some(context.repo.revision(from)?), context.repo.revision(to)?)
        }
    };
    let inventory = context.inventory(to)?;
    let warnings = context.configuration_warnings(&inventory);
    let mut history = Vec::new();
    timeline::walk(context, to, None, &mut |events| {
        history.push(events.to_vec());
        Ok(ControlFlow::Continue(()))
    })?;
    let wanted = wanted(context, from, &history)?;
    let mut past = Past::default();
    let mut commits = Vec::new();
    for (events, wanted) in history.iter().rev().zip(wanted.iter().rev()) {
        if *wanted {
            commits.extend(judge(context, events, &past)?);
        }
        for event in events {
            past.add(event);
        }
    }
    commits.reverse();
    Ok(Audited { commits, judged: wanted.iter().filter(|wanted| **wanted).count(), warnings })
}

/// Which steps of the history, newest first, are not in `from`'s.
fn wanted(
    context: &Context<'_>,
    from: Option<CommitId>,
    history: &[Vec<Event>],
) -> Result<Vec<bool>, Error> {
    let mut reached = false;
    let mut wanted = Vec::with_capacity(history.len());
    for commit in history.iter().filter_map(|events| events.first()).map(|event| event.commit) {
        if let (Some(from), false) = (from, reached) {
            reached = context.repo.contains(from, commit)?;
        }
        wanted.push(!reached);
    }
    Ok(wanted)
}

/// Which versions each environment has had so far.
#[derive(Default)]
struct Past {
    /// By environment and service.
    ran: BTreeMap<(String, String), BTreeSet<(Slot, Version)>>,
}

impl Past {
    fn add(&mut self, event: &Event) {
        let place = |service: &str| (event.environment.clone(), service.to_owned());
        let was = event.was.as_ref().and_then(|was| self.ran.get(&place(was))).cloned();
        let ran = self.ran.entry(place(&event.service)).or_default();
        ran.extend(was.into_iter().flatten());
        let versions = event.after.iter().flatten();
        ran.extend(versions.map(|(slot, version)| (slot.clone(), version.clone())));
    }

    fn ran(&self, environment: &str, moved: &Moved) -> bool {
        let place = (environment.to_owned(), moved.service.clone());
        let ran = self.ran.get(&place);
        ran.is_some_and(|ran| ran.contains(&(moved.slot.clone(), moved.version.clone())))
    }
}

/// One commit, judged as a change of its first parent; none where there is nothing to tell.
fn judge(
    context: &Context<'_>,
    events: &[Event],
    past: &Past,
) -> Result<Option<AuditedCommit>, Error> {
    let Some(commit) = events.first().map(|event| event.commit) else { return Ok(None) };
    let Some(parent) = context.repo.first_parent(commit)? else { return Ok(None) };
    let info = context.repo.info(commit)?;
    // What runs now, and what registries say today, tell nothing about then.
    let silent = Registry::silent();
    let then = Context { now: info.time, argocd: None, registry: &silent, ..context.clone() };
    let (Ok(tip), Ok(head)) = (then.inventory(parent), then.inventory(commit)) else {
        return Ok(None);
    };
    let changed = context.repo.changed(parent, commit, &[String::new()])?;
    let paths: Vec<String> = changed.into_iter().map(|file| file.path).collect();
    let source = source(&then, parent, &info)?;
    let source = source.as_ref();
    let change = Change { tip: &tip, old: &tip, head: &head, paths: &paths, source };
    let reasons = overrides(context, parent, commit)?;
    let mut verdicts = Vec::new();
    for environment in &tip.pipeline.environments {
        let ran = |moved: &[Moved]| {
            Ok(moved.iter().map(|moved| past.ran(&environment.name, moved)).collect())
        };
        let judged = change.judge(&then, environment, &reasons, ran)?;
        verdicts.extend(judged.into_iter().map(|judged| judged.verdict));
    }
    let gates = gates(&recorded(context, parent, commit)?, &verdicts);
    Ok((!gates.is_empty()).then_some(AuditedCommit { info, gates }))
}

/// What was promoted, where the commit says so and that commit is in its history.
fn source<'r>(
    context: &Context<'r>,
    parent: CommitId,
    info: &CommitInfo,
) -> Result<Option<Inventory<'r>>, Error> {
    let Some(source) = info.trailer("Promotion-Source") else { return Ok(None) };
    match context.repo.revision(source) {
        Ok(source) if context.repo.contains(parent, source)? => {
            Ok(Some(context.inventory(source)?))
        }
        _ => Ok(None),
    }
}

/// What the commits of a change record of each gate.
fn recorded(
    context: &Context<'_>,
    base: CommitId,
    head: CommitId,
) -> Result<BTreeMap<String, String>, Error> {
    let mut recorded = BTreeMap::new();
    for commit in context.repo.commits_between(base, head)? {
        for (key, value) in context.repo.info(commit)?.trailers {
            if let (true, Some((gate, said))) =
                (key.eq_ignore_ascii_case("Promotion-Gate"), value.split_once('='))
            {
                recorded.entry(gate.to_owned()).or_insert_with(|| said.to_owned());
            }
        }
    }
    Ok(recorded)
}

/// What is recorded beside what comes out; a gate that held without a record is not told.
fn gates(recorded: &BTreeMap<String, String>, verdicts: &[Verdict]) -> Vec<AuditedGate> {
    let mut broken: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for verdict in verdicts.iter().filter(|one| one.blocks() && one.outcome == Outcome::Fail) {
        let of = |service: &String| format!("{service}: {}", verdict.reason);
        let words = verdict.service.as_ref().map_or_else(|| verdict.reason.clone(), of);
        broken.entry(verdict.gate).or_default().push(words);
    }
    let names: BTreeSet<&str> =
        recorded.keys().map(String::as_str).chain(broken.keys().copied()).collect();
    let gate = |name: &str| AuditedGate {
        gate: name.to_owned(),
        recorded: recorded.get(name).cloned(),
        found: match broken.contains_key(name) {
            true => Recount::Broken,
            false if TOLD.contains(&name) => Recount::Holds,
            false => Recount::Untold,
        },
        reasons: broken.get(name).cloned().unwrap_or_default(),
    };
    names.into_iter().map(gate).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Recount, gates};
    use crate::gate::{Outcome, Verdict};

    #[test]
    fn what_is_recorded_beside_what_comes_out() {
        let recorded = |gates: &[(&str, &str)]| {
            gates.iter().map(|(gate, said)| ((*gate).into(), (*said).into())).collect()
        };
        let check = |recorded: BTreeMap<_, _>, outcome, expected: &[(&str, Recount)]| {
            let verdict = Verdict::on("soak", "api", outcome, "1 of 2 hours".into());
            let found = gates(&recorded, &[verdict]);
            let found: Vec<_> = found.iter().map(|one| (one.gate.as_str(), one.found)).collect();
            assert_eq!(found, expected);
        };
        let none = BTreeMap::new;
        check(none(), Outcome::Pass, &[]);
        check(none(), Outcome::Fail, &[("soak", Recount::Broken)]);
        check(none(), Outcome::Unknown, &[]);
        let soak = || recorded(&[("soak", "pass 26h"), ("images.exist", "pass")]);
        let exist = ("images.exist", Recount::Untold);
        check(soak(), Outcome::Pass, &[exist, ("soak", Recount::Holds)]);
        check(soak(), Outcome::Fail, &[exist, ("soak", Recount::Broken)]);
    }
}
