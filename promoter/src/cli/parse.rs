//! Values on the command line.

use std::time::Duration;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp, ToSpan as _};

use crate::commands::{Assignment, Back, Named, Source};
use crate::pipeline::Delivery;
use crate::version::Digest;

/// `90s`, `2m`, `1h30m`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let parsed: SignedDuration =
        text.parse().map_err(|_| "write a time as 90s, 2m or 1h30m".to_owned())?;
    let duration = Duration::try_from(parsed).ok().filter(|duration| !duration.is_zero());
    duration.ok_or_else(|| "the time must be longer than nothing".to_owned())
}

/// Words that say something.
pub(super) fn reason(text: &str) -> Result<String, String> {
    let words = text.trim();
    if words.is_empty() { Err("say why".to_owned()) } else { Ok(words.to_owned()) }
}

/// `IMAGE=TAG`, `IMAGE=TAG@DIGEST`.
pub(super) fn assignment(text: &str) -> Result<Assignment, String> {
    match text.rsplit_once('=') {
        Some((name, version)) if !name.is_empty() && !version.is_empty() => {
            Ok(Assignment { name: name.to_owned(), version: version.to_owned() })
        }
        _ => Err("write IMAGE=TAG, IMAGE=TAG@DIGEST or IMAGE=DIGEST".to_owned()),
    }
}

/// `FROM` or `FROM@REV`.
pub(super) fn source(text: &str) -> Result<Source, String> {
    let (environment, revision) = match text.split_once('@') {
        Some((_, "")) => return Err("a revision must follow the `@`".to_owned()),
        Some((name, revision)) => (name, Some(revision.to_owned())),
        None => (text, None),
    };
    Ok(Source { environment: environment.to_owned(), revision })
}

/// `commit`, `push`, `api`, `pull-request`.
pub(super) fn delivery(text: &str) -> Result<Delivery, String> {
    let known = Delivery::ALL.into_iter().find(|one| one.as_str() == text);
    known.ok_or_else(|| "write commit, push, api or pull-request".to_owned())
}

/// `previous`, a time, or else a commit.
#[expect(clippy::unnecessary_wraps, reason = "a value parser may fail")]
pub(super) fn back(text: &str) -> Result<Back, String> {
    if text == "previous" {
        return Ok(Back::Previous);
    }
    match time(text) {
        Some(time) => Ok(Back::Time(time)),
        None => Ok(Back::Commit(text.to_owned())),
    }
}

/// RFC 3339, `2026-11-20 14:00` and `2026-11-20` in UTC, or `2h ago`.
fn time(text: &str) -> Option<Timestamp> {
    if let Some(span) = text.strip_suffix(" ago") {
        let span: SignedDuration = span.trim().parse().ok()?;
        return Timestamp::now().checked_sub(span).ok();
    }
    let utc = |time: DateTime| time.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    let stamp = text.parse::<Timestamp>().ok();
    stamp.or_else(|| text.parse::<DateTime>().ok().and_then(utc))
}

/// A time to come: as above, a date that includes its day, or a length such as `4h` or `7d`.
pub(super) fn until(text: &str) -> Result<Timestamp, String> {
    let wrong = || "write a date (2026-12-01), a time (RFC 3339), or how long (4h, 7d)".to_owned();
    if let Ok(date) = text.parse::<Date>()
        && !text.contains([':', 'T', 't', ' '])
    {
        let next = date.checked_add(1.day()).and_then(|next| next.to_zoned(TimeZone::UTC));
        return next.map(|next| next.timestamp()).map_err(|_| wrong());
    }
    if let Some(time) = time(text) {
        return Ok(time);
    }
    let span: Span = text.parse().map_err(|_| wrong())?;
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| wrong())?;
    Timestamp::now().checked_add(length).map_err(|_| wrong())
}

/// `VERSION`, or `IMAGE=VERSION`.
pub(super) fn named(text: &str) -> Result<Named, String> {
    let (image, version) = match text.rsplit_once('=') {
        Some((image, version)) => (Some(image.to_owned()), version),
        None => (None, text),
    };
    if version.is_empty() || image.as_deref() == Some("") {
        return Err("write VERSION or IMAGE=VERSION".to_owned());
    }
    Ok(Named { image, version: version.to_owned() })
}

/// `IMAGE`, `IMAGE:TAG`, `IMAGE@DIGEST`: the name, the tag, the digest.
pub(super) fn image(text: &str) -> (String, Option<String>, Option<String>) {
    if let Some((name, digest)) = text.rsplit_once('@')
        && Digest::parse(digest).is_ok()
    {
        let (name, tag, _) = image(name);
        return (name, tag, Some(digest.to_owned()));
    }
    match text.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') && !name.is_empty() && !tag.is_empty() => {
            (name.to_owned(), Some(tag.to_owned()), None)
        }
        _ => (text.to_owned(), None, None),
    }
}

#[cfg(test)]
mod tests {
    use super::{back, image, source, time};
    use crate::commands::Back;

    #[test]
    fn images() {
        let check = |text: &str, name: &str, tag: Option<&str>| {
            let (found, found_tag, digest) = image(text);
            assert_eq!((found.as_str(), found_tag.as_deref(), digest), (name, tag, None), "{text}");
        };
        check("api", "api", None);
        check("api:1.4.2", "api", Some("1.4.2"));
        check("localhost:5000/api", "localhost:5000/api", None);
        check("localhost:5000/api:1", "localhost:5000/api", Some("1"));
        check("https://host/org/repo", "https://host/org/repo", None);
        let digest = format!("sha256:{}", "a".repeat(64));
        assert_eq!(image(&format!("api@{digest}")), ("api".into(), None, Some(digest)));
    }

    #[test]
    fn times_and_commits() {
        let check = |text: &str, stamp: &str| assert_eq!(time(text).unwrap().to_string(), stamp);
        check("2026-11-20", "2026-11-20T00:00:00Z");
        check("2026-11-20 14:30", "2026-11-20T14:30:00Z");
        check("2026-11-20T14:30:00+01:00", "2026-11-20T13:30:00Z");
        assert!(time("2h ago").is_some());
        assert_eq!(back("7d").unwrap(), Back::Commit("7d".into()));
        assert_eq!(back("previous").unwrap(), Back::Previous);
    }

    #[test]
    fn sources() {
        assert_eq!(source("staging").unwrap().revision, None);
        assert_eq!(source("staging@HEAD~2").unwrap().revision.as_deref(), Some("HEAD~2"));
        assert!(source("staging@").is_err());
    }
}
