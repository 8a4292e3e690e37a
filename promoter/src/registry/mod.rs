//! What a container registry says of images: their digests, whether they can be pulled, and what
//! was attached to them.
//!
//! The OCI distribution specification 1.1, by oci-client: it knows names, manifests, challenges and
//! tokens. The requests are sent here, because its own have no limit on size, hide `Retry-After`
//! and take a throttled look for referrers as "there are none".
//!
//! An answer has three values, see [`Gap`]: what a registry does not say is never taken as a no.

mod access;
mod attached;
mod built;
mod credentials;
mod image;
mod manifest;
mod patience;
mod pull;
mod refresh;
mod request;

use std::cell::{OnceCell, RefCell};
use std::path::PathBuf;
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};
use tokio::runtime::{Builder, Runtime};

use crate::platform::Platform;
use crate::version::{Digest, Tag, Version};

use access::Clients;
pub use attached::{Attached, SimpleSignature};
pub use built::Built;
pub use image::{Image, NameError};
use request::{Asking, Reached};

/// So many images are asked for at the same time.
const AT_ONCE: usize = 8;

/// What a registry says to one question, or why it says nothing.
pub type Answer<T> = Result<T, Gap>;

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// The registry says that it is not there; what is missing.
    Absent(String),
    /// It cannot be told; why, in a few words.
    Unknown(String),
}

impl Gap {
    fn unknown(reason: impl Into<String>) -> Self {
        Gap::Unknown(reason.into())
    }
}

/// How registries are reached.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Nothing is asked.
    pub offline: bool,
    /// Files with credentials, the first that knows the registry counts; absent ones are skipped.
    pub credentials: Vec<PathBuf>,
    /// Registries spoken to by plain HTTP; those on this machine always are.
    pub insecure: Vec<String>,
}

/// The registries, as far as they were asked.
///
/// Tokens are kept for a while; answers are not, so that what is asked again is
/// judged anew.
pub struct Registry {
    settings: Settings,
    reached: RefCell<Reached>,
    /// Made for the first question: most commands ask none.
    open: OnceCell<Option<Open>>,
}

/// Connections, and what drives them.
struct Open {
    runtime: Runtime,
    clients: Clients,
}

impl Registry {
    /// Asks nothing yet.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Registry { settings, reached: RefCell::default(), open: OnceCell::new() }
    }

    /// One that asks nothing.
    #[must_use]
    pub fn silent() -> Self {
        Registry::new(Settings { offline: true, ..Settings::default() })
    }

    /// Whether nothing is asked.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.settings.offline
    }

    /// The digest that each tag points to, in order.
    #[must_use]
    pub fn digests(&self, tags: &[(Image, Tag)], time: Duration) -> Vec<Answer<Digest>> {
        self.each(tags, time, &async |asking, (image, tag)| {
            asking.of(image).await?.digest_of(tag).await
        })
    }

    /// Whether manifest, configuration and layers of each image are there for all `platforms`.
    #[must_use]
    pub fn pullable(
        &self,
        images: &[(Image, Digest)],
        platforms: &[Platform],
        time: Duration,
    ) -> Vec<Answer<()>> {
        self.each(images, time, &async |asking, (image, digest)| {
            pull::pullable(&asking.of(image).await?, digest, platforms).await
        })
    }

    /// The signatures and attestations that are attached to each image.
    #[must_use]
    pub fn attached(&self, images: &[(Image, Digest)], time: Duration) -> Vec<Answer<Attached>> {
        self.each(images, time, &async |asking, (image, digest)| {
            attached::attached(&asking.of(image).await?, digest).await
        })
    }

    /// What each image was built from, as its labels tell.
    #[must_use]
    pub fn built(&self, images: &[(Image, Version)], time: Duration) -> Vec<Answer<Built>> {
        self.each(images, time, &async |asking, (image, version)| {
            let repository = asking.of(image).await?;
            let digest = match (version.digest(), version.tag()) {
                (Some(digest), _) => digest.clone(),
                (None, Some(tag)) => repository.digest_of(tag).await?,
                (None, None) => return Err(Gap::Absent("it has no version".into())),
            };
            built::built(&repository, &digest).await
        })
    }

    /// Asks for each of `wanted`, several at a time, all within `time`.
    fn each<W, T>(
        &self,
        wanted: &[W],
        time: Duration,
        ask: &impl AsyncFn(&Asking<'_>, &W) -> Answer<T>,
    ) -> Vec<Answer<T>> {
        if wanted.is_empty() {
            return Vec::new();
        }
        let all = |gap: &Gap| wanted.iter().map(|_| Err(gap.clone())).collect();
        if self.settings.offline {
            return all(&Gap::unknown("nothing is asked over the network (--offline)"));
        }
        let Some(open) = self.open.get_or_init(|| Open::new(&self.settings)) else {
            return all(&Gap::unknown("no connection can be made from this machine"));
        };
        let asking = Asking::new(&open.clients, &self.reached, time);
        let answers = stream::iter(wanted).map(|one| ask(&asking, one)).buffered(AT_ONCE);
        open.runtime.block_on(answers.collect())
    }
}

impl Open {
    fn new(settings: &Settings) -> Option<Self> {
        let runtime = Builder::new_current_thread().enable_all().build().ok()?;
        Some(Open { runtime, clients: Clients::new(settings).ok()? })
    }
}
