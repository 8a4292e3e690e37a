//! The repository as it is: what nobody could promote, read or mean.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Error;
use crate::gate::Holds;
use crate::inventory::Inventory;
use crate::pipeline::Environment;
use crate::service::Service;

use super::finding::{Finding, Level};
use super::read::CONFIGURATION;

/// By environment, its services.
type Present<'e> = BTreeMap<&'e str, BTreeMap<String, Service>>;

/// Environment and service, where the files cannot be read.
type Broken<'e> = BTreeSet<(&'e str, String)>;

pub(super) fn lint(inventory: &Inventory<'_>) -> Result<Vec<Finding>, Error> {
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

/// Services that no environment before has, and that promoter.yaml does not keep from there:
/// nothing can ever be promoted to them.
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
    let pipeline = &inventory.pipeline;
    let expected =
        |name: &str| environment.from.iter().any(|from| pipeline.is_meant_for(name, from));
    let lonely =
        names.filter(|name| expected(name) && !known(name) && inventory.runs_in(environment, name));
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
