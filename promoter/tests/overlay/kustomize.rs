//! Kustomize itself as the judge of what a file says.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use proptest::prelude::*;
use tempfile::TempDir;

use promoter::overlay::{Edit, Overlay, Pin};
use promoter::version::{Key, Version};

use crate::corpus::cases;
use crate::generated::{File, Time, file};
use crate::properties::edits;

const FILE: &str = "kustomization.yaml";

/// The program: `PROMOTER_KUSTOMIZE`, or `kustomize` on the path.
fn program() -> PathBuf {
    std::env::var_os("PROMOTER_KUSTOMIZE").map_or_else(|| "kustomize".into(), PathBuf::from)
}

fn build(folder: &Path) -> Result<String, String> {
    let program = program();
    let output = Command::new(&program).arg("build").arg(folder).output().unwrap_or_else(|error| {
        panic!(
            "`{}` does not run ({error}): put kustomize 5 on the path or name it in PROMOTER_KUSTOMIZE",
            program.display()
        )
    });
    let text = |bytes| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

/// A Deployment with a container of each image, at no tag.
fn base<'i>(images: impl Iterator<Item = &'i str>) -> String {
    let mut text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n  template:\n    spec:\n      containers:\n".to_owned();
    for (at, image) in images.enumerate() {
        writeln!(text, "      - {{name: c{at}, image: \"{image}\"}}").unwrap();
    }
    text
}

/// The text built from `overlay` at `path` below a new folder, over such a base at `base`.
fn built(overlay: &str, images: &[&str], path: &str, base_path: &str) -> Result<String, String> {
    let root = TempDir::new().unwrap();
    let base_folder = root.path().join(base_path);
    fs::create_dir_all(&base_folder).unwrap();
    fs::write(base_folder.join("d.yaml"), base(images.iter().copied())).unwrap();
    fs::write(base_folder.join(FILE), "resources: [d.yaml]\n").unwrap();
    let folder = root.path().join(path);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(FILE), overlay).unwrap();
    build(&folder)
}

/// The `image:` lines of a build, and all others.
fn parted(built: &str) -> (Vec<String>, Vec<String>) {
    let image = |line: &&str| line.trim_start().trim_start_matches("- ").starts_with("image: ");
    let (images, others): (Vec<_>, Vec<_>) = built.lines().partition(image);
    let value = |line: &str| {
        let value = line.split_once("image: ").unwrap().1;
        value.trim_matches(['"', '\'']).to_owned()
    };
    (images.into_iter().map(value).collect(), others.into_iter().map(str::to_owned).collect())
}

/// What Kustomize renders of a pin.
fn rendered(pin: &Pin) -> String {
    let name = pin.new_name.as_deref().unwrap_or(pin.key.as_str());
    let tag = pin.version.tag().map(|tag| format!(":{}", tag.as_str())).unwrap_or_default();
    let digest = pin.version.digest().map(|digest| format!("@{}", digest.as_str()));
    format!("{name}{tag}{}", digest.unwrap_or_default())
}

fn check_images(overlay: &Overlay, images: &[&str], found: &[String]) {
    let pin = |image: &&str| overlay.pin(&Key::Image((*image).to_owned()));
    for (image, found) in images.iter().zip(found) {
        if let Some(pin) = pin(image) {
            assert_eq!(found, &rendered(pin), "{image}");
        }
    }
    assert_eq!(images.len(), found.len());
}

fn check_generated(file: &File) {
    let before = file.write(Time::Before);
    let overlay = Overlay::parse(FILE, before.as_bytes()).unwrap();
    let after = String::from_utf8(overlay.edit(&edits(file)).unwrap()).unwrap();
    let images: Vec<_> = overlay.images().collect();
    let build = |text: &str| parted(&built(text, &images, "overlay", "base").unwrap());
    let ((old, old_others), (new, new_others)) = (build(&before), build(&after));
    assert_eq!(old_others, new_others);
    check_images(&overlay, &images, &old);
    check_images(&Overlay::parse(FILE, after.as_bytes()).unwrap(), &images, &new);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn builds_before_and_after_differ_in_the_images_only(file in file(false)) {
        check_generated(&file);
    }
}

/// Values that some reader of YAML takes for no text, and some that only look so.
const TAGS: &[&str] = &[
    "1.10",
    "1e3",
    "0x1F",
    "0777",
    "089",
    "1_000",
    "on",
    "y",
    "n",
    "no",
    "off",
    "yes",
    "true",
    "null",
    "Null",
    "NULL",
    "nan",
    "inf",
    "2026-11-21",
    "2026-1-2",
    "12e03",
    "5e10123",
    "1e309",
    "0o17",
    "0b101",
    "20261121",
    "1.",
    "1.5e3",
    "1",
    "0",
    "1.4.2",
    "v1",
    "1e",
    "0x",
    "0xZ",
    "_1",
    "1.2.3e4",
    "123456789012345678901234567890",
    "latest",
    "1-2",
    "sha-5e10",
    "1__0.5_",
];

#[test]
fn every_tag_is_written_so_that_kustomize_reads_it() {
    let names: Vec<_> = (0..TAGS.len()).map(|at| format!("app{at}")).collect();
    let images: Vec<_> = names.iter().map(String::as_str).collect();
    for style in
        ["- {name: NAME, newTag: old}\n", "- name: NAME\n  newTag: old\n", "- name: NAME\n"]
    {
        let mut text = "resources: [../base]\nimages:\n".to_owned();
        text.extend(images.iter().map(|name| style.replace("NAME", name)));
        let overlay = Overlay::parse(FILE, text.as_bytes()).unwrap();
        let set = |(name, tag): (&&str, &&str)| Edit::Set {
            key: Key::Image((*name).to_owned()),
            version: Version::parse_image(tag).unwrap(),
        };
        let edits: Vec<_> = images.iter().zip(TAGS).map(set).collect();
        let new = String::from_utf8(overlay.edit(&edits).unwrap()).unwrap();
        let (found, _) = parted(&built(&new, &images, "overlay", "base").unwrap());
        let expected: Vec<_> =
            images.iter().zip(TAGS).map(|(name, tag)| format!("{name}:{tag}")).collect();
        assert_eq!(found, expected);
    }
}

/// A tag without quotes is refused exactly where Kustomize refuses it or takes it for nothing.
#[test]
fn plain_tags_are_read_as_kustomize_reads_them() {
    for tag in TAGS {
        let text = format!("resources: [../base]\nimages:\n- name: app\n  newTag: {tag}\n");
        let built = built(&text, &["app"], "overlay", "base");
        let read = Overlay::parse(FILE, text.as_bytes()).map(|overlay| overlay.pins().to_vec());
        match (built, read.as_deref()) {
            (Ok(built), Ok([pin])) => assert_eq!(parted(&built).0, [rendered(pin)], "{tag}"),
            (Ok(built), Ok([])) => assert_eq!(parted(&built).0, ["app"], "{tag}"),
            (Err(_), Err(_)) => {}
            (built, read) => panic!("{tag}: Kustomize {built:?}, promoter {read:?}"),
        }
    }
}

/// Every file of the corpus that Kustomize can build with a base alone renders what is read of it.
#[test]
fn the_corpus_renders_what_is_read_of_it() {
    let mut checked = BTreeMap::new();
    for path in cases().iter().flat_map(|case| [case.join("in.yaml"), case.join("out.yaml")]) {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let Ok(overlay) = Overlay::parse(FILE, text.as_bytes()) else { continue };
        let images: Vec<_> = overlay.images().collect();
        let references = overlay.local_references().unwrap();
        let [base] = references.as_slice() else { continue };
        let remote = overlay.pins().iter().any(|pin| matches!(pin.key, Key::Remote(_)));
        if remote || images.is_empty() || !base.ends_with("base") {
            continue;
        }
        let below = if base.starts_with("../../") { "env/overlay" } else { "overlay" };
        let built = built(&text, &images, below, "base");
        let built = built.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        check_images(&overlay, &images, &parted(&built).0);
        checked.insert(path, built);
    }
    assert!(checked.len() > 100, "{} files built", checked.len());
}
