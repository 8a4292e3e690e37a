//! One entry of `images:`: values replaced, lines added and removed.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Draft;
use super::insert::{self, Line};
use super::model::{Fields, Image};
use super::wish::Wish;
use super::{OverlayError, lines, remove};
use crate::version::{Digest, Tag, Version};
use crate::yaml::{Kind, Layout, Node};

type Pair = (Node, Node);

/// One field of the entry: what it holds and what it shall hold.
#[derive(Clone, Copy)]
struct Slot<'e> {
    word: &'static str,
    at: Option<usize>,
    now: Option<&'e str>,
    wanted: Option<&'e str>,
}

impl Slot<'_> {
    fn enters(&self) -> bool {
        self.at.is_none() && self.wanted.is_some()
    }

    fn leaves(&self) -> bool {
        self.now.is_some() && self.wanted.is_none()
    }
}

/// Makes an entry hold what is wished; `node` is where it stands.
pub(super) fn edit(
    draft: &mut Draft<'_>,
    image: &Image,
    node: &Node,
    wish: &Wish<'_>,
) -> Result<(), OverlayError> {
    let (Kind::Mapping(layout, pairs), Some(name)) = (&node.kind, image.fields.name) else {
        return Ok(());
    };
    let pin = image.pin.and_then(|pin| draft.overlay.model.pins.get(pin));
    let slots = slots(pairs, image.fields, pin.map(|pin| &pin.version), wish);
    if slots.iter().all(|slot| slot.now == slot.wanted) {
        return Ok(());
    }
    braced(draft, node, *layout)?;
    let mut entry =
        Entry { draft, pairs, new: pairs.clone(), gone: BTreeSet::new(), added: BTreeMap::new() };
    entry.apply(name, slots)?;
    entry.write(*layout)?;
    let expected = Kind::Mapping(*layout, entry.finish());
    draft.unaliased_above(image.list)?;
    draft.unaliased(node)?;
    draft.expect(image.list, image.item, expected);
    Ok(())
}

/// Refuses a flow entry without braces, as in `[name: app]`: one more key would be one more entry.
fn braced(draft: &Draft<'_>, node: &Node, layout: Layout) -> Result<(), OverlayError> {
    let start = node.range.start;
    let brace = lines::slice(draft.source.text, start, start + 1) == "{";
    let place = || draft.source.place(node);
    if layout == Layout::Block || brace {
        Ok(())
    } else {
        Err(OverlayError::Layout { place: place() })
    }
}

fn slots<'e>(
    pairs: &'e [Pair],
    fields: Fields,
    version: Option<&'e Version>,
    wish: &Wish<'e>,
) -> [Slot<'e>; 3] {
    let tag = |version: Option<&'e Version>| version.and_then(Version::tag).map(Tag::as_str);
    let digest =
        |version: Option<&'e Version>| version.and_then(Version::digest).map(Digest::as_str);
    let value = fields.new_name.and_then(|at| pairs.get(at)).map(|(_, value)| value);
    let name = value.filter(|value| !value.is_null()).and_then(Node::as_str);
    let name = name.filter(|name| !name.is_empty());
    let wanted = wish.version.or(version);
    [
        Slot { word: "newName", at: fields.new_name, now: name, wanted: wish.new_name.over(name) },
        Slot { word: "newTag", at: fields.tag, now: tag(version), wanted: tag(wanted) },
        Slot { word: "digest", at: fields.digest, now: digest(version), wanted: digest(wanted) },
    ]
}

/// An entry being edited.
struct Entry<'d, 'o, 'e> {
    draft: &'d mut Draft<'o>,
    pairs: &'e [Pair],
    /// The expected pairs, before `gone` and `added`.
    new: Vec<Pair>,
    /// Indices of the pairs that leave.
    gone: BTreeSet<usize>,
    /// The pairs that enter, by the index of the pair they stand after.
    added: BTreeMap<usize, Vec<Line>>,
}

impl Entry<'_, '_, '_> {
    fn apply(&mut self, name: usize, slots: [Slot<'_>; 3]) -> Result<(), OverlayError> {
        let [new_name, tag, digest] = slots;
        let (tag, digest) = self.swap(tag, digest)?;
        let mut after = name;
        for slot in [new_name, tag, digest] {
            if slot.leaves() {
                self.gone.extend(slot.at);
            } else if let (None, Some(text)) = (slot.at, slot.wanted) {
                let line = insert::line(self.draft, self.pairs, after, slot.word, text)?;
                self.added.entry(after).or_default().push(line);
            } else if let Some(at) = slot.at {
                self.set(at, &slot)?;
                after = at;
            }
        }
        Ok(())
    }

    fn set(&mut self, at: usize, slot: &Slot<'_>) -> Result<(), OverlayError> {
        let (Some((key, value)), Some(text)) = (self.pairs.get(at), slot.wanted) else {
            return Ok(());
        };
        if slot.now != slot.wanted {
            let value = self.draft.set(key, value, text)?;
            if let Some(pair) = self.new.get_mut(at) {
                pair.1 = value;
            }
        }
        Ok(())
    }

    /// Where a tag makes way for a digest, or a digest for a tag, its line is rewritten.
    fn swap<'e>(
        &mut self,
        tag: Slot<'e>,
        digest: Slot<'e>,
    ) -> Result<(Slot<'e>, Slot<'e>), OverlayError> {
        if tag.leaves() && digest.enters() {
            let digest = self.rename(&tag, digest)?;
            return Ok((Slot { at: None, now: None, wanted: None, ..tag }, digest));
        }
        if digest.leaves() && tag.enters() {
            let tag = self.rename(&digest, tag)?;
            return Ok((tag, Slot { at: None, now: None, wanted: None, ..digest }));
        }
        Ok((tag, digest))
    }

    fn rename<'e>(&mut self, from: &Slot<'_>, to: Slot<'e>) -> Result<Slot<'e>, OverlayError> {
        if let Some(pair) = from.at.and_then(|at| self.new.get_mut(at)) {
            let inner = self.draft.inner(&pair.0)?;
            self.draft.splice(inner, to.word.to_owned());
            if let Kind::Scalar(key, _) = &mut pair.0.kind {
                *key = to.word.into();
            }
        }
        Ok(Slot { at: from.at, ..to })
    }

    /// Writes the lines that leave and those that enter.
    fn write(&mut self, layout: Layout) -> Result<(), OverlayError> {
        for &at in &self.gone {
            remove::pair(self.draft, layout, self.pairs, at)?;
        }
        for (&after, lines) in &self.added {
            insert::after(self.draft, layout, self.pairs, after, lines)?;
        }
        Ok(())
    }

    /// The expected pairs.
    fn finish(self) -> Vec<Pair> {
        let Entry { new, gone, mut added, .. } = self;
        let mut finished = Vec::with_capacity(new.len() + added.len());
        for (at, pair) in new.into_iter().enumerate() {
            if !gone.contains(&at) {
                finished.push(pair);
            }
            finished.extend(added.remove(&at).into_iter().flatten().map(Line::into_pair));
        }
        finished
    }
}
