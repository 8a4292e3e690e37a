//! The only error that a handler returns, and its words for the client: RFC 9457 problem details.

use std::borrow::Cow;
use std::time::Duration;

use poem::error::ResponseError;
use poem::http::{HeaderValue, StatusCode, header};
use poem::{Body, IntoResponse as _, Response};
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::{Example, ToJSON as _, Type as _};
use poem_openapi::{ApiResponse, Object};
use serde_json::Value;

/// Why a request has no other answer; the detail is for the client and holds nothing internal.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{detail}")]
pub(crate) struct Problem {
    kind: Kind,
    detail: Cow<'static, str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Status(StatusCode),
    /// The client may come again after this time.
    Later(StatusCode, Duration),
}

impl Problem {
    pub(crate) fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { kind: Kind::Status(status), detail: detail.into() }
    }

    pub(crate) fn invalid(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "a token that is known is needed: `Authorization: Bearer TOKEN`",
        )
    }

    /// What went wrong inside is for the log, not for the client.
    pub(crate) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the request failed; the log has it by its request id",
        )
    }

    /// Something that this service needs is away; it is expected back.
    pub(crate) fn unavailable(what: &'static str) -> Self {
        let kind = Kind::Later(StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(1));
        Self { kind, detail: format!("{what} does not answer; try again").into() }
    }

    pub(crate) fn too_many(after: Duration, detail: &'static str) -> Self {
        Self { kind: Kind::Later(StatusCode::TOO_MANY_REQUESTS, after), detail: detail.into() }
    }

    /// What poem and poem-openapi refuse by themselves, in our words.
    pub(crate) fn of(error: &poem::Error) -> Self {
        if let Some(problem) = error.downcast_ref::<Self>() {
            return problem.clone();
        }
        let status = error.status();
        if status.is_server_error() {
            tracing::error!(%error, "a handler failed");
            return Self::internal();
        }
        Self::new(status, refusal(error))
    }

    pub(crate) fn code(&self) -> StatusCode {
        match self.kind {
            Kind::Status(status) | Kind::Later(status, _) => status,
        }
    }

    /// The whole answer; the request id ties it to the log.
    pub(crate) fn answer(&self, request_id: &HeaderValue) -> Response {
        let body = self.details(request_id.to_str().unwrap_or_default());
        let mut response = Response::builder()
            .status(self.code())
            .content_type(CONTENT_TYPE)
            .body(Body::from_string(body.to_json_string()));
        self.add_headers(response.headers_mut());
        response
    }

    /// The body of an answer, for the document.
    pub(crate) fn shown(&self) -> Value {
        self.details(SHOWN_ID).to_json().unwrap_or_default()
    }

    fn details(&self, request_id: &str) -> ProblemDetails {
        let status = self.code();
        ProblemDetails {
            r#type: "about:blank".into(),
            title: status.canonical_reason().unwrap_or("Error").into(),
            status: status.as_u16(),
            detail: self.detail.clone().into_owned(),
            request_id: request_id.into(),
        }
    }

    fn add_headers(&self, headers: &mut poem::http::HeaderMap) {
        if let Kind::Later(_, after) = self.kind {
            let seconds = after.as_secs_f64().ceil().max(1.0);
            if let Ok(value) = HeaderValue::from_str(&format!("{seconds:.0}")) {
                headers.insert(header::RETRY_AFTER, value);
            }
        }
        if self.code() == StatusCode::UNAUTHORIZED {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static(r#"Bearer realm="app""#),
            );
        }
    }
}

/// The library's words name a type of Rust here and there, and path parameters by their place.
fn refusal(error: &poem::Error) -> Cow<'static, str> {
    use poem_openapi::error::{
        ContentTypeError, ParseParamError, ParsePathError, ParseRequestPayloadError,
    };
    if let Some(path) = error.downcast_ref::<ParsePathError>() {
        return format!("the path is not valid: {}", plain(&path.reason)).into();
    }
    if let Some(parameter) = error.downcast_ref::<ParseParamError>() {
        return format!("`{}` is not valid: {}", parameter.name, plain(&parameter.reason)).into();
    }
    if let Some(payload) = error.downcast_ref::<ParseRequestPayloadError>() {
        return format!("the body is not valid: {}", plain(&payload.reason)).into();
    }
    if error.is::<ContentTypeError>() {
        return "the body's Content-Type is not one that the document names for this operation"
            .into();
    }
    plain(&error.to_string()).into()
}

/// Without the library's own: `failed to parse "integer_int64": `, ` (occurred while parsing "Wanted")`.
pub(crate) fn plain(reason: &str) -> String {
    let (reason, _) = reason.split_once(" (occurred while parsing").unwrap_or((reason, ""));
    let prefixed = reason.strip_prefix("failed to parse \"");
    let (_, reason) = prefixed.and_then(|rest| rest.split_once("\": ")).unwrap_or(("", reason));
    reason.replace("verification failed. ", "").replace(", exclusive: false)", ")")
}

impl ResponseError for Problem {
    fn status(&self) -> StatusCode {
        self.code()
    }

    /// The stack words the answer, since it knows the request's id; this one is for the rest of poem.
    fn as_response(&self) -> Response {
        self.code().into_response()
    }
}

/// Problem details (RFC 9457) of every answer of 400 and above.
#[derive(Object)]
#[oai(example)]
struct ProblemDetails {
    /// A reference for the kind of problem; `about:blank`: the status says it all.
    #[oai(validator(max_length = 200))]
    r#type: String,
    /// The name of the status.
    #[oai(validator(max_length = 100))]
    title: String,
    /// The status code of the answer.
    #[oai(validator(minimum(value = "400"), maximum(value = "599")))]
    status: u16,
    /// What was wrong with this request, in words.
    detail: String,
    /// The id under which the log has this request; also in the `x-request-id` header.
    #[oai(validator(max_length = 64))]
    request_id: String,
}

impl Example for ProblemDetails {
    fn example() -> Self {
        Problem::unauthorized().details(SHOWN_ID)
    }
}

/// A request id of the document.
const SHOWN_ID: &str = "8c5f3a0d9b7e4c12a6d0f1e2b3c4d5e6";
/// Of the body of every problem.
pub(crate) const CONTENT_TYPE: &str = "application/problem+json";

/// Statuses of an operation beside those that the stack can give to every one (`openapi::refusals`).
pub(crate) mod status {
    /// No token, or one that nobody has.
    pub(crate) const UNAUTHORIZED: u16 = 1;
    /// A token of the wrong user.
    pub(crate) const FORBIDDEN: u16 = 1 << 1;
    /// Nothing of this name.
    pub(crate) const NOT_FOUND: u16 = 1 << 2;
    /// As many as there may be.
    pub(crate) const CONFLICT: u16 = 1 << 3;
    /// A body of another content type.
    pub(crate) const MEDIA_TYPE: u16 = 1 << 4;
    /// Too many requests of one client.
    pub(crate) const TOO_MANY: u16 = 1 << 5;

    pub(super) const CODES: [(u16, u16); 6] = [
        (UNAUTHORIZED, 401),
        (FORBIDDEN, 403),
        (NOT_FOUND, 404),
        (CONFLICT, 409),
        (MEDIA_TYPE, 415),
        (TOO_MANY, 429),
    ];
}

/// The error side of an operation whose document names these statuses (bits of [`status`]).
pub(crate) struct Refused<const STATUSES: u16>(Problem);

impl<const STATUSES: u16> From<Problem> for Refused<STATUSES> {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl<const STATUSES: u16> From<Refused<STATUSES>> for poem::Error {
    fn from(refused: Refused<STATUSES>) -> Self {
        refused.0.into()
    }
}

impl<const STATUSES: u16> ApiResponse for Refused<STATUSES> {
    fn meta() -> MetaResponses {
        let told = status::CODES.iter().filter(|(bit, _)| STATUSES & bit != 0);
        MetaResponses { responses: told.map(|&(_, code)| named(code)).collect() }
    }

    fn register(registry: &mut Registry) {
        ProblemDetails::register(registry);
    }
}

/// What it says is the same for all operations: `openapi::refusals` has the words.
fn named(code: u16) -> MetaResponse {
    let schema = ProblemDetails::schema_ref();
    MetaResponse {
        description: "",
        status: Some(code),
        status_range: None,
        content: vec![MetaMediaType { content_type: CONTENT_TYPE, schema }],
        headers: vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_reads_of_the_library() {
        let check = |reason: &str, expected: &str| assert_eq!(plain(reason), expected);
        check("failed to parse \"integer_int64\": invalid digit", "invalid digit");
        check("failed to parse \"time\": expected 1 (occurred while parsing \"X\")", "expected 1");
        check("verification failed. minimum(1, exclusive: false)", "minimum(1)");
        check("missing field `token`", "missing field `token`");
    }
}
