//! The git ref of a remote URL, replaced.

use super::draft::Draft;
use super::model::Remote;
use super::{OverlayError, lines, remote};
use crate::version::Version;
use crate::yaml::{Kind, Node};

/// Writes another git ref into a URL; `node` is where it stands.
pub(super) fn set(
    draft: &mut Draft<'_>,
    found: &Remote,
    node: &Node,
    to: &Version,
) -> Result<(), OverlayError> {
    let Kind::Scalar(url, style) = &node.kind else {
        return Err(OverlayError::Alias { place: draft.source.place(node) });
    };
    let Version::Reference(to) = to else { return Ok(()) };
    let split = match remote::split(url) {
        Ok(Some(split)) if split.reference != to.as_str() => split,
        _ => return Ok(()),
    };
    draft.unaliased_above(found.list)?;
    let inner = draft.inner(node)?;
    if lines::slice(draft.source.text, inner.start, inner.end) != url {
        return Err(OverlayError::Escapes { place: draft.source.place(node) });
    }
    let range = inner.start + split.range.start..inner.start + split.range.end;
    draft.splice(range, to.as_str().to_owned());
    let mut new = url.to_string();
    new.replace_range(split.range, to.as_str());
    draft.expect(found.list, found.item, Kind::Scalar(new.into(), *style));
    Ok(())
}
