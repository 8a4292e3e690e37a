//! One tree object: its entries, and its bytes with ids replaced.

use git2::Oid;

/// File mode of a folder in a tree.
const FOLDER: u32 = 0o040_000;
/// File mode of a regular file.
const FILE: u32 = 0o100_644;
/// File mode of a symbolic link.
const LINK: u32 = 0o120_000;
/// Length of a SHA-1 id in a tree.
const ID: usize = 20;

/// What one name in a tree stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TreeEntry {
    mode: u32,
    pub(super) id: Oid,
    /// Where the name stands in the tree's bytes.
    name: usize,
    /// Where the id stands there; the name ends one byte before.
    offset: usize,
}

impl TreeEntry {
    pub(super) fn is_folder(self) -> bool {
        self.mode == FOLDER
    }

    pub(super) fn is_link(self) -> bool {
        self.mode == LINK
    }

    /// A regular file, executable or not; submodules are neither file nor folder.
    pub(super) fn is_file(self) -> bool {
        self.mode & 0o170_000 == 0o100_000
    }
}

/// A parsed tree. Names that are not UTF-8 are kept in the bytes but cannot be asked for.
#[derive(Default)]
pub(super) struct TreeData {
    raw: Vec<u8>,
    /// Sorted by name as bytes, which is not git's order.
    entries: Vec<TreeEntry>,
}

impl TreeData {
    /// Reads `mode SP name NUL id`, repeated; `None` when the bytes are no tree.
    pub(super) fn parse(raw: &[u8]) -> Option<Self> {
        let mut entries = Vec::new();
        let mut at = 0;
        while at < raw.len() {
            let space = at + raw.get(at..)?.iter().position(|&b| b == b' ')?;
            let end = space + raw.get(space..)?.iter().position(|&b| b == 0)?;
            let mode = str::from_utf8(raw.get(at..space)?).ok()?;
            let mode = u32::from_str_radix(mode, 8).ok()?;
            let id = Oid::from_bytes(raw.get(end + 1..end + 1 + ID)?).ok()?;
            if str::from_utf8(raw.get(space + 1..end)?).is_ok() {
                entries.push(TreeEntry { mode, id, name: space + 1, offset: end + 1 });
            }
            at = end + 1 + ID;
        }
        entries.sort_unstable_by_key(|entry| name(raw, entry));
        Some(TreeData { raw: raw.to_vec(), entries })
    }

    /// What a name stands for.
    pub(super) fn get(&self, wanted: &str) -> Option<TreeEntry> {
        let wanted = wanted.as_bytes();
        let found = self.entries.binary_search_by_key(&wanted, |entry| name(&self.raw, entry));
        self.entries.get(found.ok()?).copied()
    }

    /// Every name, sorted.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, TreeEntry)> {
        let named =
            |entry: &TreeEntry| Some((str::from_utf8(name(&self.raw, entry)).ok()?, *entry));
        self.entries.iter().filter_map(named)
    }

    /// The bytes of this tree with some names meaning other objects; new names are sorted in.
    pub(super) fn with(&self, changes: &[(String, Oid, bool)]) -> Vec<u8> {
        let mut raw = self.raw.clone();
        let mut added = Vec::new();
        for (name, id, folder) in changes {
            match self.get(name) {
                Some(entry) if entry.is_folder() == *folder => {
                    if let Some(bytes) = raw.get_mut(entry.offset..entry.offset + ID) {
                        bytes.copy_from_slice(id.as_bytes());
                    }
                }
                _ => added.push((name, *id, *folder)),
            }
        }
        if added.is_empty() { raw } else { insert(&raw, &added) }
    }
}

fn name<'t>(raw: &'t [u8], entry: &TreeEntry) -> &'t [u8] {
    raw.get(entry.name..entry.offset - 1).unwrap_or_default()
}

/// Sorts new entries into a tree; an entry of the same name is replaced.
fn insert(raw: &[u8], added: &[(&String, Oid, bool)]) -> Vec<u8> {
    let mut all: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    let mut at = 0;
    while let Some((name, entry, next)) = entry_at(raw, at) {
        if !added.iter().any(|(new, ..)| new.as_bytes() == name) {
            let folder = entry.starts_with(b"40000 ") || entry.starts_with(b"040000 ");
            all.push((sort_key(name, folder), entry.to_vec()));
        }
        at = next;
    }
    for (name, id, folder) in added {
        let mode = if *folder { FOLDER } else { FILE };
        let mut entry = format!("{mode:o} {name}\0").into_bytes();
        entry.extend_from_slice(id.as_bytes());
        all.push((sort_key(name.as_bytes(), *folder), entry));
    }
    all.sort();
    all.into_iter().flat_map(|(_, entry)| entry).collect()
}

/// Name, bytes and end of the entry that starts at `at`.
fn entry_at(raw: &[u8], at: usize) -> Option<(&[u8], &[u8], usize)> {
    let space = at + raw.get(at..)?.iter().position(|&b| b == b' ')?;
    let nul = space + raw.get(space..)?.iter().position(|&b| b == 0)?;
    let next = nul + 1 + ID;
    Some((raw.get(space + 1..nul)?, raw.get(at..next)?, next))
}

/// git sorts a folder as if its name ended in `/`.
fn sort_key(name: &[u8], folder: bool) -> Vec<u8> {
    let mut key = name.to_vec();
    if folder {
        key.push(b'/');
    }
    key
}
