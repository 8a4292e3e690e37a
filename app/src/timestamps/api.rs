//! `/api/v1/timestamps`.

use poem::http::StatusCode;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::set::SetTo;
use super::store::Set;
use super::{MOST, Timestamps};
use crate::identity::Writer;
use crate::limit::PerMinute;
use crate::moment::Moment;
use crate::openapi::Tags;
use crate::problem::{Problem, Refused, status};
use crate::server::Context;
use crate::text::{Name, Text};

/// A name and its time.
#[allow(clippy::struct_field_names, reason = "the field's name in JSON")]
#[derive(Object)]
#[oai(example)]
struct Timestamp {
    /// The name.
    #[oai(validator(max_length = 63))]
    name: String,
    /// The time, to the second, in UTC.
    timestamp: Moment,
    /// The same in seconds since 1970-01-01T00:00:00Z.
    unix: i64,
}

impl poem_openapi::types::Example for Timestamp {
    fn example() -> Self {
        Self::from(("lunch".to_owned(), 1_795_255_200))
    }
}

impl From<(String, i64)> for Timestamp {
    fn from((name, second): (String, i64)) -> Self {
        // The store holds what was accepted; should another program have written there, 1970 is shown.
        let timestamp = Moment::from_second(second).unwrap_or(Moment::EPOCH);
        Self { name, timestamp, unix: timestamp.as_second() }
    }
}

#[derive(ApiResponse)]
enum Stored {
    /// The name has another time now.
    #[oai(status = 200)]
    Replaced(Json<Timestamp>),
    /// The name is new.
    #[oai(status = 201)]
    New(
        Json<Timestamp>,
        /// Where it is.
        #[oai(header = "Location")]
        String,
    ),
}

#[derive(ApiResponse)]
enum Removed {
    /// There is nothing of this name any more.
    #[oai(status = 204)]
    Done,
}

pub(crate) struct TimestampsApi {
    pub(crate) timestamps: Timestamps,
    pub(crate) writes: PerMinute,
}

const READ: u16 = status::NOT_FOUND;
const RESET: u16 = status::UNAUTHORIZED | status::TOO_MANY;
const SET: u16 = RESET | status::MEDIA_TYPE | status::CONFLICT;

#[OpenApi(prefix_path = "/api/v1", tag = "Tags::Timestamps")]
impl TimestampsApi {
    /// All timestamps
    ///
    /// Answers with every name and its time, sorted by name.
    #[oai(path = "/timestamps", method = "get", operation_id = "listTimestamps")]
    async fn list(&self) -> Result<Json<Vec<Timestamp>>, Refused<0>> {
        let all = self.timestamps.all().await?;
        Ok(Json(all.into_iter().map(Timestamp::from).collect()))
    }

    /// One timestamp
    ///
    /// Answers with the time of the name.
    #[oai(path = "/timestamps/:name", method = "get", operation_id = "getTimestamp")]
    async fn get(
        &self,
        /// Letters, digits, `.`, `_` and `-`; at most 63.
        name: Path<Text<Name>>,
    ) -> Result<Json<Timestamp>, Refused<READ>> {
        let second = self.timestamps.get(name.as_str()).await?;
        let second = second.ok_or_else(|| {
            Problem::new(StatusCode::NOT_FOUND, "there is no timestamp of this name")
        })?;
        Ok(Json((name.0.into_string(), second).into()))
    }

    /// Set a timestamp
    ///
    /// Sets the name to the time of the body, or to now when there is none.
    /// Needs a token where `WRITE_TOKEN_REQUIRED` is on.
    #[oai(path = "/timestamps/:name", method = "put", operation_id = "setTimestamp")]
    async fn set(
        &self,
        _writer: Writer,
        context: poem::Result<Data<&Context>>,
        /// Letters, digits, `.`, `_` and `-`; at most 63.
        name: Path<Text<Name>>,
        to: SetTo,
    ) -> Result<Stored, Refused<SET>> {
        self.count(context)?;
        let second = to.0.as_second();
        let set = self.timestamps.set(name.as_str(), second).await?;
        let location = format!("/api/v1/timestamps/{}", name.as_str());
        let timestamp = Json(Timestamp::from((name.0.into_string(), second)));
        match set {
            Set::New => Ok(Stored::New(timestamp, location)),
            Set::Replaced => Ok(Stored::Replaced(timestamp)),
            Set::Full => Err(Problem::new(
                StatusCode::CONFLICT,
                format!("there are {MOST} names already; reset some"),
            )
            .into()),
        }
    }

    /// Reset a timestamp
    ///
    /// Removes the name; one that is not there is no error.
    /// Needs a token where `WRITE_TOKEN_REQUIRED` is on.
    #[oai(path = "/timestamps/:name", method = "delete", operation_id = "resetTimestamp")]
    async fn reset(
        &self,
        _writer: Writer,
        context: poem::Result<Data<&Context>>,
        /// Letters, digits, `.`, `_` and `-`; at most 63.
        name: Path<Text<Name>>,
    ) -> Result<Removed, Refused<RESET>> {
        self.count(context)?;
        self.timestamps.reset(name.as_str()).await?;
        Ok(Removed::Done)
    }
}

impl TimestampsApi {
    fn count(&self, context: poem::Result<Data<&Context>>) -> Result<(), Problem> {
        self.writes.take(context.map_err(|_| Problem::internal())?.client)
    }
}
