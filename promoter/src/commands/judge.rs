//! Gathers the facts for the gates, and turns what blocks into a refusal.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::gate::{self, Holds, Verdict};
use crate::inventory::Inventory;
use crate::plan::Change;

use super::Context;

/// The verdicts on every service that changes: those that pass, and those that block.
pub(super) fn judge(
    context: &Context<'_>,
    inventory: &Inventory<'_>,
    environment: &str,
    changes: &[Change],
) -> Result<(Vec<Verdict>, Vec<Verdict>), Error> {
    let mut verdicts = Vec::new();
    let mut known: BTreeMap<&str, Holds> = BTreeMap::new();
    for change in changes {
        if !known.contains_key(change.service.as_str()) {
            known.insert(&change.service, holds(inventory, environment, &change.service)?);
        }
        let entries = known.get(change.service.as_str()).map_or(&[][..], |holds| &holds.entries);
        let version = (&change.key, &change.new);
        verdicts.push(gate::not_marked(&change.service, version, entries, context.now));
    }
    let (blocked, passed) = verdicts.into_iter().partition(Verdict::blocks);
    Ok((passed, blocked))
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
