//! What can go wrong with a forge, as data.

use crate::git::GitError;

/// A request to a forge that could not be made or was not granted.
#[derive(Debug, thiserror::Error)]
pub enum ForgeError {
    /// The remote is no repository on GitHub.
    #[error("{remote} is not a repository on GitHub, so there can be no pull request")]
    NotGitHub {
        /// The remote, by name or URL.
        remote: String,
    },
    /// Nothing to identify with.
    #[error("there is no token for {host}")]
    NoToken {
        /// The server.
        host: String,
    },
    /// An App's private key that is none.
    #[error("the private key of the GitHub App cannot be read")]
    Key,
    /// A URL of the environment that is none.
    #[error("`{0}` is not the URL of an API")]
    Url(String),
    /// The client could not be made; with certificates of the system that cannot be read.
    #[error("cannot speak HTTPS: {0}")]
    Client(String),
    /// The token is wrong, expired or revoked.
    #[error("{host} does not know this token (401)")]
    Unauthorized {
        /// The server.
        host: String,
    },
    /// The token may not do that, or not see it.
    #[error("{host} refuses to {doing} ({status})")]
    Refused {
        /// The server.
        host: String,
        /// What was tried.
        doing: &'static str,
        /// 403 or 404.
        status: u16,
        /// What it said.
        words: String,
    },
    /// The request was understood and not granted.
    #[error("{host} cannot {doing} ({status})")]
    Invalid {
        /// The server.
        host: String,
        /// What was tried.
        doing: &'static str,
        /// 409 or 422.
        status: u16,
        /// What it said.
        words: String,
    },
    /// The request was understood, and a rule or right of the repository is against it.
    #[error("{host} does not {doing}")]
    Denied {
        /// The server.
        host: String,
        /// What was tried.
        doing: &'static str,
        /// What it said.
        words: String,
    },
    /// Something that only GitHub does.
    #[error("{host} is no server of GitHub, and cannot {doing}")]
    OnlyGitHub {
        /// The server.
        host: String,
        /// What was to be done.
        doing: &'static str,
    },
    /// The server made another commit than it was asked for.
    #[error("{0} made a commit with other files than it was asked for")]
    Another(String),
    /// The limit of requests is used up for longer than there is time.
    #[error("{host} takes no more requests for {seconds} seconds")]
    Limited {
        /// The server.
        host: String,
        /// How long.
        seconds: u64,
    },
    /// It answered something else, again and again.
    #[error("{host} failed to {doing} ({status})")]
    Failed {
        /// The server.
        host: String,
        /// What was tried.
        doing: &'static str,
        /// The status of HTTP.
        status: u16,
        /// What it said.
        words: String,
    },
    /// No answer, or none to the end.
    #[error("{host} did not answer the request to {doing}")]
    Cut {
        /// The server.
        host: String,
        /// What was tried.
        doing: &'static str,
        /// What the network said.
        words: String,
    },
    /// An answer that is not what its documentation says.
    #[error("the answer of {host} to the request to {doing} cannot be read: {words}")]
    Answer {
        /// The server.
        host: String,
        /// What was tried.
        doing: &'static str,
        /// What is wrong with it.
        words: String,
    },
    /// The deadline passed.
    #[error(transparent)]
    Deadline(#[from] GitError),
}

impl ForgeError {
    /// A word for scripts that stays when the wording changes.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            ForgeError::NotGitHub { .. } => "not-github",
            ForgeError::NoToken { .. } => "no-token",
            ForgeError::Key => "invalid-key",
            ForgeError::Url(_) => "invalid-url",
            ForgeError::Client(_) => "no-https",
            ForgeError::Unauthorized { .. } => "unauthorized",
            ForgeError::Refused { .. } | ForgeError::Denied { .. } => "forbidden",
            ForgeError::OnlyGitHub { .. } => "only-github",
            ForgeError::Another(_) => "other-commit",
            ForgeError::Invalid { .. } => "not-accepted",
            ForgeError::Limited { .. } => "rate-limited",
            ForgeError::Failed { .. } | ForgeError::Cut { .. } => "forge-failed",
            ForgeError::Answer { .. } => "forge-answer",
            ForgeError::Deadline(_) => "deadline",
        }
    }

    /// Whether what was asked for may have been done all the same.
    #[must_use]
    pub fn leaves_open(&self) -> bool {
        matches!(self, ForgeError::Failed { .. } | ForgeError::Cut { .. })
    }

    /// Whether the user can mend it before anything is asked of the server.
    #[must_use]
    pub fn is_input(&self) -> bool {
        matches!(
            self,
            ForgeError::NotGitHub { .. }
                | ForgeError::OnlyGitHub { .. }
                | ForgeError::NoToken { .. }
                | ForgeError::Key
                | ForgeError::Url(_)
        )
    }

    /// What to do next, where that can be said.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            ForgeError::NotGitHub { .. } => {
                "use `--push`, or a remote like https://github.com/OWNER/NAME.git or git@github.com:OWNER/NAME.git; set GITEA_TOKEN where it is on Gitea or Forgejo"
            }
            ForgeError::OnlyGitHub { .. } => "use `--push` or `--pr`",
            ForgeError::NoToken { .. } => {
                "set GITHUB_TOKEN or GH_TOKEN (`gh auth token` prints one), or PROMOTER_GITHUB_APP_ID and PROMOTER_GITHUB_APP_PRIVATE_KEY of a GitHub App; GITEA_TOKEN for Gitea or Forgejo"
            }
            ForgeError::Key => {
                "PROMOTER_GITHUB_APP_PRIVATE_KEY is the PEM text that GitHub gave for the App; PROMOTER_GITHUB_APP_PRIVATE_KEY_FILE is the path of a file with it"
            }
            ForgeError::Url(_) => "write it like https://github.example.com/api/v3",
            ForgeError::Client(_) => "install the system's CA certificates (ca-certificates)",
            ForgeError::Unauthorized { .. } => {
                "the token is wrong, expired or revoked: set a new one"
            }
            ForgeError::Denied { .. } => {
                "the refusal is final: see what the server says; a protected branch needs a pull request"
            }
            ForgeError::Another(_) => {
                "look at the newest commit of the branch; `git revert` undoes it"
            }
            ForgeError::Refused { .. } => {
                "the token, or the App's installation, needs this repository with write access to contents and pull requests"
            }
            ForgeError::Limited { .. } => {
                "running it again later is safe; `--timeout` waits longer"
            }
            ForgeError::Failed { .. } | ForgeError::Cut { .. } => {
                "running the same command again is safe: it looks at what is there before it acts"
            }
            ForgeError::Deadline(_) => "running it again is safe; `--timeout` gives it longer",
            ForgeError::Invalid { .. } | ForgeError::Answer { .. } => return None,
        })
    }

    /// What the server or the network said.
    #[must_use]
    pub fn words(&self) -> Option<&str> {
        match self {
            ForgeError::Refused { words, .. }
            | ForgeError::Denied { words, .. }
            | ForgeError::Invalid { words, .. }
            | ForgeError::Failed { words, .. }
            | ForgeError::Cut { words, .. } => Some(words),
            _ => None,
        }
    }
}
