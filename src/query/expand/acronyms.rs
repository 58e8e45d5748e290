//! Acronyms that the corpus itself explains, in both directions.

use std::cmp::Reverse;
use std::sync::Arc;

use super::capitals::Case;
use super::known::KnownWord;
use super::named::{LONGEST_ROW, RowOfWords, merged};
use super::{Expander, Expansion, Extent, Node, Why};
use crate::analysis::fold;
use crate::query::words::form_of_name;
use crate::query::{Atom, Form};

/// Weight of an equation that papers make, beside 1 for one that somebody has looked at.
const MINED: f32 = 0.9;

/// Weight of each of several senses that the corpus is undecided about.
const UNDECIDED: f32 = 0.5;

/// A sense explained at least half as often as the first is a rival, not a slip.
const RIVAL: u32 = 2;

/// Long forms have at most as many words.
const LONGEST: usize = 10;

/// One meaning of an acronym.
struct Sense {
    /// How often the corpus explains it so.
    count: u32,
    /// The classes of the words of each wording, and its text.
    wordings: Vec<(Vec<String>, String)>,
}

impl Sense {
    /// Tells whether words are another wording: most of them stand in the first.
    ///
    /// "Afghan-Pakistan Transit Trade Agreement", "Afghanistan Pakistan Trade and Transit Agreement".
    fn is_worded(&self, classes: &[String]) -> bool {
        let Some((first, _)) = self.wordings.first() else { return false };
        let shared = classes.iter().filter(|class| first.contains(class)).count();
        shared * 5 >= 3 * first.len().max(classes.len())
    }
}

impl Expander<'_> {
    /// APTTA ⇒ Afghanistan-Pakistan Transit Trade Agreement.
    pub(super) fn add_long_forms(&self, atom: &mut Atom) {
        let short = match &atom.form {
            Form::Exact(word) => word.clone(),
            Form::Word(word) if self.case_of(&fold(word)) == Case::Capitals => fold(word).to_uppercase(),
            _ => return,
        };
        let senses = self.senses(self.acronyms.long_forms(&short));
        let weight = if senses.len() > 1 { UNDECIDED } else { MINED };
        for (_, text) in senses.into_iter().flat_map(|sense| sense.wordings) {
            // The topics may say that this one is never meant.
            if let Some(form) = form_of_name(&text).filter(|form| !atom.not.contains(form)) {
                self.add(atom, Expansion { text, ..Expansion::new(form, Why::Acronym, weight) });
            }
        }
    }

    /// Returns the senses that count, each with its wordings: the dominant one, and its rivals.
    fn senses(&self, mut forms: Vec<(String, u32)>) -> Vec<Sense> {
        forms.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let mut senses: Vec<Sense> = Vec::new();
        for (text, count) in forms {
            let classes: Vec<String> = self.names.of(&text).into_iter().map(|word| word.class).collect();
            match senses.iter_mut().find(|sense| sense.is_worded(&classes)) {
                Some(sense) => {
                    sense.count += count;
                    if sense.wordings.iter().all(|(known, _)| *known != classes) {
                        sense.wordings.push((classes, text));
                    }
                }
                None => senses.push(Sense { count, wordings: vec![(classes, text)] }),
            }
        }
        senses.sort_by_key(|sense| Reverse(sense.count));
        let most = senses.first().map_or(0, |sense| sense.count);
        senses.retain(|sense| sense.count.saturating_mul(RIVAL) >= most);
        senses
    }

    /// Financial Action Task Force ⇒ FATF.
    ///
    /// A query that is nothing but a long form is one thing. In a longer one the acronym is added to
    /// each of the words instead: it says all of them, and a passage that holds but some of them,
    /// apart, still counts for what it holds. What the papers equate, nobody has looked at.
    ///
    /// `row` has the words of the nodes, if they are known already; they are returned where they are still those.
    pub(super) fn with_short_forms(
        &self,
        mut nodes: Vec<Node>,
        row: Option<RowOfWords>,
        extent: Extent,
    ) -> (Vec<Node>, Option<RowOfWords>) {
        if nodes.len() > LONGEST_ROW {
            return (nodes, row);
        }
        let row = row.unwrap_or_else(|| self.row_of_words(&nodes));
        let mut is_same = true;
        let carries = |node: &Node| matches!(node, Node::Atom(atom) if atom.weight > 0.0);
        let mut at = 0;
        while at < nodes.len() {
            let begins = carries(&nodes[at]) && self.begins_long_form(row.words_from(at));
            let longest = if begins { row.run(&nodes, at, LONGEST) } else { 0 };
            let ends = (1..=longest).rev().filter(|&length| carries(&nodes[at + length - 1]));
            let found = ends.map(|length| (length, row.words(at, length))).find_map(|(length, words)| {
                let words: Vec<&str> = words.iter().map(|word| &*word.name.folded).collect();
                let shorts = if words.len() > 1 { self.short_forms(&words.join(" ")) } else { Vec::new() };
                (!shorts.is_empty()).then_some((length, shorts))
            });
            let Some((length, shorts)) = found else {
                at += 1;
                continue;
            };
            let is_all = extent == Extent::Whole && length == nodes.len();
            if is_all && length > 1 {
                nodes = merged(&nodes).map(Node::Atom).into_iter().collect();
                is_same = false;
            }
            for node in nodes.iter_mut().skip(at).take(length) {
                if let Node::Atom(atom) = node
                    && atom.weight > 0.0
                {
                    shorts.iter().for_each(|short| {
                        self.add(atom, Expansion::new(Form::Exact(short.clone()), Why::Acronym, MINED));
                    });
                }
            }
            at += length;
        }
        (nodes, is_same.then_some(row))
    }

    /// Tells whether a long form may begin with the first two of these words.
    fn begins_long_form(&self, words: &[Arc<KnownWord>]) -> bool {
        let [first, second, ..] = words else { return false };
        first.begins_long_form && self.acronyms.may_begin_with(&format!("{} {}", first.name.folded, second.name.folded))
    }

    /// Returns the acronyms whose own dominant sense is this long form.
    fn short_forms(&self, long: &str) -> Vec<String> {
        let asked: Vec<String> = self.names.of(long).into_iter().map(|word| word.class).collect();
        let mut shorts = self.acronyms.short_forms(long);
        shorts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        shorts
            .into_iter()
            .map(|(short, _)| short)
            .filter(|short| {
                let senses = self.senses(self.acronyms.long_forms(short));
                senses.len() == 1 && senses[0].wordings.iter().any(|(classes, _)| *classes == asked)
            })
            .collect()
    }
}
