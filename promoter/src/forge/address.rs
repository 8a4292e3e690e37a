//! Which repository a remote's URL means, and where its server is asked.

use url::Url;

use super::ForgeError;

/// Servers that a token of GitHub is never sent to.
const OTHERS: [&str; 6] = ["gitlab", "bitbucket", "codeberg", "gitea", "azure", "visualstudio"];

/// A repository on a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The server, perhaps with a port: `github.com`.
    pub host: String,
    /// The owner.
    pub owner: String,
    /// The repository, without `.git`.
    pub name: String,
}

/// Where the two APIs of a server are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Endpoints {
    pub(super) rest: Url,
    pub(super) graphql: Url,
}

impl Address {
    /// Reads the URL of a remote: HTTPS, SSH, or `git@host:owner/name`. None where it is of another
    /// shape.
    #[must_use]
    pub fn parse(remote: &str) -> Option<Self> {
        let (host, path) = match Url::parse(remote) {
            Ok(url) if matches!(url.scheme(), "https" | "http" | "ssh" | "git") => {
                let port = url.port().filter(|_| url.scheme().starts_with("http"));
                let host = url.host_str()?.to_ascii_lowercase();
                (
                    port.map_or_else(|| host.clone(), |port| format!("{host}:{port}")),
                    url.path().to_owned(),
                )
            }
            // `host:owner/name` parses as a URL with the scheme `host`, but has no `//`.
            _ if !remote.contains("://") => {
                let (host, path) = remote.split_once(':')?;
                let host = host.rsplit('@').next()?.to_ascii_lowercase();
                (host, path.to_owned())
            }
            _ => return None,
        };
        // Where SSH is only let out by the port of HTTPS.
        let host = if host == "ssh.github.com" { "github.com".to_owned() } else { host };
        if !is_host(&host) {
            return None;
        }
        let path = path.trim_matches('/');
        let (owner, name) = path.strip_suffix(".git").unwrap_or(path).split_once('/')?;
        let word = is_word(owner) && is_word(name);
        word.then(|| Address { host, owner: owner.to_owned(), name: name.to_owned() })
    }

    /// Whether its server is GitHub's own.
    pub(super) fn is_of_github(&self) -> bool {
        self.host == "github.com" || self.host.ends_with(".ghe.com")
    }

    /// Whether the name of its server is that of another forge.
    pub(super) fn is_of_another_forge(&self) -> bool {
        self.host.split('.').any(|label| OTHERS.contains(&label))
    }

    /// Where a server of GitHub is asked, unless the environment says otherwise.
    pub(super) fn endpoints(
        &self,
        rest: Option<&str>,
        graphql: Option<&str>,
    ) -> Result<Endpoints, ForgeError> {
        let host = &self.host;
        let (own_rest, own_graphql) = match host.as_str() {
            "github.com" => {
                ("https://api.github.com".to_owned(), "https://api.github.com/graphql".to_owned())
            }
            // GitHub Enterprise Cloud with data residency.
            tenant if tenant.ends_with(".ghe.com") => {
                (format!("https://api.{tenant}"), format!("https://api.{tenant}/graphql"))
            }
            _ => (format!("https://{host}/api/v3"), format!("https://{host}/api/graphql")),
        };
        let rest = rest.unwrap_or(&own_rest);
        Ok(Endpoints { rest: url(rest)?, graphql: url(graphql.unwrap_or(&own_graphql))? })
    }
}

fn url(text: &str) -> Result<Url, ForgeError> {
    let refuse = || ForgeError::Url(text.to_owned());
    let url = Url::parse(text).map_err(|_| refuse())?;
    let web = matches!(url.scheme(), "https" | "http") && url.has_host();
    let plain = url.query().is_none() && url.username().is_empty() && url.password().is_none();
    if web && plain { Ok(url) } else { Err(refuse()) }
}

fn is_host(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b".-:".contains(&byte);
    text.contains('.') && text.bytes().all(known)
}

/// A name of GitHub's, which needs no quoting anywhere.
fn is_word(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    !text.is_empty() && text != "." && text != ".." && text.bytes().all(known)
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn remotes() {
        let check = |remote: &str, expected: Option<&str>| {
            let found = Address::parse(remote).filter(|found| !found.is_of_another_forge());
            let shown = found.map(|found| format!("{} {}/{}", found.host, found.owner, found.name));
            assert_eq!(shown.as_deref(), expected, "{remote}");
        };
        let shop = Some("github.com acme/shop");
        check("https://github.com/acme/shop", shop);
        check("https://github.com/acme/shop.git", shop);
        check("https://user:secret@GitHub.com/acme/shop.git/", shop);
        check("git@github.com:acme/shop.git", shop);
        check("github.com:acme/shop", shop);
        check("ssh://git@github.com/acme/shop.git", shop);
        check("ssh://git@github.com:22/acme/shop.git", shop);
        check("ssh://git@ssh.github.com:443/acme/shop.git", shop);
        check(
            "https://git.acme.example:8443/acme/my.shop",
            Some("git.acme.example:8443 acme/my.shop"),
        );
        check("git@git.acme.example:acme/shop.git", Some("git.acme.example acme/shop"));
        for none in [
            "",
            "/srv/git/shop.git",
            "../shop.git",
            "file:///srv/git/shop.git",
            "C:\\git\\shop",
            "https://github.com/acme",
            "https://github.com/acme/shop/tree/main",
            "https://github.com/acme/..",
            "https://gitlab.com/acme/shop.git",
            "git@gitlab.acme.example:acme/shop.git",
            "https://bitbucket.org/acme/shop.git",
            "git@ssh.dev.azure.com:v3/acme/shop",
            "https://github.com/ac me/shop",
        ] {
            check(none, None);
        }
    }

    #[test]
    fn endpoints() {
        let check = |host: &str, rest: Option<&str>, expected: [&str; 2]| {
            let address = Address { host: host.into(), owner: "acme".into(), name: "shop".into() };
            let found = address.endpoints(rest, None).unwrap();
            assert_eq!([found.rest.as_str(), found.graphql.as_str()], expected);
        };
        check("github.com", None, ["https://api.github.com/", "https://api.github.com/graphql"]);
        check(
            "acme.ghe.com",
            None,
            ["https://api.acme.ghe.com/", "https://api.acme.ghe.com/graphql"],
        );
        let own = "https://git.acme.example/api/graphql";
        check("git.acme.example", None, ["https://git.acme.example/api/v3", own]);
        check("git.acme.example", Some("http://proxy:1/x"), ["http://proxy:1/x", own]);
        let address = Address { host: "github.com".into(), owner: "a".into(), name: "b".into() };
        for wrong in ["", "api.github.com", "ftp://x/", "https://user:secret@x/", "https://x/?y"] {
            assert!(address.endpoints(Some(wrong), None).is_err(), "{wrong}");
        }
    }
}
