//! `api smoke`: every endpoint of a running service, called as a client would.

use std::time::{Duration, Instant};

use clap::Args;
use jiff::Timestamp;
use poem::http::StatusCode;
use reqwest::{Client, Method, RequestBuilder, Response};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use crate::cli::Failed;
use crate::health::{COMMIT, VERSION};
use crate::{config, identity};

/// Where to look, and whether to leave a record.
#[derive(Args, Clone, Debug)]
pub(crate) struct Smoke {
    /// Where the service is, for instance `http://127.0.0.1:8080`.
    #[arg(value_parser = config::http_url)]
    url: String,
    /// Where `/healthz`, `/readyz` and `/version` are, when not there.
    #[arg(long, value_name = "URL", value_parser = config::http_url)]
    admin: Option<String>,
    /// Record the deployment that was found; needs a token.
    #[arg(long, requires = "environment")]
    record: bool,
    /// Record this program's own release, as soon as the service is of it: for a while after a
    /// deployment, a pod of the release before may answer still.
    #[arg(long, requires = "record")]
    this_release: bool,
    /// The environment that the record names.
    #[arg(long, env = "ENVIRONMENT", value_name = "NAME")]
    environment: Option<String>,
    /// A token that may write.
    #[arg(long, env = "SMOKE_TOKEN", value_name = "SMOKE_TOKEN", hide_env_values = true)]
    token: Option<SecretString>,
    /// A file that holds `SMOKE_TOKEN`.
    #[arg(long, env = "SMOKE_TOKEN_FILE", value_name = "SMOKE_TOKEN_FILE")]
    token_file: Option<std::path::PathBuf>,
}

const LIMIT: Duration = Duration::from_secs(10);
/// A pod that is to end answers no longer than this.
const PATIENCE: Duration = Duration::from_secs(30);
/// A name that no one else uses.
const NAME: &str = "smoke-test";

impl Smoke {
    /// One line for each call; fails with how many were wrong.
    pub(crate) fn run(&self) -> Result<(), Failed> {
        let token = config::secret("SMOKE_TOKEN", self.token.as_ref(), self.token_file.as_ref())?;
        let run = Run { client: identity::client()?, smoke: self, token };
        tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(run.all())
    }
}

struct Run<'a> {
    client: Client,
    smoke: &'a Smoke,
    token: Option<SecretString>,
}

/// What is expected of an answer's body.
type Expected = fn(&str) -> bool;

fn absent(text: &str) -> bool {
    text.contains("404")
}

impl Run<'_> {
    async fn all(&self) -> Result<(), Failed> {
        let mut wrong = 0;
        for (method, path, status, expected) in self.calls() {
            let answer = self.call(method.clone(), path).await;
            wrong += usize::from(!told(&method, path, status, expected, answer).await?);
        }
        if self.smoke.record {
            wrong += usize::from(!self.record().await?);
        }
        if wrong == 0 {
            Ok(())
        } else {
            Err(format!("{wrong} calls were not answered as they should be").into())
        }
    }

    fn calls(&self) -> Vec<(Method, &'static str, &'static [u16], Expected)> {
        // Without a token that may write, a service that asks for one says so, and that is right.
        let writes: (&[u16], &[u16]) = if self.token.is_some() {
            (&[200, 201], &[204])
        } else {
            (&[200, 201, 401], &[204, 401])
        };
        let jobs: &[u16] = if self.token.is_some() { &[200, 403] } else { &[401] };
        // They are not for the outside: from there it is right that they are not found.
        let system: &[u16] = if self.inside() { &[200] } else { &[200, 404] };
        vec![
            (Method::GET, "/healthz", system, |text| text.contains("ok") || absent(text)),
            (Method::GET, "/readyz", system, |text| text.contains("ready") || absent(text)),
            (Method::GET, "/version", system, |text| text.contains("version") || absent(text)),
            (Method::GET, "/", &[200], |text| text.contains("Automate all the things!")),
            (Method::GET, "/hello", &[200], |text| text == "Hello there"),
            (Method::POST, "/jobs", jobs, |_| true),
            (Method::PUT, "/api/v1/timestamps/smoke-test", writes.0, |_| true),
            (Method::GET, "/api/v1/timestamps", &[200], |text| text.starts_with('[')),
            (
                Method::GET,
                "/api/v1/timestamps/smoke-test",
                if self.token.is_some() { &[200] } else { &[200, 404] },
                |text| text.contains(NAME) || text.contains("404"),
            ),
            (Method::DELETE, "/api/v1/timestamps/smoke-test", writes.1, |_| true),
            (Method::GET, "/api/v1/records", &[200], |text| text.starts_with('[')),
            (Method::GET, "/api/v1/records/9223372036854775807", &[204], str::is_empty),
            (Method::GET, "/openapi.json", &[200], |text| text.contains("\"openapi\"")),
            (Method::GET, "/docs/", &[200], |text| text.contains("swagger-ui")),
        ]
    }

    fn inside(&self) -> bool {
        self.smoke.admin.is_some() || self.smoke.record
    }

    async fn call(&self, method: Method, path: &str) -> reqwest::Result<Response> {
        let system = ["/healthz", "/readyz", "/version"].contains(&path);
        let base = self.smoke.admin.as_ref().filter(|_| system).unwrap_or(&self.smoke.url);
        self.with_token(self.client.request(method, format!("{base}{path}"))).send().await
    }

    fn with_token(&self, request: RequestBuilder) -> RequestBuilder {
        let request = request.timeout(LIMIT);
        match &self.token {
            Some(token) => request.bearer_auth(token.expose_secret()),
            None => request,
        }
    }

    async fn version(&self) -> Result<Value, Failed> {
        Ok(self.call(Method::GET, "/version").await?.error_for_status()?.json().await?)
    }

    async fn own_version(&self) -> Result<Value, Failed> {
        let end = Instant::now() + PATIENCE;
        loop {
            let version = self.version().await?;
            let is = |key, own| version.get(key).and_then(Value::as_str) == Some(own);
            if is("version", VERSION) && is("commit", COMMIT) {
                return Ok(version);
            }
            if Instant::now() > end {
                return Err(format!("the service is not of this release, but {version}").into());
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    /// What `/version` says is what was deployed.
    async fn record(&self) -> Result<bool, Failed> {
        let version = if self.smoke.this_release {
            self.own_version().await?
        } else {
            self.version().await?
        };
        let record = json!({
            "service": version.get("name"),
            "environment": self.smoke.environment,
            "version": version.get("version"),
            "commit": version.get("commit"),
            "deployed_at": Timestamp::now().to_string(),
        });
        let path = "/api/v1/records";
        let request = self.client.post(format!("{}{path}", self.smoke.url)).json(&record);
        told(&Method::POST, path, &[200, 201], |_| true, self.with_token(request).send().await)
            .await
    }
}

async fn told(
    method: &Method,
    path: &str,
    statuses: &[u16],
    expected: Expected,
    answer: reqwest::Result<Response>,
) -> Result<bool, Failed> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            writeln!(out, "not ok  {method} {path}: {}", error.without_url())?;
            return Ok(false);
        }
    };
    let (status, text) = (answer.status(), answer.text().await.unwrap_or_default());
    let fine = statuses.contains(&status.as_u16())
        && (status >= StatusCode::BAD_REQUEST || expected(&text));
    let word = if fine { "ok    " } else { "not ok" };
    writeln!(out, "{word}  {method} {path}: {status}")?;
    Ok(fine)
}
