//! The documentation: the OpenAPI document, and a page to browse it, from the binary alone.
//!
//! Swagger UI lies here as its package has it, compressed; nothing is loaded from anywhere else.

use std::sync::OnceLock;

use poem::http::{HeaderValue, StatusCode, header};
use poem::{Body, Endpoint, Request, Response, Result, Route};
use sha2::{Digest as _, Sha256};

/// Files at their paths; static, so that they cost no memory until they are read.
pub(crate) struct Pages(&'static [Page]);

struct Page {
    path: &'static str,
    content_type: &'static str,
    encoding: Option<&'static str>,
    bytes: &'static [u8],
}

/// The pages of `api`.
pub(crate) static API: Pages =
    Pages(&[document(include_bytes!("../openapi/api.json")), INDEX, START, BUNDLE, STYLE]);
/// The pages of `auth`.
pub(crate) static AUTH: Pages =
    Pages(&[document(include_bytes!("../openapi/auth.json")), INDEX, START, BUNDLE, STYLE]);

const INDEX: Page =
    page("/docs/", "text/html; charset=utf-8", include_bytes!("../assets/index.html"));
const START: Page = page("/docs/start.js", JAVASCRIPT, include_bytes!("../assets/start.js"));
const BUNDLE: Page = compressed(
    "/docs/swagger-ui-bundle.js",
    JAVASCRIPT,
    include_bytes!("../assets/swagger-ui-bundle.js.gz"),
);
const STYLE: Page = compressed(
    "/docs/swagger-ui.css",
    "text/css; charset=utf-8",
    include_bytes!("../assets/swagger-ui.css.gz"),
);

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const INDEX_AT: &str = "/docs";

/// Scripts of this page only; Swagger UI draws with `data:` images and sets styles on elements.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

const fn document(bytes: &'static [u8]) -> Page {
    page("/openapi.json", "application/json", bytes)
}

const fn page(path: &'static str, content_type: &'static str, bytes: &'static [u8]) -> Page {
    Page { path, content_type, encoding: None, bytes }
}

const fn compressed(path: &'static str, content_type: &'static str, bytes: &'static [u8]) -> Page {
    Page { path, content_type, encoding: Some("gzip"), bytes }
}

impl Pages {
    pub(crate) fn paths(&self) -> Vec<&'static str> {
        self.0.iter().map(|page| page.path).chain([INDEX_AT]).collect()
    }

    pub(crate) fn route(&self) -> Route {
        let to_index = poem::endpoint::make_sync(|_| {
            Response::builder()
                .status(StatusCode::SEE_OTHER)
                .header(header::LOCATION, "docs/")
                .finish()
        });
        self.0.iter().fold(Route::new().at(INDEX_AT, to_index), |route, page| {
            route.at(page.path, Served { page, tag: OnceLock::new() })
        })
    }
}

/// A page, and the tag of its bytes: builds of one version may differ.
struct Served {
    page: &'static Page,
    tag: OnceLock<String>,
}

impl Served {
    /// Made when it is first asked for, since most processes are never asked.
    fn tag(&self) -> &str {
        self.tag.get_or_init(|| format!("\"{}\"", hex::encode(Sha256::digest(self.page.bytes))))
    }
}

impl Endpoint for Served {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let tag = self.tag();
        let known = request.headers().get(header::IF_NONE_MATCH).is_some_and(|given| given == tag);
        let status = if known { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
        let body = if known { Body::empty() } else { Body::from(self.page.bytes) };
        let response = Response::builder()
            .status(status)
            .header(header::ETAG, tag)
            .header(header::CACHE_CONTROL, "no-cache")
            .header(header::CONTENT_SECURITY_POLICY, POLICY)
            .content_type(self.page.content_type);
        Ok(match self.page.encoding {
            Some(encoding) => response.header(header::CONTENT_ENCODING, encoding).body(body),
            None => response.body(body),
        })
    }
}
