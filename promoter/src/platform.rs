//! The machine that an image is for: operating system, architecture and perhaps its variant.

use std::fmt;

/// Not `os/architecture[/variant]`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a platform")]
pub struct PlatformError(String);

/// A platform as the OCI image specification names it (image-index.md, `platform`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Platform {
    os: String,
    architecture: String,
    variant: Option<String>,
}

impl Platform {
    /// What clusters run on where nothing else is said: `linux/amd64`.
    #[must_use]
    pub fn usual() -> Self {
        Platform { os: "linux".into(), architecture: "amd64".into(), variant: None }
    }

    /// Parses `linux/arm64` or `linux/arm/v7`.
    pub fn parse(text: &str) -> Result<Self, PlatformError> {
        let refused = || PlatformError(text.chars().take(80).collect());
        let parts: Vec<&str> = text.split('/').collect();
        let known = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
        if parts.iter().any(|part| part.is_empty() || part.len() > 32 || !part.bytes().all(known)) {
            return Err(refused());
        }
        let (os, architecture, variant) = match parts.as_slice() {
            [os, architecture] => (os, architecture, None),
            [os, architecture, variant] => (os, architecture, Some((*variant).to_owned())),
            _ => return Err(refused()),
        };
        Ok(Platform { os: (*os).to_owned(), architecture: (*architecture).to_owned(), variant })
    }

    /// Whether an image for `os`, `architecture` and `variant` runs here. Without a variant any
    /// will do; `arm64` is `v8` where nothing is said, as the specification has it.
    #[must_use]
    pub fn takes(&self, os: &str, architecture: &str, variant: Option<&str>) -> bool {
        let usual = (architecture == "arm64").then_some("v8");
        let variant = variant.filter(|variant| !variant.is_empty()).or(usual);
        self.os == os
            && self.architecture == architecture
            && self.variant.as_deref().is_none_or(|wanted| Some(wanted) == variant)
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        self.variant.as_ref().map_or(Ok(()), |variant| write!(f, "/{variant}"))
    }
}

#[cfg(test)]
mod tests {
    use super::Platform;

    #[test]
    fn platforms() {
        for good in ["linux/amd64", "linux/arm/v7", "windows/amd64"] {
            assert_eq!(Platform::parse(good).unwrap().to_string(), good);
        }
        for bad in ["", "linux", "linux/", "Linux/amd64", "linux/arm/v7/x", "linux/a b"] {
            assert!(Platform::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_runs_where() {
        let check = |wanted: &str, (os, architecture, variant), takes: bool| {
            let wanted = Platform::parse(wanted).unwrap();
            assert_eq!(wanted.takes(os, architecture, variant), takes, "{wanted} {variant:?}");
        };
        check("linux/amd64", ("linux", "amd64", None), true);
        check("linux/amd64", ("linux", "arm64", None), false);
        check("linux/amd64", ("windows", "amd64", None), false);
        check("linux/arm64", ("linux", "arm64", Some("v8")), true);
        check("linux/arm64/v8", ("linux", "arm64", None), true);
        check("linux/arm/v7", ("linux", "arm", Some("v7")), true);
        check("linux/arm/v7", ("linux", "arm", Some("v6")), false);
        check("linux/arm/v7", ("linux", "arm", None), false);
    }
}
