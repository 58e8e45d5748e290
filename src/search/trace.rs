//! How scores come about, stage by stage, for those who ask; others pay nothing.

use std::collections::HashMap;

use super::error::Result;
use super::rank::Candidate;
use crate::index::Index;

/// Stages of a ranking, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// BM25F, coverage and kind.
    First,
    /// Words close together, and as typed.
    Closeness,
    /// Words that the best share.
    Feedback,
    /// Numbers, where one is asked for.
    Numbers,
    /// Passages that hold all before those that lack something.
    WholeFirst,
}

/// What is heard of a ranking while it is made.
pub(super) enum Heard<'h> {
    /// The candidates after a stage.
    Scores(Stage, &'h [Candidate]),
    /// A class of words that feedback adds, and the weight of its saturated count.
    Added(u32, f32),
}

/// All that was heard.
#[derive(Default)]
pub(super) struct Trace {
    scores: Vec<(Stage, HashMap<u32, f32>)>,
    /// What feedback added.
    pub added: Vec<Added>,
}

/// A class of words that feedback added.
pub(super) struct Added {
    class: u32,
    /// All its words.
    pub words: Vec<String>,
    /// The weight of its saturated count.
    pub weight: f32,
}

impl Trace {
    /// Notes what is heard.
    pub fn hear(&mut self, heard: Heard<'_>) {
        match heard {
            Heard::Scores(stage, candidates) => {
                let scores = candidates.iter().map(|candidate| (candidate.passage, candidate.score));
                self.scores.push((stage, scores.collect()));
            }
            Heard::Added(class, weight) => self.added.push(Added { class, words: Vec::new(), weight }),
        }
    }

    /// Looks up the words of the classes that were added.
    pub fn name_added(&mut self, index: &Index) -> Result<()> {
        let classes: Vec<u32> = self.added.iter().map(|added| added.class).collect();
        for (added, words) in self.added.iter_mut().zip(index.words_of_subjects(&classes)?) {
            added.words = words;
        }
        Ok(())
    }

    /// Returns what each stage that a passage went through added to its score.
    pub fn gains(&self, passage: u32) -> Vec<(Stage, f64)> {
        let mut before = 0.0;
        let gain = |(stage, scores): &(Stage, HashMap<u32, f32>)| {
            let after = f64::from(*scores.get(&passage)?);
            let gain = after - before;
            before = after;
            Some((*stage, gain))
        };
        self.scores.iter().filter_map(gain).collect()
    }
}
