//! From edits to what each entry of the file shall hold.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::draft::Draft;
use super::model::{Image, Model, Remote};
use super::{Edit, Overlay, OverlayError, Pin};
use crate::version::{Key, Version};

/// What an image entry shall hold; what is `None` stays.
#[derive(Default)]
pub(super) struct Wish<'e> {
    pub(super) version: Option<&'e Version>,
    pub(super) new_name: NewName<'e>,
}

impl Wish<'_> {
    /// Whether an entry that pins this is as wished; a name shows beside a version only.
    fn held(&self, pin: Option<&Pin>) -> bool {
        let name = pin.and_then(|pin| pin.new_name.as_deref());
        let version = self.version.is_none() || pin.map(|pin| &pin.version) == self.version;
        version && (pin.is_none() || self.new_name.over(name) == name)
    }
}

/// What `newName` shall be.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) enum NewName<'e> {
    /// What it is.
    #[default]
    Kept,
    /// This text, or none.
    Wished(Option<&'e str>),
}

impl<'e> NewName<'e> {
    /// The wish, or what there is now.
    pub(super) fn over(self, now: Option<&'e str>) -> Option<&'e str> {
        match self {
            NewName::Kept => now,
            NewName::Wished(wished) => wished,
        }
    }
}

/// The edits, sorted by what they touch.
pub(super) struct Wishes<'e> {
    model: &'e Model,
    /// By index in the model.
    images: BTreeMap<usize, Wish<'e>>,
    /// By index in the model.
    remotes: BTreeMap<usize, &'e Version>,
    pub(super) adds: BTreeMap<&'e str, &'e Version>,
}

/// Finds what the edits touch; refuses what is absent, there already, or edited twice.
pub(super) fn wishes<'e>(
    overlay: &'e Overlay,
    edits: &'e [Edit],
) -> Result<Wishes<'e>, OverlayError> {
    let (images, remotes, adds) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut wishes = Wishes { model: &overlay.model, images, remotes, adds };
    for edit in edits {
        match edit {
            Edit::Set { key: Key::Image(image), version } => {
                wishes.set_image(overlay, image, version)?;
            }
            Edit::Set { key: Key::Remote(url), version } => {
                wishes.set_remote(overlay, url, version)?;
            }
            Edit::SetName { image, new_name } => {
                let wish = wishes.images.entry(image_index(overlay, image)?).or_default();
                let first = wish.new_name == NewName::Kept;
                wish.new_name = NewName::Wished(new_name.as_deref());
                once(overlay, Key::Image(image.clone()), first)?;
            }
            Edit::Add { image, version } => wishes.add(overlay, image, version)?,
        }
    }
    Ok(wishes)
}

impl<'e> Wishes<'e> {
    /// The image entries to edit.
    pub(super) fn images(&self) -> impl Iterator<Item = (&'e Image, &Wish<'e>)> {
        let images = self.images.iter();
        images.filter_map(|(&index, wish)| Some((self.model.images.get(index)?, wish)))
    }

    /// The remote URLs to edit.
    pub(super) fn remotes(&self) -> impl Iterator<Item = (&'e Remote, &'e Version)> {
        let remotes = self.remotes.iter();
        remotes.filter_map(|(&index, &to)| Some((self.model.remotes.get(index)?, to)))
    }

    /// Refuses an edited file that does not pin what was wished.
    pub(super) fn held(&self, edited: &Model, draft: &Draft<'_>) -> Result<(), OverlayError> {
        let pins = |pin: Option<&Pin>, to: &Version| pin.is_some_and(|pin| pin.version == *to);
        let held = self.images().all(|(image, wish)| wish.held(edited.image_pin(&image.name)))
            && self.remotes().all(|(remote, to)| pins(edited.remote_pin(&remote.url), to))
            && self.adds.iter().all(|(name, to)| pins(edited.image_pin(name), to));
        if held { Ok(()) } else { Err(OverlayError::Unproved { place: draft.place() }) }
    }

    fn set_image(
        &mut self,
        overlay: &Overlay,
        image: &str,
        version: &'e Version,
    ) -> Result<(), OverlayError> {
        of_image(overlay, image, version)?;
        let wish = self.images.entry(image_index(overlay, image)?).or_default();
        let set = wish.version.replace(version);
        once(overlay, Key::Image(image.to_owned()), set.is_none())
    }

    fn set_remote(
        &mut self,
        overlay: &Overlay,
        url: &str,
        version: &'e Version,
    ) -> Result<(), OverlayError> {
        let key = || Key::Remote(url.to_owned());
        if !matches!(version, Version::Reference(_)) {
            return Err(mismatch(overlay, key(), version));
        }
        let index = overlay.model.remote(url).ok_or_else(|| missing(overlay, key()))?;
        once(overlay, key(), self.remotes.insert(index, version).is_none())
    }

    fn add(
        &mut self,
        overlay: &Overlay,
        image: &'e str,
        version: &'e Version,
    ) -> Result<(), OverlayError> {
        of_image(overlay, image, version)?;
        if let Some(entry) = overlay.model.image(image).and_then(|at| overlay.model.images.get(at))
        {
            let place = overlay.source().at(entry.start);
            return Err(OverlayError::Exists { place, image: image.to_owned() });
        }
        match self.adds.entry(image) {
            Entry::Vacant(entry) => {
                entry.insert(version);
                Ok(())
            }
            Entry::Occupied(_) => once(overlay, Key::Image(image.to_owned()), false),
        }
    }
}

fn image_index(overlay: &Overlay, image: &str) -> Result<usize, OverlayError> {
    let index = overlay.model.image(image);
    index.ok_or_else(|| missing(overlay, Key::Image(image.to_owned())))
}

fn of_image(overlay: &Overlay, image: &str, version: &Version) -> Result<(), OverlayError> {
    match version {
        Version::Reference(_) => Err(mismatch(overlay, Key::Image(image.to_owned()), version)),
        Version::Tag(_) | Version::Digest(_) | Version::Pinned(..) => Ok(()),
    }
}

fn once(overlay: &Overlay, key: Key, first: bool) -> Result<(), OverlayError> {
    let file = overlay.path.clone();
    if first { Ok(()) } else { Err(OverlayError::Twice { file, key }) }
}

fn missing(overlay: &Overlay, key: Key) -> OverlayError {
    OverlayError::Missing { file: overlay.path.clone(), key }
}

fn mismatch(overlay: &Overlay, key: Key, version: &Version) -> OverlayError {
    OverlayError::Mismatch { file: overlay.path.clone(), key, version: version.full() }
}

#[cfg(test)]
mod tests {
    use crate::overlay::{Edit, Overlay};
    use crate::version::{Key, Reference, Version};

    fn check(key: Key, version: Version, refusal: &str) {
        let text = "resources: ['https://u:p@h/r?ref=v1']\nimages: [{name: api, newTag: v1}]\n";
        let overlay = Overlay::parse("k.yaml", text.as_bytes()).unwrap();
        let error = overlay.edit(&[Edit::Set { key, version }]).unwrap_err();
        assert_eq!(error.to_string(), refusal);
    }

    #[test]
    fn a_version_of_another_kind_is_refused() {
        let reference = || Version::Reference(Reference::parse("v2").unwrap());
        let tag = || Version::parse_image("v2").unwrap();
        let api = || Key::Image("api".to_owned());
        check(api(), reference(), "k.yaml: `v2` is no version of `api`");
        let url = Key::Remote("https://u:p@h/r".to_owned());
        check(url, tag(), "k.yaml: `v2` is no version of `https://***@h/r`");
        check(Key::Image("https".to_owned()), tag(), "k.yaml: no `https` here");
        let overlay = Overlay::parse("k.yaml", b"images: []").unwrap();
        let added = Edit::Add { image: "api".to_owned(), version: reference() };
        assert_eq!(overlay.edit(&[added]).unwrap_err().code(), "version-mismatch");
    }
}
