//! Typing mistakes: what a word that the corpus doesn't know was meant to be.

use super::{Expander, Expansion, Why};
use crate::query::{Atom, Form};

/// Weight of a word one edit away; two edits are half as sure.
const ONE_EDIT: f32 = 0.8;

/// Corrections kept: the most frequent word, and those at least a tenth as frequent.
const MOST: usize = 3;

impl Expander<'_> {
    /// afganistan ⇒ afghanistan; never a known word, a number, or an acronym.
    pub(super) fn add_corrections(&self, atom: &mut Atom, word: &str) {
        if self.vocabulary.knows(word) || word.bytes().any(|byte| byte.is_ascii_digit()) {
            return;
        }
        // A right word that the papers don't use is no mistyped one.
        if !self.known_synonyms(word).is_empty() {
            return;
        }
        if let Some(parts) = self.run_together(word) {
            self.add(
                atom,
                Expansion::new(Form::Phrase { words: parts, slop: 0, exact: false }, Why::Variant, ONE_EDIT),
            );
            return;
        }
        let most_edits = match word.chars().count() {
            0..=4 => return,
            5..=8 => 1,
            _ => 2,
        };
        for edits in 1..=most_edits {
            let mut similar = self.vocabulary.similar(word, edits);
            similar.retain(|(other, _)| other != word && !other.bytes().any(|byte| byte.is_ascii_digit()));
            // Few mistype the first letter: "trede" is "trade" before it is "grade".
            if similar.iter().any(|(other, _)| begins_alike(other, word)) {
                similar.retain(|(other, _)| begins_alike(other, word));
            }
            similar.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            let least = similar.first().map_or(0, |(_, count)| count / 10);
            for (other, _) in similar.into_iter().filter(|(_, count)| *count >= least).take(MOST) {
                self.add(atom, Expansion::new(Form::Word(other), Why::Typo, ONE_EDIT / f32::from(edits)));
            }
            if !atom.expansions.is_empty() {
                return;
            }
        }
    }

    /// borderclosure ⇒ border closure: two known words without their blank.
    fn run_together(&self, word: &str) -> Option<Vec<String>> {
        const SHORTEST: usize = 4;
        let cuts = SHORTEST..word.len().saturating_sub(SHORTEST - 1);
        let known = |part: &str| self.vocabulary.count(part);
        let (_, at) = cuts
            .filter_map(|at| {
                let (left, right) = word.split_at_checked(at)?;
                Some((known(left).min(known(right)), at))
            })
            .filter(|(count, _)| *count > 0)
            .max()?;
        let (left, right) = word.split_at(at);
        Some(vec![left.to_owned(), right.to_owned()])
    }
}

fn begins_alike(a: &str, b: &str) -> bool {
    a.chars().next() == b.chars().next()
}
