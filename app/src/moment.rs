//! A point in time as clients write it: RFC 3339, or seconds since 1970.

use std::borrow::Cow;
use std::sync::OnceLock;

use jiff::Timestamp;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type};
use regex::Regex;
use serde_json::Value;

/// Seconds of the years 0000 to 9999, which RFC 3339 can write.
const SECONDS: std::ops::RangeInclusive<i64> = -62_167_219_200..=253_402_207_200;

/// Bytes of a time as text; a fraction of a second may have any number of digits.
const LONGEST: usize = 64;

/// A time with microseconds, written in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment(Timestamp);

/// A [`Moment`] that may also be written as seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Given(pub(crate) Moment);

impl Moment {
    /// 1970-01-01T00:00:00Z.
    pub(crate) const EPOCH: Self = Self(Timestamp::UNIX_EPOCH);

    pub(crate) fn now() -> Self {
        Self(Timestamp::now())
    }

    pub(crate) fn from_second(second: i64) -> Option<Self> {
        if !SECONDS.contains(&second) {
            return None;
        }
        Timestamp::from_second(second).ok().map(Self)
    }

    pub(crate) fn from_microsecond(microsecond: i64) -> Option<Self> {
        Self::from_second(microsecond.div_euclid(1_000_000))?;
        Timestamp::from_microsecond(microsecond).ok().map(Self)
    }

    /// RFC 3339; what is finer than a microsecond is cut off.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        // jiff reads more than that, such as a blank for the T, and fewer digits of a fraction.
        let parts = shape().filter(|_| text.len() <= LONGEST)?.captures(text)?;
        let part = |index| parts.get(index).map_or("", |part| part.as_str());
        let fraction = part(2).get(..7).unwrap_or(part(2));
        let parsed: Timestamp = format!("{}{fraction}{}", part(1), part(3)).parse().ok()?;
        Self::from_microsecond(parsed.as_microsecond())
    }

    pub(crate) fn as_second(self) -> i64 {
        self.0.as_second()
    }

    pub(crate) fn as_microsecond(self) -> i64 {
        self.0.as_microsecond()
    }
}

/// Date and time, fraction, offset (RFC 3339, 5.6).
fn shape() -> Option<&'static Regex> {
    static SHAPE: OnceLock<Option<Regex>> = OnceLock::new();
    let text = r"^([0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$";
    SHAPE.get_or_init(|| Regex::new(text).ok()).as_ref()
}

impl Given {
    /// Of a text: RFC 3339, or digits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let seconds = || Moment::from_second(text.parse().ok()?);
        seconds().or_else(|| Moment::parse(text)).map(Self)
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Type for Moment {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "string(date-time)".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(text_schema()))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromJSON for Moment {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        let text = value.as_ref().and_then(Value::as_str);
        text.and_then(Self::parse)
            .ok_or_else(|| ParseError::custom("expected a time such as 2026-11-21T10:00:00Z"))
    }
}

impl ToJSON for Moment {
    fn to_json(&self) -> Option<Value> {
        Some(self.to_string().into())
    }
}

impl Type for Given {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "string(date-time) or integer".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        let any = vec![text_schema(), second_schema()];
        let one_of =
            any.into_iter().map(|schema| MetaSchemaRef::Inline(Box::new(schema))).collect();
        MetaSchemaRef::Inline(Box::new(MetaSchema { one_of, ..MetaSchema::ANY }))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromJSON for Given {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        let moment = match value {
            Some(Value::String(text)) => Moment::parse(&text),
            Some(Value::Number(seconds)) => seconds.as_i64().and_then(Moment::from_second),
            _ => None,
        };
        moment.map(Self).ok_or_else(|| {
            ParseError::custom(
                "expected a time such as 2026-11-21T10:00:00Z, or seconds since 1970",
            )
        })
    }
}

impl ToJSON for Given {
    fn to_json(&self) -> Option<Value> {
        self.0.to_json()
    }
}

fn text_schema() -> MetaSchema {
    MetaSchema {
        description: Some("RFC 3339, from the year 0000 to 9999-12-30T22:00:00Z."),
        example: Some("2026-11-21T10:00:00Z".into()),
        max_length: Some(LONGEST),
        ..MetaSchema::new_with_format("string", "date-time")
    }
}

#[allow(clippy::cast_precision_loss, reason = "a float holds seconds of these years exactly")]
fn second_schema() -> MetaSchema {
    MetaSchema {
        description: Some("Seconds since 1970-01-01T00:00:00Z."),
        minimum: Some(*SECONDS.start() as f64),
        maximum: Some(*SECONDS.end() as f64),
        ..MetaSchema::new_with_format("integer", "int64")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_time() {
        let check = |text: &str, expected: Option<&str>| {
            let parsed = Moment::parse(text).map(|moment| moment.to_string());
            assert_eq!(parsed.as_deref(), expected, "{text}");
        };
        check("2026-11-21T10:00:00Z", Some("2026-11-21T10:00:00Z"));
        check("2026-11-21t10:00:00z", Some("2026-11-21T10:00:00Z"));
        check("2026-11-21T12:00:00+02:00", Some("2026-11-21T10:00:00Z"));
        check("2026-11-21T10:00:00.123456789Z", Some("2026-11-21T10:00:00.123456Z"));
        check("2026-11-21T10:00:00.1234567890123Z", Some("2026-11-21T10:00:00.123456Z"));
        check("2026-11-21T10:00:00.5-00:00", Some("2026-11-21T10:00:00.5Z"));
        check("2026-06-30T23:59:60Z", Some("2026-06-30T23:59:59Z"));
        check("0000-01-01T00:00:00Z", Some("0000-01-01T00:00:00Z"));
        check("9999-12-30T22:00:00Z", Some("9999-12-30T22:00:00Z"));
        for wrong in [
            "",
            "2026-11-21",
            "2026-11-21 10:00:00Z",
            "2026-11-21T10:00:00",
            "2026-13-01T00:00:00Z",
            "2026-11-21T10:00:00Z[UTC]",
            "2026-11-21T10:00:00,5Z",
            "2026-11-21T10:00:00.Z",
            "2026-11-21T10:00:00+0200",
            "2026-11-21T10:00:00+02",
            "2026-11-21T10:00:00Z\n",
            "9999-12-31T00:00:00Z",
            &format!("2026-11-21T10:00:00.{}Z", "0".repeat(64)),
            "-00001-01-01T00:00:00Z",
            "0",
            "next week",
        ] {
            check(wrong, None);
        }
    }

    #[test]
    fn seconds_are_those_of_four_digit_years() {
        assert_eq!(Given::parse("1529729125").unwrap().0.to_string(), "2018-06-23T04:45:25Z");
        assert!(Given::parse("2026-11-21T10:00:00Z").is_some());
        for wrong in ["1.5", "1e3", "99999999999999", "-99999999999999", "9223372036854775808"] {
            assert_eq!(Given::parse(wrong), None, "{wrong}");
        }
    }
}
