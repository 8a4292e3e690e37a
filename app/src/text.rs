//! Texts that a client gives: parsed once, by the pattern that the document names.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::OnceLock;

use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{
    ParseError, ParseFromJSON, ParseFromParameter, ParseResult, ToJSON, Type,
};
use regex::Regex;
use serde_json::Value;

/// What a text is, and which texts are one.
pub(crate) trait Kind: Send + Sync + 'static {
    const WHAT: &str;
    const PATTERN: &str;
    /// Bytes, which are characters here.
    const MOST: usize;
    const EXAMPLE: &str;

    /// Compiled once: as a validator of poem-openapi it would be compiled for every request.
    fn regex() -> Option<&'static Regex>;
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident($what:literal, $pattern:expr, $most:literal, $example:literal);)*) => {$(
        $(#[$doc])*
        pub(crate) enum $kind {}

        impl Kind for $kind {
            const WHAT: &str = $what;
            const PATTERN: &str = $pattern;
            const MOST: usize = $most;
            const EXAMPLE: &str = $example;

            fn regex() -> Option<&'static Regex> {
                static REGEX: OnceLock<Option<Regex>> = OnceLock::new();
                REGEX.get_or_init(|| Regex::new($pattern).ok()).as_ref()
            }
        }
    )*};
}

const LABEL: &str = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$";

kinds! {
    /// Of a timestamp.
    Name("name", "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$", 63, "lunch");
    /// What is deployed: a label of DNS, as Kubernetes names things.
    Service("service", LABEL, 63, "api");
    /// Where it is deployed.
    Environment("environment", LABEL, 63, "dev");
    /// A tag of an image, or a version with build metadata.
    Version("version", "^[A-Za-z0-9_][A-Za-z0-9._+-]{0,127}$", 128, "0.1.0");
    /// The id of a commit, shortened or whole.
    Commit("commit", "^[0-9a-f]{7,64}$", 64, "2e6c1aada0f2");
}

/// A text that is one of its kind.
pub(crate) struct Text<K>(String, PhantomData<K>);

impl<K: Kind> Text<K> {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let matches = text.len() <= K::MOST && K::regex()?.is_match(text);
        matches.then(|| Self(text.to_owned(), PhantomData))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn into_string(self) -> String {
        self.0
    }

    /// The one that the document shows.
    pub(crate) fn example() -> Self {
        Self(K::EXAMPLE.to_owned(), PhantomData)
    }

    fn required(text: Option<&str>) -> ParseResult<Self> {
        text.and_then(Self::parse).ok_or_else(|| {
            ParseError::custom(format!("`{}` is a text that matches {}", K::WHAT, K::PATTERN))
        })
    }
}

impl<K: Kind> Type for Text<K> {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        K::WHAT.into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            pattern: Some(K::PATTERN.to_owned()),
            max_length: Some(K::MOST),
            example: Some(K::EXAMPLE.into()),
            ..MetaSchema::new("string")
        }))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

/// poem-openapi's own strings also take `true` and `1.10`, which would become another version, 1.1.
impl<K: Kind> ParseFromJSON for Text<K> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        Self::required(value.as_ref().and_then(Value::as_str))
    }
}

impl<K: Kind> ParseFromParameter for Text<K> {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        Self::required(Some(value))
    }
}

impl<K: Kind> ToJSON for Text<K> {
    fn to_json(&self) -> Option<Value> {
        Some(self.0.clone().into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check<K: Kind>(accepted: &[&str], refused: &[&str]) {
        for text in accepted.iter().chain(&[K::EXAMPLE]) {
            assert!(Text::<K>::parse(text).is_some(), "{} {text}", K::WHAT);
        }
        for text in refused {
            assert!(Text::<K>::parse(text).is_none(), "{} {text}", K::WHAT);
        }
    }

    #[test]
    fn which_texts_are_what() {
        let long = |count| "a".repeat(count);
        check::<Name>(&["A", "a.b_c-1", &long(63)], &["", "-a", ".", "a b", "a\n", "ä", &long(64)]);
        check::<Service>(&["a", "a-b", &long(63)], &["", "A", "a-", "-a", "a.b", &long(64)]);
        check::<Environment>(&["prod-eu1"], &["Prod", "prod\n"]);
        check::<Version>(&["_", "1.2.0+b-1", &long(128)], &["", ".1", "1 2", "+1", &long(129)]);
        check::<Commit>(&["0123abc", &long(64)], &["0123ab", "0123ABC", "g123abc", &long(65)]);
    }

    #[test]
    fn of_json_a_text_is_a_string_and_nothing_else() {
        let parse = |value| Text::<Version>::parse_from_json(Some(value)).ok();
        assert_eq!(parse(json!("1.10")).map(Text::into_string).as_deref(), Some("1.10"));
        for wrong in [json!(1.10), json!(true), json!(null), json!(["1.10"])] {
            assert!(parse(wrong.clone()).is_none(), "{wrong}");
        }
    }
}
