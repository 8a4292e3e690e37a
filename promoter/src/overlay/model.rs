//! What one kustomization file pins, by where its nodes stand in the tree.

use super::Pin;

/// An entry of `images:`.
#[derive(Clone, Debug)]
pub(super) struct Image {
    pub(super) name: String,
    /// Index of the list in the root.
    pub(super) list: usize,
    /// Index in the list.
    pub(super) item: usize,
    /// Indices in the entry.
    pub(super) fields: Fields,
    /// `newName`, where it is set.
    pub(super) new_name: Option<String>,
    /// Index in the pins; none when the entry pins nothing.
    pub(super) pin: Option<usize>,
    /// Offset of the entry.
    pub(super) start: usize,
}

/// Indices of the keys of an `images:` entry.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fields {
    pub(super) name: Option<usize>,
    pub(super) new_name: Option<usize>,
    pub(super) tag: Option<usize>,
    pub(super) digest: Option<usize>,
    pub(super) suffix: Option<usize>,
}

/// A remote URL with a version.
#[derive(Clone, Debug)]
pub(super) struct Remote {
    /// The URL without its version.
    pub(super) url: String,
    /// Index of the list in the root.
    pub(super) list: usize,
    /// Index in the list.
    pub(super) item: usize,
    /// Index in the pins.
    pub(super) pin: usize,
    /// Offset of the URL.
    pub(super) start: usize,
}

/// Everything the first document pins.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    /// Index of `images` in the root, where it is there.
    pub(super) list: Option<usize>,
    pub(super) images: Vec<Image>,
    pub(super) remotes: Vec<Remote>,
    /// In file order.
    pub(super) pins: Vec<Pin>,
    /// Indices of the images by name, of the remotes by URL.
    by_name: Vec<usize>,
    by_url: Vec<usize>,
}

impl Model {
    /// Prepares look-up by name and URL.
    pub(super) fn index(&mut self) {
        self.by_name = sorted(&self.images, |image| &image.name);
        self.by_url = sorted(&self.remotes, |remote| &remote.url);
    }

    /// The later entry of a name that has two.
    pub(super) fn duplicate_image(&self) -> Option<&Image> {
        duplicate(&self.images, &self.by_name, |image| &image.name)
    }

    /// The later of two URLs that differ in the version only.
    pub(super) fn duplicate_remote(&self) -> Option<&Remote> {
        duplicate(&self.remotes, &self.by_url, |remote| &remote.url)
    }

    /// The version of an image; none where it is absent or pins nothing.
    pub(super) fn image_pin(&self, name: &str) -> Option<&Pin> {
        self.pins.get(self.images.get(self.image(name)?)?.pin?)
    }

    /// `newName` of an image; none where it is absent or keeps its name.
    pub(super) fn new_name(&self, name: &str) -> Option<&str> {
        self.images.get(self.image(name)?)?.new_name.as_deref()
    }

    /// The version of a remote URL.
    pub(super) fn remote_pin(&self, url: &str) -> Option<&Pin> {
        self.pins.get(self.remotes.get(self.remote(url)?)?.pin)
    }

    /// Index of the image entry of this name.
    pub(super) fn image(&self, name: &str) -> Option<usize> {
        find(&self.images, &self.by_name, name, |image| &image.name)
    }

    /// Index of the remote of this URL.
    pub(super) fn remote(&self, url: &str) -> Option<usize> {
        find(&self.remotes, &self.by_url, url, |remote| &remote.url)
    }
}

fn sorted<T>(all: &[T], name: fn(&T) -> &str) -> Vec<usize> {
    let mut named: Vec<_> = all.iter().map(name).enumerate().collect();
    named.sort_unstable_by_key(|&(index, name)| (name, index));
    named.into_iter().map(|(index, _)| index).collect()
}

fn duplicate<'m, T>(all: &'m [T], sorted: &[usize], name: fn(&T) -> &str) -> Option<&'m T> {
    let mut named = sorted.iter().filter_map(|&index| all.get(index)).peekable();
    std::iter::from_fn(|| Some((named.next()?, *named.peek()?)))
        .find(|(one, next)| name(one) == name(next))
        .map(|(_, next)| next)
}

fn find<T>(all: &[T], sorted: &[usize], wanted: &str, name: fn(&T) -> &str) -> Option<usize> {
    let named = |index: &usize| all.get(*index).map_or("", name);
    let found = sorted.binary_search_by(|index| named(index).cmp(wanted)).ok()?;
    sorted.get(found).copied()
}
