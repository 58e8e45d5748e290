//! Capitals: whether a word means an acronym is what the corpus says, not only how it was typed.

use super::{Expander, Expansion, Why};
use crate::analysis::{fold, is_stop_word};
use crate::query::{Atom, Form};

/// How the corpus writes a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// Always, or nearly so, in capitals: "APTTA".
    Capitals,
    /// In both ways: "IT" and "it".
    Both,
    /// Never in capitals: "border".
    Small,
    /// Not at all.
    Unknown,
}

impl Expander<'_> {
    pub(super) fn case_of(&self, folded: &str) -> Case {
        let all = self.vocabulary.count(folded);
        let capitals = self.vocabulary.count(&folded.to_uppercase());
        match (all, capitals) {
            (0, 0) => Case::Unknown,
            (_, 0) => Case::Small,
            (all, capitals) if u64::from(capitals) * 10 >= u64::from(all) * 9 => Case::Capitals,
            _ => Case::Both,
        }
    }

    /// Lets a word typed in capitals find the small one too, unless the two differ in meaning; and
    /// takes "us" for "US" where the corpus has no other.
    pub(super) fn read_capitals(&self, atom: &mut Atom) {
        match &atom.form {
            Form::Exact(word) if !atom.as_written => {
                let folded = fold(word);
                let acronym = match self.case_of(&folded) {
                    Case::Capitals | Case::Small | Case::Unknown => false,
                    // "IT" is not "it", "CARE" not "care" where a paper explains it; "PAKISTAN" shouts.
                    Case::Both => is_stop_word(&folded) || !self.acronyms.long_forms(word).is_empty(),
                };
                if !acronym {
                    self.add(atom, Expansion::new(Form::Word(folded), Why::Variant, 1.0));
                }
            }
            Form::Word(word) if atom.weight == 0.0 => {
                let known = self.word(word, false);
                let folded = &known.name.folded;
                if folded.len() > 1 && *known.case.get_or_init(|| self.case_of(folded)) == Case::Capitals {
                    (atom.form, atom.weight) = (Form::Exact(folded.to_uppercase()), 1.0);
                }
            }
            _ => {}
        }
    }
}
