//! The documents have the words that a reader needs: of operations, parameters, answers; and an example of each body.

use serde_json::Value;

use super::complete::operations;
use super::{api, auth};

#[test]
fn all_is_described_and_has_an_example() {
    for text in [api(), auth()] {
        let document: Value = serde_json::from_str(&text).unwrap();
        for operation in operations(&mut document.clone()) {
            let operation = Value::from(operation.clone());
            let missing = Told { document: &document }.missing(&operation);
            assert_eq!(missing, [""; 0], "{}", operation["operationId"]);
        }
        for tag in document["tags"].as_array().unwrap() {
            assert!(is_text(&tag["description"]), "{tag}");
        }
    }
}

struct Told<'a> {
    document: &'a Value,
}

impl Told<'_> {
    fn missing(&self, operation: &Value) -> Vec<String> {
        let names = ["summary", "description", "operationId", "security", "tags"];
        let mut missing = unless(|name| !operation[name].is_null(), &names);
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let described = is_text(&parameter["description"]);
            if !described || parameter["schema"]["example"].is_null() {
                missing.push(parameter["name"].to_string());
            }
        }
        missing.extend(self.without_example(&operation["requestBody"]));
        for (code, response) in operation["responses"].as_object().unwrap() {
            let response = self.resolve(response);
            if !is_text(&response["description"]) || response["headers"]["x-request-id"].is_null() {
                missing.push(code.clone());
            }
            missing.extend(self.without_example(response));
        }
        missing
    }

    fn without_example(&self, told: &Value) -> Vec<String> {
        let media = told["content"].as_object().into_iter().flatten();
        let shown =
            |media: &Value| !media["example"].is_null() || self.has_example(&media["schema"]);
        media.filter(|(_, media)| !shown(media)).map(|(kind, _)| kind.clone()).collect()
    }

    fn has_example(&self, schema: &Value) -> bool {
        let schema = self.resolve(schema);
        !schema["example"].is_null()
            || (!schema["items"].is_null() && self.has_example(&schema["items"]))
    }

    fn resolve<'v>(&'v self, value: &'v Value) -> &'v Value {
        let reference = value["$ref"].as_str().and_then(|path| path.strip_prefix('#'));
        reference.map_or(value, |path| self.document.pointer(path).unwrap())
    }
}

fn unless(told: impl Fn(&str) -> bool, names: &[&str]) -> Vec<String> {
    names.iter().filter(|name| !told(name)).map(|name| (*name).to_owned()).collect()
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}
