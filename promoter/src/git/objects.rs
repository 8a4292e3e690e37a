//! New objects of one commit, kept in memory until they are written at once.

use std::io::Write as _;

use flate2::{Compress, CompressError, Compression, FlushCompress, Status};
use git2::{ObjectType, Oid};
use sha1::{Digest as _, Sha1};

use super::{GitError, Repo, error::library};

/// From this many objects on one pack is cheaper than a file for each (measured: 50 loose
/// objects cost about as much as a pack of a thousand).
const PACK_FROM: usize = 50;

/// Blobs and trees that are not in the repository yet.
#[derive(Default)]
pub(super) struct NewObjects(Vec<(ObjectType, Oid, Vec<u8>)>);

impl NewObjects {
    /// Takes an object in and gives the id it will have.
    pub(super) fn add(&mut self, kind: ObjectType, data: Vec<u8>) -> Result<Oid, GitError> {
        let id = Oid::hash_object(kind, &data).map_err(library("hash an object"))?;
        self.0.push((kind, id, data));
        Ok(id)
    }

    /// Writes what was taken in: loose when few, as one pack when many.
    pub(super) fn write(mut self, repo: &Repo) -> Result<(), GitError> {
        self.0.sort_by_key(|(_, id, _)| *id);
        self.0.dedup_by_key(|(_, id, _)| *id);
        let odb = repo.inner.odb().map_err(library("open the object store"))?;
        if self.0.len() < PACK_FROM {
            for (kind, _, data) in &self.0 {
                odb.write(*kind, data).map_err(library("write an object"))?;
            }
            return Ok(());
        }
        let pack = self.pack().map_err(|error| GitError::Library {
            doing: "compress objects",
            words: error.to_string(),
        })?;
        let mut writer = odb.packwriter().map_err(library("open a pack"))?;
        writer.write_all(&pack).map_err(|error| GitError::Library {
            doing: "write a pack",
            words: error.to_string(),
        })?;
        writer.commit().map_err(library("finish a pack")).map(drop)
    }

    /// The objects as a pack stream, undeltified (gitformat-pack, version 2).
    fn pack(&self) -> Result<Vec<u8>, CompressError> {
        let mut pack = Vec::with_capacity(self.0.len() * 256);
        pack.extend_from_slice(b"PACK\0\0\0\x02");
        pack.extend_from_slice(&u32::try_from(self.0.len()).unwrap_or(u32::MAX).to_be_bytes());
        // One compressor for all: its tables are larger than most objects.
        let mut zlib = Compress::new(Compression::fast(), true);
        for (kind, _, data) in &self.0 {
            pack_header(&mut pack, *kind, data.len());
            zlib.reset();
            deflate(&mut zlib, data, &mut pack)?;
        }
        let sum = Sha1::digest(&pack);
        pack.extend_from_slice(&sum);
        Ok(pack)
    }
}

/// Appends one zlib stream.
fn deflate(zlib: &mut Compress, data: &[u8], pack: &mut Vec<u8>) -> Result<(), CompressError> {
    let mut rest = data;
    loop {
        pack.reserve(rest.len() / 2 + 64);
        let before = zlib.total_in();
        let status = zlib.compress_vec(rest, pack, FlushCompress::Finish)?;
        let taken = usize::try_from(zlib.total_in() - before).unwrap_or(rest.len());
        rest = rest.get(taken..).unwrap_or_default();
        if status == Status::StreamEnd {
            return Ok(());
        }
    }
}

/// Type and size of a packed object: four bits of size, then seven a byte, low bits first.
fn pack_header(pack: &mut Vec<u8>, kind: ObjectType, size: usize) {
    let kind: u8 = match kind {
        ObjectType::Commit => 1,
        ObjectType::Tree => 2,
        _ => 3,
    };
    let low = |bits: usize, mask: u8| u8::try_from(bits & usize::from(mask)).unwrap_or(0);
    let mut byte = kind << 4 | low(size, 0x0f);
    let mut rest = size >> 4;
    while rest > 0 {
        pack.push(byte | 0x80);
        byte = low(rest, 0x7f);
        rest >>= 7;
    }
    pack.push(byte);
}
