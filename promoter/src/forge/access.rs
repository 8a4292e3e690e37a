//! Who asks, and whom: a token, or an App that is given one for this repository.

use octocrab::models::AppId;
use secrecy::SecretString;
use url::Url;

use super::address::Endpoints;
use super::{Address, Dialect, ForgeError};

/// What the environment says of a forge. Secrets are shown as such by nothing, `Debug` included.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// A token of a person or of a job.
    pub token: Option<SecretString>,
    /// A GitHub App; comes before the token.
    pub app: Option<App>,
    /// The REST API, where it is not to be told from the remote.
    pub rest: Option<String>,
    /// The GraphQL API, likewise.
    pub graphql: Option<String>,
    /// A server of Gitea or Forgejo.
    pub gitea: Option<Gitea>,
}

/// A server of Gitea or Forgejo, and who asks there.
#[derive(Clone, Debug)]
pub struct Gitea {
    /// A token of a person or of a job; sent nowhere else.
    pub token: SecretString,
    /// Where the server is, when it is not `https://` and the host of the remote.
    pub url: Option<String>,
}

/// A GitHub App.
#[derive(Clone, Debug)]
pub struct App {
    /// Its number.
    pub id: u64,
    /// Its private key, as PEM.
    pub key: SecretString,
}

/// Who asks, decided.
pub(super) enum Identity<'a> {
    /// The bearer of a token.
    Token(&'a SecretString),
    /// An App, which first gets a token.
    App(AppId, &'a SecretString),
}

impl Access {
    /// What the server of `address` speaks.
    pub(super) fn dialect(&self, address: &Address) -> Dialect {
        self.gitea_of(address).map_or(Dialect::GitHub, |_| Dialect::Gitea)
    }

    pub(super) fn identity(&self, address: &Address) -> Result<Identity<'_>, ForgeError> {
        match (self.gitea_of(address), &self.app, &self.token) {
            (Some(gitea), ..) => Ok(Identity::Token(&gitea.token)),
            (None, Some(app), _) => Ok(Identity::App(AppId(app.id), &app.key)),
            (None, None, Some(token)) => Ok(Identity::Token(token)),
            (None, None, None) => Err(ForgeError::NoToken { host: address.host.clone() }),
        }
    }

    /// Where the server of `address` is asked.
    pub(super) fn endpoints(&self, address: &Address) -> Result<Endpoints, ForgeError> {
        if self.gitea_of(address).is_none() {
            return address.endpoints(self.rest.as_deref(), self.graphql.as_deref());
        }
        let api = format!("{}/api/v1", self.web(address));
        address.endpoints(Some(&api), Some(&api))
    }

    /// Where people look at the server of `address`; without a slash at the end.
    pub(super) fn web(&self, address: &Address) -> String {
        let said = self.gitea_of(address).and_then(|gitea| gitea.url.as_deref());
        let own = || format!("https://{}", address.host);
        said.map_or_else(own, |url| url.trim_end_matches('/').to_owned())
    }

    fn gitea_of(&self, address: &Address) -> Option<&Gitea> {
        self.gitea.as_ref().filter(|gitea| gitea.serves(address))
    }
}

impl Gitea {
    /// Whether it is the server of `address`: by the name, since a remote of SSH has another port.
    fn serves(&self, address: &Address) -> bool {
        let name = address.host.split(':').next().unwrap_or_default();
        match &self.url {
            Some(url) => Url::parse(url).is_ok_and(|url| url.host_str() == Some(name)),
            None => !address.is_of_github(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Access, Address, App, Dialect, Gitea};

    #[test]
    fn secrets_are_not_shown() {
        let app = Some(App { id: 7, key: "k3y".into() });
        let gitea = Some(Gitea { token: "g1tea".into(), url: None });
        let access = Access { token: Some("t0ken".into()), app, gitea, ..Access::default() };
        let shown = format!("{access:?}");
        let secret = ["t0ken", "k3y", "g1tea"].iter().any(|secret| shown.contains(secret));
        assert!(!secret, "{shown}");
    }

    #[test]
    fn a_token_goes_to_its_own_server_alone() {
        let check = |url: Option<&str>, remote: &str, expected: Dialect, asked: &str| {
            let gitea = Some(Gitea { token: "x".into(), url: url.map(str::to_owned) });
            let access = Access { gitea, ..Access::default() };
            let address = Address::parse(remote).unwrap();
            assert_eq!(access.dialect(&address), expected, "{remote}");
            assert_eq!(access.endpoints(&address).unwrap().rest.as_str(), asked);
            assert_eq!(access.identity(&address).is_ok(), expected == Dialect::Gitea);
        };
        let github = "https://api.github.com/";
        check(None, "git@github.com:acme/shop.git", Dialect::GitHub, github);
        check(None, "https://acme.ghe.com/acme/shop", Dialect::GitHub, "https://api.acme.ghe.com/");
        let own = "https://gitea.acme.example/api/v1";
        check(None, "https://gitea.acme.example/acme/shop.git", Dialect::Gitea, own);
        let inside = Some("http://git.acme.example:3000/");
        let asked = "http://git.acme.example:3000/api/v1";
        check(inside, "ssh://git@git.acme.example:2222/acme/shop.git", Dialect::Gitea, asked);
        check(inside, "http://git.acme.example:3000/acme/shop.git", Dialect::Gitea, asked);
        let other = "https://git.other.example/api/v3";
        check(inside, "git@git.other.example:acme/shop.git", Dialect::GitHub, other);
    }
}
