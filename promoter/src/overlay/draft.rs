//! A file being edited: the bytes to replace, and the tree that must come of it.

use std::ops::Range;

use super::value::Source;
use super::{Overlay, OverlayError, lines, scalar};
use crate::place::Place;
use crate::yaml::{self, Kind, Node, Style, Yaml};

/// Edits of one text, gathered and then proved.
pub(super) struct Draft<'o> {
    pub(super) overlay: &'o Overlay,
    pub(super) source: Source<'o>,
    /// The tree of the text as it is.
    pub(super) yaml: &'o Yaml,
    splices: Vec<(Range<usize>, String)>,
    expected: Yaml,
}

impl<'o> Draft<'o> {
    pub(super) fn new(overlay: &'o Overlay, yaml: &'o Yaml) -> Self {
        let (source, expected) = (overlay.source(), yaml.clone());
        Draft { overlay, source, yaml, splices: Vec::new(), expected }
    }

    /// The entries of the root as they are.
    pub(super) fn entries(&self) -> &'o [(Node, Node)] {
        self.yaml.documents.first().and_then(Node::entries).unwrap_or_default()
    }

    /// An item of a list of the root, as it is.
    pub(super) fn item(&self, list: usize, item: usize) -> Option<&'o Node> {
        self.entries().get(list)?.1.items()?.get(item)
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
        let root = self.yaml.documents.first();
        let list = self.entries().get(list).map(|(_, list)| list);
        root.into_iter().chain(list).try_for_each(|node| self.unaliased(node))
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

    /// The expected entries of the root.
    pub(super) fn root(&mut self) -> Option<&mut Vec<(Node, Node)>> {
        match &mut self.expected.documents.first_mut()?.kind {
            Kind::Mapping(_, entries) => Some(entries),
            _ => None,
        }
    }

    /// Expects an item of a list of the root to be this.
    pub(super) fn expect(&mut self, list: usize, item: usize, kind: Kind) {
        let list = self.root().and_then(|root| root.get_mut(list));
        if let Some((_, Node { kind: Kind::Sequence(_, items), .. })) = list
            && let Some(item) = items.get_mut(item)
        {
            item.kind = kind;
        }
    }

    fn many_lines(&self, node: &Node) -> OverlayError {
        OverlayError::ManyLines { place: self.source.place(node) }
    }

    /// The place that stands for the whole of the edits: the first of them.
    pub(super) fn place(&self) -> Place {
        self.source.at(self.splices.iter().map(|(range, _)| range.start).min().unwrap_or(0))
    }

    /// The new text, if it reads as the expected tree and nothing else; none where nothing changes.
    pub(super) fn prove(&mut self) -> Result<Option<(String, Yaml)>, OverlayError> {
        if self.splices.is_empty() {
            return Ok(None);
        }
        self.splices.sort_by_key(|(range, _)| (range.start, range.end));
        let text = spliced(self.source.text, &self.splices);
        let read = text.and_then(|text| Some((yaml::parse(self.source.path, &text).ok()?, text)));
        match read {
            Some((yaml, text)) if yaml == self.expected => Ok(Some((text, yaml))),
            _ => Err(OverlayError::Unproved { place: self.place() }),
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
