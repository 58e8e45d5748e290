//! The second look: among the best, words that stand close together count more.

use super::error::Result;
use super::plan::{Group, Plan, occurrences};
use super::rank::{Candidate, Ranking, idf};
use crate::index::Index;
use crate::query::Field;

/// Pairs of words further apart than this add nothing.
const FARTHEST: u32 = 16;

/// Weighs the first `n` candidates again and puts them in order.
pub(super) fn second_look(
    index: &Index,
    plan: &Plan,
    ranking: &Ranking,
    top: &mut [Candidate],
    n: usize,
) -> Result<()> {
    let n = n.min(top.len());
    let groups: Vec<(usize, &Group)> = plan.groups.iter().enumerate().filter(|(_, group)| group.weight > 0.0).collect();
    if groups.len() < 2 || ranking.proximity <= 0.0 {
        return Ok(());
    }
    for candidate in &mut top[..n] {
        let mut places: Vec<(u32, u32, f32)> = Vec::new();
        for &(i, group) in &groups {
            if candidate.held & (1 << i) != 0 {
                let weight = group.weight * idf(index.n_passages(), group.n_passages);
                let found = occurrences(index, Field::Body, group, candidate.passage)?;
                places.extend(found.into_iter().map(|(start, _)| (start, i as u32, weight)));
            }
        }
        places.sort_unstable_by_key(|&(at, group, _)| (at, group));
        candidate.score += ranking.proximity * closeness(&places, ranking.k1);
    }
    top[..n].sort_unstable_by(Candidate::better_first);
    Ok(())
}

/// Returns the proximity part of a score: neighbouring words of different groups add to each other
/// by the square of their distance (Büttcher, Clarke and Lushman 2006).
fn closeness(places: &[(u32, u32, f32)], k1: f32) -> f32 {
    let mut sums: Vec<(u32, f32, f32)> = Vec::new();
    for pair in places.windows(2) {
        let [(a_at, a, a_weight), (b_at, b, b_weight)] = [pair[0], pair[1]];
        let distance = b_at - a_at;
        if a == b || distance == 0 || distance > FARTHEST {
            continue;
        }
        let near = 1.0 / (distance * distance) as f32;
        for (group, own, other) in [(a, a_weight, b_weight), (b, b_weight, a_weight)] {
            match sums.iter_mut().find(|(g, _, _)| *g == group) {
                Some((_, sum, _)) => *sum += other * near,
                None => sums.push((group, other * near, own)),
            }
        }
    }
    sums.iter().map(|&(_, sum, own)| own.min(1.0) * sum * (k1 + 1.0) / (sum + k1)).sum()
}
