//! What an environment holds at one commit: its services, read from a snapshot.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::error::Error;
use crate::git::Snapshot;
use crate::overlay::Overlay;
use crate::pipeline::{Entry, EntryKind, Environment, Pipeline, ServiceFolder};
use crate::service::{Service, ServiceFile, split};

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
