//! Which paths there are: the operations of the OpenAPI document, and the pages beside it.

use matchit::Router;
use poem::http::{HeaderValue, Method};
use poem_openapi::OpenApi;

use crate::metrics::{Metrics, Operation};

/// A path's template, its methods, and their metrics.
pub(crate) struct Route {
    /// As the document writes it; a label of metrics.
    pub(crate) template: String,
    /// The value of an `Allow` header.
    pub(crate) allow: HeaderValue,
    operations: Vec<(Method, Operation)>,
    /// Of methods that are not allowed.
    other: Operation,
}

impl Route {
    pub(crate) fn allows(&self, method: &Method) -> bool {
        self.operations.iter().any(|(known, _)| known == answered_as(method))
    }

    pub(crate) fn operation(&self, method: &Method) -> &Operation {
        let known = self.operations.iter().find(|(known, _)| known == answered_as(method));
        known.map_or(&self.other, |(_, operation)| operation)
    }
}

/// HEAD is GET without a body (RFC 9110, 9.3.2).
fn answered_as(method: &Method) -> &Method {
    if method == Method::HEAD { &Method::GET } else { method }
}

/// All routes of a listener; built once.
pub(crate) struct Routes {
    router: Router<Route>,
    /// For paths that nothing has.
    unknown: Route,
}

impl Routes {
    pub(crate) fn new(metrics: &Metrics) -> Self {
        Self { router: Router::new(), unknown: route(metrics, "(none)", &[]) }
    }

    /// The operations of an API.
    pub(crate) fn with_api<A: OpenApi>(mut self, metrics: &Metrics) -> Self {
        for path in A::meta().into_iter().flat_map(|api| api.paths) {
            let methods: Vec<Method> =
                path.operations.iter().map(|operation| operation.method.clone()).collect();
            self.insert(metrics, &path.path, &methods);
        }
        self
    }

    /// Pages that are only read.
    pub(crate) fn with_pages(mut self, metrics: &Metrics, paths: &[&str]) -> Self {
        for path in paths {
            self.insert(metrics, path, &[Method::GET]);
        }
        self
    }

    fn insert(&mut self, metrics: &Metrics, template: &str, methods: &[Method]) {
        let inserted = self.router.insert(template, route(metrics, template, methods));
        debug_assert!(inserted.is_ok(), "the templates of {template} are the program's own");
    }

    /// `Err` holds what the metrics call a path that is not there.
    pub(crate) fn find(&self, path: &str) -> Result<&Route, &Route> {
        self.router.at(path).map(|found| found.value).map_err(|_| &self.unknown)
    }
}

fn route(metrics: &Metrics, template: &str, methods: &[Method]) -> Route {
    let operations: Vec<_> = methods
        .iter()
        .map(|method| (method.clone(), metrics.operation(name(method), template)))
        .collect();
    Route {
        template: template.to_owned(),
        allow: allow(methods),
        operations,
        other: metrics.operation("other", template),
    }
}

fn allow(methods: &[Method]) -> HeaderValue {
    let mut names: Vec<&str> = methods.iter().map(Method::as_str).collect();
    if names.contains(&"GET") {
        names.push("HEAD");
    }
    names.push("OPTIONS");
    HeaderValue::from_str(&names.join(", ")).unwrap_or(HeaderValue::from_static("OPTIONS"))
}

/// A label of metrics lives as long as the program.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::PUT => "PUT",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}
