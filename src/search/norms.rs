//! What occurrences count: by field, by length, and what that is worth.

use super::rank::{ByField, FIELDS, Ranking, weights_by_length};
use crate::index::{Index, Lengths, Peak};
use crate::query::Field;

/// What occurrences count, by field.
pub(super) struct Norms<'i> {
    pub by: Weighing,
    pub fields: Vec<Norm<'i>>,
}

/// What of a ranking tells what occurrences count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Weighing {
    pub k1: f32,
    b: ByField,
    weight: ByField,
}

impl Weighing {
    pub fn of(ranking: &Ranking) -> Self {
        Weighing { k1: ranking.k1, b: ranking.b, weight: ranking.weight }
    }
}

/// What occurrences count in a field.
pub(super) struct Norm<'i> {
    field: Field,
    /// One occurrence, by the code of the field's length.
    pub by_length: [f32; 256],
    /// What one, two, ... occurrences are worth, by the code as well.
    pub saturated: Box<[[f32; 256]; FEW]>,
    /// The most that one occurrence counts in any passage of a block, by the code of its peak's length.
    peaks: [f32; 256],
    pub lengths: Lengths<'i>,
    pub k1: f32,
}

/// Most words occur not more often in a passage.
const FEW: usize = 4;

impl<'i> Norms<'i> {
    pub fn of(index: &'i Index, ranking: &Ranking) -> Self {
        let used = FIELDS.into_iter().filter(|&field| index.n_words(field) > 0);
        let norm = |field| {
            let by_length = weights_by_length(ranking, field, index.mean_length(field));
            let worth = |count: usize| by_length.map(|weight| saturated((count + 1) as f32 * weight, ranking.k1));
            let saturated = Box::new(std::array::from_fn(worth));
            // Peaks are told by other weights: what a passage counts by ours beside those is bounded.
            let peaks = index.peak_weights(field);
            let beside = by_length.iter().zip(&peaks).map(|(ours, theirs)| ours / theirs).fold(0.0, f32::max);
            let peaks = peaks.map(|weight| weight * beside);
            Norm { field, by_length, saturated, peaks, lengths: index.lengths(field), k1: ranking.k1 }
        };
        Norms { by: Weighing::of(ranking), fields: used.map(norm).collect() }
    }

    /// Returns what occurrences in a passage count in the field of this number.
    pub fn count(&self, field: usize, passage: u32, count: u32) -> f32 {
        self.weighed(field, passage, count, 1.0)
    }

    /// Returns what occurrences count that have a weight.
    pub fn weighed(&self, field: usize, passage: u32, count: u32, weight: f32) -> f32 {
        let norm = &self.fields[field];
        count as f32 * weight * norm.by_length[usize::from(norm.lengths.code(passage))]
    }

    /// Returns the most that occurrences count in any passage of a block, in the field of this number.
    pub fn most(&self, field: usize, peak: &Peak) -> f32 {
        peak.count as f32 * self.fields[field].peaks[usize::from(peak.code)]
    }

    /// Returns the fields that have words, each with its number here.
    pub fn fields(&self) -> impl Iterator<Item = (usize, Field)> {
        self.fields.iter().map(|norm| norm.field).enumerate()
    }
}

/// Returns what weighted occurrences are worth beside the most that any number can be.
#[inline]
pub(super) fn saturated(count: f32, k1: f32) -> f32 {
    count / (k1 + count)
}

/// Returns about the least of weighted occurrences that are worth so much.
pub(super) fn count_worth(worth: f32, k1: f32) -> f32 {
    const ROUNDING: f32 = 0.9999;
    if worth < 1.0 { ROUNDING * k1 * worth / (1.0 - worth) } else { f32::MAX }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peaks_of_bodies_are_told_by_the_weights_that_rank_them() {
        let index = Index::built_in().expect("whole");
        let norms = Norms::of(&index, &Ranking::default());
        let (field, _) = norms.fields().find(|&(_, field)| field == Field::Body).expect("papers have bodies");
        for code in 0..=255 {
            let most = norms.most(field, &Peak { last: 0, count: 1, code });
            let counts = norms.fields[field].by_length[usize::from(code)];
            assert!((most / counts - 1.0).abs() < 1e-5, "{code}: {most} for {counts}");
        }
    }
}
