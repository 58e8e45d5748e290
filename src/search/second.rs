//! The second look at the best: words standing close together, words as typed, and what the best
//! passages have in common.
//!
//! Constants were chosen over four public collections at once, on plateaus, and hold when each is
//! left out in turn; `docs/ranking.md` has the tables.

use super::error::Result;
use super::fillers::Fillers;
use super::group::Evidence;
use super::matcher::{Few, Matcher};
use super::phrase::Occurrences;
use super::plan::Plan;
use super::rank::{Candidate, Ranking, idf, weights_by_length};
use super::remembered::{Remembered, Words};
use super::trace::{Heard, Stage};
use crate::index::Index;
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
    remembered: &Remembered<'_>,
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
    let subjects = index.subjects();
    // The forward index is read from front to back.
    top.sort_unstable_by_key(|candidate| candidate.passage);
    let bodies = remembered.words(top.iter().map(|candidate| candidate.passage), subjects)?;
    let by_length = weights_by_length(ranking, Field::Body, index.mean_length(Field::Body));
    let lengths = index.lengths(Field::Body);
    let norms: Vec<f32> = top.iter().map(|it| by_length[usize::from(lengths.code(it.passage))]).collect();
    let read = Read { bodies, norms };
    let groups =
        plan.groups.iter().enumerate().filter(|(_, group)| group.weight > 0.0 && group.evidence == Evidence::Full);
    let (mut readers, mut ranks, mut n_slots) = (Vec::new(), Vec::new(), 0);
    for (number, group) in groups {
        let fillers = group.fillers(index)?;
        let idf = idf(index.n_passages(), group.n_passages);
        readers.push(Reader { number, weight: group.weight, idf, fillers, first_slot: n_slots });
        ranks.extend(fillers.ranks.iter().map(|&(rank, slot)| (rank, n_slots as u32 + slot)));
        n_slots += fillers.n_slots;
    }
    let mut matcher = Matcher::new(ranks, n_slots);
    add_closeness(&readers, &mut matcher, ranking, top, &read);
    heard(Heard::Scores(Stage::Closeness, top));
    if ranking.feedback > 0.0 {
        let asked = matcher.ranks().filter_map(|rank| subjects.of(rank)).collect();
        add_feedback(index, asked, ranking, top, &read, heard)?;
        heard(Heard::Scores(Stage::Feedback, top));
    }
    top.sort_unstable_by(Candidate::better_first);
    Ok(())
}

/// What is read of the candidates, in their order.
struct Read {
    bodies: Vec<Words>,
    /// What an occurrence counts in each.
    norms: Vec<f32>,
}

/// Most things stand not more often in a body.
const USUAL: usize = 16;

/// A group, as it is looked for in bodies.
struct Reader<'p> {
    number: usize,
    weight: f32,
    idf: f32,
    fillers: &'p Fillers,
    /// The number of its first slot in the matcher.
    first_slot: usize,
}

/// Adds for words that stand close to their neighbours of the query, and for words as typed.
///
/// The smallest distance of a pair beats counts of pairs and of windows (Tao and Zhai 2007).
fn add_closeness(readers: &[Reader<'_>], matcher: &mut Matcher, ranking: &Ranking, top: &mut [Candidate], read: &Read) {
    let mut places: Vec<Occurrences> = readers.iter().map(|_| Occurrences::with_capacity(USUAL)).collect();
    let mut typed = Vec::new();
    for ((candidate, body), norm) in top.iter_mut().zip(&read.bodies).zip(&read.norms) {
        matcher.read(body);
        for (reader, places) in readers.iter().zip(&mut places) {
            places.clear();
            if candidate.held & (1 << reader.number) == 0 {
                continue;
            }
            let (fillers, first) = (reader.fillers, reader.first_slot);
            fillers.ways.iter().for_each(|way| way.find(matcher, first, places));
            if fillers.ways.len() > 1 {
                places.sort_unstable();
            }
            if let Some(way) = &fillers.typed {
                let count = way.count(matcher, first, &mut typed) as f32 * norm;
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
    mut asked: Vec<u32>,
    ranking: &Ranking,
    top: &mut [Candidate],
    read: &Read,
    heard: &mut dyn FnMut(Heard<'_>),
) -> Result<()> {
    let mut order: Vec<usize> = (0..top.len()).collect();
    let better_first = |&a: &usize, &b: &usize| top[a].better_first(&top[b]);
    if order.len() > FEEDBACK_PASSAGES {
        order.select_nth_unstable_by(FEEDBACK_PASSAGES, better_first);
        order.truncate(FEEDBACK_PASSAGES);
    }
    order.sort_unstable_by(better_first);
    let Some(best) = order.first().map(|&i| top[i].score).filter(|&best| best > 0.0) else { return Ok(()) };
    let shares: Vec<f32> = order.iter().map(|&i| ((top[i].score - best) / (TEMPERATURE * best)).exp()).collect();
    let total: f32 = shares.iter().sum();
    // Classes are taken in the order of their numbers: what follows does not depend on hashes.
    let mut told: Vec<u64> = Vec::new();
    for (&i, nth) in order.iter().zip(0..) {
        told.extend(read.bodies[i].subjects().iter().map(|&class| u64::from(class) << 32 | nth));
    }
    // Those of each passage are in order: this sort only joins them.
    told.sort();
    let (class_of, nth_of) = (|told: u64| (told >> 32) as u32, |told: u64| told as u32 as usize);
    let norms: Vec<f32> = order.iter().map(|&i| read.norms[i]).collect();
    // The classes, and what each is worth in the passages that hold it.
    let mut words: Vec<Word> = Vec::new();
    let mut worths: Vec<(usize, f32)> = Vec::with_capacity(told.len());
    let mut squares = [0.0; FEEDBACK_PASSAGES];
    for same in told.chunk_by(|&a, &b| class_of(a) == class_of(b)) {
        let class = class_of(same[0]);
        let idf = idf(index.n_passages(), index.subject_frequency(class)?);
        for of_one in same.chunk_by(|a, b| a == b) {
            let nth = nth_of(of_one[0]);
            let worth = idf * saturated(of_one.len() as f32 * norms[nth], ranking.k1);
            squares[nth] += worth * worth;
            worths.push((nth, worth));
        }
        words.push(Word { class, idf, weight: 0.0, end: worths.len() });
    }
    let lengths_of = squares.map(|square: f32| square.sqrt().max(f32::MIN_POSITIVE));
    let mut start = 0;
    for word in &mut words {
        for &(nth, worth) in &worths[start..word.end] {
            word.weight += shares[nth] / total * worth / lengths_of[nth];
        }
        start = word.end;
    }
    asked.sort_unstable();
    words.retain(|word| asked.binary_search(&word.class).is_err());
    let heaviest_first = |a: &Word, b: &Word| b.weight.total_cmp(&a.weight).then(a.class.cmp(&b.class));
    if words.len() > FEEDBACK_TERMS {
        words.select_nth_unstable_by(FEEDBACK_TERMS, heaviest_first);
        words.truncate(FEEDBACK_TERMS);
    }
    words.sort_unstable_by(heaviest_first);
    let sum: f32 = words.iter().map(|word| word.weight).sum();
    let strength = ranking.feedback.min(0.05 * ranking.feedback * best);
    words.iter_mut().for_each(|word| word.weight = strength * word.weight / sum * word.idf);
    words.iter().for_each(|word| heard(Heard::Added(word.class, word.weight)));
    words.sort_unstable_by_key(|word| word.class);
    // Most words are none of those chosen.
    let chosen = Few::of(words.iter().map(|word| word.class));
    let mut met = Vec::new();
    for ((candidate, body), norm) in top.iter_mut().zip(&read.bodies).zip(&read.norms) {
        met.clear();
        chosen.for_each_place(body.subjects(), |at| met.push(body.subjects()[at]));
        for same in met.chunk_by(|a, b| a == b) {
            if let Ok(at) = words.binary_search_by_key(&same[0], |word| word.class) {
                candidate.score += words[at].weight * saturated(same.len() as f32 * norm, ranking.k1);
            }
        }
    }
    Ok(())
}

/// A class of words that some of the best passages hold.
struct Word {
    class: u32,
    idf: f32,
    /// What it is worth in all of them.
    weight: f32,
    /// Where what it is worth in each ends among all.
    end: usize,
}

/// Returns what occurrences count beside the first ones (BM25's part of a term).
fn saturated(count: f32, k1: f32) -> f32 {
    count * (k1 + 1.0) / (k1 + count)
}
