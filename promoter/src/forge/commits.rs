//! A commit that the forge makes: signed by it, and only where the branch is as expected.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::client::query_errors;
use super::{Dialect, Forge, ForgeError};

/// What a commit shall be.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'d> {
    /// The branch that it goes on.
    pub branch: &'d str,
    /// The commit that the branch must be at.
    pub base: &'d str,
    /// The whole message.
    pub message: &'d str,
    /// Every file that changes, whole, by its path.
    pub files: &'d BTreeMap<String, Vec<u8>>,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// It was made.
    Landed,
    /// The branch is elsewhere by now.
    Moved,
}

const DOING: &str = "make the commit";

const MUTATION: &str = "mutation($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}";

impl Forge {
    /// Has a commit made. May be said again: a branch that has it is not where it is expected.
    /// Gitea's like has no expected head, so that it could land on what the plan has not seen.
    pub fn commit(&self, draft: &Draft<'_>) -> Result<Made, ForgeError> {
        if self.dialect == Dialect::Gitea {
            return Err(ForgeError::OnlyGitHub { host: self.address.host.clone(), doing: DOING });
        }
        let (headline, body) = draft.message.split_once("\n\n").unwrap_or((draft.message, ""));
        let file = |(path, bytes): (&String, &Vec<u8>)| json!({ "path": path, "contents": STANDARD.encode(bytes) });
        let input = json!({
            "branch": {
                "repositoryNameWithOwner": format!("{}/{}", self.address.owner, self.address.name),
                "branchName": draft.branch,
            },
            "expectedHeadOid": draft.base,
            "message": { "headline": headline, "body": body },
            "fileChanges": { "additions": draft.files.iter().map(file).collect::<Value>() },
        });
        let body = json!({ "query": MUTATION, "variables": { "input": input } });
        let answer = self.client.query(DOING, &body)?;
        if answer.pointer("/data/createCommitOnBranch/commit/oid").is_some() {
            return Ok(Made::Landed);
        }
        let (errors, words) = query_errors(&answer);
        if errors.iter().any(|error| error.kind == "STALE_DATA") {
            return Ok(Made::Moved);
        }
        let host = self.address.host.clone();
        Err(ForgeError::Denied { host, doing: DOING, words })
    }
}
