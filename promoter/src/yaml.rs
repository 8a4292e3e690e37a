//! YAML as a tree of nodes with byte spans.
//!
//! This is not a loader of values: nothing is resolved, merged or followed. A node says what the
//! file says and where it says it, so that [`crate::overlay`] can replace bytes and
//! [`crate::pipeline`] can point at a line. The one place that names the parser.

use std::collections::BTreeSet;
use std::ops::Range;

use compact_str::CompactString;
use granit_parser::{Event, Parser, ScalarStyle, Span, StructureStyle};

use crate::place::Place;

/// The largest file that is read; a kustomization of a thousand images has some 100 KiB. The tree
/// of the densest file has some 200 times its bytes.
pub const MAX_BYTES: usize = 1024 * 1024;

/// A file that cannot be read as YAML.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum YamlError {
    /// The parser's own words about the place.
    #[error("{place}: not valid YAML: {reason}")]
    Syntax {
        /// Where parsing stopped.
        place: Place,
        /// Why, in the parser's words.
        reason: String,
    },
    /// Bytes that are no UTF-8.
    #[error("{place}: not UTF-8 text")]
    Encoding {
        /// The first byte that is not text.
        place: Place,
    },
    /// Larger than [`MAX_BYTES`].
    #[error("{file}: {bytes} bytes are more than the limit of {MAX_BYTES} for a YAML file")]
    TooLarge {
        /// Path of the file.
        file: String,
        /// Its size.
        bytes: usize,
    },
}

impl YamlError {
    /// Where it is wrong, where that is a place in the text.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        match self {
            YamlError::Syntax { place, .. } | YamlError::Encoding { place } => Some(place),
            YamlError::TooLarge { .. } => None,
        }
    }
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In `'`.
    Single,
    /// In `"`.
    Double,
    /// `|` or `>`.
    Block,
}

/// How a collection is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// By indentation.
    Block,
    /// In brackets or braces.
    Flow,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A value, unescaped.
    Scalar(CompactString, Style),
    /// A list.
    Sequence(Layout, Vec<Node>),
    /// Key and value pairs in file order, duplicates included.
    Mapping(Layout, Vec<(Node, Node)>),
    /// `*name`, with the number of the anchor it means.
    Alias(usize),
}

/// One node of the file.
#[derive(Clone, Debug)]
pub struct Node {
    /// The bytes of the content: without anchor and tag, with quotes; a block scalar without its
    /// header. Empty for an absent value.
    pub range: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// The number of the anchor on it.
    pub anchor: Option<usize>,
    /// The tag on it, as resolved: `tag:yaml.org,2002:str`.
    pub tag: Option<String>,
}

/// Equal when they mean and look the same; where they stand does not count.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.anchor == other.anchor && self.tag == other.tag
    }
}

impl Eq for Node {}

impl Node {
    /// A node that stands in no text, to compare others with.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Node { range: 0..0, kind, anchor: None, tag: None }
    }

    /// A scalar that stands in no text.
    #[must_use]
    pub fn scalar(text: &str, style: Style) -> Self {
        Node::new(Kind::Scalar(text.into(), style))
    }

    /// The text of a scalar.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(text, _) => Some(text),
            _ => None,
        }
    }

    /// The pairs of a mapping.
    #[must_use]
    pub fn entries(&self) -> Option<&[(Node, Node)]> {
        match &self.kind {
            Kind::Mapping(_, entries) => Some(entries),
            _ => None,
        }
    }

    /// The items of a sequence.
    #[must_use]
    pub fn items(&self) -> Option<&[Node]> {
        match &self.kind {
            Kind::Sequence(_, items) => Some(items),
            _ => None,
        }
    }

    /// How a scalar is written.
    #[must_use]
    pub fn style(&self) -> Option<Style> {
        match &self.kind {
            Kind::Scalar(_, style) => Some(*style),
            _ => None,
        }
    }

    /// Absent, `~` or `null`: what YAML reads as no value.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar(text, Style::Plain)
            if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// The kind in a word, for messages.
    #[must_use]
    pub fn noun(&self) -> &'static str {
        match &self.kind {
            Kind::Scalar(..) => "value",
            Kind::Sequence(..) => "list",
            Kind::Mapping(..) => "mapping",
            Kind::Alias(_) => "alias",
        }
    }
}

/// The documents of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Yaml {
    /// In file order; an empty file has none, an empty document a null node.
    pub documents: Vec<Node>,
    /// Numbers of the anchors that some alias means.
    pub aliased: BTreeSet<usize>,
}

/// Checks that `bytes` can be read: UTF-8 and not too large.
pub fn text_of<'b>(file: &str, bytes: &'b [u8]) -> Result<&'b str, YamlError> {
    if bytes.len() > MAX_BYTES {
        return Err(YamlError::TooLarge { file: file.to_owned(), bytes: bytes.len() });
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let lossy = String::from_utf8_lossy(bytes);
        YamlError::Encoding { place: Place::of(file, &lossy, error.valid_up_to()) }
    })
}

/// Parses every document of `text`; `file` is for messages.
pub fn parse(file: &str, text: &str) -> Result<Yaml, YamlError> {
    let mut tree =
        Tree { open: Vec::new(), yaml: Yaml { documents: Vec::new(), aliased: BTreeSet::new() } };
    let options = granit_parser::options! { emit_comments: false };
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, span) = next.map_err(|error| {
            let at = error.marker().byte_offset().unwrap_or(text.len());
            YamlError::Syntax { place: Place::of(file, text, at), reason: error.info() }
        })?;
        tree.take(&event, &span);
    }
    Ok(tree.yaml)
}

/// A collection whose end has not come yet.
struct Open {
    node: Node,
    /// The key that waits for its value, in a mapping.
    key: Option<Node>,
}

struct Tree {
    open: Vec<Open>,
    yaml: Yaml,
}

impl Tree {
    fn take(&mut self, event: &Event<'_>, span: &Span) {
        let range = span.byte_range().unwrap_or_default();
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let kind = Kind::Scalar(CompactString::from(text.as_ref()), style_of(*style));
                self.close(node(kind, range, *anchor, event));
            }
            Event::Alias(anchor) => {
                self.yaml.aliased.insert(*anchor);
                self.close(node(Kind::Alias(*anchor), range, 0, event));
            }
            Event::SequenceStart(layout, anchor, _) => {
                let kind = Kind::Sequence(layout_of(*layout), Vec::new());
                self.open.push(Open { node: node(kind, range, *anchor, event), key: None });
            }
            Event::MappingStart(layout, anchor, _) => {
                let kind = Kind::Mapping(layout_of(*layout), Vec::new());
                self.open.push(Open { node: node(kind, range, *anchor, event), key: None });
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(mut done) = self.open.pop() {
                    done.node.range.end = range.end.max(done.node.range.start);
                    self.close(done.node);
                }
            }
            _ => {}
        }
    }

    /// Hangs a finished node where it belongs.
    fn close(&mut self, node: Node) {
        let Some(parent) = self.open.last_mut() else {
            self.yaml.documents.push(node);
            return;
        };
        match &mut parent.node.kind {
            Kind::Sequence(_, items) => items.push(node),
            Kind::Mapping(_, entries) => match parent.key.take() {
                Some(key) => entries.push((key, node)),
                None => parent.key = Some(node),
            },
            Kind::Scalar(..) | Kind::Alias(_) => {}
        }
    }
}

fn node(kind: Kind, range: Range<usize>, anchor: usize, event: &Event<'_>) -> Node {
    let tag = event.tag().map(|tag| format!("{tag}"));
    Node { range, kind, anchor: (anchor != 0).then_some(anchor), tag }
}

fn style_of(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::Single,
        ScalarStyle::DoubleQuoted => Style::Double,
        ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
    }
}

fn layout_of(style: StructureStyle) -> Layout {
    match style {
        StructureStyle::Block => Layout::Block,
        StructureStyle::Flow => Layout::Flow,
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Node, Style, parse, text_of};

    fn slices<'t>(text: &'t str, node: &Node, into: &mut Vec<&'t str>) {
        match &node.kind {
            Kind::Sequence(_, items) => items.iter().for_each(|item| slices(text, item, into)),
            Kind::Mapping(_, entries) => entries.iter().for_each(|(key, value)| {
                slices(text, key, into);
                slices(text, value, into);
            }),
            _ => into.push(text.get(node.range.clone()).unwrap()),
        }
    }

    fn check(text: &str, expected: &[&str]) {
        let yaml = parse("k.yaml", text).unwrap();
        let mut found = Vec::new();
        yaml.documents.iter().for_each(|node| slices(text, node, &mut found));
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn spans_are_bytes_of_the_content() {
        check("a: 'b'\r\nc: \"é\" # d\n", &["a", "'b'", "c", "\"é\""]);
        check("\u{feff}a: &x !!str b\nc: *x", &["a", "b", "c", "*x"]);
        check("{name: app, newTag: v1}", &["name", "app", "newTag", "v1"]);
        check("a:\nb: []\n", &["a", "", "b"]);
        check("a: 1\n---\nb: 2\n", &["a", "1", "b", "2"]);
        check("", &[]);
    }

    #[test]
    fn nodes_keep_style_tag_and_anchor() {
        let yaml = parse("k.yaml", "- &x !!str 'b'\n- *x\n- ~\n").unwrap();
        let items = yaml.documents[0].items().unwrap();
        assert_eq!(items[0].kind, Kind::Scalar("b".into(), Style::Single));
        assert_eq!(items[0].tag.as_deref(), Some("tag:yaml.org,2002:str"));
        assert!(yaml.aliased.contains(&items[0].anchor.unwrap()));
        assert!(items[2].is_null() && !items[0].is_null());
    }

    #[test]
    fn errors_name_the_place() {
        let error = parse("k.yaml", "a: 1\n\tb: 2\n").unwrap_err();
        assert!(error.to_string().ends_with("found a tab"), "{error}");
        let error = parse("k.yaml", &"[".repeat(100_000)).unwrap_err();
        assert!(error.to_string().contains("k.yaml:1:"), "{error}");
        let error = text_of("k.yaml", b"a: 1\nb: \xff\n").unwrap_err();
        assert_eq!(error.to_string(), "k.yaml:2:4: not UTF-8 text");
        assert!(text_of("k.yaml", &vec![b' '; super::MAX_BYTES + 1]).is_err());
    }
}
