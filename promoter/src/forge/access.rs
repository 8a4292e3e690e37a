//! Who asks: a token, or an App that is given one for this repository.

use octocrab::models::AppId;
use secrecy::SecretString;

use super::ForgeError;

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
    pub(super) fn identity(&self, host: &str) -> Result<Identity<'_>, ForgeError> {
        match (&self.app, &self.token) {
            (Some(app), _) => Ok(Identity::App(AppId(app.id), &app.key)),
            (None, Some(token)) => Ok(Identity::Token(token)),
            (None, None) => Err(ForgeError::NoToken { host: host.to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Access, App};

    #[test]
    fn secrets_are_not_shown() {
        let app = Some(App { id: 7, key: "k3y".into() });
        let access = Access { token: Some("t0ken".into()), app, ..Access::default() };
        let shown = format!("{access:?}");
        assert!(!shown.contains("t0ken") && !shown.contains("k3y"), "{shown}");
    }
}
