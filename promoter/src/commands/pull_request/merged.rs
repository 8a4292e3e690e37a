//! Whether anything is under review still, as the branches themselves tell: no forge is asked.

use crate::error::Error;
use crate::git::{Branch, CommitId, Standing, Upstream};

use super::super::Context;
use super::Lane;

impl Context<'_> {
    /// The base of the environment's pull requests as it is now, and the first of their branches
    /// that holds something which the base has not.
    pub(in crate::commands) fn under_review(
        &self,
        branch: &Branch,
        environment: &str,
    ) -> Result<(CommitId, Option<String>), Error> {
        let base = self.repo.upstream(branch)?;
        for lane in [Lane::Promote, Lane::Bump, Lane::Rollback] {
            let head = Upstream { branch: lane(environment).branch(), ..base.clone() };
            if self.is_under_review(branch, &base, &head)? {
                let now = self.repo.fetch(&base, &self.deadline)?;
                return Ok((now, Some(head.short())));
            }
        }
        Ok((self.repo.fetch(&base, &self.deadline)?, None))
    }

    fn is_under_review(
        &self,
        branch: &Branch,
        base: &Upstream,
        head: &Upstream,
    ) -> Result<bool, Error> {
        // The branch first: what it has by now the base, read later, may have too.
        let Some(tip) = self.repo.fetch_if_there(head, &self.deadline)? else { return Ok(false) };
        let deeper = self.connected(branch, base, head)?;
        let repo = deeper.as_ref().unwrap_or(self.repo);
        let now = repo.fetch(base, &self.deadline)?;
        Ok(repo.standing(now, tip)? != Standing::Landed)
    }
}
