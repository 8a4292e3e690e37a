//! What follows a promotion where it is asked for: the wait until the target runs it, and the way
//! back when it does not.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::error::{Error, Unfinished};
use crate::git::{Branch, Deadline};
use crate::inventory::Inventory;
use crate::pipeline::Delivery;
use crate::plan::Change;
use crate::service::Service;

use super::Context;
use super::promote::{Observed, Promote, Promoted, prospect};
use super::rollback::{Back, Mark, Rollback, RolledBack, roll_back};
use super::wait::{Waited, argocd, landed, rolled_out};

/// What shall follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// Wait until the target runs it.
    Wait,
    /// And go back when it does not.
    WaitElseReturn,
}

/// What followed.
#[derive(Debug)]
pub struct Followed {
    /// How the wait ended.
    pub waited: Result<Waited, Error>,
    /// What was done about it.
    pub back: WayBack,
}

/// The way back.
#[derive(Debug)]
pub enum WayBack {
    /// There was no need, or nobody asked.
    NotTaken,
    /// It was asked for, and not taken: why.
    Spared(&'static str),
    /// It was taken.
    Taken(Box<RolledBack>),
    /// It could not be taken.
    Failed(Error),
}

/// The time that going back has, whatever the wait took.
const RETURN: Duration = Duration::from_mins(2);

/// Refuses before anything is written what could not be waited for afterwards.
pub(super) fn can_follow(
    context: &Context<'_>,
    inventory: &Inventory<'_>,
    request: &Promote,
) -> Result<(), Error> {
    let pipeline = &inventory.pipeline;
    pipeline.application(&request.to, "service").ok_or(Error::NoApplication)?;
    argocd(context).map(drop)
}

/// Waits for what was promoted, and goes back where that is asked for and right.
pub(super) fn follow(
    context: &Context<'_>,
    (request, follow): (&Promote, Follow),
    (branch, delivery): (&Branch, Delivery),
    (source, done): (&Observed, &Promoted),
) -> Followed {
    let waited = arrive(context, request, (branch, delivery), (source, done));
    let back = match (&waited, follow) {
        (Err(error), Follow::WaitElseReturn) => match failing(error) {
            _ if done.changes.is_empty() => WayBack::Spared("this run promoted nothing"),
            Err(reason) => WayBack::Spared(reason),
            Ok(services) => go_back(context, request, done, (services, error)),
        },
        _ => WayBack::NotTaken,
    };
    Followed { waited, back }
}

/// Waits until the branch has it and the target runs it.
fn arrive(
    context: &Context<'_>,
    request: &Promote,
    (branch, delivery): (&Branch, Delivery),
    (source, done): (&Observed, &Promoted),
) -> Result<Waited, Error> {
    let inventory = landed(context, Some(delivery), branch, &request.to)?;
    let to = inventory.pipeline.environment(&request.to)?;
    let (plan, targets) = prospect(&inventory, to, request, source)?;
    let services = promoted(targets, done);
    let missing = plan.changes.into_iter().filter(|one| services.contains_key(&one.service));
    let missing: Vec<Change> = missing.collect();
    if !missing.is_empty() {
        return Err(Error::NotThere { environment: request.to.clone(), missing });
    }
    rolled_out(context, &argocd(context)?, (branch, &inventory, to), &services)
}

/// The services that moved; where none had to, all that were asked for.
fn promoted(mut targets: BTreeMap<String, Service>, done: &Promoted) -> BTreeMap<String, Service> {
    let left_out =
        |name: &String| done.left_out.iter().any(|one| one.service.as_ref() == Some(name));
    let moved = |name: &String| done.changes.iter().any(|change| change.service == *name);
    targets.retain(|name, _| if done.changes.is_empty() { !left_out(name) } else { moved(name) });
    targets
}

/// The services that do not run as they should; or why it cannot be said that any fails.
fn failing(error: &Error) -> Result<Vec<String>, &'static str> {
    let told = |one: &&Unfinished| one.told;
    match error {
        Error::Degraded(one) => Ok(vec![one.service.clone()]),
        Error::TimedOut(all) => {
            let told: Vec<String> =
                all.iter().filter(told).map(|one| one.service.clone()).collect();
            if told.is_empty() { Err("Argo CD does not answer, so nobody knows") } else { Ok(told) }
        }
        Error::Unmerged(_) => Err("it is not merged"),
        Error::Superseded { .. } | Error::NotThere { .. } => Err("someone else moved it on"),
        _ => Err("it is not known whether it runs"),
    }
}

/// Everything that came together goes back together; only what failed is marked bad.
fn go_back(
    context: &Context<'_>,
    request: &Promote,
    done: &Promoted,
    (failing, error): (Vec<String>, &Error),
) -> WayBack {
    let mut services: Vec<String> =
        done.changes.iter().map(|change| change.service.clone()).collect();
    services.dedup();
    let words = error.to_string();
    let rollback = Rollback {
        environment: request.to.clone(),
        services,
        to: Back::Previous,
        mark: Mark::Of(failing),
        reason: Some(format!("its promotion did not become healthy: {words}")),
        leaving: done.changes.clone(),
        deliver: request.deliver,
    };
    let context = Context { deadline: Deadline::after(RETURN), ..context.clone() };
    match roll_back(&context, &rollback) {
        Ok(done) => WayBack::Taken(Box::new(done)),
        Err(error) => WayBack::Failed(error),
    }
}
