//! Holds and bad marks.

use std::fmt;

use jiff::Timestamp;

use crate::version::{Digest, Key, Version};

/// What an entry does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldKind {
    /// Nothing may change while it stands.
    Hold,
    /// This version may not come (back) in.
    Bad,
}

impl HoldKind {
    /// The word in the file and in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            HoldKind::Hold => "hold",
            HoldKind::Bad => "bad",
        }
    }
}

/// The version an entry is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkedVersion {
    /// Name of the image, or URL of the remote.
    pub image: String,
    /// Tag or ref.
    pub tag: Option<String>,
    /// Digest.
    pub digest: Option<String>,
}

impl MarkedVersion {
    /// The mark that means this version.
    #[must_use]
    pub fn of(key: &Key, version: &Version) -> Self {
        MarkedVersion {
            image: key.as_str().to_owned(),
            tag: version.label().map(str::to_owned),
            digest: version.digest().map(|digest| digest.as_str().to_owned()),
        }
    }

    /// Whether `version` of `key` is meant. A mark with a digest means those bytes under any tag;
    /// a mark without means the tag, whatever it points to.
    #[must_use]
    pub fn means(&self, key: &Key, version: &Version) -> bool {
        let other = MarkedVersion::of(key, version);
        if self.image != other.image {
            return false;
        }
        match (&self.digest, &other.digest) {
            (Some(one), Some(two)) => one == two,
            _ => self.tag == other.tag,
        }
    }
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// What it does.
    pub kind: HoldKind,
    /// The version; absent: whatever runs.
    pub version: Option<MarkedVersion>,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub by: String,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Until when; absent: until it is removed.
    pub until: Option<Timestamp>,
}

impl Hold {
    /// Whether it still counts.
    #[must_use]
    pub fn stands(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// For people: what it does, until when, why.
impl fmt::Display for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.kind, &self.version) {
            (HoldKind::Hold, None) => f.write_str("held")?,
            (HoldKind::Hold, Some(version)) => write!(f, "held at {version}")?,
            (HoldKind::Bad, None) => f.write_str("bad")?,
            (HoldKind::Bad, Some(version)) => write!(f, "{version} is bad")?,
        }
        if let Some(until) = self.until {
            write!(f, " until {until}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl fmt::Display for MarkedVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digest = self.digest.as_deref().and_then(|text| Digest::parse(text).ok());
        let digest = digest.as_ref().map(Digest::short);
        match (&self.tag, digest) {
            (Some(tag), Some(digest)) => write!(f, "{tag}@{digest}"),
            (Some(tag), None) => f.write_str(tag),
            (None, digest) => f.write_str(digest.unwrap_or("no version")),
        }
    }
}
