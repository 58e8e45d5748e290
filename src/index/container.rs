//! The file an index lives in: named parts behind a header, checked as they are read.
//!
//! `docs/artifact.md` describes the bytes. Each part is hashed in chunks, and a chunk is checked
//! when it is touched for the first time: opening costs what a search needs, not what the file
//! weighs, and nothing damaged ever reaches the engine.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tantivy::HasLen;
use tantivy::directory::{FileHandle, OwnedBytes};

use super::error::{Error, Result};

/// The format of the file; another one is refused before anything else is read.
pub const FORMAT_VERSION: u32 = 1;

const MAGIC: &[u8; 8] = b"polisrch";
const END_MAGIC: &[u8; 8] = b"hcrsilop";
const HEADER: usize = 16;
/// Offset and length of the table, its hash, and the closing magic.
const TRAILER: usize = 8 + 8 + 32 + 8;
/// Parts start at multiples of this, so that their numbers can be read in place.
const ALIGNMENT: u64 = 64;
/// Bytes that are hashed as one.
const CHUNK: usize = 16 * 1024;
const HASH: usize = 32;
/// No table of contents is larger, however many parts and chunks it tells of.
const LARGEST_TABLE: u64 = 1 << 30;
const MOST_PARTS: usize = 64;

/// Writes a container, part after part.
pub(super) struct Writer {
    out: BufWriter<File>,
    path: PathBuf,
    at: u64,
    table: Vec<u8>,
    n_parts: u32,
}

impl Writer {
    /// Begins a container in `file`, which is empty; `path` is for messages.
    pub fn new(file: File, path: &Path) -> Result<Self> {
        let mut writer = Writer {
            out: BufWriter::with_capacity(1 << 20, file),
            path: path.to_owned(),
            at: 0,
            table: Vec::new(),
            n_parts: 0,
        };
        writer.write(MAGIC)?;
        writer.write(&FORMAT_VERSION.to_le_bytes())?;
        writer.write(&[0; HEADER - 12])?;
        Ok(writer)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.at += bytes.len() as u64;
        self.out.write_all(bytes).map_err(|source| Error::Io { path: self.path.clone(), source })
    }

    /// Adds a part; names are unique.
    pub fn part(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let gap = self.at.next_multiple_of(ALIGNMENT) - self.at;
        self.write(&[0; ALIGNMENT as usize][..gap as usize])?;
        self.table.extend((name.len() as u32).to_le_bytes());
        self.table.extend(name.as_bytes());
        self.table.extend(self.at.to_le_bytes());
        self.table.extend((bytes.len() as u64).to_le_bytes());
        for chunk in bytes.chunks(CHUNK) {
            self.table.extend(blake3::hash(chunk).as_bytes());
        }
        self.n_parts += 1;
        self.write(bytes)
    }

    /// Writes the table of contents and hands the synced file back.
    pub fn finish(mut self) -> Result<()> {
        let mut table = self.n_parts.to_le_bytes().to_vec();
        table.append(&mut self.table);
        let at = self.at;
        self.write(&table)?;
        self.write(&at.to_le_bytes())?;
        self.write(&(table.len() as u64).to_le_bytes())?;
        self.write(blake3::hash(&table).as_bytes())?;
        self.write(END_MAGIC)?;
        let path = self.path;
        let failed = |source| Error::Io { path: path.clone(), source };
        let mut file = self.out.into_inner().map_err(|error| failed(error.into_error()))?;
        file.flush().and_then(|()| file.stream_position()).and_then(|_| file.sync_all()).map_err(failed)
    }
}

/// An open container.
#[derive(Clone, Debug)]
pub(super) struct Container {
    parts: BTreeMap<String, Part>,
    path: PathBuf,
    len: usize,
}

/// A part of a container. Reading checks every chunk it touches, once.
#[derive(Clone, Debug)]
pub(super) struct Part {
    name: Arc<str>,
    bytes: OwnedBytes,
    hashes: OwnedBytes,
    /// A chunk's byte is set when it has been found whole.
    checked: Arc<[AtomicU8]>,
}

impl Container {
    /// Opens a file by mapping it.
    pub fn open(path: &Path) -> Result<Self> {
        let failed = |source| Error::Io { path: path.to_owned(), source };
        let file = File::open(path).map_err(failed)?;
        if file.metadata().map_err(failed)?.len() < (HEADER + TRAILER) as u64 {
            return Err(Error::NotAnIndex { path: path.to_owned() });
        }
        // SAFETY: the file is written once under another name and renamed; who changes it under a
        // reader's eyes breaks it for any program. Every byte used is checked against its hash.
        #[expect(unsafe_code, reason = "a file is opened in place, whatever its size")]
        let map = unsafe { memmap2::Mmap::map(&file) }.map_err(failed)?;
        Container::from_bytes(OwnedBytes::new(map), path)
    }

    /// Opens a container in memory; `path` is for messages.
    pub fn from_bytes(bytes: OwnedBytes, path: &Path) -> Result<Self> {
        let damaged = |what: &str| Error::Damaged { path: path.to_owned(), what: what.to_owned() };
        if bytes.len() < HEADER + TRAILER || bytes[..8] != MAGIC[..] {
            return Err(Error::NotAnIndex { path: path.to_owned() });
        }
        let found = u32::from_le_bytes(bytes[8..12].try_into().expect("four bytes"));
        if found != FORMAT_VERSION {
            return Err(Error::Version { path: path.to_owned(), found, wanted: FORMAT_VERSION });
        }
        if bytes[12..HEADER] != [0; HEADER - 12] {
            return Err(damaged("the header"));
        }
        let trailer = &bytes[bytes.len() - TRAILER..];
        let number = |at: usize| u64::from_le_bytes(trailer[at..at + 8].try_into().expect("eight bytes"));
        let (table_at, table_len) = (number(0), number(8));
        let end = (bytes.len() - TRAILER) as u64;
        if trailer[48..] != END_MAGIC[..] || table_len > LARGEST_TABLE || table_at.checked_add(table_len) != Some(end) {
            return Err(damaged("the end of the file"));
        }
        let table = bytes.slice(table_at as usize..end as usize);
        if blake3::hash(&table).as_bytes()[..] != trailer[16..48] {
            return Err(damaged("the table of contents"));
        }
        let parts = read_table(&bytes, &table, table_at).ok_or_else(|| damaged("the table of contents"))?;
        Ok(Container { parts, path: path.to_owned(), len: bytes.len() })
    }

    /// Returns the number of bytes of the whole file.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Returns the parts' names and sizes, in order of name.
    pub fn parts(&self) -> impl Iterator<Item = (&str, usize)> {
        self.parts.iter().map(|(name, part)| (name.as_str(), part.bytes.len()))
    }

    /// Returns a part.
    pub fn part(&self, name: &str) -> Result<&Part> {
        self.parts.get(name).ok_or_else(|| self.damaged(&format!("it has no part `{name}`")))
    }

    /// Returns a part if there is one.
    pub fn part_if_any(&self, name: &str) -> Option<&Part> {
        self.parts.get(name)
    }

    /// Checks every byte of every part.
    pub fn verify(&self) -> Result<()> {
        self.parts.values().try_for_each(|part| part.check(0..part.bytes.len()).map_err(|error| self.broken(&error)))
    }

    /// Returns the whole of a part, checked.
    pub fn bytes(&self, name: &str) -> Result<OwnedBytes> {
        let part = self.part(name)?;
        part.bytes_at(0..part.bytes.len()).map_err(|error| self.broken(&error))
    }

    /// Returns the error of a file whose contents contradict themselves.
    pub fn damaged(&self, what: &str) -> Error {
        Error::Damaged { path: self.path.clone(), what: what.to_owned() }
    }

    pub fn broken(&self, error: &io::Error) -> Error {
        self.damaged(&error.to_string())
    }
}

/// Reads the table of contents; `None` when it contradicts itself.
fn read_table(file: &OwnedBytes, table: &OwnedBytes, table_at: u64) -> Option<BTreeMap<String, Part>> {
    let mut parts = BTreeMap::new();
    let mut at = 0;
    let mut take = |n: usize| -> Option<Range<usize>> {
        let end = at + n;
        (end <= table.len()).then(|| std::mem::replace(&mut at, end)..end)
    };
    let mut free_from = HEADER as u64;
    let n_parts = u32::from_le_bytes(table[take(4)?].try_into().ok()?) as usize;
    if n_parts > MOST_PARTS {
        return None;
    }
    for _ in 0..n_parts {
        let name_len = u32::from_le_bytes(table[take(4)?].try_into().ok()?) as usize;
        let name = std::str::from_utf8(&table[take(name_len.min(LARGEST_TABLE as usize))?]).ok()?;
        let offset = u64::from_le_bytes(table[take(8)?].try_into().ok()?);
        let len = u64::from_le_bytes(table[take(8)?].try_into().ok()?);
        let end = offset.checked_add(len)?;
        if offset < free_from || offset % ALIGNMENT != 0 || end > table_at {
            return None;
        }
        free_from = end;
        let n_chunks = (len as usize).div_ceil(CHUNK);
        let part = Part {
            name: name.into(),
            bytes: file.slice(offset as usize..end as usize),
            hashes: table.slice(take(n_chunks.checked_mul(HASH)?)?),
            checked: (0..n_chunks).map(|_| AtomicU8::new(0)).collect(),
        };
        if parts.insert(name.to_owned(), part).is_some() {
            return None;
        }
    }
    (at == table.len()).then_some(parts)
}

impl Part {
    /// Returns the number of bytes.
    pub fn n_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Returns bytes of the part once they are found whole; a range beyond its end is an error.
    pub fn bytes_at(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        self.check(range.clone())?;
        Ok(self.bytes.slice(range))
    }

    /// Returns the little-endian number at index `i` of a part that is an array of them.
    pub fn u32_at(&self, i: usize) -> io::Result<u32> {
        let range = i * 4..i * 4 + 4;
        self.check(range.clone())?;
        Ok(u32::from_le_bytes(self.bytes[range].try_into().expect("four bytes")))
    }

    /// Returns the little-endian number at index `i` of a part that is an array of them.
    pub fn u64_at(&self, i: usize) -> io::Result<u64> {
        let range = i * 8..i * 8 + 8;
        self.check(range.clone())?;
        Ok(u64::from_le_bytes(self.bytes[range].try_into().expect("eight bytes")))
    }

    fn check(&self, range: Range<usize>) -> io::Result<()> {
        let broken = |what: &str| io::Error::new(io::ErrorKind::InvalidData, format!("part `{}`{what}", self.name));
        if range.start > range.end || range.end > self.bytes.len() {
            return Err(broken(" is too short"));
        }
        for chunk in range.start / CHUNK..range.end.div_ceil(CHUNK) {
            if self.checked[chunk].load(Ordering::Relaxed) != 0 {
                continue;
            }
            let bytes = &self.bytes[chunk * CHUNK..self.bytes.len().min((chunk + 1) * CHUNK)];
            if blake3::hash(bytes).as_bytes()[..] != self.hashes[chunk * HASH..(chunk + 1) * HASH] {
                return Err(broken(""));
            }
            self.checked[chunk].store(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

impl HasLen for Part {
    fn len(&self) -> usize {
        self.bytes.len()
    }
}

impl FileHandle for Part {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        self.bytes_at(range)
    }
}
