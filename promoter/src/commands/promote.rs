//! `promoter promote FROM[@REV] TO [SERVICE...]`: the versions of one environment, as observed at
//! one commit, become those of another.

use std::collections::BTreeMap;
use std::mem::take;

use crate::error::Error;
use crate::gate::{self, Outcome, Verdict};
use crate::git::{Branch, CommitId};
use crate::inventory::Inventory;
use crate::message::Message;
use crate::overlay::Overlay;
use crate::pipeline::{Delivery, Environment};
use crate::plan::{self, Change, Note, Plan, Problem, Terms};
use crate::service::{Service, Slot};
use crate::version::Key;

use super::deliver::{Delivered, Proposal};
use super::follow::{self, Follow, Followed};
use super::judge::{Entering, holds, judge, refuse};
use super::pull_request::{Lane, pending, recorded};
use super::seen::Seen;
use super::select::{key, select};
use super::{Context, Warning, timeline};

/// What to promote from.
#[derive(Clone, Debug)]
pub struct Source {
    /// The environment.
    pub environment: String,
    /// The commit at which it is read; else the newest.
    pub revision: Option<String>,
}

/// The request.
#[derive(Clone, Debug)]
pub struct Promote {
    /// FROM, perhaps `@REV`.
    pub from: Source,
    /// TO.
    pub to: String,
    /// Only these services; empty: all.
    pub services: Vec<String>,
    /// All but these services.
    pub except: Vec<String>,
    /// Only these images and URLs; empty: all.
    pub only: Vec<String>,
    /// Leave blocked services out instead of refusing.
    pub ready: bool,
    /// Add images that the target lacks.
    pub add: bool,
    /// Leave out services that the target lacks.
    pub skip_missing: bool,
    /// Copy `newName` too.
    pub with_name: bool,
    /// Show the plan, change nothing.
    pub dry_run: bool,
    /// Text for the commit's body.
    pub message: Option<String>,
    /// Why soak and freeze may be passed over.
    pub override_reason: Option<String>,
    /// How to deliver, when the user says so.
    pub deliver: Option<Delivery>,
    /// What follows when it is delivered.
    pub follow: Option<Follow>,
}

/// What was done, or would be.
#[derive(Debug)]
pub struct Promoted {
    /// FROM.
    pub from: String,
    /// TO.
    pub to: String,
    /// The commit the source was read at.
    pub source: Option<CommitId>,
    /// What changed.
    pub changes: Vec<Change>,
    /// What is worth telling.
    pub notes: Vec<Note>,
    /// With `--ready`, what was left out and why.
    pub left_out: Vec<Verdict>,
    /// The verdicts that let it pass.
    pub verdicts: Vec<Verdict>,
    /// What its pull request waits for.
    pub pending: Vec<Verdict>,
    /// With `--dry-run`, old and new bytes of every file.
    pub patch: Vec<Patch>,
    /// What became of it; none for a dry run.
    pub delivered: Option<Delivered>,
    /// What followed, where that was asked for.
    pub followed: Option<Box<Followed>>,
    /// What the user should know.
    pub warnings: Vec<Warning>,
}

/// A file before and after.
#[derive(Clone, Debug)]
pub struct Patch {
    /// Its path.
    pub path: String,
    /// Its bytes before.
    pub before: Vec<u8>,
    /// Its bytes after.
    pub after: Vec<u8>,
}

/// Promotes, or shows what would be promoted.
pub fn promote(context: &Context<'_>, request: &Promote) -> Result<Promoted, Error> {
    let branch = context.branch()?;
    let delivery = context.delivery(request.deliver, &branch, &request.to)?;
    let mut observed: Option<Observed> = None;
    let mut seen: Option<Seen> = None;
    let mut done = Promoted::new(request);
    let mut propose = |inventory: &Inventory<'_>| {
        done.warnings = context.configuration_warnings(inventory);
        let source = match observed.take() {
            None => observe(context, inventory, request)?,
            Some(source) => source.still_there(context, inventory)?,
        };
        let mut made = decide(context, inventory, (request, delivery), &source)?;
        match &seen {
            Some(seen) => seen.refuse_overtaken(context, inventory.snapshot.commit, &made.plan)?,
            None => seen = Some(Seen::of(&made.plan)),
        }
        let proposal = made.proposal(context, request, &source);
        if request.follow.is_some() {
            follow::can_follow(context, inventory, request)?;
        }
        done.take(made, &source);
        observed = Some(source);
        Ok(proposal)
    };
    if request.dry_run {
        let inventory = context.newest(delivery, &branch)?;
        propose(&inventory)?;
        done.warnings = context.warnings(&branch, &inventory);
    } else {
        let delivered = context.deliver(delivery, Lane::Promote(&request.to), &branch, propose)?;
        done.warnings.extend(delivered.warnings.iter().cloned());
        done.delivered = Some(delivered);
    }
    if let (Some(next), Some(source)) = (request.follow, &observed) {
        let how = (&branch, delivery);
        let followed = follow::follow(context, (request, next), how, (source, &done));
        done.followed = Some(Box::new(followed));
    }
    Ok(done)
}

impl Promoted {
    fn new(request: &Promote) -> Self {
        Promoted {
            from: request.from.environment.clone(),
            to: request.to.clone(),
            source: None,
            changes: Vec::new(),
            notes: Vec::new(),
            left_out: Vec::new(),
            verdicts: Vec::new(),
            pending: Vec::new(),
            patch: Vec::new(),
            delivered: None,
            followed: None,
            warnings: Vec::new(),
        }
    }

    /// Why it is not a success although it was delivered: what was waited for did not come.
    #[must_use]
    pub fn failure(&self) -> Option<&Error> {
        self.followed.as_ref()?.waited.as_ref().err()
    }

    fn take(&mut self, decided: Decided, source: &Observed) {
        self.source = Some(source.commit);
        self.changes = decided.plan.changes;
        self.notes = decided.plan.notes;
        self.left_out = decided.left_out;
        self.verdicts = decided.verdicts;
        self.pending = decided.pending;
        self.patch = decided.patch;
    }
}

// ---- the source

/// What FROM held at one commit: fixed, however often the target is read again.
pub(super) struct Observed {
    pub(super) commit: CommitId,
    environment: String,
    services: BTreeMap<String, Service>,
    /// Whether the user named a commit: then it is promoted whatever FROM holds now.
    pinned: bool,
}

pub(super) fn observe(
    context: &Context<'_>,
    inventory: &Inventory<'_>,
    request: &Promote,
) -> Result<Observed, Error> {
    let name = &request.from.environment;
    let at = match &request.from.revision {
        Some(revision) => {
            let commit = context.repo.revision(revision)?;
            Some(context.inventory_like(commit, &inventory.pipeline)?)
        }
        None => None,
    };
    let read = at.as_ref().unwrap_or(inventory);
    let from = read.pipeline.environment(name)?;
    Ok(Observed {
        commit: read.snapshot.commit,
        environment: name.clone(),
        services: some(select(read, from, &request.services, &request.except)?, read, from)?,
        pinned: at.is_some(),
    })
}

/// A layout that finds nothing is wrong, not empty.
fn some(
    services: BTreeMap<String, Service>,
    inventory: &Inventory<'_>,
    environment: &Environment,
) -> Result<BTreeMap<String, Service>, Error> {
    if services.is_empty() && inventory.folders(environment)?.is_empty() {
        return Err(inventory.no_services(environment));
    }
    Ok(services)
}

impl Observed {
    /// After a lost race: the set stays as it was observed, unless FROM itself took a version of
    /// it back in the meantime. A newer version there is no reason to stop.
    fn still_there(self, context: &Context<'_>, inventory: &Inventory<'_>) -> Result<Self, Error> {
        if self.pinned || inventory.snapshot.commit == self.commit {
            return Ok(self);
        }
        let from = inventory.pipeline.environment(&self.environment)?;
        let mut dropped = Vec::new();
        for service in self.services.values() {
            let now = inventory.service(from, &service.name)?;
            let versions = now.as_ref().map(Service::versions).unwrap_or_default();
            for (slot, version) in service.versions() {
                let present = versions.get(&slot);
                if present != Some(&version)
                    && self.left(context, inventory, service, &slot, present.is_none())?
                {
                    dropped.push(format!("{} {version}", service.name));
                }
            }
        }
        if dropped.is_empty() {
            Ok(self)
        } else {
            Err(Error::Dropped { environment: self.environment, dropped })
        }
    }
}

impl Observed {
    /// Whether FROM went back from a version, rather than on to the next.
    fn left(
        &self,
        context: &Context<'_>,
        inventory: &Inventory<'_>,
        service: &Service,
        slot: &Slot,
        gone: bool,
    ) -> Result<bool, Error> {
        let Some(version) = service.versions().remove(slot) else { return Ok(false) };
        let marks = holds(inventory, &self.environment, &service.name)?;
        let marked =
            gate::not_marked(&service.name, (&slot.key, &version), &marks.entries, context.now)
                .blocks();
        Ok(gone
            || marked
            || timeline::returned(context, inventory, &self.environment, &service.name)?)
    }
}

// ---- the decision

struct Decided {
    plan: Plan,
    verdicts: Vec<Verdict>,
    pending: Vec<Verdict>,
    left_out: Vec<Verdict>,
    files: BTreeMap<String, Vec<u8>>,
    patch: Vec<Patch>,
}

fn decide(
    context: &Context<'_>,
    inventory: &Inventory<'_>,
    (request, delivery): (&Promote, Delivery),
    source: &Observed,
) -> Result<Decided, Error> {
    let to = inventory.pipeline.environment(&request.to)?;
    let mut whole = vec![gate::follows(&source.environment, to)];
    whole.extend(of_history(context, inventory, source)?);
    whole.extend(gate::unsupported(&inventory.pipeline, to));
    whole.extend(
        request.override_reason.as_ref().map(|_| gate::may_override(to)).filter(Verdict::blocks),
    );
    refuse(whole.iter())?;
    let (mut plan, targets) = prospect(inventory, to, request, source)?;
    if !plan.problems.is_empty() {
        return Err(Error::Problems(plan.problems));
    }
    let from = std::slice::from_ref(&source.environment);
    let mut verdicts = judge(context, &Entering::changes(inventory, to, from, &plan.changes)?)?;
    if request.override_reason.is_some() {
        gate::overrule(&mut verdicts);
    }
    let pending = pending(delivery, &mut verdicts);
    refuse(verdicts.iter().filter(|verdict| !request.ready || verdict.service.is_none()))?;
    let (blocked, passed): (Vec<_>, Vec<_>) = verdicts.into_iter().partition(Verdict::blocks);
    let out = |change: &Change| {
        blocked.iter().any(|verdict| verdict.service.as_ref() == Some(&change.service))
    };
    plan.changes.retain(|change| !out(change));
    let files = edited(&plan.changes, &targets)?;
    let patch = if request.dry_run { patch(inventory, &files)? } else { Vec::new() };
    whole.extend(passed);
    Ok(Decided { plan, verdicts: whole, pending, left_out: blocked, files, patch })
}

/// The plan, whatever the rules say of it, and the target's services.
pub(super) fn prospect(
    inventory: &Inventory<'_>,
    to: &Environment,
    request: &Promote,
    source: &Observed,
) -> Result<(Plan, BTreeMap<String, Service>), Error> {
    let terms = terms(request, source)?;
    let targets = targets(inventory, to, source, request)?;
    let mut plan = Plan::default();
    for (name, service) in &source.services {
        match targets.get(name) {
            Some(target) => plan.pair(service, target, &terms),
            None if !inventory.runs_in(to, name) && request.services.is_empty() => {}
            None if request.skip_missing || !inventory.runs_in(to, name) => plan
                .notes
                .push(Note::SkippedService { service: name.clone(), environment: to.name.clone() }),
            None => plan.problems.push(Problem::MissingService {
                service: name.clone(),
                environment: to.name.clone(),
            }),
        }
    }
    Ok((plan, targets))
}

/// `FROM@REV` is what FROM held, so REV must be in the history of the branch.
fn of_history(
    context: &Context<'_>,
    inventory: &Inventory<'_>,
    source: &Observed,
) -> Result<Option<Verdict>, Error> {
    if !source.pinned || context.repo.contains(inventory.snapshot.commit, source.commit)? {
        return Ok(None);
    }
    let reason = format!("commit {} is not in the history of this branch", source.commit.short());
    Ok(Some(Verdict::whole("source", Outcome::Fail, reason)))
}

/// The same services in the target, as far as they are there.
fn targets(
    inventory: &Inventory<'_>,
    to: &Environment,
    source: &Observed,
    request: &Promote,
) -> Result<BTreeMap<String, Service>, Error> {
    if !request.services.is_empty() && !inventory.pipeline.layout.by_image() {
        let mut targets = BTreeMap::new();
        for name in source.services.keys() {
            targets.extend(inventory.service(to, name)?.map(|service| (name.clone(), service)));
        }
        return Ok(targets);
    }
    let (mut targets, unreadable) = inventory.services(to)?;
    match unreadable.into_iter().find(|one| source.services.contains_key(&one.service)) {
        Some(broken) => Err(broken.error),
        None => {
            targets.retain(|name, _| source.services.contains_key(name));
            if inventory.pipeline.layout.by_image() {
                adopt(&mut targets, source, inventory, to)?;
            }
            Ok(targets)
        }
    }
}

/// With one kustomization an environment, an image that the target lacks still has a file there.
fn adopt(
    targets: &mut BTreeMap<String, Service>,
    source: &Observed,
    inventory: &Inventory<'_>,
    to: &Environment,
) -> Result<(), Error> {
    if source.services.keys().all(|name| targets.contains_key(name)) {
        return Ok(());
    }
    let Some(files) = inventory.environment_files(to)? else { return Ok(()) };
    for (name, service) in &source.services {
        let file = || Service { name: name.clone(), image: service.image.clone(), ..files.clone() };
        targets.entry(name.clone()).or_insert_with(file);
    }
    Ok(())
}

/// `--only` as keys; a name or URL that the source does not have is an error.
fn terms(request: &Promote, source: &Observed) -> Result<Terms, Error> {
    let pins =
        source.services.values().flat_map(Service::pins).filter(|_| !request.only.is_empty());
    let mut keys: Vec<Key> = pins.map(|(_, pin)| pin.key.clone()).collect();
    keys.sort();
    keys.dedup();
    let only = request.only.iter().map(|asked| key(asked, &keys, &source.environment));
    Ok(Terms {
        only: only.collect::<Result<_, _>>()?,
        add: request.add,
        with_name: request.with_name,
    })
}

/// The new bytes of every file that changes.
pub(super) fn edited(
    changes: &[Change],
    targets: &BTreeMap<String, Service>,
) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let overlays = targets.values().flat_map(|service| &service.files);
    let overlays: BTreeMap<&str, &Overlay> =
        overlays.map(|file| (file.overlay.path(), &file.overlay)).collect();
    Ok(plan::apply(changes, |path| overlays.get(path).copied())?)
}

pub(super) fn patch(
    inventory: &Inventory<'_>,
    files: &BTreeMap<String, Vec<u8>>,
) -> Result<Vec<Patch>, Error> {
    let one = |(path, after): (&String, &Vec<u8>)| {
        let before = inventory.snapshot.file(path)?.unwrap_or_default();
        Ok(Patch { path: path.clone(), before, after: after.clone() })
    };
    files.iter().map(one).collect()
}

impl Decided {
    fn proposal(
        &mut self,
        context: &Context<'_>,
        request: &Promote,
        source: &Observed,
    ) -> Option<Proposal> {
        if self.plan.changes.is_empty() {
            return None;
        }
        let message = Message::promote(&source.environment, &request.to, &self.plan.changes)
            .trailer("Promotion-Source", &source.commit.to_string());
        let message = context.signed_by(message).text(request.message.as_deref());
        let message = message.judged(&self.verdicts, request.override_reason.as_deref());
        let message = recorded(message, &self.pending);
        Some(Proposal { files: take(&mut self.files), message })
    }
}

impl<'r> Context<'r> {
    /// Adds who acts: CI's actor, else the committer.
    pub(super) fn signed_by(&self, message: Message) -> Message {
        match self.actor() {
            Ok(actor) => message.trailer("Promotion-Actor", &actor),
            // The commit will fail for the same reason, and say so.
            Err(_) => message,
        }
    }

    /// Who acts: CI's actor, else the committer.
    pub(super) fn actor(&self) -> Result<String, Error> {
        if let Some(actor) = &self.actor {
            return Ok(actor.clone());
        }
        let who = self.repo.committer(&self.deadline)?;
        Ok(format!("{} <{}>", who.name, who.email))
    }

    /// The commit that a delivery would build on, without delivering.
    pub(super) fn newest(
        &self,
        delivery: Delivery,
        branch: &Branch,
    ) -> Result<Inventory<'r>, Error> {
        match delivery {
            Delivery::Commit => self.inventory(self.repo.tip(branch)?),
            Delivery::Push | Delivery::Api | Delivery::PullRequest => {
                let upstream = self.repo.upstream(branch)?;
                self.inventory(self.repo.fetch(&upstream, &self.deadline)?)
            }
        }
    }
}
