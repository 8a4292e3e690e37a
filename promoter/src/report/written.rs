//! JSON as text: an object whose fields are written one by one, so that none waits for the others.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::git::{is_suspicious, redact};

/// Fields by name, each value as JSON.
pub(super) type Written = BTreeMap<String, String>;

/// The fields of an object.
pub(super) fn written(object: &Value) -> Written {
    let fields = object.as_object().into_iter().flatten();
    fields.map(|(name, value)| (name.clone(), value.to_string())).collect()
}

/// A list written item by item: thousands of values at once would take more memory than all else.
pub(super) fn list<T>(items: &[T], one: fn(&T) -> Value) -> String {
    let items: Vec<String> = items.iter().map(|item| one(item).to_string()).collect();
    format!("[{}]", items.join(","))
}

/// An object on one line, without credentials. What marks one is written the same in a string and
/// in the line, so that thousands of strings need not be looked at one by one.
pub(super) fn object_line(fields: &Written) -> String {
    let fields: Vec<String> =
        fields.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    let line = format!("{{{}}}\n", fields.join(","));
    if !is_suspicious(&line) {
        return line;
    }
    let value: Value = serde_json::from_str(&line).unwrap_or_default();
    format!("{}\n", clean(&value))
}

/// The same without credentials, whichever file they stand in.
fn clean(value: &Value) -> Value {
    match value {
        Value::String(text) => redact(text).into(),
        Value::Array(items) => items.iter().map(clean).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| (key.clone(), clean(value)))
            .collect::<Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}
