//! A service in one environment, and what names mean: pure data.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::overlay::{Overlay, Pin};
use crate::version::{Key, Version};

/// One kustomization file of a service.
pub struct ServiceFile {
    /// Its folder relative to the service's, `""` for the service's own.
    pub below: String,
    /// The file.
    pub overlay: Overlay,
}

/// Where in a service a version stands; equal slots of two environments pair.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// Folder relative to the service's.
    pub below: String,
    /// What the version belongs to.
    pub key: Key,
}

/// Everything a service pins in one environment.
pub type VersionSet = BTreeMap<Slot, Version>;

/// A service in one environment.
#[derive(Clone)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Its folder.
    pub folder: String,
    /// Its files, the root first.
    pub files: Vec<Rc<ServiceFile>>,
    /// Where one kustomization holds a whole environment, the one image that is this service.
    pub image: Option<Key>,
}

impl Service {
    /// The versions of this service, with the file each stands in.
    pub fn pins(&self) -> impl Iterator<Item = (&ServiceFile, &Pin)> {
        self.files.iter().flat_map(move |file| {
            let own = |pin: &&Pin| self.image.as_ref().is_none_or(|image| *image == pin.key);
            file.overlay.pins().iter().filter(own).map(move |pin| (file.as_ref(), pin))
        })
    }

    /// Everything it pins.
    #[must_use]
    pub fn versions(&self) -> VersionSet {
        let slot = |(file, pin): (&ServiceFile, &Pin)| {
            (Slot { below: file.below.clone(), key: pin.key.clone() }, pin.version.clone())
        };
        self.pins().map(slot).collect()
    }
}

/// One service for each image and remote of an environment's files.
pub(crate) fn split(environment: &Service) -> BTreeMap<String, Service> {
    let keys = environment.files.iter().flat_map(|file| {
        let images = file.overlay.images().map(|name| Key::Image(name.to_owned()));
        images.chain(file.overlay.pins().iter().map(|pin| pin.key.clone()))
    });
    keys.map(|key| {
        let name = service_name(&key);
        (name.clone(), Service { name, image: Some(key), ..environment.clone() })
    })
    .collect()
}

/// What an image or a remote is called as a service: a URL loses its scheme and query.
#[must_use]
pub fn service_name(key: &Key) -> String {
    match key {
        Key::Image(name) => name.clone(),
        Key::Remote(url) => {
            let url = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
            let path = url.split('?').next().unwrap_or(url);
            path.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
        }
    }
}

/// The one name of `known` that `asked` means: itself, or by its last part where that is unique.
pub fn resolve<'k>(asked: &str, known: impl Iterator<Item = &'k str>) -> Resolved<'k> {
    let mut by_last = Vec::new();
    let mut nearest: Option<(usize, &str)> = None;
    for name in known {
        if name == asked {
            return Resolved::One(name);
        }
        if name.rsplit('/').next() == Some(asked) {
            by_last.push(name);
        }
        let distance = strsim::damerau_levenshtein(asked, name);
        if nearest.is_none_or(|(best, _)| distance < best) {
            nearest = Some((distance, name));
        }
    }
    match by_last.as_slice() {
        [one] => Resolved::One(one),
        [] => Resolved::None(
            nearest.filter(|(d, _)| *d <= asked.len().max(2) / 2).map(|(_, name)| name),
        ),
        _ => Resolved::Several(by_last),
    }
}

/// What a name given by the user means.
#[derive(Debug, PartialEq, Eq)]
pub enum Resolved<'k> {
    /// Exactly this.
    One(&'k str),
    /// One of these, and it cannot be told which.
    Several(Vec<&'k str>),
    /// Nothing; perhaps this was meant.
    None(Option<&'k str>),
}

#[cfg(test)]
mod tests {
    use super::{Resolved, resolve, service_name};
    use crate::version::Key;

    #[test]
    fn names_resolve() {
        let known = ["ghcr.io/acme/api", "ghcr.io/acme/web", "eu/web", "auth"];
        let check = |asked: &str, found: Resolved<'_>| {
            assert_eq!(resolve(asked, known.into_iter()), found, "{asked}");
        };
        check("auth", Resolved::One("auth"));
        check("api", Resolved::One("ghcr.io/acme/api"));
        check("web", Resolved::Several(vec!["ghcr.io/acme/web", "eu/web"]));
        check("auht", Resolved::None(Some("auth")));
        check("something-else", Resolved::None(None));
    }

    #[test]
    fn remotes_have_names_that_can_be_paths() {
        let check =
            |url: &str, name: &str| assert_eq!(service_name(&Key::Remote(url.into())), name);
        check("https://host/org/repo//deploy?timeout=9", "host/org/repo/deploy");
        check("git@host:org/repo", "git@host:org/repo");
    }
}
