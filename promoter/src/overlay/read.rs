//! From the nodes of a file to what it pins.

use super::lines::Cursor;
use super::model::{Fields, Image, Model, Remote};
use super::remote::{self, Doubt};
use super::value::{Source, Values, folds_to};
use super::{OverlayError, Pin};
use crate::version::{Digest, Key, Reference, Tag, Version, VersionError};
use crate::yaml::{Node, Yaml};

/// Keys of the root that hold versions.
const ROOT: [&str; 5] = ["images", "imageTags", "resources", "components", "bases"];
/// Keys of an `images:` entry.
const ENTRY: [&str; 5] = ["name", "newName", "newTag", "digest", "tagSuffix"];

/// Reads the first document, and looks into later ones for versions that Kustomize would ignore.
pub(super) fn read(source: Source<'_>, yaml: &Yaml) -> Result<Model, OverlayError> {
    let values = Values::new(source, yaml);
    let cursor = Cursor::new(source.text);
    let mut reader = Reader { values, cursor, model: Model::default() };
    let mut documents = yaml.documents.iter();
    if let Some(root) = documents.next().filter(|root| !root.is_null()) {
        reader.root(root)?;
    }
    documents.try_for_each(|document| reader.later(document))?;
    reader.unique()
}

struct Reader<'t> {
    values: Values<'t>,
    cursor: Cursor<'t>,
    model: Model,
}

impl<'t> Reader<'t> {
    fn root(&mut self, root: &'t Node) -> Result<(), OverlayError> {
        let mut seen = Vec::new();
        for (index, (key, value)) in
            self.values.entries(root, "a kustomization file")?.iter().enumerate()
        {
            let Some(word) = self.values.word(key, &ROOT)? else { continue };
            if seen.contains(&word) {
                return Err(self.duplicate(key));
            }
            seen.push(word);
            match word {
                "images" => self.images(index, value)?,
                "imageTags" => {
                    return Err(OverlayError::ImageTags { place: self.values.source.place(key) });
                }
                _ => self.remotes(index, value)?,
            }
        }
        Ok(())
    }

    fn images(&mut self, list: usize, value: &'t Node) -> Result<(), OverlayError> {
        self.model.list = Some(list);
        for (item, node) in self.values.items(value, "`images`")?.iter().enumerate() {
            self.image(list, item, node)?;
        }
        Ok(())
    }

    fn image(&mut self, list: usize, item: usize, node: &'t Node) -> Result<(), OverlayError> {
        let entries = self.values.entries(node, "an entry of `images`")?;
        let fields = self.fields(entries)?;
        let value = |field: Option<usize>| entries.get(field?).map(|(_, value)| value);
        let Some(name) = self.text(value(fields.name), "`name`")? else {
            return Err(OverlayError::NoName { place: self.values.source.place(node) });
        };
        if self.text(value(fields.suffix), "`tagSuffix`")?.is_some() {
            let place = self.values.source.place(value(fields.suffix).unwrap_or(node));
            return Err(OverlayError::TagSuffix { place, image: name.to_owned() });
        }
        let new_name = self.text(value(fields.new_name), "`newName`")?.map(str::to_owned);
        let tag = self.parsed(value(fields.tag), "`newTag`", Tag::parse)?;
        let digest = self.parsed(value(fields.digest), "`digest`", Digest::parse)?;
        let shown = if tag.is_some() { fields.tag } else { fields.digest };
        let at = value(shown).unwrap_or(node);
        let pin = Version::of_image(tag, digest)
            .map(|version| self.pin(Key::Image(name.to_owned()), version, new_name.clone(), at));
        let (name, start) = (name.to_owned(), node.range.start);
        self.model.images.push(Image { name, list, item, fields, new_name, pin, start });
        Ok(())
    }

    fn fields(&self, entries: &[(Node, Node)]) -> Result<Fields, OverlayError> {
        let mut fields = Fields::default();
        for (index, (key, _)) in entries.iter().enumerate() {
            let field = match self.values.word(key, &ENTRY)? {
                Some("name") => &mut fields.name,
                Some("newName") => &mut fields.new_name,
                Some("newTag") => &mut fields.tag,
                Some("digest") => &mut fields.digest,
                Some(_) => &mut fields.suffix,
                None => continue,
            };
            if field.replace(index).is_some() {
                return Err(self.duplicate(key));
            }
        }
        Ok(fields)
    }

    fn remotes(&mut self, list: usize, value: &'t Node) -> Result<(), OverlayError> {
        for (item, node) in self.values.items(value, "a list of resources")?.iter().enumerate() {
            let Some(url) = self.text(Some(node), "a resource")? else { continue };
            let Some(remote) = remote::split(url).map_err(|doubt| self.doubt(node, doubt))? else {
                continue;
            };
            let reference =
                Reference::parse(remote.reference).map_err(|source| self.invalid(node, source))?;
            let version = Version::Reference(reference);
            let pin = self.pin(Key::Remote(remote.url.clone()), version, None, node);
            let start = node.range.start;
            self.model.remotes.push(Remote { url: remote.url, list, item, pin, start });
        }
        Ok(())
    }

    /// Adds a pin and gives its index.
    fn pin(&mut self, key: Key, version: Version, new_name: Option<String>, at: &Node) -> usize {
        let (line, column) = self.cursor.at(at.range.start);
        self.model.pins.push(Pin { key, version, new_name, line, column });
        self.model.pins.len() - 1
    }

    fn text(
        &self,
        value: Option<&'t Node>,
        what: &'static str,
    ) -> Result<Option<&'t str>, OverlayError> {
        value.map_or(Ok(None), |value| self.values.text(value, what))
    }

    fn parsed<T>(
        &self,
        value: Option<&'t Node>,
        what: &'static str,
        parse: fn(&str) -> Result<T, VersionError>,
    ) -> Result<Option<T>, OverlayError> {
        let Some(value) = value else { return Ok(None) };
        match self.values.text(value, what)? {
            Some(text) if text.contains('\n') => {
                Err(OverlayError::ManyLines { place: self.values.source.place(value) })
            }
            text => text.map(parse).transpose().map_err(|source| self.invalid(value, source)),
        }
    }

    fn later(&self, document: &Node) -> Result<(), OverlayError> {
        let pinned = |item: &Node| item.as_str().is_some_and(|url| remote::split(url) != Ok(None));
        for (key, value) in document.entries().unwrap_or_default() {
            let word = key.as_str().unwrap_or_default();
            let found = match ROOT.iter().find(|root| folds_to(word, root)) {
                Some(&("images" | "imageTags")) => true,
                Some(_) => value.items().unwrap_or_default().iter().any(pinned),
                None => false,
            };
            if found {
                let place = self.values.source.place(key);
                return Err(OverlayError::LaterDocument { place, key: word.to_owned() });
            }
        }
        Ok(())
    }

    fn unique(mut self) -> Result<Model, OverlayError> {
        self.model.index();
        if let Some(image) = self.model.duplicate_image() {
            let place = self.values.source.at(image.start);
            return Err(OverlayError::DuplicateImage { place, image: image.name.clone() });
        }
        if let Some(remote) = self.model.duplicate_remote() {
            let place = self.values.source.at(remote.start);
            return Err(OverlayError::DuplicateRemote { place });
        }
        Ok(self.model)
    }

    fn duplicate(&self, key: &Node) -> OverlayError {
        let word = key.as_str().unwrap_or_default().to_owned();
        OverlayError::DuplicateKey { place: self.values.source.place(key), key: word }
    }

    fn invalid(&self, node: &Node, source: VersionError) -> OverlayError {
        OverlayError::Version { place: self.values.source.place(node), source }
    }

    fn doubt(&self, node: &Node, doubt: Doubt) -> OverlayError {
        let place = self.values.source.place(node);
        match doubt {
            Doubt::Several => OverlayError::SeveralVersions { place },
            Doubt::Query => OverlayError::Query { place },
        }
    }
}
