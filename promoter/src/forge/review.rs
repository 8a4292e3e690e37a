//! What people do with a pull request: labels, reviewers, and the merge once all is there.

use serde_json::json;

use super::client::{Method, Request, Verb, query_errors};
use super::pulls::{Account, Label, PullRequest, Written, patiently};
use super::{Dialect, Forge, ForgeError};
use crate::pipeline::MergeMethod;

impl Forge {
    /// Adds those of `labels` that it lacks.
    pub fn label(&self, pull: &PullRequest, labels: &[String]) -> Result<(), ForgeError> {
        let has = |label: &&String| pull.labels.iter().any(|known| known.is(label));
        let missing: Vec<&String> = labels.iter().filter(|label| !has(label)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let path = format!("{}/{}/labels", self.path("issues"), pull.number);
        let body = json!({ "labels": missing });
        let (doing, verb) = ("label the pull request", Verb::Set(Method::Post, &body));
        let given: Vec<Label> = self.client.ask(Request { doing, path: &path, verb })?;
        let unknown = |label: &&&String| given.iter().all(|one| !one.is(label));
        let unknown: Vec<&str> = missing.iter().filter(unknown).map(|one| one.as_str()).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let words = format!("the repository has no label {}", unknown.join(", "));
        Err(ForgeError::Denied { host: self.address.host.clone(), doing, words })
    }

    /// Asks those of `people` and `teams` to review who were not asked and have not reviewed; its
    /// author is never asked.
    pub fn request_review(
        &self,
        pull: &PullRequest,
        people: &[String],
        teams: &[String],
    ) -> Result<(), ForgeError> {
        let is = |account: &Account, login: &str| account.login.eq_ignore_ascii_case(login);
        let asked = |login: &str| {
            let known = pull.requested_reviewers.iter().chain(&pull.user);
            known.into_iter().any(|account| is(account, login))
        };
        let all = || pull.requested_teams.iter().chain(&pull.requested_reviewers_teams);
        let team = |name: &str| all().any(|team| team.slug == name || team.name == name);
        let mut people: Vec<&String> = people.iter().filter(|login| !asked(login)).collect();
        let teams: Vec<&String> = teams.iter().filter(|slug| !team(slug)).collect();
        if people.is_empty() && teams.is_empty() {
            return Ok(());
        }
        let reviews = self.reviews(pull)?;
        let reviewed = |login: &str| {
            reviews.iter().filter_map(|review| review.user.as_ref()).any(|user| is(user, login))
        };
        people.retain(|login| !reviewed(login));
        // Who reviewed for a team is not told, so a team is asked as long as nobody has reviewed.
        let teams = if reviews.is_empty() { teams } else { Vec::new() };
        if people.is_empty() && teams.is_empty() {
            return Ok(());
        }
        let path = format!("{}/{}/requested_reviewers", self.path("pulls"), pull.number);
        let body = json!({ "reviewers": people, "team_reviewers": teams });
        let verb = Verb::Set(Method::Post, &body);
        self.client.tell(Request { doing: "ask for reviews", path: &path, verb })
    }

    fn reviews(&self, pull: &PullRequest) -> Result<Vec<Written>, ForgeError> {
        let path = format!("{}/{}/reviews?per_page=100", self.path("pulls"), pull.number);
        let request = Request { doing: "read the reviews", path: &path, verb: Verb::Get };
        let mut reviews: Vec<Written> = self.client.ask(request)?;
        // Gitea lists who was asked beside who has answered.
        reviews.retain(|review| review.state != "REQUEST_REVIEW");
        Ok(reviews)
    }

    /// Has it merged as soon as everything required is there. Where that is not allowed, what the
    /// server says of it.
    pub fn merge_when_ready(
        &self,
        pull: &PullRequest,
        method: MergeMethod,
    ) -> Result<Option<String>, ForgeError> {
        if pull.auto_merge.is_some() {
            return Ok(None);
        }
        if self.dialect == Dialect::Gitea {
            return self.schedule_merge(pull, method);
        }
        let query = "mutation($pull: ID!, $method: PullRequestMergeMethod!) {\n  \
             enablePullRequestAutoMerge(input: { pullRequestId: $pull, mergeMethod: $method }) {\n    \
             pullRequest { id }\n  }\n}";
        let method = method.as_str().to_ascii_uppercase();
        let variables = json!({ "pull": pull.node_id, "method": method });
        let body = json!({ "query": query, "variables": variables });
        let answer = self.client.query("enable auto-merge", &body)?;
        let (_, words) = query_errors(&answer);
        Ok(Some(words).filter(|words| !words.is_empty()))
    }

    /// Gitea's way: scheduled once, and merged at once where nothing is missing.
    fn schedule_merge(
        &self,
        pull: &PullRequest,
        method: MergeMethod,
    ) -> Result<Option<String>, ForgeError> {
        let path = format!("{}/{}/merge", self.path("pulls"), pull.number);
        let body = json!({ "Do": method.as_str(), "merge_when_checks_succeed": true });
        let (doing, verb) = ("merge the pull request", Verb::Set(Method::Post, &body));
        // Whether it can be merged is found out beside, and not known for the first moments.
        let busy = |error: &ForgeError| matches!(error, ForgeError::Failed { status: 405, .. });
        match patiently(busy, || self.client.tell(Request { doing, path: &path, verb })) {
            Ok(()) => Ok(None),
            Err(ForgeError::Invalid { words, .. }) if words.contains("already scheduled") => {
                Ok(None)
            }
            Err(ForgeError::Failed { status: 405, words, .. }) => Ok(Some(words)),
            Err(error) => Err(error),
        }
    }
}
