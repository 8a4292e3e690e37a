//! What the environment says of the forge.

use std::fs;

use crate::error::Error;
use crate::forge::{Access, App, Gitea};

use super::variable::variable;

const ID: &str = "PROMOTER_GITHUB_APP_ID";
const KEY: &str = "PROMOTER_GITHUB_APP_PRIVATE_KEY";
const KEY_FILE: &str = "PROMOTER_GITHUB_APP_PRIVATE_KEY_FILE";

/// Tokens, an App and URLs, as GitHub's own tools name them.
pub(super) fn access() -> Result<Access, Error> {
    Ok(Access {
        token: variable("GITHUB_TOKEN").or_else(|| variable("GH_TOKEN")).map(Into::into),
        app: app()?,
        rest: variable("GITHUB_API_URL"),
        graphql: variable("GITHUB_GRAPHQL_URL"),
        gitea: variable("GITEA_TOKEN")
            .map(|token| Gitea { token: token.into(), url: variable("GITEA_URL") }),
    })
}

fn app() -> Result<Option<App>, Error> {
    let Some(id) = variable(ID) else { return Ok(None) };
    let id = id.parse().map_err(|_| Error::Usage(format!("{ID} is not the number of an App")))?;
    let key = match (variable(KEY), variable(KEY_FILE)) {
        (Some(key), _) => key,
        (None, Some(path)) => fs::read_to_string(&path)
            .map_err(|error| Error::File { path, reason: error.to_string() })?,
        (None, None) => {
            let words = format!("{ID} is set, and neither {KEY} nor {KEY_FILE}");
            return Err(Error::Usage(words));
        }
    };
    Ok(Some(App { id, key: key.into() }))
}
