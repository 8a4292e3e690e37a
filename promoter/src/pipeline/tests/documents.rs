//! The documents say what the code reads.

use serde_json::Value;

use crate::pipeline::{Delivery, Pipeline};
use crate::pipeline::{file, freeze, gates, review};

const SCHEMA: &str = include_str!("../../../../docs/promoter.schema.json");
const PAGE: &str = include_str!("../../../../docs/configuration.md");

fn keys_at(pointer: &str) -> Vec<String> {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let at = schema.pointer(pointer).unwrap_or_else(|| panic!("no {pointer}"));
    assert_eq!(at.get("additionalProperties"), Some(&Value::Bool(false)), "{pointer}");
    let mut keys: Vec<_> = at["properties"].as_object().unwrap().keys().cloned().collect();
    keys.sort();
    keys
}

#[test]
fn the_schema_has_the_same_keys() {
    let check = |pointer: &str, known: &[&str]| {
        let mut known = known.to_vec();
        known.sort_unstable();
        assert_eq!(keys_at(pointer), known, "{pointer}");
    };
    check("", file::KEYS);
    check("/$defs/environment", file::ENVIRONMENT_KEYS);
    check("/$defs/service", file::SERVICE_KEYS);
    check("/$defs/argocd", file::ARGOCD_KEYS);
    check("/$defs/version", file::VERSION_KEYS);
    check("/$defs/gates", gates::KEYS);
    check("/$defs/images", gates::IMAGES_KEYS);
    check("/$defs/signature", gates::SIGNATURE_KEYS);
    check("/$defs/provenance", gates::PROVENANCE_KEYS);
    check("/$defs/healthy", gates::HEALTHY_KEYS);
    check("/$defs/freeze", freeze::KEYS);
    check("/$defs/pull_request", review::KEYS);
}

#[test]
fn the_schema_has_the_same_words() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let check = |key: &str, known: &[&str]| {
        let words = schema.pointer(&format!("/$defs/{key}/enum"));
        assert_eq!(words, Some(&Value::from(known)), "{key}");
    };
    check("environment/properties/deliver", &Delivery::WORDS);
    check("environment/properties/override", file::OVERRIDES);
    check("pull_request/properties/auto_merge", review::METHODS);
}

#[test]
fn the_examples_are_right() {
    let blocks: Vec<_> = PAGE.split("```yaml\n").skip(1).collect();
    assert!(blocks.len() > 5);
    for block in blocks {
        let text = block.split("```").next().unwrap();
        let whole = if text.contains("environments:") {
            text.to_owned()
        } else {
            format!("environments: [{{ name: dev }}, {{ name: prod, from: dev }}]\n{text}")
        };
        let parsed = Pipeline::parse("promoter.yaml", whole.as_bytes());
        assert!(parsed.is_ok(), "{}\n{whole}", parsed.unwrap_err());
    }
}

#[test]
fn every_key_is_explained() {
    let all = [file::KEYS, file::ENVIRONMENT_KEYS, file::SERVICE_KEYS, gates::KEYS];
    let more = [gates::IMAGES_KEYS, gates::SIGNATURE_KEYS, freeze::KEYS, review::KEYS];
    for key in all.into_iter().chain(more).flatten() {
        assert!(PAGE.contains(&format!("`{key}`")), "docs/configuration.md does not name `{key}`");
    }
}
