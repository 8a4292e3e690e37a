//! Folders of a commit, each listed at most once.

use std::collections::HashMap;
use std::rc::Rc;

use super::layout::KUSTOMIZATION_NAMES;
use super::path::{join, segments};

/// What an entry of a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file, or what git treats as one: symbolic links and submodules too.
    File,
    /// A folder.
    Folder,
}

/// One entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name, without the folder's path.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
}

impl Entry {
    pub(super) fn is_kustomization(&self) -> bool {
        self.kind == EntryKind::File && KUSTOMIZATION_NAMES.contains(&self.name.as_str())
    }

    /// The path of this folder, in `parent`; `None` for a file.
    pub(super) fn folder_in(&self, parent: &str) -> Option<String> {
        (self.kind == EntryKind::Folder).then(|| join(&[parent, &self.name]))
    }
}

/// Looks a folder up by its path (`""` is the root): its entries, `None` where there is none.
pub type List<'l, E> = dyn FnMut(&str) -> Result<Option<Vec<Entry>>, E> + 'l;

/// The folders seen so far.
pub(super) struct Tree<'l, E> {
    list: &'l mut List<'l, E>,
    seen: HashMap<String, Option<Rc<[Entry]>>>,
}

impl<'l, E> Tree<'l, E> {
    pub(super) fn new(list: &'l mut List<'l, E>) -> Self {
        Tree { list, seen: HashMap::new() }
    }

    /// The entries of a folder.
    pub(super) fn list(&mut self, folder: &str) -> Result<Option<Rc<[Entry]>>, E> {
        if let Some(seen) = self.seen.get(folder) {
            return Ok(seen.clone());
        }
        let entries: Option<Rc<[Entry]>> = (self.list)(folder)?.map(Into::into);
        self.seen.insert(folder.to_owned(), entries.clone());
        Ok(entries)
    }

    /// Whether there is such a folder.
    pub(super) fn is_folder(&mut self, path: &str) -> Result<bool, E> {
        Ok(self.list(path)?.is_some())
    }

    /// The folder at `below` in `folder`, where there is one; lists nothing that cannot be there.
    pub(super) fn descend(&mut self, folder: &str, below: &str) -> Result<Option<String>, E> {
        let mut path = folder.to_owned();
        for name in segments(below) {
            let entries = self.list(&path)?;
            let mut entries = entries.iter().flat_map(|entries| entries.iter());
            let Some(entry) = entries.find(|entry| entry.name == name) else { return Ok(None) };
            match entry.folder_in(&path) {
                Some(next) => path = next,
                None => return Ok(None),
            }
        }
        Ok(Some(path))
    }

    /// The folders in `folder`, as paths below `head`, last name first.
    pub(super) fn folders_in(&mut self, folder: &str, head: &str) -> Result<Vec<String>, E> {
        let entries = self.list(folder)?;
        let entries = entries.iter().flat_map(|entries| entries.iter());
        let mut folders: Vec<_> = entries.filter_map(|entry| entry.folder_in(head)).collect();
        folders.sort_by(|a, b| b.cmp(a));
        Ok(folders)
    }
}
