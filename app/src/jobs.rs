//! The jobs, for the one user who may see them.

use poem::http::StatusCode;
use poem_openapi::OpenApi;
use poem_openapi::payload::PlainText;

use crate::identity::Caller;
use crate::openapi::Tags;
use crate::problem::{Problem, Refused, status};

const READER: &str = "density";
const JOBS: &str = "Jobs:\nTitle: Devops\nDescription: Awesome\n";

pub(crate) struct Jobs;

#[OpenApi(tag = "Tags::Jobs")]
#[allow(clippy::unused_async, reason = "poem-openapi wants async functions")]
impl Jobs {
    /// List of jobs
    ///
    /// `auth` says whose the token is; the list is for the user `density`.
    /// The header may hold the token alone, or `Bearer` and the token.
    #[oai(path = "/jobs", method = "post", operation_id = "jobs")]
    async fn jobs(
        &self,
        caller: Caller,
    ) -> Result<
        PlainText<&'static str>,
        Refused<{ status::UNAUTHORIZED | status::FORBIDDEN | status::TOO_MANY }>,
    > {
        if caller.name != READER {
            return Err(Problem::new(StatusCode::FORBIDDEN, "the jobs are for another user").into());
        }
        Ok(PlainText(JOBS))
    }
}
