//! The body of `PUT`: a time as JSON or as text, or nothing for now.

use poem::http::{StatusCode, header};
use poem::{Request, RequestBody, Result};
use poem_openapi::payload::{Json, Payload as _, PlainText};
use poem_openapi::registry::{MetaMediaType, MetaRequest, Registry};
use poem_openapi::types::{Example, ParseFromJSON as _, Type as _};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions, Object};

use crate::moment::{Given, Moment};
use crate::problem::{Problem, plain};

/// A time to set.
#[derive(Object)]
#[oai(example)]
struct Wanted {
    /// RFC 3339, or seconds since 1970.
    timestamp: Given,
}

impl Example for Wanted {
    fn example() -> Self {
        Self { timestamp: Given(Moment::from_second(1_795_255_200).unwrap_or(Moment::EPOCH)) }
    }
}

/// The time that a request asks to be set.
pub(crate) struct SetTo(pub(crate) Moment);

impl<'a> ApiExtractor<'a> for SetTo {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        Wanted::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        let json = MetaMediaType {
            content_type: Json::<Wanted>::CONTENT_TYPE,
            schema: Wanted::schema_ref(),
        };
        let text = MetaMediaType {
            content_type: PlainText::<String>::CONTENT_TYPE,
            schema: Given::schema_ref(),
        };
        let description = Some("The time to set; without a body it is now.");
        Some(MetaRequest { description, content: vec![json, text], required: false })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> Result<Self> {
        let bytes = body.take()?.into_bytes().await?;
        if bytes.is_empty() {
            return Ok(Self(Moment::now()));
        }
        let kind = request.header(header::CONTENT_TYPE).unwrap_or_default();
        if Json::<Wanted>::check_content_type(kind) {
            return Ok(Self(json(&bytes)?));
        }
        if PlainText::<String>::check_content_type(kind) {
            return Ok(Self(text(&bytes)?));
        }
        Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "the body is application/json or text/plain",
        )
        .into())
    }
}

fn json(bytes: &[u8]) -> Result<Moment, Problem> {
    let invalid = |why: String| Problem::invalid(format!("the body is not valid: {why}"));
    let value = serde_json::from_slice(bytes).map_err(|error| invalid(error.to_string()))?;
    let wanted = Wanted::parse_from_json(Some(value))
        .map_err(|error| invalid(plain(&error.into_message())))?;
    Ok(wanted.timestamp.0)
}

fn text(bytes: &[u8]) -> Result<Moment, Problem> {
    let given = str::from_utf8(bytes).ok().and_then(|text| Given::parse(text.trim()));
    let given = given.ok_or_else(|| {
        Problem::invalid(
            "the body is not a time such as 2026-11-21T10:00:00Z, or seconds since 1970",
        )
    })?;
    Ok(given.0)
}
