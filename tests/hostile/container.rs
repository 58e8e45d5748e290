//! The container as `docs/artifact.md` tells it, written a second time: it takes an index apart and
//! signs what was made of it, as a stranger would.

const CHUNK: usize = 16_384;
const TRAILER: usize = 56;

pub struct Part {
    pub name: String,
    pub bytes: Vec<u8>,
}

fn u32_at(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize
}

fn u64_at(bytes: &[u8], at: usize) -> usize {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes")) as usize
}

/// Returns where the table of contents lies.
pub fn table_of(file: &[u8]) -> std::ops::Range<usize> {
    let trailer = file.len() - TRAILER;
    let at = u64_at(file, trailer);
    assert_eq!(at + u64_at(file, trailer + 8), trailer);
    at..trailer
}

/// Returns the parts with where each begins, in the order of the file.
pub fn parts_of(file: &[u8]) -> Vec<(usize, Part)> {
    let table = &file[table_of(file)];
    let mut at = 4;
    let mut parts = Vec::new();
    for _ in 0..u32_at(table, 0) {
        let n = u32_at(table, at);
        let name = std::str::from_utf8(&table[at + 4..at + 4 + n]).expect("UTF-8").to_owned();
        at += 4 + n;
        let (offset, len) = (u64_at(table, at), u64_at(table, at + 8));
        let n_roots = (len.div_ceil(CHUNK) * 32).div_ceil(CHUNK);
        at += 24 + 32 * n_roots;
        parts.push((offset, Part { name, bytes: file[offset..offset + len].to_owned() }));
    }
    assert_eq!(at, table.len());
    parts
}

/// Writes parts with right checksums.
pub fn signed<'p>(version: u32, parts: impl Iterator<Item = (&'p str, &'p [u8])>) -> Vec<u8> {
    let mut file = b"polisrch".to_vec();
    file.extend(version.to_le_bytes());
    file.extend([0; 4]);
    let mut written = Vec::new();
    for (name, bytes) in parts {
        file.resize(file.len().next_multiple_of(64), 0);
        written.push((name, file.len(), bytes.len(), hashes(bytes)));
        file.extend(bytes);
    }
    file.resize(file.len().next_multiple_of(64), 0);
    let mut table = (written.len() as u32).to_le_bytes().to_vec();
    for (name, at, len, hashes_of_chunks) in written {
        table.extend((name.len() as u32).to_le_bytes());
        table.extend(name.as_bytes());
        for number in [at, len, file.len()] {
            table.extend((number as u64).to_le_bytes());
        }
        table.extend(hashes(&hashes_of_chunks));
        file.extend(hashes_of_chunks);
    }
    let at = file.len() as u64;
    file.extend(&table);
    file.extend(at.to_le_bytes());
    file.extend((table.len() as u64).to_le_bytes());
    file.extend(blake3::hash(&table).as_bytes());
    file.extend(b"hcrsilop");
    file
}

fn hashes(bytes: &[u8]) -> Vec<u8> {
    bytes.chunks(CHUNK).flat_map(|chunk| *blake3::hash(chunk).as_bytes()).collect()
}
