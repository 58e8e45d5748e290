//! Questions for a number: passages that tell one of what was asked for come first.

use super::error::Result;
use super::group::Group;
use super::plan::Plan;
use super::rank::Candidate;
use super::{Highlight, highlight};
use crate::analysis::{TermKind, terms};
use crate::index::Index;

/// Passages that are looked at: reading their text costs.
const READ: usize = 40;
/// Bytes between a number and what it counts.
const NEAR: usize = 60;
/// Words between a number and what it counts directly: "1.4 million registered Afghan refugees".
const BETWEEN: u32 = 3;
/// What a number that only stands near by adds beside one that counts.
const LOOSE: f32 = 0.5;

/// Raises candidates that tell a number near what was asked for, by a share of the best score; they
/// are in order and stay so.
pub(super) fn prefer_numbers(index: &Index, plan: &Plan, gain: f32, top: &mut [Candidate]) -> Result<()> {
    let n = READ.min(top.len());
    let Some(best) = top.first().map(|candidate| candidate.score) else { return Ok(()) };
    // What is rarest among the words asked for is what is counted.
    let counted = plan.groups.iter().filter(|group| group.weight >= 1.0 && group.n_passages > 0);
    let Some(counted) = counted.min_by_key(|group| group.n_passages) else { return Ok(()) };
    let texts = index.texts(&top[..n].iter().map(|candidate| candidate.passage).collect::<Vec<_>>())?;
    for (candidate, text) in top.iter_mut().zip(texts) {
        candidate.score += gain * best * tells_number(&text, counted);
    }
    top[..n].sort_unstable_by(Candidate::better_first);
    Ok(())
}

/// Returns how surely a text tells a number of what is counted, from 0 to 1.
fn tells_number(text: &str, counted: &Group) -> f32 {
    let places: Vec<Highlight> = highlight::highlights(text, &[counted]);
    let mut sure: f32 = 0.0;
    let mut last: Option<(u32, usize)> = None;
    terms(text, &mut |term| {
        if term.kind != TermKind::Word {
            return;
        }
        if is_quantity(term.text) {
            let near = |place: &Highlight| term.start < place.span.end + NEAR && place.span.start < term.end + NEAR;
            if places.iter().any(near) {
                sure = sure.max(LOOSE);
            }
            last = Some((term.position, term.end));
        }
        if let Some((position, end)) = last
            && places.iter().any(|place| place.span.start == term.start)
            && term.position > position
            && term.position - position <= BETWEEN + 1
            && !text[end..term.start].contains(['.', ';', '!', '?'])
        {
            sure = 1.0;
        }
    });
    sure
}

/// Tells whether a folded word is a quantity, and not a year.
fn is_quantity(word: &str) -> bool {
    const WORDS: [&str; 12] = [
        "billion",
        "billions",
        "dozen",
        "dozens",
        "half",
        "hundred",
        "hundreds",
        "million",
        "millions",
        "percent",
        "thousand",
        "thousands",
    ];
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_year = word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    WORDS.binary_search(&word).is_ok() || is_number && !is_year && word.len() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_no_quantities() {
        for (word, expected) in
            [("million", true), ("1660", true), ("1.4", true), ("1979", false), ("7", false), ("dozens", true)]
        {
            assert_eq!(is_quantity(word), expected, "{word}");
        }
    }
}
