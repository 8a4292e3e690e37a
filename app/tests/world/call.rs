//! One request, written as data.

use std::fmt::Display;
use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::request::Builder;
use ureq::http::{HeaderValue, Request};

use super::{Answer, LIMIT, Service};

/// A request to a service.
pub(crate) struct Call {
    builder: Builder,
    path: String,
    body: Option<Vec<u8>>,
}

/// An agent that reports every status as an answer and keeps connections.
pub(crate) fn agent() -> Agent {
    let config = Agent::config_builder().http_status_as_error(false).max_redirects(0);
    let config = config.allow_non_standard_methods(true).timeout_global(Some(LIMIT));
    config.max_idle_age(Duration::from_secs(5)).proxy(None).build().new_agent()
}

impl Call {
    /// A request without header fields and body.
    pub(crate) fn new(method: &str, path: impl Display) -> Self {
        Call { builder: Request::builder().method(method), path: path.to_string(), body: None }
    }

    /// `GET`.
    pub(crate) fn get(path: impl Display) -> Self {
        Call::new("GET", path)
    }

    /// `POST`.
    pub(crate) fn post(path: impl Display) -> Self {
        Call::new("POST", path)
    }

    /// `PUT`.
    pub(crate) fn put(path: impl Display) -> Self {
        Call::new("PUT", path)
    }

    /// `DELETE`.
    pub(crate) fn delete(path: impl Display) -> Self {
        Call::new("DELETE", path)
    }

    /// With a header field.
    pub(crate) fn header(mut self, name: &str, value: impl Display) -> Self {
        self.builder = self.builder.header(name, value.to_string());
        self
    }

    /// With a header field of any bytes that may be sent.
    pub(crate) fn raw_header(mut self, name: &str, value: HeaderValue) -> Self {
        self.builder = self.builder.header(name, value);
        self
    }

    /// With `Authorization: Bearer`.
    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// With a body of this content type.
    pub(crate) fn body(self, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        Call { body: Some(body.into()), ..self.header("content-type", kind) }
    }

    /// With a JSON body.
    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// With one field of a form, its value percent-encoded.
    pub(crate) fn form(self, name: &str, value: &str) -> Self {
        let encode = |byte| format!("%{byte:02X}");
        let value: String = value.bytes().map(encode).collect();
        self.body("application/x-www-form-urlencoded", format!("{name}={value}"))
    }

    /// Sends it; `Err` is no answer at all.
    pub(crate) fn try_send(self, agent: &Agent, base: &str) -> Result<Answer, ureq::Error> {
        let builder = self.builder.uri(format!("{base}{}", self.path));
        let answer = match self.body {
            Some(body) => agent.run(builder.body(body)?)?,
            None => agent.run(builder.body(())?)?,
        };
        let (head, mut body) = answer.into_parts();
        let body = body.with_config().limit(64 << 20).read_to_vec()?;
        Ok(Answer { status: head.status.as_u16(), headers: head.headers, body })
    }

    /// Sends what may be refused before it leaves, and whatever the answer is.
    pub(crate) fn try_send_to(self, service: &Service) {
        self.try_send(&agent(), &service.url()).ok();
    }
}
