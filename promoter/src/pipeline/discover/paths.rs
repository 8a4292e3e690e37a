//! The kustomization files of a repository as a tree.

use std::collections::{BTreeMap, BTreeSet};

use crate::pipeline::path::verify;
use crate::pipeline::{Entry, EntryKind, KUSTOMIZATION_NAMES};

/// Folders and their entries, kustomization files alone.
pub(super) struct Paths {
    files: BTreeSet<String>,
    folders: BTreeMap<String, BTreeMap<String, EntryKind>>,
}

impl Paths {
    /// Takes the kustomization files among `paths`, one of a folder; others, and those in
    /// folders that no pattern can name, are left.
    pub(super) fn of<S: AsRef<str>>(paths: &[S]) -> Self {
        let mut tree = Paths { files: BTreeSet::new(), folders: BTreeMap::new() };
        tree.folders.insert(String::new(), BTreeMap::new());
        let mut holders = BTreeSet::new();
        for path in paths.iter().map(AsRef::as_ref) {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            let nameable = verify(path).is_ok() && !path.contains(['{', '}']);
            if nameable && KUSTOMIZATION_NAMES.contains(&name) && holders.insert(folder) {
                tree.insert(path);
            }
        }
        tree
    }

    fn insert(&mut self, path: &str) {
        self.files.insert(path.to_owned());
        let (mut path, mut kind) = (path, EntryKind::File);
        loop {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            let entries = self.folders.entry(folder.to_owned()).or_default();
            let known = entries.insert(name.to_owned(), kind).is_some();
            if known || folder.is_empty() {
                return;
            }
            (path, kind) = (folder, EntryKind::Folder);
        }
    }

    /// All files, sorted.
    pub(super) fn files(&self) -> impl ExactSizeIterator<Item = &str> {
        self.files.iter().map(String::as_str)
    }

    /// The entries of a folder.
    pub(super) fn list(&self, folder: &str) -> Option<Vec<Entry>> {
        let entries = self.folders.get(folder)?.iter();
        Some(entries.map(|(name, kind)| Entry { name: name.clone(), kind: *kind }).collect())
    }

    /// The names of the folders in a folder.
    pub(super) fn folders_in(&self, folder: &str) -> Vec<&str> {
        let entries = self.folders.get(folder).into_iter().flatten();
        let folders = entries.filter(|(_, kind)| **kind == EntryKind::Folder);
        folders.map(|(name, _)| name.as_str()).collect()
    }

    /// The files in and below a folder.
    pub(super) fn below<'p>(&'p self, folder: &str) -> impl Iterator<Item = &'p str> + use<'p> {
        let start = format!("{}/", folder.trim_start_matches('/'));
        let within = self.files.range(start.clone()..);
        within.map(String::as_str).take_while(move |path| path.starts_with(&start))
    }
}
