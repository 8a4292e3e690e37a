//! What the user's names mean: services, images and remote URLs.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::inventory::Inventory;
use crate::pipeline::Environment;
use crate::service::{Resolved, Service, resolve};
use crate::version::Key;

/// The services asked for: all, or those named, less those excepted.
pub(super) fn select(
    inventory: &Inventory<'_>,
    environment: &Environment,
    asked: &[String],
    except: &[String],
) -> Result<BTreeMap<String, Service>, Error> {
    let mut selected = BTreeMap::new();
    if !asked.is_empty() && except.is_empty() {
        for name in asked {
            let service = named(inventory, environment, name)?;
            selected.insert(service.name.clone(), service);
        }
        return Ok(selected);
    }
    let (mut all, unreadable) = inventory.services(environment)?;
    let names: Vec<String> =
        all.keys().cloned().chain(unreadable.iter().map(|one| one.service.clone())).collect();
    let find = |name: &String| resolved(name, names.iter().map(String::as_str), environment);
    let except = except.iter().map(find).collect::<Result<Vec<_>, _>>()?;
    let asked = asked.iter().map(find).collect::<Result<Vec<_>, _>>()?;
    let wanted =
        |name: &String| !except.contains(name) && (asked.is_empty() || asked.contains(name));
    if let Some(broken) = unreadable.into_iter().find(|one| wanted(&one.service)) {
        return Err(broken.error);
    }
    all.retain(|name, _| wanted(name));
    Ok(all)
}

/// One service by its name or the last part of it.
pub(super) fn named(
    inventory: &Inventory<'_>,
    environment: &Environment,
    name: &str,
) -> Result<Service, Error> {
    if let Some(service) = inventory.service(environment, name)? {
        return Ok(service);
    }
    let names: Vec<String> = if inventory.pipeline.layout.by_image() {
        inventory.services(environment)?.0.into_keys().collect()
    } else {
        inventory.folders(environment)?.into_keys().collect()
    };
    let name = resolved(name, names.iter().map(String::as_str), environment)?;
    let unknown = || Error::UnknownService {
        asked: name.clone(),
        environment: environment.name.clone(),
        nearest: None,
    };
    inventory.service(environment, &name)?.ok_or_else(unknown)
}

fn resolved<'k>(
    asked: &str,
    known: impl Iterator<Item = &'k str>,
    environment: &Environment,
) -> Result<String, Error> {
    match resolve(asked, known) {
        Resolved::One(name) => Ok(name.to_owned()),
        Resolved::Several(names) => Err(Error::AmbiguousService {
            asked: asked.to_owned(),
            candidates: names.into_iter().map(str::to_owned).collect(),
        }),
        Resolved::None(nearest) => Err(Error::UnknownService {
            asked: asked.to_owned(),
            environment: environment.name.clone(),
            nearest: nearest.map(str::to_owned),
        }),
    }
}

/// The one key that `asked` means: in full, a URL without its query, or by the last part.
pub(super) fn key(asked: &str, known: &[Key], environment: &str) -> Result<Key, Error> {
    let bare = |key: &Key| key.as_str().split('?').next().unwrap_or_default().to_owned();
    let find = |test: &dyn Fn(&Key) -> bool| {
        known.iter().filter(|key| test(key)).cloned().collect::<Vec<_>>()
    };
    let exact = find(&|key| key.as_str() == asked);
    let without_query = find(&|key| matches!(key, Key::Remote(_)) && bare(key) == asked);
    let by_last = find(&|key| key.last_part() == asked);
    let found = [exact, without_query, by_last]
        .into_iter()
        .find(|found| !found.is_empty())
        .unwrap_or_default();
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(Error::UnknownImage {
            asked: asked.to_owned(),
            environment: environment.to_owned(),
            nearest: nearest(asked, known),
        }),
        several => Err(Error::AmbiguousImage {
            asked: asked.to_owned(),
            candidates: several.iter().map(Key::to_string).collect(),
        }),
    }
}

fn nearest(asked: &str, known: &[Key]) -> Option<String> {
    let distance = |key: &Key| {
        strsim::damerau_levenshtein(asked, key.as_str())
            .min(strsim::damerau_levenshtein(asked, key.last_part()))
    };
    let best = known.iter().min_by_key(|key| distance(key))?;
    (distance(best) <= asked.len().max(2) / 2).then(|| best.to_string())
}
