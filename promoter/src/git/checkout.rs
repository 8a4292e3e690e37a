//! Moves a local branch, and exactly the changed files and index entries of its working tree.
//!
//! The order is what makes a kill at any point harmless (`docs/ARCHITECTURE.md`, "Killed"):
//! new file contents are staged, the journal is written, git's index is locked, the files are
//! found clean, and only then the branch moves, in one compare-and-swap. Before that moment
//! nothing of the user's has changed; after it the journal says what is left to do.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use git2::build::CheckoutBuilder;
use git2::{DiffOptions, ErrorCode, Index, IndexEntry, IndexTime, Oid, RepositoryState};

use super::journal::Journal;
use super::{Branch, CommitId, Deadline, GitError, Repo, error::io, error::library};

/// In an index entry: the file is left out of the working tree (sparse checkout).
const SKIP_WORKTREE: u16 = 1 << 14;

/// What became of moving a local branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Local {
    /// The branch is at the new commit.
    Moved,
    /// Someone else moved it first; nothing changed.
    Lost,
}

impl Repo {
    /// Refuses early what `move_branch` would refuse: a branch that cannot be moved from here.
    pub fn movable(&self, branch: &Branch) -> Result<(), GitError> {
        match branch {
            Branch::Detached => return self.refuse_unfinished().and(Err(GitError::Detached)),
            Branch::Remote(name) => return Err(GitError::NotLocal(name.clone())),
            Branch::Local(_) => {}
        }
        if self.is_checked_out(branch) {
            self.refuse_unfinished()?;
            open_index(&self.inner.path().join("index")).map(drop)
        } else {
            self.refuse_elsewhere(branch)
        }
    }

    /// Moves `branch` from `old` to `new`; where it is checked out, also the files `paths`, which
    /// must hold no changes of the user's.
    pub fn move_branch(
        &self,
        branch: &Branch,
        (old, new): (CommitId, CommitId),
        paths: &[String],
        reflog: &str,
        deadline: &Deadline,
    ) -> Result<Local, GitError> {
        self.movable(branch)?;
        let _lock = self.lock(deadline)?;
        self.recover_locked()?;
        let journal = Journal {
            branch: branch.short().to_owned(),
            old: old.to_string(),
            new: new.to_string(),
            paths: paths.to_vec(),
        };
        if !self.is_checked_out(branch) {
            let moved = self.begin(&journal).and_then(|()| self.swap(branch, old, new, reflog));
            return self.undo().and(moved);
        }
        let moved = self.prepare(&journal, new).and_then(|()| self.swap(branch, old, new, reflog));
        match moved {
            Ok(Local::Moved) => match self.complete(&journal) {
                Ok(()) => Ok(Local::Moved),
                Err(cause) => {
                    Err(GitError::Unfinished { commit: new.short(), cause: Box::new(cause) })
                }
            },
            other => self.undo().and(other),
        }
    }

    /// Everything that can fail without having changed anything.
    fn prepare(&self, journal: &Journal, new: CommitId) -> Result<(), GitError> {
        self.begin(journal)?;
        self.stage(&journal.paths, new)?;
        self.lock_index()?;
        self.refuse_dirty(&journal.paths)
    }

    /// Says what is about to happen. `held` is there first and goes last: without it nothing is
    /// left over.
    fn begin(&self, journal: &Journal) -> Result<(), GitError> {
        let own = self.own_lock();
        fs::write(&own, b"").map_err(io("create", &own))?;
        self.write_journal(journal)
    }

    /// Moves the branch if it still is where it was.
    fn swap(
        &self,
        branch: &Branch,
        old: CommitId,
        new: CommitId,
        reflog: &str,
    ) -> Result<Local, GitError> {
        let name = branch.refname();
        match self.inner.reference_matching(&name, new.0, true, old.0, reflog) {
            Ok(_) => Ok(Local::Moved),
            Err(error) if error.code() == ErrorCode::Modified => Ok(Local::Lost),
            Err(error) if error.code() == ErrorCode::Locked => Ok(Local::Lost),
            Err(error) => Err(library("move the branch")(error)),
        }
    }

    /// Completes or undoes what a killed promoter left, unless another one is at work.
    pub(super) fn recover(&self) -> Result<(), GitError> {
        if !self.own_lock().exists() && !self.running_path().exists() {
            return Ok(());
        }
        match self.try_lock()? {
            Some(_lock) => self.recover_locked(),
            None => Ok(()),
        }
    }

    fn recover_locked(&self) -> Result<(), GitError> {
        self.remove_leftovers()?;
        let Some(journal) = self.read_journal()? else { return self.undo() };
        let branch = Branch::Local(journal.branch.clone());
        self.remove_ref_lock(&branch.refname(), &journal.new);
        let checked_out = self.checked_out_name().as_deref() == Some(journal.branch.as_str());
        if !checked_out || !self.has_moved(&branch, &journal) {
            return self.undo();
        }
        let finished = self.lock_index().and_then(|()| self.complete(&journal));
        finished.map_err(|cause| GitError::Unfinished {
            commit: journal.new.chars().take(12).collect(),
            cause: Box::new(cause),
        })
    }

    /// Whether the branch has the journal's commit. What is gone, branch or commit, has not moved.
    fn has_moved(&self, branch: &Branch, journal: &Journal) -> bool {
        let (Ok(tip), Ok(new)) = (self.tip(branch), Oid::from_str(&journal.new)) else {
            return false;
        };
        self.contains(tip, CommitId(new)).unwrap_or(false)
    }

    /// Takes away a ref lock that the dead process left: what it holds is the start of our commit.
    fn remove_ref_lock(&self, refname: &str, new: &str) {
        let path = self.ref_lock(refname);
        if let Ok(text) = fs::read_to_string(&path)
            && format!("{new}\n").starts_with(&text)
        {
            let _ = fs::remove_file(path);
        }
    }

    /// Writes all files of a commit below a folder outside the working tree.
    pub fn export(&self, commit: CommitId, folder: &Path) -> Result<(), GitError> {
        let commit = self.inner.find_commit(commit.0).map_err(library("read the commit"))?;
        let mut checkout = CheckoutBuilder::new();
        checkout.force().update_index(false).target_dir(folder);
        self.inner
            .checkout_tree(commit.as_object(), Some(&mut checkout))
            .map_err(library("copy the commit"))
    }

    // ---- before the branch moves

    fn stage_dir(&self) -> PathBuf {
        self.state_dir().join("stage")
    }

    /// Writes the new files, as the working tree will hold them, where nobody looks.
    fn stage(&self, paths: &[String], new: CommitId) -> Result<(), GitError> {
        let stage = self.stage_dir();
        fs::create_dir_all(&stage).map_err(io("create", &stage))?;
        let commit = self.inner.find_commit(new.0).map_err(library("read the new commit"))?;
        let mut checkout = CheckoutBuilder::new();
        checkout.force().update_index(false).disable_pathspec_match(true).target_dir(&stage);
        for path in paths {
            checkout.path(path);
        }
        self.inner
            .checkout_tree(commit.as_object(), Some(&mut checkout))
            .map_err(library("stage the changed files"))
    }

    /// Locks git's index with a hard link to a file of ours, so that the lock is known again.
    fn lock_index(&self) -> Result<(), GitError> {
        let (own, lock) = (self.own_lock(), self.index_lock());
        if !self.index_lock_is_ours() {
            fs::hard_link(&own, &lock).map_err(|error| match error.kind() {
                ErrorKind::AlreadyExists => GitError::Locked(lock.clone()),
                _ => io("lock", &lock)(error),
            })?;
        }
        Ok(())
    }

    fn own_lock(&self) -> PathBuf {
        self.state_dir().join("held")
    }

    fn index_lock(&self) -> PathBuf {
        self.inner.path().join("index.lock")
    }

    fn index_lock_is_ours(&self) -> bool {
        let identity =
            |path: PathBuf| fs::symlink_metadata(path).ok().map(|meta| (meta.dev(), meta.ino()));
        let lock = identity(self.index_lock());
        lock.is_some() && lock == identity(self.own_lock())
    }

    /// Refuses when a file to change differs from the branch, in the index or the working tree.
    fn refuse_dirty(&self, paths: &[String]) -> Result<(), GitError> {
        let index = open_index(&self.inner.path().join("index"))?;
        let head = self.inner.head().and_then(|head| head.peel_to_tree());
        let head = head.map_err(library("read HEAD"))?;
        let staged =
            self.inner.diff_tree_to_index(Some(&head), Some(&index), Some(&mut only(paths)));
        let changed = self.inner.diff_index_to_workdir(Some(&index), Some(&mut only(paths)));
        let mut dirty: Vec<String> =
            paths.iter().filter_map(|path| self.in_the_way(path)).collect();
        for diff in [staged, changed] {
            let diff = diff.map_err(library("compare the working tree"))?;
            for delta in diff.deltas() {
                let path = delta.new_file().path().or(delta.old_file().path());
                let path = path.map(|path| path.to_string_lossy().into_owned()).unwrap_or_default();
                if !is_left_out(&index, &path) {
                    dirty.push(path);
                }
            }
        }
        dirty.sort();
        dirty.dedup();
        if dirty.is_empty() { Ok(()) } else { Err(GitError::Dirty(dirty)) }
    }

    /// What stands, where folders are needed, that is none: git's comparison does not look there.
    fn in_the_way(&self, path: &str) -> Option<String> {
        let root = self.inner.workdir()?;
        let folders = path.match_indices('/').map(|(at, _)| path.split_at(at).0);
        let is_none = |folder: &&str| {
            fs::symlink_metadata(root.join(folder)).is_ok_and(|meta| !meta.is_dir())
        };
        folders.into_iter().find(is_none).map(str::to_owned)
    }

    /// Takes back what `prepare` did, or forgets what `complete` has done.
    ///
    /// The journal goes while the index is still locked: after that the user may change the same
    /// files, and nothing may be done twice.
    fn undo(&self) -> Result<(), GitError> {
        remove(&self.journal_path())?;
        if self.index_lock_is_ours() {
            remove(&self.index_lock())?;
        }
        for path in [self.new_index(), self.new_index().with_extension("lock")] {
            remove(&path)?;
        }
        let stage = self.stage_dir();
        match fs::remove_dir_all(&stage) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(io("remove", &stage)(error)),
            _ => remove(&self.own_lock()),
        }
    }

    fn new_index(&self) -> PathBuf {
        self.state_dir().join("new-index")
    }

    // ---- after the branch moved

    /// Puts the staged files in their places, then the index, then forgets the journal.
    fn complete(&self, journal: &Journal) -> Result<(), GitError> {
        let (own, current) = (self.new_index(), self.inner.path().join("index"));
        // What libgit2 locks while it writes the copy; a kill may have left it.
        remove(&own.with_extension("lock"))?;
        let time = fs::metadata(&current).and_then(|meta| meta.modified());
        let time = time.map_err(io("read", &current))?;
        fs::copy(&current, &own).map_err(io("copy", &current))?;
        let mut index = open_index(&own)?;
        let commit = Oid::from_str(&journal.new).and_then(|id| self.inner.find_commit(id));
        let tree = commit.and_then(|commit| commit.tree()).map_err(library("read the commit"))?;
        for path in &journal.paths {
            let entry = tree.get_path(Path::new(path)).map_err(library("read the commit"))?;
            self.place(&mut index, path, entry.id(), entry.filemode())?;
        }
        index.write().map_err(library("write the index"))?;
        // git compares a file's content when its time is not older than the index's. With the old
        // time this holds for what changed since, too ("racy git").
        let written = File::options().append(true).open(&own);
        written.and_then(|file| file.set_modified(time)).map_err(io("write", &own))?;
        fs::rename(&own, &current).map_err(io("write", &current))?;
        self.undo()
    }

    /// One file and its index entry. A file that the user changed since stays as the user left it.
    fn place(&self, index: &mut Index, path: &str, id: Oid, mode: i32) -> Result<(), GitError> {
        let Some(root) = self.inner.workdir() else { return Ok(()) };
        let (staged, target) = (self.stage_dir().join(path), root.join(path));
        let known = index.get_path(Path::new(path), 0);
        if known.as_ref().is_some_and(|entry| entry.flags_extended & SKIP_WORKTREE != 0) {
            return put(
                index,
                &IndexEntry { id, ..known.unwrap_or_else(|| blank(path, id, mode)) },
            );
        }
        let changed = if target.exists() { !self.is_clean(index, path)? } else { known.is_some() };
        if !staged.exists() || changed {
            return put(index, &blank(path, id, mode));
        }
        move_file(&staged, &target)?;
        let meta = fs::symlink_metadata(&target).map_err(io("read", &target))?;
        put(index, &with_stat(blank(path, id, mode), &meta))
    }

    fn is_clean(&self, index: &Index, path: &str) -> Result<bool, GitError> {
        let paths = [path.to_owned()];
        let diff = self.inner.diff_index_to_workdir(Some(index), Some(&mut only(&paths)));
        Ok(diff.map_err(library("compare the working tree"))?.deltas().len() == 0)
    }

    // ---- the working tree

    fn checked_out_name(&self) -> Option<String> {
        match self.branch(None) {
            Ok(Branch::Local(name)) if !self.is_bare() => Some(name),
            _ => None,
        }
    }

    fn is_checked_out(&self, branch: &Branch) -> bool {
        self.checked_out_name().as_deref() == Some(branch.short())
    }

    fn refuse_unfinished(&self) -> Result<(), GitError> {
        let what = match self.inner.state() {
            RepositoryState::Clean => return Ok(()),
            RepositoryState::Merge => "a merge",
            RepositoryState::Revert | RepositoryState::RevertSequence => "a revert",
            RepositoryState::CherryPick | RepositoryState::CherryPickSequence => "a cherry-pick",
            RepositoryState::Bisect => "a bisect",
            RepositoryState::ApplyMailbox => "`git am`",
            _ => "a rebase",
        };
        Err(GitError::InProgress(what.to_owned()))
    }

    /// A branch that another working tree has checked out must be moved from there.
    fn refuse_elsewhere(&self, branch: &Branch) -> Result<(), GitError> {
        let common = git2::Repository::open(self.inner.commondir()).ok();
        let main = common.filter(|repo| !repo.is_bare() && repo.path() != self.inner.path());
        let names = self.inner.worktrees().map_err(library("list the working trees"))?;
        let linked = names.iter().flatten().flatten().filter_map(|name| {
            let worktree = self.inner.find_worktree(name).ok()?;
            git2::Repository::open_from_worktree(&worktree).ok()
        });
        for repo in main.into_iter().chain(linked).filter(|repo| repo.path() != self.inner.path()) {
            let head = repo.find_reference("HEAD").ok();
            let target = head.as_ref().and_then(|head| head.symbolic_target().ok().flatten());
            if target == Some(branch.refname().as_str()) {
                return Err(GitError::CheckedOutElsewhere {
                    branch: branch.short().to_owned(),
                    worktree: repo.workdir().unwrap_or_else(|| repo.path()).to_owned(),
                });
            }
        }
        Ok(())
    }
}

fn only(paths: &[String]) -> DiffOptions {
    let mut options = DiffOptions::new();
    options.disable_pathspec_match(true).include_untracked(true).recurse_untracked_dirs(true);
    options.include_ignored(true).recurse_ignored_dirs(true).include_typechange(true);
    for path in paths {
        options.pathspec(path);
    }
    options
}

/// The index; a repository that has never had a file has none.
fn open_index(path: &Path) -> Result<Index, GitError> {
    match File::open(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(io("read", path)(error)),
        _ => {}
    }
    Index::open(path).map_err(|error| GitError::Index(error.message().to_owned()))
}

fn is_left_out(index: &Index, path: &str) -> bool {
    let entry = index.get_path(Path::new(path), 0);
    entry.is_some_and(|entry| entry.flags_extended & SKIP_WORKTREE != 0)
}

fn put(index: &mut Index, entry: &IndexEntry) -> Result<(), GitError> {
    index.add(entry).map_err(library("update the index"))
}

/// An index entry without what the file system knows; git then compares the content.
fn blank(path: &str, id: Oid, mode: i32) -> IndexEntry {
    IndexEntry {
        ctime: IndexTime::new(0, 0),
        mtime: IndexTime::new(0, 0),
        dev: 0,
        ino: 0,
        mode: u32::try_from(mode).unwrap_or(0o100_644),
        uid: 0,
        gid: 0,
        file_size: 0,
        id,
        flags: 0,
        flags_extended: 0,
        path: path.as_bytes().to_vec(),
    }
}

/// The index keeps the low 32 bits of each value (gitformat-index).
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "as the format says")]
fn with_stat(entry: IndexEntry, meta: &fs::Metadata) -> IndexEntry {
    IndexEntry {
        ctime: IndexTime::new(meta.ctime() as i32, meta.ctime_nsec() as u32),
        mtime: IndexTime::new(meta.mtime() as i32, meta.mtime_nsec() as u32),
        dev: meta.dev() as u32,
        ino: meta.ino() as u32,
        uid: meta.uid(),
        gid: meta.gid(),
        file_size: meta.size() as u32,
        ..entry
    }
}

/// Renames, or copies beside the target and renames where the git directory is on another disk.
fn move_file(from: &Path, to: &Path) -> Result<(), GitError> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(io("create", folder))?;
    }
    match fs::rename(from, to) {
        Err(error) if error.kind() == ErrorKind::CrossesDevices => {
            let beside = to.with_extension("promoter-new");
            fs::copy(from, &beside).map_err(io("write", &beside))?;
            fs::rename(&beside, to).map_err(io("write", to))?;
            remove(from)
        }
        other => other.map_err(io("write", to)),
    }
}

fn remove(path: &Path) -> Result<(), GitError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(io("remove", path)(error)),
        _ => Ok(()),
    }
}
