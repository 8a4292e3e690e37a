//! Pull requests: found, opened, brought up to date, closed.

use std::thread;
use std::time::Duration;

use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::client::{Method, Request, Verb, query_errors};
use super::dialect::DRAFT;
use super::{Dialect, Forge, ForgeError};
use crate::pipeline::MergeMethod;

/// A pull request, as far as promoter looks at it.
#[derive(Clone, Debug, Deserialize)]
pub struct PullRequest {
    /// Its number in the repository.
    pub number: u64,
    /// Where people look at it.
    #[serde(rename = "html_url")]
    pub url: String,
    pub(super) title: String,
    body: Option<String>,
    state: String,
    node_id: Option<String>,
    #[serde(default)]
    merged_at: Option<String>,
    pub(super) head: Reference,
    pub(super) base: Reference,
    user: Option<Account>,
    #[serde(default, deserialize_with = "none_or_all")]
    labels: Vec<Label>,
    #[serde(default, deserialize_with = "none_or_all")]
    requested_reviewers: Vec<Account>,
    #[serde(default, deserialize_with = "none_or_all")]
    requested_teams: Vec<Team>,
    #[serde(default, deserialize_with = "none_or_all")]
    requested_reviewers_teams: Vec<Team>,
    #[serde(default)]
    auto_merge: Option<Value>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Reference {
    /// Of a branch that is there its name.
    #[serde(rename = "ref")]
    pub(super) name: String,
    /// On Gitea the branch, whether it is there or not.
    #[serde(default)]
    pub(super) label: String,
    sha: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Account {
    login: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Team {
    #[serde(default)]
    slug: String,
    /// What Gitea has alone.
    name: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Label {
    name: String,
}

#[derive(Deserialize)]
struct Written {
    user: Option<Account>,
    body: Option<String>,
    #[serde(default)]
    state: String,
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
const LOOKS: u32 = 5;

/// Between two of them, the first time.
const MOMENT: Duration = Duration::from_millis(250);

impl Forge {
    /// The open pull request from `head` into `base`.
    pub fn open_pull_request(
        &self,
        head: &str,
        base: &str,
    ) -> Result<Option<PullRequest>, ForgeError> {
        Ok(self.open_pull_requests(head, base)?.into_iter().next())
    }

    /// All of them, the oldest first: where two open one at the same moment, Gitea lets both.
    fn open_pull_requests(&self, head: &str, base: &str) -> Result<Vec<PullRequest>, ForgeError> {
        let mut open = Vec::new();
        self.find((head, base), "open", |pull| {
            open.push(pull.clone());
            false
        })?;
        open.sort_by_key(|pull| pull.number);
        Ok(open)
    }

    /// Whether a pull request from `head` into `base` was merged when its branch was at `tip`.
    pub fn took(&self, head: &str, base: &str, tip: &str) -> Result<bool, ForgeError> {
        let merged = |pull: &PullRequest| pull.merged_at.is_some() && pull.head.sha == tip;
        Ok(self.find((head, base), "closed", merged)?.is_some())
    }

    fn find(
        &self,
        (head, base): (&str, &str),
        state: &str,
        mut wanted: impl FnMut(&PullRequest) -> bool,
    ) -> Result<Option<PullRequest>, ForgeError> {
        let doing = "list the pull requests";
        let between =
            |pull: &PullRequest| self.dialect.branch(&pull.head) == head && pull.base.name == base;
        for page in 1..=self.dialect.most_pages() {
            let query = self.dialect.query(&self.address.owner, (head, base), state, page);
            let path = format!("{}?{query}", self.path("pulls"));
            let found: Vec<PullRequest> =
                self.client.ask(Request { doing, path: &path, verb: Verb::Get })?;
            let last = found.is_empty();
            let pull = found.into_iter().find(|pull| between(pull) && wanted(pull));
            if last || pull.is_some() {
                return Ok(pull);
            }
        }
        Ok(None)
    }

    /// Opens a pull request from `head` into `base`, or takes the one that someone else opened in
    /// the meantime, or that an attempt whose answer was lost has opened.
    pub fn open_or_adopt(
        &self,
        (head, base): (&str, &str),
        text: &Text,
        draft: bool,
    ) -> Result<Opened, ForgeError> {
        let title = self.dialect.title(&text.title, draft);
        let wanted = json!({
            "title": title, "body": text.body, "head": head, "base": base, "draft": draft,
        });
        let (doing, path) = ("open the pull request", self.path("pulls"));
        for _ in 1..LOOKS {
            if let Some(pull) = self.open_pull_request(head, base)? {
                return Ok(Opened { pull, new: false });
            }
            match self.client.ask(Request { doing, path: &path, verb: Verb::Make(&wanted) }) {
                Ok(pull) => return self.settle((head, base), pull),
                Err(error @ ForgeError::Invalid { .. }) => {
                    // Someone was faster, or it is refused for good: that is told by a look.
                    let pull = self.open_pull_request(head, base)?.ok_or(error)?;
                    return Ok(Opened { pull, new: false });
                }
                Err(error) => survive(error)?,
            }
        }
        let pull = self.client.ask(Request { doing, path: &path, verb: Verb::Make(&wanted) })?;
        self.settle((head, base), pull)
    }

    /// Of several that were opened at the same moment the oldest stays; whoever sees it closes the
    /// others.
    fn settle(&self, (head, base): (&str, &str), made: PullRequest) -> Result<Opened, ForgeError> {
        if self.dialect == Dialect::GitHub {
            return Ok(Opened { pull: made, new: true });
        }
        let mut open = self.open_pull_requests(head, base)?.into_iter();
        let Some(first) = open.next() else { return Ok(Opened { pull: made, new: true }) };
        for other in open {
            let why = format!("#{} is for the same branches.", first.number);
            self.close(&other, &why, &format!("<!-- promoter: see {} -->", first.number))?;
        }
        let new = first.number == made.number;
        Ok(Opened { pull: first, new })
    }

    /// Gives it another title and body. Gitea refuses while someone else does.
    pub fn rewrite(&self, pull: &PullRequest, text: &Text) -> Result<PullRequest, ForgeError> {
        let title = self.dialect.title(&text.title, pull.title.starts_with(DRAFT));
        let body = json!({ "title": title, "body": text.body });
        let mut look = 0;
        loop {
            match self.patch("update the pull request", pull, &body) {
                Err(ForgeError::Invalid { status: 409, .. }) if look < LOOKS => {
                    look += 1;
                    thread::sleep(MOMENT.saturating_mul(look));
                }
                done => return done,
            }
        }
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
        let path = format!("{}/{}", self.path("pulls"), pull.number);
        let reviews = format!("{path}/reviews?per_page=100");
        let doing = "read the reviews";
        let mut reviews: Vec<Written> =
            self.client.ask(Request { doing, path: &reviews, verb: Verb::Get })?;
        // Gitea lists who was asked beside who has answered.
        reviews.retain(|review| review.state != "REQUEST_REVIEW");
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
        let mut said = None;
        for look in 0..LOOKS {
            // Whether it can be merged is found out beside, and not known for the first moments.
            thread::sleep(MOMENT.saturating_mul(look));
            match self.client.tell(Request { doing, path: &path, verb }) {
                Ok(()) => return Ok(None),
                Err(ForgeError::Invalid { words, .. }) if words.contains("already scheduled") => {
                    return Ok(None);
                }
                Err(ForgeError::Failed { status: 405, words, .. }) => said = Some(words),
                Err(error) => return Err(error),
            }
        }
        Ok(said)
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
        let title = self.title.strip_prefix(DRAFT).unwrap_or(&self.title);
        title == text.title && body.trim_end() == text.body.trim_end()
    }

    /// Whether it is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == "open"
    }
}

impl Label {
    /// GitHub takes labels that differ in case for one.
    fn is(&self, label: &str) -> bool {
        self.name.eq_ignore_ascii_case(label)
    }
}

/// A list, which Gitea may call `null` where it is empty.
fn none_or_all<'de, D, T>(from: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::deserialize(from)?.unwrap_or_default())
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
