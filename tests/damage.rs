//! Damaged files of every format: each is read or refused, none brings a reader down.

use std::path::Path;

use polisearch::extract::{Error, Options, read_bytes};

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)).expect("the file is shipped")
}

/// Damages a file in one of many ways, always the same for the same `nth`: bytes are changed, a piece is
/// taken out or doubled, the end is cut off.
fn damage(whole: &[u8], nth: u64) -> Vec<u8> {
    let mut state = (nth + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    let mut bytes = whole.to_vec();
    match nth % 5 {
        0 => bytes.truncate(random(whole.len())),
        1 => {
            let from = random(bytes.len());
            let to = (from + random(200)).min(bytes.len());
            bytes.drain(from..to);
        }
        2 => {
            let from = random(bytes.len());
            let piece = bytes[from..(from + random(200)).min(bytes.len())].to_vec();
            let at = random(bytes.len());
            bytes.splice(at..at, piece);
        }
        _ => {}
    }
    for _ in 0..=random(20) {
        if !bytes.is_empty() {
            let at = random(bytes.len());
            // A digit more or less makes other numbers of lengths and references.
            bytes[at] = if bytes[at].is_ascii_digit() { b'0' + random(10) as u8 } else { random(256) as u8 };
        }
    }
    bytes
}

#[track_caller]
fn check(name: &str, n: u64) {
    let whole = bytes(name);
    let mut fallen = Vec::new();
    for nth in 0..n {
        for found in read_bytes(name, damage(&whole, nth), &Options::default()).into_iter().flatten() {
            if let Err(error @ (Error::Panicked { .. } | Error::TimedOut { .. })) = found.paper {
                fallen.push(format!("damage {nth}: {error}"));
            }
        }
    }
    assert!(fallen.is_empty(), "{name}: {} of {n}: {:?}", fallen.len(), &fallen[..fallen.len().min(5)]);
    assert!(peak_memory().is_none_or(|bytes| bytes < 1 << 30), "{name} took a gigabyte");
}

/// Returns the most memory that this process has held, where the system tells.
fn peak_memory() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<usize>().ok()? << 10)
}

#[test]
fn pdf() {
    check("border.pdf", 250);
    // Objects inside packed streams, as most programs write them today.
    check("packed.pdf", 250);
}

#[test]
fn packed_documents() {
    for name in ["border.docx", "border.odt", "border.epub"] {
        check(name, 150);
    }
}

#[test]
fn marked_up_text() {
    for name in ["border.html", "border.rtf", "border.md", "border.xml", "tei.xml"] {
        check(name, 300);
    }
}
