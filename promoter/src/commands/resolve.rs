//! `bump --resolve`: a tag becomes the tag with the digest that it points to.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::gate::{Outcome, Verdict};
use crate::registry::{Answer, Gap, Image};
use crate::version::{Digest, Tag, Version};

use super::Context;
use super::images::{Incoming, distinct, patience};

/// The same versions, each tag with its digest; what has a digest stays as it is.
pub(super) fn resolve(context: &Context<'_>, incoming: &[Incoming]) -> Result<Vec<Version>, Error> {
    for one in incoming.iter().filter(|one| matches!(one.version, Version::Tag(_))) {
        Image::parse(&one.image).map_err(|error| Error::Usage(error.to_string()))?;
    }
    let tags = distinct(incoming.iter().filter_map(bare));
    let told = context.registry.digests(&tags, patience(context)?);
    let told: BTreeMap<_, _> = tags.into_iter().zip(told).collect();
    incoming.iter().map(|one| pinned(one, &told)).collect()
}

/// The tag of a version that has no digest.
fn bare(one: &Incoming) -> Option<(Image, Tag)> {
    one.tagged().filter(|_| one.version.digest().is_none())
}

fn pinned(one: &Incoming, told: &BTreeMap<(Image, Tag), Answer<Digest>>) -> Result<Version, Error> {
    let Some((tagged, answer)) = bare(one).and_then(|tagged| told.get_key_value(&tagged)) else {
        return Ok(one.version.clone());
    };
    match answer {
        Ok(digest) => Ok(Version::Pinned(tagged.1.clone(), digest.clone())),
        Err(Gap::Absent(_)) => {
            let reason = format!("there is no {} {}", one.image, one.version);
            let verdict = Verdict::on("images.exist", &one.service, Outcome::Fail, reason);
            Err(Error::Refused(vec![verdict]))
        }
        Err(Gap::Unknown(reason)) => Err(Error::Registry {
            image: format!("{} {}", one.image, one.version),
            reason: reason.clone(),
        }),
    }
}
