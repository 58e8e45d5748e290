//! Texts as a builder takes them: apart from their words, which the forward index keeps.

use std::collections::HashMap;
use std::num::NonZeroU32;

use rustc_hash::FxBuildHasher;

use super::container::Writer;
use super::error::Result;
use super::forms::{Form, form_of};
use super::forward::ForwardWriter;
use super::interned::Words;
use super::symbols::{Coder, MOST, Symbol};
use super::texts::{Packing, RecordWriter};
use super::varint::{put, take};
use crate::analysis::{Case, Terms};

/// The part of the symbols that have a number.
pub(super) const SYMBOLS: &str = "texts/symbols";

/// Collects what stands between words and how these are written.
#[derive(Default)]
pub(super) struct SurfaceWriter {
    /// By number, as words are.
    gaps: Words,
    spellings: Words,
    /// The number of [`BLANK`] among the gaps, once it was met.
    blank: Option<u32>,
    /// Symbols, in the order of their first appearance.
    symbols: Vec<(u32, Form<u32>)>,
    /// Their numbers: for each gap those with forms that have a [`column`] ...
    numbers: Vec<[Option<NonZeroU32>; N_COLUMNS]>,
    /// ... and of the others by gap and form.
    rarer: HashMap<(u32, Form<u32>), u32, FxBuildHasher>,
    /// The symbols of all texts; each ends with one of [`Form::End`].
    stream: Vec<u8>,
    /// For each word of the forward index how often it is written plain, as a title, in capitals.
    counts: Vec<[u32; N_COLUMNS]>,
    /// How often a word is spelled in some way.
    spelled: HashMap<(u32, u32), u32, FxBuildHasher>,
}

/// Texts that are coded.
pub(super) struct Settled {
    usual: Usual,
    /// The symbols that have a number.
    symbols: Vec<u8>,
    records: RecordWriter,
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
    /// Adds a text beside its terms; `ids` are those of its words in the forward index.
    pub fn add(&mut self, text: &str, terms: &Terms, ids: &[u32]) {
        let mut at = 0;
        let mut ids = ids.iter();
        for (word, place, case) in terms.written() {
            let &id = ids.next().expect("the forward index has the text's words");
            if self.counts.len() <= id as usize {
                self.counts.resize(id as usize + 1, [0; N_COLUMNS]);
            }
            // What stands behind the written word belongs to the next gap.
            let (form, n) = match case {
                Case::Small => (Form::Plain, place.len()),
                Case::Title => (Form::Title, place.len()),
                Case::Other => form_of(word, &text[place.clone()]),
            };
            let end = place.start + n;
            let form = match form {
                Form::Spelled(()) => {
                    let spelling = self.spellings.id(&text[place.start..end]);
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
            self.put(&text[at..place.start], form);
            at = end;
        }
        assert!(ids.next().is_none(), "the forward index has the text's words only");
        self.put(&text[at..], Form::End);
    }

    /// Adds the texts of another, in which words had numbers for which they have these.
    pub fn append(&mut self, other: &SurfaceWriter, ids: &[u32]) {
        let gaps: Vec<u32> = other.gaps.iter().map(|gap| self.gaps.id(gap)).collect();
        let spellings: Vec<u32> = other.spellings.iter().map(|spelling| self.spellings.id(spelling)).collect();
        let symbols: Vec<u32> = (other.symbols.iter())
            .map(|&(gap, form)| {
                let form = match form {
                    Form::Spelled(spelling) => Form::Spelled(spellings[spelling as usize]),
                    form => form,
                };
                self.number(gaps[gap as usize], form)
            })
            .collect();
        let n_words = ids.iter().max().map_or(0, |&id| id as usize + 1);
        self.counts.resize(self.counts.len().max(n_words), [0; N_COLUMNS]);
        for (&id, counts) in ids.iter().zip(&other.counts) {
            self.counts[id as usize].iter_mut().zip(counts).for_each(|(count, n)| *count += n);
        }
        for (&(word, spelling), n) in &other.spelled {
            *self.spelled.entry((ids[word as usize], spellings[spelling as usize])).or_default() += n;
        }
        let mut rest = &other.stream[..];
        while let Some(symbol) = take(&mut rest) {
            put(&mut self.stream, u64::from(symbols[symbol as usize]));
        }
    }

    fn put(&mut self, gap: &str, form: Form<u32>) {
        let gap = match self.blank.filter(|_| gap == BLANK) {
            Some(blank) => blank,
            None => {
                let id = self.gaps.id(gap);
                if gap == BLANK {
                    self.blank = Some(id);
                }
                id
            }
        };
        let number = self.number(gap, form);
        put(&mut self.stream, u64::from(number));
    }

    /// Returns the number of a symbol, which gets one if it is new.
    fn number(&mut self, gap: u32, form: Form<u32>) -> u32 {
        let next = self.symbols.len() as u32;
        let number = match column(form) {
            Some(column) => {
                if self.numbers.len() <= gap as usize {
                    self.numbers.resize(gap as usize + 1, [None; N_COLUMNS]);
                }
                // One more than the number, so that none of them is 0.
                let place = &mut self.numbers[gap as usize][column];
                place.get_or_insert(NonZeroU32::MIN.saturating_add(next)).get() - 1
            }
            None => *self.rarer.entry((gap, form)).or_insert(next),
        };
        if number == next {
            self.symbols.push((gap, form));
        }
        number
    }

    /// Codes the texts as records, and their symbols.
    pub fn settle(self, forward: &ForwardWriter, packing: Packing) -> Settled {
        let usual = self.usual();
        // Behind the symbols as they were met, one for each gap: that before a word in its usual form.
        let n_met = self.symbols.len() as u32;
        // Most forms are told by a byte, which stays at hand for all words.
        let short = |form: &Form<u32>| column(*form).unwrap_or(N_COLUMNS) as u8;
        let usual_short: Vec<u8> = usual.iter().map(short).collect();
        let met_short: Vec<u8> = self.symbols.iter().map(|(_, form)| short(form)).collect();
        let is_usual = |met: u32, id: u32| {
            let form = met_short[met as usize];
            form == usual_short[id as usize]
                && (usize::from(form) < N_COLUMNS || usual[id as usize] == self.symbols[met as usize].1)
        };
        let settle = |met: u32, id: Option<u32>| match id {
            Some(id) if is_usual(met, id) => n_met + self.symbols[met as usize].0,
            _ => met,
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
        let mut records = RecordWriter::new(packing);
        let mut coder = Coder::default();
        let regular = (n_met..counts.len() as u32).find(|&settled| symbol(settled) == Symbol::REGULAR);
        self.for_each(forward, &mut |met, id| {
            let settled = settle(met, id);
            if Some(settled) == regular {
                return coder.add_regular();
            }
            match numbers[settled as usize] {
                Some(number) => coder.add(number),
                None => coder.add_spelled(&symbol(settled)),
            }
            if id.is_none() {
                records.add_bytes(&coder.bytes);
                coder.bytes.clear();
            }
        });
        records.end();
        Settled { usual: Usual { forms: usual, spellings: self.spellings }, symbols: table, records }
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
    fn for_each(&self, forward: &ForwardWriter, found: &mut impl FnMut(u32, Option<u32>)) {
        let mut rest = &self.stream[..];
        let mut next = || take(&mut rest).expect("there is a symbol for each word, and one for the end") as u32;
        for ids in forward.passages() {
            ids.for_each(|id| found(next(), Some(id)));
            found(next(), None);
        }
    }
}

impl Settled {
    /// Writes the texts and their symbols; returns how words are written most often.
    pub fn write(self, container: &mut Writer) -> Result<Usual> {
        container.part(SYMBOLS, &self.symbols)?;
        self.records.finish("texts", container)?;
        Ok(self.usual)
    }
}

/// What stands between most words.
const BLANK: &str = " ";
/// Forms that most words have.
const N_COLUMNS: usize = 3;

/// Returns where a form is counted.
fn column(form: Form<u32>) -> Option<usize> {
    match form {
        Form::Plain => Some(0),
        Form::Title => Some(1),
        Form::Capitals => Some(2),
        _ => None,
    }
}

#[cfg(test)]
impl SurfaceWriter {
    /// Returns the symbols of all texts, each with the word that it is about.
    pub fn told(&self, forward: &ForwardWriter) -> Vec<(&str, Form<&str>, Option<u32>)> {
        let mut told = Vec::new();
        self.for_each(forward, &mut |met, id| {
            let (gap, form) = self.symbols[met as usize];
            told.push((self.gaps.get(gap), spell(form, &self.spellings), id));
        });
        told
    }
}
