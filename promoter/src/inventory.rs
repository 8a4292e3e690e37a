//! What an environment holds at one commit: its services, their files, their versions.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::error::Error;
use crate::git::Snapshot;
use crate::overlay::{Overlay, Pin};
use crate::pipeline::{Entry, EntryKind, Environment, Pipeline, ServiceFolder};
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

/// The environments of one commit, read as its own promoter.yaml says.
pub struct Inventory<'r> {
    /// The commit.
    pub snapshot: Snapshot<'r>,
    /// Its configuration.
    pub pipeline: Rc<Pipeline>,
}

/// A service that cannot be read, and why; other services are none the worse.
pub struct Unreadable {
    /// The service.
    pub service: String,
    /// What is wrong with one of its files.
    pub error: Error,
}

impl Inventory<'_> {
    /// Every service of `environment`, by name, and those that cannot be read.
    pub fn services(
        &self,
        environment: &Environment,
    ) -> Result<(BTreeMap<String, Service>, Vec<Unreadable>), Error> {
        let mut services = BTreeMap::new();
        let mut unreadable = Vec::new();
        for (name, folder) in self.folders(environment)? {
            match self.read(&name, &folder) {
                Ok(service) if self.pipeline.layout.by_image() => services.extend(split(&service)),
                Ok(service) => drop(services.insert(name, service)),
                Err(error) if error.is_about_a_file() => {
                    unreadable.push(Unreadable { service: name, error });
                }
                Err(error) => return Err(error),
            }
        }
        Ok((services, unreadable))
    }

    /// One service of `environment` by its exact name.
    pub fn service(&self, environment: &Environment, name: &str) -> Result<Option<Service>, Error> {
        if !self.runs_in(environment, name) {
            return Ok(None);
        }
        if self.pipeline.layout.by_image() {
            let (mut services, unreadable) = self.services(environment)?;
            return match unreadable.into_iter().next() {
                Some(unreadable) => Err(unreadable.error),
                None => Ok(services.remove(name)),
            };
        }
        let folder = self.pipeline.layout.folder(environment, name, &mut |dir| self.list(dir))?;
        folder.map(|folder| self.read(name, &folder)).transpose()
    }

    /// The error for an environment in which the layout finds nothing.
    #[must_use]
    pub fn no_services(&self, environment: &Environment) -> Error {
        let place = self.pipeline.layout.patterns().find_map(|pattern| pattern.place.clone());
        let (environment, roots) = (environment.name.clone(), self.pipeline.layout.roots());
        Error::NoServices { environment, roots, place }
    }

    /// The files of an environment that holds all its images in one place.
    pub fn environment_files(&self, environment: &Environment) -> Result<Option<Service>, Error> {
        let folders = self.folders(environment)?;
        folders.iter().next().map(|(name, folder)| self.read(name, folder)).transpose()
    }

    /// Whether promoter.yaml lets `service` be in `environment`.
    #[must_use]
    pub fn runs_in(&self, environment: &Environment, service: &str) -> bool {
        self.pipeline.is_meant_for(service, &environment.name)
    }

    /// The folders of every service that may be in `environment`.
    pub fn folders(
        &self,
        environment: &Environment,
    ) -> Result<BTreeMap<String, ServiceFolder>, Error> {
        let mut folders = self.pipeline.layout.folders(environment, &mut |dir| self.list(dir))?;
        folders.retain(|service, _| self.runs_in(environment, service));
        Ok(folders)
    }

    /// A folder of the commit, as the layout asks for it.
    pub fn list(&self, folder: &str) -> Result<Option<Vec<Entry>>, Error> {
        let entries = self.snapshot.list(folder)?;
        let entry = |entry: crate::git::Entry| Entry {
            kind: if entry.folder { EntryKind::Folder } else { EntryKind::File },
            name: entry.name,
        };
        Ok(entries.map(|entries| entries.into_iter().map(entry).collect()))
    }

    fn read(&self, name: &str, folder: &ServiceFolder) -> Result<Service, Error> {
        let mut files = Vec::with_capacity(folder.files.len());
        for file in &folder.files {
            let Some(bytes) = self.snapshot.file(&file.path)? else { continue };
            let overlay = Overlay::parse(&file.path, &bytes)?;
            files.push(Rc::new(ServiceFile { below: file.below.clone(), overlay }));
        }
        Ok(Service { name: name.to_owned(), folder: folder.path.clone(), files, image: None })
    }
}

/// One service for each image and remote of an environment's files.
fn split(environment: &Service) -> BTreeMap<String, Service> {
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
