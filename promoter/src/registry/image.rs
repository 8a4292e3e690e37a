//! Where an image is: its registry and its repository there.

use std::fmt;

use oci_client::Reference;

/// Not the name of an image.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the name of an image")]
pub struct NameError(String);

/// The name of an image, as container tools read it: `nginx` is `docker.io/library/nginx`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Image {
    registry: String,
    repository: String,
}

impl Image {
    /// Parses a name without tag and digest.
    pub fn parse(name: &str) -> Result<Self, NameError> {
        let refused = || NameError(name.chars().take(200).collect());
        let reference: Reference = name.parse().map_err(|_| refused())?;
        let tagged = name.rsplit('/').next().is_some_and(|last| last.contains([':', '@']));
        if tagged {
            return Err(refused());
        }
        let (registry, repository) = (reference.registry().into(), reference.repository().into());
        Ok(Image { registry, repository })
    }

    /// The registry as it is named: `docker.io`, `localhost:5000`.
    #[must_use]
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// The repository in its registry: `library/nginx`.
    #[must_use]
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// Host and port that answer for the registry.
    pub(super) fn host(&self) -> String {
        self.reference().resolve_registry().to_owned()
    }

    /// Whether the registry is on this machine.
    pub(super) fn is_local(&self) -> bool {
        let host = match self.registry.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or_default(),
            None => self.registry.split(':').next().unwrap_or_default(),
        };
        ["localhost", "127.0.0.1", "::1"].contains(&host)
    }

    /// The same for oci-client.
    pub(super) fn reference(&self) -> Reference {
        Reference::with_tag(self.registry.clone(), self.repository.clone(), "latest".into())
    }
}

impl fmt::Display for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.registry, self.repository)
    }
}

#[cfg(test)]
mod tests {
    use super::Image;

    #[test]
    fn names_as_container_tools_read_them() {
        let check = |name: &str, full: &str, host: &str| {
            let image = Image::parse(name).unwrap();
            assert_eq!((image.to_string().as_str(), image.host().as_str()), (full, host));
        };
        check("nginx", "docker.io/library/nginx", "index.docker.io");
        check("acme/api", "docker.io/acme/api", "index.docker.io");
        check("ghcr.io/acme/api", "ghcr.io/acme/api", "ghcr.io");
        check("localhost:5000/api", "localhost:5000/api", "localhost:5000");
        for bad in ["", "Nginx", "a b", "ghcr.io/acme/api:1", "api@sha256:0", "../api"] {
            assert!(Image::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_on_this_machine() {
        let check = |name: &str, local: bool| {
            assert_eq!(Image::parse(name).unwrap().is_local(), local, "{name}");
        };
        check("localhost/api", true);
        check("127.0.0.1:5000/api", true);
        check("localhost.example.com/api", false);
        check("127.0.0.1.example.com:5000/api", false);
        check("api", false);
    }
}
