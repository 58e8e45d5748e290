//! Streams of a PDF that would unpack to more than any page of text is.
//!
//! The PDF crate unpacks a stream whole, so what it would come to is counted before.

use flate2::{Decompress, FlushDecompress, Status};
use memchr::memmem;

/// A page's drawing or a font of this size is none; two of them are the memory that is allowed.
const MAX_STREAM: u64 = 256 << 20;

/// Deflate packs 1,032 bytes into one at most, LZW 2,730.
const MAX_RATIO: u64 = 2_730;

/// A stream that is packed twice is unpacked once to see into it, up to this size.
const MAX_INNER: u64 = 16 << 20;

/// Tells whether some packed stream unpacks to more than a stream may.
pub fn holds_bomb(bytes: &[u8]) -> bool {
    let ends: Vec<usize> = memmem::find_iter(bytes, b"endstream").collect();
    memmem::find_iter(bytes, b"stream").any(|at| {
        let data = &bytes[at + b"stream".len()..];
        let data = data.strip_prefix(b"\r\n").or(data.strip_prefix(b"\n")).unwrap_or(data);
        let start = bytes.len() - data.len();
        let end = ends.get(ends.partition_point(|&end| end < start)).copied().unwrap_or(bytes.len());
        let dictionary = dictionary(&bytes[..at]);
        // Pictures are large, and never unpacked here.
        !is_in(dictionary, b"/Image") && is_bomb(&bytes[start..end], dictionary)
    })
}

fn is_bomb(data: &[u8], dictionary: &[u8]) -> bool {
    let n_filters = ["FlateDecode", "LZWDecode", "RunLengthDecode", "/Fl ", "/LZW "]
        .iter()
        .map(|filter| memmem::find_iter(dictionary, filter).count())
        .sum::<usize>();
    let may_be = |len: usize| len as u64 * MAX_RATIO > MAX_STREAM;
    if n_filters < 2 && !may_be(data.len()) {
        return false;
    }
    if is_in(dictionary, b"/LZW") && lzw_len(data) > MAX_STREAM {
        return true;
    }
    if data.first() != Some(&0x78) {
        return false;
    }
    let mut inner = Vec::new();
    unpacks_beyond(data, MAX_STREAM, if n_filters > 1 { Some(&mut inner) } else { None })
        || (n_filters > 1
            && (inner.len() as u64 >= MAX_INNER
                || lzw_len(&inner) > MAX_STREAM && is_in(dictionary, b"/LZW")
                || (inner.first() == Some(&0x78) && unpacks_beyond(&inner, MAX_STREAM, None))))
}

/// Returns the dictionary before a stream.
fn dictionary(before: &[u8]) -> &[u8] {
    let near = &before[before.len().saturating_sub(4096)..];
    &near[memmem::rfind(near, b"obj").unwrap_or(0)..]
}

fn is_in(dictionary: &[u8], word: &[u8]) -> bool {
    memmem::find(dictionary, word).is_some()
}

/// Tells whether deflated bytes unpack to more than `limit`; keeps the first of them in `inner`.
fn unpacks_beyond(data: &[u8], limit: u64, mut inner: Option<&mut Vec<u8>>) -> bool {
    let mut inflate = Decompress::new(true);
    let mut scratch = vec![0; 64 * 1024];
    loop {
        let rest = &data[(inflate.total_in() as usize).min(data.len())..];
        let before = (inflate.total_in(), inflate.total_out());
        let status = inflate.decompress(rest, &mut scratch, FlushDecompress::None);
        if inflate.total_out() > limit {
            return true;
        }
        if let Some(inner) = inner.as_deref_mut()
            && (inner.len() as u64) < MAX_INNER
        {
            inner.extend_from_slice(&scratch[..(inflate.total_out() - before.1) as usize]);
        }
        let stands = before == (inflate.total_in(), inflate.total_out());
        if stands || !matches!(status, Ok(Status::Ok)) {
            return false;
        }
    }
}

/// Returns how many bytes LZW codes stand for, without writing them.
fn lzw_len(data: &[u8]) -> u64 {
    const CLEAR: usize = 256;
    const END: usize = 257;
    let fresh: Vec<u32> = vec![1; 258];
    let mut lengths = fresh.clone();
    let (mut bits, mut n_bits, mut width) = (0u32, 0u32, 9u32);
    let mut total = 0u64;
    let mut last: Option<u32> = None;
    for &byte in data {
        bits = bits << 8 | u32::from(byte);
        n_bits += 8;
        if n_bits < width {
            continue;
        }
        n_bits -= width;
        let code = (bits >> n_bits) as usize & ((1 << width) - 1);
        bits &= (1 << n_bits) - 1;
        match code {
            CLEAR => {
                lengths.truncate(258);
                (width, last) = (9, None);
                continue;
            }
            END => break,
            _ => {}
        }
        let length = match (lengths.get(code), last) {
            (Some(&length), _) => length,
            (None, Some(last)) => last + 1,
            (None, None) => break,
        };
        total += u64::from(length);
        if let Some(last) = last
            && lengths.len() < 4096
        {
            lengths.push(last + 1);
        }
        last = Some(length);
        width = match lengths.len() {
            0..511 => 9,
            511..1023 => 10,
            1023..2047 => 11,
            _ => 12,
        };
    }
    total
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn stream(dictionary: &str, n_bytes: usize) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        let blank = vec![b' '; 1 << 20];
        for _ in 0..n_bytes >> 20 {
            encoder.write_all(&blank).expect("memory takes all");
        }
        let packed = encoder.finish().expect("memory takes all");
        [b"1 0 obj\n", dictionary.as_bytes(), b"\nstream\n", &packed, b"\nendstream\nendobj\n"].concat()
    }

    fn deflated(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).expect("memory takes all");
        encoder.finish().expect("memory takes all")
    }

    #[test]
    fn sees_into_what_is_packed_twice() {
        let once = deflated(&vec![b' '; 300 << 20]);
        let twice = deflated(&once);
        let file = |filter: &str, data: &[u8]| {
            [b"1 0 obj\n<</Filter", filter.as_bytes(), b">>\nstream\n", data, b"\nendstream\nendobj\n"].concat()
        };
        assert!(twice.len() < 100_000, "{}", twice.len());
        assert!(holds_bomb(&file("[/FlateDecode /FlateDecode]", &twice)));
        assert!(!holds_bomb(&file("[/FlateDecode /FlateDecode]", &deflated(&deflated(b"trade")))));
    }

    #[test]
    fn counts_what_lzw_stands_for() {
        // The sample of the PDF reference: 45 45 45 45 45 65 45 45 45 66.
        assert_eq!(lzw_len(&[0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01]), 10);
    }

    #[test]
    fn finds_a_stream_without_measure() {
        assert!(holds_bomb(&stream("<</Filter/FlateDecode>>", 300 << 20)));
        assert!(!holds_bomb(&stream("<</Filter/FlateDecode>>", 8 << 20)));
        assert!(!holds_bomb(&stream("<</Subtype/Image/Filter/FlateDecode>>", 300 << 20)));
        assert!(!holds_bomb(b"a stream of words, not of bytes: stream\nx"));
    }
}
