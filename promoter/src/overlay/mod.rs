//! The bytes of one kustomization file: what it pins, and how to change exactly that.
//!
//! A file is read as nodes with byte spans ([`crate::yaml`]). An edit replaces the bytes of a
//! value, or adds or removes one line; then the new text is parsed again, must be the old tree with
//! the intended values and no other difference, and must pin what was asked for. What cannot be
//! done surely is refused by name. There is no I/O here.

mod add;
mod draft;
mod entry;
mod error;
mod insert;
mod lines;
mod model;
mod read;
mod references;
mod remote;
mod remove;
mod scalar;
mod url;
mod value;
mod wish;

pub use error::OverlayError;

use crate::place::Place;
use crate::version::{Key, Version};
use crate::yaml::{self, Node, Yaml};
use draft::Draft;
use model::Model;
use value::{Source, Values};

/// One kustomization file, read.
#[derive(Clone, Debug)]
pub struct Overlay {
    path: String,
    text: String,
    model: Model,
}

/// A version that a file pins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// What it belongs to.
    pub key: Key,
    /// The version.
    pub version: Version,
    /// `newName` of an image: its name in this environment's registry.
    pub new_name: Option<String>,
    /// Line of the version, from one.
    pub line: usize,
    /// Column of the version in characters, from one.
    pub column: usize,
}

/// A change to one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The version of an image entry or remote URL that is there. Tag and digest are one unit:
    /// what the version lacks is removed.
    Set {
        /// The image or URL.
        key: Key,
        /// Its new version.
        version: Version,
    },
    /// `newName` of an image entry that is there.
    SetName {
        /// The image.
        image: String,
        /// Its new name, or none.
        new_name: Option<String>,
    },
    /// A new image entry with tag, digest or both, without `newName`.
    Add {
        /// The image.
        image: String,
        /// Its version.
        version: Version,
    },
}

impl Overlay {
    /// Parses one kustomization file, whose path is for messages; refuses what Kustomize or
    /// another reader might take otherwise.
    pub fn parse(path: &str, bytes: &[u8]) -> Result<Overlay, OverlayError> {
        let text = yaml::text_of(path, bytes)?;
        lines::sure_characters(path, text)?;
        let yaml = yaml::parse(path, text)?;
        let model = read::read(Source { path, text }, &yaml)?;
        Ok(Overlay { path: path.to_owned(), text: text.to_owned(), model })
    }

    /// The path, as given.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The versions, in file order.
    #[must_use]
    pub fn pins(&self) -> &[Pin] {
        &self.model.pins
    }

    /// The version of one image or URL; none where it is absent or pins nothing.
    #[must_use]
    pub fn pin(&self, key: &Key) -> Option<&Pin> {
        match key {
            Key::Image(name) => self.model.image_pin(name),
            Key::Remote(url) => self.model.remote_pin(url),
        }
    }

    /// Where a version of this file stands.
    #[must_use]
    pub fn place(&self, pin: &Pin) -> Place {
        let text = self.text.split('\n').nth(pin.line.saturating_sub(1)).unwrap_or_default();
        let text = text.trim_end_matches('\r').to_owned();
        Place { file: self.path.clone(), line: pin.line, column: pin.column, text }
    }

    /// The name of every image entry in file order, also of those that pin nothing.
    pub fn images(&self) -> impl Iterator<Item = &str> {
        self.model.images.iter().map(|image| image.name.as_str())
    }

    /// The name under which an image is pulled: its `newName`, else its name.
    #[must_use]
    pub fn pulled_as<'n>(&'n self, image: &'n str) -> &'n str {
        self.model.new_name(image).unwrap_or(image)
    }

    /// The paths in this repository that the file refers to, relative to its folder.
    pub fn local_references(&self) -> Result<Vec<String>, OverlayError> {
        let yaml = self.parsed()?;
        let root = yaml.documents.first().and_then(Node::entries).unwrap_or_default();
        let found = references::local(&Values::new(self.source(), &yaml), root);
        Ok(found.into_iter().map(str::to_owned).collect())
    }

    /// New bytes in which exactly the edits' values differ, proved by reading them again.
    pub fn edit(&self, edits: &[Edit]) -> Result<Vec<u8>, OverlayError> {
        let wishes = wish::wishes(self, edits)?;
        let yaml = self.parsed()?;
        let mut draft = Draft::new(self, &yaml);
        for (image, wish) in wishes.images() {
            let node = draft.item(image.list, image.item);
            node.map_or(Ok(()), |node| entry::edit(&mut draft, image, node, wish))?;
        }
        for (remote, to) in wishes.remotes() {
            let node = draft.item(remote.list, remote.item);
            node.map_or(Ok(()), |node| url::set(&mut draft, remote, node, to))?;
        }
        add::add(&mut draft, &wishes.adds)?;
        let Some((text, yaml)) = draft.prove()? else {
            return wishes.held(&self.model, &draft).map(|()| self.text.clone().into_bytes());
        };
        let model = read::read(Source { path: &self.path, text: &text }, &yaml)?;
        wishes.held(&model, &draft).map(|()| text.into_bytes())
    }

    /// The tree again: thousands of files are read for a promotion, and few trees are needed twice.
    fn parsed(&self) -> Result<Yaml, OverlayError> {
        Ok(yaml::parse(&self.path, &self.text)?)
    }

    fn source(&self) -> Source<'_> {
        Source { path: &self.path, text: &self.text }
    }
}

#[cfg(test)]
mod tests {
    use super::Overlay;
    use crate::version::Key;

    const TEXT: &str = "\
# größe
resources: [../base, \"https://host/org/repo?timeout=9&ref=v1\"]
images:
  - {name: api, newName: eu/api, newTag: v1} # {name: é}
  - name: auth
  - digest: sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
    name: web
";

    #[test]
    fn pins_stand_in_file_order_with_their_places() {
        let overlay = Overlay::parse("k.yaml", TEXT.as_bytes()).unwrap();
        let shown =
            |pin: &super::Pin| format!("{}:{} {} {}", pin.line, pin.column, pin.key, pin.version);
        let pins: Vec<_> = overlay.pins().iter().map(shown).collect();
        let expected = [
            "2:22 https://host/org/repo?timeout=9 v1",
            "4:42 api v1",
            "6:13 web sha256:e3b0c44298fc",
        ];
        assert_eq!(pins, expected);
        assert_eq!(overlay.images().collect::<Vec<_>>(), ["api", "auth", "web"]);
        assert_eq!(overlay.path(), "k.yaml");
        assert_eq!(overlay.local_references().unwrap(), ["../base"]);
    }

    #[test]
    fn pins_are_found_by_key() {
        let overlay = Overlay::parse("k.yaml", TEXT.as_bytes()).unwrap();
        let image = |name: &str| overlay.pin(&Key::Image(name.to_owned()));
        assert_eq!(image("api").unwrap().new_name.as_deref(), Some("eu/api"));
        assert!(image("web").is_some() && image("auth").is_none() && image("other").is_none());
        let remote = |url: &str| overlay.pin(&Key::Remote(url.to_owned()));
        assert!(remote("https://host/org/repo?timeout=9").is_some());
        assert!(remote("https://host/org/repo").is_none() && remote("api").is_none());
    }
}
