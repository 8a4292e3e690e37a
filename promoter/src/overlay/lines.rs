//! Lines of a text: where they start and end, and how they are broken.

use super::OverlayError;
use crate::place::Place;

/// Refuses what YAML 1.1 and YAML 1.2 read differently wherever it stands: other line breaks than
/// `\n` and `\r\n`, and a byte order mark inside the file.
pub(super) fn sure_characters(file: &str, text: &str) -> Result<(), OverlayError> {
    if text.bytes().all(|byte| byte.is_ascii() && byte != b'\r') {
        return Ok(());
    }
    let odd = text.match_indices(['\r', '\u{85}', '\u{2028}', '\u{2029}', '\u{feff}']);
    let unsure = |&(at, found): &(usize, &str)| match found {
        "\r" => text.as_bytes().get(at + 1) != Some(&b'\n'),
        "\u{feff}" => at > 0,
        _ => true,
    };
    match odd.into_iter().find(unsure) {
        Some((at, _)) => Err(OverlayError::Character { place: Place::of(file, text, at) }),
        None => Ok(()),
    }
}

/// Where the line that holds `at` starts.
pub(super) fn start(text: &str, at: usize) -> usize {
    before(text, at).rfind('\n').map_or(0, |newline| newline + 1)
}

/// Where the line that holds `at` ends, its line break excluded.
pub(super) fn end(text: &str, at: usize) -> usize {
    let rest = after(text, at);
    let line = rest.split('\n').next().unwrap_or(rest);
    at + line.strip_suffix('\r').unwrap_or(line).len()
}

/// Where the next line starts; the end of the text when there is none.
pub(super) fn next(text: &str, at: usize) -> usize {
    after(text, at).find('\n').map_or(text.len(), |newline| at + newline + 1)
}

/// The line break in use around `at`.
pub(super) fn line_break(text: &str, at: usize) -> &'static str {
    let end = end(text, at);
    let seen = match after(text, end) {
        "" => before(text, end),
        rest => rest.get(..2).unwrap_or(rest),
    };
    match seen.rfind('\n') {
        Some(newline) if before(seen, newline).ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// What stands between the start of the line and `at`.
pub(super) fn prefix(text: &str, at: usize) -> &str {
    slice(text, start(text, at), at)
}

/// The text between two offsets; empty when they are none of its own.
pub(super) fn slice(text: &str, start: usize, end: usize) -> &str {
    text.get(start..end).unwrap_or_default()
}

/// Whether there is nothing but spaces.
pub(super) fn spaces(text: &str) -> bool {
    text.bytes().all(|byte| byte == b' ')
}

fn before(text: &str, at: usize) -> &str {
    text.get(..at).unwrap_or_default()
}

fn after(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

/// Turns rising offsets into lines and columns, in one pass over the text.
pub(super) struct Cursor<'t> {
    text: &'t str,
    offset: usize,
    line: usize,
    column: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Cursor { text, offset: 0, line: 1, column: 1 }
    }

    /// Line and column of `offset`, from one, the column in characters.
    pub(super) fn at(&mut self, offset: usize) -> (usize, usize) {
        let passed = slice(self.text, self.offset, offset);
        self.line += passed.bytes().filter(|byte| *byte == b'\n').count();
        self.column = match passed.rsplit_once('\n') {
            Some((_, last)) => 1 + last.chars().count(),
            None => self.column + passed.chars().count(),
        };
        self.offset = self.offset.max(offset);
        (self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cursor, end, line_break, next, prefix, start, sure_characters};

    #[test]
    fn finds_the_line_around_an_offset() {
        let text = "a: 1\r\n  b: 2\r\nc";
        let at = text.find('b').unwrap();
        assert_eq!((start(text, at), end(text, at), next(text, at)), (6, 12, 14));
        assert_eq!((prefix(text, at), line_break(text, at)), ("  ", "\r\n"));
        let last = text.len();
        assert_eq!((start(text, last), end(text, last), next(text, last)), (14, 15, 15));
        assert_eq!(line_break(text, last), "\r\n");
        assert_eq!(
            (line_break("a", 0), line_break("a\nb", 2), line_break("a\n", 0)),
            ("\n", "\n", "\n")
        );
    }

    #[test]
    fn counts_lines_and_characters() {
        let text = "é: a\nb: c";
        let mut cursor = Cursor::new(text);
        assert_eq!(cursor.at(text.find('a').unwrap()), (1, 4));
        assert_eq!(cursor.at(text.find('c').unwrap()), (2, 4));
    }

    #[test]
    fn refuses_what_not_all_readers_see() {
        assert!(sure_characters("k.yaml", "\u{feff}a: é\r\nb: 1\n").is_ok());
        for text in ["a\rb", "# \u{2028}b", "# \u{85}", "a\r", "a: \u{feff}b"] {
            assert!(sure_characters("k.yaml", text).is_err(), "{text:?}");
        }
    }
}
