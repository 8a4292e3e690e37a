//! One commit, read from the object store.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use git2::{ObjectType, Oid};

use super::objects::NewObjects;
use super::tree::{TreeData, TreeEntry};
use super::{CommitId, GitError, Repo, error::library};

/// A name in a folder of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name alone.
    pub name: String,
    /// Whether it is a folder; everything else counts as a file.
    pub folder: bool,
}

/// The files of one commit. Nothing of it changes while it is read; folders are read once.
pub struct Snapshot<'r> {
    repo: &'r Repo,
    /// The commit that was read.
    pub commit: CommitId,
    root: Oid,
    trees: RefCell<HashMap<Oid, Rc<TreeData>>>,
    folders: RefCell<HashMap<String, Option<Oid>>>,
    /// Files that are read from elsewhere.
    over: BTreeMap<String, Vec<u8>>,
}

impl Repo {
    /// The files of `commit`.
    pub fn snapshot(&self, commit: CommitId) -> Result<Snapshot<'_>, GitError> {
        let object = self.inner.find_commit(commit.0).map_err(library("read the commit"))?;
        Ok(Snapshot {
            repo: self,
            commit,
            root: object.tree_id(),
            trees: RefCell::default(),
            folders: RefCell::default(),
            over: BTreeMap::new(),
        })
    }
}

impl Snapshot<'_> {
    /// The same commit, read as if it held these bytes in files that it has.
    #[must_use]
    pub fn over(self, files: BTreeMap<String, Vec<u8>>) -> Self {
        Snapshot { over: files, ..self }
    }

    /// What is in a folder (`""` is the root), or `None` where there is no such folder.
    pub fn list(&self, folder: &str) -> Result<Option<Vec<Entry>>, GitError> {
        let Some(tree) = self.folder(folder)? else { return Ok(None) };
        let tree = self.tree(tree)?;
        let entry = |(name, entry): (&str, TreeEntry)| Entry {
            name: name.to_owned(),
            folder: entry.is_folder(),
        };
        Ok(Some(tree.iter().map(entry).collect()))
    }

    /// The bytes of a file, or `None` where there is no such file.
    pub fn file(&self, path: &str) -> Result<Option<Vec<u8>>, GitError> {
        if let Some(bytes) = self.over.get(path) {
            return Ok(Some(bytes.clone()));
        }
        match self.entry(path)? {
            Some(entry) if entry.is_link() => Err(GitError::SymbolicLink(path.to_owned())),
            Some(entry) if entry.is_file() => self.content(path, entry.id).map(Some),
            _ => Ok(None),
        }
    }

    /// The id of what stands at a path, file or folder; equal ids mean equal content.
    pub fn id(&self, path: &str) -> Result<Option<Oid>, GitError> {
        if path.is_empty() {
            return Ok(Some(self.root));
        }
        Ok(self.entry(path)?.map(|entry| entry.id))
    }

    /// Every file below a folder, with the id of its content.
    pub fn files_below(&self, folder: &str) -> Result<Vec<(String, Oid)>, GitError> {
        let mut found = Vec::new();
        let mut open: Vec<(String, Oid)> = Vec::new();
        open.extend(self.folder(folder)?.map(|id| (folder.to_owned(), id)));
        while let Some((path, id)) = open.pop() {
            for (name, entry) in self.tree(id)?.iter() {
                let path = join(&path, name);
                if entry.is_folder() {
                    open.push((path, entry.id));
                } else {
                    found.push((path, entry.id));
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn entry(&self, path: &str) -> Result<Option<TreeEntry>, GitError> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let Some(tree) = self.folder(folder)? else { return Ok(None) };
        Ok(self.tree(tree)?.get(name))
    }

    fn folder(&self, path: &str) -> Result<Option<Oid>, GitError> {
        if path.is_empty() {
            return Ok(Some(self.root));
        }
        if let Some(known) = self.folders.borrow().get(path) {
            return Ok(*known);
        }
        let found = self.entry(path)?.filter(|entry| entry.is_folder()).map(|entry| entry.id);
        self.folders.borrow_mut().insert(path.to_owned(), found);
        Ok(found)
    }

    fn tree(&self, id: Oid) -> Result<Rc<TreeData>, GitError> {
        if let Some(tree) = self.trees.borrow().get(&id) {
            return Ok(Rc::clone(tree));
        }
        let tree = Rc::new(self.repo.tree(id)?);
        self.trees.borrow_mut().insert(id, Rc::clone(&tree));
        Ok(tree)
    }

    /// The bytes of a file. Where a partial clone left it out, every file of its name is brought.
    fn content(&self, path: &str, id: Oid) -> Result<Vec<u8>, GitError> {
        if self.repo.lacks(id)? {
            let name = path.rsplit('/').next().unwrap_or(path);
            let files = self.files_below("")?.into_iter();
            let like = files.filter(|(path, _)| path.rsplit('/').next() == Some(name));
            self.repo.bring(like.map(|(_, id)| id))?;
        }
        self.repo.blob(id)
    }

    pub(super) fn repo(&self) -> &Repo {
        self.repo
    }

    /// Writes the tree in which exactly `files` are replaced or added, and gives its id; nothing
    /// is committed.
    pub fn tree_with(&self, files: &BTreeMap<String, Vec<u8>>) -> Result<Oid, GitError> {
        let mut objects = NewObjects::default();
        let mut blobs = Vec::with_capacity(files.len());
        for (path, bytes) in files {
            blobs.push((path.as_str(), objects.add(ObjectType::Blob, bytes)?));
        }
        let root = self.edit(Some(self.root), &blobs, &mut objects)?;
        objects.write(self.repo)?;
        Ok(root)
    }

    /// The tree `base` with blobs at paths below it, `blobs` being sorted by path.
    fn edit(
        &self,
        base: Option<Oid>,
        blobs: &[(&str, Oid)],
        objects: &mut NewObjects<'_>,
    ) -> Result<Oid, GitError> {
        let tree = base.map_or_else(|| Ok(Rc::default()), |id| self.tree(id))?;
        let mut below: BTreeMap<&str, Vec<(&str, Oid)>> = BTreeMap::new();
        let mut changes = Vec::new();
        for (path, id) in blobs {
            match path.split_once('/') {
                Some((folder, rest)) => below.entry(folder).or_default().push((rest, *id)),
                None => changes.push(((*path).to_owned(), *id, false)),
            }
        }
        for (folder, blobs) in below {
            let old = tree.get(folder).filter(|entry| entry.is_folder());
            let id = self.edit(old.map(|entry| entry.id), &blobs, objects)?;
            changes.push((folder.to_owned(), id, true));
        }
        objects.add(ObjectType::Tree, tree.with(&changes))
    }
}

impl Repo {
    pub(super) fn tree(&self, id: Oid) -> Result<TreeData, GitError> {
        self.bring([id].into_iter())?;
        let odb = self.inner.odb().map_err(library("open the object store"))?;
        let object = odb.read(id).map_err(library("read a folder"))?;
        TreeData::parse(object.data()).ok_or_else(|| GitError::Library {
            doing: "read a folder",
            words: format!("object {id} is not a tree"),
        })
    }

    pub(super) fn blob(&self, id: Oid) -> Result<Vec<u8>, GitError> {
        self.bring([id].into_iter())?;
        let odb = self.inner.odb().map_err(library("open the object store"))?;
        let object = odb.read(id).map_err(library("read a file"))?;
        Ok(object.data().to_vec())
    }
}

/// A path from a folder (`""` is the root) and a name in it.
pub(super) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
