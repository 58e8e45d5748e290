//! Numbered lines of a text file, for the readers of this room.

use std::io::BufRead;

use super::error::{Error, Problem};

pub(in crate::eval) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Calls `each` with every line that is not blank: without its line end, and the first one without
/// a byte order mark.
///
/// The first line that `each` refuses, or that is not UTF-8, ends the reading with an error that
/// names `file` and the line.
pub(super) fn for_each(
    mut reader: impl BufRead,
    file: &str,
    mut each: impl FnMut(&str) -> Result<(), Problem>,
) -> Result<(), Error> {
    let mut bytes = Vec::new();
    for line in 1.. {
        bytes.clear();
        let n_read = reader.read_until(b'\n', &mut bytes).map_err(|source| Error::Read {
            file: file.to_string(),
            after: line - 1,
            source,
        })?;
        if n_read == 0 {
            break;
        }
        let text = std::str::from_utf8(&bytes).map_err(|error| Problem::NotUtf8 { at: error.valid_up_to() });
        let outcome = text.and_then(|text| {
            let text = if line == 1 { text.trim_start_matches(BYTE_ORDER_MARK) } else { text };
            let text = text.trim_end_matches(['\r', '\n']);
            if text.trim().is_empty() { Ok(()) } else { each(text) }
        });
        outcome.map_err(|problem| Error::Line { file: file.to_string(), line, problem })?;
    }
    Ok(())
}

/// Parses the value of a column, or says what it should have been.
pub(super) fn value<T: std::str::FromStr>(
    column: &'static str,
    found: &str,
    wanted: &'static str,
) -> Result<T, Problem> {
    found.trim().parse().map_err(|_| Problem::Value { column, found: found.to_string(), wanted })
}

/// Parses a byte offset: below 4 GiB, so that sums of lengths cannot overflow.
pub(super) fn offset(column: &'static str, found: &str) -> Result<usize, Problem> {
    value::<u32>(column, found, "a byte offset below 4 GiB").map(|offset| offset as usize)
}
