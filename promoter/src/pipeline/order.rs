//! The order of environments: who may follow whom, and that it has a beginning.

use std::collections::BTreeMap;

use super::Environment;
use super::error::{Fault, PipelineError};
use super::nearest::nearest;
use super::path::{below, segments};
use super::reader::Reader;
use crate::yaml::Node;

/// The names of all environments, with their numbers in the file.
pub(super) struct Names<'e> {
    environments: &'e [Environment],
    numbers: BTreeMap<&'e str, usize>,
}

impl<'e> Names<'e> {
    pub(super) fn of(environments: &'e [Environment]) -> Self {
        let names = environments.iter().map(|environment| environment.name.as_str());
        Names { environments, numbers: names.zip(0..).collect() }
    }

    /// Refuses a name that no environment has.
    pub(super) fn verify(&self, reader: &Reader<'_>, node: &Node) -> Result<(), PipelineError> {
        let name = reader.string(node)?;
        if self.numbers.contains_key(name) {
            return Ok(());
        }
        let known: Vec<_> = self.environments.iter().map(|known| known.name.clone()).collect();
        let near = nearest(name, known.iter().map(String::as_str));
        Err(reader.fault(node, Fault::UnknownEnvironment { name: name.to_owned(), near, known }))
    }

    /// The numbers of the environments that come directly before one.
    fn before(&self, number: usize) -> impl Iterator<Item = usize> {
        let from = self.environments.get(number).map_or(&[][..], |environment| &environment.from);
        from.iter().filter_map(|name| self.numbers.get(name.as_str()).copied())
    }

    /// The numbers of a circle, each one after what it waits for; the first one is the last too.
    fn circle(&self) -> Option<Vec<usize>> {
        let stuck = self.stuck();
        let mut path = vec![stuck.iter().position(|stuck| *stuck)?];
        loop {
            let mut before = self.before(*path.last()?);
            let next = before.find(|number| stuck.get(*number) == Some(&true))?;
            let start = path.iter().position(|number| *number == next);
            path.push(next);
            if let Some(start) = start {
                return Some(path.split_off(start).into_iter().rev().collect());
            }
        }
    }

    /// Which environments are in a circle or come after one.
    fn stuck(&self) -> Vec<bool> {
        let count = self.environments.len();
        let mut waiting: Vec<usize> =
            (0..count).map(|number| self.before(number).count()).collect();
        let mut followers = vec![Vec::new(); count];
        for number in 0..count {
            for before in self.before(number) {
                followers.get_mut(before).into_iter().for_each(|list| list.push(number));
            }
        }
        let mut free: Vec<_> =
            (0..count).filter(|number| waiting.get(*number) == Some(&0)).collect();
        while let Some(number) = free.pop() {
            for follower in followers.get(number).into_iter().flatten() {
                let Some(left) = waiting.get_mut(*follower) else { continue };
                *left -= 1;
                if *left == 0 {
                    free.push(*follower);
                }
            }
        }
        waiting.into_iter().map(|left| left > 0).collect()
    }
}

/// Refuses unknown names in `from`, circles, and folders that two environments share.
/// `nodes` are the environments in the file, in the order of `environments`.
pub(super) fn verify(
    reader: &Reader<'_>,
    nodes: &[Node],
    environments: &[Environment],
) -> Result<(), PipelineError> {
    let names = Names::of(environments);
    for from in nodes.iter().filter_map(|node| value(node, "from")) {
        for name in from.items().unwrap_or(std::slice::from_ref(from)) {
            names.verify(reader, name)?;
        }
    }
    let circle = names.circle().and_then(|circle| {
        let round = circle.iter().filter_map(|number| environments.get(*number));
        let round = round.map(|environment| environment.name.clone()).collect();
        Some((*circle.first()?, "from", Fault::Cycle(round)))
    });
    let wrong = circle
        .or_else(|| shared_folder(environments).map(|(number, fault)| (number, "path", fault)));
    match wrong.and_then(|(number, key, fault)| Some((nodes.get(number)?, key, fault))) {
        Some((node, key, fault)) => Err(reader.fault(at(node, key), fault)),
        None => Ok(()),
    }
}

/// The value of `key` of an environment; the environment, where it has no such key.
fn at<'n>(node: &'n Node, key: &str) -> &'n Node {
    value(node, key).unwrap_or(node)
}

fn value<'n>(mapping: &'n Node, key: &str) -> Option<&'n Node> {
    let mut entries = mapping.entries().unwrap_or_default().iter();
    entries.find(|(name, _)| name.as_str() == Some(key)).map(|(_, value)| value)
}

/// The later of two environments whose folders are one, or one within the other.
fn shared_folder(environments: &[Environment]) -> Option<(usize, Fault)> {
    let mut sorted: Vec<_> = environments.iter().enumerate().collect();
    sorted.sort_by(|(_, a), (_, b)| segments(&a.folder).cmp(segments(&b.folder)));
    let pairs = sorted.iter().zip(sorted.iter().skip(1));
    pairs.into_iter().find_map(|(outer, inner)| {
        below(&inner.1.folder, &outer.1.folder)?;
        let (first, second) = if outer.0 < inner.0 { (outer, inner) } else { (inner, outer) };
        let fault = Fault::SharedFolder {
            first: first.1.name.clone(),
            second: second.1.name.clone(),
            folder: outer.1.folder.clone(),
        };
        Some((second.0, fault))
    })
}
