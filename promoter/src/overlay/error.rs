//! What stands in the way of reading or editing an overlay.

use crate::place::Place;
use crate::version::{Key, VersionError};
use crate::yaml::YamlError;

/// Why a kustomization file is not read or not edited; every wording is here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OverlayError {
    /// No YAML, no text, or too large.
    #[error(transparent)]
    Yaml(#[from] YamlError),
    /// Another kind of node than Kustomize reads there.
    #[error("{place}: {what} must be {expected}, found {found}")]
    Kind {
        /// Where the node stands.
        place: Place,
        /// What the file says it is.
        what: &'static str,
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// A value without quotes that YAML takes for something other than text.
    #[error("{place}: `{value}` without quotes is {read}, not text")]
    NotText {
        /// Where the value stands.
        place: Place,
        /// The value as written.
        value: String,
        /// What it is read as.
        read: &'static str,
    },
    /// A tag, digest or git ref that is none.
    #[error("{place}: {source}")]
    Version {
        /// Where the value stands.
        place: Place,
        /// What is wrong with it.
        source: VersionError,
    },
    /// A key twice in one mapping: Kustomize takes the last, other tools the first.
    #[error("{place}: `{key}` is here twice")]
    DuplicateKey {
        /// The later one.
        place: Place,
        /// The key.
        key: String,
    },
    /// An image name in two entries: Kustomize takes the last.
    #[error("{place}: image `{image}` has another entry before this one")]
    DuplicateImage {
        /// The later entry.
        place: Place,
        /// The name.
        image: String,
    },
    /// Two remote URLs that differ in nothing but the version.
    #[error("{place}: the same remote resource is listed before, perhaps at another version")]
    DuplicateRemote {
        /// The later one.
        place: Place,
    },
    /// A key that Kustomize reads although it is spelled in another case.
    #[error("{place}: Kustomize reads `{written}` as `{meant}`")]
    KeyCase {
        /// Where the key stands.
        place: Place,
        /// As written.
        written: String,
        /// As Kustomize knows it.
        meant: &'static str,
    },
    /// The deprecated name of `images`.
    #[error("{place}: `imageTags` is the deprecated name of `images`")]
    ImageTags {
        /// Where the key stands.
        place: Place,
    },
    /// An entry of `images` without a name.
    #[error("{place}: this entry of `images` has no `name`")]
    NoName {
        /// Where the entry stands.
        place: Place,
    },
    /// An entry with `tagSuffix`, which a tag beside it disables silently.
    #[error("{place}: `tagSuffix` of image `{image}` makes its version depend on the base")]
    TagSuffix {
        /// Where the key stands.
        place: Place,
        /// The image.
        image: String,
    },
    /// `ref` and `version` in one URL, or one of them twice.
    #[error("{place}: this URL names its version more than once")]
    SeveralVersions {
        /// Where the URL stands.
        place: Place,
    },
    /// A query that Kustomize may drop or decode.
    #[error("{place}: the query of this URL is not sure to be read as written")]
    Query {
        /// Where the URL stands.
        place: Place,
    },
    /// Images or remote versions in a document that Kustomize does not read.
    #[error("{place}: `{key}` in a later document of the file, which Kustomize does not read")]
    LaterDocument {
        /// Where the key stands.
        place: Place,
        /// The key.
        key: String,
    },
    /// A lone carriage return, a line break that only YAML 1.1 knows, or a byte order mark inside
    /// the file.
    #[error("{place}: an invisible character that readers of YAML take in different ways")]
    Character {
        /// Where it stands.
        place: Place,
    },
    /// A merge key, which brings in values from elsewhere.
    #[error("{place}: a merge key `<<` brings in values from elsewhere in the file")]
    MergeKey {
        /// Where the key stands.
        place: Place,
    },
    /// An alias where the value itself is needed.
    #[error("{place}: an alias stands here, its value is elsewhere in the file")]
    Alias {
        /// Where the alias stands.
        place: Place,
    },
    /// A tag that changes how a value is read.
    #[error("{place}: the YAML tag `{tag}` changes how this is read")]
    Tagged {
        /// Where the tagged node stands.
        place: Place,
        /// The tag.
        tag: String,
    },
    /// An edit of what an alias repeats elsewhere.
    #[error("{place}: an alias repeats this elsewhere in the file, which would change too")]
    Aliased {
        /// Where the anchored node stands.
        place: Place,
    },
    /// An edit of a value on several lines.
    #[error("{place}: this value spans lines or is a block scalar")]
    ManyLines {
        /// Where the value stands.
        place: Place,
    },
    /// An edit inside a URL that is written with escapes.
    #[error("{place}: this URL is written with escapes")]
    Escapes {
        /// Where the URL stands.
        place: Place,
    },
    /// A line that cannot go without its comment, anchor or tag.
    #[error("{place}: a comment, anchor or tag would be lost with this line")]
    Attached {
        /// Where the line's key stands.
        place: Place,
    },
    /// A way of writing that no line can be added to surely.
    #[error("{place}: no entry can be added surely to what is written here")]
    Layout {
        /// Where it stands.
        place: Place,
    },
    /// An edit of what the file does not hold.
    #[error("{file}: no `{}` here", without_credentials(key))]
    Missing {
        /// The file.
        file: String,
        /// What was to be edited.
        key: Key,
    },
    /// An addition of what the file holds already.
    #[error("{place}: image `{image}` has an entry already")]
    Exists {
        /// Where the entry stands.
        place: Place,
        /// The image.
        image: String,
    },
    /// Two edits of one thing.
    #[error("{file}: `{}` is to be edited twice at once", without_credentials(key))]
    Twice {
        /// The file.
        file: String,
        /// What was to be edited.
        key: Key,
    },
    /// A git ref for an image, or a tag or digest for a URL.
    #[error("{file}: `{version}` is no version of `{}`", without_credentials(key))]
    Mismatch {
        /// The file.
        file: String,
        /// What was to be edited.
        key: Key,
        /// The version, in full.
        version: String,
    },
    /// An image name that cannot be written on one line without escapes.
    #[error("{file}: `{name}` is not an image name")]
    Name {
        /// The file.
        file: String,
        /// The name.
        name: String,
    },
    /// The edited file, parsed again, differs in more or less than what was intended.
    #[error("{place}: the edited file would not read as intended")]
    Unproved {
        /// Where the first edit stands.
        place: Place,
    },
}

impl OverlayError {
    /// Where it is wrong, where that is a place in the text.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        use OverlayError as E;
        match self {
            E::Yaml(error) => error.place(),
            E::Kind { place, .. }
            | E::NotText { place, .. }
            | E::Version { place, .. }
            | E::DuplicateKey { place, .. }
            | E::DuplicateImage { place, .. }
            | E::DuplicateRemote { place }
            | E::KeyCase { place, .. }
            | E::ImageTags { place }
            | E::NoName { place }
            | E::TagSuffix { place, .. }
            | E::SeveralVersions { place }
            | E::Query { place }
            | E::LaterDocument { place, .. }
            | E::Character { place }
            | E::MergeKey { place }
            | E::Alias { place }
            | E::Tagged { place, .. }
            | E::Aliased { place }
            | E::ManyLines { place }
            | E::Escapes { place }
            | E::Attached { place }
            | E::Layout { place }
            | E::Exists { place, .. }
            | E::Unproved { place } => Some(place),
            E::Missing { .. } | E::Twice { .. } | E::Mismatch { .. } | E::Name { .. } => None,
        }
    }

    /// A stable word for scripts.
    #[must_use]
    pub fn code(&self) -> &'static str {
        use OverlayError as E;
        match self {
            E::Yaml(YamlError::Syntax { .. }) => "yaml-syntax",
            E::Yaml(YamlError::Encoding { .. }) => "yaml-encoding",
            E::Yaml(YamlError::TooLarge { .. }) => "yaml-too-large",
            E::Kind { .. } => "yaml-kind",
            E::NotText { .. } => "yaml-not-text",
            E::Version { .. } => "version-invalid",
            E::DuplicateKey { .. } => "duplicate-key",
            E::DuplicateImage { .. } => "duplicate-image",
            E::DuplicateRemote { .. } => "duplicate-remote",
            E::KeyCase { .. } => "key-case",
            E::ImageTags { .. } => "image-tags",
            E::NoName { .. } => "image-without-name",
            E::TagSuffix { .. } => "tag-suffix",
            E::SeveralVersions { .. } => "remote-several-versions",
            E::Query { .. } => "remote-query",
            E::LaterDocument { .. } => "later-document",
            E::Character { .. } => "invisible-character",
            E::MergeKey { .. } => "merge-key",
            E::Alias { .. } => "alias",
            E::Tagged { .. } => "yaml-tag",
            E::Aliased { .. } => "anchor-in-use",
            E::ManyLines { .. } => "many-lines",
            E::Escapes { .. } => "remote-escapes",
            E::Attached { .. } => "comment-in-the-way",
            E::Layout { .. } => "layout-unsure",
            E::Missing { .. } => "image-missing",
            E::Exists { .. } => "image-exists",
            E::Twice { .. } => "edited-twice",
            E::Mismatch { .. } => "version-mismatch",
            E::Name { .. } => "name-invalid",
            E::Unproved { .. } => "edit-unproved",
        }
    }

    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> String {
        use OverlayError as E;
        let hint = match self {
            E::Yaml(YamlError::TooLarge { .. }) => "split the file",
            E::Yaml(YamlError::Encoding { .. }) => "save the file as UTF-8",
            E::Yaml(YamlError::Syntax { .. }) => "correct the file",
            E::Kind { .. } => "correct the file; `kustomize build` refuses it too",
            E::NotText { value, .. } => return format!("put it in quotes: \"{value}\""),
            E::Version { .. } => "correct the value, or leave it out",
            E::DuplicateKey { .. } | E::DuplicateImage { .. } | E::DuplicateRemote { .. } => {
                "remove the one that is not meant; Kustomize takes the last"
            }
            E::KeyCase { meant, .. } => return format!("write it `{meant}`"),
            E::ImageTags { .. } => "rename it to `images`",
            E::NoName { .. } => "add the `name` of the image as the base writes it",
            E::TagSuffix { .. } => "write the whole tag as `newTag` instead",
            E::SeveralVersions { .. } => "keep one `ref`",
            E::Query { .. } => "write the query without `;` and without `%` in names",
            E::LaterDocument { .. } => "move it to the first document or to a file of its own",
            E::Character { .. } => {
                "save the file with `\\n` or `\\r\\n` line endings and no byte order mark inside"
            }
            E::MergeKey { .. } | E::Alias { .. } | E::Aliased { .. } => {
                "write the value out where it is used"
            }
            E::Tagged { .. } => "remove the tag; put the value in quotes if it is text",
            E::ManyLines { .. } => "write the value on one line",
            E::Escapes { .. } => "write the URL without escapes",
            E::Attached { .. } => "move it to a line of its own, or edit this line by hand",
            E::Layout { .. } => "add the entry by hand once",
            E::Missing { .. } => "add the entry, or name one that is there",
            E::Exists { .. } => "change its version instead of adding it",
            E::Twice { .. } => "name it once",
            E::Mismatch { .. } => "give an image a tag or digest, a URL a git ref",
            E::Name { .. } => "write it as `registry/path`, without tag or digest",
            E::Unproved { .. } => "edit this file by hand, and report what it looks like",
        };
        hint.to_owned()
    }
}

/// The key without what stands between `//` and `@` of a URL.
fn without_credentials(key: &Key) -> String {
    let name = key.as_str();
    let masked = name.split_once("//").and_then(|(scheme, rest)| {
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (_, host) = authority.rsplit_once('@')?;
        Some(format!("{scheme}//***@{host}/{path}"))
    });
    masked.unwrap_or_else(|| name.to_owned())
}
