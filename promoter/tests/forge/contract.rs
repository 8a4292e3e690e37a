//! GitHub's own schemas: what a request may be, and what an answer must be.
//!
//! The REST description is OpenAPI 3.0, whose `nullable` is turned into JSON Schema here.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use apollo_compiler::executable::{Operation, Selection, SelectionSet};
use apollo_compiler::response::JsonMap;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use serde_json::{Map, Value, json};

/// The published contract.
pub(crate) struct Contract {
    rest: Value,
    graphql: Valid<Schema>,
}

/// One operation of the REST API, as the path of a request found it.
pub(crate) struct Exchange<'c> {
    contract: &'c Contract,
    name: String,
    item: &'c Value,
    operation: &'c Value,
    values: BTreeMap<String, String>,
}

pub(crate) fn contract() -> &'static Contract {
    static CONTRACT: OnceLock<Contract> = OnceLock::new();
    CONTRACT.get_or_init(|| Contract {
        rest: serde_json::from_str(&read("api.github.com.json")).unwrap(),
        graphql: schema(read("schema.graphql")),
    })
}

/// GitHub's schema defines a few fields twice, alike; nothing else may be wrong with it.
fn schema(text: String) -> Valid<Schema> {
    match Schema::parse(text, "schema.graphql") {
        Ok(schema) => Valid::assume_valid(schema),
        Err(found) => {
            let twice = |error: String| error.starts_with("duplicate definitions for");
            let known = found.errors.iter().all(|error| twice(error.error.to_string()));
            assert!(known, "{}", found.errors);
            Valid::assume_valid(found.partial)
        }
    }
}

/// What GitHub's examples of a team lack of GitHub's own description.
fn complete(example: &mut Value) {
    match example {
        Value::Array(items) => items.iter_mut().for_each(complete),
        Value::Object(fields) => {
            if fields.contains_key("slug") && fields.contains_key("privacy") {
                fields.entry("type").or_insert_with(|| "organization".into());
                fields.entry("organization_id").or_insert_with(|| 1.into());
            }
            fields.values_mut().for_each(complete);
        }
        _ => {}
    }
}

fn read(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let folder = std::env::var_os("PROMOTER_GITHUB_SCHEMAS");
    let folder = folder.map_or_else(|| root.join(".tools/github"), PathBuf::from);
    let path = folder.join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!("{}: {error}: e2e/github.sh brings GitHub's schemas", path.display())
    })
}

impl Contract {
    /// An example of GitHub's own, to be changed where the test's world differs.
    pub(crate) fn example(&self, name: &str) -> Value {
        let mut example = self.rest["components"]["examples"][name]["value"].clone();
        complete(&mut example);
        example
    }

    /// The operation that a method and a path mean.
    pub(crate) fn operation(&self, method: &str, path: &str) -> Result<Exchange<'_>, String> {
        let paths = self.rest["paths"].as_object().unwrap();
        let mut found: Vec<_> = paths
            .iter()
            .filter_map(|(template, item)| Some((template, item, fits(template, path)?)))
            .filter(|(_, item, _)| item.get(method).is_some())
            .collect();
        // A part that is written out goes before one that stands for anything.
        found.sort_by_key(|(_, _, values)| values.len());
        let Some((template, item, values)) = found.into_iter().next() else {
            return Err(format!("there is no {method} {path}"));
        };
        let name = format!("{method} {template}");
        Ok(Exchange { contract: self, name, item, operation: &item[method], values })
    }

    /// Holds a query of GraphQL and its variables against the schema.
    pub(crate) fn query(&self, body: &Value) -> Result<Vec<String>, String> {
        let (document, variables) = self.document(body)?;
        let operation = document.operations.get(None).map_err(|error| format!("{error:?}"))?;
        apollo_compiler::request::coerce_variable_values(&self.graphql, operation, &variables)
            .map_err(|error| format!("{error:?}"))?;
        Ok(fields(operation))
    }

    /// Holds the `data` of an answer against what was asked for.
    pub(crate) fn data(&self, body: &Value, answer: &Value) -> Result<(), String> {
        let (document, _) = self.document(body)?;
        let operation = document.operations.get(None).map_err(|error| format!("{error:?}"))?;
        if answer.get("data").is_none_or(Value::is_null) {
            let told = answer["errors"].as_array().is_some_and(|errors| {
                errors.iter().all(|error| error["message"].is_string()) && !errors.is_empty()
            });
            return if told { Ok(()) } else { Err("neither data nor errors".to_owned()) };
        }
        selected(&operation.selection_set, &answer["data"])
    }

    fn document(&self, body: &Value) -> Result<(Valid<ExecutableDocument>, JsonMap), String> {
        let query = body["query"].as_str().ok_or("no query")?;
        let document = ExecutableDocument::parse_and_validate(&self.graphql, query, "query")
            .map_err(|errors| errors.to_string())?;
        let variables = serde_json::from_value(body["variables"].clone());
        Ok((document, variables.map_err(|error| error.to_string())?))
    }
}

/// Whether an answer has the fields that were asked for.
fn selected(set: &SelectionSet, value: &Value) -> Result<(), String> {
    let object = value.as_object().ok_or_else(|| format!("{}: no object", set.ty))?;
    for selection in &set.selections {
        let Selection::Field(field) = selection else { return Err("a fragment".to_owned()) };
        let name = field.response_key().as_str();
        let value = object.get(name).ok_or_else(|| format!("{}.{name} is missing", set.ty))?;
        match (value, field.selection_set.selections.is_empty()) {
            (Value::Null, _) if !field.ty().is_non_null() => {}
            (Value::String(_), true) => {}
            (value, false) => selected(&field.selection_set, value)?,
            _ => return Err(format!("{}.{name} is {value}", set.ty)),
        }
    }
    Ok(())
}

fn fields(operation: &Operation) -> Vec<String> {
    let names = operation.selection_set.selections.iter().filter_map(Selection::as_field);
    names.map(|field| field.name.to_string()).collect()
}

impl Exchange<'_> {
    /// The method and the template of the path.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What stands in the path for a name of the template.
    pub(crate) fn value(&self, name: &str) -> &str {
        &self.values[name]
    }

    /// Holds the query and the body of a request against the description.
    pub(crate) fn request(
        &self,
        query: &[(String, String)],
        body: Option<&Value>,
    ) -> Result<(), String> {
        let all = [&self.item["parameters"], &self.operation["parameters"]];
        let all = all.into_iter().filter_map(Value::as_array).flatten();
        let known: Vec<&Value> = all.map(|one| self.contract.resolved(one)).collect();
        for (name, value) in query {
            let described = known.iter().find(|one| one["in"] == "query" && one["name"] == **name);
            let described = described.ok_or_else(|| format!("no parameter `{name}`"))?;
            let schema = &described["schema"];
            let value = match schema["type"].as_str() {
                Some("integer") => json!(value.parse::<i64>().map_err(|e| e.to_string())?),
                _ => json!(value),
            };
            self.contract.hold(schema, &value)?;
        }
        let described = self.operation.get("requestBody");
        match (body, described) {
            (None, Some(described)) if described["required"] == true => {
                Err("the body is missing".to_owned())
            }
            (None, _) => Ok(()),
            (Some(_), None) => Err("a body where none is taken".to_owned()),
            (Some(body), Some(described)) => {
                let schema = &described["content"]["application/json"]["schema"];
                only_known(schema, body)?;
                self.contract.hold(schema, body)
            }
        }
    }

    /// Holds an answer against the description. A status that a server may give to anything (401,
    /// 429, 5xx, and 403 for a limit) is described nowhere.
    pub(crate) fn answer(&self, status: u16, body: &Value) -> Result<(), String> {
        let described = self.operation["responses"].get(status.to_string());
        let Some(described) = described else {
            let anywhere = matches!(status, 401 | 403 | 404 | 429 | 500..=599);
            let told = body["message"].is_string();
            return if anywhere && told { Ok(()) } else { Err(format!("no answer {status}")) };
        };
        let described = self.contract.resolved(described);
        match described.pointer("/content/application~1json/schema") {
            Some(schema) => self.contract.hold(schema, body),
            None => Ok(()),
        }
    }
}

impl Contract {
    /// Follows a `$ref` into the description.
    fn resolved<'c>(&'c self, value: &'c Value) -> &'c Value {
        match value["$ref"].as_str() {
            Some(place) => self.rest.pointer(place.trim_start_matches('#')).unwrap(),
            None => value,
        }
    }

    fn hold(&self, schema: &Value, value: &Value) -> Result<(), String> {
        let mut components = Map::new();
        let mut schema = schema.clone();
        self.standalone(&mut schema, &mut components);
        let whole = json!({ "allOf": [schema], "components": { "schemas": components } });
        let validator =
            jsonschema::draft4::options().build(&whole).map_err(|error| error.to_string())?;
        let errors: Vec<String> = validator
            .iter_errors(value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        if errors.is_empty() { Ok(()) } else { Err(errors.join("; ")) }
    }

    /// Turns a schema of OpenAPI into one of JSON, and gathers what it refers to.
    fn standalone(&self, schema: &mut Value, components: &mut Map<String, Value>) {
        match schema {
            Value::Array(items) => {
                for item in items {
                    self.standalone(item, components);
                }
            }
            Value::Object(fields) => {
                fields.remove("example");
                fields.remove("examples");
                // GitHub's own examples are loose about formats.
                fields.remove("format");
                for field in fields.values_mut() {
                    self.standalone(field, components);
                }
                if let Some(Value::String(place)) = fields.get("$ref") {
                    let name = place.rsplit('/').next().unwrap().to_owned();
                    if !components.contains_key(&name) {
                        components.insert(name.clone(), Value::Null);
                        let mut target = self.rest["components"]["schemas"][&name].clone();
                        self.standalone(&mut target, components);
                        components.insert(name, target);
                    }
                }
                if fields.remove("nullable") == Some(Value::Bool(true)) {
                    let inner = Value::Object(std::mem::take(fields));
                    *schema = json!({ "anyOf": [{ "type": "null" }, inner] });
                }
            }
            _ => {}
        }
    }
}

/// The description lets any further field through; a misspelt one should not be.
fn only_known(schema: &Value, body: &Value) -> Result<(), String> {
    let any = Vec::new();
    let choices = schema["oneOf"].as_array().unwrap_or(&any);
    let objects = choices.iter().chain([schema]).filter_map(|one| one["properties"].as_object());
    let known: Vec<&String> = objects.flat_map(Map::keys).collect();
    let unknown = body.as_object().into_iter().flatten().find(|(key, _)| !known.contains(key));
    unknown.map_or(Ok(()), |(key, _)| Err(format!("no field `{key}`")))
}

/// What stands for the names of a template in a path of its shape.
fn fits(template: &str, path: &str) -> Option<BTreeMap<String, String>> {
    let mut values = BTreeMap::new();
    let (mut expected, mut found) = (template.split('/'), path.split('/'));
    loop {
        match (expected.next(), found.next()) {
            (None, None) => return Some(values),
            (Some(name), Some(part)) if name.starts_with('{') => {
                values.insert(name.trim_matches(['{', '}']).to_owned(), part.to_owned());
            }
            (Some(name), Some(part)) if name == part => {}
            _ => return None,
        }
    }
}

/// The examples that answers are made from, and whose answers they are.
const EXAMPLES: &[(&str, &str, u16, &str)] = &[
    ("get", "/repos/acme/shop/pulls", 200, "pull-request-simple-items"),
    ("post", "/repos/acme/shop/pulls", 201, "pull-request"),
    ("post", "/repos/acme/shop/pulls/1/requested_reviewers", 201, "pull-request-review-request"),
    ("get", "/repos/acme/shop/pulls/1/reviews", 200, "pull-request-review-items"),
    ("post", "/repos/acme/shop/issues/1/labels", 200, "label-items"),
    ("get", "/repos/acme/shop/issues/1/comments", 200, "issue-comment-items"),
    ("post", "/repos/acme/shop/issues/1/comments", 201, "issue-comment"),
    ("get", "/repos/acme/shop/installation", 200, "installation"),
    ("post", "/app/installations/1/access_tokens", 201, "installation-token"),
];

#[test]
fn the_contract_is_held() {
    let contract = contract();
    let list = contract.operation("get", "/repos/acme/shop/pulls").unwrap();
    assert_eq!(list.name(), "get /repos/{owner}/{repo}/pulls");
    assert_eq!(list.value("owner"), "acme");
    let query = |name: &str, value: &str| [(name.to_owned(), value.to_owned())];
    list.request(&query("state", "open"), None).unwrap();
    list.request(&query("state", "opened"), None).unwrap_err();
    list.request(&query("stat", "open"), None).unwrap_err();
    for (method, path, status, example) in EXAMPLES {
        let operation = contract.operation(method, path).unwrap();
        operation
            .answer(*status, &contract.example(example))
            .unwrap_or_else(|e| panic!("{example}: {e}"));
    }
    list.answer(200, &json!([{}])).unwrap_err();
    list.answer(418, &json!({})).unwrap_err();
    let open = contract.operation("post", "/repos/acme/shop/pulls").unwrap();
    open.request(&[], Some(&json!({ "title": "t", "head": "h", "base": "b" }))).unwrap();
    open.request(&[], Some(&json!({ "title": "t", "base": "b" }))).unwrap_err();
    open.request(&[], Some(&json!({ "title": "t", "head": "h", "base": "b", "bdy": "" })))
        .unwrap_err();
    contract.operation("post", "/repos/acme/shop/pull").map(|_| ()).unwrap_err();
    let query = |query: &str| json!({ "query": query, "variables": {} });
    contract.query(&query("{ viewer { login } }")).unwrap();
    contract.query(&query("{ viewer { logout } }")).unwrap_err();
    contract
        .data(&query("{ viewer { login } }"), &json!({ "data": { "viewer": {} } }))
        .unwrap_err();
}
