//! The bytes of one kustomization file: what it pins, and how to change exactly that.
//!
//! A file is read as nodes with byte spans ([`crate::yaml`]). An edit replaces the bytes of a
//! value, or adds or removes one line; then the new text is parsed again and must be the old tree
//! with the intended values and no other difference. What cannot be done surely is refused by
//! name. There is no I/O here.

mod add;
mod draft;
mod entry;
mod error;
mod insert;
mod lines;
mod model;
mod read;
mod remote;
mod remove;
mod scalar;
mod value;
mod wish;

pub use error::OverlayError;

use crate::version::{Key, Version};
use crate::yaml::{self, Kind, Node, Yaml};
use draft::Draft;
use model::Model;
use value::{Source, Values};

/// One kustomization file, read.
#[derive(Clone, Debug)]
pub struct Overlay {
    path: String,
    text: String,
    yaml: Yaml,
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
        lines::sure_breaks(path, text)?;
        let yaml = yaml::parse(path, text)?;
        let model = read::read(Source { path, text }, &yaml)?;
        Ok(Overlay { path: path.to_owned(), text: text.to_owned(), yaml, model })
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
        let index = match key {
            Key::Image(name) => self.model.images.get(self.model.image(name)?)?.pin?,
            Key::Remote(url) => self.model.remotes.get(self.model.remote(url)?)?.pin,
        };
        self.model.pins.get(index)
    }

    /// The name of every image entry in file order, also of those that pin nothing.
    pub fn images(&self) -> impl Iterator<Item = &str> {
        self.model.images.iter().map(|image| image.name.as_str())
    }

    /// The paths in this repository that the file refers to, relative to its folder.
    #[must_use]
    pub fn local_references(&self) -> Vec<&str> {
        let values = Values::new(self.source(), &self.yaml);
        let mut found = Vec::new();
        for (key, value) in self.root() {
            let key = key.as_str().unwrap_or_default();
            references(&values, key, values.resolve(value), &mut found);
        }
        found.retain(|reference| remote::is_local(reference));
        found
    }

    /// New bytes in which exactly the edits' values differ, proved by parsing them again.
    pub fn edit(&self, edits: &[Edit]) -> Result<Vec<u8>, OverlayError> {
        let wishes = wish::wishes(self, edits)?;
        let mut draft = Draft::new(self.source(), &self.yaml);
        wishes.images.iter().try_for_each(|(&image, wish)| draft.image(self, image, wish))?;
        wishes.remotes.iter().try_for_each(|(&remote, to)| draft.remote(self, remote, to))?;
        add::add(&mut draft, self, &wishes.adds)?;
        draft.prove()
    }

    fn source(&self) -> Source<'_> {
        Source { path: &self.path, text: &self.text }
    }

    /// The entries of the first document's root.
    fn root(&self) -> &[(Node, Node)] {
        self.yaml.documents.first().and_then(Node::entries).unwrap_or_default()
    }

    /// The list at this index of the root.
    fn list(&self, index: usize) -> Option<&Node> {
        self.root().get(index).map(|(_, value)| value)
    }
}

/// Lists of paths, and lists of mappings that hold a path.
const PATHS: [&str; 9] = [
    "resources",
    "components",
    "bases",
    "crds",
    "configurations",
    "generators",
    "transformers",
    "validators",
    "patchesStrategicMerge",
];
/// Keys below the root whose values are paths, or `name=path`.
const PATH_KEYS: [&str; 6] =
    ["path", "files", "envs", "env", "valuesFile", "additionalValuesFiles"];
/// Keys of the root whose values hold such keys.
const PATH_HOLDERS: [&str; 7] = [
    "patches",
    "patchesJson6902",
    "replacements",
    "openapi",
    "configMapGenerator",
    "secretGenerator",
    "helmCharts",
];

fn references<'o>(values: &Values<'o>, key: &str, value: &'o Node, found: &mut Vec<&'o str>) {
    let named = PATH_KEYS.contains(&key);
    match &value.kind {
        Kind::Sequence(_, items)
            if named || PATHS.contains(&key) || PATH_HOLDERS.contains(&key) =>
        {
            for item in items {
                references(values, key, values.resolve(item), found);
            }
        }
        Kind::Mapping(_, entries) if PATH_HOLDERS.contains(&key) => {
            for (key, value) in entries {
                let key = key.as_str().unwrap_or_default();
                if PATH_KEYS.contains(&key) {
                    references(values, key, values.resolve(value), found);
                }
            }
        }
        Kind::Scalar(text, _) if named => {
            found.push(text.split_once('=').map_or(text.as_str(), |(_, path)| path));
        }
        Kind::Scalar(text, _) if PATHS.contains(&key) => found.push(text),
        _ => {}
    }
}
