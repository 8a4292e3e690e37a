//! One request to one answer: with a deadline, a limit on its size, and again where that may help.

use std::thread;
use std::time::Duration;

use http_body_util::{BodyExt as _, Limited};
use jiff::Timestamp;
use octocrab::Octocrab;
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use super::access::Identity;
use super::address::Endpoints;
use super::retry::{self, Attempt, Next};
use super::{Access, Address, ForgeError};
use crate::git::Deadline;
use crate::retry_after::retry_after;

/// No answer needs longer, and one that does is better asked for again.
const PATIENCE: Duration = Duration::from_secs(30);

/// Larger than any answer that is asked for: a hundred pull requests with bodies of 64 KiB.
const LARGEST: usize = 32 << 20;

/// A server that is spoken to as somebody.
pub(super) struct Client {
    runtime: Runtime,
    rest: Octocrab,
    graphql: Octocrab,
    /// The last part of the URL of GraphQL; the client knows the rest.
    graphql_path: String,
    pub(super) host: String,
    deadline: Deadline,
}

/// A request of the REST API.
#[derive(Clone, Copy)]
pub(super) struct Request<'r> {
    /// What it is for, in words that follow "cannot".
    pub(super) doing: &'static str,
    pub(super) path: &'r str,
    pub(super) verb: Verb<'r>,
}

/// What a request does there.
#[derive(Clone, Copy)]
pub(super) enum Verb<'r> {
    /// Reads.
    Get,
    /// Brings something into a state, however often it is said.
    Set(Method, &'r Value),
    /// Makes one more of something: said again only by someone who has looked.
    Make(&'r Value),
}

/// How a state is set.
#[derive(Clone, Copy)]
pub(super) enum Method {
    Patch,
    Post,
}

/// An answer, whole.
struct Answer {
    attempt: Attempt,
    bytes: Vec<u8>,
}

impl Client {
    /// A client that speaks as `access` says; an App gets its token here.
    pub(super) fn open(
        access: &Access,
        address: &Address,
        deadline: Deadline,
    ) -> Result<Self, ForgeError> {
        let identity = access.identity(address)?;
        let ends = access.endpoints(address)?;
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| ForgeError::Client(error.to_string()))?;
        let client = Client::speaking(runtime, &identity, &ends, &address.host, deadline)?;
        match identity {
            Identity::Token(_) => Ok(client),
            Identity::App(..) => {
                let token = client.installation_token(address)?;
                let Client { runtime, host, .. } = client;
                Client::speaking(runtime, &Identity::Token(&token), &ends, &host, deadline)
            }
        }
    }

    fn speaking(
        runtime: Runtime,
        identity: &Identity<'_>,
        ends: &Endpoints,
        host: &str,
        deadline: Deadline,
    ) -> Result<Self, ForgeError> {
        let (base, graphql_path) = match ends.graphql.path().trim_end_matches('/').rsplit_once('/')
        {
            Some((_, last)) => (ends.graphql.join(".").ok(), format!("/{last}")),
            None => (None, String::new()),
        };
        let base = base.ok_or_else(|| ForgeError::Url(ends.graphql.to_string()))?;
        let http = http().map_err(|error| ForgeError::Client(error.to_string()))?;
        // The connections are driven by the runtime that they are made in.
        let made = runtime.block_on(async {
            let open = |base: &str| octocrab(identity, base, &http);
            Ok((open(ends.rest.as_str())?, open(base.as_str())?))
        });
        let (rest, graphql) = made.map_err(|error: octocrab::Error| match error {
            octocrab::Error::JWT { .. } => ForgeError::Key,
            other => ForgeError::Client(chain(&other)),
        })?;
        let host = host.to_owned();
        Ok(Client { runtime, rest, graphql, graphql_path, host, deadline })
    }

    /// Asks, and reads the answer as `T`.
    pub(super) fn ask<T: DeserializeOwned>(&self, request: Request<'_>) -> Result<T, ForgeError> {
        self.read(request.doing, &self.answer(&self.rest, request)?)
    }

    /// Asks, and takes any answer that grants it.
    pub(super) fn tell(&self, request: Request<'_>) -> Result<(), ForgeError> {
        self.answer(&self.rest, request).map(drop)
    }

    /// Asks GraphQL; what it answers, `errors` included.
    pub(super) fn query(&self, doing: &'static str, body: &Value) -> Result<Value, ForgeError> {
        let verb = Verb::Set(Method::Post, body);
        let request = Request { doing, path: &self.graphql_path, verb };
        self.read(doing, &self.answer(&self.graphql, request)?)
    }

    fn read<T: DeserializeOwned>(
        &self,
        doing: &'static str,
        bytes: &[u8],
    ) -> Result<T, ForgeError> {
        serde_json::from_slice(bytes).map_err(|error| ForgeError::Answer {
            host: self.host.clone(),
            doing,
            words: error.to_string(),
        })
    }

    /// Sends until there is an answer to take, or no time for another try.
    fn answer(&self, api: &Octocrab, request: Request<'_>) -> Result<Vec<u8>, ForgeError> {
        let mut number = 0;
        loop {
            number += 1;
            let once = self.once(api, request);
            let attempt = once.as_ref().map_or_else(|_| Attempt::default(), |got| got.attempt);
            let pause = match retry::next(attempt, number, Timestamp::now().as_second()) {
                Next::Limited(pause) if pause >= self.deadline.left()? => {
                    let (host, seconds) = (self.host.clone(), pause.as_secs());
                    return Err(ForgeError::Limited { host, seconds });
                }
                Next::Limited(pause) => pause,
                Next::Again(pause)
                    if !matches!(request.verb, Verb::Make(_))
                        && pause < self.deadline.left()? =>
                {
                    pause
                }
                Next::Again(_) | Next::Take => return self.granted(request.doing, once),
            };
            thread::sleep(pause);
        }
    }

    fn once(&self, api: &Octocrab, request: Request<'_>) -> Result<Answer, String> {
        let patience = self.deadline.left().map_err(|error| error.to_string())?.min(PATIENCE);
        self.runtime.block_on(async {
            match tokio::time::timeout(patience, send(api, request)).await {
                Ok(done) => done,
                Err(_) => Err(format!("no answer within {} seconds", patience.as_secs())),
            }
        })
    }

    fn granted(
        &self,
        doing: &'static str,
        once: Result<Answer, String>,
    ) -> Result<Vec<u8>, ForgeError> {
        let host = self.host.clone();
        let answer = match once {
            Ok(answer) => answer,
            Err(words) => {
                self.deadline.left()?;
                return Err(ForgeError::Cut { host, doing, words });
            }
        };
        let words = words(&answer.bytes);
        Err(match answer.attempt.status.unwrap_or_default() {
            200..=299 => return Ok(answer.bytes),
            401 => ForgeError::Unauthorized { host },
            status @ (403 | 404) => ForgeError::Refused { host, doing, status, words },
            status @ (409 | 422) => ForgeError::Invalid { host, doing, status, words },
            status => ForgeError::Failed { host, doing, status, words },
        })
    }
}

/// Trusts what the machine trusts, and goes through its proxy (`HTTPS_PROXY`, `NO_PROXY`).
fn http() -> reqwest::Result<reqwest::Client> {
    // A second installation changes nothing and says so.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().connect_timeout(PATIENCE).read_timeout(PATIENCE).build()
}

fn octocrab(
    identity: &Identity<'_>,
    base: &str,
    http: &reqwest::Client,
) -> octocrab::Result<Octocrab> {
    let builder = Octocrab::builder().base_uri(base)?;
    let builder = match identity {
        Identity::Token(token) => builder.personal_token((*token).clone()),
        Identity::App(id, key) => builder.app_from_rsa_pem(*id, key.expose_secret().as_bytes())?,
    };
    builder.build_with_reqwest(http.clone())
}

async fn send(api: &Octocrab, request: Request<'_>) -> Result<Answer, String> {
    let sent = match request.verb {
        Verb::Get => api._get(request.path).await,
        Verb::Set(Method::Patch, body) => api._patch(request.path, Some(body)).await,
        Verb::Set(Method::Post, body) | Verb::Make(body) => {
            api._post(request.path, Some(body)).await
        }
    };
    let response = sent.map_err(|error| chain(&error))?;
    let header = |name: &str| response.headers().get(name)?.to_str().ok();
    let number = |name: &str| header(name)?.trim().parse().ok();
    let attempt = Attempt {
        status: Some(response.status().as_u16()),
        retry_after: header("retry-after").and_then(|value| retry_after(value, Timestamp::now())),
        remaining: number("x-ratelimit-remaining"),
        reset: header("x-ratelimit-reset").and_then(|reset| reset.trim().parse().ok()),
        secondary: false,
    };
    let body = Limited::new(response.into_body(), LARGEST).collect().await;
    let bytes = body.map_err(|error| error.to_string())?.to_bytes().to_vec();
    let secondary = documentation(&bytes).contains("secondary-rate-limits");
    Ok(Answer { attempt: Attempt { secondary, ..attempt }, bytes })
}

/// One of the errors of a GraphQL answer; either word may be missing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct QueryError {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) message: String,
}

/// What a GraphQL answer says went wrong, and all of it in words.
pub(super) fn query_errors(answer: &Value) -> (Vec<QueryError>, String) {
    let errors = answer.get("errors").and_then(Value::as_array).into_iter().flatten();
    let errors: Vec<QueryError> =
        errors.filter_map(|error| QueryError::deserialize(error).ok()).collect();
    let words: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    let words = words.join("; ");
    (errors, words)
}

/// Where GitHub says an error is explained.
fn documentation(bytes: &[u8]) -> String {
    let value: Value = serde_json::from_slice(bytes).unwrap_or_default();
    value.get("documentation_url").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// More of what a server says is not shown.
const WORDS: usize = 500;

/// What GitHub says went wrong: its message, and those of its parts.
fn words(bytes: &[u8]) -> String {
    let value: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let message = value.get("message").and_then(Value::as_str);
    let errors = value.get("errors").and_then(Value::as_array).into_iter().flatten();
    let parts = errors.filter_map(|error| match error {
        Value::String(text) => Some(text.clone()),
        other => {
            let field = |name: &str| other.get(name).and_then(Value::as_str);
            let told = field("message").map(str::to_owned);
            told.or_else(|| Some(format!("{}: {}", field("field")?, field("code")?)))
        }
    });
    let all: Vec<String> = message.map(str::to_owned).into_iter().chain(parts).collect();
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    all.join("; ").chars().take(WORDS).map(plain).collect()
}

/// What failed, down to its cause.
fn chain(error: &dyn std::error::Error) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        cause = error.source();
        let said = error.to_string();
        let repeats = cause.is_some_and(|cause| said.ends_with(&cause.to_string()));
        // Of the URL, which is long, the request has its own words.
        let is_the_request = error.is::<reqwest::Error>() && cause.is_some();
        if !repeats && !is_the_request {
            words.push(said);
        }
    }
    words.join(": ")
}
