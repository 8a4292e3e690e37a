//! One pattern, filled in for every environment: service names to folders and back.

use super::Environment;
use super::error::PipelineError;
use super::layout::Owner;
use super::path::{below, join, segments};
use super::pattern::Pattern;
use super::tree::{Entry, Tree};

/// One pattern, filled in for every environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pattern: Pattern,
    slots: Vec<Slot>,
}

/// The folders of one environment by one pattern: `before/SERVICE/after`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) environment: String,
    pub(super) before: String,
    pub(super) after: String,
}

impl Rule {
    pub(super) fn new(pattern: Pattern, environments: &[Environment]) -> Self {
        let slots = environments.iter().map(|environment| {
            let (before, after) = pattern.around_service(&environment.folder);
            Slot { environment: environment.name.clone(), before, after }
        });
        Rule { slots: slots.collect(), pattern }
    }

    pub(super) fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    pub(super) fn slots(&self) -> &[Slot] {
        &self.slots
    }

    fn slot(&self, environment: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.environment == environment)
    }

    /// Where the folder of a service would be.
    pub(super) fn path(&self, environment: &str, service: &str) -> Option<String> {
        let slot = self.slot(environment)?;
        let fits = service.is_empty() != self.pattern.names_services();
        fits.then(|| join(&[&slot.before, service, &slot.after]))
    }

    /// Candidates for services of one environment, with their folders, in order of their names.
    pub(super) fn services<E: From<PipelineError>>(
        &self,
        environment: &str,
        tree: &mut Tree<'_, E>,
    ) -> Result<Vec<(String, String)>, E> {
        let Some(slot) = self.slot(environment) else { return Ok(Vec::new()) };
        if !self.pattern.names_services() {
            return Ok(vec![(String::new(), slot.before.clone())]);
        }
        let mut found = Vec::new();
        let mut open = tree.folders_in(&slot.before, "")?;
        while let Some(service) = open.pop() {
            let folder = join(&[&slot.before, &service]);
            if slot.after.is_empty() {
                if self.holds_in_any(slot, &service, tree)? {
                    found.push((service, folder));
                    continue;
                }
            } else if let Some(target) = tree.descend(&folder, &slot.after)? {
                found.push((service.clone(), target));
            }
            let deeper = tree.folders_in(&folder, &service)?;
            open.extend(deeper.into_iter().filter(|service| !self.is_end(slot, service)));
        }
        Ok(found)
    }

    /// Whether the folder of `service` holds a kustomization file in any environment, `slot`'s
    /// own looked at first. Only for patterns that end in `{service}`.
    fn holds_in_any<E: From<PipelineError>>(
        &self,
        slot: &Slot,
        service: &str,
        tree: &mut Tree<'_, E>,
    ) -> Result<bool, E> {
        let others = self.slots.iter().filter(|other| *other != slot);
        for slot in std::iter::once(slot).chain(others) {
            let entries = tree.list(&join(&[&slot.before, service]))?;
            if entries.is_some_and(|entries| entries.iter().any(Entry::is_kustomization)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether `service` ends like the folder of an environment: then what lies there belongs to
    /// a shorter service name.
    fn is_end(&self, slot: &Slot, service: &str) -> bool {
        let same_root = self.slots.iter().filter(|other| other.before == slot.before);
        same_root.into_iter().any(|other| {
            let shorter = service.strip_suffix(other.after.as_str());
            !other.after.is_empty()
                && shorter.is_some_and(|head| head.len() > 1 && head.ends_with('/'))
        })
    }

    /// What a folder belongs to, by this pattern.
    pub(super) fn owner<E: From<PipelineError>>(
        &self,
        folder: &str,
        tree: &mut Tree<'_, E>,
    ) -> Result<Option<Owner>, E> {
        for slot in &self.slots {
            let Some(rest) = below(folder, &slot.before) else { continue };
            if !self.pattern.names_services() {
                return Ok(Some(slot.owner("", rest)));
            }
            if !slot.after.is_empty() {
                continue;
            }
            for (service, below) in splits(rest) {
                if self.holds_in_any(slot, service, tree)? {
                    return Ok(Some(slot.owner(service, below)));
                }
            }
        }
        Ok(self.owner_by_end(folder))
    }

    /// For patterns that go on after `{service}`: the shortest service name that fits.
    fn owner_by_end(&self, folder: &str) -> Option<Owner> {
        let fitting = self.slots.iter().filter(|slot| !slot.after.is_empty()).filter_map(|slot| {
            let rest = below(folder, &slot.before)?;
            let mut fits = splits(rest)
                .filter_map(|(service, tail)| Some((service, below(tail, &slot.after)?)));
            let (service, below) = fits.next()?;
            Some((service.len(), slot.owner(service, below)))
        });
        fitting.min_by_key(|(length, _)| *length).map(|(_, owner)| owner)
    }

    /// For a kustomization file that is gone: it was its own folder's, by a pattern that ends
    /// in `{service}`.
    pub(super) fn own_service(&self, folder: &str) -> Option<Owner> {
        let ends_in_service = self.pattern.names_services();
        let slots = self.slots.iter().filter(|slot| ends_in_service && slot.after.is_empty());
        slots.into_iter().find_map(|slot| {
            let service = below(folder, &slot.before).filter(|rest| !rest.is_empty())?;
            Some(slot.owner(service, ""))
        })
    }
}

impl Slot {
    fn owner(&self, service: &str, below: &str) -> Owner {
        Owner {
            environment: self.environment.clone(),
            service: service.to_owned(),
            below: below.to_owned(),
        }
    }
}

/// Every way to cut a path into a service of at least one folder and the rest, shortest first.
fn splits(path: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut end = 0;
    segments(path).map(move |segment| {
        end += segment.len() + usize::from(end > 0);
        let (service, rest) = path.split_at_checked(end).unwrap_or((path, ""));
        (service, rest.trim_start_matches('/'))
    })
}
