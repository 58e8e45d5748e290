//! The second look at the best: words standing close together, words as typed, and what the best
//! passages have in common.
//!
//! Constants were chosen over four public collections at once, on plateaus, and hold when each is
//! left out in turn; `docs/ranking.md` has the tables.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use super::error::Result;
use super::phrase::Cursor;
use super::plan::{Evidence, Plan, Way};
use super::rank::{Candidate, Ranking, idf, weights_by_length};
use super::trace::{Heard, Stage};
use crate::analysis::{Language, Stemmer, TermKind, is_stop_word, terms};
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
    plan: &Plan,
    ranking: &Ranking,
    memory: &Memory,
    top: &mut [Candidate],
    n: usize,
    heard: &mut dyn FnMut(Heard<'_>),
) -> Result<()> {
    let n = n.min(top.len());
    let top = &mut top[..n];
    top.sort_unstable_by_key(|candidate| candidate.passage);
    add_closeness(index, plan, ranking, top)?;
    top.sort_unstable_by(Candidate::better_first);
    heard(Heard::Scores(Stage::Closeness, top));
    if ranking.feedback > 0.0 {
        add_feedback(index, plan, ranking, memory, top, heard)?;
        top.sort_unstable_by(Candidate::better_first);
        heard(Heard::Scores(Stage::Feedback, top));
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
    for (number, group) in
        plan.groups.iter().enumerate().filter(|(_, group)| group.weight > 0.0 && group.evidence == Evidence::Full)
    {
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

/// What is known of the words of passages, kept between queries.
#[derive(Default)]
pub(super) struct Memory {
    classes: RwLock<HashMap<String, Option<Arc<Known>>>>,
    passages: RwLock<HashMap<u32, Arc<Vector>>>,
}

/// A class of words that feedback may add.
struct Known {
    idf: f32,
    words: Vec<String>,
}

/// The words of a passage by weight, of length 1 together.
type Vector = Vec<(Arc<Known>, f32)>;

/// Passages that are remembered: they bound memory.
const REMEMBERED: usize = 20_000;

/// Adds for words that the best passages share and the query does not name (after Rocchio 1971 and
/// Lavrenko and Croft 2001): the best are put in another order, none comes in or goes.
fn add_feedback(
    index: &Index,
    plan: &Plan,
    ranking: &Ranking,
    memory: &Memory,
    top: &mut [Candidate],
    heard: &mut dyn FnMut(Heard<'_>),
) -> Result<()> {
    let Some(best) = top.first().map(|candidate| candidate.score).filter(|&best| best > 0.0) else { return Ok(()) };
    let asked: HashSet<&String> =
        plan.groups.iter().flat_map(|group| &group.ways).flat_map(|way| &way.slots).flatten().collect();
    let chosen = &top[..FEEDBACK_PASSAGES.min(top.len())];
    let shares: Vec<f32> = chosen.iter().map(|c| ((c.score - best) / (TEMPERATURE * best)).exp()).collect();
    let total: f32 = shares.iter().sum();
    let by_length = weights_by_length(ranking, Field::Body, index.mean_length(Field::Body));
    let lengths = index.lengths(Field::Body);
    let mut weights: HashMap<*const Known, (Arc<Known>, f32)> = HashMap::new();
    for (candidate, share) in chosen.iter().zip(&shares) {
        let norm = by_length[lengths.code(candidate.passage) as usize];
        for (known, weight) in memory.vector(index, candidate.passage, norm, ranking.k1)?.iter() {
            let entry = weights.entry(Arc::as_ptr(known)).or_insert_with(|| (Arc::clone(known), 0.0));
            entry.1 += share / total * weight;
        }
    }
    let mut order: Vec<(Arc<Known>, f32)> =
        weights.into_values().filter(|(known, _)| !known.words.iter().any(|word| asked.contains(word))).collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.words.cmp(&b.0.words)));
    order.truncate(FEEDBACK_TERMS);
    let sum: f32 = order.iter().map(|(_, weight)| weight).sum();
    let strength = ranking.feedback.min(0.05 * ranking.feedback * best);
    top.sort_unstable_by_key(|candidate| candidate.passage);
    for (known, weight) in order {
        let way = Way { slots: vec![known.words.clone()], slop: 0, weight: 1.0 };
        let Some(mut cursor) = Cursor::open(index, Field::Body, &way)? else { continue };
        heard(Heard::Added(&known.words, strength * weight / sum * known.idf));
        for candidate in top.iter_mut() {
            let count = cursor.count_in(candidate.passage) as f32;
            if count > 0.0 {
                let count = count * by_length[lengths.code(candidate.passage) as usize];
                candidate.score +=
                    strength * weight / sum * known.idf * count * (ranking.k1 + 1.0) / (ranking.k1 + count);
            }
        }
    }
    Ok(())
}

impl Memory {
    /// Returns the words of a passage, weighed as in the first pass.
    fn vector(&self, index: &Index, passage: u32, norm: f32, k1: f32) -> Result<Arc<Vector>> {
        let remembered = self.passages.read().unwrap_or_else(PoisonError::into_inner).get(&passage).cloned();
        if let Some(vector) = remembered {
            return Ok(vector);
        }
        let language = index.manifest().languages.first().map_or(Language::English, |(tag, _)| Language::from_tag(tag));
        let stemmer = Stemmer::new(language);
        let mut vector: Vector = Vec::new();
        for (class, (word, count)) in counts(&index.text(passage)?, &stemmer) {
            if let Some(known) = self.class(index, class, &word)? {
                let count = count as f32 * norm;
                let weight = known.idf * count * (k1 + 1.0) / (k1 + count);
                vector.push((known, weight));
            }
        }
        let length = vector.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        vector.iter_mut().for_each(|(_, weight)| *weight /= length);
        let vector = Arc::new(vector);
        let mut passages = self.passages.write().unwrap_or_else(PoisonError::into_inner);
        if passages.len() < REMEMBERED {
            passages.insert(passage, Arc::clone(&vector));
        }
        Ok(vector)
    }

    /// Returns what is known of a class, which `word` is of; nothing when it may not be added.
    fn class(&self, index: &Index, class: String, word: &str) -> Result<Option<Arc<Known>>> {
        let remembered = self.classes.read().unwrap_or_else(PoisonError::into_inner).get(&class).cloned();
        if let Some(known) = remembered {
            return Ok(known);
        }
        let found = index.class(word)?;
        let usable = found.n_passages >= 2 && !found.words.is_empty();
        let idf = idf(index.n_passages(), found.n_passages);
        let fresh = usable.then(|| Arc::new(Known { idf, words: found.words }));
        let mut classes = self.classes.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have been first: one class is one thing.
        Ok(classes.entry(class).or_insert(fresh).clone())
    }
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
