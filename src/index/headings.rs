//! The lists of sections and titles: passages in a row that share a heading are told as one *run*.

use std::ops::Range;
use std::sync::Arc;

use tantivy::DocSet;
use tantivy::postings::{Postings as _, SegmentPostings};

use super::blocks::BLOCK;
use super::packed::Column;
use super::postings::END;

/// Where the runs of a field begin, and behind them the end of the last.
#[derive(Debug)]
pub(super) enum Firsts {
    Known(Vec<u32>),
    Stored(Box<Column>),
}

impl Firsts {
    /// Returns the passages of the run with a number.
    pub fn passages_of(&self, run: u32) -> Option<Range<u32>> {
        match self {
            Firsts::Known(firsts) => Some(*firsts.get(run as usize)?..*firsts.get(run as usize + 1)?),
            Firsts::Stored(column) => column.pair(run).ok().map(|(first, end)| first..end),
        }
    }
}

/// A run whose heading has a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// Among all of the field.
    pub number: u32,
    pub passages: Range<u32>,
    /// How often the heading has the word.
    pub count: u32,
}

/// The passages of runs, some at a time.
#[derive(Clone, Debug)]
pub(super) struct RunBlocks {
    runs: Arc<[Run]>,
    /// The first run behind those at hand.
    next: usize,
    pub passages: Vec<u32>,
    pub counts: Vec<u32>,
}

impl RunBlocks {
    /// Begins with the first of these runs, which are ascending.
    pub fn new(runs: Arc<[Run]>) -> Self {
        let mut blocks = RunBlocks { runs, next: 0, passages: Vec::new(), counts: Vec::new() };
        blocks.advance();
        blocks
    }

    /// Returns all runs.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// Goes on to the next runs.
    pub fn advance(&mut self) {
        self.passages.clear();
        self.counts.clear();
        while self.passages.len() < BLOCK {
            let Some(run) = self.runs.get(self.next) else { return };
            self.passages.extend(run.passages.clone());
            self.counts.resize(self.passages.len(), run.count);
            self.next += 1;
        }
    }

    /// Goes on to the runs with the first passage at or behind `target`; returns its index among theirs.
    pub fn seek(&mut self, target: u32) -> usize {
        if self.passages.last().is_none_or(|&last| last < target) {
            self.next += self.runs[self.next..].partition_point(|run| run.passages.end <= target);
            self.advance();
        }
        self.passages.partition_point(|&passage| passage < target)
    }
}

/// The places of a word in headings, passage after passage.
pub struct RunPlaces {
    runs: Arc<[Run]>,
    /// The run at hand.
    at: usize,
    /// The passage at hand.
    pub(super) passage: u32,
    positions: SegmentPostings,
}

impl RunPlaces {
    pub(super) fn new(runs: Arc<[Run]>, positions: SegmentPostings) -> Self {
        let mut places = RunPlaces { runs, at: 0, passage: 0, positions };
        places.seek(0);
        places
    }

    /// Goes on to the first passage at or behind `target`, which is not before the one at hand.
    pub(super) fn seek(&mut self, target: u32) {
        self.at += self.runs[self.at..].partition_point(|run| run.passages.end <= target);
        self.passage = self.runs.get(self.at).map_or(END, |run| run.passages.start.max(target));
    }

    /// Returns the passage behind those that share the heading at hand.
    pub(super) fn end(&self) -> u32 {
        self.runs.get(self.at).map_or(END, |run| run.passages.end)
    }

    /// Returns how often the word stands in the passage at hand.
    pub(super) fn count(&self) -> u32 {
        self.runs.get(self.at).map_or(0, |run| run.count)
    }

    /// Appends the positions of the word in the passage at hand, ascending.
    pub(super) fn append_positions(&mut self, positions: &mut Vec<u32>) {
        // A file may claim what it likes; no heading holds a word so often.
        const MOST: u32 = 1 << 22;
        let Some(run) = self.runs.get(self.at) else { return };
        if self.positions.doc() < run.number {
            self.positions.seek(run.number);
        }
        if self.positions.doc() == run.number && self.positions.term_freq() <= MOST {
            self.positions.append_positions_with_offset(0, positions);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_read_passage_by_passage() {
        let run = |number, passages, count| Run { number, passages, count };
        let runs: Arc<[Run]> = [run(1, 2..4, 1), run(4, 10..300, 2), run(9, 300..301, 3)].into();
        let mut blocks = RunBlocks::new(Arc::clone(&runs));
        assert_eq!((&blocks.passages[..4], &blocks.counts[..4]), (&[2, 3, 10, 11][..], &[1, 1, 2, 2][..]));
        assert_eq!((blocks.seek(3), blocks.seek(4), blocks.seek(299)), (1, 2, 291));
        assert_eq!((blocks.seek(300), &blocks.passages[..], &blocks.counts[..]), (0, &[300][..], &[3][..]));
        assert_eq!((blocks.seek(301), blocks.passages.len()), (0, 0));
        let mut blocks = RunBlocks::new(runs);
        blocks.advance();
        assert_eq!(blocks.passages, [300]);
        blocks.advance();
        assert!(blocks.passages.is_empty());
    }
}
