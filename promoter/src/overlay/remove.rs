//! A key taken out of a mapping, with its line where it has one.

use std::ops::Range;

use super::draft::Draft;
use super::{OverlayError, lines};
use crate::yaml::{Kind, Layout, Node};

type Pair = (Node, Node);

/// Removes the pair at `at`; what stands beside it stays, its comment included.
pub(super) fn pair(
    draft: &mut Draft<'_>,
    layout: Layout,
    pairs: &[Pair],
    at: usize,
) -> Result<(), OverlayError> {
    let Some((key, value)) = pairs.get(at) else { return Ok(()) };
    let text = draft.source.text;
    let attached = || OverlayError::Attached { place: draft.source.place(key) };
    if matches!(value.kind, Kind::Alias(_)) {
        return Err(OverlayError::Alias { place: draft.source.place(value) });
    }
    draft.inner(value)?;
    if lines::slice(text, key.range.end, value.range.start).trim() != ":" {
        return Err(attached());
    }
    let whole = key.range.start..value.range.end;
    let next = pairs.get(at + 1).map(|(key, _)| key.range.start);
    let range = match layout {
        Layout::Block => Some(block(text, whole, next)),
        Layout::Flow => {
            let before = at.checked_sub(1).and_then(|at| pairs.get(at));
            flow(text, whole, before.map(|(_, value)| value.range.end), next)
        }
    };
    let range = range.ok_or_else(attached)?;
    draft.splice(range, String::new());
    Ok(())
}

fn block(text: &str, pair: Range<usize>, next: Option<usize>) -> Range<usize> {
    let prefix = lines::prefix(text, pair.start);
    let line_end = lines::end(text, pair.end);
    let rest = lines::slice(text, pair.end, line_end);
    let comment = pair.end + rest.len() - rest.trim_start().len();
    if comment < line_end {
        return pair.start..comment;
    }
    if lines::spaces(prefix) {
        return whole_lines(text, pair);
    }
    match next {
        Some(next) if lines::spaces(lines::slice(text, lines::next(text, pair.end), next)) => {
            pair.start..next
        }
        _ => pair.start - (prefix.len() - prefix.trim_end().len())..line_end,
    }
}

/// The lines of a pair; of the last one without a line break, the break before.
fn whole_lines(text: &str, pair: Range<usize>) -> Range<usize> {
    let start = lines::start(text, pair.start);
    let next = lines::next(text, pair.end);
    if lines::end(text, pair.end) < next {
        return start..next;
    }
    let before = lines::slice(text, 0, start);
    let before = before.strip_suffix('\n').unwrap_or(before);
    before.strip_suffix('\r').unwrap_or(before).len()..next
}

fn flow(
    text: &str,
    pair: Range<usize>,
    before: Option<usize>,
    next: Option<usize>,
) -> Option<Range<usize>> {
    let only_comma = |start: usize, end: usize| lines::slice(text, start, end).trim() == ",";
    match (before, next) {
        (Some(before), _) if only_comma(before, pair.start) => Some(before..pair.end),
        (None, Some(next)) if only_comma(pair.end, next) => Some(pair.start..next),
        _ => {
            let rest = lines::slice(text, pair.end, lines::end(text, pair.end)).trim();
            let own = lines::spaces(lines::prefix(text, pair.start)) && matches!(rest, "" | ",");
            own.then(|| whole_lines(text, pair))
        }
    }
}
