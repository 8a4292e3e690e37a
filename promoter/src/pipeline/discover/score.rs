//! How well a layout explains the files of a repository.

use std::collections::{BTreeMap, BTreeSet};

use super::candidate::Owned;
use super::patterns::literals;

/// Names of folders that hold what others build on.
const COMMON: [&str; 5] = ["base", "bases", "common", "components", "shared"];

/// In how many environments a service has a file, by service and folder below it.
type Counts<'f> = BTreeMap<(&'f str, &'f str), usize>;

/// What a layout explains, in thousandths of a file, less what speaks against it.
///
/// A file with a counterpart in another environment counts fully, or by four fifths where the
/// service has no file of its own; one without by a quarter.
pub(super) fn score(patterns: &[String], files: &[Owned]) -> usize {
    let mut counts: Counts<'_> = BTreeMap::new();
    for file in files {
        *counts.entry((&file.service, &file.below)).or_default() += 1;
    }
    let explained: usize = counts.iter().map(|(file, count)| weight(file, *count, &counts)).sum();
    let services: BTreeSet<_> = counts.keys().map(|(service, _)| *service).collect();
    let kind = if services.contains("") { by_image(&counts) } else { by_service(services.len()) };
    let literals: usize = patterns.iter().map(|pattern| literals(pattern)).min().unwrap_or(0);
    explained * kind / 100 * form(patterns) / 100 + literals
}

/// What the files of one place in a service, in `count` environments, count.
fn weight((service, below): &(&str, &str), count: usize, counts: &Counts<'_>) -> usize {
    let has_own = below.is_empty() || counts.contains_key(&(service, ""));
    let each = match count {
        1 => 250,
        _ if COMMON.contains(service) => 250,
        _ if has_own => 1000,
        _ => 800,
    };
    count * each
}

/// One kustomization for an environment stands in the environment's own folder, and alone.
fn by_image(counts: &Counts<'_>) -> usize {
    match counts.contains_key(&("", "")) {
        true if counts.len() == 1 => 100,
        true => 90,
        false => 50,
    }
}

/// A single service is rather a name for the whole repository.
fn by_service(services: usize) -> usize {
    if services == 1 { 70 } else { 100 }
}

/// Few patterns are better than many, and a pattern that begins with a folder's name is better
/// than one that searches the whole repository.
fn form(patterns: &[String]) -> usize {
    let several = 2 * patterns.len().saturating_sub(1);
    let everywhere = patterns.iter().any(|pattern| pattern.starts_with("{service}"));
    100_usize.saturating_sub(several + if everywhere { 5 } else { 0 })
}
