//! Changes as a patch that `git apply` takes.

use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};

use super::style::Style;

/// One file, old and new.
pub(super) fn patch(path: &str, before: &[u8], after: &[u8], style: Style) -> String {
    let (before, after) = (String::from_utf8_lossy(before), String::from_utf8_lossy(after));
    let diff = TextDiff::from_lines(before.as_ref(), after.as_ref());
    let mut text = style.heading(&format!("--- a/{path}\n+++ b/{path}"));
    text.push('\n');
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        let _ = writeln!(text, "{}", style.hint(&hunk.header().to_string()));
        for change in hunk.iter_changes() {
            let line = change.value().trim_end_matches('\n');
            let line = match change.tag() {
                ChangeTag::Equal => format!(" {line}"),
                ChangeTag::Delete => style.removed(&format!("-{line}")),
                ChangeTag::Insert => style.added(&format!("+{line}")),
            };
            text.push_str(&line);
            text.push('\n');
            if change.missing_newline() {
                text.push_str("\\ No newline at end of file\n");
            }
        }
    }
    text
}
