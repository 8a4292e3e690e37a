//! An image as a cluster names it: `name[:tag][@digest]`.

use crate::version::{Digest, Tag, Version};

/// The parts of such a name, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunningImage<'i> {
    /// All of it.
    pub whole: &'i str,
    /// Registry, port and path.
    pub name: &'i str,
    tag: Option<&'i str>,
    digest: Option<&'i str>,
}

impl<'i> RunningImage<'i> {
    /// Takes a name apart; nothing is refused, since it runs already.
    #[must_use]
    pub fn of(image: &'i str) -> Self {
        let (rest, digest) = match image.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (image, None),
        };
        let (name, tag) = match rest.rsplit_once(':') {
            // What follows the colon of a port has a slash.
            Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
            _ => (rest, None),
        };
        RunningImage { whole: image, name, tag, digest }
    }

    /// Whether it is this version; the digest decides where the version has one.
    #[must_use]
    pub fn is(&self, version: &Version) -> bool {
        match version.digest() {
            Some(digest) => self.digest == Some(Digest::as_str(digest)),
            None => self.tag == version.tag().map(Tag::as_str),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RunningImage;

    #[test]
    fn parts() {
        let check = |image: &str, name, tag, digest| {
            let found = RunningImage::of(image);
            assert_eq!((found.name, found.tag, found.digest), (name, tag, digest), "{image}");
        };
        check("api", "api", None, None);
        check("localhost:5000/api", "localhost:5000/api", None, None);
        check("localhost:5000/api:1.4.2", "localhost:5000/api", Some("1.4.2"), None);
        check("a/b:1@sha256:ab", "a/b", Some("1"), Some("sha256:ab"));
        check("a/b@sha256:ab", "a/b", None, Some("sha256:ab"));
    }
}
