//! `promoter bump ENV IMAGE=TAG[@DIGEST]...`: a new version enters the first environment.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::error::{Error, Overtaken};
use crate::gate::{self, Verdict};
use crate::inventory::{Inventory, Unreadable};
use crate::message::Message;
use crate::overlay::Overlay;
use crate::pipeline::{Delivery, Environment};
use crate::plan::{self, Change, Plan};
use crate::service::Service;
use crate::version::{Key, Reference, Version, VersionError};

use super::deliver::{Delivered, Proposal};
use super::images::Incoming;
use super::judge::{Entering, judge, refuse};
use super::pull_request::{Lane, pending, recorded};
use super::resolve::resolve;
use super::seen::mover;
use super::select::key;
use super::{Context, Warning};

/// `IMAGE=VERSION`, not yet matched against what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// An image, a remote URL without its query, or a service.
    pub name: String,
    /// The version as given.
    pub version: String,
}

/// The request.
#[derive(Clone, Debug)]
pub struct Bump {
    /// ENV.
    pub environment: String,
    /// What to set; at least one.
    pub assignments: Vec<Assignment>,
    /// The version that must be there: compare-and-set. Only with one assignment.
    pub expect: Option<String>,
    /// Leave a newer version as it is.
    pub not_older: bool,
    /// Ask the registry for the digest of each tag.
    pub resolve: bool,
    /// Text for the commit's body.
    pub message: Option<String>,
    /// Why a freeze may be passed over.
    pub override_reason: Option<String>,
    /// How to deliver, when the user says so.
    pub deliver: Option<Delivery>,
}

/// What was done.
#[derive(Debug)]
pub struct Bumped {
    /// ENV.
    pub environment: String,
    /// What changed.
    pub changes: Vec<Change>,
    /// With `--not-older`, what was newer already: image and version.
    pub newer: Vec<(Key, Version)>,
    /// What its pull request waits for.
    pub pending: Vec<Verdict>,
    /// What became of it.
    pub delivered: Delivered,
    /// What the user should know.
    pub warnings: Vec<Warning>,
}

/// Sets versions in a first environment.
pub fn bump(context: &Context<'_>, request: &Bump) -> Result<Bumped, Error> {
    let branch = context.branch()?;
    let delivery = context.delivery(request.deliver, &branch, &request.environment)?;
    let (mut changes, mut newer) = (Vec::new(), Vec::new());
    let (mut warnings, mut waiting) = (Vec::new(), Vec::new());
    let lane = Lane::Bump(&request.environment);
    let delivered = context.deliver(delivery, lane, &branch, |inventory| {
        warnings = context.configuration_warnings(inventory);
        let to = inventory.pipeline.environment(&request.environment)?;
        let mut verdicts = vec![gate::enters_first(to)];
        verdicts.extend(gate::unsupported(&inventory.pipeline, to));
        verdicts.extend(
            request
                .override_reason
                .as_ref()
                .map(|_| gate::may_override(to))
                .filter(Verdict::blocks),
        );
        refuse(verdicts.iter())?;
        let mut found = find(inventory, to, &request.assignments)?;
        if request.resolve {
            pin(context, &mut found)?;
        }
        let (plan, left) = decide(request, &found)?;
        (changes, newer) = (plan.changes, left);
        expected(context, request, inventory, &found)?;
        if changes.is_empty() {
            return Ok(None);
        }
        verdicts.extend(judge(context, &Entering::changes(inventory, to, &[], &changes)?)?);
        if request.override_reason.is_some() {
            gate::overrule(&mut verdicts);
        }
        waiting = pending(delivery, &mut verdicts);
        refuse(verdicts.iter())?;
        let overlays: BTreeMap<&str, &Overlay> =
            found.iter().map(|entry| (entry.overlay().path(), entry.overlay())).collect();
        let files = plan::apply(&changes, |path| overlays.get(path).copied())?;
        let message = context.signed_by(Message::bump(&to.name, &changes));
        let message = message.text(request.message.as_deref());
        let message = message.judged(&verdicts, request.override_reason.as_deref());
        let message = recorded(message, &waiting);
        Ok(Some(Proposal { files, message }))
    })?;
    warnings.extend(delivered.warnings.iter().cloned());
    let (environment, pending) = (request.environment.clone(), waiting);
    Ok(Bumped { environment, changes, newer, pending, delivered, warnings })
}

/// An entry that an assignment means, and the version it shall have.
struct Entry {
    service: Service,
    file: usize,
    key: Key,
    version: Version,
}

impl Entry {
    fn overlay(&self) -> &Overlay {
        // `file` was an index into these files when the entry was made, and they do not change.
        #[expect(clippy::indexing_slicing, reason = "see above")]
        &self.service.files[self.file].overlay
    }
}

/// Gives each tag the digest that it points to in the registry of its entry.
fn pin(context: &Context<'_>, entries: &mut [Entry]) -> Result<(), Error> {
    let incoming = entries.iter().map(|entry| Incoming {
        service: entry.service.name.clone(),
        key: entry.key.clone(),
        image: entry.overlay().pulled_as(entry.key.as_str()).to_owned(),
        version: entry.version.clone(),
    });
    let versions = resolve(context, &incoming.collect::<Vec<_>>())?;
    for (entry, version) in entries.iter_mut().zip(versions) {
        entry.version = version;
    }
    Ok(())
}

/// Every entry that the assignments mean: in the service of that name, else everywhere.
fn find(
    inventory: &Inventory<'_>,
    environment: &Environment,
    assignments: &[Assignment],
) -> Result<Vec<Entry>, Error> {
    let mut entries = Vec::new();
    let mut all = None;
    for assignment in assignments {
        let by_image = inventory.pipeline.layout.by_image();
        let named =
            if by_image { None } else { inventory.service(environment, &assignment.name)? };
        if let Some(service) = named {
            let key = key_of_service(&service, &assignment.name, environment)?;
            entries.extend(entries_of(&service, &key, assignment)?);
            continue;
        }
        let (services, unreadable) = match &mut all {
            Some(all) => all,
            None => all.insert(inventory.services(environment)?),
        };
        let mut keys: Vec<Key> = services.values().flat_map(keys).collect();
        keys.sort();
        keys.dedup();
        let key = key(&assignment.name, &keys, &environment.name)
            .map_err(|error| blamed(error, unreadable))?;
        for service in services.values() {
            entries.extend(entries_of(service, &key, assignment)?);
        }
    }
    refuse_contradiction(&entries)?;
    Ok(entries)
}

/// A name that is nowhere may stand in a file that cannot be read: then that is what is wrong.
fn blamed(error: Error, unreadable: &mut Vec<Unreadable>) -> Error {
    match (error, unreadable.pop()) {
        (Error::UnknownImage { .. }, Some(broken)) => broken.error,
        (error, _) => error,
    }
}

/// The image that a service's name stands for: its only one, or the one of the same name.
fn key_of_service(service: &Service, name: &str, environment: &Environment) -> Result<Key, Error> {
    let mut keys: Vec<Key> = keys(service).collect();
    keys.sort();
    keys.dedup();
    match keys.as_slice() {
        [one] => Ok(one.clone()),
        several => {
            let part = name.rsplit('/').next().unwrap_or(name);
            key(part, several, &environment.name).map_err(|_| Error::AmbiguousImage {
                asked: name.to_owned(),
                candidates: several.iter().map(Key::to_string).collect(),
            })
        }
    }
}

fn keys(service: &Service) -> impl Iterator<Item = Key> {
    service
        .files
        .iter()
        .flat_map(|file| {
            let remotes = file.overlay.pins().iter().map(|pin| &pin.key);
            let remotes = remotes.filter(|key| matches!(key, Key::Remote(_))).cloned();
            file.overlay.images().map(|name| Key::Image(name.to_owned())).chain(remotes)
        })
        .filter(|key| service.image.as_ref().is_none_or(|own| own == key))
}

fn entries_of(service: &Service, key: &Key, assignment: &Assignment) -> Result<Vec<Entry>, Error> {
    let version = version(key, assignment)?;
    let entries = service.files.iter().enumerate().filter(|(_, file)| match key {
        Key::Image(name) => {
            service.image.as_ref().is_none_or(|own| own == key)
                && file.overlay.images().any(|image| image == name)
        }
        Key::Remote(_) => file.overlay.pin(key).is_some(),
    });
    let entry = |(file, _)| Entry {
        service: service.clone(),
        file,
        key: key.clone(),
        version: version.clone(),
    };
    Ok(entries.map(entry).collect())
}

fn version(key: &Key, assignment: &Assignment) -> Result<Version, Error> {
    let parsed = match key {
        Key::Image(_) => Version::parse_image(&assignment.version),
        Key::Remote(_) => Reference::parse(&assignment.version).map(Version::Reference),
    };
    let wrong = |source: VersionError| Error::Version {
        argument: format!("{}={}", assignment.name, assignment.version),
        source,
    };
    parsed.map_err(wrong)
}

fn refuse_contradiction(entries: &[Entry]) -> Result<(), Error> {
    let mut versions: BTreeMap<(&str, &Key), &Version> = BTreeMap::new();
    for entry in entries {
        let place = (entry.overlay().path(), &entry.key);
        if let Some(other) = versions.insert(place, &entry.version)
            && *other != entry.version
        {
            let words =
                format!("`{}` is given two versions: {other} and {}", entry.key, entry.version);
            return Err(Error::Usage(words));
        }
    }
    Ok(())
}

/// The changes, and with `--not-older` what is newer already.
fn decide(request: &Bump, entries: &[Entry]) -> Result<(Plan, Vec<(Key, Version)>), Error> {
    let (mut plan, mut newer) = (Plan::default(), Vec::new());
    for entry in entries {
        let old = entry.overlay().pin(&entry.key).map(|pin| pin.version.clone());
        if let Some(old) = old.as_ref().filter(|_| request.not_older)
            && order(&entry.key, &entry.version, old)? == Ordering::Less
        {
            newer.push((entry.key.clone(), old.clone()));
            continue;
        }
        let change = Change {
            service: entry.service.name.clone(),
            path: entry.overlay().path().to_owned(),
            below: entry
                .service
                .files
                .get(entry.file)
                .map(|file| file.below.clone())
                .unwrap_or_default(),
            key: entry.key.clone(),
            new: entry.version.clone(),
            added: false,
            new_name: None,
            old,
        };
        let same = |other: &Change| other.path == change.path && other.key == change.key;
        if change.old.as_ref() != Some(&change.new) && !plan.changes.iter().any(same) {
            plan.changes.push(change);
        }
    }
    Ok((plan, newer))
}

/// Semantic order of two versions, a leading `v` set aside.
fn order(key: &Key, new: &Version, old: &Version) -> Result<Ordering, Error> {
    let parse = |text: Option<&str>| {
        text.and_then(|text| semver::Version::parse(text.strip_prefix('v').unwrap_or(text)).ok())
    };
    let (one, other) = (new.label(), old.label());
    if one == other && one.is_some() {
        return Ok(Ordering::Equal);
    }
    match (parse(one), parse(other)) {
        (Some(one), Some(other)) => Ok(one.cmp_precedence(&other)),
        _ => Err(Error::NotComparable { image: key.to_string(), old: old.full(), new: new.full() }),
    }
}

/// `--expect OLD`: what is there must be OLD, or already what is wanted.
fn expected(
    context: &Context<'_>,
    request: &Bump,
    inventory: &Inventory<'_>,
    entries: &[Entry],
) -> Result<(), Error> {
    let (Some(expect), [assignment]) = (&request.expect, request.assignments.as_slice()) else {
        return Ok(());
    };
    let mut moved = Vec::new();
    for entry in entries {
        let given = Assignment { name: assignment.name.clone(), version: expect.clone() };
        let wanted = version(&entry.key, &given)?;
        let found = entry.overlay().pin(&entry.key).map(|pin| pin.version.clone());
        if found.as_ref() != Some(&wanted) && found.as_ref() != Some(&entry.version) {
            let by = mover(context, inventory.snapshot.commit, entry.overlay().path())?;
            moved.push(Overtaken {
                service: entry.service.name.clone(),
                key: entry.key.clone(),
                expected: Some(wanted),
                found,
                by,
            });
        }
    }
    if moved.is_empty() { Ok(()) } else { Err(Error::Overtaken(moved)) }
}

#[cfg(test)]
mod tests {
    use super::{blamed, order};
    use crate::error::Error;
    use crate::inventory::Unreadable;
    use crate::version::{Key, Version};
    use std::cmp::Ordering;

    #[test]
    fn semantic_order() {
        let check = |new: &str, old: &str, expected: Option<Ordering>| {
            let parse = |text: &str| Version::parse_image(text).unwrap();
            let found = order(&Key::Image("api".into()), &parse(new), &parse(old));
            assert_eq!(found.ok(), expected, "{new} {old}");
        };
        check("1.10.0", "1.9.0", Some(Ordering::Greater));
        check("v1.2.3", "1.2.3", Some(Ordering::Equal));
        check("1.0.0-rc.1", "1.0.0", Some(Ordering::Less));
        check("main", "main", Some(Ordering::Equal));
        check("1.2", "1.1.0", None);
        check("main", "1.0.0", None);
    }

    #[test]
    fn an_unknown_image_may_stand_in_a_file_that_cannot_be_read() {
        let unknown = || Error::UnknownImage {
            asked: "api".into(),
            environment: "dev".into(),
            nearest: None,
        };
        let check = |broken: &[&str], expected: &str| {
            let error = |path: &&str| Error::File { path: (*path).into(), reason: "broken".into() };
            let mut broken = broken
                .iter()
                .map(|path| Unreadable { service: "api".into(), error: error(path) })
                .collect();
            assert_eq!(blamed(unknown(), &mut broken).code(), expected);
        };
        check(&[], unknown().code());
        check(
            &["dev/api/kustomization.yaml"],
            Error::File { path: String::new(), reason: String::new() }.code(),
        );
    }
}
