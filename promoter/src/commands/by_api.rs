//! The delivery that needs no clone and no key: the forge makes the commit on its branch, and signs
//! it. The head that is expected makes it a compare-and-set.

use std::thread;
use std::time::Instant;

use crate::error::Error;
use crate::forge::{Draft, Forge, ForgeError, Made};
use crate::git::Branch;
use crate::inventory::Inventory;

use super::Context;
use super::deliver::{Delivered, Proposal, Race};

impl Context<'_> {
    /// Plans on the newest commit and has it made; plans again whenever the branch moved in
    /// between. Whether it landed is told by the branch, whatever became of the answer.
    pub(super) fn deliver_by_api(
        &self,
        branch: &Branch,
        mut plan: impl FnMut(&Inventory<'_>) -> Result<Option<Proposal>, Error>,
    ) -> Result<Delivered, Error> {
        let upstream = self.repo.upstream(branch)?;
        let urls = self.repo.urls(&upstream.remote);
        let forge = Forge::open(&self.forge, &upstream.remote, &urls, self.deadline)?;
        let mut delivered = Delivered::to(&upstream.short());
        let mut race = Race::default();
        loop {
            let begun = Instant::now();
            let base = self.repo.fetch(&upstream, &self.deadline)?;
            let inventory = self.inventory(base)?;
            let Some(Proposal { files, message }) = plan(&inventory)? else {
                return Ok(delivered);
            };
            let tree = inventory.snapshot.tree_with(&files)?;
            let (text, base_id) = (message.render(), base.to_string());
            let draft =
                Draft { branch: &upstream.branch, base: &base_id, message: &text, files: &files };
            message.subject().clone_into(&mut delivered.subject);
            delivered.pushes += 1;
            let made = forge.commit(&draft);
            delivered.paths = files.into_keys().collect();
            if made.as_ref().map_or_else(ForgeError::leaves_open, |_| true) {
                let tip = self.repo.fetch(&upstream, &self.deadline)?;
                if let Some(commit) = self.repo.child_with(tip, base, tree)? {
                    return Ok(delivered.pushed_at(commit));
                }
            }
            match made? {
                Made::Moved => {}
                Made::Landed => return Err(ForgeError::Another(forge.address.host.clone()).into()),
            }
            thread::sleep(race.pause(begun.elapsed()).min(self.deadline.left()?));
        }
    }
}
