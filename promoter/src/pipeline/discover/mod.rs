//! Finds layout and environments in a repository that has no promoter.yaml.
//!
//! It goes by names alone: folders side by side that are called like environments. What it finds
//! is tried on all kustomization files, and the pipeline under which most of them have a
//! counterpart in another environment is the best.

mod candidate;
mod groups;
mod paths;
mod patterns;
mod render;
mod score;
mod words;

pub use candidate::{Candidate, Found};
pub use render::render;

use std::cmp::Reverse;

use candidate::{Evidence, Judged, judge};
use paths::Paths;
use words::Vocabulary;

/// How many candidates are told.
const MOST: usize = 5;

/// What a person has said already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// The layout patterns, where they are given.
    pub layout: Vec<String>,
    /// The names of the environments' folders in promotion order, where they are given.
    pub environments: Vec<String>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// Pipelines that contradict each other, the best first.
    pub candidates: Vec<Candidate>,
    /// How many kustomization files were looked at.
    pub kustomizations: usize,
    /// Whether the second candidate is nearly as good as the first.
    pub ambiguous: bool,
}

/// Looks at the paths of a repository's files; those of kustomization files count.
#[must_use]
pub fn discover<S: AsRef<str>>(paths: &[S], wishes: &Wishes) -> Discovery {
    let paths = Paths::of(paths);
    let vocabulary = Vocabulary { given: wishes.environments.clone() };
    let mut groups = groups::find(&paths, &vocabulary);
    let asked = |folder: &str| wishes.layout.iter().any(|text| patterns::reaches(text, folder));
    groups.retain(|group| wishes.layout.is_empty() || asked(&group.folder));
    let words = groups::environments(&groups, &vocabulary);
    let evidence = Evidence { paths: &paths, groups: &groups, words };
    let judged = if wishes.layout.is_empty() {
        lists(&patterns::suggest(&groups), &evidence)
    } else {
        judge(&wishes.layout, &evidence).into_iter().collect()
    };
    let candidates = alternatives(judged);
    Discovery {
        ambiguous: is_close(&candidates),
        candidates: candidates.into_iter().map(|judged| judged.finish(&evidence)).collect(),
        kustomizations: paths.files().len(),
    }
}

/// Each pattern alone, and the best ones with those that add something to them.
fn lists(patterns: &[String], evidence: &Evidence<'_>) -> Vec<Judged> {
    let mut alone: Vec<_> = patterns
        .iter()
        .filter_map(|pattern| judge(std::slice::from_ref(pattern), evidence))
        .collect();
    alone.sort_by_key(|judged| Reverse(judged.score));
    let seeds = alone.iter().filter(|judged| judged.candidate.services > 0).take(2);
    let joined: Vec<_> = seeds.filter_map(|seed| extended(seed, patterns, evidence)).collect();
    alone.extend(joined);
    alone
}

/// The candidate with every pattern that explains more; `None` where none does.
fn extended(seed: &Judged, patterns: &[String], evidence: &Evidence<'_>) -> Option<Judged> {
    let mut best: Option<Judged> = None;
    for pattern in patterns {
        let base = best.as_ref().unwrap_or(seed);
        let list = &base.candidate.layout;
        if !list.iter().all(|other| patterns::go_together(other, pattern)) {
            continue;
        }
        let mut list = [list.as_slice(), std::slice::from_ref(pattern)].concat();
        list.sort_by_key(|pattern| Reverse(patterns::literals(pattern)));
        best = judge(&list, evidence).filter(|judged| judged.score > base.score).or(best);
    }
    best
}

/// The candidates that contradict each other, best first, without those that are far behind.
fn alternatives(mut judged: Vec<Judged>) -> Vec<Judged> {
    judged.sort_by_key(|judged| Reverse(judged.score));
    let best = judged.first().map_or(0, |best| best.score);
    let mut kept: Vec<Judged> = Vec::new();
    for candidate in judged.into_iter().filter(|candidate| candidate.score * 2 >= best) {
        if !kept.iter().any(|better| better.agrees(&candidate)) {
            kept.push(candidate);
        }
    }
    kept.truncate(MOST);
    kept
}

fn is_close(candidates: &[Judged]) -> bool {
    match candidates {
        [best, second, ..] => second.score * 10 >= best.score * 8,
        _ => false,
    }
}
