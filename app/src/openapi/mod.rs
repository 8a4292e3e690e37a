//! The OpenAPI documents of both services, generated from their operations.

mod complete;
mod refusals;
#[cfg(test)]
mod told;

use std::collections::HashMap;
use std::marker::PhantomData;

use poem::endpoint::BoxEndpoint;
use poem::http::Method;
use poem_openapi::registry::{MetaApi, Registry};
use poem_openapi::{ContactObject, LicenseObject, OpenApi, OpenApiService};
use serde_json::Value;

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
    document::<(Message, Jobs, TimestampsApi, RecordsApi, System)>(
        "api",
        "A message, jobs, timestamps and deployment records.",
    )
}

/// The document of `auth`.
pub(crate) fn auth() -> String {
    document::<(UsersApi, System)>(
        "auth",
        "Says whose a token is; `api` asks it, and nobody outside the cluster.",
    )
}

/// What holds for all operations.
const EVERYWHERE: &str = "\
    Errors are problem details (RFC 9457).\n\
    Every answer has an `x-request-id`: the client's own when it sent one of `A-Za-z0-9._-`, else a new one.\n\
    A `traceparent` (W3C Trace Context) is continued.\n\n\
    A path that is not there is 404, a method that a path does not know 405 with `Allow`.\n\
    `HEAD` works where `GET` does; `OPTIONS` is 204 with `Allow`.\n\n\
    What is no HTTP is 400, a path that is too long 414, a head that is too large 431: these have no body.";

fn document<A: OpenApi>(title: &str, about: &str) -> String {
    let contact = ContactObject::new()
        .name("The maintainers")
        .url("https://github.com/example/promoter/issues");
    let license =
        LicenseObject::new("Apache-2.0").url("https://www.apache.org/licenses/LICENSE-2.0");
    let service = OpenApiService::new(Shape::<A>(PhantomData), title, VERSION);
    let about = format!("{about}\n\n{EVERYWHERE}");
    let generated = service.description(about).contact(contact).license(license).spec();
    // What poem-openapi prints is JSON.
    let mut document: Value = serde_json::from_str(&generated).unwrap_or_default();
    complete::complete(&mut document);
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

#[cfg(test)]
mod tests {
    use super::*;

    const REGENERATE: &str =
        "cargo run -p app --bin api -- openapi > app/openapi/api.json; the same for auth";

    #[test]
    fn the_documents_that_are_served_are_those_of_the_operations() {
        assert!(api() == include_str!("../../openapi/api.json"), "{REGENERATE}");
        assert!(auth() == include_str!("../../openapi/auth.json"), "{REGENERATE}");
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
