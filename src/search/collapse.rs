//! From the ranking to what is shown: repeats are folded, and no paper drowns the others.

use std::collections::{HashMap, HashSet};

use super::error::Result;
use super::rank::Candidate;
use super::{Options, PerPaper};
use crate::index::Index;

/// Where nothing else is asked for, passages of one paper among each [`TEN`] that are shown, as long
/// as others are nearly as good.
const TURNS: usize = 3;
const TEN: usize = 10;
/// What is nearly as good, as a share of the score that it passes.
const NEARLY: f32 = 0.8;
/// So many papers it takes to fill ten by turns; of fewer, nobody loses sight of one.
const PAPERS: usize = TEN.div_ceil(TURNS);
/// Brings the score of what was passed just below.
const BELOW: f32 = 0.9999;

/// A passage to show, with those folded into it.
pub(super) struct Kept {
    pub shown: Candidate,
    pub folded: Vec<u32>,
    paper: u32,
    /// Its place by score.
    place: usize,
}

/// What is shown of a ranking.
pub(super) struct Collapsed {
    pub kept: Vec<Kept>,
    /// Better passages that gave way to other papers.
    pub held_back: Vec<Kept>,
}

/// Returns what to show of a ranking that is in order, best first.
pub(super) fn collapse(index: &Index, top: &[Candidate], options: &Options) -> Result<Collapsed> {
    let one_each = index.n_papers() == index.n_passages();
    let mut all = match options {
        Options { fold: true, .. } => folded(index, top)?,
        // Nobody asks for the papers.
        Options { per_paper: PerPaper::Any, .. } => alone(top, |_| Ok(0))?,
        Options { per_paper: PerPaper::InTurns, .. } if one_each => alone(top, |_| Ok(0))?,
        _ => alone(top, |passage| Ok(index.paper_of(passage)?))?,
    };
    let mut held_back = match options.per_paper {
        PerPaper::Most(most) => {
            let mut taken: HashMap<u32, usize> = HashMap::new();
            let (kept, rest) = all.into_iter().partition(|kept| {
                let n = taken.entry(kept.paper).or_default();
                *n += 1;
                *n <= most
            });
            all = kept;
            rest
        }
        PerPaper::InTurns if !one_each => {
            all = in_turns(all, options.limit);
            Vec::new()
        }
        PerPaper::InTurns | PerPaper::Any => Vec::new(),
    };
    let late = all.split_off(options.limit.min(all.len()));
    held_back.extend(late);
    let last = all.iter().map(|kept| kept.place).max().unwrap_or(0);
    held_back.retain(|kept| kept.place < last);
    held_back.sort_by_key(|kept| kept.place);
    Ok(Collapsed { kept: all, held_back })
}

fn kept(candidate: Candidate, paper: u32, place: usize) -> Kept {
    Kept { shown: candidate, folded: Vec::new(), paper, place }
}

fn alone(top: &[Candidate], paper_of: impl Fn(u32) -> Result<u32>) -> Result<Vec<Kept>> {
    let kept = |(place, &candidate): (usize, &Candidate)| Ok(kept(candidate, paper_of(candidate.passage)?, place));
    top.iter().enumerate().map(kept).collect()
}

/// Folds passages that repeat a better one into it.
fn folded(index: &Index, top: &[Candidate]) -> Result<Vec<Kept>> {
    let mut all: Vec<Kept> = Vec::with_capacity(top.len());
    let mut by_group: HashMap<u32, usize> = HashMap::new();
    let kinds = index.kinds()?;
    for (place, &candidate) in top.iter().enumerate() {
        let group = index.copies_group(candidate.passage)?;
        let Some(&first) = group.as_ref().and_then(|group| by_group.get(group)) else {
            by_group.extend(group.map(|group| (group, all.len())));
            all.push(kept(candidate, index.paper_of(candidate.passage)?, place));
            continue;
        };
        // A pull quote or caption gives way to the passage that it repeats.
        let mut copy = candidate.passage;
        let kept = &mut all[first];
        if kinds.get(copy) < kinds.get(kept.shown.passage) {
            let better = Candidate { score: kept.shown.score, ..candidate };
            copy = std::mem::replace(&mut kept.shown, better).passage;
            kept.paper = index.paper_of(kept.shown.passage)?;
        }
        kept.folded.push(copy);
    }
    Ok(all)
}

/// Puts passages of papers that have had their turns behind others that are nearly as good, each
/// with a score below theirs.
fn in_turns(all: Vec<Kept>, limit: usize) -> Vec<Kept> {
    let papers: HashSet<u32> = all.iter().map(|kept| kept.paper).collect();
    if papers.len() < PAPERS {
        return all;
    }
    let mut waiting: Vec<Option<Kept>> = all.into_iter().map(Some).collect();
    let mut ordered: Vec<Kept> = Vec::with_capacity(waiting.len());
    let mut taken: HashMap<u32, usize> = HashMap::new();
    let mut first = 0;
    while ordered.len() < limit {
        while waiting.get(first).is_some_and(Option::is_none) {
            first += 1;
        }
        let Some(Some(best)) = waiting.get(first) else { break };
        if ordered.len().is_multiple_of(TEN) {
            taken.clear();
        }
        let has_turn = |kept: &Kept| taken.get(&kept.paper).is_none_or(|&n| n < TURNS);
        let least = NEARLY * best.shown.score;
        let next = waiting[first..]
            .iter()
            .position(|other| other.as_ref().is_some_and(|other| other.shown.score >= least && has_turn(other)))
            .map_or(first, |at| first + at);
        let Some(mut kept) = waiting[next].take() else { break };
        if let Some(before) = ordered.last().map(|before: &Kept| before.shown.score)
            && kept.shown.score > before
        {
            kept.shown.score = before * BELOW;
        }
        *taken.entry(kept.paper).or_default() += 1;
        ordered.push(kept);
    }
    ordered.extend(waiting.into_iter().flatten());
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Papers as letters with scores, in the order in which they come to be shown.
    fn check(ranking: &[(char, f32)], limit: usize, expected: &str) {
        let all = ranking.iter().enumerate().map(|(place, &(paper, score))| Kept {
            shown: Candidate { passage: place as u32, score, held: 1, rank_of_id: place as u32 },
            folded: Vec::new(),
            paper: paper as u32,
            place,
        });
        let ordered = in_turns(all.collect(), limit);
        let shown: String = ordered.iter().take(limit).filter_map(|kept| char::from_u32(kept.paper)).collect();
        assert_eq!(shown, expected);
        assert!(ordered[..limit.min(ordered.len())].windows(2).all(|pair| pair[0].shown.score >= pair[1].shown.score));
    }

    #[test]
    fn a_paper_waits_while_others_are_nearly_as_good() {
        let many = [('a', 9.0), ('a', 8.9), ('a', 8.8), ('a', 8.7), ('b', 8.0), ('c', 7.5), ('d', 2.0)];
        check(&many, 6, "aaabca");
        check(&many, 7, "aaabcad");
    }

    #[test]
    fn it_does_not_wait_for_worse_ones() {
        check(&[('a', 9.0), ('a', 8.9), ('a', 8.8), ('a', 8.7), ('b', 3.0), ('c', 2.0), ('d', 1.0)], 5, "aaaab");
        check(&[('a', 9.0), ('a', 8.9)], 5, "aa");
    }

    #[test]
    fn of_few_papers_none_waits() {
        check(&[('a', 9.0), ('a', 8.9), ('a', 8.8), ('a', 8.7), ('b', 8.6), ('b', 8.5)], 5, "aaaab");
    }
}
