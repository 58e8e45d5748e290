//! The file an index lives in: named parts behind a header, checked as they are read.
//!
//! `docs/artifact.md` describes the bytes. Each part is hashed in chunks, and a chunk is checked
//! when it is touched for the first time: opening costs what a search needs, not what the file
//! weighs, and nothing damaged ever reaches the engine.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use tantivy::HasLen;
use tantivy::directory::{FileHandle, OwnedBytes};

use super::error::{Error, Result};

/// The format of the file; another one is refused before anything else is read.
pub const FORMAT_VERSION: u32 = 6;

const MAGIC: &[u8; 8] = b"polisrch";
const END_MAGIC: &[u8; 8] = b"hcrsilop";
const HEADER: usize = 16;
/// Offset and length of the table, its hash, and the closing magic.
const TRAILER: usize = 8 + 8 + 32 + 8;
/// Parts start at multiples of this, so that their numbers can be read in place.
const ALIGNMENT: u64 = 64;
/// Bytes that are hashed as one.
const CHUNK: usize = 8 * 1024;
const HASH: usize = 32;
/// No table of contents is larger: a hash in it vouches for 2 MiB.
const LARGEST_TABLE: u64 = 64 << 20;
const MOST_PARTS: usize = 64;
const LONGEST_NAME: usize = 64;

/// Writes a container, part after part.
pub(super) struct Writer {
    out: BufWriter<File>,
    path: PathBuf,
    at: u64,
    parts: Vec<WrittenPart>,
}

struct WrittenPart {
    name: String,
    at: u64,
    len: u64,
    /// The hashes of its chunks.
    hashes: Vec<u8>,
}

impl Writer {
    /// Begins a container in `file`, which is empty; `path` is for messages.
    pub fn new(file: File, path: &Path) -> Result<Self> {
        let out = BufWriter::with_capacity(1 << 20, file);
        let mut writer = Writer { out, path: path.to_owned(), at: 0, parts: Vec::new() };
        writer.write(MAGIC)?;
        writer.write(&FORMAT_VERSION.to_le_bytes())?;
        writer.write(&[0; HEADER - 12])?;
        Ok(writer)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.at += bytes.len() as u64;
        self.out.write_all(bytes).map_err(|source| Error::Io { path: self.path.clone(), source })
    }

    fn align(&mut self) -> Result<()> {
        let gap = self.at.next_multiple_of(ALIGNMENT) - self.at;
        self.write(&[0; ALIGNMENT as usize][..gap as usize])
    }

    /// Adds a part; names are unique.
    pub fn part(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        debug_assert!(name.len() <= LONGEST_NAME && self.parts.len() < MOST_PARTS);
        self.align()?;
        let hashes = hashes_of(bytes);
        self.parts.push(WrittenPart { name: name.to_owned(), at: self.at, len: bytes.len() as u64, hashes });
        self.write(bytes)
    }

    /// Writes the hashes and the table of contents, and syncs the file.
    pub fn finish(mut self) -> Result<()> {
        self.align()?;
        let mut table = (self.parts.len() as u32).to_le_bytes().to_vec();
        for part in std::mem::take(&mut self.parts) {
            table.extend((part.name.len() as u32).to_le_bytes());
            table.extend(part.name.as_bytes());
            table.extend(part.at.to_le_bytes());
            table.extend(part.len.to_le_bytes());
            table.extend(self.at.to_le_bytes());
            table.extend(hashes_of(&part.hashes));
            self.write(&part.hashes)?;
        }
        let at = self.at;
        self.write(&table)?;
        self.write(&at.to_le_bytes())?;
        self.write(&(table.len() as u64).to_le_bytes())?;
        self.write(blake3::hash(&table).as_bytes())?;
        self.write(END_MAGIC)?;
        let path = self.path;
        let failed = |source| Error::Io { path: path.clone(), source };
        let file = self.out.into_inner().map_err(|error| failed(error.into_error()))?;
        file.sync_all().map_err(failed)
    }
}

/// Compares some bytes with their hash. A fuzzer can't guess hashes: it may write what it likes.
fn is_hash(bytes: &[u8], hash: &[u8]) -> bool {
    cfg!(fuzzing) || blake3::hash(bytes).as_bytes()[..] == *hash
}

/// Returns the hashes of the chunks of some bytes, one behind the other.
fn hashes_of(bytes: &[u8]) -> Vec<u8> {
    bytes.chunks(CHUNK).flat_map(|chunk| *blake3::hash(chunk).as_bytes()).collect()
}

/// An open container.
#[derive(Clone, Debug)]
pub(super) struct Container {
    /// Sorted by name.
    parts: Arc<[Part]>,
    path: Arc<Path>,
    bytes: OwnedBytes,
    broken: Broken,
}

/// The first damage met while reading: whoever reads where no error can be told, tells it here.
type Broken = Arc<OnceLock<String>>;

/// A part of a container. Reading checks every chunk it touches, once.
#[derive(Clone, Debug)]
pub(super) struct Part {
    name: Arc<str>,
    body: Hashed,
    /// The hashes of the body's chunks.
    hashes: Hashed,
    /// The hashes of the chunks of `hashes`: part of the table of contents, and so whole.
    roots: OwnedBytes,
    broken: Broken,
}

/// Bytes with a memory of which chunks of them have been found whole.
#[derive(Clone, Debug)]
struct Hashed {
    bytes: OwnedBytes,
    /// A bit for each chunk.
    checked: Arc<[AtomicU64]>,
}

/// Whether bytes are compared with their hashes before they are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// They come from a file, or from wherever.
    Nothing,
    /// They are part of the program, and as whole as it is.
    Whole,
}

impl Hashed {
    fn new(bytes: OwnedBytes, trust: Trust) -> Self {
        let n_words = bytes.len().div_ceil(CHUNK).div_ceil(64);
        let checked = if trust == Trust::Whole { u64::MAX } else { 0 };
        Hashed { bytes, checked: (0..n_words).map(|_| AtomicU64::new(checked)).collect() }
    }

    #[inline]
    fn is_checked(&self, chunk: usize) -> bool {
        self.checked[chunk / 64].load(Ordering::Relaxed) & (1 << (chunk % 64)) != 0
    }

    /// Compares a chunk with its hash.
    fn check(&self, chunk: usize, hashes: &[u8]) -> bool {
        let bytes = &self.bytes[chunk * CHUNK..self.bytes.len().min((chunk + 1) * CHUNK)];
        let whole = is_hash(bytes, &hashes[chunk * HASH..(chunk + 1) * HASH]);
        if whole {
            self.checked[chunk / 64].fetch_or(1 << (chunk % 64), Ordering::Relaxed);
        }
        whole
    }
}

impl Container {
    /// Opens a file by mapping it.
    pub fn open(path: &Path) -> Result<Self> {
        let failed = |source| Error::Io { path: path.to_owned(), source };
        Container::of_file(&File::open(path).map_err(failed)?, path)
    }

    /// Opens an open file by mapping it; `path` is for messages.
    pub fn of_file(file: &File, path: &Path) -> Result<Self> {
        let failed = |source| Error::Io { path: path.to_owned(), source };
        if file.metadata().map_err(failed)?.len() < HEADER as u64 {
            return Err(Error::NotAnIndex { path: path.to_owned() });
        }
        // SAFETY: the file is written once under another name and renamed; who changes it under a
        // reader's eyes breaks it for any program. Every byte used is checked against its hash.
        #[expect(unsafe_code, reason = "a file is opened in place, whatever its size")]
        let map = unsafe { memmap2::Mmap::map(file) }.map_err(failed)?;
        Container::from_bytes(OwnedBytes::new(map), path, Trust::Nothing)
    }

    /// Opens a container in memory; `path` is for messages.
    pub fn from_bytes(bytes: OwnedBytes, path: &Path, trust: Trust) -> Result<Self> {
        let damaged = |what: &str| Error::Damaged { path: path.to_owned(), what: what.to_owned() };
        if bytes.len() < HEADER || bytes[..8] != MAGIC[..] {
            return Err(Error::NotAnIndex { path: path.to_owned() });
        }
        let found = u32::from_le_bytes(bytes[8..12].try_into().expect("four bytes"));
        if found != FORMAT_VERSION {
            return Err(Error::Version { path: path.to_owned(), found, wanted: FORMAT_VERSION });
        }
        if bytes[12..HEADER] != [0; HEADER - 12] {
            return Err(damaged("the header"));
        }
        if bytes.len() < HEADER + TRAILER {
            return Err(damaged("the end of the file"));
        }
        let trailer = &bytes[bytes.len() - TRAILER..];
        let number = |at: usize| u64::from_le_bytes(trailer[at..at + 8].try_into().expect("eight bytes"));
        let (table_at, table_len) = (number(0), number(8));
        let end = (bytes.len() - TRAILER) as u64;
        if trailer[48..] != END_MAGIC[..] || table_len > LARGEST_TABLE || table_at.checked_add(table_len) != Some(end) {
            return Err(damaged("the end of the file"));
        }
        let table = bytes.slice(table_at as usize..end as usize);
        if !is_hash(&table, &trailer[16..48]) {
            return Err(damaged("the table of contents"));
        }
        let broken = Broken::default();
        let parts =
            read_table(&bytes, &table, table_at, trust, &broken).ok_or_else(|| damaged("the table of contents"))?;
        Ok(Container { parts: parts.into(), path: path.into(), bytes, broken })
    }

    /// Returns the number of bytes of the whole file.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Returns the parts' names and sizes, in order of name.
    pub fn parts(&self) -> impl Iterator<Item = (&str, usize)> {
        self.parts.iter().map(|part| (&*part.name, part.n_bytes()))
    }

    /// Returns a part.
    pub fn part(&self, name: &str) -> Result<&Part> {
        self.part_if_any(name).ok_or_else(|| self.damaged(&format!("it has no part `{name}`")))
    }

    /// Returns a part if there is one.
    pub fn part_if_any(&self, name: &str) -> Option<&Part> {
        let at = self.parts.binary_search_by(|part| (*part.name).cmp(name)).ok()?;
        Some(&self.parts[at])
    }

    /// Checks every byte of every part, whether it has been before or not.
    pub fn verify(&self) -> Result<()> {
        let fresh = Container::from_bytes(self.bytes.clone(), &self.path, Trust::Nothing)?;
        let whole = |part: &Part| part.check(0..part.n_bytes());
        fresh.parts.par_iter().try_for_each(whole).map_err(|error| self.broken(&error))
    }

    /// Fails when damage has been met anywhere since the file was opened.
    pub fn sound(&self) -> Result<()> {
        self.broken.get().map_or(Ok(()), |what| Err(self.damaged(what)))
    }

    /// Returns the whole of a part, checked.
    pub fn bytes(&self, name: &str) -> Result<OwnedBytes> {
        let part = self.part(name)?;
        part.bytes_at(0..part.n_bytes()).map_err(|error| self.broken(&error))
    }

    /// Returns the error of a file whose contents contradict themselves.
    pub fn damaged(&self, what: &str) -> Error {
        Error::Damaged { path: self.path.to_path_buf(), what: what.to_owned() }
    }

    pub fn broken(&self, error: &io::Error) -> Error {
        self.damaged(&error.to_string())
    }
}

/// Reads the table of contents; `None` when it contradicts itself.
fn read_table(
    file: &OwnedBytes,
    table: &OwnedBytes,
    table_at: u64,
    trust: Trust,
    broken: &Broken,
) -> Option<Vec<Part>> {
    let mut parts: Vec<Part> = Vec::new();
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
        if name_len > LONGEST_NAME {
            return None;
        }
        let name = std::str::from_utf8(&table[take(name_len)?]).ok()?;
        let mut number = || Some(u64::from_le_bytes(table[take(8)?].try_into().ok()?));
        let (offset, len, hashes_at) = (number()?, number()?, number()?);
        let end = offset.checked_add(len)?;
        let hashes_end = hashes_at.checked_add((len.div_ceil(CHUNK as u64)).checked_mul(HASH as u64)?)?;
        if offset < free_from || offset % ALIGNMENT != 0 || end > hashes_at || hashes_end > table_at {
            return None;
        }
        free_from = end;
        let n_roots = ((hashes_end - hashes_at) as usize).div_ceil(CHUNK);
        parts.push(Part {
            name: name.into(),
            body: Hashed::new(file.slice(offset as usize..end as usize), trust),
            hashes: Hashed::new(file.slice(hashes_at as usize..hashes_end as usize), trust),
            roots: table.slice(take(n_roots.checked_mul(HASH)?)?),
            broken: Arc::clone(broken),
        });
    }
    parts.sort_by(|a, b| a.name.cmp(&b.name));
    let unique = parts.windows(2).all(|pair| pair[0].name != pair[1].name);
    (at == table.len() && unique).then_some(parts)
}

impl Part {
    /// Returns the number of bytes.
    pub fn n_bytes(&self) -> usize {
        self.body.bytes.len()
    }

    /// Returns bytes of the part once they are found whole; a range beyond its end is an error.
    pub fn bytes_at(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        self.check(range.clone())?;
        Ok(self.body.bytes.slice(range))
    }

    /// Returns bytes of the part once they are found whole, without taking hold of the file.
    #[inline]
    pub fn slice(&self, range: Range<usize>) -> io::Result<&[u8]> {
        self.check(range.clone())?;
        Ok(&self.body.bytes[range])
    }

    /// Returns the eight bytes from `at` on once they are found whole, as a little-endian number.
    #[inline(always)]
    pub fn eight_at(&self, at: usize) -> io::Result<u64> {
        // Most numbers lie in a chunk that has been checked, not over the border of two.
        let in_one = at % CHUNK <= CHUNK - 8 && at / CHUNK / 64 < self.body.checked.len();
        if !(in_one && self.body.is_checked(at / CHUNK)) {
            self.check(at..at.saturating_add(8))?;
        }
        match self.body.bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
            Some(eight) => Ok(u64::from_le_bytes(*eight)),
            None => Err(self.is_broken(" is too short")),
        }
    }

    /// Returns the little-endian number at index `i` of a part that is an array of them.
    pub fn u64_at(&self, i: usize) -> io::Result<u64> {
        self.eight_at(i.saturating_mul(8))
    }

    /// Returns a byte where no error can be told: 0 when it is not whole or beyond the end, which
    /// [`Container::sound`] tells.
    #[inline]
    pub fn byte_or_broken(&self, i: usize) -> u8 {
        if i < self.n_bytes() && self.body.is_checked(i / CHUNK) {
            return self.body.bytes[i];
        }
        self.slice(i..i + 1).map_or(0, |bytes| bytes[0])
    }

    #[inline]
    fn check(&self, range: Range<usize>) -> io::Result<()> {
        if range.start > range.end || range.end > self.n_bytes() {
            return Err(self.is_broken(" is too short"));
        }
        for chunk in range.start / CHUNK..range.end.div_ceil(CHUNK) {
            if !self.body.is_checked(chunk) {
                self.check_chunk(chunk)?;
            }
        }
        Ok(())
    }

    #[cold]
    fn check_chunk(&self, chunk: usize) -> io::Result<()> {
        let list = chunk * HASH / CHUNK;
        let known = self.hashes.is_checked(list) || self.hashes.check(list, &self.roots);
        if known && self.body.check(chunk, &self.hashes.bytes) { Ok(()) } else { Err(self.is_broken("")) }
    }

    /// Returns the error of a part that is broken, which [`Container::sound`] then tells.
    #[cold]
    pub fn is_broken(&self, how: &str) -> io::Error {
        let what = format!("part `{}`{how}", self.name);
        let _ = self.broken.set(what.clone());
        io::Error::new(io::ErrorKind::InvalidData, what)
    }
}

impl HasLen for Part {
    fn len(&self) -> usize {
        self.n_bytes()
    }
}

impl FileHandle for Part {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        self.bytes_at(range)
    }
}
