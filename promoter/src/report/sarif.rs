//! Findings as SARIF 2.1.0, for code scanning:
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::commands::{Checked, Finding, Level};
use crate::git::redact;

/// The whole log, with one run.
pub(super) fn log(checked: &Checked) -> String {
    let codes: BTreeSet<&str> = checked.findings.iter().map(|finding| finding.code).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "promoter",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|code| json!({ "id": code })).collect::<Value>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": checked.findings.iter().map(result).collect::<Value>(),
        }],
    });
    format!("{}\n", redact(&log.to_string()))
}

fn result(finding: &Finding) -> Value {
    let level = match finding.level {
        Level::Error => "error",
        Level::Notice => "note",
    };
    let locations: Vec<Value> = finding.file.iter().map(|file| location(file, finding)).collect();
    json!({
        "ruleId": finding.code,
        "level": level,
        "message": { "text": finding.message },
        "locations": locations,
    })
}

/// Code scanning shows only what has a line; what is about a whole file is put at its first.
fn location(file: &str, finding: &Finding) -> Value {
    let (line, column) = finding.place.as_ref().map_or((1, 1), |place| (place.line, place.column));
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(file), "uriBaseId": "%SRCROOT%" },
        "region": { "startLine": line, "startColumn": column },
    }})
}

/// A path as a relative reference (RFC 3986).
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/@+=!$&'()*,;".contains(&byte);
    path.bytes().fold(String::new(), |uri, byte| {
        if plain(byte) {
            uri + &char::from(byte).to_string()
        } else {
            uri + &format!("%{byte:02X}")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_as_references() {
        assert_eq!(
            uri("environments/prod/a b#1/é.yaml"),
            "environments/prod/a%20b%231/%C3%A9.yaml"
        );
    }
}
