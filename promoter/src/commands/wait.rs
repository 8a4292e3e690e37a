//! `promoter wait ENV [SERVICE...]`: until the cluster runs what the branch says, as Argo CD tells.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use crate::argocd::{Application, Argocd, Gap};
use crate::error::{Error, Unfinished};
use crate::git::{Branch, CommitId, GitError};
use crate::inventory::Inventory;
use crate::pipeline::{Delivery, Environment};
use crate::rollout::{Step, Synced, step};
use crate::service::{Service, VersionSet};
use crate::version::{Key, Version};

use super::reach::built_alike;
use super::select::select;
use super::{Context, Warning};

/// How often Argo CD is asked.
const EVERY: Duration = Duration::from_secs(2);

/// What is Degraded for so long stays so: before, it may be what Argo CD saw of the last version.
const GRACE: Duration = Duration::from_secs(10);

/// The request.
#[derive(Clone, Debug, Default)]
pub struct Wait {
    /// ENV.
    pub environment: String,
    /// Only these services; empty: all.
    pub services: Vec<String>,
}

/// The answer.
#[derive(Debug)]
pub struct Waited {
    /// ENV.
    pub environment: String,
    /// The commit that was waited for.
    pub commit: CommitId,
    /// Every service, and its application.
    pub services: Vec<(String, String)>,
    /// How long it took.
    pub took: Duration,
    /// What the user should know.
    pub warnings: Vec<Warning>,
}

/// Waits until every service runs what the newest commit says.
pub fn wait(context: &Context<'_>, request: &Wait) -> Result<Waited, Error> {
    let begun = Instant::now();
    let argocd = argocd(context)?;
    let branch = context.branch()?;
    let here = context.inventory(context.repo.tip(&branch)?)?;
    let delivery = here.pipeline.environment(&request.environment)?.deliver;
    let inventory = landed(context, delivery, &branch, &request.environment)?;
    let environment = inventory.pipeline.environment(&request.environment)?;
    let services = select(&inventory, environment, &request.services, &[])?;
    let waited = rolled_out(context, &argocd, (&branch, &inventory, environment), &services)?;
    Ok(Waited { took: begun.elapsed(), ..waited })
}

/// Who tells what runs.
pub(super) fn argocd(context: &Context<'_>) -> Result<Argocd, Error> {
    let access = context.argocd.as_ref().ok_or(Error::NoArgocd)?;
    Argocd::new(access).map_err(|gap| Error::Argocd(gap.to_string()))
}

/// The commit that Argo CD shall reach, as changes of the environment are delivered: the remote's
/// newest, once it has what is under review; else the local one, unless the remote is ahead of it.
pub(super) fn landed<'r>(
    context: &Context<'r>,
    delivery: Option<Delivery>,
    branch: &Branch,
    environment: &str,
) -> Result<Inventory<'r>, Error> {
    match delivery {
        Some(Delivery::PullRequest) => merged(context, branch, environment),
        Some(Delivery::Push | Delivery::Api) => context.newest(Delivery::Push, branch),
        Some(Delivery::Commit) => context.inventory(context.repo.tip(branch)?),
        None => {
            let tip = context.repo.tip(branch)?;
            let newest = match context.repo.upstream(branch) {
                Ok(upstream) => context.repo.fetch(&upstream, &context.deadline)?,
                Err(_) => tip,
            };
            let ahead = context.repo.contains(newest, tip)?;
            context.inventory(if ahead { newest } else { tip })
        }
    }
}

/// The remote's newest commit, once it has what is under review for the environment.
fn merged<'r>(
    context: &Context<'r>,
    branch: &Branch,
    environment: &str,
) -> Result<Inventory<'r>, Error> {
    let mut waited_for = None;
    loop {
        let (base, under_review) = match (context.under_review(branch, environment), waited_for) {
            (Err(Error::Git(GitError::Deadline(_))), Some(review)) => {
                return Err(Error::Unmerged(review));
            }
            (read, _) => read?,
        };
        let Some(review) = under_review else { return context.inventory(base) };
        (context.progress)(&format!("{review} is not merged yet"));
        thread::sleep(EVERY.min(context.deadline.left().unwrap_or_default()));
        waited_for = Some(review);
    }
}

/// Waits until the services run what they are at one commit.
pub(super) fn rolled_out(
    context: &Context<'_>,
    argocd: &Argocd,
    (branch, inventory, environment): (&Branch, &Inventory<'_>, &Environment),
    services: &BTreeMap<String, Service>,
) -> Result<Waited, Error> {
    let begun = Instant::now();
    let mut awaited = Vec::new();
    for service in services.values() {
        awaited.push(Awaited::new(inventory, environment, service)?);
    }
    let waited = awaited.iter().map(|one| (one.service.clone(), one.application.clone())).collect();
    let places = Places { context, branch, inventory, environment: &environment.name };
    watch(&places, argocd, awaited)?;
    Ok(Waited {
        environment: environment.name.clone(),
        commit: inventory.snapshot.commit,
        services: waited,
        took: begun.elapsed(),
        warnings: context.configuration_warnings(inventory),
    })
}

/// A service that shall run its versions.
struct Awaited {
    service: String,
    application: String,
    /// By the names under which the environment pulls them.
    images: Vec<(String, Version)>,
    /// Why it is waited for still.
    reason: String,
    /// Whether Argo CD itself said so.
    told: bool,
    /// Since when it is degraded.
    degraded: Option<Instant>,
}

impl Awaited {
    fn new(
        inventory: &Inventory<'_>,
        environment: &Environment,
        service: &Service,
    ) -> Result<Self, Error> {
        let application = inventory.pipeline.application(&environment.name, &service.name);
        let images = service.pins().filter_map(|(_, pin)| match &pin.key {
            Key::Image(name) => {
                Some((pin.new_name.clone().unwrap_or_else(|| name.clone()), pin.version.clone()))
            }
            Key::Remote(_) => None,
        });
        Ok(Awaited {
            service: service.name.clone(),
            application: application.ok_or(Error::NoApplication)?,
            images: images.collect(),
            reason: "Argo CD was not asked yet".into(),
            told: false,
            degraded: None,
        })
    }

    /// Takes one look; `true` when it is done.
    fn look(&mut self, step: Step, commit: CommitId) -> Result<bool, Error> {
        let since = self.degraded.take();
        match step {
            Step::Done => return Ok(true),
            Step::Waiting(reason) => self.reason = reason,
            Step::Failed(reason) => {
                self.reason = reason;
                return Err(Error::Degraded(self.unfinished()));
            }
            Step::Superseded(by) => {
                let (commit, service) = (commit.short(), self.service.clone());
                return Err(Error::Superseded { commit, by, service });
            }
            Step::Degraded(reason) => {
                self.reason = reason;
                let since = since.unwrap_or_else(Instant::now);
                if since.elapsed() >= GRACE {
                    return Err(Error::Degraded(self.unfinished()));
                }
                self.degraded = Some(since);
            }
        }
        Ok(false)
    }
}

/// Asks again and again until all are done, one has failed, or the time is up.
fn watch(places: &Places<'_, '_>, argocd: &Argocd, mut awaited: Vec<Awaited>) -> Result<(), Error> {
    let context = places.context;
    let all = awaited.len();
    loop {
        let mut left = Vec::new();
        for mut one in awaited {
            let said = argocd.application(&one.application);
            one.told = said.is_ok();
            let step = places.step(said, &one)?;
            if !one.look(step, places.inventory.snapshot.commit)? {
                left.push(one);
            }
        }
        let Some(first) = left.first() else { return Ok(()) };
        let done = all - left.len();
        (context.progress)(&format!("{done} of {all}: {}: {}", first.service, first.reason));
        match context.deadline.left() {
            Ok(time) => thread::sleep(EVERY.min(time)),
            Err(_) => return Err(Error::TimedOut(left.iter().map(Awaited::unfinished).collect())),
        }
        awaited = left;
    }
}

impl Awaited {
    fn unfinished(&self) -> Unfinished {
        Unfinished {
            service: self.service.clone(),
            application: self.application.clone(),
            reason: self.reason.clone(),
            told: self.told,
        }
    }
}

/// Where commits that Argo CD names lie, seen from the one that is waited for.
struct Places<'p, 'r> {
    context: &'p Context<'r>,
    branch: &'p Branch,
    inventory: &'p Inventory<'r>,
    environment: &'p str,
}

impl Places<'_, '_> {
    fn step(&self, said: Result<Application, Gap>, awaited: &Awaited) -> Result<Step, Error> {
        let application = match said {
            Ok(application) => application,
            // It may not be there yet, or Argo CD itself may be on its way up.
            Err(gap) => return Ok(Step::Waiting(gap.to_string())),
        };
        let synced = self.of(&awaited.service, &application.synced)?;
        let newest = application.operation.as_ref().map_or(&[][..], |newest| &newest.revisions);
        let operation = if newest == application.synced {
            synced.clone()
        } else {
            self.of(&awaited.service, newest)?
        };
        Ok(step(&application, (&synced, &operation), &awaited.images))
    }

    /// Of several sources the one that this repository knows counts.
    fn of(&self, service: &str, revisions: &[String]) -> Result<Synced, Error> {
        let mut before = "no commit".to_owned();
        for revision in revisions {
            match self.place(service, revision)? {
                Synced::Before(place) => before = place,
                other => return Ok(other),
            }
        }
        Ok(Synced::Before(before))
    }

    fn place(&self, service: &str, revision: &str) -> Result<Synced, Error> {
        let commit = self.inventory.snapshot.commit;
        let Some(at) = self.known(revision) else {
            return Ok(Synced::Before(short(revision)));
        };
        let there = self.context.inventory_like(at, &self.inventory.pipeline)?;
        if self.context.repo.contains(at, commit)? {
            let same = self.versions(service, &there)? == self.versions(service, self.inventory)?;
            return Ok(if same { Synced::Here } else { Synced::Past(at.short()) });
        }
        // Argo CD does not look again at an application that no push since has touched.
        let alike = built_alike((&there, self.inventory), self.environment, service)?;
        Ok(if alike { Synced::Here } else { Synced::Before(at.short()) })
    }

    /// The commit, fetched if it is not here yet.
    fn known(&self, revision: &str) -> Option<CommitId> {
        let is_id = revision.len() >= 40 && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_id {
            return None;
        }
        if let Ok(commit) = self.context.repo.revision(revision) {
            return Some(commit);
        }
        if let Ok(upstream) = self.context.repo.upstream(self.branch) {
            // A remote that is away is asked again with the next look.
            let _ = self.context.repo.fetch(&upstream, &self.context.deadline);
            if self.context.repo.is_shallow() && self.context.repo.revision(revision).is_err() {
                let _ = self.context.repo.fetch_commit(&upstream, revision, &self.context.deadline);
            }
        }
        self.context.repo.revision(revision).ok()
    }

    fn versions(&self, service: &str, inventory: &Inventory<'_>) -> Result<VersionSet, Error> {
        let environments = &inventory.pipeline.environments;
        let known = environments.iter().find(|one| one.name == self.environment);
        let Some(environment) = known else { return Ok(VersionSet::new()) };
        let service = inventory.service(environment, service)?;
        Ok(service.as_ref().map(Service::versions).unwrap_or_default())
    }
}

fn short(revision: &str) -> String {
    revision.chars().take(12).collect()
}
