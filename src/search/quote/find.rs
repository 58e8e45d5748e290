//! Which passages may hold the words of a quotation: those that share its rarest words and runs of words.

use std::collections::HashMap;

use super::super::error::Result;
use super::super::phrase::for_each_passage;
use super::super::ways::Way;
use crate::analysis::{TermKind, terms};
use crate::index::Index;
use crate::query::Field;

/// Words, and runs of words, that are looked up.
const MOST_WORDS: usize = 12;
const MOST_RUNS: usize = 8;
/// Words of a run. A changed word breaks one run; the others still lead to the place.
const RUN: usize = 4;
/// A run is not looked up where its rarest word fills more passages: other signs are surer.
const MOST_COMMON: u32 = 200_000;

/// A sign of a quotation: a bit, and what a passage with it is worth.
struct Sign {
    weight: f32,
    what: What,
}

enum What {
    Word(String),
    Run(Way),
}

/// Returns the passages most likely to hold words of a text, best first, at most `most`.
///
/// Words over the border of two passages count for both.
pub fn candidates(index: &Index, text: &str, most: usize) -> Result<Vec<u32>> {
    let signs = signs(index, text)?;
    let mut held: HashMap<u32, u32> = HashMap::new();
    for (bit, sign) in signs.iter().enumerate() {
        let mut hold = |passages: &[u32]| {
            passages.iter().for_each(|&passage| *held.entry(passage).or_default() |= 1 << bit);
        };
        match &sign.what {
            What::Word(word) => {
                let Some(mut blocks) = index.blocks(Field::Body, word)? else { continue };
                while !blocks.passages().is_empty() {
                    hold(blocks.passages());
                    blocks.advance();
                }
            }
            What::Run(way) => for_each_passage(index, Field::Body, way, &mut hold)?,
        }
    }
    let worth = |held: u32| -> f32 {
        signs.iter().enumerate().filter(|(bit, _)| held & (1 << bit) != 0).map(|(_, sign)| sign.weight).sum()
    };
    let mut found: Vec<(f32, u32)> = held
        .iter()
        .map(|(&passage, &own)| {
            let beside = |other: Option<u32>| other.and_then(|other| held.get(&other)).copied().unwrap_or(0);
            let with = |other: u32| worth(own | other);
            // Its own words decide between a passage and the one beside it.
            let best = with(beside(passage.checked_sub(1))).max(with(beside(passage.checked_add(1))));
            (best + 0.01 * worth(own), passage)
        })
        .collect();
    found.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    found.truncate(most);
    Ok(found.into_iter().map(|(_, passage)| passage).collect())
}

/// Chooses the words and runs of words that tell most about where a text comes from.
fn signs(index: &Index, text: &str) -> Result<Vec<Sign>> {
    let mut words: Vec<(String, u32)> = Vec::new();
    let mut said = Vec::new();
    terms(text, &mut |term| {
        if term.kind == TermKind::Word {
            said.push(term.text.to_owned());
        }
    });
    for word in said {
        let n = index.frequency(Field::Body, &word)?;
        words.push((word, n));
    }
    let n_passages = index.n_passages() as f32;
    let weight = |n: u32| (1.0 + n_passages / n.max(1) as f32).ln();
    let mut rare: Vec<&(String, u32)> = words.iter().filter(|(_, n)| *n > 0).collect();
    rare.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.cmp(&b.0)));
    rare.dedup();
    let all_common = rare.first().is_none_or(|(_, n)| *n > MOST_COMMON / 4);
    rare.truncate(if all_common { 2 } else { MOST_WORDS });
    let mut signs: Vec<Sign> =
        rare.iter().map(|(word, n)| Sign { weight: weight(*n), what: What::Word(word.clone()) }).collect();

    let mut runs: Vec<(u32, &[(String, u32)])> = Vec::new();
    let step = if words.len() <= 4 * RUN { 1 } else { RUN };
    let width = RUN.min(words.len());
    for run in words.windows(width.max(1)).step_by(step).filter(|run| run.len() >= 2) {
        let rarest = run.iter().map(|(_, n)| *n).min().unwrap_or(0);
        if rarest > 0 && rarest <= MOST_COMMON {
            runs.push((rarest, run));
        }
    }
    runs.sort_by_key(|(rarest, _)| *rarest);
    runs.truncate(MOST_RUNS);
    signs.extend(runs.into_iter().map(|(_, run)| Sign {
        weight: run.iter().map(|(_, n)| weight(*n)).sum(),
        what: What::Run(Way { slots: run.iter().map(|(word, _)| vec![word.clone()]).collect(), slop: 0, weight: 1.0 }),
    }));
    Ok(signs)
}
