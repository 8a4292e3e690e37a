//! A pipeline that may be the repository's, tried on its files.

use std::collections::{BTreeMap, BTreeSet};

use super::groups::Group;
use super::paths::Paths;
use super::score::score;
use super::words::Word;
use crate::pipeline::pattern::Pattern;
use crate::pipeline::{Environment, Layout, PipelineError};

/// A pipeline that may be the repository's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The layout patterns.
    pub layout: Vec<String>,
    /// The environments in promotion order; never fewer than two.
    pub environments: Vec<Found>,
    /// How many services there are; zero where every image is a service.
    pub services: usize,
    /// How many kustomization files belong to them.
    pub files: usize,
    /// Kustomization files that stand where environments stand and belong to no service.
    pub left_out: Vec<String>,
}

/// An environment found in a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its name.
    pub name: String,
    /// The name of its folder.
    pub folder: String,
    /// Where its versions come from.
    pub from: Vec<String>,
}

/// What candidates are tried on.
pub(super) struct Evidence<'p> {
    /// The files.
    pub(super) paths: &'p Paths,
    /// The groups of environments among them.
    pub(super) groups: &'p [Group],
    /// The names of the environments' folders, in promotion order.
    pub(super) words: Vec<(String, Word)>,
}

/// A candidate with what it is judged by.
pub(super) struct Judged {
    /// Still without what it leaves out.
    pub(super) candidate: Candidate,
    /// How much it explains; see [`score`].
    pub(super) score: usize,
    /// Environment and service folder of every file.
    owners: BTreeMap<String, (String, String)>,
}

impl Judged {
    /// The candidate, with what it leaves out.
    pub(super) fn finish(self, evidence: &Evidence<'_>) -> Candidate {
        Candidate { left_out: evidence.left_out(&self.owners), ..self.candidate }
    }

    /// Whether `other` is no alternative to this one: it says the same of the files that both
    /// explain, and those are most of its own.
    pub(super) fn agrees(&self, other: &Judged) -> bool {
        let own = |file| self.owners.get(file);
        let both: Vec<_> =
            other.owners.iter().filter_map(|(file, owner)| Some((owner, own(file)?))).collect();
        both.iter().all(|(other, own)| other == own) && both.len() * 2 >= other.owners.len()
    }
}

/// A kustomization file with what it belongs to.
pub(super) struct Owned {
    pub(super) environment: String,
    pub(super) service: String,
    pub(super) folder: String,
    pub(super) below: String,
    pub(super) path: String,
}

/// Tries patterns on the files; `None` where they explain nothing in two environments.
pub(super) fn judge(patterns: &[String], evidence: &Evidence<'_>) -> Option<Judged> {
    let parsed = patterns.iter().map(|text| Pattern::parse(text, None).ok());
    let parsed = parsed.collect::<Option<Vec<_>>>()?;
    let names = evidence.words.iter().map(|(name, _)| name.as_str());
    let environments: Vec<_> = names.map(|name| Environment::plain((name, None))).collect();
    let layout = Layout::new(parsed, &environments);
    let owned = owned(&layout, &environments, evidence.paths)?;
    let present: BTreeSet<_> = owned.iter().map(|file| file.environment.as_str()).collect();
    if present.len() < 2 {
        return None;
    }
    let found = evidence.words.iter().filter(|(name, _)| present.contains(name.as_str()));
    let owner = |file: &Owned| (file.environment.clone(), file.folder.clone());
    let owners: BTreeMap<_, _> =
        owned.iter().map(|file| (file.path.clone(), owner(file))).collect();
    let services: BTreeSet<_> = owned.iter().map(|file| file.service.as_str()).collect();
    let candidate = Candidate {
        layout: patterns.to_vec(),
        environments: order(&found.collect::<Vec<_>>()),
        services: if layout.by_image() { 0 } else { services.len() },
        files: owned.len(),
        left_out: Vec::new(),
    };
    Some(Judged { score: score(patterns, &owned), candidate, owners })
}

fn owned(layout: &Layout, environments: &[Environment], paths: &Paths) -> Option<Vec<Owned>> {
    let mut owned = Vec::new();
    for environment in environments {
        let list = &mut |folder: &str| Ok::<_, PipelineError>(paths.list(folder));
        for (service, folder) in layout.folders(environment, list).ok()? {
            owned.extend(folder.files.into_iter().map(|file| Owned {
                environment: environment.name.clone(),
                service: service.clone(),
                folder: folder.path.clone(),
                below: file.below,
                path: file.path,
            }));
        }
    }
    Some(owned)
}

impl Evidence<'_> {
    /// Files in the groups' environments that have no owner.
    fn left_out(&self, owners: &BTreeMap<String, (String, String)>) -> Vec<String> {
        let in_groups = self.groups.iter().flat_map(|group| {
            let names = group.names.iter();
            names.flat_map(|name| self.paths.below(&format!("{}/{name}", group.folder)))
        });
        let left: BTreeSet<_> = in_groups.filter(|path| !owners.contains_key(*path)).collect();
        left.into_iter().map(str::to_owned).collect()
    }
}

/// Names, folders, and where versions come from: of the stage before, the environment that is
/// alike but for the stage, or all of that stage.
fn order(present: &[&(String, Word)]) -> Vec<Found> {
    let mut taken = BTreeSet::new();
    let named: Vec<_> = present
        .iter()
        .map(|(folder, word)| (environment_name(folder), folder, word))
        .filter(|(name, ..)| taken.insert(name.clone()))
        .collect();
    let steps = named.iter().map(|(name, folder, word)| {
        let earlier = named.iter().filter(|(.., other)| other.stage < word.stage);
        let stage = earlier.clone().map(|(.., other)| other.stage).max();
        let before: Vec<_> = earlier.filter(|(.., other)| Some(other.stage) == stage).collect();
        let alike = before.iter().find(|(.., other)| other.qualifier == word.qualifier);
        let from = alike.map_or(before.as_slice(), std::slice::from_ref);
        let from = from.iter().map(|(name, ..)| name.clone()).collect();
        Found { name: name.clone(), folder: (*folder).clone(), from }
    });
    steps.collect()
}

/// The folder's name, with what a name may not hold replaced.
fn environment_name(folder: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || "_-".contains(c) { c } else { '-' };
    let name: String = folder.chars().map(allowed).take(63).collect();
    name.trim_start_matches(['_', '-']).to_owned()
}
