//! The layout patterns that a repository's groups of environments suggest.

use std::collections::BTreeMap;

use super::groups::Group;
use crate::pipeline::path::{below, join, segments};

/// Folder names that say how things are kept, not what they are.
const CONTAINERS: [&str; 16] = [
    "config",
    "deploy",
    "deployment",
    "deployments",
    "env",
    "environment",
    "environments",
    "envs",
    "gitops",
    "k8s",
    "kubernetes",
    "kustomize",
    "manifests",
    "overlay",
    "overlays",
    "stages",
];

/// Folders whose content is not deployed.
const ASIDE: [&str; 10] = [
    "docs",
    "example",
    "examples",
    "hack",
    "sample",
    "samples",
    "test",
    "tests",
    "third_party",
    "vendor",
];

/// How many patterns are tried.
const MOST: usize = 24;

/// Patterns worth trying, those for most files first.
pub(super) fn suggest(groups: &[Group]) -> Vec<String> {
    let aside =
        |group: &&Group| segments(&group.folder).next().is_some_and(|first| ASIDE.contains(&first));
    let mut chosen: Vec<_> = groups.iter().filter(|group| !aside(group)).collect();
    if chosen.is_empty() {
        chosen = groups.iter().collect();
    }
    let mut weights: BTreeMap<String, usize> = BTreeMap::new();
    for group in chosen {
        for pattern in patterns_of(&group.folder) {
            *weights.entry(pattern).or_default() += group.files;
        }
    }
    let mut patterns: Vec<_> = weights.into_iter().collect();
    patterns.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    patterns.into_iter().take(MOST).map(|(pattern, _)| pattern).collect()
}

/// The patterns by which `folder` holds environments.
fn patterns_of(folder: &str) -> Vec<String> {
    let parts: Vec<_> = segments(folder).collect();
    let tail = parts.iter().rev().take_while(|part| CONTAINERS.contains(part)).count();
    let (body, tail) = parts.split_at(parts.len() - tail);
    let mut patterns =
        vec![join(&[folder, "{environment}/{service}"]), join(&[folder, "{environment}"])];
    for head in (0..body.len()).filter_map(|length| body.get(..length)) {
        patterns.push(join(&[&head.join("/"), "{service}", &tail.join("/"), "{environment}"]));
    }
    patterns
}

/// Whether `pattern` finds environments in `folder`.
pub(super) fn reaches(pattern: &str, folder: &str) -> bool {
    let before: Vec<_> = segments(pattern).take_while(|part| *part != "{environment}").collect();
    let folder: Vec<_> = segments(folder).collect();
    match before.iter().position(|part| *part == "{service}") {
        None => before == folder,
        Some(at) => {
            let (head, tail) = (before.get(..at), before.get(at + 1..).unwrap_or_default());
            folder.len() >= before.len() && folder.get(..at) == head && folder.ends_with(tail)
        }
    }
}

/// Whether two patterns can stand in one layout without a dispute about who is a service.
pub(super) fn go_together(one: &str, other: &str) -> bool {
    let apart = |a: &str, b: &str| below(head(a), head(b)).is_none();
    let alike = one.ends_with("{service}") == other.ends_with("{service}");
    let by_service = one.contains("{service}") && other.contains("{service}");
    one != other && by_service && (alike || (apart(one, other) && apart(other, one)))
}

/// The literal folders that a pattern begins with.
fn head(pattern: &str) -> &str {
    pattern.split('{').next().unwrap_or_default().trim_end_matches('/')
}

/// Literal folder names in a pattern: how much it says by itself.
pub(super) fn literals(pattern: &str) -> usize {
    segments(pattern).filter(|part| !part.starts_with('{')).count()
}
