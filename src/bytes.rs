//! Many bytes looked at together, where a look at each would hold a text up.

/// Bytes that a mask tells of.
pub(crate) const MASKED: usize = 64;

/// Sets a bit for each of the [`MASKED`] bytes from `start` that stands before `end` and fits.
///
/// `fits` has no branch, so that many bytes are done at a time.
#[inline]
pub(crate) fn mask(text: &[u8], start: usize, end: usize, fits: impl Fn(u8) -> bool) -> u64 {
    // Gathers the lowest bits of eight bytes in the highest byte.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    if start >= end {
        return 0;
    }
    let mut last = [0; MASKED];
    let bytes: &[u8; MASKED] = text[start..].first_chunk().unwrap_or_else(|| {
        last[..text.len() - start].copy_from_slice(&text[start..]);
        &last
    });
    let mut fitting = [0; MASKED];
    fitting.iter_mut().zip(bytes).for_each(|(fitting, &byte)| *fitting = u8::from(fits(byte)));
    let eights = fitting.as_chunks::<8>().0.iter();
    let mask = eights.rev().fold(0, |mask, &eight| mask << 8 | u64::from_le_bytes(eight).wrapping_mul(GATHER) >> 56);
    if end - start < MASKED { mask & ((1 << (end - start)) - 1) } else { mask }
}

/// Tells whether a byte is part of a word: a letter of ASCII, or no ASCII.
#[inline]
pub(crate) fn is_letter(byte: u8) -> bool {
    ((byte | 0x20).wrapping_sub(b'a') < 26) | (byte >= 0x80)
}

/// Counts the bytes that `fits` holds for, which has no branch.
#[inline]
pub(crate) fn count(bytes: &[u8], fits: impl Fn(u8) -> bool) -> usize {
    (0..bytes.len()).step_by(MASKED).map(|at| mask(bytes, at, bytes.len(), &fits).count_ones() as usize).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_which_bytes_fit() {
        let text: Vec<u8> = (0..150).map(|i| if i % 7 == 3 { b'x' } else { 0 }).collect();
        for (start, end) in [(0, 150), (3, 4), (60, 150), (100, 140), (140, 150), (10, 10), (149, 20), (200, 150)] {
            let expected =
                (0..MASKED).filter(|i| start + i < end && (start + i) % 7 == 3).fold(0, |bits, i| bits | 1u64 << i);
            assert_eq!(mask(&text, start, end, |byte| byte == b'x'), expected, "{start}..{end}");
        }
    }
}
