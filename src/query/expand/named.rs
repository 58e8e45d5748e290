//! Names of topics in a query: each becomes one atom with all the topic's names.

use super::capitals::Case;
use super::{Expander, Expansion, Extent, Node, Why};
use crate::analysis::fold;
use crate::paper::Span;
use crate::query::topics::{NameWord, Topic};
use crate::query::words::{form_of_name, is_mixed};
use crate::query::{Atom, Form, Note};

/// Weight of a related name beside 1 for a true one.
const RELATED: f32 = 0.3;

/// Rows longer than this are pasted text, in which names are not searched for.
pub(super) const LONGEST_ROW: usize = 200;

impl Expander<'_> {
    /// Puts the names of a topic in the place of its `@key`; an unknown key is a word.
    pub(super) fn read_topic_key(&mut self, atom: &mut Atom) {
        let Form::Topic(key) = &atom.form else { return };
        let Some(topic) = self.topics.get(key) else {
            let message = format!("no topic `{key}`; searched as words");
            self.notes.push(Note { span: atom.span, message });
            atom.form = form_of_name(key).unwrap_or_else(|| Form::Word(key.clone()));
            return;
        };
        if let Some(label) = form_of_name(&topic.label) {
            atom.form = label;
        }
        self.add_names(atom, &topic);
    }

    /// Replaces the parts of a row that name a topic, the longest first.
    ///
    /// A whole query may be any name; a part of one must have two words or be an acronym, since a
    /// word among others rarely means all that a topic of this name holds, unless the corpus lacks it.
    pub(super) fn named(&self, nodes: Vec<Node>, extent: Extent) -> Vec<Node> {
        if !self.options.topics || nodes.len() > LONGEST_ROW {
            return nodes;
        }
        let whole = extent == Extent::Whole;
        let mut named = Vec::with_capacity(nodes.len());
        let mut at = 0;
        while at < nodes.len() {
            let run = self.run(&nodes[at..], self.topics.longest_name());
            let found = (1..=run.len()).rev().find_map(|length| {
                let rest = || nodes[..at].iter().chain(&nodes[at + length..]);
                let alone = whole && rest().all(|node| !asks(node));
                Some((length, self.topic_of(&run[..length], if alone { Extent::Whole } else { Extent::Part })?))
            });
            match found {
                Some((length, topic)) => {
                    let mut atom = merged(&run[..length]);
                    // "LeT" is no "let": only the names are looked for.
                    if let (Form::Word(word), Some(label)) = (&atom.form, form_of_name(&topic.label))
                        && is_mixed(word)
                    {
                        (atom.form, atom.weight) = (label, 1.0);
                    }
                    self.add_names(&mut atom, &topic);
                    named.push(Node::Atom(atom));
                    at += length;
                }
                None => {
                    named.push(nodes[at].clone());
                    at += 1;
                }
            }
        }
        named
    }

    /// Returns the atoms at the beginning of a row that could be a name of at most so many words.
    pub(super) fn run<'n>(&self, nodes: &'n [Node], longest: usize) -> Vec<(&'n Atom, Vec<NameWord>)> {
        let mut run: Vec<(&Atom, Vec<NameWord>)> = Vec::new();
        let mut n_words = 0;
        for node in nodes {
            let Node::Atom(atom) = node else { break };
            let words = self.name_words(atom);
            n_words += words.len();
            // One word more than the longest name: a joined word may be typed as two.
            if words.is_empty()
                || n_words > longest + 1
                || run.first().is_some_and(|(first, _)| first.field != atom.field)
            {
                break;
            }
            run.push((atom, words));
        }
        run
    }

    /// Returns the words of an atom that may be part of a name; none when it may not.
    fn name_words(&self, atom: &Atom) -> Vec<NameWord> {
        let named = atom.expansions.iter().any(|expansion| expansion.why == Why::Topic);
        match &atom.form {
            _ if named || atom.as_written => Vec::new(),
            Form::Word(word) => vec![self.names.word(word, false)],
            Form::Exact(word) => vec![self.names.word(word, true)],
            Form::Phrase { words, exact: false, .. } => words.iter().map(|word| self.names.word(word, false)).collect(),
            _ => Vec::new(),
        }
    }

    fn topic_of(&self, run: &[(&Atom, Vec<NameWord>)], extent: Extent) -> Option<Topic> {
        let words: Vec<NameWord> = run.iter().flat_map(|(_, words)| words.iter().cloned()).collect();
        let [word] = &*words else {
            return self.topics.with_name(&words).or_else(|| self.topics.with_joined_name(&self.names, &words));
        };
        let means_acronym = word.capitals
            || match self.case_of(&word.folded) {
                Case::Capitals => true,
                Case::Unknown => extent == Extent::Whole,
                Case::Both | Case::Small => false,
            };
        let acronym = if means_acronym { self.topics.with_acronym(word) } else { None };
        // A word that the corpus lacks can only be found by its other names; one like "LeT" is a name.
        let mixed = matches!(&run[0].0.form, Form::Word(typed) if is_mixed(typed));
        let extent = if mixed || !self.vocabulary.knows(&word.folded) { Extent::Whole } else { extent };
        acronym.or_else(|| match extent {
            Extent::Whole => {
                self.topics.with_name(&words).or_else(|| self.topics.with_joined_name(&self.names, &words))
            }
            // "counterterrorism" has two words where the topic's name has.
            Extent::Part => self.topics.with_joined_name(&self.names, &words).filter(|topic| {
                let joined = |name: &&str| fold(name).replace(|c: char| !c.is_alphanumeric(), "");
                topic.names().filter(|name| self.names.of(name).len() > 1).any(|name| joined(&name) == word.folded)
            }),
        })
    }

    fn add_names(&self, atom: &mut Atom, topic: &Topic) {
        let mut add = |name: &str, why: Why, weight: f32| {
            if let Some(form) = form_of_name(name) {
                self.add(atom, Expansion { text: name.to_owned(), ..Expansion::new(form, why, weight) });
            }
        };
        topic.names().for_each(|name| add(name, Why::Topic, 1.0));
        if self.options.related {
            topic.related.iter().for_each(|name| add(name, Why::Related, RELATED));
        }
        atom.not = topic.not.iter().filter_map(|name| form_of_name(name)).collect();
    }
}

/// Tells whether a node asks for something, so that what stands beside it is not all.
fn asks(node: &Node) -> bool {
    match node {
        Node::Atom(atom) => atom.weight > 0.0,
        Node::Filter(_) | Node::Not(_) => false,
        Node::Some(_) | Node::All(_) | Node::Any(_) | Node::Must(_) => true,
    }
}

/// Makes one atom of several: its words in a row.
pub(super) fn merged(run: &[(&Atom, Vec<NameWord>)]) -> Atom {
    let [(first, _), .., (last, _)] = run else { return run[0].0.clone() };
    let words = run
        .iter()
        .flat_map(|(atom, _)| match &atom.form {
            Form::Phrase { words, .. } => words.clone(),
            Form::Word(word) | Form::Exact(word) => vec![word.clone()],
            Form::Prefix(_) | Form::Fuzzy { .. } | Form::Topic(_) => Vec::new(),
        })
        .collect();
    let form = Form::Phrase { words, slop: 0, exact: false };
    Atom { field: first.field, ..Atom::new(form, Span::new(first.span.start, last.span.end)) }
}
