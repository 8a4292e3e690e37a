//! Gathers what registries say of the images that are to enter, for the gates on images.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::error::Error;
use crate::gate::{self, Candidate, Outcome, Verdict};
use crate::inventory::Inventory;
use crate::overlay::Overlay;
use crate::pipeline::{Environment, Images, Signature};
use crate::plan::Change;
use crate::registry::{Answer, Gap, Image};
use crate::service::Slot;
use crate::signature::{self, Policy, Refusal};
use crate::version::{Digest, Key, Tag, Version};

use super::Context;
use super::judge::Entering;

/// The longest that all questions of one kind may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// An image that is to enter a service, as it will be pulled there.
pub(super) struct Incoming {
    pub(super) service: String,
    pub(super) key: Key,
    pub(super) image: String,
    pub(super) version: Version,
}

/// The images among the changes, by the names under which the target pulls them.
pub(super) fn incoming(
    inventory: &Inventory<'_>,
    to: &Environment,
    changes: &[Change],
) -> Result<Vec<Incoming>, Error> {
    let mut all = Vec::new();
    if to.gates.images.is_none() {
        return Ok(all);
    }
    for change in changes {
        let Key::Image(name) = &change.key else { continue };
        let image = match (&change.new_name, change.added) {
            (Some(new_name), _) => new_name.clone().unwrap_or_else(|| name.clone()),
            (None, true) => name.clone(),
            (None, false) => {
                let bytes = inventory.snapshot.file(&change.path)?.unwrap_or_default();
                Overlay::parse(&change.path, &bytes)?.pulled_as(name).to_owned()
            }
        };
        let (service, version) = (change.service.clone(), change.new.clone());
        all.push(Incoming { service, key: change.key.clone(), image, version });
    }
    Ok(all)
}

/// The verdicts of the gates on images.
pub(super) fn judge_images(
    context: &Context<'_>,
    entering: &Entering<'_, '_>,
) -> Result<Vec<Verdict>, Error> {
    let incoming = &entering.images;
    let Some(asked) = entering.to.gates.images.as_ref().filter(|_| !incoming.is_empty()) else {
        return Ok(Vec::new());
    };
    let facts = Facts::gather(context, entering.inventory, asked, incoming)?;
    let of = |one: &Incoming| {
        let verdicts = facts.verdicts(asked, one).into_iter();
        verdicts.map(|verdict| verdict.about(&one.key)).collect::<Vec<_>>()
    };
    Ok(incoming.iter().flat_map(of).collect())
}

/// The keys and trust roots that the rules of a commit name.
pub(super) fn trust_files(rules: &Inventory<'_>) -> BTreeSet<String> {
    let gates = rules.pipeline.environments.iter().filter_map(|one| one.gates.images.as_ref());
    gates.filter_map(|images| Some(Policy::file(images.signature.as_ref()?).to_owned())).collect()
}

/// The rule, with its key or trust root read from the same commit.
fn policy(rules: &Inventory<'_>, signature: &Signature) -> Result<Policy, Error> {
    let path = Policy::file(signature);
    let bytes = rules.snapshot.file(path)?;
    let bytes = bytes.ok_or_else(|| Error::NoTrust { path: path.to_owned() })?;
    Ok(Policy::new(signature, &bytes)?)
}

/// What the registries said, each asked once for each thing.
#[derive(Default)]
struct Facts {
    tags: BTreeMap<(Image, Tag), Answer<Digest>>,
    pulls: BTreeMap<(Image, Digest), Answer<()>>,
    signatures: BTreeMap<(Image, Digest), Answer<Result<String, Refusal>>>,
}

impl Facts {
    fn gather(
        context: &Context<'_>,
        rules: &Inventory<'_>,
        asked: &Images,
        incoming: &[Incoming],
    ) -> Result<Self, Error> {
        let mut facts = Facts::default();
        if asked.exist {
            facts.ask_for_images(context, asked, incoming)?;
        }
        if let Some(rule) = &asked.signature {
            // Where nothing is asked nothing is verified, and the rule need not be one any more.
            let silent = context.registry.is_silent();
            let policy = (!silent).then(|| policy(rules, rule)).transpose()?;
            facts.ask_for_signatures(context, policy.as_ref(), incoming)?;
        }
        Ok(facts)
    }

    fn ask_for_images(
        &mut self,
        context: &Context<'_>,
        asked: &Images,
        incoming: &[Incoming],
    ) -> Result<(), Error> {
        let tags = distinct(incoming.iter().filter_map(Incoming::tagged));
        let told = context.registry.digests(&tags, patience(context)?);
        self.tags = tags.into_iter().zip(told).collect();
        let digests = distinct(incoming.iter().filter_map(|one| self.digest(one)));
        let told = context.registry.pullable(&digests, &asked.platforms, patience(context)?);
        self.pulls = digests.into_iter().zip(told).collect();
        Ok(())
    }

    fn ask_for_signatures(
        &mut self,
        context: &Context<'_>,
        policy: Option<&Policy>,
        incoming: &[Incoming],
    ) -> Result<(), Error> {
        let digests = distinct(incoming.iter().filter_map(Incoming::pinned));
        let told = context.registry.attached(&digests, patience(context)?);
        let signed = digests.into_iter().zip(told).map(|(of, attached)| {
            let unknown = || Gap::Unknown("nothing is verified".into());
            let signed = attached.and_then(|attached| {
                let policy = policy.ok_or_else(unknown)?;
                match signature::verify(policy, &of.1, &attached) {
                    Err(_) if attached.goes_on => {
                        Err(Gap::Unknown("more is attached to it than is looked at".into()))
                    }
                    told => Ok(told),
                }
            });
            (of, signed)
        });
        self.signatures = signed.collect();
        Ok(())
    }

    /// The digest that a version has, or that its tag points to.
    fn digest(&self, one: &Incoming) -> Option<(Image, Digest)> {
        one.pinned().or_else(|| {
            let tagged = one.tagged()?;
            let digest = self.tags.get(&tagged)?.as_ref().ok()?;
            Some((tagged.0, digest.clone()))
        })
    }

    fn verdicts(&self, asked: &Images, one: &Incoming) -> Vec<Verdict> {
        let candidate = one.candidate();
        let mut verdicts = Vec::new();
        if asked.pinned {
            verdicts.push(gate::pinned(candidate));
        }
        if let Err(error) = Image::parse(&one.image) {
            let reason = error.to_string();
            verdicts.push(Verdict::on("images.exist", &one.service, Outcome::Fail, reason));
            return verdicts;
        }
        if asked.exist {
            let tag = one.tagged().and_then(|tagged| self.tags.get(&tagged));
            let pull = self.digest(one).and_then(|digest| self.pulls.get(&digest));
            verdicts.push(gate::exists(candidate, tag, pull.unwrap_or(&Ok(()))));
        }
        if asked.signature.is_some() {
            let signature = one.pinned().and_then(|digest| self.signatures.get(&digest));
            verdicts.push(gate::signed(candidate, signature));
        }
        verdicts
    }
}

impl Incoming {
    /// The image of a slot at one commit, by the name under which it is pulled from there on.
    pub(super) fn at(
        inventory: &Inventory<'_>,
        environment: &Environment,
        service: &str,
        slot: &Slot,
        version: &Version,
    ) -> Option<Self> {
        let Key::Image(name) = &slot.key else { return None };
        let found = inventory.service(environment, service).ok().flatten();
        let file = found?.files.into_iter().find(|file| file.below == slot.below)?;
        let image = file.overlay.pulled_as(name).to_owned();
        let (service, key) = (service.to_owned(), slot.key.clone());
        Some(Incoming { service, key, image, version: version.clone() })
    }

    fn candidate(&self) -> Candidate<'_> {
        Candidate { service: &self.service, image: &self.image, version: &self.version }
    }

    pub(super) fn tagged(&self) -> Option<(Image, Tag)> {
        Some((Image::parse(&self.image).ok()?, self.version.tag()?.clone()))
    }

    fn pinned(&self) -> Option<(Image, Digest)> {
        Some((Image::parse(&self.image).ok()?, self.version.digest()?.clone()))
    }
}

/// Half of what is left, so that the rest of the command still has time.
pub(super) fn patience(context: &Context<'_>) -> Result<Duration, Error> {
    Ok((context.deadline.left()? / 2).min(PATIENCE))
}

pub(super) fn distinct<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    all.collect::<BTreeSet<T>>().into_iter().collect()
}
