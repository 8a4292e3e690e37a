//! `promoter rollback ENV [SERVICE...]`: a forward commit that brings versions back, computed from
//! trees alone, so that merges, reverts and commits by people count like any other.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use jiff::Unit;

use crate::error::Error;
use crate::gate::{self, Hold, HoldKind, Holds, MarkedVersion, Verdict};
use crate::git::{CommitId, GitError};
use crate::inventory::Inventory;
use crate::message::Message;
use crate::overlay::Overlay;
use crate::pipeline::{Delivery, Environment};
use crate::plan::{self, Change};
use crate::service::{Service, VersionSet};

use super::deliver::{Delivered, Proposal};
use super::judge::{holds, refuse};
use super::pull_request::Lane;
use super::seen::Seen;
use super::select::named;
use super::timeline::{self, sets_of};
use super::{Context, Warning};

/// Where to go back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Back {
    /// The newest differing set older than the first time the present one was entered.
    Previous,
    /// What ran at a commit.
    Commit(String),
    /// What ran at a time.
    Time(jiff::Timestamp),
}

/// Which of the versions that are left are marked bad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// All of them.
    All,
    /// None.
    None,
    /// Those of these services: the others went back only because they came together.
    Of(Vec<String>),
}

impl Mark {
    fn takes(&self, service: &str) -> bool {
        match self {
            Mark::All => true,
            Mark::None => false,
            Mark::Of(services) => services.iter().any(|one| one == service),
        }
    }
}

/// The request.
#[derive(Clone, Debug)]
pub struct Rollback {
    /// ENV.
    pub environment: String,
    /// These services; empty: those of the newest commit that changed versions in ENV.
    pub services: Vec<String>,
    /// Where to.
    pub to: Back,
    /// Which of the versions left behind are marked bad.
    pub mark: Mark,
    /// Why, for the mark and the commit.
    pub reason: Option<String>,
    /// Go back only from what these changes brought; empty: from whatever is there.
    pub leaving: Vec<Change>,
    /// How to deliver, when the user says so.
    pub deliver: Option<Delivery>,
}

/// What was done.
#[derive(Debug)]
pub struct RolledBack {
    /// ENV.
    pub environment: String,
    /// What changed.
    pub changes: Vec<Change>,
    /// The services whose versions were marked bad.
    pub marked: Vec<String>,
    /// Other files of these services that changed since and stay as they are.
    pub other_files: Vec<String>,
    /// Versions of the point gone back to whose entries are no longer there: service and key.
    pub gone: Vec<String>,
    /// What became of it.
    pub delivered: Delivered,
    /// What the user should know.
    pub warnings: Vec<Warning>,
}

/// Rolls back.
pub fn roll_back(context: &Context<'_>, request: &Rollback) -> Result<RolledBack, Error> {
    let branch = context.branch()?;
    let delivery = context.delivery(request.deliver, &branch, &request.environment)?;
    let mut found: Option<Return> = None;
    let mut seen = (!request.leaving.is_empty()).then(|| Seen::after(&request.leaving));
    let mut warnings = Vec::new();
    let delivered =
        context.deliver(delivery, Lane::Rollback(&request.environment), &branch, |inventory| {
            warnings = context.configuration_warnings(inventory);
            let environment = inventory.pipeline.environment(&request.environment)?;
            let points = points(context, inventory, environment, request)?;
            let back = going_back(context, inventory, points)?;
            let plan = plan::Plan { changes: back.changes.clone(), ..plan::Plan::default() };
            match &seen {
                Some(seen) => seen.refuse_overtaken(context, inventory.snapshot.commit, &plan)?,
                None => seen = Some(Seen::of(&plan)),
            }
            refuse(marked(inventory, environment, &back, context)?.iter())?;
            let proposal = propose(context, inventory, request, &back)?;
            found = Some(back);
            Ok(proposal)
        })?;
    warnings.extend(delivered.warnings.iter().cloned());
    let found = found.unwrap_or_default();
    Ok(RolledBack {
        environment: request.environment.clone(),
        marked: found.marked(&request.mark),
        changes: found.changes,
        other_files: found.other_files,
        gone: found.gone,
        delivered,
        warnings,
    })
}

/// A service, the commit it goes back to, and what it ran then.
struct Point {
    service: Service,
    commit: CommitId,
    versions: VersionSet,
}

/// Which services go back where.
fn points(
    context: &Context<'_>,
    inventory: &Inventory<'_>,
    environment: &Environment,
    request: &Rollback,
) -> Result<Vec<Point>, Error> {
    let names = match (&request.services, &request.to) {
        (asked, _) if !asked.is_empty() => asked.iter().cloned().collect(),
        (_, Back::Previous) => newest_changed(context, inventory, environment)?,
        _ => inventory.services(environment)?.0.into_keys().collect::<BTreeSet<_>>(),
    };
    let mut points = Vec::new();
    for name in names {
        let service = named(inventory, environment, &name)?;
        let point = match &request.to {
            Back::Previous => Some(previous(context, inventory, environment, &service)?),
            Back::Commit(revision) => {
                at(context, inventory, environment, &service, context.repo.revision(revision)?)?
            }
            Back::Time(time) => {
                let commit = before(context, inventory, *time)?;
                at(context, inventory, environment, &service, commit)?
            }
        };
        let missing = || Error::NothingBefore {
            environment: environment.name.clone(),
            service: name.clone(),
        };
        match point {
            Some((commit, versions)) => points.push(Point { service, commit, versions }),
            None if request.services.is_empty() => {}
            None => return Err(missing()),
        }
    }
    Ok(points)
}

/// The services of the newest commit that changed versions in the environment.
fn newest_changed(
    context: &Context<'_>,
    inventory: &Inventory<'_>,
    environment: &Environment,
) -> Result<BTreeSet<String>, Error> {
    let mut names = BTreeSet::new();
    // What a service was called before, and what it is called now.
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    timeline::walk(context, inventory.snapshot.commit, None, &mut |events| {
        for event in events.iter().filter(|event| event.environment == environment.name) {
            let now = renamed.get(&event.service).unwrap_or(&event.service).clone();
            match &event.was {
                Some(was) => drop(renamed.insert(was.clone(), now)),
                None if event.before.is_some() && event.after.is_some() => {
                    names.insert(now);
                }
                None => {}
            }
        }
        Ok(if names.is_empty() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    if names.is_empty() { Err(Error::NeverChanged(environment.name.clone())) } else { Ok(names) }
}

/// The newest differing set older than the first time the present set was entered; sets with a
/// version that is marked bad are passed over.
fn previous(
    context: &Context<'_>,
    inventory: &Inventory<'_>,
    environment: &Environment,
    service: &Service,
) -> Result<(CommitId, VersionSet), Error> {
    let sets = sets_of(context, inventory, &environment.name, &service.name)?;
    let present = service.versions();
    let entered = sets.iter().rposition(|(_, set)| *set == present).map_or(0, |first| first + 1);
    let marks = holds(inventory, &environment.name, &service.name)?;
    let bad = |set: &VersionSet| {
        set.iter().any(|(slot, version)| is_bad(&marks, context, (&slot.key, version)))
    };
    let older = sets.into_iter().skip(entered).find(|(_, set)| *set != present && !bad(set));
    older.ok_or_else(|| Error::NothingBefore {
        environment: environment.name.clone(),
        service: service.name.clone(),
    })
}

fn is_bad(
    marks: &Holds,
    context: &Context<'_>,
    (key, version): (&crate::version::Key, &crate::version::Version),
) -> bool {
    let bad =
        marks.entries.iter().filter(|hold| hold.kind == HoldKind::Bad && hold.stands(context.now));
    bad.filter_map(|hold| hold.version.as_ref()).any(|marked| marked.means(key, version))
}

/// What a service ran at a commit, under the name it had then.
fn at(
    context: &Context<'_>,
    inventory: &Inventory<'_>,
    environment: &Environment,
    service: &Service,
    commit: CommitId,
) -> Result<Option<(CommitId, VersionSet)>, Error> {
    if !context.repo.contains(inventory.snapshot.commit, commit)? {
        let words = format!("commit {} is not in the history of this branch", commit.short());
        return Err(Error::NoPoint(words));
    }
    let then = context.inventory_like(commit, &inventory.pipeline)?;
    let Some(old) = then.pipeline.environments.iter().find(|old| old.name == environment.name)
    else {
        return Ok(None);
    };
    let name = name_at(context, inventory, (&environment.name, &service.name), commit)?;
    let found = then.service(old, &name)?;
    Ok(found.map(|service| (commit, service.versions())))
}

/// What a service was called at a commit.
fn name_at(
    context: &Context<'_>,
    inventory: &Inventory<'_>,
    (environment, service): (&str, &str),
    commit: CommitId,
) -> Result<String, Error> {
    let mut name = service.to_owned();
    timeline::walk(context, inventory.snapshot.commit, None, &mut |events| {
        let Some(first) = events.first() else { return Ok(ControlFlow::Continue(())) };
        if context.repo.contains(commit, first.commit)? {
            return Ok(ControlFlow::Break(()));
        }
        let own =
            events.iter().find(|event| event.environment == environment && event.service == name);
        name = own.and_then(|event| event.was.clone()).unwrap_or_else(|| name.clone());
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(name)
}

/// The newest commit on the branch at or before a time.
fn before(
    context: &Context<'_>,
    inventory: &Inventory<'_>,
    time: jiff::Timestamp,
) -> Result<CommitId, Error> {
    let mut commit = Some(inventory.snapshot.commit);
    while let Some(at) = commit {
        if context.repo.info(at)?.time <= time {
            return Ok(at);
        }
        commit = context.repo.first_parent(at)?;
    }
    let words = format!("no commit of this branch is as old as {time}");
    if context.repo.is_shallow() {
        return Err(GitError::Shallow { words }.into());
    }
    Err(Error::NoPoint(words))
}

/// Everything a rollback changes and leaves.
#[derive(Default)]
struct Return {
    changes: Vec<Change>,
    overlays: BTreeMap<String, Overlay>,
    to: BTreeSet<CommitId>,
    other_files: Vec<String>,
    gone: Vec<String>,
}

impl Return {
    fn marked(&self, mark: &Mark) -> Vec<String> {
        let services: BTreeSet<&String> =
            self.changes.iter().map(|change| &change.service).collect();
        services.into_iter().filter(|service| mark.takes(service)).cloned().collect()
    }
}

fn going_back(
    context: &Context<'_>,
    inventory: &Inventory<'_>,
    points: Vec<Point>,
) -> Result<Return, Error> {
    let mut back = Return::default();
    for point in points {
        let before = back.changes.len();
        for (slot, version) in &point.versions {
            let file = point.service.files.iter().find(|file| file.below == slot.below);
            let pin = file.and_then(|file| file.overlay.pin(&slot.key).map(|pin| (file, pin)));
            let Some((file, pin)) = pin else {
                back.gone.push(format!("{} {}", point.service.name, slot.key));
                continue;
            };
            if pin.version == *version {
                continue;
            }
            let path = file.overlay.path().to_owned();
            back.overlays.entry(path.clone()).or_insert_with(|| file.overlay.clone());
            back.changes.push(Change {
                service: point.service.name.clone(),
                path,
                below: slot.below.clone(),
                key: slot.key.clone(),
                old: Some(pin.version.clone()),
                new: version.clone(),
                added: false,
                new_name: None,
            });
        }
        if back.changes.len() > before {
            back.to.insert(point.commit);
            back.other_files.extend(others(context, inventory, &point, &back.changes)?);
        }
    }
    back.other_files.sort();
    back.other_files.dedup();
    Ok(back)
}

/// Files of the service that changed since and are no versions: a rollback leaves them.
fn others(
    context: &Context<'_>,
    inventory: &Inventory<'_>,
    point: &Point,
    changes: &[Change],
) -> Result<Vec<String>, Error> {
    let folder = [point.service.folder.clone()];
    let changed = context.repo.changed(point.commit, inventory.snapshot.commit, &folder)?;
    let ours = |path: &str| changes.iter().any(|change| change.path == path);
    Ok(changed.into_iter().map(|file| file.path).filter(|path| !ours(path)).collect())
}

/// A version that is marked bad may not come back, not even by a rollback.
fn marked(
    inventory: &Inventory<'_>,
    environment: &Environment,
    back: &Return,
    context: &Context<'_>,
) -> Result<Vec<Verdict>, Error> {
    let mut verdicts = Vec::new();
    for change in &back.changes {
        let marks = holds(inventory, &environment.name, &change.service)?;
        let bad: Vec<Hold> =
            marks.entries.into_iter().filter(|hold| hold.kind == HoldKind::Bad).collect();
        verdicts.push(gate::not_marked(
            &change.service,
            (&change.key, &change.new),
            &bad,
            context.now,
        ));
    }
    Ok(verdicts)
}

fn propose(
    context: &Context<'_>,
    inventory: &Inventory<'_>,
    request: &Rollback,
    back: &Return,
) -> Result<Option<Proposal>, Error> {
    if back.changes.is_empty() {
        return Ok(None);
    }
    let mut files = plan::apply(&back.changes, |path| back.overlays.get(path))?;
    files.extend(marks(context, inventory, request, back)?);
    let mut message = Message::roll_back(&request.environment, &back.changes);
    for commit in &back.to {
        message = message.trailer("Rollback-To", &commit.to_string());
    }
    let message = context.signed_by(message).text(request.reason.as_deref());
    Ok(Some(Proposal { files, message }))
}

/// The holds files with a mark for every version that is left and shall not come again.
fn marks(
    context: &Context<'_>,
    inventory: &Inventory<'_>,
    request: &Rollback,
    back: &Return,
) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let by = context.actor()?;
    let mut entries: BTreeMap<&str, Vec<Hold>> = BTreeMap::new();
    for change in back.changes.iter().filter(|change| request.mark.takes(&change.service)) {
        let Some(old) = &change.old else { continue };
        let reason = request
            .reason
            .clone()
            .unwrap_or_else(|| format!("rolled back to {}", change.new.brief()));
        entries.entry(&change.service).or_default().push(Hold {
            kind: HoldKind::Bad,
            version: Some(MarkedVersion::of(&change.key, old)),
            reason,
            by: by.clone(),
            since: Some(context.now.round(Unit::Second).unwrap_or(context.now)),
            until: None,
        });
    }
    let mut files = BTreeMap::new();
    for (service, more) in entries {
        let known = holds(inventory, &request.environment, service)?;
        let path = Holds::path(&request.environment, service);
        files.insert(path, known.with(&more).into_bytes());
    }
    Ok(files)
}
