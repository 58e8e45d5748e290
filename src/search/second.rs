//! The second look at the best: words standing close together, words as typed, and what the best
//! passages have in common.
//!
//! Constants were chosen over four public collections at once, on plateaus, and hold when each is
//! left out in turn; `docs/ranking.md` has the tables.

use std::collections::{BTreeMap, HashMap};

use super::error::Result;
use super::phrase::Cursor;
use super::plan::{Plan, Way};
use super::rank::{Candidate, Ranking, idf, weights_by_length};
use crate::analysis::{Language, Stemmer, TermKind, is_stop_word, terms};
use crate::index::Index;
use crate::query::Field;

/// Passages whose words are taken for the topic of the query.
const FEEDBACK_PASSAGES: usize = 5;
/// Words taken from them.
const FEEDBACK_TERMS: usize = 20;
/// How sharply the better of them count more: a share of the best score.
const TEMPERATURE: f32 = 0.15;

/// Weighs the first `n` candidates again and puts them in order.
pub(super) fn second_look(
    index: &Index,
    plan: &Plan,
    ranking: &Ranking,
    top: &mut [Candidate],
    n: usize,
) -> Result<()> {
    let n = n.min(top.len());
    let top = &mut top[..n];
    top.sort_unstable_by_key(|candidate| candidate.passage);
    add_closeness(index, plan, ranking, top)?;
    top.sort_unstable_by(Candidate::better_first);
    if ranking.feedback > 0.0 {
        add_feedback(index, plan, ranking, top)?;
        top.sort_unstable_by(Candidate::better_first);
    }
    Ok(())
}

/// A group's lists in the bodies, read once over all candidates in order.
struct Reader {
    number: usize,
    weight: f32,
    idf: f32,
    ways: Vec<Cursor>,
    /// The term as typed, among the inflections of a one-word group.
    typed: Option<Cursor>,
}

/// Adds for words that stand close to their neighbours of the query, and for words as typed.
///
/// The smallest distance of a pair beats counts of pairs and of windows (Tao and Zhai 2007).
fn add_closeness(index: &Index, plan: &Plan, ranking: &Ranking, top: &mut [Candidate]) -> Result<()> {
    let mut readers = Vec::new();
    for (number, group) in plan.groups.iter().enumerate().filter(|(_, group)| group.weight > 0.0 && !group.near) {
        let mut ways = Vec::new();
        for way in &group.ways {
            ways.extend(Cursor::open(index, Field::Body, way)?);
        }
        let typed = match &group.typed {
            Some(way) => Cursor::open(index, Field::Body, way)?,
            None => None,
        };
        let idf = idf(index.n_passages(), group.n_passages);
        readers.push(Reader { number, weight: group.weight, idf, ways, typed });
    }
    let by_length = weights_by_length(ranking, Field::Body, index.mean_length(Field::Body));
    let lengths = index.lengths(Field::Body);
    let mut places: Vec<Vec<(u32, u32)>> = vec![Vec::new(); readers.len()];
    for candidate in top {
        let norm = by_length[lengths.code(candidate.passage) as usize];
        for (reader, places) in readers.iter_mut().zip(&mut places) {
            places.clear();
            if candidate.held & (1 << reader.number) == 0 {
                continue;
            }
            for way in &mut reader.ways {
                places.extend_from_slice(way.matches_in(candidate.passage));
            }
            places.sort_unstable();
            if let Some(typed) = &mut reader.typed {
                let count = typed.matches_in(candidate.passage).len() as f32 * norm;
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
    Ok(())
}

/// Returns how many words the nearest places of two lists are apart; both are in order.
fn smallest_distance(a: &[(u32, u32)], b: &[(u32, u32)]) -> Option<u32> {
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
fn add_feedback(index: &Index, plan: &Plan, ranking: &Ranking, top: &mut [Candidate]) -> Result<()> {
    let Some(best) = top.first().map(|candidate| candidate.score).filter(|&best| best > 0.0) else { return Ok(()) };
    let language = index.manifest().languages.first().map_or(Language::English, |(tag, _)| Language::from_tag(tag));
    let stemmer = Stemmer::new(language);
    let asked: Vec<&String> =
        plan.groups.iter().flat_map(|group| &group.ways).flat_map(|way| &way.slots).flatten().collect();
    let chosen = &top[..FEEDBACK_PASSAGES.min(top.len())];
    let shares: Vec<f32> = chosen.iter().map(|c| ((c.score - best) / (TEMPERATURE * best)).exp()).collect();
    let total: f32 = shares.iter().sum();
    let mut weights: BTreeMap<String, f32> = BTreeMap::new();
    let k1 = ranking.k1;
    let by_length = weights_by_length(ranking, Field::Body, index.mean_length(Field::Body));
    let lengths = index.lengths(Field::Body);
    let mut known: HashMap<String, Option<(f32, Vec<String>)>> = HashMap::new();
    for (candidate, share) in chosen.iter().zip(&shares) {
        let norm = by_length[lengths.code(candidate.passage) as usize];
        let mut vector: Vec<(String, f32)> = Vec::new();
        for (class, (word, count)) in counts(&index.passage(candidate.passage)?.text, &stemmer) {
            if !known.contains_key(&class) {
                let found = index.class(&word)?;
                let usable = found.n_passages >= 2 && !found.words.is_empty();
                known.insert(class.clone(), usable.then(|| (idf(index.n_passages(), found.n_passages), found.words)));
            }
            if let Some(Some((idf, _))) = known.get(&class) {
                let count = count as f32 * norm;
                vector.push((class, idf * count * (k1 + 1.0) / (k1 + count)));
            }
        }
        let length = vector.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        for (class, weight) in vector {
            *weights.entry(class).or_default() += share / total * weight / length;
        }
    }
    weights.retain(|class, _| {
        known.get(class).is_some_and(|found| {
            found.as_ref().is_some_and(|(_, words)| !words.iter().any(|word| asked.contains(&word)))
        })
    });
    let mut order: Vec<(String, f32)> = weights.into_iter().collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    order.truncate(FEEDBACK_TERMS);
    let sum: f32 = order.iter().map(|(_, weight)| weight).sum();
    let strength = ranking.feedback.min(0.05 * ranking.feedback * best);
    top.sort_unstable_by_key(|candidate| candidate.passage);
    for (class, weight) in order {
        let Some((idf, words)) = known.remove(&class).flatten() else { continue };
        let way = Way { slots: vec![words], slop: 0, weight: 1.0 };
        let Some(mut cursor) = Cursor::open(index, Field::Body, &way)? else { continue };
        for candidate in top.iter_mut() {
            let count = cursor.count_in(candidate.passage) as f32;
            if count > 0.0 {
                let count = count * by_length[lengths.code(candidate.passage) as usize];
                candidate.score += strength * weight / sum * idf * count * (k1 + 1.0) / (k1 + count);
            }
        }
    }
    Ok(())
}

/// Counts the words of a text that may say what it is about: by class, one of its words and how many.
fn counts(text: &str, stemmer: &Stemmer) -> BTreeMap<String, (String, u32)> {
    let mut counts = BTreeMap::new();
    terms(text, &mut |term| {
        let word = term.text;
        let says =
            word.len() >= 2 && !word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && !is_stop_word(word);
        if term.kind == TermKind::Word && says {
            counts.entry(stemmer.class(word)).or_insert_with(|| (word.to_owned(), 0)).1 += 1;
        }
    });
    counts
}
