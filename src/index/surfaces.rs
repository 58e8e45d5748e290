//! Texts as a builder takes them: apart from their words, which the forward index keeps.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::container::Writer;
use super::error::Result;
use super::forms::{Form, form_of};
use super::forward::ForwardWriter;
use super::interned::Words;
use super::symbols::{Coder, MOST, Symbol};
use super::texts::{Packing, RecordWriter};
use super::varint::{put, take};
use crate::analysis::Terms;

/// The part of the symbols that have a number.
pub(super) const SYMBOLS: &str = "texts/symbols";

/// A text taken apart: where each of its words stands, and how it is written.
pub(super) struct Surface(Vec<Piece>);

struct Piece {
    start: usize,
    /// What stands behind belongs to the next gap.
    end: usize,
    form: Form<()>,
}

impl Surface {
    /// Takes a text apart beside its terms.
    pub fn of(text: &str, terms: &Terms) -> Self {
        let piece = |(word, place): (&str, std::ops::Range<usize>)| {
            let (form, n) = form_of(word, &text[place.clone()]);
            Piece { start: place.start, end: place.start + n, form }
        };
        Surface(terms.written().map(piece).collect())
    }
}

/// Collects what stands between words and how these are written.
#[derive(Default)]
pub(super) struct SurfaceWriter {
    /// By number, as words are.
    gaps: Words,
    spellings: Words,
    /// Symbols by gap and form, in the order of their first appearance.
    numbers: HashMap<(u32, Form<u32>), u32, FxBuildHasher>,
    symbols: Vec<(u32, Form<u32>)>,
    /// The symbols of all texts; each ends with one of [`Form::End`].
    stream: Vec<u8>,
    /// For each word of the forward index how often it is written plain, as a title, in capitals.
    counts: Vec<[u32; 3]>,
    /// How often a word is spelled in some way.
    spelled: HashMap<(u32, u32), u32, FxBuildHasher>,
}

/// How each word of the forward index is written most often.
pub(super) struct Usual {
    forms: Vec<Form<u32>>,
    spellings: Words,
}

impl Usual {
    /// Returns the form of the word with an id; that of a hyphenated word joined does not matter.
    pub fn of(&self, id: u32) -> Form<&str> {
        spell(self.forms.get(id as usize).copied().unwrap_or(Form::Plain), &self.spellings)
    }
}

fn spell(form: Form<u32>, spellings: &Words) -> Form<&str> {
    match form {
        Form::Spelled(spelling) => Form::Spelled(spellings.get(spelling)),
        Form::Usual => Form::Usual,
        Form::Plain => Form::Plain,
        Form::Title => Form::Title,
        Form::Capitals => Form::Capitals,
        Form::End => Form::End,
    }
}

impl SurfaceWriter {
    /// Adds a text; `ids` are those of its words in the forward index.
    pub fn add(&mut self, text: &str, surface: &Surface, ids: &[u32]) {
        assert_eq!(surface.0.len(), ids.len(), "the forward index has the text's words");
        let mut at = 0;
        for (piece, &id) in surface.0.iter().zip(ids) {
            if self.counts.len() <= id as usize {
                self.counts.resize(id as usize + 1, [0; 3]);
            }
            let form = match piece.form {
                Form::Spelled(()) => {
                    let spelling = self.spellings.id(&text[piece.start..piece.end]);
                    *self.spelled.entry((id, spelling)).or_default() += 1;
                    Form::Spelled(spelling)
                }
                Form::Title => Form::Title,
                Form::Capitals => Form::Capitals,
                Form::Plain | Form::Usual | Form::End => Form::Plain,
            };
            if let Some(count) = column(form).map(|column| &mut self.counts[id as usize][column]) {
                *count += 1;
            }
            self.put(&text[at..piece.start], form);
            at = piece.end;
        }
        self.put(&text[at..], Form::End);
    }

    fn put(&mut self, gap: &str, form: Form<u32>) {
        let gap = self.gaps.id(gap);
        let next = self.symbols.len() as u32;
        let number = *self.numbers.entry((gap, form)).or_insert(next);
        if number == next {
            self.symbols.push((gap, form));
        }
        put(&mut self.stream, u64::from(number));
    }

    /// Writes the texts as records and their symbols; returns how words are written most often.
    pub fn finish(self, forward: &ForwardWriter, packing: Packing, container: &mut Writer) -> Result<Usual> {
        let usual = self.usual();
        // Behind the symbols as they were met, one for each gap: that before a word in its usual form.
        let n_met = self.symbols.len() as u32;
        let settle = |met: u32, id: Option<u32>| {
            let (gap, form) = self.symbols[met as usize];
            if id.is_some_and(|id| usual[id as usize] == form) { n_met + gap } else { met }
        };
        let mut counts = vec![0u32; self.symbols.len() + self.gaps.len()];
        self.for_each(forward, &mut |met, id| counts[settle(met, id) as usize] += 1);
        let symbol = |settled: u32| match settled.checked_sub(n_met) {
            Some(gap) => Symbol { gap: self.gaps.get(gap), form: Form::Usual },
            None => {
                let (gap, form) = self.symbols[settled as usize];
                Symbol { gap: self.gaps.get(gap), form: spell(form, &self.spellings) }
            }
        };
        const TOO_FEW: u32 = 3;
        let is_numbered = |&settled: &u32| counts[settled as usize] >= TOO_FEW && symbol(settled) != Symbol::REGULAR;
        let mut numbered: Vec<u32> = (0..counts.len() as u32).filter(is_numbered).collect();
        numbered.sort_by_key(|&settled| std::cmp::Reverse(counts[settled as usize]));
        numbered.truncate(MOST);
        let mut numbers = vec![None; counts.len()];
        let mut table = Vec::new();
        for (number, &settled) in numbered.iter().enumerate() {
            numbers[settled as usize] = Some(number as u32);
            symbol(settled).put(&mut table);
        }
        container.part(SYMBOLS, &table)?;
        let mut records = RecordWriter::new(packing);
        let mut coder = Coder::default();
        self.for_each(forward, &mut |met, id| {
            let settled = settle(met, id);
            let symbol = symbol(settled);
            if symbol == Symbol::REGULAR {
                return coder.add_regular();
            }
            coder.add(numbers[settled as usize], &symbol);
            if id.is_none() {
                records.add_bytes(&coder.bytes);
                coder.bytes.clear();
            }
        });
        records.finish("texts", container)?;
        Ok(Usual { forms: usual, spellings: self.spellings })
    }

    /// Returns for each word how it is written most often.
    fn usual(&self) -> Vec<Form<u32>> {
        let forms = [Form::Plain, Form::Title, Form::Capitals];
        let mut best: Vec<(u32, Form<u32>)> = Vec::with_capacity(self.counts.len());
        for counts in &self.counts {
            let most = counts.iter().zip(forms).rev().max_by_key(|(count, _)| **count);
            best.push(most.map_or((0, Form::Plain), |(&count, form)| (count, form)));
        }
        let mut spelled: Vec<_> = self.spelled.iter().collect();
        spelled.sort_unstable();
        for (&(id, spelling), &count) in spelled {
            if count > best[id as usize].0 {
                best[id as usize] = (count, Form::Spelled(spelling));
            }
        }
        best.into_iter().map(|(_, form)| form).collect()
    }

    /// Calls `found` with each symbol of all texts, and the id of the word that it is about.
    fn for_each(&self, forward: &ForwardWriter, found: &mut dyn FnMut(u32, Option<u32>)) {
        let mut rest = &self.stream[..];
        forward.for_each(&mut |ids| {
            for id in ids.iter().copied().map(Some).chain([None]) {
                let met = take(&mut rest).expect("there is a symbol for each word, and one for the end");
                found(met as u32, id);
            }
        });
    }
}

/// Returns where a form is counted.
fn column(form: Form<u32>) -> Option<usize> {
    match form {
        Form::Plain => Some(0),
        Form::Title => Some(1),
        Form::Capitals => Some(2),
        _ => None,
    }
}
