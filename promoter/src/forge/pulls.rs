//! Pull requests: found, opened, brought up to date, closed; `review` has what comes after.

use std::thread;
use std::time::Duration;

use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::client::{Method, Request, Verb};
use super::dialect::DRAFT;
use super::{Dialect, Forge, ForgeError};

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
    pub(super) node_id: Option<String>,
    #[serde(default)]
    merged_at: Option<String>,
    pub(super) head: Reference,
    pub(super) base: Reference,
    pub(super) user: Option<Account>,
    #[serde(default, deserialize_with = "none_or_all")]
    pub(super) labels: Vec<Label>,
    #[serde(default, deserialize_with = "none_or_all")]
    pub(super) requested_reviewers: Vec<Account>,
    #[serde(default, deserialize_with = "none_or_all")]
    pub(super) requested_teams: Vec<Team>,
    #[serde(default, deserialize_with = "none_or_all")]
    pub(super) requested_reviewers_teams: Vec<Team>,
    #[serde(default)]
    pub(super) auto_merge: Option<Value>,
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
pub(super) struct Account {
    pub(super) login: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Team {
    #[serde(default)]
    pub(super) slug: String,
    /// What Gitea has alone.
    pub(super) name: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Label {
    name: String,
}

#[derive(Deserialize)]
pub(super) struct Written {
    pub(super) user: Option<Account>,
    body: Option<String>,
    #[serde(default)]
    pub(super) state: String,
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
        let busy = |error: &ForgeError| matches!(error, ForgeError::Invalid { status: 409, .. });
        patiently(busy, || self.patch("update the pull request", pull, &body))
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

    fn patch(
        &self,
        doing: &'static str,
        pull: &PullRequest,
        body: &Value,
    ) -> Result<PullRequest, ForgeError> {
        let path = format!("{}/{}", self.path("pulls"), pull.number);
        self.client.ask(Request { doing, path: &path, verb: Verb::Set(Method::Patch, body) })
    }

    pub(super) fn path(&self, what: &str) -> String {
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
    pub(super) fn is(&self, label: &str) -> bool {
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

/// Asks again, a few times, while the server is busy with the pull request itself.
pub(super) fn patiently<T>(
    busy: impl Fn(&ForgeError) -> bool,
    ask: impl Fn() -> Result<T, ForgeError>,
) -> Result<T, ForgeError> {
    for look in 1..=LOOKS {
        match ask() {
            Err(error) if busy(&error) => thread::sleep(MOMENT.saturating_mul(look)),
            done => return done,
        }
    }
    ask()
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
