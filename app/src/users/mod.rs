//! Users and their tokens; a token is stored as its SHA-256 and nothing else.

mod api;

use std::path::Path;

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

pub(crate) use api::UsersApi;

use crate::db::{Db, Failure};

/// A user's name: letters, digits, `.`, `_`, `-`, at most 63 of them.
#[derive(Clone, Debug)]
pub(crate) struct Username(String);

impl Username {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        if (1..=63).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err("expected 1 to 63 letters, digits, `.`, `_` or `-`".to_owned())
        }
    }
}

/// A token, before it is forgotten.
pub(crate) struct Token(SecretString);

/// Why a file holds no token.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoToken {
    #[error("the token cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    #[error("a token is 16 to 256 printable characters without spaces")]
    Unusable,
    #[error("the system gives no random bytes")]
    Random,
}

impl Token {
    /// 256 bits of the system's randomness, as hexadecimal digits.
    pub(crate) fn generate() -> Result<Self, NoToken> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| NoToken::Random)?;
        Ok(Self(hex::encode(bytes).into()))
    }

    /// From a file, or from standard input (`-`).
    pub(crate) fn read(file: &Path) -> Result<Self, NoToken> {
        let text = if file == Path::new("-") {
            std::io::read_to_string(std::io::stdin())?
        } else {
            std::fs::read_to_string(file)?
        };
        let token = text.trim_end_matches(['\r', '\n']);
        let usable =
            (16..=256).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic());
        if usable { Ok(Self(token.into())) } else { Err(NoToken::Unusable) }
    }

    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// The table `users`.
#[derive(Clone)]
pub(crate) struct Users {
    db: Db,
}

const FIND: &str = "select username, token_hash from users where token_hash = $1";
const ADD: &str = "insert into users (username, token_hash) values ($1, $2) \
    on conflict (username) do update set token_hash = excluded.token_hash";

impl Users {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// Whose the token is.
    pub(crate) async fn of_token(&self, token: &str) -> Result<Option<String>, Failure> {
        let hash = hash(token);
        let found: Option<(String, String)> =
            on_pool!(self.db, pool => sqlx::query_as(FIND).bind(&hash).fetch_optional(pool))?;
        let same = |(_, stored): &(String, String)| stored.as_bytes().ct_eq(hash.as_bytes()).into();
        Ok(found.filter(same).map(|(name, _)| name))
    }

    /// Adds the user, or gives one that is there another token.
    pub(crate) async fn add(&self, name: &Username, token: &Token) -> Result<(), Failure> {
        let hash = hash(token.expose());
        on_pool!(self.db, pool => async { sqlx::query(ADD).bind(&name.0).bind(&hash).execute(pool).await.map(drop) })
    }
}

/// Tokens are random and long, so one round without salt keeps them: nobody can try them all.
fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{NoToken, Token};

    #[test]
    fn tokens_from_files() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let read = |text: &str| {
            std::fs::write(file.path(), text).unwrap();
            Token::read(file.path()).map(|token| token.expose().to_owned())
        };
        let (shortest, longest) = ("a".repeat(16), "a".repeat(256));
        for usable in [&shortest, &longest] {
            assert_eq!(&read(usable).unwrap(), usable);
            assert_eq!(&read(&format!("{usable}\r\n")).unwrap(), usable);
        }
        let spaced = format!("{shortest} {shortest}");
        for wrong in ["", "a".repeat(15).as_str(), "a".repeat(257).as_str(), &spaced] {
            assert!(matches!(read(wrong), Err(NoToken::Unusable)), "{wrong}");
        }
    }
}
