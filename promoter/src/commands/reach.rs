//! What a service is built from: its own folder and what its overlays refer to. So: which
//! environments a changed file reaches, and whether two commits render a service alike.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Error;
use crate::inventory::Inventory;
use crate::overlay::Overlay;
use crate::pipeline::{KUSTOMIZATION_NAMES, ServiceFolder};

/// The environments whose rendered output some of `changed` may change, each with the first such
/// file.
pub(super) fn reached(
    inventory: &Inventory<'_>,
    changed: &[String],
) -> Result<BTreeMap<String, String>, Error> {
    let mut reached = BTreeMap::new();
    for environment in &inventory.pipeline.environments {
        let sources = Sources::of(inventory, inventory.folders(environment)?.into_values())?;
        if let Some(path) = changed.iter().find(|path| sources.hold(path)) {
            reached.insert(environment.name.clone(), path.clone());
        }
    }
    Ok(reached)
}

/// Whether what a service is built from is the same, byte by byte, at two commits.
pub(super) fn built_alike(
    (one, other): (&Inventory<'_>, &Inventory<'_>),
    environment: &str,
    service: &str,
) -> Result<bool, Error> {
    let sources = sources_of(one, environment, service)?;
    if sources != sources_of(other, environment, service)? {
        return Ok(false);
    }
    for path in &sources {
        if one.snapshot.id(path)? != other.snapshot.id(path)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Folders and files that one service is built from.
fn sources_of(
    inventory: &Inventory<'_>,
    environment: &str,
    service: &str,
) -> Result<BTreeSet<String>, Error> {
    let known = inventory.pipeline.environments.iter().find(|one| one.name == environment);
    let Some(environment) = known else { return Ok(BTreeSet::new()) };
    let layout = &inventory.pipeline.layout;
    if layout.by_image() {
        return Ok(Sources::of(inventory, inventory.folders(environment)?.into_values())?.known);
    }
    let folder = layout.folder(environment, service, &mut |dir| inventory.list(dir))?;
    Ok(Sources::of(inventory, folder.into_iter())?.known)
}

/// Folders and files that overlays are built from.
struct Sources<'i, 'r> {
    inventory: &'i Inventory<'r>,
    known: BTreeSet<String>,
}

impl<'i, 'r> Sources<'i, 'r> {
    fn of(
        inventory: &'i Inventory<'r>,
        folders: impl Iterator<Item = ServiceFolder>,
    ) -> Result<Self, Error> {
        let mut sources = Sources { inventory, known: BTreeSet::new() };
        for folder in folders {
            sources.known.insert(folder.path);
            for file in folder.files {
                sources.follow(&file.path)?;
            }
        }
        sources.known.extend(inventory.pipeline.shared.iter().cloned());
        Ok(sources)
    }

    fn hold(&self, path: &str) -> bool {
        let below = |source: &String| {
            path.strip_prefix(source.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.known.iter().any(below)
    }

    /// Follows the local references of a kustomization file, each once.
    fn follow(&mut self, path: &str) -> Result<(), Error> {
        let mut open = vec![path.to_owned()];
        while let Some(path) = open.pop() {
            let Some(bytes) = self.inventory.snapshot.file(&path)? else { continue };
            // A file that cannot be read is a finding of its own; nothing follows from it here.
            let Ok(overlay) = Overlay::parse(&path, &bytes) else { continue };
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            for reference in overlay.local_references()? {
                let Some(target) = resolve(folder, &reference) else { continue };
                if self.known.insert(target.clone()) {
                    open.extend(self.kustomization_in(&target)?);
                }
            }
        }
        Ok(())
    }

    fn kustomization_in(&self, folder: &str) -> Result<Option<String>, Error> {
        let entries = self.inventory.snapshot.list(folder)?.unwrap_or_default();
        let name = KUSTOMIZATION_NAMES
            .into_iter()
            .find(|name| entries.iter().any(|entry| entry.name == *name));
        Ok(name.map(|name| format!("{folder}/{name}")))
    }
}

/// `reference` as seen from `folder`, from the root; `None` when it leaves the repository.
fn resolve(folder: &str, reference: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in reference.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn references_resolve() {
        let check = |reference: &str, found: Option<&str>| {
            assert_eq!(resolve("environments/prod/api", reference).as_deref(), found);
        };
        check("../../../kustomize/base/api", Some("kustomize/base/api"));
        check("./patch.yaml", Some("environments/prod/api/patch.yaml"));
        check("../../../..", None);
    }
}
