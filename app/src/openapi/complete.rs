//! What poem-openapi cannot say: answers of the stack, examples of texts, links between operations.

use serde_json::{Map, Value, json};

use super::refusals;
use crate::problem::CONTENT_TYPE;

pub(super) const REQUEST_ID: &str = "x-request-id";

/// Of operations that answer with one thing: what it is, and an example when it is a text.
const ANSWERS: [(&str, &str, Option<&str>); 9] = [
    ("message", "The message and the time.", None),
    ("hello", "The greeting.", Some("Hello there")),
    ("jobs", "The jobs.", Some("Jobs:\nTitle: Devops\nDescription: Awesome\n")),
    ("listTimestamps", "All names and their times.", None),
    ("getTimestamp", "The name and its time.", None),
    ("auth", "The name of the user.", Some("density")),
    ("healthz", "The process serves.", None),
    ("version", "What is running.", None),
    (
        "metrics",
        "All metrics.",
        Some("# TYPE http_requests_in_flight gauge\nhttp_requests_in_flight 1\n# EOF\n"),
    ),
];

/// From what was made to what can be done with it: operation, its field, the other's parameter of that name.
const LINKS: [(&str, &str, &str); 3] = [
    ("addRecord", "id", "getRecord"),
    ("setTimestamp", "name", "getTimestamp"),
    ("setTimestamp", "name", "resetTimestamp"),
];

/// In this order a reader meets them.
const TAGS: [&str; 6] = ["Message", "Jobs", "Timestamps", "Records", "Users", "System"];

/// Completes the document that poem-openapi generated.
pub(super) fn complete(document: &mut Value) {
    tidy(document);
    // The newest of the version that poem-openapi writes.
    put(document, "openapi", json!("3.0.4"));
    put(
        document,
        "servers",
        json!([{"url": "/", "description": "The service that has this document."}]),
    );
    let mut used = Vec::new();
    for operation in operations(document) {
        used.extend(operation.get("tags").and_then(Value::as_array).into_iter().flatten().cloned());
        complete_operation(operation);
    }
    if let Some(tags) = document.get_mut("tags").and_then(Value::as_array_mut) {
        let name = |tag: &Value| tag.get("name").cloned().unwrap_or_default();
        tags.retain(|tag| used.contains(&name(tag)));
        tags.sort_by_key(|tag| TAGS.iter().position(|place| name(tag) == *place));
    }
    let told = document.to_string();
    let mut shared = refusals::components();
    shared.retain(|name, _| told.contains(&format!("#/components/responses/{name}\"")));
    if let Some(components) = document.get_mut("components") {
        put(components, "responses", shared.into());
        put(components, "headers", json!({REQUEST_ID: header()}));
    }
}

fn header() -> Value {
    json!({
        "description": "The request's id: the client's own when it sent one, else a new one.",
        "required": true,
        "schema": {
            "type": "string",
            "pattern": "^[A-Za-z0-9._-]{1,64}$",
            "maxLength": 64,
            "example": "deploy-42",
        },
    })
}

/// The header that every answer has.
pub(super) fn request_id() -> Value {
    json!({"$ref": format!("#/components/headers/{REQUEST_ID}")})
}

/// Every operation of the document.
pub(super) fn operations(document: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    let methods = paths.filter_map(|(_, path)| path.as_object_mut()).flatten();
    methods.filter_map(|(_, operation)| operation.as_object_mut())
}

fn complete_operation(operation: &mut Map<String, Value>) {
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
    operation.entry("security").or_insert_with(|| json!([]));
    let body = operation.get_mut("requestBody");
    if let Some(text) = body.and_then(|body| body.pointer_mut("/content/text~1plain")) {
        put(text, "example", json!("2026-11-21T10:00:00Z"));
    }
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
    let Some(responses) = responses else { return };
    for code in refusals::EVERYWHERE {
        let told = responses.entry(code.to_string()).or_insert_with(|| json!({"content": {}}));
        if let Some(content) = told.get_mut("content") {
            put(content, CONTENT_TYPE, refusals::content(code));
        }
    }
    for (code, response) in responses {
        let code = code.parse().unwrap_or_default();
        match refusals::reference(code).filter(|_| says_nothing_else(response)) {
            Some(refusal) => *response = refusal,
            None => complete_answer(&id, code, response),
        }
    }
}

/// Whether the response has problem details alone, which are the same for all operations.
fn says_nothing_else(response: &Value) -> bool {
    let content = response.get("content").and_then(Value::as_object);
    content.into_iter().flatten().all(|(kind, _)| kind == CONTENT_TYPE)
}

fn complete_answer(operation: &str, code: u16, response: &mut Value) {
    let Some(fields) = response.as_object_mut() else { return };
    put(fields.entry("headers").or_insert_with(|| json!({})), REQUEST_ID, request_id());
    let links = LINKS.iter().filter(|(from, ..)| *from == operation);
    let links: Map<_, _> =
        links.map(|(_, field, to)| ((*to).to_owned(), link(field, to))).collect();
    if !links.is_empty() {
        put(response, "links", links.into());
    }
    let answer = ANSWERS.iter().find(|(id, ..)| *id == operation && code == 200);
    let Some((_, words, example)) = answer else { return };
    put(response, "description", json!(words));
    let content = response.get_mut("content").and_then(Value::as_object_mut);
    let text = content.into_iter().flatten().find(|(kind, _)| kind.contains("text"));
    if let (Some((_, text)), Some(example)) = (text, example) {
        put(text, "example", json!(example));
    }
}

fn link(field: &str, to: &str) -> Value {
    json!({
        "operationId": to,
        "parameters": {field: format!("$response.body#/{field}")},
        "description": format!("Its `{field}` is the parameter of `{to}`."),
    })
}

/// Without what says nothing: a charset that is implied, a false flag, `1.0` for 1, shouted names of headers.
fn tidy(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Object(fields) => {
            fields.retain(|name, value| !(name == "deprecated" && *value == json!(false)));
            if fields.contains_key("in") {
                fields.remove("explode");
            }
            rename(fields, "content", |kind| kind.replace("; charset=utf-8", ""));
            rename(fields, "headers", capitalized);
            fields.values_mut().for_each(tidy);
        }
        Value::Number(number) => {
            let whole =
                number.as_f64().filter(|_| number.is_f64()).map(|float| format!("{float:.0}"));
            if let Some(Ok(integer)) = whole.map(|digits| digits.parse::<i64>()) {
                *value = integer.into();
            }
        }
        _ => {}
    }
}

fn rename(fields: &mut Map<String, Value>, of: &str, to: fn(&str) -> String) {
    if let Some(map) = fields.get_mut(of).and_then(Value::as_object_mut) {
        *map = std::mem::take(map).into_iter().map(|(name, value)| (to(&name), value)).collect();
    }
}

/// `X-TOTAL-COUNT` -> `X-Total-Count`.
fn capitalized(name: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at_checked(1).unwrap_or_default();
        first.to_uppercase() + &rest.to_lowercase()
    };
    name.split('-').map(word).collect::<Vec<_>>().join("-")
}

fn put(object: &mut Value, name: &str, value: Value) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}
