//! New objects of one commit, kept in memory until they are written at once.

use std::borrow::Cow;

use git2::{ObjectType, Oid};
use sha1::{Digest as _, Sha1};

use super::pack::Pack;
use super::{GitError, Repo, error::io, error::library};

/// From this many objects on one pack is cheaper than a file for each (measured: 50 loose
/// objects cost about as much as a pack of a thousand).
const PACK_FROM: usize = 50;

/// Blobs and trees that are not in the repository yet.
#[derive(Default)]
pub(super) struct NewObjects<'d>(Vec<(ObjectType, Oid, Cow<'d, [u8]>)>);

impl<'d> NewObjects<'d> {
    /// Takes an object in and gives the id it will have.
    pub(super) fn add(
        &mut self,
        kind: ObjectType,
        data: impl Into<Cow<'d, [u8]>>,
    ) -> Result<Oid, GitError> {
        let data = data.into();
        let header = format!("{} {}\0", kind.str(), data.len());
        let sum = Sha1::new().chain_update(header).chain_update(&data).finalize();
        let id = Oid::from_bytes(&sum).map_err(library("hash an object"))?;
        self.0.push((kind, id, data));
        Ok(id)
    }

    /// Writes what was taken in: loose when few, as one pack when many.
    pub(super) fn write(mut self, repo: &Repo) -> Result<(), GitError> {
        self.0.sort_unstable_by(|(_, one, _), (_, other, _)| one.as_bytes().cmp(other.as_bytes()));
        self.0.dedup_by_key(|(_, id, _)| *id);
        if self.0.len() < PACK_FROM {
            let odb = repo.inner.odb().map_err(library("open the object store"))?;
            for (kind, _, data) in &self.0 {
                odb.write(*kind, data).map_err(library("write an object"))?;
            }
            return Ok(());
        }
        let folder = repo.inner.commondir().join("objects/pack");
        self.pack().and_then(|pack| pack.write(&folder)).map_err(io("write a pack in", &folder))
    }

    fn pack(&self) -> std::io::Result<Pack> {
        let mut pack = Pack::of(self.0.len())?;
        for (kind, id, data) in &self.0 {
            pack.add(*kind, *id, data)?;
        }
        Ok(pack)
    }
}
