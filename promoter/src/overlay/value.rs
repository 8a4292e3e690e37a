//! Single nodes: the text they surely hold, or why that is not sure.

use std::collections::BTreeMap;

use super::{OverlayError, scalar};
use crate::place::Place;
use crate::yaml::{Kind, Node, Style, Yaml};

/// A text and its path, for messages.
#[derive(Clone, Copy)]
pub(super) struct Source<'t> {
    pub(super) path: &'t str,
    pub(super) text: &'t str,
}

impl Source<'_> {
    pub(super) fn at(self, offset: usize) -> Place {
        Place::of(self.path, self.text, offset)
    }

    pub(super) fn place(self, node: &Node) -> Place {
        self.at(node.range.start)
    }
}

/// Reads values, with the nodes that aliases mean.
pub(super) struct Values<'t> {
    pub(super) source: Source<'t>,
    anchors: BTreeMap<usize, &'t Node>,
}

impl<'t> Values<'t> {
    pub(super) fn new(source: Source<'t>, yaml: &'t Yaml) -> Self {
        let mut anchors = BTreeMap::new();
        if !yaml.aliased.is_empty() {
            yaml.documents.iter().for_each(|document| collect(document, &mut anchors));
        }
        Values { source, anchors }
    }

    /// The node itself, or what it is an alias of.
    pub(super) fn resolve<'n>(&self, node: &'n Node) -> &'n Node
    where
        't: 'n,
    {
        match &node.kind {
            Kind::Alias(anchor) => self.anchors.get(anchor).copied().unwrap_or(node),
            _ => node,
        }
    }

    /// The text of a value; `None` for one that is absent or empty.
    pub(super) fn text<'n>(
        &self,
        value: &'n Node,
        what: &'static str,
    ) -> Result<Option<&'n str>, OverlayError>
    where
        't: 'n,
    {
        let meant = self.resolve(value);
        let Kind::Scalar(text, style) = &meant.kind else {
            return Err(self.wrong_kind(value, what, "text"));
        };
        self.untagged(meant)?;
        if meant.is_null() {
            return Ok(None);
        }
        match scalar::kustomize_reads(text) {
            Some(read) if *style == Style::Plain && meant.tag.is_none() => {
                let place = self.source.place(value);
                Err(OverlayError::NotText { place, value: text.to_string(), read })
            }
            _ => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
        }
    }

    /// The items of a list; none where there is no value.
    pub(super) fn items<'n>(
        &self,
        value: &'n Node,
        what: &'static str,
    ) -> Result<&'n [Node], OverlayError> {
        self.untagged(value)?;
        match &value.kind {
            Kind::Sequence(_, items) => Ok(items),
            Kind::Alias(_) => Err(OverlayError::Alias { place: self.source.place(value) }),
            _ if value.is_null() => Ok(&[]),
            _ => Err(self.wrong_kind(value, what, "a list")),
        }
    }

    /// The entries of a mapping.
    pub(super) fn entries<'n>(
        &self,
        node: &'n Node,
        what: &'static str,
    ) -> Result<&'n [(Node, Node)], OverlayError> {
        self.untagged(node)?;
        match &node.kind {
            Kind::Mapping(_, entries) => Ok(entries),
            Kind::Alias(_) => Err(OverlayError::Alias { place: self.source.place(node) }),
            _ => Err(self.wrong_kind(node, what, "a mapping")),
        }
    }

    /// The one of `words` that Kustomize takes this key for.
    pub(super) fn word(
        &self,
        key: &Node,
        words: &[&'static str],
    ) -> Result<Option<&'static str>, OverlayError> {
        let place = || self.source.place(key);
        let written = match &key.kind {
            Kind::Scalar(text, _) if text == "<<" => {
                return Err(OverlayError::MergeKey { place: place() });
            }
            Kind::Alias(_) => return Err(OverlayError::Alias { place: place() }),
            Kind::Scalar(text, _) => text,
            Kind::Sequence(..) | Kind::Mapping(..) => return Ok(None),
        };
        match words.iter().find(|word| folds_to(written, word)) {
            Some(meant) if meant != written => {
                Err(OverlayError::KeyCase { place: place(), written: written.to_string(), meant })
            }
            found => Ok(found.copied()),
        }
    }

    /// Refuses a tag, except one that says what the node is anyway.
    fn untagged(&self, node: &Node) -> Result<(), OverlayError> {
        let core = match &node.kind {
            Kind::Scalar(..) if !node.is_null() => "tag:yaml.org,2002:str",
            Kind::Sequence(..) => "tag:yaml.org,2002:seq",
            Kind::Mapping(..) => "tag:yaml.org,2002:map",
            Kind::Scalar(..) | Kind::Alias(_) => "",
        };
        match &node.tag {
            Some(tag) if tag != core => {
                Err(OverlayError::Tagged { place: self.source.place(node), tag: tag.clone() })
            }
            _ => Ok(()),
        }
    }

    pub(super) fn wrong_kind(
        &self,
        node: &Node,
        what: &'static str,
        expected: &'static str,
    ) -> OverlayError {
        let meant = self.resolve(node);
        let found = match meant.kind {
            _ if meant.is_null() => "nothing",
            Kind::Scalar(..) => "a single value",
            Kind::Sequence(..) => "a list",
            Kind::Mapping(..) => "a mapping",
            Kind::Alias(_) => "an alias",
        };
        OverlayError::Kind { place: self.source.place(node), what, expected, found }
    }
}

/// Gathers the anchored nodes; as deep as the parser's own limit.
fn collect<'t>(node: &'t Node, anchors: &mut BTreeMap<usize, &'t Node>) {
    if let Some(anchor) = node.anchor {
        anchors.insert(anchor, node);
    }
    match &node.kind {
        Kind::Sequence(_, items) => items.iter().for_each(|item| collect(item, anchors)),
        Kind::Mapping(_, entries) => entries.iter().for_each(|(key, value)| {
            collect(key, anchors);
            collect(value, anchors);
        }),
        Kind::Scalar(..) | Kind::Alias(_) => {}
    }
}

/// Whether Go's JSON decoder, which Kustomize ends in, takes a key for `word`: it folds case, and
/// with it the Kelvin sign and the long s.
pub(super) fn folds_to(key: &str, word: &str) -> bool {
    let folded = |c: char| match c {
        '\u{212a}' => 'k',
        '\u{17f}' => 's',
        _ => c.to_ascii_lowercase(),
    };
    key.chars().map(folded).eq(word.chars().map(folded))
}

#[cfg(test)]
mod tests {
    use super::folds_to;

    #[test]
    fn keys_fold_as_in_go() {
        assert!(folds_to("newTag", "newTag") && folds_to("NEWTAG", "newTag"));
        assert!(folds_to("image\u{17f}", "images") && folds_to("\u{212a}", "k"));
        assert!(!folds_to("image", "images") && !folds_to("imagesx", "images"));
    }
}
