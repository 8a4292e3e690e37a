//! Folders whose children are environments.

use std::collections::{BTreeMap, BTreeSet};

use super::paths::Paths;
use super::words::{Vocabulary, Word};
use crate::pipeline::path::join;

/// A folder with environments side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// Path of the folder.
    pub(super) folder: String,
    /// The names of its children that are environments.
    pub(super) names: BTreeSet<String>,
    /// Kustomization files below them.
    pub(super) files: usize,
}

/// Every group that is not within an environment of another one.
pub(super) fn find(paths: &Paths, vocabulary: &Vocabulary) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut open = vec![String::new()];
    while let Some(folder) = open.pop() {
        let children = paths.folders_in(&folder);
        let names = environments_among(&children, vocabulary);
        let others = children.iter().filter(|name| !names.contains(**name));
        open.extend(others.map(|name| join(&[&folder, name])));
        if !names.is_empty() {
            let files = names.iter().map(|name| paths.below(&join(&[&folder, name])).count()).sum();
            groups.push(Group { folder, names, files });
        }
    }
    groups.sort_by(|a, b| b.files.cmp(&a.files).then_with(|| a.folder.cmp(&b.folder)));
    groups
}

/// The names that are environments; none, unless they are of two stages at least.
fn environments_among(names: &[&str], vocabulary: &Vocabulary) -> BTreeSet<String> {
    let words: BTreeMap<_, _> =
        names.iter().filter_map(|name| Some((*name, vocabulary.read(name)?))).collect();
    let sure = |word: &Word| {
        word.qualifier.is_empty()
            || words.values().any(|other| {
                other.stage != word.stage
                    && (other.qualifier.is_empty() || other.qualifier == word.qualifier)
            })
    };
    let kept: Vec<_> = words.iter().filter(|(_, word)| sure(word)).collect();
    let stages: BTreeSet<_> = kept.iter().map(|(_, word)| word.stage).collect();
    let needed = if vocabulary.given.len() == 1 { 1 } else { 2 };
    if stages.len() < needed {
        return BTreeSet::new();
    }
    kept.into_iter().map(|(name, _)| (*name).to_owned()).collect()
}

/// The names that are environments of the repository, not of a corner of it, in promotion order.
pub(super) fn environments(groups: &[Group], vocabulary: &Vocabulary) -> Vec<(String, Word)> {
    let mut weights: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for group in groups {
        for name in &group.names {
            let weight = weights.entry(name).or_default();
            *weight = (weight.0 + 1, weight.1 + group.files);
        }
    }
    let files: usize = groups.iter().map(|group| group.files).sum();
    let common = |(count, weight): (usize, usize)| {
        count * 10 >= groups.len() * 3 || weight * 10 >= files * 3
    };
    let mut kept: Vec<(String, Word, usize)> = weights
        .iter()
        .filter(|(_, weight)| common(**weight))
        .filter_map(|(name, (_, files))| Some(((*name).to_owned(), vocabulary.read(name)?, *files)))
        .collect();
    kept.sort_by(|a, b| a.1.cmp(&b.1).then(b.2.cmp(&a.2)).then_with(|| a.0.cmp(&b.0)));
    kept.dedup_by(|later, earlier| {
        later.1 == earlier.1 && !are_siblings(groups, &later.0, &earlier.0)
    });
    kept.into_iter().map(|(name, word, _)| (name, word)).collect()
}

/// Whether both names stand side by side somewhere: then they are two environments.
fn are_siblings(groups: &[Group], one: &str, other: &str) -> bool {
    groups.iter().any(|group| group.names.contains(one) && group.names.contains(other))
}
