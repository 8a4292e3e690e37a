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
        let mut tips = Vec::new();
        for lane in [Lane::Promote, Lane::Bump, Lane::Rollback] {
            let head = Upstream { branch: lane(environment).branch(), ..base.clone() };
            let tip = self.repo.fetch_if_there(&head, &self.deadline)?;
            tips.extend(tip.map(|tip| (head, tip)));
        }
        // The branches first: what they have by now the base, read later, may have too.
        let now = self.repo.fetch(&base, &self.deadline)?;
        for (head, tip) in tips {
            let shallow = self.repo.is_shallow();
            let deeper = shallow.then(|| self.connected(branch, now, Some(tip))).transpose()?;
            let repo = deeper.as_ref().unwrap_or(self.repo);
            if repo.standing(now, tip)? != Standing::Landed {
                return Ok((now, Some(head.short())));
            }
        }
        Ok((now, None))
    }
}
