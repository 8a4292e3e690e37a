//! The caller as a parameter of an operation: the document says that a token is needed, and it is checked.

use poem::{Error, Request, RequestBody, Result};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use super::Identity;
use crate::problem::Problem;
use crate::server::Context;

const SCHEME: &str = "token";

/// A user who is known.
pub(crate) struct Caller {
    pub(crate) name: String,
}

/// Whoever may write: a user who is known, or anybody where `WRITE_TOKEN_REQUIRED` is off.
pub(crate) struct Writer;

impl<'a> ApiExtractor<'a> for Caller {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        registry.create_security_scheme(SCHEME, scheme());
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![SCHEME]
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> Result<Self> {
        let (identity, context) = parts(request)?;
        Ok(Self { name: identity.user(request.headers(), context).await? })
    }
}

impl<'a> ApiExtractor<'a> for Writer {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        registry.create_security_scheme(SCHEME, scheme());
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![SCHEME]
    }

    fn has_security_fallback() -> bool {
        true
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> Result<Self> {
        let (identity, context) = parts(request)?;
        if identity.write_token_required() {
            identity.user(request.headers(), context).await?;
        }
        Ok(Self)
    }
}

/// Put there by the stack and by the service; without them no operation is reached.
fn parts(request: &Request) -> Result<(&Identity, &Context)> {
    let parts = request.extensions().get().zip(request.extensions().get());
    parts.ok_or_else(|| Error::from(Problem::internal()))
}

fn scheme() -> MetaSecurityScheme {
    MetaSecurityScheme {
        ty: "http",
        description: Some(
            "A user's token, which `auth user add` makes. The header may also hold the token alone.",
        ),
        name: None,
        key_in: None,
        scheme: Some("bearer"),
        bearer_format: None,
        flows: None,
        openid_connect_url: None,
    }
}
