//! Gathers the facts for the gates, and turns what blocks into a refusal.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::gate::{self, Holds, Stay, Verdict};
use crate::inventory::Inventory;
use crate::pipeline::Environment;
use crate::plan::Change;
use crate::version::{Key, Version};

use super::Context;
use super::health::health;
use super::images::{Incoming, incoming, judge_images};
use super::stay::{Wanted, stays};

/// Versions that are about to enter an environment, and the rules and history they are judged by.
pub(super) struct Entering<'e, 'r> {
    /// The newest commit of the branch that they enter.
    pub(super) inventory: &'e Inventory<'r>,
    /// Where they go.
    pub(super) to: &'e Environment,
    /// Where they come from: any of these; empty for what comes from outside.
    pub(super) from: &'e [String],
    /// Service, key and version of each.
    pub(super) versions: Vec<Wanted<'e>>,
    /// Those of them that are images, by the names under which they will be pulled.
    pub(super) images: Vec<Incoming>,
}

impl<'e, 'r> Entering<'e, 'r> {
    /// What a plan brings in.
    pub(super) fn changes(
        inventory: &'e Inventory<'r>,
        to: &'e Environment,
        from: &'e [String],
        changes: &'e [Change],
    ) -> Result<Self, Error> {
        let versions = changes.iter().map(|change| Wanted {
            service: &change.service,
            key: &change.key,
            version: &change.new,
        });
        let images = incoming(inventory, to, changes)?;
        Ok(Entering { inventory, to, from, versions: versions.collect(), images })
    }
}

/// The verdicts of every gate on versions that enter: on the whole change, then service by service.
pub(super) fn judge(
    context: &Context<'_>,
    entering: &Entering<'_, '_>,
) -> Result<Vec<Verdict>, Error> {
    if entering.versions.is_empty() {
        return Ok(Vec::new());
    }
    let mut verdicts: Vec<_> = frozen(context, entering.to).into_iter().collect();
    verdicts.extend(judge_versions(context, entering)?);
    Ok(verdicts)
}

/// The freeze windows of an environment, where it has any.
pub(super) fn frozen(context: &Context<'_>, to: &Environment) -> Option<Verdict> {
    let windows = &to.gates.freeze;
    (!windows.is_empty()).then(|| gate::thawed(&to.name, windows, context.now))
}

/// The gates on each version.
pub(super) fn judge_versions(
    context: &Context<'_>,
    entering: &Entering<'_, '_>,
) -> Result<Vec<Verdict>, Error> {
    let mut verdicts = marks(context, entering)?;
    verdicts.extend(soak(context, entering)?);
    verdicts.extend(health(context, entering)?);
    verdicts.extend(judge_images(context, entering)?);
    Ok(verdicts)
}

/// Holds and bad marks.
pub(super) fn marks(
    context: &Context<'_>,
    entering: &Entering<'_, '_>,
) -> Result<Vec<Verdict>, Error> {
    let mut known: BTreeMap<&str, Holds> = BTreeMap::new();
    let mut verdicts = Vec::new();
    for Wanted { service, key, version } in &entering.versions {
        if !known.contains_key(service) {
            known.insert(service, holds(entering.inventory, &entering.to.name, service)?);
        }
        let entries = known.get(service).map_or(&[][..], |holds| &holds.entries);
        let verdict = gate::not_marked(service, (key, version), entries, context.now);
        verdicts.push(verdict.about(key));
    }
    Ok(verdicts)
}

/// How long each has stood where it comes from; what comes from outside has stood nowhere.
fn soak(context: &Context<'_>, entering: &Entering<'_, '_>) -> Result<Vec<Verdict>, Error> {
    let (Some(soak), false) = (entering.to.gates.soak, entering.from.is_empty()) else {
        return Ok(Vec::new());
    };
    let wanted = &entering.versions;
    let mut longest = vec![Stay::Absent; wanted.len()];
    for name in entering.from {
        let from = entering.inventory.pipeline.environment(name)?;
        let found = stays(context, entering.inventory, from, wanted, soak)?;
        longest = longest.into_iter().zip(found).map(|(one, other)| one.max(other)).collect();
    }
    let from = entering.from.join(" or ");
    let verdict = |(wanted, stay): (&Wanted<'_>, Stay)| {
        let shown = shown(wanted.key, wanted.version);
        gate::soaked((wanted.service, &shown), &from, soak, stay, context.now).about(wanted.key)
    };
    Ok(wanted.iter().zip(longest).map(verdict).collect())
}

/// A version as people call it.
fn shown(key: &Key, version: &Version) -> String {
    format!("`{}` {version}", key.last_part())
}

/// The holds and marks of a service in an environment.
pub(super) fn holds(
    inventory: &Inventory<'_>,
    environment: &str,
    service: &str,
) -> Result<Holds, Error> {
    let path = Holds::path(environment, service);
    match inventory.snapshot.file(&path)? {
        Some(bytes) => Ok(Holds::parse(&path, &bytes)?),
        None => Ok(Holds::default()),
    }
}

/// Stops when a verdict blocks.
pub(super) fn refuse<'v>(verdicts: impl Iterator<Item = &'v Verdict>) -> Result<(), Error> {
    let blocking: Vec<Verdict> = verdicts.filter(|verdict| verdict.blocks()).cloned().collect();
    if blocking.is_empty() { Ok(()) } else { Err(Error::Refused(blocking)) }
}
