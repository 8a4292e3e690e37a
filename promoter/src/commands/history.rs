//! `promoter history [ENV] [SERVICE]`: every change of versions, whoever made it.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use crate::error::Error;
use crate::git::CommitInfo;
use crate::service::{Slot, VersionSet};
use crate::version::Version;

use super::timeline::{self, Event};
use super::{Context, Warning};

/// The request.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Only this environment.
    pub environment: Option<String>,
    /// Only this service.
    pub service: Option<String>,
    /// Newest first, at most so many commits.
    pub limit: Option<usize>,
}

/// One commit that changed versions.
#[derive(Debug)]
pub struct HistoryEntry {
    /// The commit.
    pub info: CommitInfo,
    /// What it changed.
    pub changes: Vec<VersionChange>,
}

/// One version that changed.
#[derive(Clone, Debug)]
pub struct VersionChange {
    /// Where.
    pub environment: String,
    /// Which service.
    pub service: String,
    /// The name it had before this commit.
    pub was: Option<String>,
    /// What the version belongs to.
    pub slot: Slot,
    /// Before.
    pub old: Option<Version>,
    /// After.
    pub new: Option<Version>,
}

/// The entries, newest first, how many commits were looked at, and warnings.
type Answer = (Vec<HistoryEntry>, usize, Vec<Warning>);

/// Reads the history of versions.
pub fn history(context: &Context<'_>, request: &History) -> Result<Answer, Error> {
    let (inventory, warnings) = context.read()?;
    if let Some(name) = &request.environment {
        inventory.pipeline.environment(name)?;
    }
    let mut filter = Filter::of(request);
    let mut entries = Vec::new();
    let cost = timeline::walk(context, inventory.snapshot.commit, None, &mut |events| {
        let changes: Vec<VersionChange> =
            events.iter().filter(|event| filter.wants(event)).flat_map(changes).collect();
        if let Some(event) = events.first().filter(|_| !changes.is_empty()) {
            entries.push(HistoryEntry { info: context.repo.info(event.commit)?, changes });
        }
        let enough = request.limit.is_some_and(|limit| entries.len() >= limit);
        Ok(if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    if let (Some(service), true) = (&request.service, entries.is_empty()) {
        return Err(Error::UnknownService {
            asked: service.clone(),
            environment: request
                .environment
                .clone()
                .unwrap_or_else(|| "any environment".to_owned()),
            nearest: None,
        });
    }
    Ok((entries, cost.commits, warnings))
}

/// What is wanted; the names of a service change as history is read back.
struct Filter {
    environment: Option<String>,
    names: Option<BTreeSet<String>>,
}

impl Filter {
    fn of(request: &History) -> Self {
        let names = request.service.iter().cloned().collect();
        Filter {
            environment: request.environment.clone(),
            names: request.service.as_ref().map(|_| names),
        }
    }

    fn wants(&mut self, event: &Event) -> bool {
        if self.environment.as_ref().is_some_and(|name| *name != event.environment) {
            return false;
        }
        let Some(names) = &mut self.names else { return true };
        let last = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
        let wanted = names.contains(&event.service) || names.contains(&last(&event.service));
        if let (true, Some(was)) = (wanted, &event.was) {
            names.insert(was.clone());
        }
        wanted
    }
}

/// The single versions of an event; a move without change shows every version once.
pub(super) fn changes(event: &Event) -> Vec<VersionChange> {
    let empty = VersionSet::new();
    let (before, after) =
        (event.before.as_ref().unwrap_or(&empty), event.after.as_ref().unwrap_or(&empty));
    let slots: BTreeSet<&Slot> = before.keys().chain(after.keys()).collect();
    let change = |slot: &Slot| VersionChange {
        environment: event.environment.clone(),
        service: event.service.clone(),
        was: event.was.clone(),
        slot: slot.clone(),
        old: if event.was.is_some() { after.get(slot).cloned() } else { before.get(slot).cloned() },
        new: after.get(slot).cloned(),
    };
    slots
        .into_iter()
        .map(change)
        .filter(|change| change.old != change.new || change.was.is_some())
        .collect()
}
