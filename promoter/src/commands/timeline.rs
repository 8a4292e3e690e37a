//! What happened to versions, from the trees of first parents: whoever made the commits.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::rc::Rc;

use jiff::Timestamp;

use crate::error::Error;
use crate::git::{CommitId, Dated, End, Repo, Step};
use crate::inventory::Inventory;
use crate::pipeline::{KUSTOMIZATION_NAMES, Pipeline};
use crate::service::{Service, VersionSet};

use super::Context;
use super::read::CONFIGURATION;

/// A service whose versions changed in a commit.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) commit: CommitId,
    pub(super) environment: String,
    pub(super) service: String,
    /// What it pinned before; `None` where it was not there or could not be read.
    pub(super) before: Option<VersionSet>,
    /// What it pins after; `None` where it is gone.
    pub(super) after: Option<VersionSet>,
    /// The name it had before, when the commit moved it.
    pub(super) was: Option<String>,
}

/// Takes the events of one commit, and says whether it has enough.
pub(super) type Visit<'v> = &'v mut dyn FnMut(&[Event]) -> Result<ControlFlow<()>, Error>;

/// How far a walk went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cost {
    /// Commits looked at.
    pub(super) commits: usize,
}

/// How many commits are fetched first when a shallow clone ends too early; doubled each time.
const DEEPEN: usize = 500;

/// Shows every change of versions from `tip` back, newest first, until `visit` has enough or
/// `oldest` was seen.
///
/// Each commit is read with its own promoter.yaml, and one from before there was any with the first
/// that came. A shallow clone is deepened when it ends too
/// early; when that fails the walk fails, since an answer from half a history would be wrong.
pub(super) fn walk(
    context: &Context<'_>,
    tip: CommitId,
    oldest: Option<CommitId>,
    visit: Visit<'_>,
) -> Result<Cost, Error> {
    walk_deepening(context, (tip, oldest), visit, DEEPEN)
}

fn walk_deepening(
    context: &Context<'_>,
    (tip, oldest): (CommitId, Option<CommitId>),
    visit: Visit<'_>,
    deepen: usize,
) -> Result<Cost, Error> {
    let mut cost = Cost::default();
    let mut from = tip;
    let mut like = context.inventory(tip)?.pipeline;
    loop {
        let stretch = stretch(context, (from, oldest), &mut like, visit)?;
        cost.commits += stretch.commits;
        (context.progress)(&format!("read {} commits", cost.commits));
        match stretch.next {
            Next::Done => return Ok(cost),
            Next::From(commit) => from = commit,
            Next::Cut(commit) => {
                let deeper = deeper(context, deepen)?;
                let context = Context { repo: &deeper, ..context.clone() };
                let rest =
                    walk_deepening(&context, (commit, oldest), visit, deepen.saturating_mul(2))?;
                return Ok(Cost { commits: cost.commits + rest.commits });
            }
        }
    }
}

/// The repository with more history, some of which another walk may have fetched already.
fn deeper(context: &Context<'_>, by: usize) -> Result<Repo, Error> {
    context.repo.deepen(&context.branch()?, by, &context.deadline)?;
    // The open repository has read where the clone was cut; a new one reads it again.
    Ok(Repo::open(context.repo.root())?)
}

/// The first parents of `tip` that may count from later than `since`, however shallow the clone.
pub(super) fn dated(
    context: &Context<'_>,
    tip: CommitId,
    since: Timestamp,
) -> Result<Dated, Error> {
    let mut found = context.repo.dated(tip, since, context.now)?;
    let mut deepen = DEEPEN;
    while found.end == End::Cut {
        found = deeper(context, deepen)?.dated(tip, since, context.now)?;
        deepen = deepen.saturating_mul(2);
    }
    Ok(found)
}

/// A part of history that one promoter.yaml describes.
struct Stretch {
    commits: usize,
    next: Next,
}

enum Next {
    Done,
    From(CommitId),
    Cut(CommitId),
}

fn stretch(
    context: &Context<'_>,
    (tip, oldest): (CommitId, Option<CommitId>),
    like: &mut Rc<Pipeline>,
    visit: Visit<'_>,
) -> Result<Stretch, Error> {
    match context.inventory_like(tip, like) {
        Ok(inventory) => *like = inventory.pipeline,
        // A configuration that was wrong then: what the newer one says is the best there is.
        Err(Error::Pipeline(_)) => {}
        Err(error) => return Err(error),
    }
    let mut roots = like.layout.roots();
    roots.push(CONFIGURATION.to_owned());
    let mut next = Next::Done;
    let walked = context.repo.first_parents::<Error>(tip, oldest, &roots, |step| {
        let events = events(context, &step, like)?;
        if !events.is_empty() && visit(&events)?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
        let reconfigured = step.files.iter().any(|file| file.path == CONFIGURATION);
        match step.parent.filter(|_| reconfigured && Some(step.commit) != oldest) {
            Some(parent) => {
                next = Next::From(parent);
                Ok(ControlFlow::Break(()))
            }
            None => Ok(ControlFlow::Continue(())),
        }
    })?;
    if walked.end == End::Cut {
        next = Next::Cut(walked.last);
    }
    Ok(Stretch { commits: walked.commits, next })
}

/// The changes of versions in one commit against its first parent.
fn events(context: &Context<'_>, step: &Step, like: &Rc<Pipeline>) -> Result<Vec<Event>, Error> {
    let after = side(context, Some(step.commit), like)?;
    let before = side(context, step.parent, like)?;
    let reconfigured = step.files.iter().any(|file| file.path == CONFIGURATION);
    let places = match (&before, &after) {
        (Side::Read(before), Side::Read(after)) if !reconfigured => touched(step, &[before, after]),
        _ => everything(&[&before, &after]),
    }?;
    let mut events = Vec::new();
    for (environment, service) in places {
        let Pins::Known(new) = versions(&after, &environment, &service)? else { continue };
        let old = match versions(&before, &environment, &service)? {
            Pins::Known(old) => old,
            Pins::Broken => last_known(context, step.parent, like, (&environment, &service))?,
        };
        if old != new {
            let commit = step.commit;
            events.push(Event { commit, environment, service, before: old, after: new, was: None });
        }
    }
    Ok(pair_moves(&events))
}

/// One side of a comparison.
enum Side<'r> {
    /// Before the first commit.
    Absent,
    /// promoter.yaml was broken then.
    Broken,
    Read(Inventory<'r>),
}

fn side<'r>(
    context: &Context<'r>,
    commit: Option<CommitId>,
    like: &Rc<Pipeline>,
) -> Result<Side<'r>, Error> {
    match commit.map(|commit| context.inventory_like(commit, like)) {
        None => Ok(Side::Absent),
        Some(Err(Error::Pipeline(_))) => Ok(Side::Broken),
        Some(Ok(inventory)) => Ok(Side::Read(inventory)),
        Some(Err(error)) => Err(error),
    }
}

/// What a service pinned when it could last be read, at `from` or before.
fn last_known(
    context: &Context<'_>,
    from: Option<CommitId>,
    like: &Rc<Pipeline>,
    (environment, service): (&str, &str),
) -> Result<Option<VersionSet>, Error> {
    let Some(from) = from else { return Ok(None) };
    let mut known = None;
    context.repo.first_parents::<Error>(from, None, &[String::new()], |step| {
        Ok(match versions(&side(context, step.parent, like)?, environment, service)? {
            Pins::Known(found) => {
                known = found;
                ControlFlow::Break(())
            }
            Pins::Broken => ControlFlow::Continue(()),
        })
    })?;
    Ok(known)
}

type Places = BTreeSet<(String, String)>;

/// Every service of every environment.
fn everything(sides: &[&Side<'_>]) -> Result<Places, Error> {
    let mut places = Places::new();
    for side in sides {
        let Side::Read(inventory) = side else { continue };
        for environment in &inventory.pipeline.environments {
            let (services, unreadable) = inventory.services(environment)?;
            let names = services.into_keys().chain(unreadable.into_iter().map(|one| one.service));
            places.extend(names.map(|service| (environment.name.clone(), service)));
        }
    }
    Ok(places)
}

/// The services whose kustomization files the commit changed.
fn touched(step: &Step, sides: &[&Inventory<'_>]) -> Result<Places, Error> {
    let mut places = Places::new();
    for inventory in sides {
        for file in step.files.iter().filter(|file| is_kustomization(&file.path)) {
            let owner =
                inventory.pipeline.layout.owner(&file.path, &mut |dir| inventory.list(dir))?;
            let Some(owner) = owner else { continue };
            if inventory.pipeline.layout.by_image() {
                let environment = inventory.pipeline.environment(&owner.environment)?;
                let (services, _) = inventory.services(environment)?;
                places.extend(services.into_keys().map(|name| (owner.environment.clone(), name)));
            } else {
                places.insert((owner.environment, owner.service));
            }
        }
    }
    Ok(places)
}

fn is_kustomization(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    KUSTOMIZATION_NAMES.contains(&name)
}

/// What a service pins on one side.
enum Pins {
    /// These versions, or none.
    Known(Option<VersionSet>),
    /// A file was broken then: what it said counts from the next commit that can be read.
    Broken,
}

fn versions(side: &Side<'_>, environment: &str, service: &str) -> Result<Pins, Error> {
    let inventory = match side {
        Side::Absent => return Ok(Pins::Known(None)),
        Side::Broken => return Ok(Pins::Broken),
        Side::Read(inventory) => inventory,
    };
    let known = inventory.pipeline.environments.iter().find(|known| known.name == environment);
    let Some(environment) = known else { return Ok(Pins::Known(None)) };
    match inventory.service(environment, service) {
        Ok(service) => {
            Ok(Pins::Known(service.as_ref().map(Service::versions).filter(|set| !set.is_empty())))
        }
        Err(error) if error.is_about_a_file() || matches!(error, Error::Pipeline(_)) => {
            Ok(Pins::Broken)
        }
        Err(error) => Err(error),
    }
}

/// A service gone and one new in a commit, with equal versions and no other candidate, are the
/// same one.
fn pair_moves(events: &[Event]) -> Vec<Event> {
    let gone = |event: &Event| event.after.is_none();
    let new = |event: &Event| event.before.is_none();
    let matches = |one: &Event, other: &Event| {
        one.environment == other.environment
            && same_versions(
                one.before.as_ref().or(one.after.as_ref()),
                other.before.as_ref().or(other.after.as_ref()),
            )
    };
    let only = |event: &Event, test: &dyn Fn(&Event) -> bool| {
        let mut found = events.iter().filter(|other| test(other) && matches(event, other));
        found.next().filter(|_| found.next().is_none()).map(|found| found.service.clone())
    };
    let moved_from = |event: &Event| {
        let was = only(event, &gone).filter(|_| new(event) && !gone(event))?;
        (only(event, &new).as_deref() == Some(event.service.as_str())).then_some(was)
    };
    let moved: Vec<(String, String, String)> = events
        .iter()
        .filter_map(|event| {
            Some((event.environment.clone(), event.service.clone(), moved_from(event)?))
        })
        .collect();
    let left = |event: &Event| {
        gone(event)
            && moved.iter().any(|(env, _, was)| *env == event.environment && *was == event.service)
    };
    let named = |mut event: Event| {
        let found =
            moved.iter().find(|(env, name, _)| *env == event.environment && *name == event.service);
        event.was = found.filter(|_| new(&event)).map(|(_, _, was)| was.clone());
        event
    };
    events.iter().filter(|event| !left(event)).cloned().map(named).collect()
}

fn same_versions(one: Option<&VersionSet>, other: Option<&VersionSet>) -> bool {
    one.is_some() && one == other
}

/// Whether the versions that a service has now were there before others were: it went back.
pub(super) fn returned(
    context: &Context<'_>,
    inventory: &Inventory<'_>,
    environment: &str,
    service: &str,
) -> Result<bool, Error> {
    let sets = sets_of(context, inventory, environment, service)?;
    let Some(((_, present), older)) = sets.split_first() else { return Ok(false) };
    Ok(older.iter().any(|(_, set)| set == present))
}

/// The version sets that a service has had in an environment, newest first, each with the commit
/// that brought it. Renames are followed.
pub(super) fn sets_of(
    context: &Context<'_>,
    inventory: &Inventory<'_>,
    environment: &str,
    service: &str,
) -> Result<Vec<(CommitId, VersionSet)>, Error> {
    let mut sets = Vec::new();
    let mut name = service.to_owned();
    walk(context, inventory.snapshot.commit, None, &mut |events| {
        let own =
            events.iter().find(|event| event.environment == environment && event.service == name);
        if let Some(event) = own {
            sets.extend(
                event.after.clone().filter(|_| event.was.is_none()).map(|set| (event.commit, set)),
            );
            name = event.was.clone().unwrap_or_else(|| name.clone());
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(sets)
}
