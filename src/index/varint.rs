//! Numbers in as few bytes as they need: seven bits a byte, the lowest first.

/// Appends a number.
#[inline]
pub(super) fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Takes a number from the front; `None` when there is none.
#[inline]
pub(super) fn take(bytes: &mut &[u8]) -> Option<u64> {
    let (&first, rest) = bytes.split_first()?;
    *bytes = rest;
    // Most numbers are small.
    if first < 0x80 { Some(u64::from(first)) } else { take_more(first, bytes) }
}

/// Takes a number that has one byte or two, as chance will have it: without a branch. Others are taken as well.
#[inline]
pub(super) fn take_short(bytes: &mut &[u8]) -> Option<u64> {
    match **bytes {
        [first, second, ..] if first & second < 0x80 => {
            let has_second = u64::from(first >> 7);
            *bytes = &bytes[1 + has_second as usize..];
            Some(u64::from(first & 0x7f) | (has_second * u64::from(second)) << 7)
        }
        _ => take(bytes),
    }
}

/// Takes what is left of a number that began with `first`.
fn take_more(first: u8, bytes: &mut &[u8]) -> Option<u64> {
    let mut number = u64::from(first & 0x7f);
    for shift in (7..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// Passes over so many numbers at the front; `None` when there are fewer.
#[inline]
pub(super) fn skip(bytes: &mut &[u8], n: usize) -> Option<()> {
    for _ in 0..n {
        let last = bytes.iter().position(|&byte| byte < 0x80)?;
        *bytes = &bytes[last + 1..];
    }
    Some(())
}

/// Takes so many bytes from the front; `None` when there are fewer.
#[inline]
pub(super) fn take_bytes<'b>(bytes: &mut &'b [u8], n: u64) -> Option<&'b [u8]> {
    let (taken, rest) = bytes.split_at_checked(usize::try_from(n).ok()?)?;
    *bytes = rest;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        let numbers = [0, 1, 127, 128, 300, 1 << 32, u64::MAX];
        let mut bytes = Vec::new();
        numbers.iter().for_each(|&number| put(&mut bytes, number));
        let mut rest = &bytes[..];
        assert_eq!(numbers.map(|_| take(&mut rest)), numbers.map(Some));
        assert_eq!(take(&mut rest), None);
        let mut rest = &bytes[..];
        assert_eq!(numbers.map(|_| take_short(&mut rest)), numbers.map(Some));
        for take in [take, take_short] {
            assert_eq!([take(&mut &[][..]), take(&mut &[0x80][..]), take(&mut &[0xff; 12][..])], [None; 3]);
        }
        let mut rest = &bytes[..];
        assert_eq!((skip(&mut rest, 4), take(&mut rest)), (Some(()), Some(300)));
        assert_eq!(skip(&mut rest, 3), None);
    }
}
