//! What every request passes through, told in one function: [`Stack::answer`].

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::FutureExt as _;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming};
use poem::endpoint::BoxEndpoint;
use poem::http::request::Parts;
use poem::http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header, uri::Scheme};
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Body, Endpoint as _, Request, RequestParts, Response};

use super::context::{self, Context};
use super::head;
use super::routes::{Route, Routes};
use crate::metrics::Metrics;
use crate::problem::Problem;
use crate::shutdown::Lifecycle;
use crate::telemetry::{self, Log, Tracer};

/// The same for all requests of a listener.
pub(crate) struct Stack {
    pub(crate) routes: Routes,
    pub(crate) endpoint: BoxEndpoint<'static, Response>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) log: Log,
    pub(crate) tracer: Tracer,
    pub(crate) lifecycle: Lifecycle,
    pub(crate) max_body: u64,
    pub(crate) timeout: Duration,
    pub(crate) trusted_proxies: usize,
    pub(crate) cors_origins: Vec<HeaderValue>,
}

/// What hyper sends.
pub(crate) type Answer =
    hyper::Response<http_body_util::combinators::BoxBody<Bytes, std::io::Error>>;

impl Stack {
    /// One request from its head to its answer; every request has one, a log line, and its metrics.
    pub(crate) async fn answer(
        &self,
        peer: SocketAddr,
        request: hyper::Request<Incoming>,
    ) -> Answer {
        let began = Instant::now();
        let (head, body) = request.into_parts();
        let mut body = Some(body);
        let found = self.routes.find(head.uri.path());
        let (Ok(route) | Err(route)) = found;
        let span = self.tracer.start(&head.headers, head.method.as_str(), &route.template);
        let context = Context {
            request_id: context::request_id(&head.headers, span.ids),
            client: context::client(&head.headers, peer.ip(), self.trusted_proxies),
            ids: span.ids,
        };
        let visit = Visit::begin(self, &head, route, &context, began);
        let answer = self.respond(found, head, &mut body, &context, peer).await;
        let mut response = answer.unwrap_or_else(|problem| problem.answer(&context.request_id));
        self.dress(&mut response, &visit);
        // Nobody can find the next request behind a body that was not read.
        if body.is_some_and(|body| !body.is_end_stream()) {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        span.end(response.status().as_u16());
        visit.end(response.status());
        response.into()
    }

    async fn respond(
        &self,
        found: Result<&Route, &Route>,
        head: Parts,
        body: &mut Option<Incoming>,
        context: &Context,
        peer: SocketAddr,
    ) -> Result<Response, Problem> {
        head::check(&head)?;
        let route = found
            .map_err(|_| Problem::new(StatusCode::NOT_FOUND, "there is nothing at this path"))?;
        if head.method == Method::OPTIONS {
            return Ok(Response::builder().status(StatusCode::NO_CONTENT).finish());
        }
        if !route.allows(&head.method) {
            let detail = format!("this path knows {}", route.allow.to_str().unwrap_or_default());
            return Err(Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail));
        }
        let body = self.read(body).await?;
        let addresses = (LocalAddr(Addr::SocketAddr(peer)), RemoteAddr(Addr::SocketAddr(peer)));
        let mut request = Request::from_parts(
            RequestParts::from((head, addresses.0, addresses.1, Scheme::HTTP)),
            Body::from_bytes(body),
        );
        request.extensions_mut().insert(context.clone());
        self.call(request).await
    }

    /// The whole body, which is gone then: none is longer than the limit, none takes longer than its
    /// time.
    async fn read(&self, body: &mut Option<Incoming>) -> Result<Bytes, Problem> {
        let Some(unread) = body.as_mut().filter(|body| !body.is_end_stream()) else {
            return Ok(Bytes::new());
        };
        let too_large = || {
            Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("a body has at most {} bytes", self.max_body),
            )
        };
        if unread.size_hint().lower() > self.max_body {
            return Err(too_large());
        }
        let limit = usize::try_from(self.max_body).unwrap_or(usize::MAX);
        let late = |_| Problem::new(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time");
        match tokio::time::timeout(self.timeout, Limited::new(unread, limit).collect())
            .await
            .map_err(late)?
        {
            Ok(read) => {
                *body = None;
                Ok(read.to_bytes())
            }
            Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
            Err(_) => Err(Problem::invalid("the body did not arrive whole")),
        }
    }

    /// The handler, which may neither panic on others nor take for ever.
    async fn call(&self, request: Request) -> Result<Response, Problem> {
        let handler = AssertUnwindSafe(self.endpoint.call(request)).catch_unwind();
        match tokio::time::timeout(self.timeout, handler).await {
            Ok(Ok(answer)) => answer.map_err(|error| Problem::of(&error)),
            Ok(Err(_)) => {
                self.metrics.panics.inc();
                Err(Problem::internal())
            }
            Err(_) => Err(Problem::unavailable("this service")),
        }
    }

    /// Headers that every answer has.
    fn dress(&self, response: &mut Response, visit: &Visit<'_>) {
        let status = response.status();
        let headers = response.headers_mut();
        headers.reserve(8);
        let request_id = visit.context.request_id.clone();
        headers.insert(HeaderName::from_static(context::REQUEST_ID), request_id);
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(API_POLICY);
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        if status == StatusCode::METHOD_NOT_ALLOWED || visit.method == Method::OPTIONS {
            headers.insert(header::ALLOW, visit.route.allow.clone());
        }
        if let Some(origin) =
            visit.origin.as_ref().filter(|origin| self.cors_origins.contains(origin))
        {
            share(headers, origin, visit);
        }
        // The client goes to another instance with its next request, before this one is gone.
        if self.lifecycle.is_draining() {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }
}

/// An answer of the API is data: nothing in it may be run or framed.
const API_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// A page of this origin may read the answer; a preflight is told what it may send.
fn share(headers: &mut poem::http::HeaderMap, origin: &HeaderValue, visit: &Visit<'_>) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    let exposed =
        HeaderValue::from_static("link, location, retry-after, x-request-id, x-total-count");
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    if visit.method == Method::OPTIONS {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, visit.route.allow.clone());
        let sent =
            HeaderValue::from_static("authorization, content-type, x-request-id, traceparent");
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, sent);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }
}

/// A request between its head and its answer; one whose client went away is told of too.
struct Visit<'a> {
    stack: &'a Stack,
    route: &'a Route,
    context: &'a Context,
    method: Method,
    uri: Uri,
    origin: Option<HeaderValue>,
    began: Instant,
    told: bool,
}

/// What logs of proxies call a request whose client did not wait.
const CLIENT_GONE: u16 = 499;

impl<'a> Visit<'a> {
    fn begin(
        stack: &'a Stack,
        head: &Parts,
        route: &'a Route,
        context: &'a Context,
        began: Instant,
    ) -> Self {
        stack.metrics.in_flight.inc();
        let origin = if stack.cors_origins.is_empty() {
            None
        } else {
            head.headers.get(header::ORIGIN).cloned()
        };
        let (method, uri) = (head.method.clone(), head.uri.clone());
        Self { stack, route, context, method, uri, origin, began, told: false }
    }

    fn end(mut self, status: StatusCode) {
        self.tell(status.as_u16());
    }

    fn tell(&mut self, status: u16) {
        self.told = true;
        let took = self.began.elapsed();
        self.stack.metrics.in_flight.dec();
        self.route.operation(&self.method).observe(status, took);
        self.stack.log.request(&telemetry::Request {
            method: self.method.as_str(),
            path: self.uri.path(),
            route: &self.route.template,
            status,
            took,
            request_id: self.context.request_id.to_str().unwrap_or_default(),
            ids: self.context.ids,
            client: self.context.client,
        });
    }
}

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        if !self.told {
            self.tell(CLIENT_GONE);
        }
    }
}
