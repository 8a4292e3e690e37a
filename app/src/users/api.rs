//! `POST /auth`.

use poem::web::Data;
use poem_openapi::payload::{Form, PlainText};
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;

use super::Users;
use crate::limit::PerMinute;
use crate::openapi::Tags;
use crate::problem::{Problem, Refused, status};
use crate::server::Context;

/// The form.
#[derive(Deserialize, Object)]
#[oai(example)]
struct Question {
    /// The token whose user is asked for.
    #[oai(validator(min_length = 1, max_length = 256, pattern = "^[!-~]+$"))]
    token: String,
}

impl Example for Question {
    fn example() -> Self {
        Self { token: "mytoken".to_owned() }
    }
}

pub(crate) struct UsersApi {
    pub(crate) users: Users,
    pub(crate) failures: PerMinute,
}

#[OpenApi(tag = "Tags::Users")]
impl UsersApi {
    /// Whose a token is
    ///
    /// Answers with the name of the user.
    /// Wrong tokens of one client are counted; after too many of them it has to wait.
    #[oai(path = "/auth", method = "post", operation_id = "auth")]
    async fn auth(
        &self,
        context: poem::Result<Data<&Context>>,
        form: Form<Question>,
    ) -> Result<
        PlainText<String>,
        Refused<{ status::UNAUTHORIZED | status::MEDIA_TYPE | status::TOO_MANY }>,
    > {
        let client = context.map_err(|_| Problem::internal())?.client;
        self.failures.check(client)?;
        if !is_token(&form.token) {
            return Err(Problem::invalid(
                "`token` has 1 to 256 printable characters without spaces",
            )
            .into());
        }
        match self.users.of_token(&form.token).await.map_err(Problem::from)? {
            Some(name) => Ok(PlainText(name)),
            None => {
                self.failures.count(client);
                Err(Problem::unauthorized().into())
            }
        }
    }
}

/// What the document says of it; poem-openapi checks forms for their types alone.
fn is_token(text: &str) -> bool {
    (1..=256).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::is_token;

    #[test]
    fn tokens() {
        for good in ["a", "~!a1", &"a".repeat(256)] {
            assert!(is_token(good), "{good}");
        }
        for wrong in ["", "a b", "a\0", "é", &"a".repeat(257)] {
            assert!(!is_token(wrong), "{wrong}");
        }
    }
}
