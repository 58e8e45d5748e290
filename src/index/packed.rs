//! Columns of small numbers, each in as many bits as the largest needs, read where they lie.

use super::container::{Container, Part, Writer};
use super::error::Result;

/// Bytes behind the numbers, so that eight can be read from wherever one begins.
const PADDING: usize = 8;

/// Writes a column: its numbers, then how many bits each has.
pub(super) fn write(name: &str, numbers: &[u32], container: &mut Writer) -> Result<()> {
    let width = numbers.iter().max().map_or(0, |&most| u32::BITS - most.leading_zeros());
    let mut bytes = vec![0; (numbers.len() * width as usize).div_ceil(8) + PADDING];
    for (i, &number) in numbers.iter().enumerate() {
        let bit = i * width as usize;
        let eight = &mut bytes[bit / 8..][..8];
        let value = u64::from_le_bytes((&*eight).try_into().expect("eight bytes")) | u64::from(number) << (bit % 8);
        eight.copy_from_slice(&value.to_le_bytes());
    }
    bytes.push(width as u8);
    container.part(name, &bytes)
}

/// A column of a container.
#[derive(Debug)]
pub(super) struct Column {
    container: Container,
    part: Part,
    width: usize,
}

impl Column {
    /// Opens a column of at least `n` numbers.
    pub fn open(container: &Container, name: &str, n: usize) -> Result<Self> {
        let part = container.part(name)?.clone();
        let last = part.n_bytes().checked_sub(1);
        let width = last.and_then(|last| part.slice(last..last + 1).ok()).map_or(64, |byte| usize::from(byte[0]));
        if width > 32 || part.n_bytes() < (n * width).div_ceil(8) + PADDING + 1 {
            return Err(container.damaged(&format!("part `{name}`")));
        }
        Ok(Column { container: container.clone(), part, width })
    }

    /// Returns all numbers, and perhaps some behind them.
    pub fn unpack(&self) -> Result<Vec<u32>> {
        let n_bits = (self.part.n_bytes() - PADDING - 1) * 8;
        let n = n_bits.checked_div(self.width).unwrap_or(0) as u32;
        (0..n).map(|i| self.get(i)).collect()
    }

    /// Returns the number at index `i`.
    #[inline]
    pub fn get(&self, i: u32) -> Result<u32> {
        let bit = i as usize * self.width;
        let eight = self.part.eight_at(bit / 8).map_err(|error| self.container.broken(&error))?;
        Ok((eight >> (bit % 8) & ((1 << self.width) - 1)) as u32)
    }
}
