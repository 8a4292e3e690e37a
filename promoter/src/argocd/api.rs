//! Argo CD by its API server: `GET /api/v1/applications/NAME`
//! (<https://argo-cd.readthedocs.io/en/stable/developer-guide/api-docs/>).

use reqwest::{Client, StatusCode, Url};
use tokio::runtime::Runtime;

use super::{Gap, PATIENCE};

/// An application with a thousand resources has about 1 MB.
pub(super) const MOST: u64 = 32 << 20;

/// A client of one server.
pub(super) struct Api {
    runtime: Runtime,
    client: Client,
    base: Url,
    token: String,
}

impl Api {
    pub(super) fn new(address: &str, token: String) -> Result<Self, Gap> {
        let failed = |error: &dyn std::fmt::Display| Gap::Unreachable(error.to_string());
        // A second installation changes nothing and says so.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(concat!("promoter/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        Ok(Api {
            runtime: runtime.map_err(|error| failed(&error))?,
            client: client.map_err(|error| failed(&error))?,
            base: base(address).ok_or_else(|| {
                Gap::Unreachable(format!("ARGOCD_SERVER is no address: `{address}`"))
            })?,
            token,
        })
    }

    pub(super) fn application(&self, name: &str) -> Result<Vec<u8>, Gap> {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["api", "v1", "applications", name]);
        }
        self.runtime.block_on(self.get(url, name))
    }

    async fn get(&self, url: Url, name: &str) -> Result<Vec<u8>, Gap> {
        let host = self.base.host_str().unwrap_or_default();
        let lost = |error: reqwest::Error| {
            let error = error.without_url();
            let what =
                if error.is_timeout() { "does not answer in time" } else { "cannot be reached" };
            Gap::Unreachable(format!("{host} {what}"))
        };
        let asked = self.client.get(url).bearer_auth(&self.token).send();
        let mut answer = asked.await.map_err(lost)?;
        match answer.status() {
            StatusCode::OK => {}
            // Argo CD answers 403 for what is not there, too, unless the token may list all.
            StatusCode::NOT_FOUND | StatusCode::FORBIDDEN => {
                return Err(Gap::Absent(name.to_owned()));
            }
            StatusCode::UNAUTHORIZED => {
                return Err(Gap::Unreachable(format!("{host} does not take the token")));
            }
            status => return Err(Gap::Unreachable(format!("{host} answers {status}"))),
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(lost)? {
            body.extend_from_slice(&chunk);
            if body.len() as u64 > MOST {
                return Err(Gap::Unreadable(name.to_owned()));
            }
        }
        Ok(body)
    }
}

/// The address as a URL; TLS unless it says otherwise.
fn base(address: &str) -> Option<Url> {
    let full =
        if address.contains("://") { address.to_owned() } else { format!("https://{address}") };
    let url = Url::parse(&full).ok()?;
    let plain = url.username().is_empty() && url.password().is_none() && url.host_str().is_some();
    (matches!(url.scheme(), "http" | "https") && plain).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::base;

    #[test]
    fn addresses() {
        let check = |address: &str, url: Option<&str>| {
            assert_eq!(base(address).as_ref().map(reqwest::Url::as_str), url, "{address}");
        };
        check("argocd.example.com", Some("https://argocd.example.com/"));
        check("argocd.example.com:8443/argo", Some("https://argocd.example.com:8443/argo"));
        check("http://127.0.0.1:8080", Some("http://127.0.0.1:8080/"));
        for wrong in ["", "ftp://host", "https://user:word@host", "host name"] {
            check(wrong, None);
        }
    }
}
