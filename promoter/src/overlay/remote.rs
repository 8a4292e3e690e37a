//! The version in the URL of a remote resource: `?ref=` or `?version=`.

use std::ops::Range;

/// A remote URL, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Remote<'u> {
    /// The URL without its `ref` or `version`, everything else literally.
    pub(super) url: String,
    /// The git ref.
    pub(super) reference: &'u str,
    /// Where the git ref stands in the URL.
    pub(super) range: Range<usize>,
}

/// Why the version of a URL is not sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// `ref` or `version` more than once, or both.
    Several,
    /// A query that Kustomize drops as a whole, or a parameter's name in escapes.
    Query,
}

/// Takes the version out of `url`; `None` for what pins nothing, a local path included.
pub(super) fn split(url: &str) -> Result<Option<Remote<'_>>, Doubt> {
    let Some((path, query)) = url.split_once('?') else { return Ok(None) };
    let mut found = None;
    let mut rest = Vec::new();
    let mut at = path.len() + 1;
    for parameter in query.split('&') {
        match parameter.split_once('=') {
            Some(("ref" | "version", value)) if found.is_none() => {
                let end = at + parameter.len();
                found = Some((value, end - value.len()..end));
            }
            Some(("ref" | "version", _)) => return Err(Doubt::Several),
            _ => rest.push(parameter),
        }
        at += parameter.len() + 1;
    }
    if doubtful(query, &rest, found.is_some()) {
        return Err(Doubt::Query);
    }
    let query = if rest.is_empty() { String::new() } else { format!("?{}", rest.join("&")) };
    Ok(found.map(|(reference, range)| Remote { url: format!("{path}{query}"), reference, range }))
}

/// Go's query parser drops a query that has `;` or a broken escape, and decodes names.
fn doubtful(query: &str, others: &[&str], pinned: bool) -> bool {
    let name = |parameter: &&str| parameter.split('=').next().is_some_and(|n| n.contains('%'));
    others.iter().any(name) || pinned && (query.contains(';') || !escapes_are_whole(query))
}

fn escapes_are_whole(query: &str) -> bool {
    query.split('%').skip(1).all(|rest| {
        rest.get(..2).is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
    })
}

/// Whether a reference of a kustomization file is a path in the same repository: no URL, and no
/// patch written in its place.
pub(super) fn is_local(reference: &str) -> bool {
    let user_at_host = || {
        let host = reference.split('/').next().unwrap_or_default();
        host.split_once('@').is_some_and(|(_, host)| host.contains(':'))
    };
    let inline = reference.contains(['\n', '{']) || reference.contains(": ");
    let remote = reference.contains("://")
        || reference.contains('?')
        || ["git::", "github.com/", "github.com:"].iter().any(|start| reference.starts_with(start))
        || user_at_host();
    !inline && !remote && !reference.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::{Doubt, is_local, split};

    fn check(url: &str, key: &str, reference: &str) {
        let remote = split(url).unwrap().unwrap();
        assert_eq!((remote.url.as_str(), remote.reference), (key, reference), "{url}");
        assert_eq!(url.get(remote.range), Some(reference), "{url}");
    }

    #[test]
    fn takes_the_version_out_of_a_url() {
        check("https://x/y?ref=abc", "https://x/y", "abc");
        check("https://x/y?version=v1", "https://x/y", "v1");
        check("https://x/y?ref=abc&timeout=90s", "https://x/y?timeout=90s", "abc");
        check("https://x/y?timeout=90s&ref=abc", "https://x/y?timeout=90s", "abc");
        check("https://x/y?a=1&ref=abc&b=2", "https://x/y?a=1&b=2", "abc");
        check("git@host:org/repo//deploy?ref=main", "git@host:org/repo//deploy", "main");
        check("ssh://git@host/org/repo?ref=a/b", "ssh://git@host/org/repo", "a/b");
        check("git::https://x/y.git//z?ref=v1", "git::https://x/y.git//z", "v1");
        check("github.com/org/repo//deploy?ref=v1", "github.com/org/repo//deploy", "v1");
        check("file:///srv/repo?ref=v1", "file:///srv/repo", "v1");
        check("https://x/y?ref=", "https://x/y", "");
        check("https://x/y?&ref=a", "https://x/y?", "a");
        check("https://x/y?ref=a=b", "https://x/y", "a=b");
    }

    #[test]
    fn leaves_what_pins_nothing() {
        for url in
            ["../base", "https://x/y", "https://x/y?timeout=90s", "https://x/y?refs=a", "?ref"]
        {
            assert_eq!(split(url), Ok(None), "{url}");
        }
    }

    #[test]
    fn doubts_what_kustomize_may_read_otherwise() {
        let several =
            ["?ref=a&version=b", "?ref=a&ref=a", "?version=a&ref=", "?version=a&version=b"];
        for url in several {
            assert_eq!(split(url), Err(Doubt::Several), "{url}");
        }
        let query = ["?ref=a;b", "?ref=a%2", "?ref=a%zz", "?%72ef=a", "?%72ef=a&ref=b"];
        for url in query {
            assert_eq!(split(url), Err(Doubt::Query), "{url}");
        }
    }

    #[test]
    fn local_paths() {
        for path in ["../base", "deployment.yaml", "./a@b", "a@b/c:d"] {
            assert!(is_local(path), "{path}");
        }
        for url in
            ["https://x/y", "git@host:a/b", "github.com/a/b", "a/b?ref=c", "a: b", "{a: b}", ""]
        {
            assert!(!is_local(url), "{url}");
        }
    }
}
