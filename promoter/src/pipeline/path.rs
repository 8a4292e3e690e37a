//! Paths from the root of the repository, with `/`, in one spelling only.

/// Why `path` is none; `Ok` for `kustomize/base`.
pub(super) fn verify(path: &str) -> Result<(), &'static str> {
    if path.starts_with('/') {
        return Err("it starts with `/`");
    }
    if path.ends_with('/') {
        return Err("it ends with `/`");
    }
    if path.contains('\\') {
        return Err("folders are parted by `/`");
    }
    path.split('/').try_for_each(verify_segment)
}

fn verify_segment(segment: &str) -> Result<(), &'static str> {
    match segment {
        "" => Err("a folder name is empty"),
        "." | ".." => Err("it holds `.` or `..`"),
        _ if segment.eq_ignore_ascii_case(".git") => Err("`.git` belongs to git"),
        _ if segment.chars().any(char::is_control) => Err("it holds a control character"),
        _ if segment.trim() != segment => Err("a folder name starts or ends with a space"),
        _ if segment.contains('*') => Err("`*` is no placeholder"),
        _ => Ok(()),
    }
}

/// Joins what is not empty.
pub(super) fn join(parts: &[&str]) -> String {
    let mut joined = String::with_capacity(parts.iter().map(|part| part.len() + 1).sum());
    for part in parts.iter().filter(|part| !part.is_empty()) {
        if !joined.is_empty() {
            joined.push('/');
        }
        joined.push_str(part);
    }
    joined
}

/// What of `path` lies below `folder`: `Some("")` for the folder itself.
pub(super) fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() {
        return Some(path);
    }
    match path.strip_prefix(folder)? {
        "" => Some(""),
        rest => rest.strip_prefix('/'),
    }
}

/// The parts of a path; none of an empty one.
pub(super) fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{below, join, verify};

    #[test]
    fn one_spelling() {
        for good in ["a", "a/b", "eu/prod", ".github/x", "a b", "...", "gît"] {
            assert_eq!(verify(good), Ok(()), "{good}");
        }
        for bad in
            ["", "/a", "a/", "a//b", "./a", "a/../b", "..", "a\\b", "a/.GIT", " a", "a/\n", "*"]
        {
            assert!(verify(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn below_a_folder() {
        assert_eq!(below("a/b", "a"), Some("b"));
        assert_eq!(below("a", "a"), Some(""));
        assert_eq!(below("ab", "a"), None);
        assert_eq!(below("a/b", ""), Some("a/b"));
        assert_eq!(join(&["", "a", "", "b"]), "a/b");
    }
}
