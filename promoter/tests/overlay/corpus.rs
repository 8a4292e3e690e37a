//! Every folder of `corpus/` is one case: `in.yaml`, the edits in `edit`, and either the bytes that
//! must come of it, `out.yaml`, or the refusal in words, `error.txt`.
//!
//! `UPDATE_CORPUS=1 cargo test` writes what is missing or differs; read the difference.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use promoter::overlay::{Edit, Overlay, OverlayError};
use promoter::version::{Key, Reference, Version};

const FILE: &str = "kustomization.yaml";

/// The folders of all cases.
pub(crate) fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let entries = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<_> = entries.filter(|entry| entry.is_dir()).collect();
    cases.sort();
    cases
}

fn edits(text: &str) -> Vec<Edit> {
    text.lines().map(edit).collect()
}

fn edit(line: &str) -> Edit {
    let image = |version: &str| Version::parse_image(version).unwrap();
    match line.split_whitespace().collect::<Vec<_>>()[..] {
        ["set", "image", name, version] => {
            Edit::Set { key: Key::Image(name.to_owned()), version: image(version) }
        }
        ["set", "remote", url, to] => {
            let version = Version::Reference(Reference::parse(to).unwrap());
            Edit::Set { key: Key::Remote(url.to_owned()), version }
        }
        ["name", name, "-"] => Edit::SetName { image: name.to_owned(), new_name: None },
        ["name", name, new] => {
            Edit::SetName { image: name.to_owned(), new_name: Some(new.to_owned()) }
        }
        ["add", "image", name, version] => {
            Edit::Add { image: name.to_owned(), version: image(version) }
        }
        _ => panic!("no edit: `{line}`"),
    }
}

/// The refusal as a person would read it: message, code, next step, and the line itself.
fn refusal(error: &OverlayError) -> String {
    let mut text = format!("{error}\n{}\n{}\n", error.code(), error.hint());
    if let Some(place) = error.place() {
        writeln!(text, "| {}", place.text).unwrap();
    }
    text
}

fn outcome(case: &Path) -> (&'static str, Vec<u8>) {
    let bytes = fs::read(case.join("in.yaml")).unwrap();
    let edits = edits(&fs::read_to_string(case.join("edit")).unwrap());
    match Overlay::parse(FILE, &bytes).and_then(|overlay| overlay.edit(&edits)) {
        Ok(new) => ("out.yaml", new),
        Err(error) => ("error.txt", refusal(&error).into_bytes()),
    }
}

fn check(case: &Path) -> Result<(), String> {
    let (file, found) = outcome(case);
    if std::env::var_os("UPDATE_CORPUS").is_some() {
        for old in ["out.yaml", "error.txt"] {
            drop(fs::remove_file(case.join(old)));
        }
        fs::write(case.join(file), &found).unwrap();
    }
    let expected = fs::read(case.join(file)).unwrap_or_default();
    let other = if file == "out.yaml" { "error.txt" } else { "out.yaml" };
    if found == expected && !case.join(other).exists() {
        return Ok(());
    }
    let (expected, found) = (String::from_utf8_lossy(&expected), String::from_utf8_lossy(&found));
    Err(format!("{}: {file}\nexpected:\n{expected}\nfound:\n{found}", case.display()))
}

#[test]
fn every_case_gives_its_bytes_or_its_refusal() {
    let wrong: Vec<_> = cases().iter().filter_map(|case| check(case).err()).collect();
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    assert!(cases().len() >= 80, "the corpus has {} cases", cases().len());
}

/// What was written holds the versions that were asked for, and writing them again changes nothing.
#[test]
fn edits_are_there_and_repeat_without_a_change() {
    for case in cases().iter().filter(|case| case.join("out.yaml").exists()) {
        let bytes = fs::read(case.join("out.yaml")).unwrap();
        let overlay = Overlay::parse(FILE, &bytes).unwrap();
        let again =
            edits(&fs::read_to_string(case.join("edit")).unwrap()).into_iter().map(repeated);
        let again: Vec<_> = again.collect();
        for edit in &again {
            if let Edit::Set { key, version } = edit {
                let found = overlay.pin(key).map(|pin| &pin.version);
                assert_eq!(found, Some(version), "{}", case.display());
            }
        }
        assert_eq!(overlay.edit(&again).unwrap(), bytes, "{}", case.display());
    }
}

/// The edit that finds its own work done.
fn repeated(edit: Edit) -> Edit {
    match edit {
        Edit::Add { image, version } => Edit::Set { key: Key::Image(image), version },
        other => other,
    }
}
