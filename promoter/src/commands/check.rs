//! `promoter check [--base REV]`: lints the repository, and judges a person's change as a
//! promotion would be judged.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Error;
use crate::gate::{self, Holds, Outcome, Verdict};
use crate::git::{Branch, CommitId};
use crate::inventory::Inventory;
use crate::pipeline::Environment;
use crate::place::Place;
use crate::service::{Service, Slot, VersionSet};
use crate::version::Version;

use super::judge::holds;
use super::reach::reached;
use super::read::CONFIGURATION;
use super::timeline::sets_of;
use super::{Context, Warning};

/// The request.
#[derive(Clone, Debug, Default)]
pub struct Check {
    /// The commit that the change is to be merged into; else the upstream of the branch.
    pub base: Option<String>,
    /// Codes of findings that do not count this time.
    pub allow: Vec<String>,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Exit code 3.
    Error,
    /// Worth knowing.
    Notice,
}

/// One thing found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// A word that stays.
    pub code: &'static str,
    /// How much it matters.
    pub level: Level,
    /// The file.
    pub file: Option<String>,
    /// The place in it.
    pub place: Option<Place>,
    /// What it is.
    pub message: String,
}

/// The answer.
#[derive(Debug)]
pub struct Checked {
    /// The commit that was checked.
    pub head: CommitId,
    /// The commit it was compared with.
    pub base: Option<CommitId>,
    /// What was found, errors first.
    pub findings: Vec<Finding>,
    /// The environments that the change reaches, each with a file through which.
    pub reached: BTreeMap<String, String>,
    /// What the user should know.
    pub warnings: Vec<Warning>,
}

impl Checked {
    /// Whether something was found that counts.
    #[must_use]
    pub fn refuses(&self) -> bool {
        self.findings.iter().any(|finding| finding.level == Level::Error)
    }
}

/// Checks the newest commit of the branch.
pub fn check(context: &Context<'_>, request: &Check) -> Result<Checked, Error> {
    if context.config.is_some() {
        return Err(Error::Usage(
            "`check` judges what is committed, so it takes no --config".into(),
        ));
    }
    let branch = context.branch()?;
    let head = context.repo.tip(&branch)?;
    let base = base(context, &branch, request)?;
    let mut findings = Vec::new();
    let mut warnings = Vec::new();
    let mut reach = BTreeMap::new();
    match context.inventory(head) {
        Ok(inventory) => {
            warnings = context.warnings(&branch, &inventory);
            findings.extend(lint(&inventory)?);
            if let Some(base) = base {
                reach = judge(context, &inventory, base, &mut findings)?;
            }
        }
        Err(error @ (Error::Pipeline(_) | Error::NoConfiguration { .. })) => {
            findings.push(Finding::of("configuration", &error));
        }
        Err(error) => return Err(error),
    }
    for finding in
        findings.iter_mut().filter(|finding| request.allow.iter().any(|code| code == finding.code))
    {
        finding.level = Level::Notice;
    }
    findings.sort_by_key(|finding| finding.level);
    Ok(Checked { head, base, findings, reached: reach, warnings })
}

impl Finding {
    fn of(code: &'static str, error: &Error) -> Self {
        let place = error.place().cloned();
        Finding {
            code,
            level: Level::Error,
            file: place.as_ref().map(|place| place.file.clone()),
            message: error.to_string(),
            place,
        }
    }

    fn in_file(code: &'static str, level: Level, file: &str, message: String) -> Self {
        Finding { code, level, file: Some(file.to_owned()), place: None, message }
    }
}

fn base(
    context: &Context<'_>,
    branch: &Branch,
    request: &Check,
) -> Result<Option<CommitId>, Error> {
    match &request.base {
        Some(revision) => Ok(Some(context.repo.revision(revision)?)),
        None => Ok(context.repo.tracked(branch)),
    }
}

// ---- the repository as it is

/// By environment, its services.
type Present<'e> = BTreeMap<&'e str, BTreeMap<String, Service>>;

/// Environment and service, where the files cannot be read.
type Broken<'e> = BTreeSet<(&'e str, String)>;

fn lint(inventory: &Inventory<'_>) -> Result<Vec<Finding>, Error> {
    let mut findings = Vec::new();
    let mut present = Present::new();
    let mut broken = Broken::new();
    for environment in &inventory.pipeline.environments {
        let (services, unreadable) = inventory.services(environment)?;
        if services.is_empty() && unreadable.is_empty() {
            let message = format!("the layout finds no service in {}", environment.name);
            findings.push(Finding::in_file(
                "empty-environment",
                Level::Error,
                CONFIGURATION,
                message,
            ));
        }
        findings.extend(unreadable.iter().map(|one| Finding::of("unreadable", &one.error)));
        broken.extend(unreadable.into_iter().map(|one| (environment.name.as_str(), one.service)));
        present.insert(&environment.name, services);
    }
    for environment in &inventory.pipeline.environments {
        findings.extend(lonely(inventory, environment, (&present, &broken)));
    }
    findings.extend(lint_holds(inventory)?);
    match inventory.pipeline.layout.verify(&mut |dir| inventory.list(dir)) {
        Ok(()) => {}
        Err(error @ Error::Pipeline(_)) => findings.push(Finding::of("configuration", &error)),
        Err(error) => return Err(error),
    }
    Ok(findings)
}

/// Services that no environment before has: nothing can ever be promoted to them.
fn lonely(
    inventory: &Inventory<'_>,
    environment: &Environment,
    (present, broken): (&Present<'_>, &Broken<'_>),
) -> Vec<Finding> {
    let services = present.get(environment.name.as_str());
    let names = services.into_iter().flat_map(BTreeMap::keys);
    let known = |name: &str| {
        environment.from.iter().any(|from| {
            present.get(from.as_str()).is_some_and(|services| services.contains_key(name))
                || broken.contains(&(from.as_str(), name.to_owned()))
        })
    };
    let lonely = names.filter(|name| {
        !environment.from.is_empty() && !known(name) && inventory.runs_in(environment, name)
    });
    lonely
        .map(|name| {
            let from = environment.from.join(" or ");
            let message = format!(
                "{name} is in {} and not in {from}: nothing can be promoted to it",
                environment.name
            );
            let file = services
                .and_then(|all| all.get(name))
                .map(|service| service.folder.clone())
                .unwrap_or_default();
            Finding::in_file("only-here", Level::Notice, &file, message)
        })
        .collect()
}

fn lint_holds(inventory: &Inventory<'_>) -> Result<Vec<Finding>, Error> {
    let mut findings = Vec::new();
    for (path, _) in inventory.snapshot.files_below(".promoter/holds")? {
        let rest = path.trim_start_matches(".promoter/holds/");
        let named = rest.strip_suffix(".yaml").and_then(|rest| rest.split_once('/'));
        let known = named.and_then(|(name, service)| {
            Some((inventory.pipeline.environment(name).ok()?, service))
        });
        match known {
            Some((environment, service))
                if inventory.service(environment, service).ok().flatten().is_some() => {}
            _ => {
                let message = format!("{path}: is for no service that is there");
                findings.push(Finding::in_file("orphan-hold", Level::Notice, &path, message));
            }
        }
        let bytes = inventory.snapshot.file(&path)?.unwrap_or_default();
        if let Err(error) = Holds::parse(&path, &bytes) {
            findings.push(Finding::of("invalid-hold", &error.into()));
        }
    }
    Ok(findings)
}

// ---- the change

/// Judges merge-base..head by the rules, holds and versions of the base tip.
fn judge(
    context: &Context<'_>,
    head: &Inventory<'_>,
    base: CommitId,
    findings: &mut Vec<Finding>,
) -> Result<BTreeMap<String, String>, Error> {
    let parted = context.repo.merge_base(base, head.snapshot.commit)?;
    let changed = context.repo.changed(parted, head.snapshot.commit, &[String::new()])?;
    let paths: Vec<String> = changed.into_iter().map(|file| file.path).collect();
    findings.extend(paths.iter().filter_map(|path| rules_changed(path)));
    let (tip, old) = match (context.inventory(base), context.inventory(parted)) {
        (Ok(tip), Ok(old)) => (tip, old),
        // The day promoter comes: there are no rules yet to judge by.
        (Err(Error::NoConfiguration { .. }), _) | (_, Err(Error::NoConfiguration { .. })) => {
            return reached(head, &paths);
        }
        (Err(error), _) | (_, Err(error)) => return Err(error),
    };
    for environment in &tip.pipeline.environments {
        for service in touched(&[&old, head], environment, &paths)? {
            let before = versions(&old, &environment.name, &service);
            let after = versions(head, &environment.name, &service);
            for (slot, version) in
                after.iter().filter(|(slot, version)| before.get(slot) != Some(version))
            {
                let verdicts = verdicts(context, &tip, environment, &service, slot, version)?;
                let file = file_of(head, &environment.name, &service, slot);
                findings.extend(verdicts.into_iter().filter(Verdict::blocks).map(|verdict| {
                    Finding {
                        code: verdict.gate,
                        level: Level::Error,
                        place: None,
                        message: format!("{service} in {}: {}", environment.name, verdict.reason),
                        file: file.clone(),
                    }
                }));
            }
        }
    }
    reached(head, &paths)
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

/// The services of an environment that own one of the changed files.
fn touched(
    sides: &[&Inventory<'_>],
    environment: &Environment,
    paths: &[String],
) -> Result<BTreeSet<String>, Error> {
    let mut services = BTreeSet::new();
    for inventory in sides {
        for path in paths {
            let owner = inventory.pipeline.layout.owner(path, &mut |dir| inventory.list(dir))?;
            match owner.filter(|owner| owner.environment == environment.name) {
                Some(_) if inventory.pipeline.layout.by_image() => {
                    services.extend(inventory.services(environment)?.0.into_keys());
                }
                Some(owner) => drop(services.insert(owner.service)),
                None => {}
            }
        }
    }
    Ok(services)
}

/// What a service pins; a file that cannot be read is a finding already.
fn versions(inventory: &Inventory<'_>, environment: &str, service: &str) -> VersionSet {
    let known = inventory.pipeline.environments.iter().find(|known| known.name == environment);
    let service = known.and_then(|known| inventory.service(known, service).ok().flatten());
    service.map(|service| service.versions()).unwrap_or_default()
}

fn file_of(
    inventory: &Inventory<'_>,
    environment: &str,
    service: &str,
    slot: &Slot,
) -> Option<String> {
    let known = inventory.pipeline.environments.iter().find(|known| known.name == environment)?;
    let service = inventory.service(known, service).ok().flatten()?;
    service
        .files
        .iter()
        .find(|file| file.below == slot.below)
        .map(|file| file.overlay.path().to_owned())
}

/// The same judgement that `promote` and `bump` make, by the base tip.
fn verdicts(
    context: &Context<'_>,
    tip: &Inventory<'_>,
    environment: &Environment,
    service: &str,
    slot: &Slot,
    version: &Version,
) -> Result<Vec<Verdict>, Error> {
    let marks = holds(tip, &environment.name, service)?;
    let mut verdicts =
        vec![gate::not_marked(service, (&slot.key, version), &marks.entries, context.now)];
    let back = sets_of(context, tip, &environment.name, service)?;
    if back.iter().any(|(_, set)| set.get(slot) == Some(version)) {
        return Ok(verdicts);
    }
    verdicts.extend(gate::unsupported(&tip.pipeline, environment));
    verdicts.push(order(tip, environment, service, slot, version));
    Ok(verdicts)
}

fn order(
    tip: &Inventory<'_>,
    environment: &Environment,
    service: &str,
    slot: &Slot,
    version: &Version,
) -> Verdict {
    if environment.from.is_empty() {
        return gate::enters_first(environment);
    }
    let runs = |from: &&String| {
        versions(tip, from, service)
            .iter()
            .any(|(other, held)| other.key == slot.key && held == version)
    };
    let from = environment.from.join(" or ");
    match environment.from.iter().find(runs) {
        Some(from) => {
            Verdict::on("order", service, Outcome::Pass, format!("{version} runs in {from}"))
        }
        None => {
            let reason = format!(
                "{} takes versions from {from} only, and `{}` {version} is not there",
                environment.name, slot.key
            );
            Verdict::on("order", service, Outcome::Fail, reason)
        }
    }
}
