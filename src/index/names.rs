//! What follows the paper's id in each passage's id, by number: `/p12/3f9a1c` in six bytes.

use super::container::{Container, Part, Writer};
use super::error::Result;
use super::varint::{put, take, take_bytes};

/// Names of a block, whose place is known.
const BLOCK: u32 = 64;
/// Tells that a name has another form and is spelled out.
const SPELLED: u8 = 0xff;
/// Tells that the same words stand on the page before: a number follows.
const AGAIN: u8 = 0x80;

/// Writes names in order, as two parts, `name` and `name/starts`.
pub(super) fn write<'s>(name: &str, names: impl Iterator<Item = &'s str>, container: &mut Writer) -> Result<()> {
    let (mut bytes, mut starts) = (Vec::new(), Vec::new());
    for (i, name) in names.enumerate() {
        if i.is_multiple_of(BLOCK as usize) {
            starts.extend((bytes.len() as u64).to_le_bytes());
        }
        if pack(name, &mut bytes).is_none() {
            bytes.push(SPELLED);
            put(&mut bytes, name.len() as u64);
            bytes.extend(name.as_bytes());
        }
    }
    starts.extend((bytes.len() as u64).to_le_bytes());
    container.part(name, &bytes)?;
    container.part(&format!("{name}/starts"), &starts)
}

/// Appends a name of the usual form, `/pPAGE/HASH` or `/pPAGE/HASH-N`; `None`, and nothing is
/// appended, when it has another one.
fn pack(name: &str, bytes: &mut Vec<u8>) -> Option<()> {
    let (page, hash) = name.strip_prefix("/p")?.rsplit_once('/')?;
    let (hash, again) = match hash.split_once('-') {
        Some((hash, n)) => (hash, Some(n.parse::<u64>().ok().filter(|number| number.to_string() == n)?)),
        None => (hash, None),
    };
    let number = u32::from_str_radix(hash, 16).ok().filter(|number| format!("{number:06x}") == hash)?;
    let len = u8::try_from(page.len()).ok().filter(|&len| len < AGAIN - 1)?;
    bytes.push(len | if again.is_some() { AGAIN } else { 0 });
    bytes.extend(page.as_bytes());
    bytes.extend(&number.to_le_bytes()[..3]);
    again.into_iter().for_each(|n| put(bytes, n));
    Some(())
}

/// Takes a name from the front, and appends it to `name`.
fn unpack(rest: &mut &[u8], name: &mut String) -> Option<()> {
    let (&tag, behind) = rest.split_first()?;
    *rest = behind;
    if tag == SPELLED {
        let n = take(rest)?;
        name.push_str(std::str::from_utf8(take_bytes(rest, n)?).ok()?);
        return Some(());
    }
    let page = std::str::from_utf8(take_bytes(rest, u64::from(tag & !AGAIN))?).ok()?;
    let hash = take_bytes(rest, 3)?;
    name.push_str("/p");
    name.push_str(page);
    name.push('/');
    let digits = hash.iter().rev().flat_map(|byte| [byte >> 4, byte & 0xf]);
    name.extend(digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)));
    if tag & AGAIN != 0 {
        name.push_str(&format!("-{}", take(rest)?));
    }
    Some(())
}

/// Takes a name from the front.
fn skip(rest: &mut &[u8]) -> Option<()> {
    let (&tag, behind) = rest.split_first()?;
    *rest = behind;
    if tag == SPELLED {
        let n = take(rest)?;
        return take_bytes(rest, n).map(|_| ());
    }
    take_bytes(rest, u64::from(tag & !AGAIN) + 3)?;
    if tag & AGAIN != 0 {
        take(rest)?;
    }
    Some(())
}

/// Names in a container.
#[derive(Debug)]
pub(super) struct Names {
    container: Container,
    name: &'static str,
    bytes: Part,
    starts: Part,
}

impl Names {
    pub fn open(container: &Container, name: &'static str) -> Result<Self> {
        let part = |ending| container.part(&format!("{name}{ending}")).cloned();
        Ok(Names { container: container.clone(), name, bytes: part("")?, starts: part("/starts")? })
    }

    /// Appends the name with a number to `to`.
    pub fn append(&self, number: u32, to: &mut String) -> Result<()> {
        self.reading().append(number, to)
    }

    /// Returns a reading of names, which is fast where numbers follow each other.
    pub fn reading(&self) -> Reading<'_> {
        Reading { names: self, next: u32::MAX, rest: &[] }
    }

    fn block(&self, block: u32) -> Result<&[u8]> {
        let broken = |error: std::io::Error| self.container.broken(&error);
        let start = |block: u32| self.starts.u64_at(block as usize).map_err(broken);
        self.bytes.slice(start(block)? as usize..start(block + 1)? as usize).map_err(broken)
    }
}

/// Names, read one behind the other.
pub(super) struct Reading<'n> {
    names: &'n Names,
    /// The number of the name at hand.
    next: u32,
    /// What is left of its block.
    rest: &'n [u8],
}

impl Reading<'_> {
    /// Appends the name with a number to `to`.
    pub fn append(&mut self, number: u32, to: &mut String) -> Result<()> {
        if number < self.next || number / BLOCK != self.next / BLOCK || number.is_multiple_of(BLOCK) {
            self.next = number / BLOCK * BLOCK;
            self.rest = self.names.block(number / BLOCK)?;
        }
        let skipped = (self.next..number).try_for_each(|_| skip(&mut self.rest));
        self.next = number.saturating_add(1);
        let found = skipped.and_then(|()| unpack(&mut self.rest, to));
        found.ok_or_else(|| self.names.container.damaged(&format!("part `{}`", self.names.name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back() {
        let names = [
            "/p12/3f9a1c",
            "/pix/00000f-2",
            "",
            "/p/abcdef",
            "/p1/ABCDEF",
            "/p1/abc",
            "/p1/abcdef-02",
            "x",
            "/p/a/00000a",
        ];
        let mut bytes = Vec::new();
        for name in names {
            let before = bytes.len();
            if pack(name, &mut bytes).is_none() {
                assert_eq!(bytes.len(), before, "{name}");
                bytes.push(SPELLED);
                put(&mut bytes, name.len() as u64);
                bytes.extend(name.as_bytes());
            }
        }
        let (mut rest, mut skipped) = (&bytes[..], &bytes[..]);
        for name in names {
            let mut found = String::new();
            assert!(unpack(&mut rest, &mut found).is_some() && skip(&mut skipped).is_some());
            assert_eq!((&*found, rest), (name, skipped));
        }
        assert!(rest.is_empty());
    }
}
