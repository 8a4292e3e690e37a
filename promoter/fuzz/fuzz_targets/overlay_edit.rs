//! Any bytes and edits drawn from them: an edit is refused, or the new file reads exactly as
//! intended, in a form that the same edits leave alone.

#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use promoter::overlay::{Edit, Overlay};
use promoter::version::{Key, Reference, Version};

const FILE: &str = "kustomization.yaml";
const TAGS: [&str; 6] = ["2.0.0", "1.10", "on", "null", "0x1F", "v1_2-3.4"];
const REFS: [&str; 3] = ["main", "1.10", "refs/tags/v1"];

/// Versions by image or URL, and `newName`s by image.
type Held = (BTreeMap<Key, Version>, BTreeMap<String, String>);

fuzz_target!(|bytes: &[u8]| {
    let Ok(overlay) = Overlay::parse(FILE, bytes) else { return };
    let edits = edits(&overlay, seed(bytes));
    let Ok(new) = overlay.edit(&edits) else { return };
    let edited = Overlay::parse(FILE, &new).expect("an edited file can be read");
    let mut found = held(&edited);
    found.1.retain(|image, _| known_name(&overlay, &edits, image));
    assert_eq!(found, intended(held(&overlay), &edits));
    same_images(&overlay, &edited, &edits);
    if !edits.iter().any(|edit| matches!(edit, Edit::SetName { .. })) {
        assert_eq!(hashes(&new), hashes(bytes), "a comment came or went");
    }
    if let [Edit::Set { key, version }] = edits.as_slice() {
        one_value(bytes, &new, overlay.pin(key).map(|pin| &pin.version), version);
    }
    let again: Vec<_> = edits.into_iter().map(repeated).collect();
    assert_eq!(edited.edit(&again).expect("nothing to do"), new);
});

/// Versions hold no `#`, comments do.
fn hashes(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte == b'#').count()
}

fn seed(bytes: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

/// Draws a number below `below`.
fn draw(seed: &mut u64, below: u64) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    ((*seed >> 33) % below) as usize
}

fn edits(overlay: &Overlay, mut seed: u64) -> Vec<Edit> {
    let seed = &mut seed;
    let mut edits = Vec::new();
    for image in overlay.images().take(8) {
        let key = Key::Image(image.to_owned());
        if draw(seed, 2) == 0 {
            edits.push(Edit::Set { key, version: version(seed) });
        }
        if draw(seed, 4) == 0 {
            let new_name = (draw(seed, 2) == 0).then(|| "registry:5000/a/b".to_owned());
            edits.push(Edit::SetName { image: image.to_owned(), new_name });
        }
    }
    for pin in overlay.pins().iter().filter(|pin| matches!(pin.key, Key::Remote(_))).take(8) {
        let to = Reference::parse(REFS[draw(seed, 3)]).expect("a ref");
        edits.push(Edit::Set { key: pin.key.clone(), version: Version::Reference(to) });
    }
    if draw(seed, 4) == 0 {
        edits.push(Edit::Add { image: "added/by.fuzz".to_owned(), version: version(seed) });
    }
    edits
}

fn version(seed: &mut u64) -> Version {
    let tag = TAGS[draw(seed, 6)];
    let digest = format!("sha256:{}", "0a".repeat(32));
    let text = match draw(seed, 3) {
        0 => tag.to_owned(),
        1 => digest,
        _ => format!("{tag}@{digest}"),
    };
    Version::parse_image(&text).expect("a version")
}

fn held(overlay: &Overlay) -> Held {
    let mut held = Held::default();
    for pin in overlay.pins() {
        held.0.insert(pin.key.clone(), pin.version.clone());
        if let (Key::Image(image), Some(name)) = (&pin.key, &pin.new_name) {
            held.1.insert(image.clone(), name.clone());
        }
    }
    held
}

fn intended((mut versions, mut names): Held, edits: &[Edit]) -> Held {
    for edit in edits {
        match edit {
            Edit::Set { key, version } => drop(versions.insert(key.clone(), version.clone())),
            Edit::Add { image, version } => {
                drop(versions.insert(Key::Image(image.clone()), version.clone()));
            }
            Edit::SetName { image, new_name: Some(name) } => {
                drop(names.insert(image.clone(), name.clone()));
            }
            Edit::SetName { image, new_name: None } => drop(names.remove(image)),
        }
    }
    // A name shows beside a version only.
    names.retain(|image, _| versions.contains_key(&Key::Image(image.clone())));
    (versions, names)
}

/// Whether the name of an image could be seen before, or was edited.
fn known_name(old: &Overlay, edits: &[Edit], name: &str) -> bool {
    let named = |edit: &Edit| matches!(edit, Edit::SetName { image, .. } if image == name);
    old.pin(&Key::Image(name.to_owned())).is_some() || edits.iter().any(named)
}

fn same_images(old: &Overlay, new: &Overlay, edits: &[Edit]) {
    let mut expected: Vec<_> = old.images().collect();
    for edit in edits {
        if let Edit::Add { image, .. } = edit {
            expected.push(image);
        }
    }
    assert_eq!(new.images().collect::<Vec<_>>(), expected);
    assert_eq!(new.local_references(), old.local_references());
}

/// A tag for a tag, or a ref for a ref, changes one run of bytes, no longer than the values and
/// their quotes.
fn one_value(old: &[u8], new: &[u8], from: Option<&Version>, to: &Version) {
    let (Some(Version::Tag(_) | Version::Reference(_)), Version::Tag(_) | Version::Reference(_)) =
        (from, to)
    else {
        return;
    };
    let head = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[head..], &new[head..]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let longest = |version: &Version| version.full().len() + 2;
    assert!(new.len() - tail <= longest(to), "more than the value was written");
    assert!(!old[..old.len() - tail].contains(&b'\n'), "more than the value was replaced");
}

/// The edit that finds its own work done.
fn repeated(edit: Edit) -> Edit {
    match edit {
        Edit::Add { image, version } => Edit::Set { key: Key::Image(image), version },
        other => other,
    }
}
