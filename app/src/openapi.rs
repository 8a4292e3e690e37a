//! The OpenAPI documents of both services, generated from their operations.

use std::collections::HashMap;
use std::marker::PhantomData;

use poem::endpoint::BoxEndpoint;
use poem::http::Method;
use poem_openapi::registry::{MetaApi, Registry};
use poem_openapi::{ContactObject, LicenseObject, OpenApi, OpenApiService};
use serde_json::{Value, json};

use crate::health::{System, VERSION};
use crate::jobs::Jobs;
use crate::message::Message;
use crate::records::RecordsApi;
use crate::timestamps::TimestampsApi;
use crate::users::UsersApi;

/// Groups of operations.
#[derive(poem_openapi::Tags)]
pub(crate) enum Tags {
    /// A message and a greeting.
    Message,
    /// The jobs of a user.
    Jobs,
    /// Named points in time.
    Timestamps,
    /// What ran where, since when.
    Records,
    /// Users and their tokens.
    Users,
    /// What the platform asks; on `ADMIN_ADDR` alone where that is set.
    System,
}

/// The document of `api`.
pub(crate) fn api() -> String {
    let about = "A message, jobs, timestamps and deployment records.\n\n\
        Errors are problem details (RFC 9457); every answer has an `x-request-id`.\n\
        A path that is not there is 404, a method that a path does not know 405 with `Allow`, and `OPTIONS` 204 with `Allow`.";
    document::<(Message, Jobs, TimestampsApi, RecordsApi, System)>("api", about)
}

/// The document of `auth`.
pub(crate) fn auth() -> String {
    let about = "Says whose a token is; `api` asks it, and nobody outside the cluster.\n\n\
        Errors are problem details (RFC 9457); every answer has an `x-request-id`.";
    document::<(UsersApi, System)>("auth", about)
}

fn document<A: OpenApi>(title: &str, about: &str) -> String {
    let contact = ContactObject::new()
        .name("The maintainers")
        .url("https://github.com/example/promoter/issues");
    let license =
        LicenseObject::new("Apache-2.0").url("https://www.apache.org/licenses/LICENSE-2.0");
    let service = OpenApiService::new(Shape::<A>(PhantomData), title, VERSION);
    let generated = service.description(about).contact(contact).license(license).spec();
    // What poem-openapi prints is JSON.
    let mut document: Value = serde_json::from_str(&generated).unwrap_or_default();
    complete(&mut document);
    format!("{document:#}\n")
}

/// The operations of an API without what they need to run.
struct Shape<A>(PhantomData<A>);

impl<A: OpenApi> OpenApi for Shape<A> {
    fn meta() -> Vec<MetaApi> {
        A::meta()
    }

    fn register(registry: &mut Registry) {
        A::register(registry);
    }

    fn add_routes(self, _: &mut HashMap<String, HashMap<Method, BoxEndpoint<'static>>>) {}
}

/// What the stack adds to every answer, and the newest patch of the version that poem-openapi writes.
fn complete(document: &mut Value) {
    if let Some(version) = document.get_mut("openapi") {
        *version = json!("3.0.3");
    }
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    let operations = paths.filter_map(|(_, path)| path.as_object_mut()).flatten();
    let responses = operations
        .filter_map(|(_, operation)| operation.get_mut("responses")?.as_object_mut())
        .flatten();
    for (_, response) in responses {
        let Some(response) = response.as_object_mut() else { continue };
        let headers = response.entry("headers").or_insert_with(|| json!({}));
        let Some(headers) = headers.as_object_mut() else { continue };
        headers.insert("x-request-id".to_owned(), request_id());
    }
}

fn request_id() -> Value {
    json!({
        "description": "The request's id: the client's own when it sent one, else a new one.",
        "required": true,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$", "maxLength": 64},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGENERATE: &str =
        "cargo run -p app --bin api -- openapi > app/openapi/api.json; the same for auth";

    #[test]
    fn the_documents_that_are_served_are_those_of_the_operations() {
        assert!(api() == include_str!("../openapi/api.json"), "{REGENERATE}");
        assert!(auth() == include_str!("../openapi/auth.json"), "{REGENERATE}");
    }

    /// Two sides of a `Result` that both name a status would make two keys of it, of which parsers keep one.
    #[test]
    fn no_status_of_an_operation_is_told_twice() {
        let apis = <(Message, Jobs, TimestampsApi, RecordsApi, UsersApi, System)>::meta();
        let operations =
            apis.into_iter().flat_map(|api| api.paths).flat_map(|path| path.operations);
        for operation in operations {
            let mut told: Vec<_> =
                operation.responses.responses.iter().map(|told| told.status).collect();
            let all = told.len();
            told.sort_unstable();
            told.dedup();
            assert_eq!(told.len(), all, "{:?}", operation.operation_id);
        }
    }
}
