//! The lines of a file of queries, whatever is in them.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use super::{LONGEST_ROW, RowError};
use crate::eval::lines::BYTE_ORDER_MARK;

#[derive(Debug)]
pub(super) struct Line {
    pub(super) number: usize,
    pub(super) text: Result<String, RowError>,
}

/// The lines of a file, with room for some that were read too early.
#[derive(Debug)]
pub(super) struct Lines<R> {
    reader: R,
    n_read: usize,
    waiting: VecDeque<Line>,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R) -> Lines<R> {
        Lines { reader, n_read: 0, waiting: VecDeque::new() }
    }

    pub(super) fn next(&mut self) -> Option<Line> {
        if let Some(line) = self.waiting.pop_front() {
            return Some(line);
        }
        let text = self.read().transpose()?;
        self.n_read += 1;
        Some(Line { number: self.n_read, text })
    }

    pub(super) fn put_back(&mut self, lines: Vec<Line>) {
        for line in lines.into_iter().rev() {
            self.waiting.push_front(line);
        }
    }

    /// Reads a line without its end; `None` behind the last.
    fn read(&mut self) -> Result<Option<String>, RowError> {
        let mut bytes = Vec::new();
        let mut limited = io::Read::take(&mut self.reader, LONGEST_ROW as u64 + 1);
        if limited.read_until(b'\n', &mut bytes).map_err(RowError::Read)? == 0 {
            return Ok(None);
        }
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
        } else if bytes.len() > LONGEST_ROW {
            self.reader.skip_until(b'\n').map_err(RowError::Read)?;
            return Err(RowError::TooLong);
        }
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        let mut text =
            String::from_utf8(bytes).map_err(|error| RowError::NotUtf8 { at: error.utf8_error().valid_up_to() })?;
        if self.n_read == 0 && text.starts_with(BYTE_ORDER_MARK) {
            text.drain(..BYTE_ORDER_MARK.len());
        }
        Ok(Some(text))
    }
}
