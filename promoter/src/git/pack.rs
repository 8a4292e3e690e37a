//! New objects as one pack and its index (gitformat-pack, version 2).
//!
//! libgit2 makes an index by unpacking and hashing all of the pack again; here everything an
//! index says is known while the pack is made.

use std::fs::{Permissions, create_dir_all};
use std::io::{Error, Result, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use flate2::{Compress, Compression, Crc, FlushCompress, Status};
use git2::{ObjectType, Oid};
use sha1::{Digest as _, Sha1};

/// Objects of at most this many bytes are stored as they are: a folder with one file is little
/// but an id, which no compressor makes smaller.
const STORED: usize = 64;

/// A pack in the making.
pub(super) struct Pack {
    bytes: Vec<u8>,
    index: Vec<Row>,
    /// One compressor for all: its tables are larger than most objects.
    zlib: Compress,
}

/// An object in the index.
struct Row {
    id: Oid,
    crc: u32,
    offset: u32,
}

impl Pack {
    /// A pack for so many objects.
    pub(super) fn of(objects: usize) -> Result<Self> {
        let mut bytes = Vec::with_capacity(objects * 256);
        bytes.extend_from_slice(b"PACK\0\0\0\x02");
        bytes.extend_from_slice(&number(objects)?.to_be_bytes());
        let zlib = Compress::new(Compression::fast(), true);
        Ok(Pack { bytes, index: Vec::with_capacity(objects), zlib })
    }

    /// Takes an object in, undeltified; ids come in rising order.
    pub(super) fn add(&mut self, kind: ObjectType, id: Oid, data: &[u8]) -> Result<()> {
        let start = self.bytes.len();
        header(&mut self.bytes, kind, data.len());
        match data.len() {
            0..=STORED => self.store(data),
            _ => self.deflate(data)?,
        }
        let mut crc = Crc::new();
        crc.update(self.bytes.get(start..).unwrap_or_default());
        self.index.push(Row { id, crc: crc.sum(), offset: number(start)? });
        Ok(())
    }

    /// Writes the pack, and then the index that makes git see it.
    pub(super) fn write(mut self, folder: &Path) -> Result<()> {
        create_dir_all(folder)?;
        let sum = Sha1::digest(&self.bytes);
        self.bytes.extend_from_slice(&sum);
        let name = Oid::from_bytes(&sum).map_err(Error::other)?;
        keep(&folder.join(format!("pack-{name}.pack")), &self.bytes)?;
        keep(&folder.join(format!("pack-{name}.idx")), &self.index(&sum)?)
    }

    /// A zlib stream of one block that is not compressed (RFC 1950, RFC 1951).
    fn store(&mut self, data: &[u8]) {
        let length = low(data.len(), 0xff);
        self.bytes.extend_from_slice(&[0x78, 0x01, 0x01, length, 0, !length, 0xff]);
        self.bytes.extend_from_slice(data);
        self.bytes.extend_from_slice(&adler32(data).to_be_bytes());
    }

    fn deflate(&mut self, data: &[u8]) -> Result<()> {
        self.zlib.reset();
        let mut rest = data;
        loop {
            self.bytes.reserve(rest.len() / 2 + 64);
            let before = self.zlib.total_in();
            let status = self.zlib.compress_vec(rest, &mut self.bytes, FlushCompress::Finish)?;
            let taken = usize::try_from(self.zlib.total_in() - before).unwrap_or(rest.len());
            rest = rest.get(taken..).unwrap_or_default();
            if status == Status::StreamEnd {
                return Ok(());
            }
        }
    }

    /// The index of this pack, whose checksum is `sum`.
    fn index(&self, sum: &[u8]) -> Result<Vec<u8>> {
        let mut index = b"\xfftOc\0\0\0\x02".to_vec();
        for byte in 0..=u8::MAX {
            let upto = |row: &Row| row.id.as_bytes().first() <= Some(&byte);
            let count = number(self.index.partition_point(upto))?;
            index.extend_from_slice(&count.to_be_bytes());
        }
        self.index.iter().for_each(|row| index.extend_from_slice(row.id.as_bytes()));
        self.index.iter().for_each(|row| index.extend_from_slice(&row.crc.to_be_bytes()));
        self.index.iter().for_each(|row| index.extend_from_slice(&row.offset.to_be_bytes()));
        index.extend_from_slice(sum);
        let own = Sha1::digest(&index);
        index.extend_from_slice(&own);
        Ok(index)
    }
}

/// Type and size of a packed object: four bits of size, then seven a byte, low bits first.
fn header(pack: &mut Vec<u8>, kind: ObjectType, size: usize) {
    let kind: u8 = match kind {
        ObjectType::Commit => 1,
        ObjectType::Tree => 2,
        _ => 3,
    };
    let mut byte = kind << 4 | low(size, 0x0f);
    let mut rest = size >> 4;
    while rest > 0 {
        pack.push(byte | 0x80);
        byte = low(rest, 0x7f);
        rest >>= 7;
    }
    pack.push(byte);
}

fn low(bits: usize, mask: u8) -> u8 {
    u8::try_from(bits & usize::from(mask)).unwrap_or(0)
}

/// The checksum of a zlib stream of few bytes (RFC 1950).
fn adler32(data: &[u8]) -> u32 {
    let sums = |(a, b): (u32, u32), byte: &u8| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (a + b) % 65_521)
    };
    let (a, b) = data.iter().fold((1, 0), sums);
    b << 16 | a
}

/// A number of 31 bits, the most that the short form of an index holds.
fn number(value: usize) -> Result<u32> {
    let fits = u32::try_from(value).ok().filter(|number| number >> 31 == 0);
    fits.ok_or_else(|| Error::other("more than 2 GiB in one commit"))
}

/// Writes a file that is there whole or not at all. What a kill leaves, `git gc` removes.
fn keep(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    let read_only = Permissions::from_mode(0o444);
    let mut file =
        tempfile::Builder::new().prefix("tmp_").permissions(read_only).tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path).map(drop).map_err(|error| error.error)
}
