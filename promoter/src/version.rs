//! What a file pins: image tags and digests, and the git refs of remote resources.
//!
//! Every value is parsed once; what has a type here can be written into any overlay.

use std::fmt;

use compact_str::CompactString;
use ring::digest::{SHA256, SHA512, digest};

/// What a version belongs to, as it is paired between files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The `name` of an `images:` entry, literally.
    Image(String),
    /// A remote URL of `resources:`, `components:` or `bases:`, without its `ref` or `version`.
    Remote(String),
}

impl Key {
    /// The name as the file writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Key::Image(name) | Key::Remote(name) => name,
        }
    }

    /// The last part of the name: `api` of `ghcr.io/acme/api`.
    #[must_use]
    pub fn last_part(&self) -> &str {
        let name = self.as_str();
        let path = name.split('?').next().unwrap_or(name).trim_end_matches('/');
        path.rsplit('/').next().unwrap_or(path)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A value that no file can pin, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    /// Not a tag of the OCI distribution specification.
    #[error(
        "`{0}` is not an image tag (letters, digits, `_`, `.` and `-`, at most 128, not starting with `.` or `-`)"
    )]
    Tag(String),
    /// Not a digest of the OCI image specification.
    #[error("`{0}` is not a digest (`sha256:` and 64 lower-case hexadecimal digits)")]
    Digest(String),
    /// Not a git ref that can stand in a URL.
    #[error("`{0}` is not a git ref (letters, digits and `._/+@%=-`, at most 255)")]
    Reference(String),
    /// Neither tag nor digest.
    #[error("a version needs a tag, a digest, or both")]
    Empty,
}

/// An image tag: `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}` (OCI distribution specification 1.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(CompactString);

impl Tag {
    /// Parses a tag.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        let mut bytes = text.bytes();
        let first = bytes.next().is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_');
        let rest = bytes.all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b));
        if first && rest && text.len() <= 128 {
            Ok(Tag(text.into()))
        } else {
            Err(VersionError::Tag(text.to_owned()))
        }
    }

    /// The tag as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A content digest, `sha256:` or `sha512:` (OCI image specification 1.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(String);

impl Digest {
    /// Parses a digest of a registered algorithm.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        let length = match text.split_once(':') {
            Some(("sha256", hex)) if lower_hex(hex) => hex.len() == 64,
            Some(("sha512", hex)) if lower_hex(hex) => hex.len() == 128,
            _ => false,
        };
        if length {
            Ok(Digest(text.to_owned()))
        } else {
            Err(VersionError::Digest(text.to_owned()))
        }
    }

    /// The SHA-256 of some bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Digest(format!("sha256:{}", hex::encode(digest(&SHA256, bytes))))
    }

    /// Whether it is that of these bytes.
    #[must_use]
    pub fn is_of(&self, bytes: &[u8]) -> bool {
        let algorithm = if self.0.starts_with("sha512:") { &SHA512 } else { &SHA256 };
        self.hex() == hex::encode(digest(algorithm, bytes))
    }

    /// The hexadecimal digits alone.
    #[must_use]
    pub fn hex(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, hex)| hex)
    }

    /// The digest as written, algorithm included.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The algorithm and the first twelve digits, for people.
    #[must_use]
    pub fn short(&self) -> &str {
        let end = self.0.find(':').map_or(12, |colon| colon + 13);
        self.0.get(..end).unwrap_or(&self.0)
    }
}

/// A git branch, tag or commit in the query of a remote URL.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(CompactString);

impl Reference {
    /// Parses a ref that needs no quoting in a URL or in YAML.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        let known = |b: u8| b.is_ascii_alphanumeric() || b"._/+@%=-".contains(&b);
        if !text.is_empty() && text.len() <= 255 && text.bytes().all(known) {
            Ok(Reference(text.into()))
        } else {
            Err(VersionError::Reference(text.to_owned()))
        }
    }

    /// The ref as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One version, moved as one unit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// `newTag` alone.
    Tag(Tag),
    /// `digest` alone.
    Digest(Digest),
    /// `newTag` and `digest`; Kustomize renders both and the runtime follows the digest.
    Pinned(Tag, Digest),
    /// `?ref=` or `?version=` of a remote URL.
    Reference(Reference),
}

impl Version {
    /// The version of an image entry, or `None` where it pins nothing.
    #[must_use]
    pub fn of_image(tag: Option<Tag>, digest: Option<Digest>) -> Option<Self> {
        match (tag, digest) {
            (Some(tag), Some(digest)) => Some(Version::Pinned(tag, digest)),
            (Some(tag), None) => Some(Version::Tag(tag)),
            (None, Some(digest)) => Some(Version::Digest(digest)),
            (None, None) => None,
        }
    }

    /// Parses `TAG`, `DIGEST`, `TAG@DIGEST` or `@DIGEST`, as the command line writes them.
    pub fn parse_image(text: &str) -> Result<Self, VersionError> {
        let (tag, digest) = match text.split_once('@') {
            Some((tag, digest)) => (tag, Some(Digest::parse(digest)?)),
            None if text.contains(':') => ("", Some(Digest::parse(text)?)),
            None => (text, None),
        };
        let tag = match (tag, &digest) {
            ("", Some(_)) => None,
            ("", None) => return Err(VersionError::Empty),
            _ => Some(Tag::parse(tag)?),
        };
        Version::of_image(tag, digest).ok_or(VersionError::Empty)
    }

    /// The tag, where there is one.
    #[must_use]
    pub fn tag(&self) -> Option<&Tag> {
        match self {
            Version::Tag(tag) | Version::Pinned(tag, _) => Some(tag),
            Version::Digest(_) | Version::Reference(_) => None,
        }
    }

    /// The part that a person chose: the tag, or the ref of a remote.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        match self {
            Version::Reference(reference) => Some(reference.as_str()),
            other => other.tag().map(Tag::as_str),
        }
    }

    /// The digest, where there is one.
    #[must_use]
    pub fn digest(&self) -> Option<&Digest> {
        match self {
            Version::Digest(digest) | Version::Pinned(_, digest) => Some(digest),
            Version::Tag(_) | Version::Reference(_) => None,
        }
    }

    /// What a person calls it in few words: the tag, else the short digest, else the ref; a tag or
    /// ref that is a commit id is cut to twelve characters.
    #[must_use]
    pub fn brief(&self) -> String {
        match self {
            Version::Tag(tag) | Version::Pinned(tag, _) => short_commit(&tag.0).to_owned(),
            Version::Digest(digest) => digest.short().to_owned(),
            Version::Reference(reference) => short_commit(&reference.0).to_owned(),
        }
    }

    /// The version in full, as `bump` would take it.
    #[must_use]
    pub fn full(&self) -> String {
        match self {
            Version::Tag(tag) => tag.0.to_string(),
            Version::Digest(digest) => digest.0.clone(),
            Version::Pinned(tag, digest) => format!("{}@{}", tag.0, digest.0),
            Version::Reference(reference) => reference.0.to_string(),
        }
    }
}

/// For people: digests and commits show twelve characters.
impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Version::Pinned(_, digest) => write!(f, "{}@{}", self.brief(), digest.short()),
            other => f.write_str(&other.brief()),
        }
    }
}

/// A full commit id cut to twelve characters; anything else as it is.
fn short_commit(text: &str) -> &str {
    if text.len() == 40 && lower_hex(text) { text.get(..12).unwrap_or(text) } else { text }
}

fn lower_hex(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::{Digest, Key, Reference, Tag, Version, VersionError};

    const SHA: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn tags() {
        for good in ["1", "1.10", "_x", "v1.2.3-rc.1_b", &"a".repeat(128)] {
            assert_eq!(Tag::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", ".1", "-1", "a b", "a:b", "a@b", "ä", "a\n", &"a".repeat(129)] {
            assert_eq!(Tag::parse(bad), Err(VersionError::Tag(bad.to_owned())));
        }
    }

    #[test]
    fn digests() {
        assert_eq!(Digest::parse(SHA).unwrap().short(), "sha256:e3b0c44298fc");
        assert!(Digest::parse(&format!("sha512:{}", "a".repeat(128))).is_ok());
        for bad in
            ["", "sha256:", "sha256:abc", "md5:00", &SHA.to_uppercase(), &SHA.replace("e3", "g3")]
        {
            assert!(Digest::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn references() {
        assert!(Reference::parse("refs/heads/main").is_ok());
        for bad in ["", "a b", "a&b", "a#b", "a\"b", "a,b", &"a".repeat(256)] {
            assert!(Reference::parse(bad).is_err(), "{bad}");
        }
        let commit = Version::Reference(Reference::parse(&"0123456789".repeat(4)).unwrap());
        assert_eq!(commit.brief(), "012345678901");
        let tag = Version::parse_image(&"0123456789".repeat(4)).unwrap();
        assert_eq!((tag.brief().as_str(), tag.full().len()), ("012345678901", 40));
    }

    #[test]
    fn versions_from_the_command_line() {
        let check = |text: &str, shown: &str| {
            let version = Version::parse_image(text).unwrap();
            assert_eq!(version.to_string(), shown);
            assert_eq!(Version::parse_image(&version.full()).unwrap(), version);
        };
        check("1.4.2", "1.4.2");
        check(SHA, "sha256:e3b0c44298fc");
        check(&format!("@{SHA}"), "sha256:e3b0c44298fc");
        check(&format!("1.4.2@{SHA}"), "1.4.2@sha256:e3b0c44298fc");
        for bad in ["", "@", "1.4.2@", "a:b", "1.4.2@sha256:1"] {
            assert!(Version::parse_image(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn last_parts() {
        let check = |key: Key, part: &str| assert_eq!(key.last_part(), part);
        check(Key::Image("api".into()), "api");
        check(Key::Image("ghcr.io/acme/api".into()), "api");
        check(Key::Remote("https://host/org/repo/deploy/?timeout=9".into()), "deploy");
    }
}
