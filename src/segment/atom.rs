//! Runs of atoms: what passages are packed from.
//!
//! An atom is a sentence, or a part of one that is longer than a passage may be. A run is what a
//! passage may not reach beyond: neighbouring text of one section and one kind.

use std::ops::Range;

use super::sentence::sentences;
use super::words::leans_back;
use crate::bytes::{MASKED, is_letter, mask};
use crate::paper::{Block, BlockKind, Kind, Paper, Span};

/// The most characters that a passage may hold.
pub const MAX_CHARS: usize = 1_800;

/// The most bytes of the source that a passage may span. Longer hits count as no passage.
pub const MAX_SOURCE: usize = 2_600;

/// What lies between an atom and the one before it, and so how well a passage may end there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seam {
    Paragraph,
    /// Between items of a list, or between a list and text.
    Item,
    /// Behind a colon that leads to what follows.
    Lead,
    /// Between sentences inside a paragraph.
    Sentence,
    /// As `Sentence`, but the second leans on the first ("This ...", "However, ...").
    Leaning,
    /// Inside a sentence that is too long.
    Clause,
}

/// A sentence, with the run-in heading before it when it has one.
#[derive(Clone, Copy, Debug)]
pub struct Atom {
    pub span: Span,
    pub n_chars: usize,
    pub source: Span,
    /// Its longer words, each a bit.
    pub words: u128,
    /// What lies before it.
    pub seam: Seam,
}

/// Atoms that may share passages.
#[derive(Debug)]
pub struct Run {
    pub section: Option<usize>,
    pub kind: Kind,
    /// Into the atoms of the paper.
    pub atoms: Range<usize>,
}

/// Bytes of text that an atom has at least, in the mean.
const MEAN_BYTES: usize = 96;

/// Returns the runs of a paper in order, and their atoms, which together hold all its text but own-line headings.
pub fn runs(paper: &Paper, of_block: &[Option<usize>], kinds: &[Kind]) -> (Vec<Run>, Vec<Atom>) {
    let mut runs: Vec<Run> = Vec::new();
    let mut atoms = Vec::with_capacity(paper.text.len() / MEAN_BYTES);
    let mut before: Option<&Block> = None;
    let mut heading = None;
    let mut reader = Reader { paper, run_of_source: 0 };
    for (i, block) in paper.blocks.iter().enumerate() {
        let (section, kind) = (of_block[i], kinds[i]);
        let goes_on = runs.last().is_some_and(|run| (run.section, run.kind) == (section, kind));
        if !goes_on || stands_alone(kind) {
            runs.push(Run { section, kind, atoms: atoms.len()..atoms.len() });
            before = None;
        }
        let Some(run) = runs.last_mut() else { continue };
        match block.kind {
            BlockKind::Heading(_) => {}
            // Waits for the sentence that it opens; without one it is an atom by itself.
            BlockKind::RunInHeading(_) if opens_text(paper, of_block, kinds, i) => heading = text_start(paper, block),
            _ => {
                reader.push_block(&mut atoms, block, before, heading.take());
                run.atoms.end = atoms.len();
                before = Some(block);
            }
        }
    }
    (runs, atoms)
}

/// Tells whether a kind's blocks are passages each.
fn stands_alone(kind: Kind) -> bool {
    matches!(kind, Kind::Caption | Kind::PullQuote)
}

/// Tells whether the run-in heading at `i` has text behind it in its own section.
fn opens_text(paper: &Paper, of_block: &[Option<usize>], kinds: &[Kind], i: usize) -> bool {
    paper.blocks.get(i + 1).is_some_and(|next| {
        let is_text = matches!(next.kind, BlockKind::Paragraph | BlockKind::ListItem);
        is_text && (of_block[i + 1], kinds[i + 1]) == (of_block[i], kinds[i]) && text_start(paper, next).is_some()
    })
}

/// Returns where a block's first letter stands; blank blocks have none.
fn text_start(paper: &Paper, block: &Block) -> Option<usize> {
    block.span.of(&paper.text).find(|c: char| !c.is_whitespace()).map(|at| block.span.start + at)
}

/// Reads the atoms of blocks.
struct Reader<'a> {
    paper: &'a Paper,
    /// The run of the source map that the last atom began in.
    run_of_source: usize,
}

impl Reader<'_> {
    fn push_block(&mut self, atoms: &mut Vec<Atom>, block: &Block, before: Option<&Block>, heading: Option<usize>) {
        let whole = &self.paper.text;
        let text = block.span.of(whole);
        let mut seam = match before {
            Some(before) if before.span.of(whole).trim_end().ends_with(':') => Seam::Lead,
            // Rows of one table.
            Some(before) if before.kind == BlockKind::Table && block.kind == BlockKind::Table => Seam::Sentence,
            Some(before) if before.kind == BlockKind::ListItem || block.kind == BlockKind::ListItem => Seam::Item,
            _ => Seam::Paragraph,
        };
        let mut start = heading;
        for sentence in sentences(text) {
            let sentence = Span::new(sentence.start + block.span.start, sentence.end + block.span.start);
            if atoms.last().is_some_and(|last| last.span.end > block.span.start) {
                seam = seam_between(sentence.of(whole));
            }
            let span = Span::new(start.take().unwrap_or(sentence.start), sentence.end);
            self.push_parts(atoms, span, seam);
        }
    }

    /// Adds a sentence, cut where it must be to fit a passage.
    fn push_parts(&mut self, atoms: &mut Vec<Atom>, span: Span, seam: Seam) {
        let text = span.of(&self.paper.text);
        // Hits are measured in the bytes of the file, where these mean something.
        let map = self.paper.source_map.as_ref().unwrap_or(&self.paper.raw_map);
        let atom = Atom {
            span,
            n_chars: if text.is_ascii() { text.len() } else { text.chars().count() },
            source: map.source_behind(span, &mut self.run_of_source),
            words: words(self.paper.text.as_bytes(), span),
            seam,
        };
        // A page of notes inside a sentence does not cut it.
        match if atom.n_chars <= MAX_CHARS { None } else { cut(text) } {
            Some((end, start)) => {
                self.push_parts(atoms, Span::new(span.start, span.start + end), seam);
                self.push_parts(atoms, Span::new(span.start + start, span.end), Seam::Clause);
            }
            None => atoms.push(atom),
        }
    }
}

fn seam_between(sentence: &str) -> Seam {
    let sentence = sentence.trim_start_matches(|c: char| !c.is_alphanumeric());
    let word = &sentence[..sentence.find(|c: char| !c.is_alphabetic()).unwrap_or(sentence.len())];
    if leans_back(word) { Seam::Leaning } else { Seam::Sentence }
}

/// Returns the words of a stretch of text that may carry its topic, each as one of 128 bits: those of
/// five letters and more, by their first five, which stand for the stem.
fn words(text: &[u8], span: Span) -> u128 {
    let (mut start, mut words) = (span.start, 0);
    let (mut letters, mut before) = (mask(text, start, span.end, is_letter), 0);
    while start < span.end {
        let behind = mask(text, start + MASKED, span.end, is_letter);
        // The bits of four letters behind each place.
        let then = |n: u32| letters >> n | behind << (64 - n);
        let mut begins = letters & !(letters << 1 | before) & then(1) & then(2) & then(3) & then(4);
        while begins != 0 {
            if let Some(stem) = text[start + begins.trailing_zeros() as usize..].first_chunk() {
                words |= 1 << stem_bit(stem);
            }
            begins &= begins - 1;
        }
        (before, letters) = (letters >> 63, behind);
        start += MASKED;
    }
    words
}

/// Returns which bit a word has, by its first letters.
fn stem_bit(stem: &[u8; 5]) -> u32 {
    let hash = stem.iter().fold(0u32, |hash, &byte| (hash ^ u32::from(byte | 0x20)).wrapping_mul(0x0100_0193));
    hash.wrapping_mul(0x9e37_79b9) >> 25
}

/// Returns where to cut a text in two: the end of the first part and the start of the second.
///
/// Looks near the middle, for a clause first, then a comma, then a space, and in a text of more
/// than a passage without any space takes the middle itself.
fn cut(text: &str) -> Option<(usize, usize)> {
    let (third, middle) = (text.floor_char_boundary(text.len() / 3), text.floor_char_boundary(text.len() / 2));
    let inner = &text[third..text.floor_char_boundary(text.len() * 2 / 3)];
    let nearest = |borders: &[&str]| {
        let ends = borders.iter().flat_map(|border| inner.match_indices(border).map(|(at, b)| third + at + b.len()));
        ends.min_by_key(|end| end.abs_diff(middle))
    };
    let found = nearest(&["; ", ": ", "— "]).or_else(|| nearest(&[", "])).or_else(|| nearest(&[" "]));
    let outside =
        || text[..third].trim_end().rfind(' ').or_else(|| Some(middle + text[middle..].trim_end().find(' ')?));
    let found = found.or_else(|| outside().map(|at| at + 1));
    let at = found.or((text.len() > MAX_CHARS).then_some(middle))?;
    let (end, start) = (text[..at].trim_end().len(), text.len() - text[at..].trim_start().len());
    (end > 0 && start < text.len()).then_some((end, start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_at_the_best_border_near_the_middle() {
        let check = |text: &str, first: &str, second: &str| {
            assert_eq!(cut(text).map(|(end, start)| (&text[..end], &text[start..])), Some((first, second)));
        };
        check("one two, three; four five", "one two, three;", "four five");
        check("one two, three four five", "one two,", "three four five");
        check("one two three four", "one two", "three four");
        check("a bbbbbbbbbbbbbbbbbbbbbb", "a", "bbbbbbbbbbbbbbbbbbbbbb");
        let stretched = format!("a b {}", "c".repeat(40));
        check(&stretched, "a b", &"c".repeat(40));
        assert_eq!(cut("word"), None);
        assert_eq!(cut(&"é".repeat(1_000)), Some((1_000, 1_000)));
    }
}
