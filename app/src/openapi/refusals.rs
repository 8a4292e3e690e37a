//! What an operation answers when it does not do what it is for; the same words for all operations.

use poem::http::StatusCode;
use serde_json::{Map, Value, json};

use super::complete::{REQUEST_ID, request_id};
use crate::problem::{CONTENT_TYPE, Problem};

/// Status, what it means, and the `detail` of an example.
const REFUSALS: [(u16, &str, &str); 11] = [
    (
        400,
        "The request is not valid; `detail` says what is wrong.",
        "`limit` is not valid: minimum(1)",
    ),
    (
        401,
        "No token, or one that nobody has.",
        "a token that is known is needed: `Authorization: Bearer TOKEN`",
    ),
    (403, "The token's user may not do this.", "the jobs are for another user"),
    (404, "There is none of this name.", "there is no timestamp of this name"),
    (408, "The body did not arrive in time.", "the body did not arrive in time"),
    (409, "There are as many as there may be.", "there are 10000 names already; reset some"),
    (413, "The body is larger than `MAX_BODY_SIZE`.", "a body has at most 65536 bytes"),
    (
        415,
        "The body's content type is not one of this operation's.",
        "the body is application/json or text/plain",
    ),
    (
        429,
        "Too many requests of this client; `Retry-After` says how long to wait.",
        "too many wrong tokens; wait",
    ),
    (
        500,
        "The request failed; the log has it by its request id.",
        "the request failed; the log has it by its request id",
    ),
    (
        503,
        "A store or service that this needs does not answer; come again after `Retry-After` seconds.",
        "the service auth does not answer; try again",
    ),
];

/// What the stack can answer to every request before or instead of its operation.
pub(super) const EVERYWHERE: [u16; 5] = [400, 408, 413, 500, 503];

/// The shared answers, by their names.
pub(super) fn components() -> Map<String, Value> {
    REFUSALS
        .iter()
        .map(|&(code, words, detail)| (name(code), component(code, words, detail)))
        .collect()
}

/// `{"$ref": "#/components/responses/NotFound"}`; `None` for what is no refusal.
pub(super) fn reference(code: u16) -> Option<Value> {
    let known = REFUSALS.iter().any(|(refusal, ..)| *refusal == code);
    known.then(|| json!({"$ref": format!("#/components/responses/{}", name(code))}))
}

/// A body of problem details, for an answer that has another body as well.
pub(super) fn content(code: u16) -> Value {
    let refusal = REFUSALS.iter().find(|(refusal, ..)| *refusal == code);
    body(code, refusal.map_or("", |&(.., detail)| detail))
}

fn component(code: u16, words: &str, detail: &'static str) -> Value {
    let mut headers = Map::from_iter([(REQUEST_ID.to_owned(), request_id())]);
    match code {
        401 => headers.insert("WWW-Authenticate".to_owned(), challenge()),
        429 | 503 => headers.insert("Retry-After".to_owned(), wait()),
        _ => None,
    };
    json!({
        "description": words,
        "headers": headers,
        "content": {CONTENT_TYPE: body(code, detail)},
    })
}

fn body(code: u16, detail: &'static str) -> Value {
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    json!({
        "schema": {"$ref": "#/components/schemas/ProblemDetails"},
        "example": Problem::new(status, detail).shown(),
    })
}

fn challenge() -> Value {
    json!({
        "description": "How to authenticate (RFC 6750).",
        "required": true,
        "schema": {"type": "string", "example": r#"Bearer realm="app""#},
    })
}

fn wait() -> Value {
    json!({
        "description": "Seconds to wait.",
        "required": true,
        "schema": {"type": "integer", "minimum": 1, "example": 1},
    })
}

/// `Not Found` -> `NotFound`.
fn name(code: u16) -> String {
    let status = StatusCode::from_u16(code).ok();
    status.and_then(|status| status.canonical_reason()).unwrap_or_default().replace(' ', "")
}
