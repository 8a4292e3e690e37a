//! How long versions have stood in an environment, from commits alone.

use std::ops::ControlFlow;

use jiff::{SignedDuration, Timestamp};

use crate::error::Error;
use crate::gate::Stay;
use crate::git::CommitId;
use crate::inventory::Inventory;
use crate::pipeline::Environment;
use crate::service::{Service, VersionSet};
use crate::version::{Key, Version};

use super::Context;
use super::timeline::{self, Event};

/// A version of a service that shall enter another environment.
#[derive(Clone, Debug)]
pub(super) struct Wanted<'w> {
    pub(super) service: &'w str,
    pub(super) key: &'w Key,
    pub(super) version: &'w Version,
}

impl Wanted<'_> {
    fn is_in(&self, versions: &VersionSet) -> bool {
        versions.iter().any(|(slot, version)| slot.key == *self.key && version == self.version)
    }
}

/// Since when each of `wanted` has stood in `from` without interruption, at the commit of
/// `inventory`; history is read no further than `soak` back.
pub(super) fn stays(
    context: &Context<'_>,
    inventory: &Inventory<'_>,
    from: &Environment,
    wanted: &[Wanted<'_>],
    soak: SignedDuration,
) -> Result<Vec<Stay>, Error> {
    let mut tracks: Vec<Track<'_>> = Vec::with_capacity(wanted.len());
    for one in wanted {
        let service = inventory.service(from, one.service)?;
        let present = service.as_ref().map(Service::versions).is_some_and(|set| one.is_in(&set));
        tracks.push(Track { wanted: one, name: one.service.to_owned(), present, entered: None });
    }
    let since = context.now.checked_sub(soak).unwrap_or(Timestamp::MIN);
    let line = timeline::dated(context, inventory.snapshot.commit, since)?.commits;
    let oldest = line.last().map(|(commit, _)| *commit);
    timeline::walk(context, inventory.snapshot.commit, oldest, &mut |events| {
        tracks
            .iter_mut()
            .filter(|track| track.is_open())
            .for_each(|track| track.read(from, events));
        let open = tracks.iter().any(Track::is_open);
        Ok(if open { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    Ok(tracks.iter().map(|track| track.stay(&line)).collect())
}

/// One version on its way back through history.
struct Track<'w> {
    wanted: &'w Wanted<'w>,
    /// What the service was called there.
    name: String,
    present: bool,
    entered: Option<CommitId>,
}

impl Track<'_> {
    fn is_open(&self) -> bool {
        self.present && self.entered.is_none()
    }

    fn read(&mut self, from: &Environment, events: &[Event]) {
        let own = events
            .iter()
            .find(|event| event.environment == from.name && event.service == self.name);
        let Some(event) = own else { return };
        if let Some(was) = &event.was {
            self.name.clone_from(was);
        } else if !event.before.as_ref().is_some_and(|set| self.wanted.is_in(set)) {
            self.entered = Some(event.commit);
        }
    }

    fn stay(&self, line: &[(CommitId, Timestamp)]) -> Stay {
        if !self.present {
            return Stay::Absent;
        }
        let entered = line.iter().find(|(commit, _)| Some(*commit) == self.entered);
        entered.map_or(Stay::Longer, |(_, time)| Stay::Since(*time))
    }
}
