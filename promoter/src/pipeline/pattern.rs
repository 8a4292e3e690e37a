//! One layout pattern: `environments/{environment}/{service}`.

use super::error::{Fault, PipelineError};
use super::nearest::nearest;
use super::path::{join, verify};
use crate::place::Place;

const ENVIRONMENT: &str = "{environment}";
const SERVICE: &str = "{service}";

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NoPattern {
    /// In words.
    pub(super) reason: &'static str,
    /// The placeholder most likely meant.
    pub(super) near: Option<String>,
}

/// Where the folder of a service of an environment is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    before: String,
    /// What follows `{service}`; `None` without one.
    after: Option<String>,
    /// Where promoter.yaml says it; `None` for the default layout.
    pub place: Option<Place>,
}

/// `environments/{environment}/{service}`.
impl Default for Pattern {
    fn default() -> Self {
        Pattern {
            text: "environments/{environment}/{service}".to_owned(),
            before: "environments/{environment}".to_owned(),
            after: Some(String::new()),
            place: None,
        }
    }
}

impl Pattern {
    /// Parses a pattern of literal folder names, one `{environment}` and at most one `{service}`.
    pub(super) fn parse(text: &str, place: Option<Place>) -> Result<Self, NoPattern> {
        let refuse = |reason| NoPattern { reason, near: None };
        verify(text).map_err(refuse)?;
        text.split('/').try_for_each(verify_segment)?;
        let count = |placeholder| text.split('/').filter(|part| *part == placeholder).count();
        match (count(ENVIRONMENT), count(SERVICE)) {
            (0, _) => return Err(refuse("it has no `{environment}`")),
            (1, 0 | 1) => {}
            _ => return Err(refuse("a placeholder stands in it twice")),
        }
        let split = |part: &str| part.trim_matches('/').to_owned();
        let (before, after) = match text.split_once(SERVICE) {
            Some((before, after)) => (split(before), Some(split(after))),
            None => (text.to_owned(), None),
        };
        Ok(Pattern { text: text.to_owned(), before, after, place })
    }

    /// The pattern as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The error that it matches nothing; `None` for the default layout, which nobody wrote.
    pub(super) fn matches_nothing(&self) -> Option<PipelineError> {
        let fault = Box::new(Fault::MatchesNothing(self.text.clone()));
        self.place.clone().map(|place| PipelineError::File { place, fault })
    }

    /// Whether it has `{service}`.
    pub(super) fn names_services(&self) -> bool {
        self.after.is_some()
    }

    /// The parts before and after the service, for an environment in `folder`.
    pub(super) fn around_service(&self, folder: &str) -> (String, String) {
        let fill = |part: &str| {
            let filled: Vec<_> = part
                .split('/')
                .map(|name| if name == ENVIRONMENT { folder } else { name })
                .collect();
            join(&filled)
        };
        (fill(&self.before), self.after.as_deref().map(fill).unwrap_or_default())
    }
}

fn verify_segment(segment: &str) -> Result<(), NoPattern> {
    if !segment.contains(['{', '}']) || [ENVIRONMENT, SERVICE].contains(&segment) {
        return Ok(());
    }
    let reason = if segment.contains(ENVIRONMENT) || segment.contains(SERVICE) {
        "a placeholder is a whole folder name (an environment's folder may differ by `path:`)"
    } else {
        "the placeholders are `{environment}` and `{service}`"
    };
    let inside = segment.trim_matches(['{', '}', '$', '<', '>']);
    let near = nearest(inside, ["environment", "service"]).map(|word| format!("{{{word}}}"));
    Err(NoPattern { reason, near: near.filter(|near| !segment.contains(near.as_str())) })
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns() {
        let check = |text: &str, around: (&str, &str)| {
            let pattern = Pattern::parse(text, None).unwrap();
            let (before, after) = pattern.around_service("eu/prod");
            assert_eq!((before.as_str(), after.as_str()), around, "{text}");
        };
        check("environments/{environment}/{service}", ("environments/eu/prod", ""));
        check("c/{service}/overlays/{environment}/base", ("c", "overlays/eu/prod/base"));
        check("{service}/{environment}", ("", "eu/prod"));
        check("k8s/overlays/{environment}", ("k8s/overlays/eu/prod", ""));
        for bad in ["", "a/{service}", "{environment}/{environment}", "{environment}/{env}"] {
            assert!(Pattern::parse(bad, None).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_default_is_a_pattern() {
        let default = Pattern::default();
        assert_eq!(Pattern::parse(default.as_str(), None), Ok(default));
    }

    #[test]
    fn tells_what_was_meant() {
        let near = |text: &str| Pattern::parse(text, None).unwrap_err().near;
        assert_eq!(near("a/{env}").as_deref(), Some("{environment}"));
        assert_eq!(near("{environment}/{svc}"), None);
        assert_eq!(near("a/prod-{environment}"), None);
        assert_eq!(near("a/{Environment}").as_deref(), Some("{environment}"));
    }
}
