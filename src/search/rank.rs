//! The first pass: BM25F over every passage that answers, exact, a window of passages at a time.

use std::cmp::Ordering;

use super::error::Result;
use super::lists::OpenGroup;
use super::need::Masks;
use super::phrases::Phrases;
use super::plan::Plan;
use super::window::{Norms, WINDOW, Window};
use crate::index::{Index, Lengths};
use crate::paper::Kind;
use crate::query::Field;

/// How passages are weighed. All of it is settable; the defaults are measured over four public
/// collections and the judged needs of the seed papers together (`just eval`), not by collection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranking {
    /// How soon more occurrences of a word stop to count.
    pub k1: f32,
    /// How much longer fields are held against a passage, from 0 to 1, by field.
    pub b: ByField,
    /// How much an occurrence counts, by field.
    pub weight: ByField,
    /// How much a passage that lacks part of the query is marked down, from 0 (not) to 1.
    pub coverage: f32,
    /// How much neighbouring words of the query add when they stand close together.
    pub proximity: f32,
    /// How much a word exactly as it was typed adds.
    pub as_typed: f32,
    /// How much words that the best passages share add; 0 leaves the query alone.
    pub feedback: f32,
    /// What the words of a topic's names near each other weigh beside the name itself.
    pub near: f32,
    /// What each word of a name that was typed weighs beside the name itself.
    pub parts: f32,
    /// What words of like meaning weigh beside the word itself.
    pub synonyms: f32,
    /// How much kinds of passages other than body text are marked down, from 0 (not) to 1.
    pub kinds: f32,
    /// What a number near by adds where one is asked for, as a share of the best score.
    pub numbers: f32,
    /// Of at most so many things asked for, passages that hold all come before those that lack one;
    /// of more, a passage that lacks one may well be the better answer.
    pub whole_first: u32,
}

/// A number for each field of a passage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ByField {
    pub body: f32,
    pub section: f32,
    pub title: f32,
}

impl ByField {
    pub(super) fn of(&self, field: Field) -> f32 {
        match field {
            Field::Body => self.body,
            Field::Section => self.section,
            Field::Title => self.title,
        }
    }
}

impl Default for Ranking {
    fn default() -> Self {
        Ranking {
            k1: 1.2,
            b: ByField { body: 0.7, section: 0.7, title: 0.7 },
            weight: ByField { body: 1.0, section: 2.0, title: 2.0 },
            coverage: 0.02,
            proximity: 0.65,
            as_typed: 0.3,
            feedback: 3.0,
            near: 0.5,
            parts: 0.3,
            synonyms: 0.3,
            kinds: 1.0,
            numbers: 1.0,
            whole_first: 3,
        }
    }
}

/// A passage on its way to being a hit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Candidate {
    pub passage: u32,
    pub score: f32,
    /// Bits of the groups it holds.
    pub held: u64,
    /// Place of its id among all: breaks ties.
    pub rank_of_id: u32,
}

impl Candidate {
    /// Orders better ones first.
    pub fn better_first(&self, other: &Candidate) -> Ordering {
        self.place().cmp(&other.place())
    }

    /// Returns a number that is smaller for a better one.
    fn place(&self) -> u64 {
        // The order of [`f32::total_cmp`].
        let bits = self.score.to_bits();
        let ascending = if bits >> 31 == 0 { bits | 1 << 31 } else { !bits };
        u64::from(!ascending) << 32 | u64::from(self.rank_of_id)
    }
}

/// What the first pass found.
pub(super) struct Found {
    /// The best, best first.
    pub top: Vec<Candidate>,
    /// Passages that answer.
    pub n_matches: u64,
    /// Of these, passages that hold everything asked for.
    pub n_all: u64,
}

/// Scores that are looked at together.
const LOOK: usize = 16;

/// The fields in the order in which they are read.
pub(super) const FIELDS: [Field; 3] = [Field::Body, Field::Section, Field::Title];

/// Returns how rare something is that `n` of `total` passages hold (Robertson and Zaragoza 2009, 3.2,
/// in the form that is never negative).
pub(super) fn idf(total: u32, n: u32) -> f32 {
    let (total, n) = (total.max(n) as f32, n as f32);
    (1.0 + (total - n + 0.5) / (n + 0.5)).ln()
}

/// Returns how much a kind of passage counts against body text.
pub(super) fn kind_weight(kind: u8, strength: f32) -> f32 {
    const WEIGHTS: [(Kind, f32); 7] = [
        (Kind::Body, 1.0),
        (Kind::PullQuote, 0.9),
        (Kind::Caption, 0.7),
        (Kind::Table, 0.8),
        (Kind::HeadingMatter, 0.6),
        (Kind::References, 0.5),
        (Kind::BackMatter, 0.9),
    ];
    WEIGHTS.iter().find(|(k, _)| *k as u8 == kind).map_or(1.0, |&(_, weight)| 1.0 - strength * (1.0 - weight))
}

/// Scores every passage that answers, with `all` those that lack nothing, and returns the `wanted`
/// best.
pub(super) fn first_pass(
    index: &Index,
    phrases: &Phrases<'_>,
    plan: &Plan,
    ranking: &Ranking,
    admits: Option<&dyn Fn(u32) -> bool>,
    all: bool,
    wanted: usize,
) -> Result<Found> {
    let norms = Norms::of(index, ranking);
    let open = |group| OpenGroup::open(index, phrases, group, &norms);
    let mut groups = plan.groups.iter().map(open).collect::<Result<Vec<OpenGroup>>>()?;
    let kinds = index.kinds()?;
    let weights: [f32; 256] = std::array::from_fn(|kind| kind_weight(kind as u8, ranking.kinds));
    let masks = Masks::of(&plan.need);
    let rarities: Vec<f32> = groups.iter().map(|group| group.weight).collect();
    let coverage = Coverage::new(&rarities, plan.positive, ranking.coverage);
    // Where nothing but a look at the groups decides, whole windows can be counted at once.
    let any_of = masks.and_then(Masks::any_of).filter(|_| admits.is_none() && !all);
    let demanded = masks.map_or(0, Masks::required) | if all { plan.positive } else { 0 };
    let any_group = (0..groups.len()).fold(0, |bits, i| bits | 1 << i);
    let mut window = Window::new(&norms);
    let mut top = Top::new(wanted);
    let (mut n_matches, mut n_all) = (0, 0);
    let mut base = 0;
    while base < index.n_passages() {
        let end = index.n_passages().min(base + WINDOW as u32);
        window.begin(base, end);
        for (i, group) in groups.iter_mut().enumerate() {
            group.score(&mut window, i, ranking.k1);
        }
        let kinds = kinds.range(base..end);
        // What follows the sum only takes from it: less than the least is not looked at.
        let offer = |at: usize, held: u64, sum: f32, top: &mut Top| -> Result<()> {
            let kind = kinds.get(at).copied().unwrap_or(0);
            let score = sum * coverage.of(held) * weights[usize::from(kind)];
            if score >= top.least {
                let passage = base + at as u32;
                top.add(Candidate { passage, score, held, rank_of_id: index.rank_of_id(passage)? });
            }
            Ok(())
        };
        let (sums, held) = (window.sums(), window.held());
        let touched = || window.touched().iter().map(|&at| usize::from(at));
        match any_of {
            // Whatever has been touched answers.
            Some(any_of) if any_of == any_group => {
                n_matches += window.touched().len() as u64;
                n_all += if plan.positive == any_group && any_group.count_ones() == 1 && plan.guessed == 0 {
                    window.touched().len()
                } else {
                    touched().filter(|&at| plan.is_all(held[at])).count()
                } as u64;
                if window.is_full() {
                    for (i, some) in sums.chunks(LOOK).enumerate() {
                        let most =
                            some.iter().fold(f32::NEG_INFINITY, |most, &sum| if sum > most { sum } else { most });
                        if most < top.least {
                            continue;
                        }
                        for at in i * LOOK..i * LOOK + some.len() {
                            if held[at] != 0 && sums[at] >= top.least {
                                offer(at, held[at], sums[at], &mut top)?;
                            }
                        }
                    }
                } else {
                    for at in touched() {
                        if sums[at] >= top.least {
                            offer(at, held[at], sums[at], &mut top)?;
                        }
                    }
                }
            }
            _ => {
                for at in touched() {
                    let met = match masks {
                        Some(masks) => masks.met_by(held[at]),
                        None => plan.need.met_by(held[at]),
                    };
                    let admitted = || admits.is_none_or(|admits| admits(base + at as u32));
                    if met && (!all || plan.is_all(held[at])) && admitted() {
                        n_matches += 1;
                        n_all += u64::from(plan.is_all(held[at]));
                        if sums[at] >= top.least {
                            offer(at, held[at], sums[at], &mut top)?;
                        }
                    }
                }
            }
        }
        // Always further, whatever a list from a stranger says.
        let first_of_all = groups.iter().map(OpenGroup::next).min().unwrap_or(u32::MAX);
        // Without one that is demanded there is no answer.
        let of_demanded = groups.iter().enumerate().filter(|(i, _)| demanded & (1 << i) != 0);
        let next = of_demanded.map(|(_, group)| group.next()).fold(first_of_all, u32::max);
        base = next.max(base.saturating_add(WINDOW as u32)) / WINDOW as u32 * WINDOW as u32;
    }
    Ok(Found { top: top.finish(), n_matches, n_all })
}

/// The best candidates so far, and some others.
struct Top {
    wanted: usize,
    /// Each with its place.
    candidates: Vec<(u64, Candidate)>,
    /// Candidates with less are not among the best.
    least: f32,
}

impl Top {
    fn new(wanted: usize) -> Self {
        Top { wanted: wanted.max(1), candidates: Vec::new(), least: f32::NEG_INFINITY }
    }

    fn add(&mut self, candidate: Candidate) {
        self.candidates.push((candidate.place(), candidate));
        if self.candidates.len() == self.wanted.saturating_mul(2) {
            self.candidates.select_nth_unstable_by_key(self.wanted - 1, |&(place, _)| place);
            self.candidates.truncate(self.wanted);
            // A score below 0 is brought nearer to it by what takes from others.
            let least = self.candidates[self.wanted - 1].1.score;
            self.least = if least > 0.0 { least } else { f32::NEG_INFINITY };
        }
    }

    fn finish(mut self) -> Vec<Candidate> {
        self.candidates.sort_unstable_by_key(|&(place, _)| place);
        self.candidates.truncate(self.wanted);
        self.candidates.into_iter().map(|(_, candidate)| candidate).collect()
    }
}

/// What a passage that lacks part of the query keeps of its score.
pub(super) struct Coverage {
    shares: Vec<f32>,
    strength: f32,
    positive: u64,
}

impl Coverage {
    pub fn new(weights: &[f32], positive: u64, strength: f32) -> Self {
        let total: f32 = weights.iter().sum();
        let shares = weights.iter().map(|weight| if total > 0.0 { weight / total } else { 0.0 }).collect();
        Coverage { shares, strength, positive }
    }

    pub fn of(&self, held: u64) -> f32 {
        if held & self.positive == self.positive {
            return 1.0;
        }
        let mut share = 0.0;
        let mut bits = held & self.positive;
        while bits != 0 {
            share += self.shares[bits.trailing_zeros() as usize];
            bits &= bits - 1;
        }
        1.0 - self.strength * (1.0 - share)
    }
}

pub(super) fn weights_by_length(ranking: &Ranking, field: Field, mean: f32) -> [f32; 256] {
    let (b, weight) = (ranking.b.of(field), ranking.weight.of(field));
    std::array::from_fn(|code| weight / (1.0 - b + b * Lengths::words(code as u8) as f32 / mean))
}
