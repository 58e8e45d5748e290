//! Stored records (papers, texts, ...): compressed in blocks, so that a result unpacks only its own.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zstd::bulk::Compressor;
use zstd::dict::{DecoderDictionary, EncoderDictionary};

use super::container::{Container, Part, Writer};
use super::error::{Error, Result};
use super::varint::{put, take};
use crate::memory::Last;

/// No block unpacks to more, whatever a file claims; a record over it is not stored.
const LARGEST_BLOCK: usize = 64 << 20;
/// Unpacked blocks that are kept, and how large one may be to be.
const REMEMBERED: usize = 16;
const LARGEST_REMEMBERED: usize = 1 << 20;
/// Raw bytes that wait to be compressed together.
const WAITING: usize = 4 << 20;
/// Raw bytes that a dictionary is learnt from, at most; so many are kept until it is.
const LEARNT_FROM: usize = 16 << 20;
/// Below so many a dictionary takes more than it saves.
const TOO_FEW: usize = 1 << 20;
const LARGEST_DICTIONARY: usize = 256 << 10;
/// Raw bytes for a byte of the dictionary.
const PER_DICTIONARY_BYTE: usize = 100;

/// How records are compressed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packing {
    /// Bytes of records that are compressed as one: larger blocks are smaller on disk, slower to open.
    pub block: usize,
    pub level: i32,
    /// Whether what blocks share is kept once, in a dictionary.
    pub dictionary: bool,
}

/// Writes records in order.
pub(super) struct RecordWriter {
    packing: Packing,
    /// Records of the block at hand, and the length of each.
    block: Vec<u8>,
    lengths: Vec<usize>,
    /// Blocks that wait to be compressed.
    waiting: Vec<Block>,
    n_waiting: usize,
    /// `None` until enough has been seen.
    shared: Option<Shared>,
    blocks: Vec<u8>,
    /// For each block: number of its first record, offset in `blocks`.
    table: Vec<u8>,
    n_records: u64,
}

struct Block {
    first: u64,
    lengths: Vec<usize>,
    data: Vec<u8>,
}

/// What blocks share.
#[derive(Default)]
struct Shared {
    bytes: Vec<u8>,
    /// Ready for use; an empty one is none, and would take as much room as the largest.
    prepared: Option<EncoderDictionary<'static>>,
}

impl Shared {
    fn new(bytes: Vec<u8>, level: i32) -> Self {
        let prepared = (!bytes.is_empty()).then(|| EncoderDictionary::copy(&bytes, level));
        Shared { bytes, prepared }
    }

    fn compressor(&self, level: i32) -> Compressor<'_> {
        let compressor = match &self.prepared {
            Some(prepared) => Compressor::with_prepared_dictionary(prepared),
            None => Compressor::new(level),
        };
        compressor.expect("memory for it")
    }
}

impl RecordWriter {
    pub fn new(packing: Packing) -> Self {
        RecordWriter {
            packing,
            block: Vec::new(),
            lengths: Vec::new(),
            waiting: Vec::new(),
            n_waiting: 0,
            shared: (!packing.dictionary).then(Shared::default),
            blocks: Vec::new(),
            table: Vec::new(),
            n_records: 0,
        }
    }

    pub fn add(&mut self, record: &impl Serialize) {
        let before = self.block.len();
        self.block = postcard::to_extend(record, std::mem::take(&mut self.block))
            .expect("records are plain data, which can always be written to memory");
        self.added(before);
    }

    pub fn add_bytes(&mut self, bytes: &[u8]) {
        let before = self.block.len();
        self.block.extend(bytes);
        self.added(before);
    }

    fn added(&mut self, before: usize) {
        self.lengths.push(self.block.len() - before);
        self.n_records += 1;
        if self.block.len() >= self.packing.block {
            self.close();
        }
    }

    fn close(&mut self) {
        if self.lengths.is_empty() {
            return;
        }
        let first = self.n_records - self.lengths.len() as u64;
        self.n_waiting += self.block.len();
        self.waiting.push(Block {
            first,
            lengths: std::mem::take(&mut self.lengths),
            data: std::mem::take(&mut self.block),
        });
        if self.n_waiting >= if self.shared.is_some() { WAITING } else { LEARNT_FROM } {
            self.compress();
        }
    }

    /// Compresses the blocks that wait.
    fn compress(&mut self) {
        /// Blocks that are compressed in the same memory.
        const TOGETHER: usize = 16;
        let waiting = std::mem::take(&mut self.waiting);
        let Packing { level, .. } = self.packing;
        let n_waiting = std::mem::take(&mut self.n_waiting);
        let shared = self.shared.get_or_insert_with(|| Shared::new(learn(&waiting, n_waiting), level));
        let pack = |compressor: &mut Compressor<'_>, block: &Block| {
            let mut raw = Vec::with_capacity(block.data.len() + 2 * block.lengths.len() + 8);
            put(&mut raw, block.lengths.len() as u64);
            block.lengths.iter().for_each(|&length| put(&mut raw, length as u64));
            raw.extend(&block.data);
            (raw.len(), compressor.compress(&raw).expect("compression into memory"))
        };
        let blocks = waiting.par_iter().with_min_len(TOGETHER);
        let packed: Vec<(usize, Vec<u8>)> = blocks.map_init(|| shared.compressor(level), pack).collect();
        for (block, (n_raw, packed)) in waiting.iter().zip(packed) {
            self.table.extend(block.first.to_le_bytes());
            self.table.extend((self.blocks.len() as u64).to_le_bytes());
            self.blocks.extend((n_raw as u32).to_le_bytes());
            self.blocks.extend(packed);
        }
    }

    /// Compresses what waits: no record follows.
    pub fn end(&mut self) {
        self.close();
        self.compress();
    }

    /// Writes the records as parts `name`, `name/table` and, when there is one, `name/shared`.
    pub fn finish(mut self, name: &str, container: &mut Writer) -> Result<()> {
        self.end();
        self.table.extend(self.n_records.to_le_bytes());
        self.table.extend((self.blocks.len() as u64).to_le_bytes());
        container.part(name, &self.blocks)?;
        container.part(&format!("{name}/table"), &self.table)?;
        match self.shared.filter(|shared| !shared.bytes.is_empty()) {
            Some(shared) => container.part(&format!("{name}/shared"), &shared.bytes),
            None => Ok(()),
        }
    }
}

/// Returns a dictionary of what blocks share; empty when there is too little to learn from.
fn learn(blocks: &[Block], n_bytes: usize) -> Vec<u8> {
    if n_bytes < TOO_FEW {
        return Vec::new();
    }
    let size = (n_bytes / PER_DICTIONARY_BYTE).min(LARGEST_DICTIONARY);
    // A quarter tells as much as all, in a quarter of the time.
    let (mut sample, mut sizes) = (Vec::new(), Vec::new());
    for block in blocks.iter().step_by(if n_bytes > LEARNT_FROM / 2 { 4 } else { 1 }) {
        sample.extend(&block.data);
        sizes.extend(&block.lengths);
    }
    zstd::dict::from_continuous(&sample, &sizes, size).unwrap_or_default()
}

/// Reads records by number.
pub(super) struct Records {
    container: Container,
    name: &'static str,
    blocks: Part,
    table: Part,
    shared: Option<Part>,
    dictionary: OnceLock<DecoderDictionary<'static>>,
    n_blocks: usize,
    /// The blocks unpacked last.
    last: Last<usize, Arc<Vec<u8>>>,
}

/// A record in its unpacked block.
pub(super) struct Record {
    block: Arc<Vec<u8>>,
    range: Range<usize>,
}

impl Record {
    pub fn bytes(&self) -> &[u8] {
        &self.block[self.range.clone()]
    }
}

impl Records {
    pub fn open(container: &Container, name: &'static str) -> Result<Self> {
        let table = container.part(&format!("{name}/table"))?.clone();
        let n_blocks =
            (table.n_bytes() / 16).checked_sub(1).ok_or_else(|| container.damaged(&format!("part `{name}/table`")))?;
        Ok(Records {
            container: container.clone(),
            name,
            blocks: container.part(name)?.clone(),
            table,
            shared: container.part_if_any(&format!("{name}/shared")).cloned(),
            dictionary: OnceLock::new(),
            n_blocks,
            last: Last::new(REMEMBERED),
        })
    }

    /// Returns the record with a number, which is smaller than the count of records.
    pub fn get<T: DeserializeOwned>(&self, number: u32) -> Result<T> {
        postcard::from_bytes(self.record(number)?.bytes()).map_err(|_| self.damaged())
    }

    /// Returns the bytes of the record with a number.
    pub fn record(&self, number: u32) -> Result<Record> {
        let cell = |i: usize| self.table.u64_at(i).map_err(|error| self.container.broken(&error));
        let (mut low, mut high) = (0, self.n_blocks);
        while low < high {
            let middle = (low + high) / 2;
            if cell(2 * middle)? <= u64::from(number) { low = middle + 1 } else { high = middle }
        }
        let at = low.checked_sub(1).ok_or_else(|| self.damaged())?;
        let first = cell(2 * at)?;
        let block = self.block(at, cell(2 * at + 1)? as usize..cell(2 * at + 3)? as usize)?;
        let range = range_of(&block, u64::from(number) - first).ok_or_else(|| self.damaged())?;
        Ok(Record { block, range })
    }

    /// Returns a block, unpacked now or not long ago.
    fn block(&self, at: usize, range: Range<usize>) -> Result<Arc<Vec<u8>>> {
        if let Some(block) = self.last.recall(&at) {
            return Ok(block);
        }
        // Unpacked without the lock: other threads want other blocks.
        let block = Arc::new(self.unpack(range)?);
        if block.len() <= LARGEST_REMEMBERED {
            self.last.keep(at, &block);
        }
        Ok(block)
    }

    fn unpack(&self, range: Range<usize>) -> Result<Vec<u8>> {
        let packed = self.blocks.slice(range).map_err(|error| self.container.broken(&error))?;
        let (claimed, frame) = packed.split_first_chunk::<4>().ok_or_else(|| self.damaged())?;
        let claimed = u32::from_le_bytes(*claimed) as usize;
        if claimed > LARGEST_BLOCK {
            return Err(self.damaged());
        }
        let unpacked = match self.dictionary()? {
            Some(dictionary) => zstd::bulk::Decompressor::with_prepared_dictionary(dictionary)
                .and_then(|mut unpacker| unpacker.decompress(frame, claimed)),
            None => zstd::bulk::decompress(frame, claimed),
        };
        unpacked.map_err(|_| self.damaged())
    }

    fn dictionary(&self) -> Result<Option<&DecoderDictionary<'static>>> {
        let Some(part) = &self.shared else { return Ok(None) };
        if let Some(dictionary) = self.dictionary.get() {
            return Ok(Some(dictionary));
        }
        let bytes = part.slice(0..part.n_bytes()).map_err(|error| self.container.broken(&error))?;
        Ok(Some(self.dictionary.get_or_init(|| DecoderDictionary::copy(bytes))))
    }

    pub fn damaged(&self) -> Error {
        self.container.damaged(&format!("part `{}`", self.name))
    }
}

/// Returns where the record with a number in its block lies.
fn range_of(block: &[u8], number: u64) -> Option<Range<usize>> {
    let mut rest = block;
    let n_records = take(&mut rest)?;
    let (mut start, mut len) = (0usize, 0usize);
    for i in 0..n_records {
        let next = usize::try_from(take(&mut rest)?).ok()?;
        if i <= number {
            start = start.checked_add(len)?;
            len = next;
        }
    }
    let begin = block.len() - rest.len();
    let start = begin.checked_add(start)?;
    let end = start.checked_add(len)?;
    (number < n_records && end <= block.len()).then_some(start..end)
}
