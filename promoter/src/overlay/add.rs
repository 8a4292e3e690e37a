//! New entries in `images:`, written as the last one is.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::insert::Line;
use super::value::Source;
use super::{OverlayError, lines, scalar};
use crate::version::{Digest, Tag, Version};
use crate::yaml::{Kind, Layout, Node, Style};

/// Adds entries at the end of the list, which is made where there is none.
pub(super) fn add(
    draft: &mut Draft<'_>,
    adds: &BTreeMap<&str, &Version>,
) -> Result<(), OverlayError> {
    if adds.is_empty() {
        return Ok(());
    }
    let overlay = draft.overlay;
    let root = draft.yaml.documents.first().ok_or_else(|| layout(draft.source, 0))?;
    let pair = overlay.model.list.and_then(|list| draft.entries().get(list));
    let list = pair.map(|(_, list)| list);
    let sibling = list.and_then(|list| list.items()?.last());
    Some(root).into_iter().chain(list).try_for_each(|node| draft.unaliased(node))?;
    let form = Form::of(draft, list, sibling);
    let entries = adds.iter().map(|(image, version)| form.lines(draft, image, version));
    let entries = entries.collect::<Result<Vec<_>, _>>()?;
    let (at, text) = match (pair, sibling) {
        (None, _) => form.new_list(draft, root, &entries)?,
        (Some((_, list)), Some(sibling)) => form.append(draft, list, sibling, &entries)?,
        (Some((key, list)), None) => form.fill(draft, root, key, list, &entries)?,
    };
    draft.splice(at..at, text);
    expect(draft, overlay.model.list, &form, entries);
    Ok(())
}

/// How entries are written.
struct Form {
    /// Layout of an entry.
    layout: Layout,
    key: Style,
    name: Style,
    version: Style,
    /// What stands inside the braces of a flow entry.
    padding: String,
}

impl Form {
    fn of(draft: &Draft<'_>, list: Option<&Node>, sibling: Option<&Node>) -> Self {
        let pairs = sibling.or(draft.yaml.documents.first()).and_then(Node::entries);
        let pairs = pairs.unwrap_or_default();
        let key = pairs.first().and_then(|(key, _)| key.style()).unwrap_or(Style::Plain);
        let value = |words: &[&str]| {
            let known = |key: &Node| key.as_str().is_some_and(|key| words.contains(&key));
            let (_, value) = pairs.iter().find(|(key, _)| sibling.is_some() && known(key))?;
            value.style().filter(|_| !value.is_null())
        };
        let layout = match sibling.or(list).map(|node| &node.kind) {
            Some(Kind::Mapping(layout, _) | Kind::Sequence(layout, _)) => *layout,
            _ => Layout::Block,
        };
        let padding = sibling.zip(pairs.first()).map(|(entry, (key, _))| {
            lines::slice(draft.source.text, entry.range.start + 1, key.range.start)
        });
        let padding = padding.filter(|padding| lines::spaces(padding)).unwrap_or_default();
        Form {
            layout,
            key,
            name: value(&["name"]).unwrap_or(key),
            version: value(&["newTag", "digest"]).unwrap_or(key),
            padding: padding.to_owned(),
        }
    }

    fn lines(
        &self,
        draft: &Draft<'_>,
        image: &str,
        version: &Version,
    ) -> Result<Vec<Line>, OverlayError> {
        let tag = version.tag().map(Tag::as_str);
        let digest = version.digest().map(Digest::as_str);
        let fields = [
            ("name", Some(image), self.name),
            ("newTag", tag, self.version),
            ("digest", digest, self.version),
        ];
        let present =
            fields.into_iter().filter_map(|(word, text, style)| Some((word, text?, style)));
        present.map(|(word, text, style)| Line::new(draft, word, text, (self.key, style))).collect()
    }

    /// One entry, after its dash or comma; the lines of a block entry are parted by `between`.
    fn entry(&self, entry: &[Line], between: &str) -> String {
        let written: Vec<_> = entry.iter().map(|line| line.write(": ")).collect();
        match self.layout {
            Layout::Block => written.join(between),
            Layout::Flow => {
                let Form { padding, .. } = self;
                format!("{{{padding}{}{padding}}}", written.join(", "))
            }
        }
    }

    /// Entries of a block list, each after a line break and what stands before an item.
    fn items(&self, entries: &[Vec<Line>], newline: &str, before: &str) -> String {
        let between = format!("{newline}{}", " ".repeat(before.len()));
        let item = |entry: &Vec<Line>| format!("{newline}{before}{}", self.entry(entry, &between));
        entries.iter().map(item).collect()
    }

    /// After the last entry.
    fn append(
        &self,
        draft: &Draft<'_>,
        list: &Node,
        sibling: &Node,
        entries: &[Vec<Line>],
    ) -> Result<(usize, String), OverlayError> {
        let text = draft.source.text;
        let before = lines::prefix(text, sibling.range.start);
        let at = lines::end(text, tail(draft, sibling)?);
        let newline = lines::line_break(text, at);
        match &list.kind {
            Kind::Sequence(Layout::Block, _) if is_dash(before) => {
                Ok((at, self.items(entries, newline, before)))
            }
            Kind::Sequence(Layout::Flow, _) => {
                let own_line = lines::spaces(before);
                let comma = if own_line { format!(",{newline}{before}") } else { ", ".to_owned() };
                let written =
                    entries.iter().map(|entry| format!("{comma}{}", self.entry(entry, "")));
                Ok((sibling.range.end, written.collect()))
            }
            _ => Err(layout(draft.source, sibling.range.start)),
        }
    }

    /// Into an empty list, or a key without a value.
    fn fill(
        &self,
        draft: &Draft<'_>,
        root: &Node,
        key: &Node,
        list: &Node,
        entries: &[Vec<Line>],
    ) -> Result<(usize, String), OverlayError> {
        let text = draft.source.text;
        if matches!(list.kind, Kind::Sequence(Layout::Flow, _)) {
            let written: Vec<_> = entries.iter().map(|entry| self.entry(entry, "")).collect();
            return Ok((list.range.start + 1, written.join(", ")));
        }
        if !list.range.is_empty() || list.anchor.is_some() {
            return Err(layout(draft.source, list.range.start));
        }
        let at = lines::end(text, draft.colon(key)?);
        Ok((at, self.items(entries, lines::line_break(text, at), &dash(text, root))))
    }

    /// At the end of the root, with its key.
    fn new_list(
        &self,
        draft: &Draft<'_>,
        root: &Node,
        entries: &[Vec<Line>],
    ) -> Result<(usize, String), OverlayError> {
        let text = draft.source.text;
        if !matches!(&root.kind, Kind::Mapping(Layout::Block, _)) {
            return Err(layout(draft.source, root.range.start));
        }
        let at = lines::end(text, tail(draft, root)?);
        let newline = lines::line_break(text, at);
        let key = scalar::write("images", self.key);
        let items = self.items(entries, newline, &dash(text, root));
        Ok((at, format!("{newline}{}{key}:{items}", indent(text, root))))
    }
}

/// Writes the entries into the expected tree.
fn expect(draft: &mut Draft<'_>, list: Option<usize>, form: &Form, entries: Vec<Vec<Line>>) {
    let entry = |entry: Vec<Line>| {
        Node::new(Kind::Mapping(form.layout, entry.into_iter().map(Line::into_pair).collect()))
    };
    let nodes: Vec<_> = entries.into_iter().map(entry).collect();
    let Some(root) = draft.root() else { return };
    match list.and_then(|list| root.get_mut(list)).map(|(_, list)| &mut list.kind) {
        Some(Kind::Sequence(_, items)) => items.extend(nodes),
        Some(kind) => *kind = Kind::Sequence(Layout::Block, nodes),
        None => root.push((
            Node::scalar("images", form.key),
            Node::new(Kind::Sequence(Layout::Block, nodes)),
        )),
    }
}

/// Where the last line of a node ends.
fn tail(draft: &Draft<'_>, node: &Node) -> Result<usize, OverlayError> {
    let text = draft.source.text;
    match &node.kind {
        Kind::Scalar(_, Style::Block) => Ok(lines::slice(text, 0, node.range.end).trim_end().len()),
        Kind::Mapping(Layout::Block, pairs) => match pairs.last() {
            Some((key, value)) if value.range.is_empty() => draft.colon(key),
            Some((_, value)) => tail(draft, value),
            None => Ok(node.range.end),
        },
        Kind::Sequence(Layout::Block, items) => {
            items.last().map_or(Ok(node.range.end), |item| tail(draft, item))
        }
        _ => Ok(node.range.end),
    }
}

/// What stands before an item of the first block list at the root; a dash at the root's own
/// indentation where there is none.
fn dash(text: &str, root: &Node) -> String {
    let first = |(_, value): &(Node, Node)| match &value.kind {
        Kind::Sequence(Layout::Block, items) => {
            let before = lines::prefix(text, items.first()?.range.start);
            is_dash(before).then(|| before.to_owned())
        }
        _ => None,
    };
    let found = root.entries().unwrap_or_default().iter().find_map(first);
    found.unwrap_or_else(|| format!("{}- ", indent(text, root)))
}

fn indent<'t>(text: &'t str, root: &Node) -> &'t str {
    let prefixes = root.entries().unwrap_or_default().iter();
    let mut prefixes = prefixes.map(|(key, _)| lines::prefix(text, key.range.start));
    prefixes.find(|prefix| lines::spaces(prefix)).unwrap_or_default()
}

/// Spaces, one dash, spaces.
fn is_dash(prefix: &str) -> bool {
    prefix.trim_matches(' ') == "-" && prefix.ends_with(' ')
}

fn layout(source: Source<'_>, at: usize) -> OverlayError {
    OverlayError::Layout { place: source.at(at) }
}
