//! Streams of a PDF that would unpack to more than any page of text is.
//!
//! The PDF crate unpacks a stream whole, so what it would come to is counted before.

use flate2::{Decompress, FlushDecompress, Status};
use memchr::memmem;

/// A page's drawing or a font of this size is none; two of them are the memory that is allowed.
const MAX_STREAM: u64 = 256 << 20;

/// Deflate packs 1,032 bytes into one at most.
const MAX_RATIO: u64 = 1032;

/// Tells whether some deflated stream unpacks to more than a stream may.
pub fn holds_bomb(bytes: &[u8]) -> bool {
    let ends: Vec<usize> = memmem::find_iter(bytes, b"endstream").collect();
    memmem::find_iter(bytes, b"stream").any(|at| {
        let data = &bytes[at + b"stream".len()..];
        let data = data.strip_prefix(b"\r\n").or(data.strip_prefix(b"\n")).unwrap_or(data);
        if data.first() != Some(&0x78) {
            return false;
        }
        let start = bytes.len() - data.len();
        let end = ends.get(ends.partition_point(|&end| end < start)).copied().unwrap_or(bytes.len());
        let may_be = (end - start) as u64 * MAX_RATIO > MAX_STREAM;
        // Pictures are large, and never unpacked here.
        may_be && !is_picture(&bytes[..at]) && unpacks_beyond(&bytes[start..end], MAX_STREAM)
    })
}

/// Tells whether the dictionary before a stream is a picture's.
fn is_picture(before: &[u8]) -> bool {
    let near = &before[before.len().saturating_sub(4096)..];
    let start = memmem::rfind(near, b"obj").unwrap_or(0);
    memmem::find(&near[start..], b"/Image").is_some()
}

fn unpacks_beyond(data: &[u8], limit: u64) -> bool {
    let mut inflate = Decompress::new(true);
    let mut scratch = vec![0; 64 * 1024];
    loop {
        let rest = &data[(inflate.total_in() as usize).min(data.len())..];
        let before = (inflate.total_in(), inflate.total_out());
        let status = inflate.decompress(rest, &mut scratch, FlushDecompress::None);
        if inflate.total_out() > limit {
            return true;
        }
        let stands = before == (inflate.total_in(), inflate.total_out());
        if stands || !matches!(status, Ok(Status::Ok)) {
            return false;
        }
    }
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

    #[test]
    fn finds_a_stream_without_measure() {
        assert!(holds_bomb(&stream("<</Filter/FlateDecode>>", 300 << 20)));
        assert!(!holds_bomb(&stream("<</Filter/FlateDecode>>", 8 << 20)));
        assert!(!holds_bomb(&stream("<</Subtype/Image/Filter/FlateDecode>>", 300 << 20)));
        assert!(!holds_bomb(b"a stream of words, not of bytes: stream\nx"));
    }
}
