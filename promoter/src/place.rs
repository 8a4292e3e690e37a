//! A place in a file of the repository, as messages name it.

use std::fmt;

/// Where in a file something stands: path from the repository's root, line and column from one,
/// and the line itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Path from the root of the repository, with `/`.
    pub file: String,
    /// Line, from one.
    pub line: usize,
    /// Column in characters, from one.
    pub column: usize,
    /// The whole line, without its line ending.
    pub text: String,
}

impl Place {
    /// The place of the byte at `offset` in `text`; past the end, the end.
    #[must_use]
    pub fn of(file: &str, text: &str, offset: usize) -> Self {
        let offset =
            (0..=offset.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        let (before, after) = text.split_at(offset);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let head = before.get(start..).unwrap_or_default();
        let tail = after.split('\n').next().unwrap_or_default();
        Place {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: head.chars().count() + 1,
            text: format!("{head}{tail}").trim_end_matches('\r').to_owned(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn counts_lines_and_characters() {
        let text = "a: 1\r\nbé: 2\nc";
        let place = Place::of("k.yaml", text, text.find('2').unwrap());
        assert_eq!(place.to_string(), "k.yaml:2:5");
        assert_eq!(place.text, "bé: 2");
        assert_eq!(Place::of("k.yaml", text, 2).text, "a: 1");
        assert_eq!(Place::of("k.yaml", text, 999).to_string(), "k.yaml:3:2");
        assert_eq!(Place::of("k.yaml", "é", 1).to_string(), "k.yaml:1:1");
    }
}
