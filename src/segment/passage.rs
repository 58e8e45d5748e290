//! Packs atoms into passages: the cheapest way to cut a run, found exactly.
//!
//! Every passage has a cost for being too short or too long and for joining paragraphs, every cut
//! one for what it tears apart. Dynamic programming over the seams gives the cut of least cost, so
//! long paragraphs fall into even parts and short ones find the better neighbour, without a rule
//! for each case.

use super::atom::{Atom, MAX_CHARS, MAX_SOURCE, Run, Seam};
use crate::paper::{Passage, Span};

/// The best length in characters: some 100 words of English.
///
/// Measured on the 27 answered needs of the seed papers with a plain BM25: from 550 to 850 nDCG stays
/// within 0.02. Below, recall falls; above 800 a passage begins to cover several judged units, so that
/// not even the best order of passages finds them all.
const IDEAL: usize = 650;

/// A passage that is off the ideal by the root of this many characters costs 1.
const TOLERANCE: usize = 4_000;

/// What each word costs that stands on both sides of a cut, within this many sentences.
///
/// Cuts fall where the subject changes, and they fall alike in a text and its copy: a run of 18
/// sentences that a seed paper repeats was cut at other places without this, at the same ones with.
const SHARED_WORD: usize = 6;
const NEAR: usize = 3;

impl Seam {
    /// What it costs to end a passage here.
    fn cut(self) -> usize {
        match self {
            Seam::Paragraph | Seam::Item => 0,
            Seam::Sentence => 0,
            Seam::Leaning => 20,
            Seam::Lead => 80,
            Seam::Clause => 400,
        }
    }

    /// What it costs to keep both sides in one passage.
    fn join(self) -> usize {
        match self {
            Seam::Paragraph => 40,
            Seam::Item => 20,
            _ => 0,
        }
    }
}

/// Packs one run after the other.
#[derive(Debug, Default)]
pub struct Packer {
    pub passages: Vec<Passage>,
    /// For each number of atoms of a run: the least way to pack them.
    best: Vec<Way>,
}

/// The least way to pack some atoms.
#[derive(Debug)]
struct Way {
    /// What it costs, with a cut behind the last.
    cost: usize,
    /// Where the last passage begins.
    start: usize,
}

impl Packer {
    /// Cuts a run into passages and adds them.
    pub fn pack(&mut self, run: &Run, atoms: &[Atom]) {
        self.best.clear();
        self.best.push(Way { cost: 0, start: 0 });
        for end in 1..=atoms.len() {
            let mut least = Way { cost: usize::MAX, start: end - 1 };
            let (mut n_chars, mut joins) = (0, 0);
            for start in (0..end).rev() {
                n_chars += atoms[start].n_chars + usize::from(start + 1 < end);
                if start + 1 < end {
                    joins += atoms[start + 1].seam.join();
                }
                if start + 1 < end && !fits(&atoms[start..end], n_chars) {
                    break;
                }
                let cost = self.best[start].cost + joins + length_cost(n_chars);
                if cost < least.cost {
                    least = Way { cost, start };
                }
            }
            least.cost += if end < atoms.len() { cut_cost(atoms, end) } else { 0 };
            self.best.push(least);
        }
        let first = self.passages.len();
        let mut end = atoms.len();
        while end > 0 {
            let start = self.best[end].start;
            let span = Span::new(atoms[start].span.start, atoms[end - 1].span.end);
            self.passages.push(Passage { span, section: run.section, kind: run.kind });
            end = start;
        }
        self.passages[first..].reverse();
    }
}

fn fits(atoms: &[Atom], n_chars: usize) -> bool {
    let [first, .., last] = atoms else { return true };
    n_chars <= MAX_CHARS && last.source.end.saturating_sub(first.source.start) <= MAX_SOURCE
}

/// What a passage's length costs: the square of what it lacks or has too much.
fn length_cost(n_chars: usize) -> usize {
    n_chars.abs_diff(IDEAL).pow(2) / TOLERANCE
}

/// What it costs to begin a passage at an atom: what the seam says, and inside a paragraph what both
/// sides have in common.
fn cut_cost(atoms: &[Atom], at: usize) -> usize {
    let seam = atoms[at].seam;
    if !matches!(seam, Seam::Sentence | Seam::Leaning) {
        return seam.cut();
    }
    let words = |atoms: &[Atom]| atoms.iter().fold(0, |words, atom| words | atom.words);
    let shared = words(&atoms[at.saturating_sub(NEAR)..at]) & words(&atoms[at..atoms.len().min(at + NEAR)]);
    seam.cut() + shared.count_ones() as usize * SHARED_WORD
}
