//! Where words come from: finds a quotation in the papers, exact or nearly, and says what differs.
//!
//! `find` names the passages that share the rarest words, `align` lays the quotation along each of
//! them and its neighbours, `differ` reads off what was changed. Case, accents, quotation marks,
//! dashes, hyphens and line ends are passed over; what an ellipsis or a bracket announces is no change.

mod align;
mod differ;
mod find;
mod words;

use std::sync::Arc;

pub use differ::{Change, Difference};

use super::error::{Error, Result};
use crate::analysis::is_stop_word;
use crate::index::Index;
use crate::paper::{Kind, PageRef, Span, StoredPaper, StoredPassage};
use align::{Alignment, Pattern, Step};
use words::{Token, Word};

/// Passages that a quotation is laid along.
const CANDIDATES: usize = 48;
/// Printed words that an ellipsis may stand for, on either side of a passage.
const MOST_LEFT_OUT: usize = 600;
/// Words of a quotation that are compared; no memo quotes more.
const LONGEST: usize = 1500;
/// Quotations that are shorter are found as they stand, or not at all.
const SHORT: usize = 4;

/// How true a quotation is to what is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fidelity {
    /// Word for word, but for what is marked.
    Exact,
    /// The same words, other stops.
    Stops,
    Altered,
}

/// A place that words come from.
#[derive(Clone, Debug)]
pub struct Origin {
    pub fidelity: Fidelity,
    /// From 0 to 1: how much of the quotation is printed so.
    pub likeness: f32,
    pub differences: Vec<Difference>,
    pub paper: Arc<StoredPaper>,
    /// The passages that hold the words, in order; never empty.
    pub passages: Vec<StoredPassage>,
    /// From the first word's byte in the first passage to the last word's end in the last.
    pub from: usize,
    pub to: usize,
    /// The number of the first passage.
    pub number: u32,
}

impl Origin {
    /// Returns the words as they are printed.
    pub fn printed(&self) -> String {
        let last = self.passages.len() - 1;
        let part = |(i, passage): (usize, &StoredPassage)| {
            let from = if i == 0 { self.from } else { 0 };
            let to = if i == last { self.to } else { passage.text.len() };
            passage.text[from..to].to_owned()
        };
        self.passages.iter().enumerate().map(part).collect::<Vec<_>>().join("\n")
    }

    /// Returns the pages that the words begin and end on; the same when they stand on one.
    pub fn pages(&self) -> Option<(PageRef, PageRef)> {
        let first = self.passages.first()?.page_at(self.from)?;
        let last = self.passages.last()?.page_at(self.to.saturating_sub(1))?;
        Some((first.clone(), last.clone()))
    }
}

/// Finds where the words of a text come from: the best places first, at most `limit`.
pub fn origins(index: &Index, text: &str, limit: usize) -> Result<Vec<Origin>> {
    let quotation = Quotation::new(text)?;
    if !index.has_texts() {
        return Err(Error::NoTexts);
    }
    let passages = find::candidates(index, &quotation.plain(), CANDIDATES)?;
    let mut found = Vec::new();
    for passage in passages {
        found.extend(quotation.lay_along(index, passage)?);
    }
    Ok(best(found, limit))
}

/// Finds the words of a text in a passage, or from it on into its neighbours.
pub fn origin_in(index: &Index, text: &str, passage: u32) -> Result<Option<Origin>> {
    let quotation = Quotation::new(text)?;
    if !index.has_texts() {
        return Err(Error::NoTexts);
    }
    let found = quotation.lay_along(index, passage)?;
    Ok(found.map(|(_, origin)| origin))
}

/// Returns the part of a longer text that says what `printed` says: the bytes of the source.
pub fn place_in(raw: &str, printed: &str) -> Option<Span> {
    let tokens: Vec<Token> = words::words(printed).into_iter().map(Token::Word).collect();
    let said = words::words(raw);
    if tokens.is_empty() || tokens.len() > LONGEST || tokens.len() * said.len() > 4_000_000 {
        return None;
    }
    let found = Pattern::new(&tokens).align(&said, 0)?;
    let n_taken: usize = found.steps.iter().map(|step| step.taken().1).sum();
    let last = (found.start + n_taken).checked_sub(1)?;
    (found.cost <= 0.3 * tokens.len() as f32)
        .then(|| Span::new(said[found.start].span.start, said[last.max(found.start)].span.end))
}

/// Sorts places and takes away those found twice.
fn best(mut found: Vec<(f32, Origin)>, limit: usize) -> Vec<Origin> {
    let key = |origin: &Origin| (origin.number, origin.from);
    found.sort_by(|(a, x), (b, y)| a.total_cmp(b).then_with(|| key(x).cmp(&key(y))));
    let mut kept: Vec<Origin> = Vec::new();
    for (_, origin) in found {
        // Of two ways to lay the words along one place the better stays.
        let place = |origin: &Origin| {
            let first = origin.number;
            (first, origin.from)..(first + origin.passages.len() as u32 - 1, origin.to)
        };
        let (new, clashes) = (place(&origin), |old: &Origin| {
            let (old, new) = (place(old), place(&origin));
            old.start < new.end && new.start < old.end
        });
        if new.start < new.end && !kept.iter().any(clashes) {
            kept.push(origin);
        }
    }
    // A place that is exact makes those that are merely near no news.
    if kept.first().is_some_and(|first| first.fidelity == Fidelity::Exact) {
        kept.retain(|origin| origin.fidelity == Fidelity::Exact);
    }
    kept.truncate(limit);
    kept
}

/// A quotation, taken apart.
struct Quotation<'q> {
    text: &'q str,
    tokens: Vec<Token>,
    n_words: usize,
}

impl<'q> Quotation<'q> {
    fn new(text: &'q str) -> Result<Self> {
        let mut tokens = words::tokens(text);
        tokens.truncate(LONGEST);
        // What is left out before the first word or behind the last says nothing.
        while tokens.last().is_some_and(|token| token.word().is_none()) {
            tokens.pop();
        }
        let n_empty = tokens.iter().take_while(|token| token.word().is_none()).count();
        tokens.drain(..n_empty);
        let n_words = tokens.iter().filter(|token| token.word().is_some()).count();
        if n_words == 0 {
            return Err(Error::EmptyQuery);
        }
        Ok(Quotation { text, tokens, n_words })
    }

    /// Returns the words alone.
    fn plain(&self) -> String {
        let words =
            self.tokens.iter().filter_map(Token::word).map(|word| word.span.of(self.text).replace(['[', ']'], ""));
        words.collect::<Vec<_>>().join(" ")
    }

    /// Returns how much may be changed for words still to come from a place.
    fn most_cost(&self) -> f32 {
        match self.n_words {
            n if n < SHORT => 0.15,
            n if n < 2 * SHORT => 0.3 * n as f32,
            n => 0.4 * n as f32,
        }
    }

    /// Lays the words along a passage and its neighbours.
    fn lay_along(&self, index: &Index, passage: u32) -> Result<Option<(f32, Origin)>> {
        let window = Window::around(index, passage, &self.tokens)?;
        let Some(found) = Pattern::new(&self.tokens).align(&window.words, window.first_own) else { return Ok(None) };
        if found.cost > self.most_cost() || !self.says_the_same(&found) {
            return Ok(None);
        }
        self.origin(index, &window, &found)
    }

    /// Tells whether most words that mean something are printed so: little words are shared by all texts.
    fn says_the_same(&self, found: &Alignment) -> bool {
        let (mut at, mut n_told, mut n_same) = (0, 0, 0);
        for step in &found.steps {
            let (n_taken, _) = step.taken();
            for word in self.tokens[at..at + n_taken].iter().filter_map(Token::word) {
                if !is_stop_word(&word.key) {
                    n_told += 1;
                    n_same += usize::from(matches!(step, Step::Same { .. }));
                }
            }
            at += n_taken;
        }
        n_same * 10 >= n_told * 6
    }

    fn origin(&self, index: &Index, window: &Window, found: &Alignment) -> Result<Option<(f32, Origin)>> {
        let differences = differ::differences(self.text, &self.tokens, &window.text, &window.words, found);
        let n_taken: usize = found.steps.iter().map(|step| step.taken().1).sum();
        let Some(last) = (found.start + n_taken).checked_sub(1).filter(|&last| last >= found.start) else {
            return Ok(None);
        };
        let (start, end) = (window.words[found.start].span.start, window.words[last].span.end);
        let (first, from) = window.place(start);
        let (last, to) = window.place(end - 1);
        let numbers = &window.numbers[first..=last];
        let passages = index.passages(numbers)?;
        let worst = differences.iter().filter(|difference| !difference.marked).map(|difference| difference.change);
        let fidelity = worst.fold(Fidelity::Exact, |worst, change| worst.max(change.fidelity()));
        let origin = Origin {
            fidelity,
            likeness: (1.0 - found.cost / self.n_words as f32).max(0.0),
            differences,
            paper: Arc::new(index.paper(index.paper_of(numbers[0])?)?),
            passages,
            from,
            to: to + 1,
            number: numbers[0],
        };
        Ok(Some((found.cost, origin)))
    }
}

/// A passage between its neighbours, as one text.
struct Window {
    text: String,
    words: Vec<Word>,
    /// Passages, and where each begins in the text.
    numbers: Vec<u32>,
    starts: Vec<usize>,
    /// The first word of the passage in the middle.
    first_own: usize,
}

impl Window {
    /// Takes as many neighbours as a quotation may reach into. Captions and notes between two
    /// paragraphs are passed over: they stand beside the text, not in it.
    fn around(index: &Index, middle: u32, tokens: &[Token]) -> Result<Window> {
        let has_gap = tokens.iter().any(|token| matches!(token, Token::Ellipsis(_)));
        let reach = tokens.len() + if has_gap { MOST_LEFT_OUT } else { 0 };
        let own = index.passage(middle)?;
        let all = index.passages_of(index.paper_of(middle)?)?;
        let kind = own.kind;
        let beside = |numbers: &mut dyn Iterator<Item = u32>| -> Result<Vec<(u32, String)>> {
            let (mut found, mut n_words) = (Vec::new(), 0);
            for number in numbers {
                if n_words >= reach {
                    break;
                }
                let passage = index.passage(number)?;
                if passage.kind == kind {
                    n_words += passage.text.split_whitespace().count();
                    found.push((number, passage.text));
                } else if kind != Kind::Body {
                    break;
                }
            }
            Ok(found)
        };
        let mut parts = beside(&mut (all.start..middle).rev())?;
        parts.reverse();
        let n_before = parts.len();
        parts.push((middle, own.text));
        parts.extend(beside(&mut (middle + 1..all.end))?);
        let mut window =
            Window { text: String::new(), words: Vec::new(), numbers: Vec::new(), starts: Vec::new(), first_own: 0 };
        for (number, text) in parts {
            window.numbers.push(number);
            window.starts.push(window.text.len());
            window.text.push_str(&text);
            window.text.push('\n');
        }
        window.words = words::words(&window.text);
        let own = window.starts[n_before];
        window.first_own = window.words.partition_point(|word| word.span.start < own);
        Ok(window)
    }

    /// Returns which passage a byte stands in, and where in it.
    fn place(&self, at: usize) -> (usize, usize) {
        let i = self.starts.partition_point(|&start| start <= at) - 1;
        (i, at - self.starts[i])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(quoted: &str, fidelity: Fidelity, passage: &str) -> Origin {
        let index = Index::built_in().expect("the index inside is sound");
        let found = origins(&index, quoted, 5).expect("it is searched");
        let first = found.into_iter().next().unwrap_or_else(|| panic!("nothing like {quoted}"));
        assert_eq!((first.fidelity, first.paper.id.as_str()), (fidelity, passage), "{quoted}: {:?}", first.differences);
        first
    }

    #[test]
    fn finds_the_place_in_a_raw_text() {
        let raw = "It was so that tar-\niffs on wheat  Border Papers 12\n rose by half (a lot) each year.";
        let place = place_in(raw, "tariffs on wheat rose by half").expect("it is there");
        assert_eq!(place.of(raw), "tar-\niffs on wheat  Border Papers 12\n rose by half");
        assert_eq!(place_in(raw, "of an entirely different kind of text"), None);
    }

    #[test]
    fn words_of_the_seed_papers_are_found() {
        let report = "peaceworks-175";
        check("used an economic embargo to pressure Afghan Emir Abdur Rahman", Fidelity::Exact, report);
        check("used an economic embargo ... into signing the Durand Line agreement", Fidelity::Exact, report);
        check("used an economic blockade to pressure Afghan Emir Abdur Rahman", Fidelity::Altered, report);
    }
}
