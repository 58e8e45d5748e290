//! Ascending numbers in few bits: binary interpolative coding (Moffat and Stuiver 2000).
//!
//! The middle number comes first, in as many bits as those leave open between which it lies; then the numbers before
//! it, then those behind.

/// Writes bits, the lowest of a byte first.
#[derive(Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    /// Bits of the last byte that are free.
    n_free: u32,
}

impl BitWriter {
    /// Appends the `n` lowest bits of a number that has no others.
    pub fn put(&mut self, mut bits: u32, mut n: u32) {
        while n > 0 {
            if self.n_free == 0 {
                self.bytes.push(0);
                self.n_free = 8;
            }
            let taken = n.min(self.n_free);
            if let Some(last) = self.bytes.last_mut() {
                *last |= ((bits & ((1 << taken) - 1)) << (8 - self.n_free)) as u8;
            }
            bits >>= taken;
            self.n_free -= taken;
            n -= taken;
        }
    }

    /// Appends a number below `bound`: the first ones take a bit less where they don't fill a power of two.
    fn put_below(&mut self, number: u32, bound: u32) {
        let (n_bits, n_short) = truncated(bound);
        if number < n_short {
            self.put(number, n_bits - 1);
        } else if n_bits > 0 {
            let long = number + n_short;
            self.put(long >> 1, n_bits - 1);
            self.put(long & 1, 1);
        }
    }

    /// Appends ascending numbers from `low` to `high`, of which the reader knows how many there are.
    pub fn put_ascending(&mut self, numbers: &[u32], low: u32, high: u32) {
        if numbers.is_empty() || numbers.len() as u32 > high - low {
            return;
        }
        let middle = numbers.len() / 2;
        let (before, [number, behind @ ..]) = numbers.split_at(middle) else { return };
        let (lowest, highest) = (low + middle as u32, high - behind.len() as u32);
        self.put_below(number - lowest, highest - lowest + 1);
        if middle > 0 {
            self.put_ascending(before, low, number - 1);
        }
        if !behind.is_empty() {
            self.put_ascending(behind, number + 1, high);
        }
    }

    /// Appends a number that is mostly 1 and never 0 (Elias gamma, its ones and zeros changed).
    pub fn put_count(&mut self, count: u32) {
        let n_bits = count.ilog2();
        self.put((1 << n_bits) - 1, n_bits + 1);
        self.put(count - (1 << n_bits), n_bits);
    }

    /// Returns the bytes; those that are zero at the end are read where there are none.
    pub fn finish(mut self) -> Vec<u8> {
        let n = self.bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
        self.bytes.truncate(n);
        self.bytes
    }
}

/// Returns how many bits a number below `bound` takes, and how many of these numbers take one less.
fn truncated(bound: u32) -> (u32, u32) {
    let n_bits = u32::BITS - bound.saturating_sub(1).leading_zeros();
    (n_bits, ((1u64 << n_bits) - u64::from(bound)) as u32)
}

/// Reads what a [`BitWriter`] wrote; behind the end there are zeros.
pub(super) struct BitReader<'b> {
    bytes: &'b [u8],
    /// The next bit.
    at: usize,
}

impl<'b> BitReader<'b> {
    pub fn new(bytes: &'b [u8]) -> Self {
        BitReader { bytes, at: 0 }
    }

    /// Returns the next 32 bits, the first one lowest, and stays before them.
    #[inline]
    fn peek(&self) -> u32 {
        let rest = self.bytes.get(self.at / 8..).unwrap_or_default();
        let eight = match rest.first_chunk::<8>() {
            Some(eight) => *eight,
            None => {
                let mut eight = [0; 8];
                eight[..rest.len()].copy_from_slice(rest);
                eight
            }
        };
        (u64::from_le_bytes(eight) >> (self.at % 8)) as u32
    }

    /// Takes `n` bits, fewer than 32.
    #[inline]
    fn take(&mut self, n: u32) -> u32 {
        let bits = self.peek() & ((1 << n) - 1);
        self.at += n as usize;
        bits
    }

    #[inline]
    fn take_below(&mut self, bound: u32) -> u32 {
        let (n_bits, n_short) = truncated(bound);
        if n_bits == 0 {
            return 0;
        }
        let number = self.take(n_bits - 1);
        if number < n_short { number } else { (number << 1 | self.take(1)) - n_short }
    }

    /// Reads as many ascending numbers as there is room for, from `low` to `high`; whatever the bytes, they lie
    /// there. `None` when these leave no room.
    pub fn take_ascending(&mut self, numbers: &mut [u32], low: u32, high: u32) -> Option<()> {
        if numbers.is_empty() {
            return Some(());
        }
        let n_more = u32::try_from(numbers.len() - 1).ok()?;
        if high.checked_sub(low)? < n_more {
            return None;
        }
        self.read(numbers, low, high);
        Some(())
    }

    fn read(&mut self, numbers: &mut [u32], low: u32, high: u32) {
        if numbers.len() as u32 > high - low {
            (low..).zip(numbers).for_each(|(next, number)| *number = next);
            return;
        }
        let middle = numbers.len() / 2;
        let (before, [number, behind @ ..]) = numbers.split_at_mut(middle) else { return };
        let (lowest, highest) = (low + middle as u32, high - behind.len() as u32);
        *number = lowest + self.take_below(highest - lowest + 1);
        if middle > 0 {
            self.read(before, low, *number - 1);
        }
        if !behind.is_empty() {
            self.read(behind, *number + 1, high);
        }
    }

    /// Takes a count; `None` when there is none so high.
    #[inline]
    pub fn take_count(&mut self) -> Option<u32> {
        let n_bits = self.peek().trailing_ones();
        if n_bits > 30 {
            return None;
        }
        self.at += n_bits as usize + 1;
        Some((1 << n_bits) + self.take(n_bits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lists_that_fill_their_room_take_no_bits() {
        let mut writer = BitWriter::default();
        writer.put_ascending(&[3, 4, 5], 3, 5);
        writer.put_count(1);
        assert!(writer.finish().is_empty());
        let mut numbers = [0; 3];
        let mut reader = BitReader::new(&[]);
        assert_eq!(reader.take_ascending(&mut numbers, 3, 5), Some(()));
        assert_eq!((numbers, reader.take_count()), ([3, 4, 5], Some(1)));
        assert_eq!(reader.take_ascending(&mut numbers, 3, 4), None, "there is no room for three");
        assert_eq!(BitReader::new(&[0xff; 8]).take_count(), None);
    }

    proptest! {
        #[test]
        fn numbers_and_counts_come_back(
            numbers in proptest::collection::btree_set(5u32..3_000_000_000, 0..128),
            counts in proptest::collection::vec(1u32..1_000_000, 0..20),
            room in 0u32..1_000_000_000,
        ) {
            let numbers: Vec<u32> = numbers.into_iter().collect();
            let high = numbers.last().copied().unwrap_or(5) + room;
            let mut writer = BitWriter::default();
            writer.put_ascending(&numbers, 5, high);
            counts.iter().for_each(|&count| writer.put_count(count));
            let bytes = writer.finish();
            let mut reader = BitReader::new(&bytes);
            let mut read = vec![0; numbers.len()];
            prop_assert_eq!(reader.take_ascending(&mut read, 5, high), Some(()));
            prop_assert_eq!(read, numbers);
            for count in counts {
                prop_assert_eq!(reader.take_count(), Some(count));
            }
        }

        #[test]
        fn any_bytes_give_numbers_in_their_room(bytes in any::<Vec<u8>>(), n in 0usize..128, low in 0u32..1000, room in 127u32..5000) {
            let mut numbers = vec![0; n];
            prop_assert_eq!(BitReader::new(&bytes).take_ascending(&mut numbers, low, low + room), Some(()));
            prop_assert!(numbers.iter().all(|&number| (low..=low + room).contains(&number)));
            prop_assert!(numbers.is_sorted_by(|a, b| a < b));
        }
    }
}
