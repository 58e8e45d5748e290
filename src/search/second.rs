//! The second look at the best: words standing close together, words as typed, and what the best
//! passages have in common.
//!
//! Constants were chosen over four public collections at once, on plateaus, and hold when each is
//! left out in turn; `docs/ranking.md` has the tables.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::error::Result;
use super::matcher::{Matcher, Wanted};
use super::phrase::{self, Occurrences};
use super::plan::{Evidence, Plan};
use super::rank::{Candidate, Ranking, idf, weights_by_length};
use super::trace::{Heard, Stage};
use super::ways::Way;
use crate::index::{Bodies, Body, Classes, Index};
use crate::query::Field;

/// Passages whose words are taken for the topic of the query.
const FEEDBACK_PASSAGES: usize = 5;
/// Words taken from them.
const FEEDBACK_TERMS: usize = 20;
/// How sharply the better of them count more: a share of the best score.
const TEMPERATURE: f32 = 0.15;

/// Weighs the first `n` candidates again and puts them in order; `heard` is told how.
pub(super) fn second_look(
    index: &Index,
    plan: &Plan,
    ranking: &Ranking,
    top: &mut [Candidate],
    n: usize,
    heard: &mut dyn FnMut(Heard<'_>),
) -> Result<()> {
    if !ranking.looks_again() {
        return Ok(());
    }
    let n = n.min(top.len());
    let top = &mut top[..n];
    // The forward index is read from front to back.
    top.sort_unstable_by_key(|candidate| candidate.passage);
    let mut bodies = Bodies::default();
    for candidate in top.iter() {
        index.read_body(candidate.passage, &mut bodies)?;
    }
    let mut wanted = Wanted::default();
    let groups =
        plan.groups.iter().enumerate().filter(|(_, group)| group.weight > 0.0 && group.evidence == Evidence::Full);
    let readers: Vec<Reader> = groups
        .map(|(number, group)| Reader {
            number,
            weight: group.weight,
            idf: idf(index.n_passages(), group.n_passages),
            ways: group.ways.iter().map(|way| OpenWay::new(way, &mut wanted)).collect(),
            typed: group.typed.as_ref().map(|way| OpenWay::new(way, &mut wanted)),
        })
        .collect();
    let mut matcher = wanted.matcher(index)?;
    add_closeness(index, &readers, &mut matcher, ranking, top, &bodies);
    heard(Heard::Scores(Stage::Closeness, top));
    if ranking.feedback > 0.0 {
        add_feedback(index, &matcher, ranking, top, &bodies, heard)?;
        heard(Heard::Scores(Stage::Feedback, top));
    }
    top.sort_unstable_by(Candidate::better_first);
    Ok(())
}

/// A way, by the numbers of its slots in the matcher.
struct OpenWay {
    slots: Vec<usize>,
    slop: u32,
}

impl OpenWay {
    fn new<'p>(way: &'p Way, wanted: &mut Wanted<'p>) -> Self {
        OpenWay { slots: way.slots.iter().map(|slot| wanted.add(slot)).collect(), slop: way.slop }
    }

    /// Appends where the way stands in the passage that the matcher has read.
    fn find(&self, matcher: &Matcher, found: &mut Occurrences) {
        if let [slot] = self.slots[..] {
            found.extend(matcher.positions(slot).iter().map(|&at| (at, at)));
            return;
        }
        let positions: Vec<&[u32]> = self.slots.iter().map(|&slot| matcher.positions(slot)).collect();
        if positions.iter().all(|positions| !positions.is_empty()) {
            phrase::find(&positions, self.slop, found);
        }
    }
}

/// A group, as it is looked for in bodies.
struct Reader {
    number: usize,
    weight: f32,
    idf: f32,
    ways: Vec<OpenWay>,
    /// The term as typed, among the inflections of a one-word group.
    typed: Option<OpenWay>,
}

/// Adds for words that stand close to their neighbours of the query, and for words as typed.
///
/// The smallest distance of a pair beats counts of pairs and of windows (Tao and Zhai 2007).
fn add_closeness(
    index: &Index,
    readers: &[Reader],
    matcher: &mut Matcher,
    ranking: &Ranking,
    top: &mut [Candidate],
    bodies: &Bodies,
) {
    let by_length = weights_by_length(ranking, Field::Body, index.mean_length(Field::Body));
    let lengths = index.lengths(Field::Body);
    let mut places: Vec<Occurrences> = vec![Vec::new(); readers.len()];
    let mut typed = Vec::new();
    for (candidate, body) in top.iter_mut().zip(bodies.iter()) {
        let norm = by_length[lengths.code(candidate.passage) as usize];
        matcher.read(body);
        for (reader, places) in readers.iter().zip(&mut places) {
            places.clear();
            if candidate.held & (1 << reader.number) == 0 {
                continue;
            }
            reader.ways.iter().for_each(|way| way.find(matcher, places));
            if reader.ways.len() > 1 {
                places.sort_unstable();
            }
            if let Some(way) = &reader.typed {
                typed.clear();
                way.find(matcher, &mut typed);
                let count = typed.len() as f32 * norm;
                let part = reader.weight * reader.idf * count * (ranking.k1 + 1.0) / (ranking.k1 + count);
                candidate.score += ranking.as_typed * part;
            }
        }
        for (pair, places) in readers.windows(2).zip(places.windows(2)) {
            if let Some(distance) = smallest_distance(&places[0], &places[1]) {
                let weight = pair[0].weight.min(pair[1].weight) * (pair[0].idf + pair[1].idf) / 2.0;
                candidate.score += ranking.proximity * weight * 3.0 / (distance as f32 + 2.0);
            }
        }
    }
}

/// Returns how many words the nearest places of two lists are apart; both are in order.
pub(super) fn smallest_distance(a: &[(u32, u32)], b: &[(u32, u32)]) -> Option<u32> {
    let (mut i, mut j) = (0, 0);
    let mut smallest = None;
    while i < a.len() && j < b.len() {
        let (first, second) = if a[i] <= b[j] { (a[i], b[j]) } else { (b[j], a[i]) };
        let distance = second.0.saturating_sub(first.1).max(1);
        smallest = Some(smallest.map_or(distance, |least: u32| least.min(distance)));
        if a[i] <= b[j] { i += 1 } else { j += 1 }
    }
    smallest
}

/// Adds for words that the best passages share and the query does not name (after Rocchio 1971 and
/// Lavrenko and Croft 2001): the best are put in another order, none comes in or goes.
///
/// Words are taken by class, so that inflections are one.
fn add_feedback(
    index: &Index,
    asked: &Matcher,
    ranking: &Ranking,
    top: &mut [Candidate],
    bodies: &Bodies,
    heard: &mut dyn FnMut(Heard<'_>),
) -> Result<()> {
    let mut order: Vec<usize> = (0..top.len()).collect();
    order.sort_unstable_by(|&a, &b| top[a].better_first(&top[b]));
    order.truncate(FEEDBACK_PASSAGES);
    let Some(best) = order.first().map(|&i| top[i].score).filter(|&best| best > 0.0) else { return Ok(()) };
    let shares: Vec<f32> = order.iter().map(|&i| ((top[i].score - best) / (TEMPERATURE * best)).exp()).collect();
    let total: f32 = shares.iter().sum();
    let by_length = weights_by_length(ranking, Field::Body, index.mean_length(Field::Body));
    let lengths = index.lengths(Field::Body);
    let subjects = index.subjects();
    // Class numbers are in the order of their words: what follows does not depend on hashes.
    let mut idfs: FxHashMap<u32, f32> = FxHashMap::default();
    let mut weights: BTreeMap<u32, f32> = BTreeMap::new();
    for (&i, share) in order.iter().zip(&shares) {
        let norm = by_length[lengths.code(top[i].passage) as usize];
        let mut vector: Vec<(u32, f32)> = Vec::new();
        for (class, count) in counts(subjects, bodies.get(i)) {
            let idf = match idfs.get(&class) {
                Some(&idf) => idf,
                None => *idfs.entry(class).or_insert(idf(index.n_passages(), index.subject_frequency(class)?)),
            };
            vector.push((class, idf * saturated(count as f32 * norm, ranking.k1)));
        }
        let length = vector.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        for (class, weight) in vector {
            *weights.entry(class).or_default() += share / total * weight / length;
        }
    }
    asked.ranks().filter_map(|rank| subjects.of(rank)).for_each(|class| {
        weights.remove(&class);
    });
    let mut chosen: Vec<(u32, f32)> = weights.into_iter().collect();
    chosen.sort_by(|a, b| b.1.total_cmp(&a.1));
    chosen.truncate(FEEDBACK_TERMS);
    let sum: f32 = chosen.iter().map(|(_, weight)| weight).sum();
    let strength = ranking.feedback.min(0.05 * ranking.feedback * best);
    chosen.iter().for_each(|&(class, weight)| heard(Heard::Added(class, strength * weight / sum * idfs[&class])));
    chosen.sort_unstable_by_key(|&(class, _)| class);
    let mut occurrences = vec![0u32; chosen.len()];
    // Most words are none of those chosen: a look at few bits tells.
    let mut bits = [0u64; 16];
    let bit = |class: u32| (class as usize / 64 % 16, 1u64 << (class % 64));
    chosen.iter().map(|&(class, _)| bit(class)).for_each(|(cell, bit)| bits[cell] |= bit);
    let may_be_chosen = |class: &u32| matches!(bit(*class), (cell, bit) if bits[cell] & bit != 0);
    for (candidate, body) in top.iter_mut().zip(bodies.iter()) {
        occurrences.fill(0);
        for class in body.words.iter().filter_map(|&rank| subjects.of(rank)).filter(may_be_chosen) {
            if let Ok(at) = chosen.binary_search_by_key(&class, |&(class, _)| class) {
                occurrences[at] += 1;
            }
        }
        let norm = by_length[lengths.code(candidate.passage) as usize];
        for (&(class, weight), &count) in chosen.iter().zip(&occurrences).filter(|(_, count)| **count > 0) {
            candidate.score += strength * weight / sum * idfs[&class] * saturated(count as f32 * norm, ranking.k1);
        }
    }
    Ok(())
}

/// Returns what occurrences count beside the first ones (BM25's part of a term).
fn saturated(count: f32, k1: f32) -> f32 {
    count * (k1 + 1.0) / (k1 + count)
}

/// Counts the words of a passage that may say what it is about, by class.
fn counts(subjects: Classes<'_>, body: Body<'_>) -> Vec<(u32, u32)> {
    let mut classes: Vec<u32> = body.words.iter().filter_map(|&rank| subjects.of(rank)).collect();
    classes.sort_unstable();
    classes.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as u32)).collect()
}
