//! A person's change, judged as a promotion would be judged: by the rules, holds and versions of
//! the commit it is to be merged into.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Error;
use crate::gate::{self, Outcome, Verdict};
use crate::git::CommitId;
use crate::inventory::Inventory;
use crate::overlay::{Edit, Overlay};
use crate::pipeline::{Environment, Layout};
use crate::place::Place;
use crate::service::{Service, Slot, VersionSet};
use crate::version::{Key, Version};

use super::Context;
use super::before::ran_before;
use super::finding::{Finding, Judged, Level};
use super::images::{Incoming, judge_images, trust_files};
use super::judge::{Entering, frozen, judge_versions, marks};
use super::moved::Moved;
use super::overrides::{Override, overrides};
use super::reach::reached;
use super::read::CONFIGURATION;

/// Judges merge-base..head, and tells which environments it reaches through which file.
pub(super) fn judge_change(
    context: &Context<'_>,
    head: &Inventory<'_>,
    base: CommitId,
) -> Result<(Vec<Finding>, BTreeMap<String, String>), Error> {
    let parted = context.repo.merge_base(base, head.snapshot.commit)?;
    let changed = context.repo.changed(parted, head.snapshot.commit, &[String::new()])?;
    let paths: Vec<String> = changed.into_iter().map(|file| file.path).collect();
    let mut findings: Vec<_> = paths.iter().filter_map(|path| rules_changed(path)).collect();
    let (tip, old) = match (context.inventory(base), context.inventory(parted)) {
        (Ok(tip), Ok(old)) => (tip, old),
        // The day promoter comes: there are no rules yet to judge by.
        (Err(Error::NoConfiguration { .. }), _) | (_, Err(Error::NoConfiguration { .. })) => {
            return Ok((findings, reached(head, &paths)?));
        }
        (Err(error), _) | (_, Err(error)) => return Err(error),
    };
    findings.extend(trust_changed(&tip, &paths));
    let reasons = overrides(context, base, head.snapshot.commit)?;
    let change = Change { tip: &tip, old: &old, head, paths: &paths, source: None };
    for environment in &tip.pipeline.environments {
        let ran = |moved: &[Moved]| ran_before(context, &tip, environment, moved);
        let judged = change.judge(context, environment, &reasons, ran)?;
        findings.extend(judged.into_iter().filter_map(|judged| judged.finding(environment)));
    }
    Ok((findings, reached(head, &paths)?))
}

fn rules_changed(path: &str) -> Option<Finding> {
    let (code, what) = if path == CONFIGURATION {
        ("rules-changed", "the rules themselves change; the change was judged by the old ones")
    } else if path.starts_with(".promoter/holds/") {
        ("hold-changed", "a hold or bad mark changes; the change was judged by the old ones")
    } else {
        return None;
    };
    Some(Finding::in_file(code, Level::Error, path, format!("{path}: {what}")))
}

/// Keys and trust roots by which the base verifies signatures.
fn trust_changed(tip: &Inventory<'_>, paths: &[String]) -> Vec<Finding> {
    let trusted = trust_files(tip);
    let changed = paths.iter().filter(|path| trusted.contains(path.as_str()));
    let what = "by it signatures are verified; the change was judged by the old one";
    let finding =
        |path| Finding::in_file("rules-changed", Level::Error, path, format!("{path}: {what}"));
    changed.map(|path| finding(path)).collect()
}

/// A net change.
pub(super) struct Change<'c, 'r> {
    /// What it is to be merged into.
    pub(super) tip: &'c Inventory<'r>,
    /// Where it began.
    pub(super) old: &'c Inventory<'r>,
    /// What it comes to.
    pub(super) head: &'c Inventory<'r>,
    /// Every file that differs between the two.
    pub(super) paths: &'c [String],
    /// An older commit of the branch at which its versions were observed, where that counts too.
    pub(super) source: Option<&'c Inventory<'r>>,
}

impl Change<'_, '_> {
    /// The versions that come into `environment`.
    fn moved(&self, environment: &Environment) -> Result<Vec<Moved>, Error> {
        let mut moved = Vec::new();
        for service in self.touched(environment)? {
            let before = versions(self.old, &environment.name, &service);
            let after = versions(self.head, &environment.name, &service);
            let new = after.into_iter().filter(|(slot, version)| before.get(slot) != Some(version));
            for (slot, version) in new {
                let place = place_of(self.head, &environment.name, &service, &slot);
                moved.push(Moved { service: service.clone(), slot, version, place });
            }
        }
        Ok(moved)
    }

    /// The services of an environment that own one of the changed files.
    fn touched(&self, environment: &Environment) -> Result<BTreeSet<String>, Error> {
        let mut services = BTreeSet::new();
        for inventory in [self.old, self.head] {
            let layout = &inventory.pipeline.layout;
            for path in self.paths {
                let owner = layout.owner(path, &mut |dir| inventory.list(dir))?;
                match owner.filter(|owner| owner.environment == environment.name) {
                    Some(_) if layout.by_image() => {
                        services.extend(inventory.services(environment)?.0.into_keys());
                    }
                    Some(owner) => drop(services.insert(owner.service)),
                    None => {}
                }
            }
        }
        Ok(services)
    }

    /// Every verdict on what comes into `environment`; `ran` tells which versions ran there before.
    pub(super) fn judge(
        &self,
        context: &Context<'_>,
        environment: &Environment,
        reasons: &[Override],
        ran: impl FnOnce(&[Moved]) -> Result<Vec<bool>, Error>,
    ) -> Result<Vec<Judged>, Error> {
        let moved = self.moved(environment)?;
        let ran = ran(&moved)?;
        let of = |wanted: bool| {
            let chosen = moved.iter().zip(&ran).filter(move |(_, ran)| **ran == wanted);
            chosen.map(|(moved, _)| moved).collect::<Vec<_>>()
        };
        let mut judged = self.by_gates(context, environment, &of(true), &of(false))?;
        let reason = reasons.iter().find(|reason| reason.means(environment));
        let told = reason.and_then(|reason| reason.overrule(environment, &mut judged));
        judged.extend(told);
        Ok(judged)
    }

    /// The gates on what is new; of what goes back, only the marks and where it changes more.
    fn by_gates(
        &self,
        context: &Context<'_>,
        environment: &Environment,
        back: &[&Moved],
        new: &[&Moved],
    ) -> Result<Vec<Judged>, Error> {
        let mut judged: Vec<_> = self.freeze(context, environment, back)?.into_iter().collect();
        let returning = Entering { images: Vec::new(), ..self.entering(environment, back) };
        judged.extend(with_places(back, marks(context, &returning)?));
        let elsewhere = self.pulled_elsewhere(environment, new)?;
        let elsewhere: Vec<&Moved> = elsewhere.iter().collect();
        let images = judge_images(context, &self.entering(environment, &elsewhere))?;
        judged.extend(with_places(&elsewhere, images));
        if new.is_empty() {
            return Ok(judged);
        }
        let whole = gate::unsupported(&self.tip.pipeline, environment);
        judged.extend(whole.into_iter().map(|verdict| Judged {
            verdict,
            place: new.first().and_then(|moved| moved.place.clone()),
            file: None,
        }));
        let order = new.iter().map(|moved| self.order(environment, moved)).collect();
        judged.extend(with_places(new, order));
        judged.extend(with_places(new, judge_versions(context, &self.entering(environment, new))?));
        Ok(judged)
    }

    /// What is pulled from another registry than before: another image, though its version may be
    /// the same, or one that ran before. Looked for only where there are gates on images.
    fn pulled_elsewhere(
        &self,
        environment: &Environment,
        new: &[&Moved],
    ) -> Result<Vec<Moved>, Error> {
        let mut found = Vec::new();
        if environment.gates.images.is_none() {
            return Ok(found);
        }
        for service in self.touched(environment)? {
            let before = mirrors(self.old, &environment.name, &service);
            for (slot, (version, mirror)) in mirrors(self.head, &environment.name, &service) {
                let judged = new.iter().any(|one| one.service == service && one.slot == slot);
                let same = before.get(&slot).is_none_or(|(_, was)| *was == mirror);
                if !judged && !same {
                    let place = place_of(self.head, &environment.name, &service, &slot);
                    found.push(Moved { service: service.clone(), slot, version, place });
                }
            }
        }
        Ok(found)
    }

    fn entering<'e>(
        &'e self,
        environment: &'e Environment,
        moved: &'e [&'e Moved],
    ) -> Entering<'e, 'e> {
        let versions = moved.iter().map(|moved| moved.wanted()).collect();
        let images = moved.iter().filter_map(|moved| {
            Incoming::at(self.head, environment, &moved.service, &moved.slot, &moved.version)
        });
        let (images, from) = (images.collect(), &environment.from);
        Entering { inventory: self.tip, to: environment, from, versions, images }
    }

    /// A freeze is for every file of the environment and for what is shared; not for files in which
    /// versions go back and nothing else changes.
    fn freeze(
        &self,
        context: &Context<'_>,
        environment: &Environment,
        back: &[&Moved],
    ) -> Result<Option<Judged>, Error> {
        for path in self.paths {
            if self.is_of(environment, path)? && !self.only_goes_back(path, back)? {
                let (place, file) = (None, Some(path.clone()));
                let verdict = frozen(context, environment);
                return Ok(verdict.map(|verdict| Judged { verdict, place, file }));
            }
        }
        Ok(None)
    }
}

impl Change<'_, '_> {
    fn is_of(&self, environment: &Environment, path: &str) -> Result<bool, Error> {
        if self.tip.pipeline.shared.iter().any(|folder| below(path, folder)) {
            return Ok(true);
        }
        for inventory in [self.old, self.head] {
            let layout = &inventory.pipeline.layout;
            if own_roots(layout, environment, inventory).iter().any(|folder| below(path, folder)) {
                return Ok(true);
            }
            let owner = layout.owner(path, &mut |dir| inventory.list(dir))?;
            if owner.is_some_and(|owner| owner.environment == environment.name) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether the versions of `back` are all that changed in a file.
    fn only_goes_back(&self, path: &str, back: &[&Moved]) -> Result<bool, Error> {
        let sides = (self.old.snapshot.file(path)?, self.head.snapshot.file(path)?);
        let (Some(before), Some(after)) = sides else { return Ok(false) };
        let (Ok(old), Ok(new)) = (Overlay::parse(path, &before), Overlay::parse(path, &after))
        else {
            return Ok(false);
        };
        let changed: Vec<_> = new
            .pins()
            .iter()
            .filter(|pin| old.pin(&pin.key).is_some_and(|was| was.version != pin.version))
            .collect();
        let returns = |key: &Key| {
            let here = |moved: &&&Moved| moved.place.as_ref().is_some_and(|at| at.file == path);
            back.iter().filter(here).any(|moved| moved.slot.key == *key)
        };
        let set = |key, version| Edit::Set { key, version };
        let edits: Vec<Edit> =
            changed.iter().map(|pin| set(pin.key.clone(), pin.version.clone())).collect();
        let same = old.edit(&edits).is_ok_and(|edited| edited == after);
        Ok(!changed.is_empty() && same && changed.iter().all(|pin| returns(&pin.key)))
    }
}

fn below(path: &str, folder: &str) -> bool {
    let rest = path.strip_prefix(folder);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The folders that hold nothing but this environment.
fn own_roots(layout: &Layout, environment: &Environment, inventory: &Inventory<'_>) -> Vec<String> {
    let others = inventory.pipeline.environments.iter().filter(|one| one.name != environment.name);
    let others: Vec<String> = others.flat_map(|other| layout.roots_of(other)).collect();
    let shared = |root: &String| others.iter().any(|other| below(other, root) || root.is_empty());
    layout.roots_of(environment).into_iter().filter(|root| !shared(root)).collect()
}

/// A service by what `inventory` says of its environment; a file that cannot be read is a finding
/// already.
fn service_at(inventory: &Inventory<'_>, environment: &str, service: &str) -> Option<Service> {
    let known = inventory.pipeline.environments.iter().find(|one| one.name == environment)?;
    inventory.service(known, service).ok()?
}

/// What a service pins.
fn versions(inventory: &Inventory<'_>, environment: &str, service: &str) -> VersionSet {
    service_at(inventory, environment, service).map(|found| found.versions()).unwrap_or_default()
}

/// What a service pins, each with the registry's name for it where that is another.
fn mirrors(
    inventory: &Inventory<'_>,
    environment: &str,
    service: &str,
) -> BTreeMap<Slot, (Version, Option<String>)> {
    let service = service_at(inventory, environment, service);
    let pins = service.iter().flat_map(Service::pins).map(|(file, pin)| {
        let slot = Slot { below: file.below.clone(), key: pin.key.clone() };
        (slot, (pin.version.clone(), pin.new_name.clone()))
    });
    pins.collect()
}

/// Where a version stands.
fn place_of(
    inventory: &Inventory<'_>,
    environment: &str,
    service: &str,
    slot: &Slot,
) -> Option<Place> {
    let service = service_at(inventory, environment, service)?;
    let found = service.pins().find(|(file, pin)| file.below == slot.below && pin.key == slot.key);
    found.map(|(file, pin)| file.overlay.place(pin))
}

/// Each verdict with the place of the version that it is about.
fn with_places(moved: &[&Moved], verdicts: Vec<Verdict>) -> Vec<Judged> {
    let place = |verdict: &Verdict| {
        let meant = moved.iter().find(|moved| {
            verdict.service.as_ref() == Some(&moved.service)
                && verdict.key.as_ref().is_none_or(|key| *key == moved.slot.key)
        });
        meant.and_then(|moved| moved.place.clone())
    };
    let judged = |verdict: Verdict| Judged { place: place(&verdict), verdict, file: None };
    verdicts.into_iter().map(judged).collect()
}

impl Change<'_, '_> {
    /// Order: one of the environments before must have the version now.
    fn order(&self, environment: &Environment, moved: &Moved) -> Verdict {
        if environment.from.is_empty() {
            return gate::enters_first(environment);
        }
        let Moved { service, slot, version, .. } = moved;
        let runs = |from: &&String| {
            [Some(self.tip), self.source].into_iter().flatten().any(|side| {
                let held = versions(side, from, service);
                held.iter().any(|(other, held)| other.key == slot.key && held == version)
            })
        };
        let verdict = match environment.from.iter().find(runs) {
            Some(from) => {
                Verdict::on("order", service, Outcome::Pass, format!("{version} runs in {from}"))
            }
            None => {
                let reason = format!(
                    "{} takes versions from {} only, and `{}` {version} is not there",
                    environment.name,
                    environment.from.join(" or "),
                    slot.key
                );
                Verdict::on("order", service, Outcome::Fail, reason)
            }
        };
        verdict.about(&slot.key)
    }
}
