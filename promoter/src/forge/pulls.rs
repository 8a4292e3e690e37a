//! Pull requests: found, opened, brought up to date, closed.

use serde::Deserialize;
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use super::client::{Method, Request, Verb, query_errors};
use super::{Forge, ForgeError};
use crate::pipeline::MergeMethod;

/// A pull request, as far as promoter looks at it.
#[derive(Clone, Debug, Deserialize)]
pub struct PullRequest {
    /// Its number in the repository.
    pub number: u64,
    /// Where people look at it.
    #[serde(rename = "html_url")]
    pub url: String,
    title: String,
    body: Option<String>,
    state: String,
    node_id: String,
    #[serde(default)]
    merged_at: Option<String>,
    head: Reference,
    base: Reference,
    user: Option<Account>,
    #[serde(default)]
    labels: Vec<Label>,
    #[serde(default)]
    requested_reviewers: Vec<Account>,
    #[serde(default)]
    requested_teams: Vec<Team>,
    #[serde(default)]
    auto_merge: Option<Value>,
}

#[derive(Clone, Debug, Deserialize)]
struct Reference {
    #[serde(rename = "ref")]
    name: String,
    sha: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Account {
    login: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Team {
    slug: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Label {
    name: String,
}

#[derive(Deserialize)]
struct Written {
    user: Option<Account>,
    body: Option<String>,
}

/// What a pull request says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// One line, at most 256 characters.
    pub title: String,
    /// Markdown, at most 65,536 characters.
    pub body: String,
}

/// A pull request that is there, and whether it was before.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The pull request.
    pub pull: PullRequest,
    /// Whether this opened it.
    pub new: bool,
}

/// Answers that were lost are asked for so often; each time after a look.
const LOOKS: usize = 5;

impl Forge {
    /// The open pull request from `head` into `base`.
    pub fn open_pull_request(
        &self,
        head: &str,
        base: &str,
    ) -> Result<Option<PullRequest>, ForgeError> {
        Ok(self.pulls(head, base, "open")?.into_iter().next())
    }

    /// Whether a pull request from `head` into `base` was merged when its branch was at `tip`.
    pub fn took(&self, head: &str, base: &str, tip: &str) -> Result<bool, ForgeError> {
        let closed = self.pulls(head, base, "closed")?;
        Ok(closed.iter().any(|pull| pull.merged_at.is_some() && pull.head.sha == tip))
    }

    fn pulls(&self, head: &str, base: &str, state: &str) -> Result<Vec<PullRequest>, ForgeError> {
        let owned = format!("{}:{head}", self.address.owner);
        let query = Serializer::new(String::new())
            .append_pair("state", state)
            .append_pair("head", &owned)
            .append_pair("base", base)
            .append_pair("per_page", "100")
            .finish();
        let path = format!("{}?{query}", self.path("pulls"));
        let mut found: Vec<PullRequest> = self.client.ask(Request {
            doing: "list the pull requests",
            path: &path,
            verb: Verb::Get,
        })?;
        found.retain(|pull| pull.head.name == head && pull.base.name == base);
        Ok(found)
    }

    /// Opens a pull request from `head` into `base`, or takes the one that someone else opened in
    /// the meantime, or that an attempt whose answer was lost has opened.
    pub fn open_or_adopt(
        &self,
        (head, base): (&str, &str),
        text: &Text,
        draft: bool,
    ) -> Result<Opened, ForgeError> {
        let wanted = json!({
            "title": text.title, "body": text.body, "head": head, "base": base, "draft": draft,
        });
        let (doing, path) = ("open the pull request", self.path("pulls"));
        for _ in 1..LOOKS {
            if let Some(pull) = self.open_pull_request(head, base)? {
                return Ok(Opened { pull, new: false });
            }
            match self.client.ask(Request { doing, path: &path, verb: Verb::Make(&wanted) }) {
                Ok(pull) => return Ok(Opened { pull, new: true }),
                Err(error @ ForgeError::Invalid { .. }) => {
                    // Someone was faster, or it is refused for good: that is told by a look.
                    let pull = self.open_pull_request(head, base)?.ok_or(error)?;
                    return Ok(Opened { pull, new: false });
                }
                Err(error) => survive(error)?,
            }
        }
        let pull = self.client.ask(Request { doing, path: &path, verb: Verb::Make(&wanted) })?;
        Ok(Opened { pull, new: true })
    }

    /// Gives it another title and body.
    pub fn rewrite(&self, pull: &PullRequest, text: &Text) -> Result<PullRequest, ForgeError> {
        let body = json!({ "title": text.title, "body": text.body });
        self.patch("update the pull request", pull, &body)
    }

    /// Closes it, with a comment that says why. `marker` is a comment of HTML that tells this
    /// reason from any other, so that it is given once.
    pub fn close(&self, pull: &PullRequest, why: &str, marker: &str) -> Result<(), ForgeError> {
        let path = format!("{}/{}/comments", self.path("issues"), pull.number);
        let said = json!({ "body": format!("{why}\n\n{marker}") });
        for _ in 0..LOOKS {
            let newest = format!("{path}?per_page=100");
            let doing = "read the comments";
            let comments: Vec<Written> =
                self.client.ask(Request { doing, path: &newest, verb: Verb::Get })?;
            let mut bodies = comments.iter().filter_map(|comment| comment.body.as_deref());
            if bodies.any(|body| body.contains(marker)) {
                break;
            }
            let doing = "comment on the pull request";
            match self.client.tell(Request { doing, path: &path, verb: Verb::Make(&said) }) {
                Ok(()) => break,
                Err(error) => survive(error)?,
            }
        }
        let closed = json!({ "state": "closed" });
        self.patch("close the pull request", pull, &closed).map(drop)
    }

    /// Adds those of `labels` that it lacks.
    pub fn label(&self, pull: &PullRequest, labels: &[String]) -> Result<(), ForgeError> {
        // GitHub takes labels that differ in case for one.
        let has = |label: &&String| {
            pull.labels.iter().any(|known| known.name.eq_ignore_ascii_case(label))
        };
        let missing: Vec<&String> = labels.iter().filter(|label| !has(label)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let path = format!("{}/{}/labels", self.path("issues"), pull.number);
        let body = json!({ "labels": missing });
        let verb = Verb::Set(Method::Post, &body);
        self.client.tell(Request { doing: "label the pull request", path: &path, verb })
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
        let team = |slug: &str| pull.requested_teams.iter().any(|team| team.slug == slug);
        let mut people: Vec<&String> = people.iter().filter(|login| !asked(login)).collect();
        let teams: Vec<&String> = teams.iter().filter(|slug| !team(slug)).collect();
        if people.is_empty() && teams.is_empty() {
            return Ok(());
        }
        let path = format!("{}/{}", self.path("pulls"), pull.number);
        let reviews = format!("{path}/reviews?per_page=100");
        let doing = "read the reviews";
        let reviews: Vec<Written> =
            self.client.ask(Request { doing, path: &reviews, verb: Verb::Get })?;
        let reviewed = |login: &str| {
            reviews.iter().filter_map(|review| review.user.as_ref()).any(|user| is(user, login))
        };
        people.retain(|login| !reviewed(login));
        // Who reviewed for a team is not told, so a team is asked as long as nobody has reviewed.
        let teams = if reviews.is_empty() { teams } else { Vec::new() };
        if people.is_empty() && teams.is_empty() {
            return Ok(());
        }
        let path = format!("{path}/requested_reviewers");
        let body = json!({ "reviewers": people, "team_reviewers": teams });
        let verb = Verb::Set(Method::Post, &body);
        self.client.tell(Request { doing: "ask for reviews", path: &path, verb })
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

    fn patch(
        &self,
        doing: &'static str,
        pull: &PullRequest,
        body: &Value,
    ) -> Result<PullRequest, ForgeError> {
        let path = format!("{}/{}", self.path("pulls"), pull.number);
        self.client.ask(Request { doing, path: &path, verb: Verb::Set(Method::Patch, body) })
    }

    fn path(&self, what: &str) -> String {
        format!("/repos/{}/{}/{what}", self.address.owner, self.address.name)
    }
}

impl PullRequest {
    /// Whether it says this already. GitHub may give line ends back as CRLF.
    #[must_use]
    pub fn says(&self, text: &Text) -> bool {
        let body = self.body.as_deref().unwrap_or_default().replace("\r\n", "\n");
        self.title == text.title && body.trim_end() == text.body.trim_end()
    }

    /// Whether it is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == "open"
    }
}

/// After a request that may have been granted without our hearing of it: nothing, as a look can
/// tell.
fn survive(error: ForgeError) -> Result<(), ForgeError> {
    match error {
        ForgeError::Cut { .. } => Ok(()),
        ForgeError::Failed { status, .. } if status >= 500 => Ok(()),
        other => Err(other),
    }
}
