//! One request to a repository: bounded in size and time, tried again where that may help.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{ACCEPT, HeaderMap, LINK, RETRY_AFTER};
use reqwest::{Method, Response, StatusCode};
use tokio::time::Instant;

use super::access::{Access, Clients};
use super::manifest::{self, Manifest};
use super::patience::{Failure, patiently};
use super::{Answer, Gap, Image};
use crate::retry_after::retry_after;
use crate::version::{Digest, Tag};

/// A manifest may have 4 MiB (OCI distribution specification 1.1, "Pushing Manifests").
const MANIFEST: usize = 4 << 20;

/// Where the digest of what is answered stands.
const DIGEST: &str = "docker-content-digest";

/// A token lives for a minute at least (distribution, `spec/auth/token.md`, `expires_in`).
const FRESH: Duration = Duration::from_secs(30);

/// How each repository lets us in, and since when.
pub(super) type Reached = BTreeMap<Image, (Access, Instant)>;

/// One round of questions.
pub(super) struct Asking<'r> {
    clients: &'r Clients,
    reached: &'r RefCell<Reached>,
    end: Instant,
}

/// A repository that can be asked.
pub(super) struct Repository<'r> {
    asking: &'r Asking<'r>,
    image: &'r Image,
    access: Access,
}

/// What was answered with 200.
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    /// Whether the registry has more on a further page.
    pub(super) goes_on: bool,
}

impl<'r> Asking<'r> {
    pub(super) fn new(clients: &'r Clients, reached: &'r RefCell<Reached>, time: Duration) -> Self {
        Asking { clients, reached, end: Instant::now() + time }
    }

    /// The repository of `image`, let in as the registry wants it.
    pub(super) async fn of(&'r self, image: &'r Image) -> Answer<Repository<'r>> {
        let known = self.reached.borrow().get(image).cloned();
        let access = match known.filter(|(_, since)| since.elapsed() < FRESH) {
            Some((access, _)) => access,
            None => self.enter(image).await?,
        };
        Ok(Repository { asking: self, image, access })
    }

    async fn enter(&self, image: &Image) -> Answer<Access> {
        let attempt = async || self.clients.access(image).await;
        let access = patiently(image, self.end, attempt).await?;
        self.reached.borrow_mut().insert(image.clone(), (access.clone(), Instant::now()));
        Ok(access)
    }
}

impl Repository<'_> {
    /// The digest that a tag points to.
    pub(super) async fn digest_of(&self, tag: &Tag) -> Answer<Digest> {
        let path = format!("manifests/{}", tag.as_str());
        let headers = self.send(&Method::HEAD, &path, 0).await?.0;
        let named = headers.get(DIGEST).and_then(|value| value.to_str().ok());
        if let Some(named) = named {
            return Digest::parse(named).map_err(|_| self.odd("a digest that is none"));
        }
        // The header is optional; the digest is that of the bytes.
        let body = self.get(&path, MANIFEST).await?;
        Ok(Digest::of(&body.bytes))
    }

    /// The manifest or index with this digest.
    pub(super) async fn manifest(&self, digest: &Digest) -> Answer<Manifest> {
        let body = self.get(&format!("manifests/{}", digest.as_str()), MANIFEST).await?;
        self.verified(&body.bytes, digest)?;
        Manifest::parse(&body.bytes).map_err(|reason| self.odd(&reason))
    }

    /// The manifest or index that a tag points to.
    pub(super) async fn tagged(&self, tag: &str) -> Answer<Manifest> {
        let body = self.get(&format!("manifests/{tag}"), MANIFEST).await?;
        Manifest::parse(&body.bytes).map_err(|reason| self.odd(&reason))
    }

    /// The manifests that name this one as their subject, and whether there are more.
    pub(super) async fn referrers(&self, digest: &Digest) -> Answer<(Manifest, bool)> {
        let body = self.get(&format!("referrers/{}", digest.as_str()), MANIFEST).await?;
        let manifest = Manifest::parse(&body.bytes).map_err(|reason| self.odd(&reason))?;
        Ok((manifest, body.goes_on))
    }

    /// Whether a blob is there.
    pub(super) async fn has_blob(&self, digest: &Digest) -> Answer<()> {
        self.send(&Method::HEAD, &format!("blobs/{}", digest.as_str()), 0).await.map(drop)
    }

    /// A blob of at most `limit` bytes.
    pub(super) async fn blob(&self, digest: &Digest, limit: usize) -> Answer<Vec<u8>> {
        let body = self.get(&format!("blobs/{}", digest.as_str()), limit).await?;
        self.verified(&body.bytes, digest)?;
        Ok(body.bytes)
    }

    /// The answer is there and means nothing.
    pub(super) fn odd(&self, what: &str) -> Gap {
        Gap::Unknown(format!("{} answers with {what}", self.image.registry()))
    }

    fn verified(&self, bytes: &[u8], digest: &Digest) -> Answer<()> {
        if digest.is_of(bytes) {
            return Ok(());
        }
        Err(self.odd("other bytes than the digest is of"))
    }

    async fn get(&self, path: &str, limit: usize) -> Answer<Body> {
        let (headers, bytes) = self.send(&Method::GET, path, limit).await?;
        Ok(Body { bytes, goes_on: headers.contains_key(LINK) })
    }

    async fn send(
        &self,
        method: &Method,
        path: &str,
        limit: usize,
    ) -> Answer<(HeaderMap, Vec<u8>)> {
        patiently(self.image, self.asking.end, async || self.attempt(method, path, limit).await)
            .await
    }

    async fn attempt(
        &self,
        method: &Method,
        path: &str,
        limit: usize,
    ) -> Result<(HeaderMap, Vec<u8>), Failure> {
        let (host, scheme) = (self.image.host(), self.asking.clients.scheme(self.image));
        let url = format!("{scheme}://{host}/v2/{}/{path}", self.image.repository());
        let request =
            self.asking.clients.http.request(method.clone(), url).header(ACCEPT, manifest::KINDS);
        let sent = self.access.carried_by(request).send().await;
        let response = sent.map_err(|_| self.passing("cannot be reached", None))?;
        self.refusal(&response)?;
        let headers = response.headers().clone();
        Ok((headers, self.read(response, limit).await?))
    }

    /// What a status other than success means.
    fn refusal(&self, response: &Response) -> Result<(), Failure> {
        let status = response.status();
        match status {
            _ if status.is_success() => Ok(()),
            StatusCode::NOT_FOUND => Err(Failure::Final(Gap::Absent(format!(
                "{} does not have it",
                self.image.registry()
            )))),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Err(self.closed(&format!("does not let it be read ({})", status.as_u16())))
            }
            StatusCode::TOO_MANY_REQUESTS => {
                Err(self.passing("is throttled (429)", pause(response.headers())))
            }
            _ if status.is_server_error() => {
                let reason = format!("is out of order ({})", status.as_u16());
                Err(self.passing(&reason, pause(response.headers())))
            }
            _ => Err(self.closed(&format!("answers with status {}", status.as_u16()))),
        }
    }

    async fn read(&self, mut response: Response, limit: usize) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        while let Some(chunk) =
            response.chunk().await.map_err(|_| self.passing("broke off", None))?
        {
            if bytes.len() + chunk.len() > limit {
                return Err(self.closed(&format!("answers with more than {limit} bytes")));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    fn closed(&self, what: &str) -> Failure {
        Failure::Final(Gap::Unknown(format!("{} {what}", self.image.registry())))
    }

    fn passing(&self, what: &str, pause: Option<Duration>) -> Failure {
        Failure::Passing(Gap::Unknown(format!("{} {what}", self.image.registry())), pause)
    }
}

fn pause(headers: &HeaderMap) -> Option<Duration> {
    retry_after(headers.get(RETRY_AFTER)?.to_str().ok()?, Timestamp::now())
}
