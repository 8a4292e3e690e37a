//! A file being edited: the bytes to replace, and the tree that must come of it.

use std::ops::Range;

use super::value::Source;
use super::wish::Wish;
use super::{Overlay, OverlayError, entry, lines, remote, scalar};
use crate::version::Reference;
use crate::yaml::{self, Kind, Node, Style, Yaml};

/// Edits of one text, gathered and then proved.
pub(super) struct Draft<'o> {
    pub(super) source: Source<'o>,
    pub(super) yaml: &'o Yaml,
    splices: Vec<(Range<usize>, String)>,
    expected: Yaml,
}

impl<'o> Draft<'o> {
    pub(super) fn new(source: Source<'o>, yaml: &'o Yaml) -> Self {
        Draft { source, yaml, splices: Vec::new(), expected: yaml.clone() }
    }

    /// Makes an image entry hold what is wished.
    pub(super) fn image(
        &mut self,
        overlay: &'o Overlay,
        index: usize,
        wish: &Wish<'_>,
    ) -> Result<(), OverlayError> {
        let Some(image) = overlay.model.images.get(index) else { return Ok(()) };
        let Some((list, item)) = overlay.model.list.zip(Some(image.item)) else { return Ok(()) };
        let Some(node) = self.list(list).and_then(|list| list.items()?.get(item)) else {
            return Ok(());
        };
        let version = image.pin.and_then(|pin| Some(&overlay.model.pins.get(pin)?.version));
        let Some(entries) = entry::edit(self, node, image.fields, version, wish)? else {
            return Ok(());
        };
        self.unaliased_above(list)?;
        self.unaliased(node)?;
        if let Some(Kind::Mapping(_, expected)) = self.item(list, item).map(|node| &mut node.kind) {
            *expected = entries;
        }
        Ok(())
    }

    /// Writes another git ref into a remote URL.
    pub(super) fn remote(
        &mut self,
        overlay: &'o Overlay,
        index: usize,
        to: &Reference,
    ) -> Result<(), OverlayError> {
        let Some(found) = overlay.model.remotes.get(index) else { return Ok(()) };
        let (list, item) = (found.list, found.item);
        let Some(node) = self.list(list).and_then(|list| list.items()?.get(item)) else {
            return Ok(());
        };
        let url = match &node.kind {
            Kind::Alias(_) => return Err(OverlayError::Alias { place: self.source.place(node) }),
            _ => node.as_str().unwrap_or_default(),
        };
        let Ok(Some(split)) = remote::split(url) else { return Ok(()) };
        if split.reference == to.as_str() {
            return Ok(());
        }
        self.unaliased_above(list)?;
        let inner = self.inner(node)?;
        if lines::slice(self.source.text, inner.start, inner.end) != url {
            return Err(OverlayError::Escapes { place: self.source.place(node) });
        }
        let range = inner.start + split.range.start..inner.start + split.range.end;
        self.splice(range, to.as_str().to_owned());
        let mut new = url.to_owned();
        new.replace_range(split.range, to.as_str());
        if let Some(Kind::Scalar(text, _)) = self.item(list, item).map(|node| &mut node.kind) {
            *text = new.into();
        }
        Ok(())
    }

    /// Replaces the value of a scalar that stands on one line, keeping its quotes; gives the node
    /// that must come of it.
    pub(super) fn set(
        &mut self,
        key: &Node,
        value: &Node,
        text: &str,
    ) -> Result<Node, OverlayError> {
        let asked = match (&value.kind, &key.kind) {
            // JSON knows no plain scalar but `null`, and no other quotes.
            (_, Kind::Scalar(_, Style::Double)) if value.is_null() => Style::Double,
            (Kind::Scalar(_, style), _) => *style,
            _ => return Err(OverlayError::Alias { place: self.source.place(value) }),
        };
        let style = self.style(text, asked)?;
        if value.range.is_empty() {
            let at = self.colon(key)?;
            self.splice(at..at, format!(" {}", scalar::write(text, style)));
        } else if style == asked && style != Style::Plain && !value.is_null() {
            let inner = self.inner(value)?;
            self.splice(inner, text.to_owned());
        } else {
            self.inner(value)?;
            self.splice(value.range.clone(), scalar::write(text, style));
        }
        Ok(Node { kind: Kind::Scalar(text.into(), style), ..value.clone() })
    }

    /// The style to write `text` in.
    pub(super) fn style(&self, text: &str, asked: Style) -> Result<Style, OverlayError> {
        scalar::style_for(text, asked).ok_or_else(|| OverlayError::Name {
            file: self.source.path.to_owned(),
            name: text.to_owned(),
        })
    }

    /// Where a scalar's own text stands, without quotes; refuses what is not surely on one line.
    pub(super) fn inner(&self, node: &Node) -> Result<Range<usize>, OverlayError> {
        self.unaliased(node)?;
        let Range { start, end } = node.range;
        let written = lines::slice(self.source.text, start, end);
        match &node.kind {
            Kind::Scalar(_, Style::Block) => Err(self.many_lines(node)),
            Kind::Scalar(..) if written.contains('\n') => Err(self.many_lines(node)),
            Kind::Scalar(_, Style::Plain) => Ok(start..end),
            Kind::Scalar(..) if end >= start + 2 => Ok(start + 1..end - 1),
            _ => Err(OverlayError::Alias { place: self.source.place(node) }),
        }
    }

    /// Refuses a node that an alias repeats.
    pub(super) fn unaliased(&self, node: &Node) -> Result<(), OverlayError> {
        match node.anchor {
            Some(anchor) if self.yaml.aliased.contains(&anchor) => {
                Err(OverlayError::Aliased { place: self.source.place(node) })
            }
            _ => Ok(()),
        }
    }

    /// Refuses to edit below a root or list that an alias repeats.
    pub(super) fn unaliased_above(&self, list: usize) -> Result<(), OverlayError> {
        self.yaml.documents.first().map_or(Ok(()), |root| self.unaliased(root))?;
        self.list(list).map_or(Ok(()), |list| self.unaliased(list))
    }

    /// The entries of the root as they are.
    pub(super) fn entries(&self) -> &'o [(Node, Node)] {
        self.yaml.documents.first().and_then(Node::entries).unwrap_or_default()
    }

    /// The list at this index of the root, as it is.
    fn list(&self, index: usize) -> Option<&'o Node> {
        self.entries().get(index).map(|(_, value)| value)
    }

    /// The offset after the colon of a key.
    pub(super) fn colon(&self, key: &Node) -> Result<usize, OverlayError> {
        let rest = self.source.text.get(key.range.end..).unwrap_or_default();
        let spaces = rest.len() - rest.trim_start_matches(' ').len();
        let colon = rest.get(spaces..).is_some_and(|rest| rest.starts_with(':'));
        let layout = || OverlayError::Layout { place: self.source.place(key) };
        colon.then_some(key.range.end + spaces + 1).ok_or_else(layout)
    }

    pub(super) fn splice(&mut self, range: Range<usize>, text: String) {
        self.splices.push((range, text));
    }

    /// The expected value at this index of the root.
    pub(super) fn root(&mut self) -> Option<&mut Vec<(Node, Node)>> {
        match &mut self.expected.documents.first_mut()?.kind {
            Kind::Mapping(_, entries) => Some(entries),
            _ => None,
        }
    }

    fn item(&mut self, list: usize, item: usize) -> Option<&mut Node> {
        match &mut self.root()?.get_mut(list)?.1.kind {
            Kind::Sequence(_, items) => items.get_mut(item),
            _ => None,
        }
    }

    fn many_lines(&self, node: &Node) -> OverlayError {
        OverlayError::ManyLines { place: self.source.place(node) }
    }

    /// The new bytes, if they read as the expected tree and nothing else.
    pub(super) fn prove(mut self) -> Result<Vec<u8>, OverlayError> {
        self.splices.sort_by_key(|(range, _)| (range.start, range.end));
        let first = self.splices.first().map_or(0, |(range, _)| range.start);
        let unproved = || OverlayError::Unproved { place: self.source.at(first) };
        let text = spliced(self.source.text, &self.splices).ok_or_else(unproved)?;
        if self.splices.is_empty() {
            return Ok(text.into_bytes());
        }
        match yaml::parse(self.source.path, &text) {
            Ok(found) if found == self.expected => Ok(text.into_bytes()),
            _ => Err(unproved()),
        }
    }
}

/// The text with its splices, which are sorted; `None` if two of them overlap.
fn spliced(text: &str, splices: &[(Range<usize>, String)]) -> Option<String> {
    let mut new = String::with_capacity(text.len() + 128);
    let mut at = 0;
    for (range, with) in splices {
        new.push_str(text.get(at..range.start)?);
        new.push_str(with);
        at = range.end;
    }
    new.push_str(text.get(at..)?);
    Some(new)
}
