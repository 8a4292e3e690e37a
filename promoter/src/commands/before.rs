//! Which versions an environment ran before: going back to one is exempt from most gates.

use std::ops::ControlFlow;

use crate::error::Error;
use crate::inventory::Inventory;
use crate::pipeline::Environment;

use super::Context;
use super::moved::Moved;
use super::timeline;

/// Of each version whether `environment` has had it at or before the commit of `inventory`.
pub(super) fn ran_before(
    context: &Context<'_>,
    inventory: &Inventory<'_>,
    environment: &Environment,
    moved: &[Moved],
) -> Result<Vec<bool>, Error> {
    let mut names: Vec<String> = moved.iter().map(|moved| moved.service.clone()).collect();
    let mut ran = vec![false; moved.len()];
    if moved.is_empty() {
        return Ok(ran);
    }
    timeline::walk(context, inventory.snapshot.commit, None, &mut |events| {
        for ((moved, name), ran) in moved.iter().zip(&mut names).zip(&mut ran) {
            let own = |event: &&timeline::Event| {
                event.environment == environment.name && event.service == *name
            };
            let Some(event) = events.iter().find(own) else { continue };
            let after = event.after.as_ref();
            *ran |= after.is_some_and(|set| set.get(&moved.slot) == Some(&moved.version));
            *name = event.was.clone().unwrap_or_else(|| name.clone());
        }
        let done = ran.iter().all(|ran| *ran);
        Ok(if done { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok(ran)
}
