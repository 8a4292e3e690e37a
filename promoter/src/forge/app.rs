//! A GitHub App's token: for this repository alone, with no more rights than are used.

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;

use super::client::{Client, Request, Verb};
use super::{Address, ForgeError};

#[derive(Deserialize)]
struct Installation {
    id: u64,
}

#[derive(Deserialize)]
struct Token {
    token: String,
}

impl Client {
    /// Asks, as the App, for a token of its installation on the repository.
    pub(super) fn installation_token(&self, address: &Address) -> Result<SecretString, ForgeError> {
        let Address { owner, name, .. } = address;
        let path = format!("/repos/{owner}/{name}/installation");
        let doing = "find the installation of the App on this repository";
        let installation: Installation =
            self.ask(Request { doing, path: &path, verb: Verb::Get })?;
        let path = format!("/app/installations/{}/access_tokens", installation.id);
        let rights = json!({
            "repositories": [name],
            "permissions": { "contents": "write", "issues": "write", "pull_requests": "write" },
        });
        // One more token than needed harms nobody: it ends by itself.
        let verb = Verb::Set(super::client::Method::Post, &rights);
        let doing = "give the App a token for this repository";
        let token: Token = self.ask(Request { doing, path: &path, verb })?;
        Ok(token.token.into())
    }
}
