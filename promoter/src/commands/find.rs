//! `promoter where IMAGE[:TAG|@DIGEST]`: which environments run it, since when.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use jiff::Timestamp;

use crate::error::Error;
use crate::git::CommitId;
use crate::service::Slot;
use crate::version::{Digest, Key, Version};

use super::select::key;
use super::timeline;
use super::{Context, Warning};

/// The request.
#[derive(Clone, Debug)]
pub struct Where {
    /// The image or URL, in full or by its last part.
    pub image: String,
    /// Only this tag.
    pub tag: Option<String>,
    /// Only this digest.
    pub digest: Option<String>,
}

/// One place where it runs.
#[derive(Debug)]
pub struct Found {
    /// The environment.
    pub environment: String,
    /// The service.
    pub service: String,
    /// The file that pins it.
    pub path: String,
    /// What it is.
    pub slot: Slot,
    /// The version.
    pub version: Version,
    /// The commit that brought it, and when.
    pub since: Option<(CommitId, Timestamp)>,
}

/// Finds an image.
pub fn find(context: &Context<'_>, request: &Where) -> Result<(Vec<Found>, Vec<Warning>), Error> {
    let (inventory, warnings) = context.read()?;
    let mut all = Vec::new();
    for environment in &inventory.pipeline.environments {
        let (services, _) = inventory.services(environment)?;
        for service in services.values() {
            all.extend(service.pins().map(|(file, pin)| Found {
                environment: environment.name.clone(),
                service: service.name.clone(),
                path: file.overlay.path().to_owned(),
                slot: Slot { below: file.below.clone(), key: pin.key.clone() },
                version: pin.version.clone(),
                since: None,
            }));
        }
    }
    let keys: Vec<Key> = {
        let mut keys: Vec<Key> = all.iter().map(|found| found.slot.key.clone()).collect();
        keys.sort();
        keys.dedup();
        keys
    };
    let wanted = key(&request.image, &keys, "any environment")?;
    all.retain(|found| found.slot.key == wanted && request.means(&found.version));
    since(context, inventory.snapshot.commit, &mut all)?;
    Ok((all, warnings))
}

impl Where {
    fn means(&self, version: &Version) -> bool {
        let tag = version.label();
        let digest = version.digest().map(Digest::as_str);
        self.tag.as_deref().is_none_or(|asked| tag == Some(asked))
            && self.digest.as_deref().is_none_or(|asked| digest == Some(asked))
    }
}

/// Looks up when each came; stops as soon as all are known.
fn since(context: &Context<'_>, tip: CommitId, found: &mut [Found]) -> Result<(), Error> {
    let mut names: BTreeMap<usize, String> =
        found.iter().enumerate().map(|(index, one)| (index, one.service.clone())).collect();
    if names.is_empty() {
        return Ok(());
    }
    timeline::walk(context, tip, None, &mut |events| {
        for event in events {
            for (index, one) in found.iter_mut().enumerate() {
                if one.since.is_some()
                    || one.environment != event.environment
                    || names.get(&index) != Some(&event.service)
                {
                    continue;
                }
                if let Some(was) = &event.was {
                    names.insert(index, was.clone());
                    continue;
                }
                let of = |set: &Option<crate::service::VersionSet>| {
                    set.as_ref().and_then(|set| set.get(&one.slot).cloned())
                };
                if of(&event.after) == Some(one.version.clone())
                    && of(&event.before) != of(&event.after)
                {
                    one.since = Some((event.commit, context.repo.info(event.commit)?.time));
                }
            }
        }
        let open = found.iter().any(|one| one.since.is_none());
        Ok(if open { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    Ok(())
}
