//! The message, and a greeting.

use jiff::Timestamp;
use poem_openapi::payload::{Json, PlainText};
use poem_openapi::{Object, OpenApi};

use crate::openapi::Tags;
use crate::problem::Refused;

/// A static message and the time.
#[derive(Object)]
#[oai(example)]
struct Automate {
    /// Always the same.
    #[oai(validator(max_length = 100))]
    message: String,
    /// Seconds since 1970-01-01T00:00:00Z.
    timestamp: i64,
}

impl poem_openapi::types::Example for Automate {
    fn example() -> Self {
        Self { message: TEXT.to_owned(), timestamp: 1_529_729_125 }
    }
}

const TEXT: &str = "Automate all the things!";

pub(crate) struct Message;

#[OpenApi(tag = "Tags::Message")]
#[allow(clippy::unused_async, reason = "poem-openapi wants async functions")]
impl Message {
    /// Message and time
    ///
    /// Answers with a static message and the current time.
    #[oai(path = "/", method = "get", operation_id = "message")]
    async fn message(&self) -> Result<Json<Automate>, Refused<0>> {
        Ok(Json(Automate { message: TEXT.to_owned(), timestamp: Timestamp::now().as_second() }))
    }

    /// Greeting
    ///
    /// Answers with a greeting; needs nothing.
    #[oai(path = "/hello", method = "get", operation_id = "hello")]
    async fn hello(&self) -> Result<PlainText<&'static str>, Refused<0>> {
        Ok(PlainText("Hello there"))
    }
}
