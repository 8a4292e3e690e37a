//! Typed reading of a YAML tree, with the place of everything that is wrong.

use std::collections::BTreeMap;

use super::error::{Fault, PipelineError};
use super::nearest::nearest;
use crate::place::Place;
use crate::yaml::{Kind, Node, Style};

/// The file that is read.
#[derive(Clone, Copy)]
pub(super) struct Reader<'t> {
    /// Its path, for messages.
    pub(super) file: &'t str,
    /// All of it.
    pub(super) text: &'t str,
}

/// A mapping whose keys are known and single.
pub(super) struct Section<'n> {
    values: BTreeMap<&'n str, &'n Node>,
}

impl<'n> Section<'n> {
    /// The value of `key`, where it is set.
    pub(super) fn get(&self, key: &str) -> Option<&'n Node> {
        self.values.get(key).copied()
    }
}

impl Reader<'_> {
    /// Where a node stands.
    pub(super) fn place(&self, node: &Node) -> Place {
        Place::of(self.file, self.text, node.range.start)
    }

    /// The error that `fault` is at a node.
    pub(super) fn fault(&self, node: &Node, fault: Fault) -> PipelineError {
        PipelineError::File { place: self.place(node), fault: Box::new(fault) }
    }

    /// The error that `fault` is for the file as a whole.
    fn fault_of_file(&self, fault: Fault) -> PipelineError {
        let place = Place::of(self.file, self.text, 0);
        PipelineError::File { place, fault: Box::new(fault) }
    }

    /// The one document of the file, free of what this file must not hold.
    pub(super) fn document<'n>(&self, documents: &'n [Node]) -> Result<&'n Node, PipelineError> {
        let root = match documents {
            [] => return Err(self.fault_of_file(Fault::EmptyFile)),
            [root] if root.is_null() => return Err(self.fault(root, Fault::EmptyFile)),
            [root] => root,
            [_, second, ..] => return Err(self.fault(second, Fault::SecondDocument)),
        };
        self.plain(root)?;
        Ok(root)
    }

    /// Refuses anchors, aliases, merge keys and tags, anywhere below `root`.
    fn plain(&self, root: &Node) -> Result<(), PipelineError> {
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            if let Some(what) = unsupported(node) {
                return Err(self.fault(node, Fault::Unsupported(what)));
            }
            match &node.kind {
                Kind::Sequence(_, items) => open.extend(items.iter().rev()),
                Kind::Mapping(_, entries) => {
                    if let Some((key, _)) = entries.iter().find(|(key, _)| is_merge(key)) {
                        return Err(self.fault(key, Fault::Unsupported("a merge key")));
                    }
                    open.extend(entries.iter().rev().flat_map(|(key, value)| [value, key]));
                }
                Kind::Scalar(..) | Kind::Alias(_) => {}
            }
        }
        Ok(())
    }

    /// A mapping with no other keys than `known`.
    pub(super) fn section<'n>(
        &self,
        node: &'n Node,
        known: &'static [&'static str],
    ) -> Result<Section<'n>, PipelineError> {
        let values = self.mapping(node)?;
        for (key, at) in values.iter().map(|(key, (at, _))| (*key, *at)) {
            if !known.contains(&key) {
                let near = nearest(key, known.iter().copied());
                let fault = Fault::UnknownKey { key: key.to_owned(), near, known };
                return Err(self.fault(at, fault));
            }
        }
        Ok(Section { values: values.into_iter().map(|(key, (_, value))| (key, value)).collect() })
    }

    /// A mapping with names of the user's as keys: name to key and value.
    pub(super) fn mapping<'n>(
        &self,
        node: &'n Node,
    ) -> Result<BTreeMap<&'n str, (&'n Node, &'n Node)>, PipelineError> {
        let entries =
            node.entries().ok_or_else(|| self.wrong(node, "a mapping of keys and values"))?;
        let mut values = BTreeMap::new();
        for (key, value) in entries {
            let name = self.string(key)?;
            if values.insert(name, (key, value)).is_some() {
                return Err(self.fault(key, Fault::DuplicateKey(name.to_owned())));
            }
        }
        Ok(values)
    }

    /// The value of a key that must be set; its absence is told at `node`.
    pub(super) fn required<'n>(
        &self,
        node: &Node,
        section: &Section<'n>,
        key: &'static str,
    ) -> Result<&'n Node, PipelineError> {
        section.get(key).ok_or_else(|| self.fault(node, Fault::MissingKey(key)))
    }

    /// A text that is not empty.
    pub(super) fn string<'n>(&self, node: &'n Node) -> Result<&'n str, PipelineError> {
        match node.as_str() {
            Some(_) if node.is_null() => Err(self.fault(node, Fault::Empty("the value"))),
            Some("") => Err(self.fault(node, Fault::Empty("the value"))),
            Some(text) => Ok(text),
            None => Err(self.wrong(node, "a text")),
        }
    }

    /// `true` or `false`.
    pub(super) fn boolean(&self, node: &Node) -> Result<bool, PipelineError> {
        match &node.kind {
            Kind::Scalar(text, Style::Plain) if text == "true" => Ok(true),
            Kind::Scalar(text, Style::Plain) if text == "false" => Ok(false),
            _ => Err(self.wrong(node, "`true` or `false`")),
        }
    }

    /// A list with something in it.
    pub(super) fn list<'n>(&self, node: &'n Node) -> Result<&'n [Node], PipelineError> {
        match node.items() {
            Some([]) => Err(self.fault(node, Fault::Empty("the list"))),
            Some(items) => Ok(items),
            None if node.is_null() => Err(self.fault(node, Fault::Empty("the list"))),
            None => Err(self.wrong(node, "a list")),
        }
    }

    /// One text, or a list of texts.
    pub(super) fn one_or_more<'n>(&self, node: &'n Node) -> Result<&'n [Node], PipelineError> {
        match node.items() {
            Some(_) => self.list(node),
            None => self.string(node).map(|_| std::slice::from_ref(node)),
        }
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(
        &self,
        node: &Node,
        known: &'static [&'static str],
        values: &[T],
    ) -> Result<T, PipelineError> {
        let word = self.string(node)?;
        let found = known.iter().zip(values).find(|(name, _)| **name == word);
        found.map(|(_, value)| *value).ok_or_else(|| {
            let near = nearest(word, known.iter().copied());
            self.fault(node, Fault::UnknownWord { word: word.to_owned(), near, known })
        })
    }

    fn wrong(&self, node: &Node, expected: &'static str) -> PipelineError {
        let found = match node.noun() {
            _ if node.is_null() => "nothing",
            "list" => "a list",
            "mapping" => "a mapping",
            _ => "a value",
        };
        self.fault(node, Fault::WrongType { expected, found })
    }
}

fn unsupported(node: &Node) -> Option<&'static str> {
    match &node.kind {
        Kind::Alias(_) => Some("an alias"),
        _ if node.anchor.is_some() => Some("an anchor"),
        _ if node.tag.is_some() => Some("a tag"),
        _ => None,
    }
}

fn is_merge(key: &Node) -> bool {
    matches!(&key.kind, Kind::Scalar(text, Style::Plain) if text == "<<")
}
