//! Strings by number, read where they lie.

use super::container::{Container, Writer};
use super::error::Result;

/// Writes strings in order, as two parts, `name` and `name/ends`.
pub(super) fn write<'s>(name: &str, strings: impl Iterator<Item = &'s str>, container: &mut Writer) -> Result<()> {
    let (mut bytes, mut ends) = (Vec::new(), Vec::new());
    for string in strings {
        bytes.extend(string.as_bytes());
        ends.extend((bytes.len() as u64).to_le_bytes());
    }
    container.part(name, &bytes)?;
    container.part(&format!("{name}/ends"), &ends)
}

/// Returns the string with a number.
pub(super) fn get(container: &Container, name: &str, number: u32) -> Result<String> {
    let broken = |error: std::io::Error| container.broken(&error);
    let ends = container.part(&format!("{name}/ends"))?;
    let end = |i: usize| ends.u64_at(i).map(|end| end as usize).map_err(broken);
    let start = if number == 0 { 0 } else { end(number as usize - 1)? };
    let bytes = container.part(name)?.bytes_at(start..end(number as usize)?).map_err(broken)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
