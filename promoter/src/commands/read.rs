//! The first step of every story: a commit, and the configuration it carries.

use std::fs;
use std::rc::Rc;

use crate::error::Error;
use crate::git::{Branch, CommitId};
use crate::inventory::Inventory;
use crate::pipeline::{Delivery, Pipeline};

use super::{Context, Warning};

/// Where the configuration stands in a repository.
pub(super) const CONFIGURATION: &str = "promoter.yaml";

impl<'r> Context<'r> {
    /// The branch that is read and moved.
    pub(super) fn branch(&self) -> Result<Branch, Error> {
        Ok(self.repo.branch(self.branch.as_deref())?)
    }

    /// The newest commit of the branch, for commands that only read.
    pub(super) fn read(&self) -> Result<(Inventory<'r>, Vec<Warning>), Error> {
        let branch = self.branch()?;
        let inventory = self.inventory(self.repo.tip(&branch)?)?;
        let warnings = self.warnings(&branch, &inventory);
        Ok((inventory, warnings))
    }

    /// What environments hold at `commit`, by the configuration of that commit.
    pub(super) fn inventory(&self, commit: CommitId) -> Result<Inventory<'r>, Error> {
        let snapshot = self.repo.snapshot(commit)?;
        let pipeline = match (&self.config, snapshot.file(CONFIGURATION)?) {
            (Some(config), _) => Pipeline::parse(&config.path, &config.bytes)?,
            (None, Some(bytes)) => Pipeline::parse(CONFIGURATION, &bytes)?,
            (None, None) => {
                let folders = snapshot.list("environments")?.unwrap_or_default();
                let names =
                    folders.into_iter().filter(|entry| entry.folder).map(|entry| entry.name);
                Pipeline::default_for(&names.collect::<Vec<_>>()).map_err(|_| {
                    Error::NoConfiguration {
                        commit: commit.short(),
                        uncommitted: !self.repo.is_bare()
                            && self.repo.root().join(CONFIGURATION).exists(),
                    }
                })?
            }
        };
        Ok(Inventory { snapshot, pipeline: Rc::new(pipeline) })
    }

    /// What environments held at an older `commit`: by its own configuration, or by the newer one
    /// `like` where it has none yet.
    pub(super) fn inventory_like(
        &self,
        commit: CommitId,
        like: &Rc<Pipeline>,
    ) -> Result<Inventory<'r>, Error> {
        let snapshot = self.repo.snapshot(commit)?;
        if self.config.is_none() && snapshot.id(CONFIGURATION)?.is_some() {
            return self.inventory(commit);
        }
        Ok(Inventory { snapshot, pipeline: Rc::clone(like) })
    }

    /// What the user should know about the commit that was read.
    pub(super) fn warnings(&self, branch: &Branch, inventory: &Inventory<'_>) -> Vec<Warning> {
        let mut warnings = self.configuration_warnings(inventory);
        if let Some((upstream, commits)) = self.repo.behind(branch) {
            let (branch, upstream) = (branch.short().to_owned(), upstream.short());
            warnings.push(Warning::Behind { branch, upstream, commits });
        }
        warnings
    }

    /// Whether another configuration was read than the one that lies there.
    pub(super) fn configuration_warnings(&self, inventory: &Inventory<'_>) -> Vec<Warning> {
        match &self.config {
            Some(config) => vec![Warning::Configuration { path: config.path.clone() }],
            None if self.differs_on_disk(inventory) => vec![Warning::ConfigurationDiffers],
            None => Vec::new(),
        }
    }

    fn differs_on_disk(&self, inventory: &Inventory<'_>) -> bool {
        if self.repo.is_bare() {
            return false;
        }
        let on_disk = fs::read(self.repo.root().join(CONFIGURATION)).ok();
        let committed = inventory.snapshot.file(CONFIGURATION).ok().flatten();
        on_disk != committed
    }

    /// How a change of `environment` reaches the branch: the flag, else promoter.yaml, else a
    /// commit.
    pub(super) fn delivery(
        &self,
        flag: Option<Delivery>,
        branch: &Branch,
        environment: &str,
    ) -> Result<Delivery, Error> {
        if let Some(delivery) = flag {
            return Ok(delivery);
        }
        let inventory = self.inventory(self.repo.tip(branch)?)?;
        let environment = inventory.pipeline.environment(environment)?;
        Ok(environment.deliver.unwrap_or(Delivery::Commit))
    }
}
