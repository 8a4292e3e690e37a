//! Who calls: the token of a request, and the service `auth` that knows whose it is.

mod caller;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use poem::http::{HeaderMap, StatusCode, header};

pub(crate) use caller::{Caller, Writer};

use crate::cli::Failed;
use crate::config;
use crate::limit::PerMinute;
use crate::problem::Problem;
use crate::server::Context;
use crate::users::Username;

/// Longest token that is asked about.
const MOST: usize = 256;

/// Asks `auth`; clones are the same one.
#[derive(Clone)]
pub(crate) struct Identity(Arc<Asker>);

struct Asker {
    client: reqwest::Client,
    address: String,
    timeout: Duration,
    failures: PerMinute,
    write_token_required: bool,
}

/// A client for other services; TLS with the public roots that are compiled in, since an image has none.
pub(crate) fn client() -> Result<reqwest::Client, Failed> {
    let provider = rustls::crypto::ring::default_provider();
    let mut roots = rustls::RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let tls = rustls::ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none());
    Ok(client.no_proxy().build()?)
}

impl Identity {
    pub(crate) fn new(config: &config::Api) -> Result<Self, Failed> {
        Ok(Self(Arc::new(Asker {
            client: client()?,
            address: format!("{}/auth", config.auth_url),
            timeout: config.auth_timeout,
            failures: PerMinute::new(
                config.common.auth_failures_per_minute,
                "too many wrong tokens; wait",
            ),
            write_token_required: config.write_token_required,
        })))
    }

    fn write_token_required(&self) -> bool {
        self.0.write_token_required
    }

    /// The name of the user whose token the request has.
    async fn user(&self, headers: &HeaderMap, context: &Context) -> Result<String, Problem> {
        self.0.failures.check(context.client)?;
        let refused = || {
            self.0.failures.count(context.client);
            Problem::unauthorized()
        };
        let token = token(headers).ok_or_else(refused)?;
        match tokio::time::timeout(self.0.timeout, self.ask(token, context)).await {
            Ok(Ok(Answer::User(name))) => Ok(name),
            Ok(Ok(Answer::Nobody)) => Err(refused()),
            Ok(Ok(Answer::TooMany(after))) => {
                Err(Problem::too_many(after, "too many wrong tokens; wait"))
            }
            Ok(Ok(Answer::Other(status))) => Err(away(&format_args!("it answered {status}"))),
            Ok(Err(error)) => Err(away(&error.without_url())),
            Err(_) => Err(away(&"no answer in time")),
        }
    }

    async fn ask(&self, token: &str, context: &Context) -> reqwest::Result<Answer> {
        let request = self
            .0
            .client
            .post(&self.0.address)
            .header("x-request-id", context.request_id.clone())
            .header("traceparent", context.ids.traceparent())
            .header("x-forwarded-for", forwarded(context.client))
            .form(&[("token", token)]);
        let answer = request.send().await?;
        Ok(match answer.status() {
            StatusCode::OK => match answer.text().await? {
                name if Username::parse(&name).is_ok() => Answer::User(name),
                // Not the service that is meant, whoever answers there.
                _ => Answer::Other(StatusCode::OK),
            },
            StatusCode::UNAUTHORIZED | StatusCode::BAD_REQUEST => Answer::Nobody,
            StatusCode::TOO_MANY_REQUESTS => Answer::TooMany(retry_after(answer.headers())),
            status => Answer::Other(status),
        })
    }
}

/// What `auth` said.
enum Answer {
    User(String),
    Nobody,
    TooMany(Duration),
    Other(StatusCode),
}

fn away(why: &dyn std::fmt::Display) -> Problem {
    tracing::warn!(error = %why, "auth is away");
    Problem::unavailable("the service auth")
}

fn forwarded(client: IpAddr) -> String {
    client.to_string()
}

fn retry_after(headers: &HeaderMap) -> Duration {
    let seconds =
        headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    Duration::from_secs(seconds.unwrap_or(1))
}

/// `Authorization: TOKEN` or `Authorization: Bearer TOKEN`; printable ASCII without spaces.
fn token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?.trim();
    let token = match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim_start(),
        Some(_) => return None,
        None => value,
    };
    let printable = token.bytes().all(|byte| byte.is_ascii_graphic());
    (printable && (1..=MOST).contains(&token.len())).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens() {
        let check = |value: &str, expected: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            assert_eq!(token(&headers), expected, "{value}");
        };
        check("mytoken", Some("mytoken"));
        check("Bearer mytoken", Some("mytoken"));
        check("bearer  mytoken ", Some("mytoken"));
        check("Basic bXl0b2tlbg==", None);
        check("Bearer my token", None);
        check("", None);
        check(&"a".repeat(257), None);
        assert_eq!(token(&HeaderMap::new()), None);
    }

    #[test]
    fn auth_says_how_long_to_wait() {
        let check = |value: Option<&str>, seconds: u64| {
            let mut headers = HeaderMap::new();
            if let Some(value) = value {
                headers.insert(header::RETRY_AFTER, value.parse().unwrap());
            }
            assert_eq!(retry_after(&headers), Duration::from_secs(seconds), "{value:?}");
        };
        check(Some("30"), 30);
        check(Some("Fri, 31 Dec 1999 23:59:59 GMT"), 1);
        check(None, 1);
    }
}
