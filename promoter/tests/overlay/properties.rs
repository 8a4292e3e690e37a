//! What holds for every file, drawn at random.

use proptest::prelude::*;

use promoter::overlay::{Edit, Overlay, Pin};
use promoter::version::{Key, Reference, Version};

use crate::generated::{File, Time, file};

const FILE: &str = "kustomization.yaml";

/// What turns the file before into the file after.
pub(crate) fn edits(file: &File) -> Vec<Edit> {
    let images = file.entries.iter().map(|entry| Edit::Set {
        key: Key::Image(entry.name.clone()),
        version: entry.after.clone(),
    });
    images
        .chain(remotes(file, Time::After).map(|(key, version)| Edit::Set { key, version }))
        .collect()
}

fn remotes(file: &File, time: Time) -> impl Iterator<Item = (Key, Version)> {
    file.remotes.iter().map(move |(url, before, after, _)| {
        let to = if time == Time::Before { before } else { after };
        let version = Version::Reference(Reference::parse(to).unwrap());
        (Key::Remote(format!("{url}?timeout=9")), version)
    })
}

fn check_pins(overlay: &Overlay, file: &File, time: Time) {
    let mut expected: Vec<_> =
        remotes(file, time).map(|(key, version)| (key, version, None)).collect();
    expected.extend(file.entries.iter().map(|entry| {
        (Key::Image(entry.name.clone()), entry.version(time).clone(), entry.new_name.clone())
    }));
    expected.sort();
    let pin = |pin: &Pin| (pin.key.clone(), pin.version.clone(), pin.new_name.clone());
    let mut found: Vec<_> = overlay.pins().iter().map(pin).collect();
    found.sort();
    assert_eq!(found, expected);
}

/// The text that a pin's place points at.
fn check_places(overlay: &Overlay, text: &str) {
    for pin in overlay.pins() {
        let line = text.lines().nth(pin.line - 1).unwrap();
        let rest: String = line.chars().skip(pin.column - 1).collect();
        let start = match &pin.version {
            Version::Reference(_) => pin.key.as_str().split('?').next().unwrap(),
            version => version.tag().unwrap().as_str(),
        };
        assert!(rest.trim_start_matches(['"', '\'']).starts_with(start), "{line}: {rest}");
    }
}

/// Pieces of kustomization files, in no order.
fn scraps() -> impl Strategy<Value = String> {
    let pieces = [
        "images:",
        "resources:",
        "- ",
        "name: ",
        "newTag: ",
        "digest: ",
        "newName: ",
        "app",
        "v1",
        "\n",
        "\n  ",
        "\n    ",
        "{",
        "}",
        "[",
        "]",
        ", ",
        ": ",
        "\"",
        "'",
        "&a ",
        "*a",
        "<<: ",
        "!!str ",
        "|-\n",
        "# c",
        "---\n",
        "\r\n",
        "\t",
        "https://h/o/r?ref=v1",
        "\u{feff}",
        "é",
        "? ",
        "~",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..40).prop_map(|all| all.concat())
}

/// Any edit of whatever could be read is refused, or reads as intended.
fn check_any(bytes: &[u8]) {
    let Ok(overlay) = Overlay::parse(FILE, bytes) else { return };
    let version = Version::parse_image("1.10").unwrap();
    for image in overlay.images() {
        let key = Key::Image(image.to_owned());
        let edit = Edit::Set { key: key.clone(), version: version.clone() };
        if let Ok(new) = overlay.edit(&[edit]) {
            let new = Overlay::parse(FILE, &new).unwrap();
            assert_eq!(new.pin(&key).map(|pin| &pin.version), Some(&version));
            assert!(new.images().eq(overlay.images()));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn the_file_after_is_the_file_before_with_other_versions(file in file(true)) {
        let (before, after) = (file.write(Time::Before), file.write(Time::After));
        let overlay = Overlay::parse(FILE, before.as_bytes()).unwrap();
        check_pins(&overlay, &file, Time::Before);
        check_places(&overlay, before.trim_start_matches('\u{feff}'));
        let new = overlay.edit(&edits(&file)).unwrap();
        prop_assert_eq!(String::from_utf8(new.clone()).unwrap(), after);
        let edited = Overlay::parse(FILE, &new).unwrap();
        check_pins(&edited, &file, Time::After);
        prop_assert_eq!(edited.edit(&edits(&file)).unwrap(), new);
    }

    #[test]
    fn edits_one_by_one_come_to_the_same_file(file in file(true)) {
        let mut bytes = file.write(Time::Before).into_bytes();
        for edit in edits(&file) {
            bytes = Overlay::parse(FILE, &bytes).unwrap().edit(&[edit]).unwrap();
        }
        prop_assert_eq!(String::from_utf8(bytes).unwrap(), file.write(Time::After));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check_any(&bytes);
    }

    #[test]
    fn any_scraps_are_edited_right_or_refused(text in scraps()) {
        check_any(text.as_bytes());
    }
}
