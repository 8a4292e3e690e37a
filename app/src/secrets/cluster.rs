//! Secrets in a Kubernetes API server, as a pod's service account may see them.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use poem::http::StatusCode;
use reqwest::{Client, Method};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use crate::cli::Failed;

/// Keys and their values.
pub(super) type Entries = BTreeMap<String, String>;

/// One request.
const LIMIT: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(500);

/// What was needed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Done {
    Made,
    Completed,
    There,
}

impl Done {
    pub(super) fn word(self) -> &'static str {
        match self {
            Done::Made => "made",
            Done::Completed => "completed",
            Done::There => "there",
        }
    }
}

/// The API server that this pod belongs to.
pub(super) struct Cluster {
    client: Client,
    address: String,
    token: SecretString,
    patience: Duration,
    /// The pod's own.
    pub(super) namespace: String,
}

impl Cluster {
    /// By its address, and the files of the service account.
    pub(super) fn here(
        (host, port): (&str, u16),
        account: &Path,
        patience: Duration,
    ) -> Result<Self, Failed> {
        let read = |name: &str| {
            let file = account.join(name);
            std::fs::read_to_string(&file)
                .map_err(|error| format!("`{}` cannot be read: {error}", file.display()))
        };
        let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        Ok(Self {
            client: client(&read("ca.crt")?)?,
            address: format!("https://{host}:{port}"),
            token: read("token")?.trim().into(),
            patience,
            namespace: read("namespace")?.trim().to_owned(),
        })
    }

    /// Makes the Secret, or adds the keys that it lacks; what is there stays as it is.
    pub(super) async fn ensure(
        &self,
        namespace: &str,
        name: &str,
        entries: &Entries,
    ) -> Result<Done, Failed> {
        // Somebody else may make it in between.
        for _ in 0..3 {
            let Some(there) = self.read(namespace, name).await? else {
                if self.create(namespace, name, entries).await? {
                    return Ok(Done::Made);
                }
                continue;
            };
            let lacking: Entries = entries
                .iter()
                .filter(|(key, _)| !there.contains_key(*key))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            if lacking.is_empty() {
                return Ok(Done::There);
            }
            self.complete(namespace, name, &lacking).await?;
            return Ok(Done::Completed);
        }
        Err(format!("the Secret {name} of {namespace} comes and goes").into())
    }

    /// The values of a Secret that are text, if it is there.
    pub(super) async fn read(
        &self,
        namespace: &str,
        name: &str,
    ) -> Result<Option<Entries>, Failed> {
        let path = format!("{}/{name}", path(namespace));
        let (status, body) = self.ask(Method::GET, &path, None).await?;
        match status {
            StatusCode::NOT_FOUND => Ok(None),
            StatusCode::OK => Ok(Some(entries(&body))),
            _ => Err(refusal(&path, status, &body)),
        }
    }

    /// False when it has come to be in the meantime.
    async fn create(&self, namespace: &str, name: &str, entries: &Entries) -> Result<bool, Failed> {
        let secret = json!({
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": name, "labels": {"app.kubernetes.io/managed-by": "local-secrets"}},
            "type": "Opaque",
            "stringData": entries,
        });
        let path = path(namespace);
        let (status, body) = self.ask(Method::POST, &path, Some(&secret)).await?;
        match status {
            StatusCode::CREATED => Ok(true),
            StatusCode::CONFLICT => Ok(false),
            _ => Err(refusal(&path, status, &body)),
        }
    }

    async fn complete(&self, namespace: &str, name: &str, entries: &Entries) -> Result<(), Failed> {
        let path = format!("{}/{name}", path(namespace));
        let (status, body) =
            self.ask(Method::PATCH, &path, Some(&json!({"stringData": entries}))).await?;
        if status == StatusCode::OK { Ok(()) } else { Err(refusal(&path, status, &body)) }
    }

    /// Until the server answers with something final, or patience ends.
    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(StatusCode, Value), Failed> {
        let end = Instant::now() + self.patience;
        loop {
            let answer = self.once(method.clone(), path, body).await;
            let again = match &answer {
                Ok((status, _)) => {
                    status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS
                }
                Err(error) => !error.is_builder(),
            };
            if !again || Instant::now() >= end {
                return answer.map_err(|error| format!("{path}: {}", error.without_url()).into());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn once(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> reqwest::Result<(StatusCode, Value)> {
        let patch = method == Method::PATCH;
        let mut request = self.client.request(method, format!("{}{path}", self.address));
        request = request.timeout(LIMIT).bearer_auth(self.token.expose_secret());
        if let Some(body) = body {
            let kind = if patch { "application/merge-patch+json" } else { "application/json" };
            request = request.header("content-type", kind).body(body.to_string());
        }
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.bytes().await?;
        Ok((status, serde_json::from_slice(&text).unwrap_or_default()))
    }
}

/// Trusts the cluster's own authority and no other.
fn client(authority: &str) -> Result<Client, Failed> {
    let mut roots = rustls::RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(authority.as_bytes()) {
        roots.add(certificate.map_err(|error| format!("ca.crt: {error}"))?)?;
    }
    let tls = rustls::ClientConfig::builder_with_provider(
        rustls::crypto::ring::default_provider().into(),
    )
    .with_safe_default_protocol_versions()?
    .with_root_certificates(roots)
    .with_no_client_auth();
    Ok(Client::builder().tls_backend_preconfigured(tls).no_proxy().build()?)
}

fn path(namespace: &str) -> String {
    format!("/api/v1/namespaces/{namespace}/secrets")
}

fn entries(secret: &Value) -> Entries {
    let data = secret.get("data").and_then(Value::as_object).into_iter().flatten();
    let text = |value: &Value| String::from_utf8(STANDARD.decode(value.as_str()?).ok()?).ok();
    data.map(|(key, value)| (key.clone(), text(value).unwrap_or_default())).collect()
}

/// The server's own words; they hold names, never values.
fn refusal(path: &str, status: StatusCode, body: &Value) -> Failed {
    let message = body.get("message").and_then(Value::as_str).unwrap_or("no reason given");
    format!("{path}: {status}: {message}").into()
}
