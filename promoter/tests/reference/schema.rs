//! The tables of docs/output.md as a schema, and values held against it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Sections by name, each with its fields.
pub(crate) struct Schema {
    sections: BTreeMap<String, BTreeMap<String, String>>,
    /// Section and field, as far as a value was seen that is not null or empty.
    seen: BTreeSet<(String, String)>,
}

impl Schema {
    /// Reads the tables below `### name`.
    pub(crate) fn parse(text: &str) -> Self {
        let mut sections: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        let mut name = String::new();
        for line in text.lines() {
            if let Some(heading) = line.strip_prefix("### ") {
                heading.clone_into(&mut name);
            }
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            if let ["", field, kind, _, ""] = cells.as_slice()
                && *field != "field"
                && !field.starts_with('-')
            {
                let fields = sections.entry(name.clone()).or_default();
                assert!(
                    fields.insert((*field).to_owned(), (*kind).to_owned()).is_none(),
                    "{name}.{field} is documented twice"
                );
            }
        }
        Schema { sections, seen: BTreeSet::new() }
    }

    /// Holds the object that a command printed against its section and the common one.
    pub(crate) fn holds_result(&mut self, value: &Value) {
        // What was delivered stays told, whatever became of the wait for it.
        let delivered = value.get("branch").is_some();
        if value.get("error").is_some() && !delivered {
            return self.holds(value, "failure", "failure");
        }
        let section = value["command"].as_str().unwrap().to_owned();
        let common: Vec<String> = self.sections["common"].keys().cloned().collect();
        let of = |wanted: bool| {
            let fields = value.as_object().unwrap().iter();
            let fields = fields.filter(|(key, _)| common.contains(key) == wanted);
            Value::Object(fields.map(|(key, value)| (key.clone(), value.clone())).collect())
        };
        self.holds(&of(true), "common", "common");
        self.holds(&of(false), &section, &section);
    }

    /// Every field that no value was seen of.
    pub(crate) fn unseen(&self) -> Vec<String> {
        let all = self.sections.iter().flat_map(|(section, fields)| {
            fields.keys().map(move |field| (section.clone(), field.clone()))
        });
        let unseen = all.filter(|place| !self.seen.contains(place));
        unseen.map(|(section, field)| format!("{section}.{field}")).collect()
    }

    fn holds(&mut self, value: &Value, kind: &str, at: &str) {
        if let Some(kind) = kind.strip_prefix("list of ") {
            let items = value.as_array().unwrap_or_else(|| panic!("{at}: no list: {value}"));
            return items.iter().for_each(|item| self.holds(item, kind, at));
        }
        if let Some(kind) = kind.strip_prefix("map of ") {
            let items = value.as_object().unwrap_or_else(|| panic!("{at}: no map: {value}"));
            return items.values().for_each(|item| self.holds(item, kind, at));
        }
        match kind {
            "text" => assert!(value.is_string(), "{at}: no text: {value}"),
            "number" => assert!(value.is_u64(), "{at}: no number: {value}"),
            "bool" => assert!(value.is_boolean(), "{at}: no bool: {value}"),
            section => self.holds_object(value, section, at),
        }
    }

    fn holds_object(&mut self, value: &Value, section: &str, at: &str) {
        let fields = self.sections.get(section).cloned();
        let fields = fields.unwrap_or_else(|| panic!("{at}: no section `{section}`"));
        let object = value.as_object().unwrap_or_else(|| panic!("{at}: no object: {value}"));
        for key in object.keys() {
            assert!(fields.contains_key(key), "{at}: `{key}` is not documented in `{section}`");
        }
        for (field, kind) in fields {
            let (kind, may_be) = match kind.split_once(" or ") {
                Some((kind, may_be)) => (kind.to_owned(), may_be.to_owned()),
                None => (kind, String::new()),
            };
            let at = format!("{at}.{field}");
            match object.get(&field) {
                None => assert!(may_be.contains("absent"), "{at} is absent"),
                Some(Value::Null) => assert!(may_be.contains("null"), "{at} is null"),
                Some(value) => {
                    if !is_empty(value) {
                        self.seen.insert((section.to_owned(), field));
                    }
                    self.holds(value, &kind, &at);
                }
            }
        }
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
        || value.as_object().is_some_and(serde_json::Map::is_empty)
}

#[test]
fn a_field_that_is_not_documented_is_found() {
    let wrong = |text: &str, value: Value| {
        let mut schema = Schema::parse(text);
        std::panic::catch_unwind(move || schema.holds(&value, "a", "a")).is_err()
    };
    let table = "### a\n| field | type | meaning |\n|---|---|---|\n| b | text or null | x |\n";
    assert!(!wrong(table, serde_json::json!({ "b": "x" })));
    assert!(!wrong(table, serde_json::json!({ "b": null })));
    assert!(wrong(table, serde_json::json!({ "b": 1 })));
    assert!(wrong(table, serde_json::json!({ "b": "x", "c": 1 })));
    assert!(wrong(table, serde_json::json!({})));
}
