//! Stored records (papers, passages): compressed in blocks, so that a result unpacks only its own.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::container::{Container, Writer};
use super::error::Result;

/// Bytes of records that are compressed as one: larger blocks are smaller on disk, slower to open.
const BLOCK: usize = 24 * 1024;
/// No block unpacks to more, whatever a file claims; a record over it has a block of its own size.
const LARGEST_BLOCK: usize = 256 << 20;
/// Unpacked blocks that are kept.
const REMEMBERED: usize = 16;
/// Levels above bring under 2 % and cost half of a build's time.
const LEVEL: i32 = 9;

/// Writes records in order.
pub(super) struct RecordWriter {
    block: Vec<u8>,
    /// Ends of the records of the block at hand.
    ends: Vec<u32>,
    blocks: Vec<u8>,
    /// For each block: number of its first record, offset in `blocks`.
    table: Vec<u8>,
    n_records: u64,
}

impl RecordWriter {
    pub fn new() -> Self {
        RecordWriter { block: Vec::new(), ends: Vec::new(), blocks: Vec::new(), table: Vec::new(), n_records: 0 }
    }

    pub fn add(&mut self, record: &impl Serialize) {
        self.block = postcard::to_extend(record, std::mem::take(&mut self.block))
            .expect("records are plain data, which can always be written to memory");
        self.ends.push(self.block.len() as u32);
        self.n_records += 1;
        if self.block.len() >= BLOCK {
            self.close();
        }
    }

    fn close(&mut self) {
        if self.ends.is_empty() {
            return;
        }
        self.table.extend((self.n_records - self.ends.len() as u64).to_le_bytes());
        self.table.extend((self.blocks.len() as u64).to_le_bytes());
        let mut raw = (self.ends.len() as u32).to_le_bytes().to_vec();
        self.ends.iter().for_each(|end| raw.extend(end.to_le_bytes()));
        raw.append(&mut self.block);
        self.ends.clear();
        let packed = zstd::bulk::compress(&raw, LEVEL).expect("compression into memory");
        self.blocks.extend((raw.len() as u32).to_le_bytes());
        self.blocks.extend(packed);
    }

    /// Writes the records as two parts, `name` and `name/table`.
    pub fn finish(mut self, name: &str, container: &mut Writer) -> Result<()> {
        self.close();
        self.table.extend(self.n_records.to_le_bytes());
        self.table.extend((self.blocks.len() as u64).to_le_bytes());
        container.part(name, &self.blocks)?;
        container.part(&format!("{name}/table"), &self.table)
    }
}

/// Reads records by number.
#[derive(Debug)]
pub(super) struct Records {
    container: Container,
    name: &'static str,
    table: String,
    n_blocks: usize,
    /// The blocks unpacked last, newest first: what is asked for together often lies together.
    last: Mutex<Vec<(usize, Arc<Vec<u8>>)>>,
}

impl Records {
    pub fn open(container: &Container, name: &'static str) -> Result<Self> {
        let table = format!("{name}/table");
        let n_blocks = (container.part(&table)?.n_bytes() / 16)
            .checked_sub(1)
            .ok_or_else(|| container.damaged(&format!("part `{table}`")))?;
        container.part(name)?;
        Ok(Records { container: container.clone(), name, table, n_blocks, last: Mutex::new(Vec::new()) })
    }

    /// Returns the record with a number, which is smaller than the count of records.
    pub fn get<T: DeserializeOwned>(&self, number: u32) -> Result<T> {
        let table = self.container.part(&self.table)?;
        let cell = |i: usize| table.u64_at(i).map_err(|error| self.container.broken(&error));
        let (mut low, mut high) = (0, self.n_blocks);
        while low < high {
            let middle = (low + high) / 2;
            if cell(2 * middle)? <= u64::from(number) { low = middle + 1 } else { high = middle }
        }
        let block = low.checked_sub(1).ok_or_else(|| self.damaged())?;
        let first = cell(2 * block)?;
        let range = cell(2 * block + 1)? as usize..cell(2 * block + 3)? as usize;
        let remembered = |last: &Vec<(usize, Arc<Vec<u8>>)>| {
            last.iter().find(|(at, _)| *at == block).map(|(_, raw)| Arc::clone(raw))
        };
        let last = remembered(&self.last.lock().unwrap_or_else(PoisonError::into_inner));
        let raw = match last {
            Some(raw) => raw,
            None => {
                // Unpacked without the lock: other threads want other blocks.
                let raw = Arc::new(self.unpack(range)?);
                let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
                last.insert(0, (block, Arc::clone(&raw)));
                last.truncate(REMEMBERED);
                raw
            }
        };
        self.record(&raw, u64::from(number) - first).ok_or_else(|| self.damaged())
    }

    fn record<T: DeserializeOwned>(&self, raw: &[u8], i: u64) -> Option<T> {
        let number = |at: usize| Some(u32::from_le_bytes(raw.get(at..at + 4)?.try_into().ok()?) as usize);
        let n = number(0)?;
        let i = usize::try_from(i).ok().filter(|&i| i < n)?;
        let data = raw.get(4 + 4 * n..)?;
        let start = if i == 0 { 0 } else { number(4 * i)? };
        postcard::from_bytes(data.get(start..number(4 + 4 * i)?)?).ok()
    }

    fn unpack(&self, range: std::ops::Range<usize>) -> Result<Vec<u8>> {
        let part = self.container.part(self.name)?;
        let packed = part.bytes_at(range).map_err(|error| self.container.broken(&error))?;
        let claimed = packed.get(..4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes);
        let claimed = claimed.map(|n| n as usize).filter(|&n| n <= LARGEST_BLOCK).ok_or_else(|| self.damaged())?;
        zstd::bulk::decompress(&packed[4..], claimed).map_err(|_| self.damaged())
    }

    fn damaged(&self) -> super::Error {
        self.container.damaged(&format!("part `{}`", self.name))
    }
}
