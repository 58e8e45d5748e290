//! What stands between the words of a text and how these are written, as few bytes.
//!
//! Before each word, and at the end, a *symbol* tells what stands there since the word before, and the
//! form of the word. Most words follow a blank in their usual form: runs of these are counted. The
//! commonest other symbols share a byte with the run before them, those met a few times have a number,
//! and the rest are spelled out.

use std::sync::Arc;

use tantivy::directory::OwnedBytes;

use super::forms::{Form, write};
use super::varint::{put, take, take_bytes};

/// Longer runs take a byte for each so many.
const RUN: u8 = 12;
/// Symbols that share a byte with the run before them.
const SHORT: u8 = 18;
/// From here on a byte tells the run before a symbol whose number follows ...
const NUMBERED: u8 = RUN * SHORT;
/// ... before one that is spelled out ...
const SPELLED: u8 = NUMBERED + RUN;
/// ... or that the run is longer than [`RUN`].
const LONGER: u8 = SPELLED + RUN;
/// Symbols that have a number, at most.
pub(super) const MOST: usize = 4096;
/// No text is longer, whatever a file claims.
const LONGEST_TEXT: usize = 64 << 20;

/// What stands before a word, and how that is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Symbol<'b> {
    pub gap: &'b str,
    pub form: Form<&'b str>,
}

impl<'b> Symbol<'b> {
    /// A blank, and a word in its usual form.
    pub const REGULAR: Symbol<'static> = Symbol { gap: " ", form: Form::Usual };

    pub fn put(&self, bytes: &mut Vec<u8>) {
        let text = |bytes: &mut Vec<u8>, text: &str| {
            put(bytes, text.len() as u64);
            bytes.extend(text.as_bytes());
        };
        text(bytes, self.gap);
        match self.form {
            Form::Usual => bytes.push(0),
            Form::Plain => bytes.push(1),
            Form::Title => bytes.push(2),
            Form::Capitals => bytes.push(3),
            Form::End => bytes.push(4),
            Form::Spelled(spelled) => {
                bytes.push(5);
                text(bytes, spelled);
            }
        }
    }

    pub fn take(bytes: &mut &'b [u8]) -> Option<Self> {
        let text = |bytes: &mut &'b [u8]| {
            let n = take(bytes)?;
            std::str::from_utf8(take_bytes(bytes, n)?).ok()
        };
        let gap = text(bytes)?;
        let (&form, rest) = bytes.split_first()?;
        *bytes = rest;
        let form = match form {
            0 => Form::Usual,
            1 => Form::Plain,
            2 => Form::Title,
            3 => Form::Capitals,
            4 => Form::End,
            5 => Form::Spelled(text(bytes)?),
            _ => return None,
        };
        Some(Symbol { gap, form })
    }
}

/// Codes a text, symbol after symbol.
#[derive(Default)]
pub(super) struct Coder {
    pub bytes: Vec<u8>,
    run: usize,
}

impl Coder {
    /// Adds [`Symbol::REGULAR`].
    pub fn add_regular(&mut self) {
        self.run += 1;
    }

    /// Adds another symbol, which has a number.
    pub fn add(&mut self, number: u32) {
        let run = self.end_run();
        if number < u32::from(SHORT) {
            self.bytes.push(run * SHORT + number as u8);
        } else {
            self.bytes.push(NUMBERED + run);
            put(&mut self.bytes, u64::from(number - u32::from(SHORT)));
        }
    }

    /// Adds a symbol that has none.
    pub fn add_spelled(&mut self, symbol: &Symbol<'_>) {
        let run = self.end_run();
        self.bytes.push(SPELLED + run);
        symbol.put(&mut self.bytes);
    }

    /// Ends the run before a symbol, and returns what is left to tell of it.
    fn end_run(&mut self) -> u8 {
        let run = std::mem::take(&mut self.run);
        self.bytes.extend(std::iter::repeat_n(LONGER, run / usize::from(RUN)));
        (run % usize::from(RUN)) as u8
    }
}

/// A word as folded, and as most often written where that is not the same.
#[derive(Debug)]
pub(super) struct Written {
    pub word: Box<str>,
    pub usual: Option<Box<str>>,
}

/// Symbols by their numbers, as they lie in the file.
#[derive(Debug)]
pub(super) struct Symbols {
    bytes: OwnedBytes,
    /// Where each begins.
    starts: Vec<u32>,
}

impl Symbols {
    /// Reads all symbols that have a number.
    pub fn read(bytes: OwnedBytes) -> Option<Self> {
        let (mut rest, mut starts) = (bytes.as_slice(), Vec::new());
        while !rest.is_empty() && starts.len() < MOST {
            starts.push(u32::try_from(bytes.len() - rest.len()).ok()?);
            Symbol::take(&mut rest)?;
        }
        rest.is_empty().then_some(Symbols { bytes, starts })
    }

    fn get(&self, number: usize) -> Option<Symbol<'_>> {
        Symbol::take(&mut &self.bytes[*self.starts.get(number)? as usize..])
    }

    /// Puts a text together from its code and its words; `None` when they do not fit.
    pub fn text(&self, mut code: &[u8], words: &[Arc<Written>]) -> Option<String> {
        let mut text = Text { text: String::new(), words: words.iter() };
        loop {
            let (&byte, rest) = code.split_first()?;
            code = rest;
            let run = match byte {
                0..NUMBERED => byte / SHORT,
                NUMBERED..SPELLED => byte - NUMBERED,
                SPELLED..LONGER => byte - SPELLED,
                LONGER => RUN,
                _ => return None,
            };
            for _ in 0..run {
                text.add(" ", &Form::Usual)?;
            }
            if text.text.len() > LONGEST_TEXT {
                return None;
            }
            let added = match byte {
                LONGER => continue,
                SPELLED.. => {
                    let Symbol { gap, form } = Symbol::take(&mut code)?;
                    text.add(gap, &form)?
                }
                _ => {
                    let number = match byte {
                        NUMBERED.. => usize::try_from(take(&mut code)?).ok()?.checked_add(usize::from(SHORT))?,
                        _ => usize::from(byte % SHORT),
                    };
                    let Symbol { gap, form } = self.get(number)?;
                    text.add(gap, &form)?
                }
            };
            if added == Added::End {
                return (text.words.as_slice().is_empty() && code.is_empty()).then_some(text.text);
            }
        }
    }
}

/// A text that is put together.
struct Text<'w> {
    text: String,
    words: std::slice::Iter<'w, Arc<Written>>,
}

#[derive(PartialEq, Eq)]
enum Added {
    Word,
    End,
}

impl Text<'_> {
    fn add(&mut self, gap: &str, form: &Form<&str>) -> Option<Added> {
        self.text.push_str(gap);
        if matches!(form, Form::End) {
            return Some(Added::End);
        }
        let word = self.words.next()?;
        match form {
            Form::Usual => self.text.push_str(word.usual.as_ref().unwrap_or(&word.word)),
            form => write(&word.word, form, &mut self.text)?,
        }
        Some(Added::Word)
    }
}
