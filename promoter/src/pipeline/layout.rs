//! Where services are: layout patterns on one side, paths of the repository on the other.
//!
//! Nothing here reads: trees come in through a function, and every folder is listed at most once
//! for each question.

use std::collections::BTreeMap;

use super::Environment;
use super::error::PipelineError;
use super::path::{below, join, segments};
use super::pattern::Pattern;
use super::rule::{Rule, Slot};
use super::tree::{Entry, List, Tree};

/// The file names that Kustomize looks for in a folder.
pub const KUSTOMIZATION_NAMES: [&str; 3] =
    ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The patterns of a pipeline, for the folders of its environments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    rules: Vec<Rule>,
}

/// The folder of one service in one environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceFolder {
    /// Path of the folder from the root of the repository.
    pub path: String,
    /// The kustomization files in and below it, the folder's own first, then by path.
    pub files: Vec<KustomizationFile>,
}

/// One kustomization file of a service.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KustomizationFile {
    /// Folder of the file below the folder of the service; empty for that folder itself.
    pub below: String,
    /// Path of the file from the root of the repository.
    pub path: String,
}

/// What a path of the repository belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Name of the environment.
    pub environment: String,
    /// Name of the service; empty where the layout has no `{service}`.
    pub service: String,
    /// Folder of the path below the folder of the service.
    pub below: String,
}

impl Layout {
    pub(super) fn new(patterns: Vec<Pattern>, environments: &[Environment]) -> Self {
        let rules = patterns.into_iter().map(|pattern| Rule::new(pattern, environments));
        Layout { rules: rules.collect() }
    }

    /// The patterns, in the order in which they are tried.
    pub fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.rules.iter().map(Rule::pattern)
    }

    /// Whether each environment is one folder whose images are the services.
    ///
    /// [`Layout::folders`] then gives one folder with an empty service name.
    #[must_use]
    pub fn by_image(&self) -> bool {
        self.rules.iter().all(|rule| !rule.pattern().names_services())
    }

    /// Every service folder of one environment that holds a kustomization file.
    ///
    /// `list` gives the entries of a folder (`""` is the root), `None` where there is no such
    /// folder; its errors are passed on. Two kustomization files in one folder are
    /// [`PipelineError::TwoKustomizations`].
    pub fn folders<E: From<PipelineError>>(
        &self,
        env: &Environment,
        list: &mut List<'_, E>,
    ) -> Result<BTreeMap<String, ServiceFolder>, E> {
        let mut tree = Tree::new(list);
        let mut found = BTreeMap::new();
        for (number, rule) in self.rules.iter().enumerate() {
            for (service, path) in rule.services(&env.name, &mut tree)? {
                if found.contains_key(&service) {
                    continue;
                }
                if let Some(folder) = self.collect(number, path, &mut tree)? {
                    found.insert(service, folder);
                }
            }
        }
        Ok(found)
    }

    /// The folder of one service in one environment, found by direct look-ups.
    pub fn folder<E: From<PipelineError>>(
        &self,
        env: &Environment,
        service: &str,
        list: &mut List<'_, E>,
    ) -> Result<Option<ServiceFolder>, E> {
        self.find(self.rules.len(), &env.name, service, &mut Tree::new(list))
    }

    /// What a path (of any file, also of one that is no longer there) belongs to.
    pub fn owner<E: From<PipelineError>>(
        &self,
        path: &str,
        list: &mut List<'_, E>,
    ) -> Result<Option<Owner>, E> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let mut tree = Tree::new(list);
        for (number, rule) in self.rules.iter().enumerate() {
            if let Some(owner) = rule.owner(folder, &mut tree)? {
                let Owner { environment, service, .. } = &owner;
                let taken = self.find(number, environment, service, &mut tree)?;
                return Ok(taken.is_none().then_some(owner));
            }
        }
        let is_kustomization = KUSTOMIZATION_NAMES.contains(&name);
        let mut rules = self.rules.iter().filter(|_| is_kustomization);
        Ok(rules.find_map(|rule| rule.own_service(folder)))
    }

    /// Refuses a pattern that matches nothing in any environment, with its place.
    ///
    /// Looks until each pattern has matched once; for a lint, not for every command.
    pub fn verify<E: From<PipelineError>>(&self, list: &mut List<'_, E>) -> Result<(), E> {
        let mut tree = Tree::new(list);
        for (number, rule) in self.rules.iter().enumerate() {
            if !self.matches(number, rule, &mut tree)? {
                return rule.pattern().matches_nothing().map_or(Ok(()), |error| Err(error.into()));
            }
        }
        Ok(())
    }

    fn matches<E: From<PipelineError>>(
        &self,
        number: usize,
        rule: &Rule,
        tree: &mut Tree<'_, E>,
    ) -> Result<bool, E> {
        for slot in rule.slots() {
            for (_, path) in rule.services(&slot.environment, tree)? {
                if self.collect(number, path, tree)?.is_some() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// The folders below which all services of all environments lie; `""` is the whole tree.
    #[must_use]
    pub fn roots(&self) -> Vec<String> {
        outermost(self.slots().map(|slot| slot.before.clone()).collect())
    }

    /// The folders below which all services of one environment lie.
    #[must_use]
    pub fn roots_of(&self, env: &Environment) -> Vec<String> {
        let slots = self.slots().filter(|slot| slot.environment == env.name);
        outermost(slots.map(|slot| slot.before.clone()).collect())
    }

    fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.rules.iter().flat_map(Rule::slots)
    }

    /// The folder of a service by the first `count` patterns.
    fn find<E: From<PipelineError>>(
        &self,
        count: usize,
        environment: &str,
        service: &str,
        tree: &mut Tree<'_, E>,
    ) -> Result<Option<ServiceFolder>, E> {
        for (number, rule) in self.rules.iter().take(count).enumerate() {
            let Some(path) = rule.path(environment, service) else { continue };
            let owner = if tree.is_folder(&path)? { rule.owner(&path, tree)? } else { None };
            let right = owner.is_some_and(|owner| {
                owner.environment == environment
                    && owner.service == service
                    && owner.below.is_empty()
            });
            if !right {
                continue;
            }
            if let Some(folder) = self.collect(number, path, tree)? {
                return Ok(Some(folder));
            }
        }
        Ok(None)
    }

    /// The kustomization files in and below `path`, without what earlier patterns match.
    fn collect<E: From<PipelineError>>(
        &self,
        number: usize,
        path: String,
        tree: &mut Tree<'_, E>,
    ) -> Result<Option<ServiceFolder>, E> {
        let mut files = Vec::new();
        let mut open = vec![path.clone()];
        while let Some(folder) = open.pop() {
            let Some(entries) = tree.list(&folder)? else { continue };
            if self.is_matched_before(number, &folder, tree)? {
                continue;
            }
            if let Some(name) = one_kustomization(&folder, &entries)? {
                let below = below(&folder, &path).unwrap_or_default().to_owned();
                files.push(KustomizationFile { below, path: join(&[&folder, name]) });
            }
            open.extend(entries.iter().filter_map(|entry| entry.folder_in(&folder)));
        }
        files.sort();
        Ok((!files.is_empty()).then_some(ServiceFolder { path, files }))
    }

    fn is_matched_before<E: From<PipelineError>>(
        &self,
        number: usize,
        folder: &str,
        tree: &mut Tree<'_, E>,
    ) -> Result<bool, E> {
        for rule in self.rules.iter().take(number) {
            if rule.owner(folder, tree)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The kustomization file of a folder; an error where there are two.
fn one_kustomization<'e>(
    folder: &str,
    entries: &'e [Entry],
) -> Result<Option<&'e str>, PipelineError> {
    let names = || entries.iter().filter(|entry| entry.is_kustomization());
    if names().nth(1).is_none() {
        return Ok(names().next().map(|entry| entry.name.as_str()));
    }
    let names = names().map(|entry| entry.name.clone()).collect();
    Err(PipelineError::TwoKustomizations { folder: folder.to_owned(), names })
}

/// Sorted, without what lies in another one.
fn outermost(mut folders: Vec<String>) -> Vec<String> {
    folders.sort_by(|a, b| segments(a).cmp(segments(b)));
    let mut kept: Vec<String> = Vec::new();
    for folder in folders {
        if kept.last().is_none_or(|last| below(&folder, last).is_none()) {
            kept.push(folder);
        }
    }
    kept
}
