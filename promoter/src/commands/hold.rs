//! `promoter hold` and `promoter unhold`: what stands against changes of a service, on the branch.

use std::collections::BTreeMap;

use jiff::{Timestamp, Unit};

use crate::error::Error;
use crate::gate::{Hold, HoldKind, Holds, MarkedVersion};
use crate::inventory::Inventory;
use crate::message::Message;
use crate::pipeline::Delivery;
use crate::service::Service;
use crate::version::{Key, Reference, Version, VersionError};

use super::deliver::{Delivered, Proposal};
use super::judge::holds;
use super::pull_request::Lane;
use super::select::{key, named};
use super::{Context, Warning};

/// A version of a service, perhaps of one of several images.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The image or URL; none where the service has one.
    pub image: Option<String>,
    /// The version as given.
    pub version: String,
}

/// The request to hold a service, or to mark one of its versions.
#[derive(Clone, Debug)]
pub struct PutHold {
    /// ENV.
    pub environment: String,
    /// SERVICE.
    pub service: String,
    /// Hold the service, or mark a version as bad.
    pub kind: HoldKind,
    /// The version that may stay, or that is bad; none is whatever runs.
    pub version: Option<Named>,
    /// Why.
    pub reason: String,
    /// Until when; none is until it is removed.
    pub until: Option<Timestamp>,
    /// How to deliver, when the user says so.
    pub deliver: Option<Delivery>,
}

/// The request to take holds away.
#[derive(Clone, Debug)]
pub struct Unhold {
    /// ENV.
    pub environment: String,
    /// SERVICE.
    pub service: String,
    /// What to take away.
    pub what: Lifted,
    /// How to deliver, when the user says so.
    pub deliver: Option<Delivery>,
}

/// Which entries `unhold` takes away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lifted {
    /// Every hold; bad marks stay.
    Holds,
    /// Holds at this version and its bad marks.
    Version(Named),
    /// Everything.
    All,
}

/// What happens to entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// They stand from now on.
    Put,
    /// They stand no longer.
    Lifted,
}

/// What was done.
#[derive(Debug)]
pub struct Held {
    /// ENV.
    pub environment: String,
    /// The service, by its full name.
    pub service: String,
    /// Whether the entries were put or taken away.
    pub act: Act,
    /// The entries that differ now; none when there was nothing to do.
    pub entries: Vec<Hold>,
    /// What became of it.
    pub delivered: Delivered,
    /// What the user should know.
    pub warnings: Vec<Warning>,
}

/// Puts a hold or a bad mark; an equal one that stands already is nothing to do.
pub fn hold(context: &Context<'_>, request: &PutHold) -> Result<Held, Error> {
    if request.until.is_some_and(|until| until <= context.now) {
        return Err(Error::Usage("--until is a time that has passed".into()));
    }
    let place = (request.environment.as_str(), request.service.as_str());
    change(context, (Act::Put, place), request.deliver, |inventory, service| {
        let known = holds(inventory, &request.environment, &service.name)?;
        let entries = entries(context, request, service)?;
        let stands = |new: &Hold| known.entries.iter().any(|old| same(old, new));
        let added: Vec<Hold> = entries.into_iter().filter(|new| !stands(new)).collect();
        Ok(Edited { file: known.with(&added), entries: added })
    })
}

/// Takes holds away; none that matches is nothing to do.
pub fn unhold(context: &Context<'_>, request: &Unhold) -> Result<Held, Error> {
    let place = (request.environment.as_str(), request.service.as_str());
    change(context, (Act::Lifted, place), request.deliver, |inventory, service| {
        let known = holds(inventory, &request.environment, &service.name)?;
        let meant = match &request.what {
            Lifted::Version(named) => Some(pinned(service, named, &request.environment)?),
            Lifted::Holds | Lifted::All => None,
        };
        let goes = |hold: &Hold| match (&request.what, &meant) {
            (Lifted::Holds, _) => hold.kind == HoldKind::Hold,
            (_, Some((key, version))) => {
                hold.version.as_ref().is_some_and(|mark| mark.means(key, version))
            }
            (_, None) => true,
        };
        let removed: Vec<Hold> = known.entries.iter().filter(|hold| goes(hold)).cloned().collect();
        Ok(Edited { file: known.without(goes), entries: removed })
    })
}

/// A holds file as it shall be.
struct Edited {
    file: String,
    entries: Vec<Hold>,
}

/// Reads the service on the newest commit, edits its holds, delivers.
fn change(
    context: &Context<'_>,
    (act, (environment, service)): (Act, (&str, &str)),
    deliver: Option<Delivery>,
    mut edit: impl FnMut(&Inventory<'_>, &Service) -> Result<Edited, Error>,
) -> Result<Held, Error> {
    let branch = context.branch()?;
    let delivery = context.delivery(deliver, &branch, environment)?;
    let mut held = Held {
        environment: environment.to_owned(),
        service: service.to_owned(),
        act,
        entries: Vec::new(),
        delivered: Delivered::default(),
        warnings: Vec::new(),
    };
    held.delivered = context.deliver(delivery, Lane::Hold(environment), &branch, |inventory| {
        held.warnings = context.configuration_warnings(inventory);
        let service = named(inventory, inventory.pipeline.environment(environment)?, service)?;
        let edited = edit(inventory, &service)?;
        held.entries = edited.entries;
        held.service.clone_from(&service.name);
        if held.entries.is_empty() {
            return Ok(None);
        }
        let path = Holds::path(environment, &service.name);
        let files = BTreeMap::from([(path, edited.file.into_bytes())]);
        let message = match act {
            Act::Put => Message::hold(environment, &service.name, &held.entries),
            Act::Lifted => Message::unhold(environment, &service.name, &held.entries),
        };
        Ok(Some(Proposal { files, message: context.signed_by(message) }))
    })?;
    held.warnings.extend(held.delivered.warnings.iter().cloned());
    Ok(held)
}

/// The entries that a request means: one, or a bad mark for each version that runs.
fn entries(
    context: &Context<'_>,
    request: &PutHold,
    service: &Service,
) -> Result<Vec<Hold>, Error> {
    let mark = |(key, version): (&Key, &Version)| Some(MarkedVersion::of(key, version));
    let versions = match (&request.version, request.kind) {
        (Some(named), _) => {
            let (key, version) = pinned(service, named, &request.environment)?;
            vec![mark((&key, &version))]
        }
        (None, HoldKind::Hold) => vec![None],
        (None, HoldKind::Bad) => {
            service.versions().iter().map(|(slot, version)| mark((&slot.key, version))).collect()
        }
    };
    let by = context.actor()?;
    let since = context.now.round(Unit::Second).unwrap_or(context.now);
    let entry = |version| Hold {
        kind: request.kind,
        version,
        reason: request.reason.clone(),
        by: by.clone(),
        since: Some(since),
        until: request.until,
    };
    Ok(versions.into_iter().map(entry).collect())
}

/// Whether an entry says what another says, whoever put it and when.
fn same(old: &Hold, new: &Hold) -> bool {
    let said = |hold: &Hold| (hold.kind, hold.version.clone(), hold.reason.clone(), hold.until);
    said(old) == said(new)
}

/// The image that is meant, and the version.
fn pinned(service: &Service, named: &Named, environment: &str) -> Result<(Key, Version), Error> {
    let mut keys: Vec<Key> = service.versions().into_keys().map(|slot| slot.key).collect();
    keys.dedup();
    let key = match (&named.image, keys.as_slice()) {
        (Some(image), _) => key(image, &keys, environment)?,
        (None, [one]) => one.clone(),
        (None, several) => {
            return Err(Error::AmbiguousImage {
                asked: service.name.clone(),
                candidates: several.iter().map(Key::to_string).collect(),
            });
        }
    };
    let version = match &key {
        Key::Image(_) => Version::parse_image(&named.version),
        Key::Remote(_) => Reference::parse(&named.version).map(Version::Reference),
    };
    let wrong = |source: VersionError| Error::Version { argument: named.version.clone(), source };
    Ok((key, version.map_err(wrong)?))
}
