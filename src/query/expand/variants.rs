//! Variants: hyphen, blank or neither; transliteration; numbers in digits and words.

use std::collections::BTreeSet;

use super::transliteration::spellings;
use super::{Expander, Expansion, Node, Why, numbers};
use crate::analysis::fold;
use crate::query::{Atom, Form};

/// Weight of another spelling of a name beside 1 for the same letters.
const SPELLING: f32 = 0.9;

/// Weight of a number written in the other way.
const NUMBER: f32 = 0.8;

/// More spellings of the words of one phrase than this are no longer one name.
const MOST_SPELLINGS: usize = 8;

/// Particles that join the words of a name and are heard differently: Tehrik-i-, Tehreek-e-.
const PARTICLES: &[&[&str]] = &[&["i", "e", "ye"], &["ul", "al", "el"]];

impl Expander<'_> {
    pub(super) fn add_variants(&self, atom: &mut Atom) {
        let forms: Vec<Form> = std::iter::once(&atom.form)
            .chain(atom.expansions.iter().filter(|known| known.why == Why::Topic).map(|known| &known.form))
            .cloned()
            .collect();
        for form in &forms {
            match form {
                Form::Word(word) => self.add_word_variants(atom, &fold(word)),
                Form::Phrase { words, exact: false, .. } => self.add_phrase_variants(atom, words),
                _ => {}
            }
        }
    }

    fn add_word_variants(&self, atom: &mut Atom, word: &str) {
        let is_number = word.starts_with(|c: char| c.is_ascii_digit());
        if let Some(words) = self.vocabulary.compound_parts(word).filter(|_| !is_number) {
            let text = words.join("-");
            let form = Form::Phrase { words, slop: 0, exact: false };
            self.add(atom, Expansion { text, ..Expansion::new(form, Why::Variant, 1.0) });
        }
        for other in self.spellings(word) {
            self.add(atom, Expansion::new(Form::Word(other), Why::Variant, SPELLING));
        }
        self.add_numbers(atom, &[word]);
    }

    fn add_phrase_variants(&self, atom: &mut Atom, words: &[String]) {
        let folded: Vec<String> = words.iter().map(|word| fold(word)).collect();
        self.add_joined(atom, &folded.concat());
        self.add_numbers(atom, &folded.iter().map(String::as_str).collect::<Vec<_>>());
        for words in self.phrase_spellings(&folded) {
            let form = Form::Phrase { words, slop: 0, exact: false };
            self.add(atom, Expansion::new(form, Why::Variant, SPELLING));
        }
    }

    /// Returns the other spellings of a name that the corpus uses; a far rarer word is a slip.
    fn spellings(&self, word: &str) -> BTreeSet<String> {
        const RARER: u32 = 500;
        let least = self.vocabulary.count(word) / RARER;
        spellings(word, &|other| self.vocabulary.count(other) > least)
    }

    /// cross-border ⇒ crossborder, where somebody writes it so.
    fn add_joined(&self, atom: &mut Atom, joined: &str) {
        if self.vocabulary.count(joined) > 0 {
            self.add(atom, Expansion::new(Form::Word(joined.to_owned()), Why::Variant, 1.0));
        }
    }

    /// Tehrik-i-Taliban ⇒ tehrik e taliban, tehreek i taliban, ...
    fn phrase_spellings(&self, words: &[String]) -> Vec<Vec<String>> {
        let mut phrases = vec![Vec::new()];
        for (i, word) in words.iter().enumerate() {
            let mut ways = vec![word.clone()];
            let inside = i > 0 && i + 1 < words.len();
            match PARTICLES.iter().find(|particles| inside && particles.contains(&word.as_str())) {
                Some(particles) => {
                    ways.extend(particles.iter().filter(|other| *other != word).map(|&other| other.to_owned()));
                }
                None => ways.extend(self.spellings(word)),
            }
            phrases = phrases
                .iter()
                .flat_map(|phrase| ways.iter().map(move |way| [phrase.as_slice(), std::slice::from_ref(way)].concat()))
                .take(MOST_SPELLINGS)
                .collect();
        }
        phrases.retain(|phrase| phrase != words);
        phrases
    }

    fn add_numbers(&self, atom: &mut Atom, words: &[&str]) {
        for other in numbers::others(words) {
            let words: Vec<String> = other.split(' ').map(str::to_owned).collect();
            let form = match words.len() {
                1 => Form::Word(other),
                _ => Form::Phrase { words, slop: 0, exact: false },
            };
            self.add(atom, Expansion::new(form, Why::Variant, NUMBER));
        }
    }

    /// cross border ⇒ each also crossborder, where somebody writes it so: the joined word holds both.
    /// What is written with a hyphen is found anyway.
    pub(super) fn add_joined_neighbors(&self, nodes: &mut [Node]) {
        for i in 1..nodes.len() {
            let [Node::Atom(left), Node::Atom(right)] = &mut nodes[i - 1..=i] else { continue };
            let carries = |atom: &Atom| atom.weight > 0.0 && !atom.as_written;
            let (Form::Word(a), Form::Word(b)) = (&left.form, &right.form) else { continue };
            if carries(left) && carries(right) && left.field == right.field {
                let joined = fold(a) + &fold(b);
                self.add_joined(left, &joined);
                self.add_joined(right, &joined);
            }
        }
    }
}
