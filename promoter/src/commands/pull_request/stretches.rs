//! The commits of the programs between two versions, as the labels of their images tell.
//!
//! What is not told is left out: a pull request needs none of it.

use std::time::Duration;

use crate::body::{Entry, Stretch};
use crate::forge::{Address, Between};
use crate::git::CommitId;
use crate::plan::Change;
use crate::registry::{Built, Image};
use crate::version::Version;

use super::Desk;

/// All questions to registries together.
const PATIENCE: Duration = Duration::from_secs(10);

/// Commits that are asked for, of each service.
const MOST: usize = 20;

/// A change, and the name by which its image is pulled.
pub(super) type Pulled<'c> = (&'c Change, &'c str);

/// What lies between the versions of each change whose two images tell where they come from.
pub(super) fn stretches(desk: &Desk<'_>, changes: &[Pulled<'_>]) -> Vec<Stretch> {
    let mut ends: Vec<(&Change, [(Image, Version); 2])> = Vec::new();
    for (change, name) in changes {
        let (Ok(image), Some(old)) = (Image::parse(name), &change.old) else { continue };
        ends.push((*change, [(image.clone(), old.clone()), (image, change.new.clone())]));
    }
    let asked: Vec<_> = ends.iter().flat_map(|(_, ends)| ends.iter().cloned()).collect();
    let told = desk.context.registry.built(&asked, PATIENCE);
    let pairs = ends.iter().zip(told.chunks_exact(2));
    pairs
        .filter_map(|((change, _), told)| match told {
            [Ok(old), Ok(new)] => stretch(desk, &change.service, (old, new)),
            _ => None,
        })
        .collect()
}

/// Between two commits of one repository on the same server.
fn stretch(desk: &Desk<'_>, service: &str, (old, new): (&Built, &Built)) -> Option<Stretch> {
    let id = |built: &Built| CommitId::parse(&built.revision).is_some();
    let known = old.source == new.source && id(old) && id(new);
    let at =
        Address::parse(&new.source).filter(|at| known && at.host == desk.forge.address.host)?;
    let ends = (old.revision.clone(), new.revision.clone());
    let (commits, all) = desk.forge.between(&at, (&ends.0, &ends.1), MOST).ok()?;
    let entry = |one: Between| Entry { commit: one.commit, subject: one.subject, by: one.by };
    let commits = commits.into_iter().map(entry).collect();
    Some(Stretch { service: service.to_owned(), web: desk.forge.web(&at), ends, commits, all })
}
