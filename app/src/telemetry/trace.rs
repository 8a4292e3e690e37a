//! Trace context (W3C, version 00) on the way in and out, and spans by OTLP where they are configured.

use std::sync::Arc;

use opentelemetry::trace::{
    Span as _, SpanContext, SpanId, SpanKind, Status, TraceContextExt as _, TraceFlags, TraceId,
    TraceState, Tracer as _, TracerProvider as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::runtime::Tokio;
use opentelemetry_sdk::trace::span_processor_with_async_runtime::BatchSpanProcessor;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use poem::http::HeaderMap;

use crate::cli::Failed;

/// The trace that a request belongs to, and its own span in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ids {
    pub(crate) trace: u128,
    pub(crate) span: u64,
    pub(crate) flags: u8,
}

impl Ids {
    /// The header for whoever is called next.
    pub(crate) fn traceparent(self) -> String {
        format!("00-{:032x}-{:016x}-{:02x}", self.trace, self.span, self.flags)
    }

    /// What the caller sent, when it is what the standard says.
    fn parse(traceparent: &str) -> Option<Self> {
        let mut parts = traceparent.split('-');
        let (version, trace, span, flags) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        // A later version may have more parts; 00 has four, and ff is none.
        if version == "ff" || (version == "00" && parts.next().is_some()) {
            return None;
        }
        u8::try_from(unhex(version, 2)?).ok()?;
        let ids = Self {
            trace: unhex(trace, 32)?,
            span: u64::try_from(unhex(span, 16)?).ok()?,
            flags: u8::try_from(unhex(flags, 2)?).ok()?,
        };
        (ids.trace != 0 && ids.span != 0).then_some(ids)
    }

    fn of(context: &SpanContext) -> Self {
        Self {
            trace: u128::from_be_bytes(context.trace_id().to_bytes()),
            span: u64::from_be_bytes(context.span_id().to_bytes()),
            flags: context.trace_flags().to_u8(),
        }
    }
}

/// The lowest digits of a number, in hexadecimal.
pub(crate) fn hex<const DIGITS: usize>(number: u128) -> [u8; DIGITS] {
    let mut text = [0; DIGITS];
    let mut rest = number;
    for digit in text.iter_mut().rev() {
        let [value, ..] = (rest & 0xf).to_le_bytes();
        *digit = if value < 10 { b'0' + value } else { b'a' + value - 10 };
        rest >>= 4;
    }
    text
}

/// Exactly so many lower-case hexadecimal digits.
fn unhex(text: &str, digits: usize) -> Option<u128> {
    let lower = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (text.len() == digits && text.bytes().all(lower))
        .then(|| u128::from_str_radix(text, 16).ok())?
}

/// Makes the ids of requests, and sends spans when it has somewhere to send them.
#[derive(Clone)]
pub(crate) struct Tracer(Option<Arc<Export>>);

struct Export {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
}

/// One request on its way; without an exporter it is its ids.
pub(crate) struct Span {
    pub(crate) ids: Ids,
    exported: Option<opentelemetry_sdk::trace::Span>,
}

impl Tracer {
    /// Spans go to `endpoint`, or nowhere; needs the runtime of tokio.
    pub(crate) fn new(
        endpoint: Option<&str>,
        service: &'static str,
        client: reqwest::Client,
    ) -> Result<Self, Failed> {
        let Some(endpoint) = endpoint else { return Ok(Self(None)) };
        let exporter = opentelemetry_otlp::SpanExporter::builder()
            .with_http()
            .with_http_client(client)
            .with_endpoint(format!("{endpoint}/v1/traces"))
            .build()?;
        let resource = Resource::builder()
            .with_service_name(std::borrow::Cow::Borrowed(service))
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let provider = SdkTracerProvider::builder()
            .with_span_processor(BatchSpanProcessor::builder(exporter, Tokio).build())
            .with_resource(resource)
            .build();
        let tracer = provider.tracer("app");
        Ok(Self(Some(Arc::new(Export { provider, tracer }))))
    }

    /// The request continues the trace of its caller, or begins one.
    pub(crate) fn start(&self, headers: &HeaderMap, method: &str, route: &str) -> Span {
        let caller = headers.get("traceparent").and_then(|value| Ids::parse(value.to_str().ok()?));
        match &self.0 {
            None => Span { ids: own(caller), exported: None },
            Some(export) => export.start(caller, method, route),
        }
    }

    /// Sends what is left; after the last request has ended.
    pub(crate) async fn close(&self) {
        let Some(export) = self.0.clone() else { return };
        let sent = tokio::task::spawn_blocking(move || export.provider.shutdown()).await;
        if !matches!(sent, Ok(Ok(()))) {
            tracing::warn!("the last spans could not be sent");
        }
    }
}

fn own(caller: Option<Ids>) -> Ids {
    let span = fastrand::u64(1..);
    match caller {
        Some(caller) => Ids { span, ..caller },
        // Sampled: without an exporter of our own, the next service decides.
        None => Ids { trace: fastrand::u128(1..), span, flags: 1 },
    }
}

impl Export {
    fn start(&self, caller: Option<Ids>, method: &str, route: &str) -> Span {
        let parent = caller.map_or_else(Context::new, |caller| {
            let (trace, span) = (
                TraceId::from_bytes(caller.trace.to_be_bytes()),
                SpanId::from_bytes(caller.span.to_be_bytes()),
            );
            let context = SpanContext::new(
                trace,
                span,
                TraceFlags::new(caller.flags),
                true,
                TraceState::NONE,
            );
            Context::new().with_remote_span_context(context)
        });
        let builder = self
            .tracer
            .span_builder(format!("{method} {route}"))
            .with_kind(SpanKind::Server)
            .with_attributes([
                KeyValue::new("http.request.method", method.to_owned()),
                KeyValue::new("http.route", route.to_owned()),
            ]);
        let span = builder.start_with_context(&self.tracer, &parent);
        Span { ids: Ids::of(span.span_context()), exported: Some(span) }
    }
}

impl Span {
    pub(crate) fn end(self, status: u16) {
        let Some(mut span) = self.exported else { return };
        span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status)));
        if status >= 500 {
            span.set_status(Status::error(""));
        }
        span.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_standard_says() {
        let ids = Ids {
            trace: 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736,
            span: 0x00f0_67aa_0ba9_02b7,
            flags: 1,
        };
        let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(Ids::parse(text), Some(ids));
        assert_eq!(ids.traceparent(), text);
        assert!(Ids::parse(&format!("cc{}-more", text.trim_start_matches("00"))).is_some());
        for wrong in [
            "",
            "00",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert_eq!(Ids::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_request_has_its_own_span_in_the_trace_of_its_caller() {
        let mut headers = HeaderMap::new();
        let caller = Ids { trace: 7, span: 8, flags: 0 };
        headers.insert("traceparent", caller.traceparent().parse().unwrap());
        let span = Tracer(None).start(&headers, "GET", "/");
        assert_eq!((span.ids.trace, span.ids.flags), (7, 0));
        assert_ne!(span.ids.span, 8);
    }
}
