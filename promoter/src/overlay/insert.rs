//! New keys in a mapping, written as their siblings are.

use super::draft::Draft;
use super::{OverlayError, lines, scalar};
use crate::yaml::{Kind, Layout, Node, Style};

type Pair = (Node, Node);

/// A key and value to write.
pub(super) struct Line {
    key: Node,
    value: Node,
}

impl Line {
    /// A line whose styles are given; the value is quoted where it must be.
    pub(super) fn new(
        draft: &Draft<'_>,
        word: &str,
        text: &str,
        styles: (Style, Style),
    ) -> Result<Self, OverlayError> {
        let key = Node::scalar(word, styles.0);
        let value = Node::scalar(text, draft.style(text, styles.1)?);
        Ok(Line { key, value })
    }

    pub(super) fn into_pair(self) -> Pair {
        (self.key, self.value)
    }

    /// The line as YAML, with what stands between key and value.
    pub(super) fn write(&self, between: &str) -> String {
        let written = |node: &Node| match &node.kind {
            Kind::Scalar(text, style) => scalar::write(text, *style),
            _ => String::new(),
        };
        format!("{}{between}{}", written(&self.key), written(&self.value))
    }
}

/// A line for a new key after the pair at `after`, in the styles of the entry.
pub(super) fn line(
    draft: &Draft<'_>,
    pairs: &[Pair],
    after: usize,
    word: &str,
    text: &str,
) -> Result<Line, OverlayError> {
    let key = pairs.get(after).and_then(|(key, _)| key.style()).unwrap_or(Style::Plain);
    let version = |(key, _): &&Pair| matches!(key.as_str(), Some("newTag" | "digest"));
    let model = pairs.iter().find(version).or(pairs.get(after));
    let value = model.filter(|(_, value)| !value.is_null()).and_then(|(_, value)| value.style());
    Line::new(draft, word, text, (key, value.unwrap_or(key)))
}

/// Writes lines after the pair at `after`.
pub(super) fn after(
    draft: &mut Draft<'_>,
    layout: Layout,
    pairs: &[Pair],
    after: usize,
    new: &[Line],
) -> Result<(), OverlayError> {
    let Some((key, value)) = pairs.get(after) else { return Ok(()) };
    let end = end_of(draft, key, value)?;
    match layout {
        Layout::Block => block(draft, pairs, end, new),
        Layout::Flow => flow(draft, pairs, after, end, new),
    }
    Ok(())
}

/// Where a pair ends; refuses block scalars, whose end is not written.
fn end_of(draft: &Draft<'_>, key: &Node, value: &Node) -> Result<usize, OverlayError> {
    match &value.kind {
        Kind::Scalar(_, Style::Block) => {
            Err(OverlayError::ManyLines { place: draft.source.place(value) })
        }
        _ if value.range.is_empty() => draft.colon(key),
        _ => Ok(value.range.end),
    }
}

fn block(draft: &mut Draft<'_>, pairs: &[Pair], end: usize, new: &[Line]) {
    let text = draft.source.text;
    let at = lines::end(text, end);
    let indent = indent(text, pairs);
    let newline = lines::line_break(text, at);
    let written = new.iter().map(|line| format!("{newline}{indent}{}", line.write(": ")));
    draft.splice(at..at, written.collect());
}

/// The indentation of a block mapping: of a key that starts its line, else the first key's column.
fn indent(text: &str, pairs: &[Pair]) -> String {
    let prefix = |(key, _): &Pair| lines::prefix(text, key.range.start);
    let own = pairs.iter().map(prefix).find(|prefix| lines::spaces(prefix));
    let column = || pairs.first().map_or(0, |pair| prefix(pair).chars().count());
    own.map_or_else(|| " ".repeat(column()), str::to_owned)
}

/// What follows a pair of a flow mapping on its line.
enum Rest {
    /// Another pair, a bracket, or a pair before it.
    Shared,
    /// Nothing, or a comma.
    Nothing,
    /// A comment.
    Comment,
    /// A comma and a comment.
    CommaAndComment,
}

fn rest(text: &str, key: &Node, end: usize) -> Rest {
    let rest = lines::slice(text, end, lines::end(text, end)).trim_start();
    let after_comma = rest.strip_prefix(',');
    match after_comma.unwrap_or(rest).trim_start() {
        _ if !lines::spaces(lines::prefix(text, key.range.start)) => Rest::Shared,
        "" => Rest::Nothing,
        comment if !comment.starts_with('#') => Rest::Shared,
        _ if after_comma.is_some() => Rest::CommaAndComment,
        _ => Rest::Comment,
    }
}

fn flow(draft: &mut Draft<'_>, pairs: &[Pair], after: usize, end: usize, new: &[Line]) {
    let text = draft.source.text;
    let Some((key, value)) = pairs.get(after) else { return };
    let between = lines::slice(text, key.range.end, value.range.start);
    let between = if between.trim() == ":" && !between.contains('\n') { between } else { ": " };
    let (newline, indent) = (lines::line_break(text, end), lines::prefix(text, key.range.start));
    let parted = |by: &str| {
        let written: Vec<_> = new.iter().map(|line| line.write(between)).collect();
        written.join(by)
    };
    let line_end = lines::end(text, end);
    let next_line = format!("{newline}{indent}");
    match rest(text, key, end) {
        Rest::Shared => {
            let comma = separator(text, pairs, after);
            draft.splice(end..end, format!("{comma}{}", parted(comma)));
        }
        Rest::Nothing => {
            let comma = format!(",{next_line}");
            draft.splice(end..end, format!("{comma}{}", parted(&comma)));
        }
        Rest::CommaAndComment => {
            let lines = parted(&format!(",{next_line}"));
            draft.splice(line_end..line_end, format!("{next_line}{lines},"));
        }
        Rest::Comment => {
            let lines = parted(&format!(",{next_line}"));
            draft.splice(end..end, ",".to_owned());
            draft.splice(line_end..line_end, format!("{next_line}{lines}"));
        }
    }
}

/// The comma as it is written around a pair.
fn separator<'t>(text: &'t str, pairs: &[Pair], at: usize) -> &'t str {
    let ends = |left: usize, right: usize| {
        let left = pairs.get(left)?;
        let right = pairs.get(right)?;
        Some(lines::slice(text, left.1.range.end, right.0.range.start))
    };
    let seen = at.checked_sub(1).and_then(|before| ends(before, at)).or_else(|| ends(at, at + 1));
    seen.filter(|seen| seen.trim() == "," && !seen.contains('\n')).unwrap_or(", ")
}
