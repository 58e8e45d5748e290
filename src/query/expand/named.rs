//! Names of topics in a query: each becomes one atom with all the topic's names.

use std::sync::Arc;

use super::capitals::Case;
use super::known::{Added, KnownWord};
use super::{Expander, Expansion, Extent, Node, Why};
use crate::analysis::fold;
use crate::paper::Span;
use crate::query::topics::{NameWord, Names};
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
        let Some(number) = self.topics.number(key) else {
            let message = format!("no topic `{key}`; searched as words");
            self.notes.push(Note { span: atom.span, message });
            atom.form = form_of_name(key).unwrap_or_else(|| Form::Word(key.clone()));
            return;
        };
        if let Some(label) = self.topics.at(number).and_then(|topic| form_of_name(&topic.label)) {
            atom.form = label;
        }
        self.add_names(atom, number);
    }

    /// Replaces the parts of a row that name a topic, the longest first.
    ///
    /// A whole query may be any name; a part of one must have two words or be an acronym, since a
    /// word among others rarely means all that a topic of this name holds, unless the corpus lacks it.
    ///
    /// Returns the words of the row as well, where they were looked at and are still those.
    pub(super) fn named(&self, nodes: Vec<Node>, extent: Extent) -> (Vec<Node>, Option<RowOfWords>) {
        if !self.options.topics || nodes.len() > LONGEST_ROW {
            return (nodes, None);
        }
        let row = self.row_of_words(&nodes);
        let n_asking = nodes.iter().filter(|node| asks(node)).count();
        let mut named = Vec::new();
        let (mut at, mut told) = (0, 0);
        while at < nodes.len() {
            let words = row.words_from(at);
            let begins_name = self.begins_topic(words);
            let longest = if begins_name { self.topics.longest_name() } else { Names::LONGEST_JOINED };
            let longest = row.run(&nodes, at, longest);
            let found = (1..=longest).rev().find_map(|length| {
                let run = &nodes[at..at + length];
                let alone = extent == Extent::Whole && run.iter().filter(|node| asks(node)).count() == n_asking;
                let extent = if alone { Extent::Whole } else { Extent::Part };
                let words = row.words(at, length);
                let topic = if words.len() == 1 {
                    self.topic_of(run, &words[0], extent)
                } else {
                    self.topic_of_words(words, begins_name)
                };
                Some((length, topic?))
            });
            match found {
                Some((length, topic)) => {
                    named.extend_from_slice(&nodes[told..at]);
                    named.extend(self.merged_as(&nodes[at..at + length], topic).map(Node::Atom));
                    at += length;
                    told = at;
                }
                None => at += 1,
            }
        }
        // Most rows hold no name.
        if told == 0 {
            return (nodes, Some(row));
        }
        named.extend_from_slice(&nodes[told..]);
        (named, None)
    }

    /// Makes one atom of nodes that name a topic.
    fn merged_as(&self, run: &[Node], number: usize) -> Option<Atom> {
        let mut atom = merged(run)?;
        // "LeT" is no "let": only the names are looked for.
        if let Form::Word(word) = &atom.form
            && is_mixed(word)
            && let Some(label) = form_of_name(&self.topics.at(number)?.label)
        {
            (atom.form, atom.weight) = (label, 1.0);
        }
        self.add_names(&mut atom, number);
        Some(atom)
    }

    /// Returns the words of a row that may be parts of names.
    pub(super) fn row_of_words(&self, nodes: &[Node]) -> RowOfWords {
        let mut row = RowOfWords { words: Vec::with_capacity(nodes.len()), starts: vec![0] };
        for node in nodes {
            if let Node::Atom(atom) = node {
                self.append_name_words(atom, &mut row.words);
            }
            row.starts.push(row.words.len());
        }
        row
    }

    /// Appends the words of an atom that may be part of a name; none when it may not.
    fn append_name_words(&self, atom: &Atom, words: &mut Vec<Arc<KnownWord>>) {
        let named = atom.expansions.iter().any(|expansion| expansion.why == Why::Topic);
        match &atom.form {
            _ if named || atom.as_written => {}
            Form::Word(word) => words.push(self.word(word, false)),
            Form::Exact(word) => words.push(self.word(word, true)),
            Form::Phrase { words: row, exact: false, .. } => {
                words.extend(row.iter().map(|word| self.word(word, false)));
            }
            _ => {}
        }
    }

    /// Returns the number of the topic that nodes of one word name.
    fn topic_of(&self, run: &[Node], word: &KnownWord, extent: Extent) -> Option<usize> {
        match run {
            [Node::Atom(Atom { form: Form::Word(typed), .. })] => {
                *word.topic(extent).get_or_init(|| self.topic_of_word(&word.name, is_mixed(typed), extent))
            }
            _ => self.topic_of_word(&word.name, false, extent),
        }
    }

    /// Tells whether a topic's name may begin with the first two of these words.
    fn begins_topic(&self, words: &[Arc<KnownWord>]) -> bool {
        let [first, second, ..] = words else { return false };
        first.begins_topic && self.topics.may_begin_with(&[&first.name, &second.name])
    }

    /// Returns the number of the topic that words name, of which the first two may begin a name.
    fn topic_of_words(&self, words: &[Arc<KnownWord>], begins_name: bool) -> Option<usize> {
        let names = words.iter().map(|word| &word.name);
        let by_name = if begins_name { self.topics.with_name(&names.clone().collect::<Vec<_>>()) } else { None };
        by_name.or_else(|| {
            let joined = if words.first()?.joins { Names::joined_of(names)? } else { return None };
            if !self.topics.may_be_joined(&joined) {
                return None;
            }
            self.known.joined.get(joined, |joined| self.topics.with_likely_name(self.names, joined))
        })
    }

    fn topic_of_word(&self, word: &NameWord, mixed: bool, extent: Extent) -> Option<usize> {
        let with_joined_name = || self.topics.with_joined_name(self.names, &Names::join(&[word])?);
        let means_acronym = word.capitals
            || match self.case_of(&word.folded) {
                Case::Capitals => true,
                Case::Unknown => extent == Extent::Whole,
                Case::Both | Case::Small => false,
            };
        let acronym = if means_acronym { self.topics.with_acronym(word) } else { None };
        // A word that the corpus lacks can only be found by its other names; one like "LeT" is a name.
        let extent = if mixed || !self.vocabulary.knows(&word.folded) { Extent::Whole } else { extent };
        acronym.or_else(|| match extent {
            Extent::Whole => self.topics.with_name(&[word]).or_else(with_joined_name),
            // "counterterrorism" has two words where the topic's name has.
            Extent::Part => with_joined_name().filter(|&number| {
                let joined = |name: &&str| fold(name).replace(|c: char| !c.is_alphanumeric(), "");
                self.topics.at(number).is_some_and(|topic| {
                    let mut names = topic.names().filter(|name| self.names.of(name).len() > 1);
                    names.any(|name| joined(&name) == word.folded)
                })
            }),
        })
    }

    fn add_names(&self, atom: &mut Atom, number: usize) {
        if !atom.expansions.is_empty() || !self.remembers {
            return self.add_names_of(atom, number);
        }
        let added = self.known.named.get((atom.form.clone(), number), |_| {
            let mut alone = Atom::new(atom.form.clone(), atom.span);
            self.add_names_of(&mut alone, number);
            Arc::new(Added { expansions: alone.expansions, not: alone.not })
        });
        atom.expansions.clone_from(&added.expansions);
        atom.not.clone_from(&added.not);
    }

    fn add_names_of(&self, atom: &mut Atom, number: usize) {
        let Some(topic) = self.topics.at(number) else { return };
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

/// The words of a row of nodes.
pub(super) struct RowOfWords {
    words: Vec<Arc<KnownWord>>,
    /// Where the words of each node begin, and where the last ones end.
    starts: Vec<usize>,
}

impl RowOfWords {
    /// Returns how many nodes from `at` on could be one name of at most so many words.
    pub fn run(&self, nodes: &[Node], at: usize, longest: usize) -> usize {
        let field = |i: usize| if let Node::Atom(atom) = &nodes[i] { atom.field } else { None };
        let fits = |&i: &usize| {
            self.starts[i] < self.starts[i + 1]
                // One word more than the longest name: a joined word may be typed as two.
                && self.starts[i + 1] - self.starts[at] <= longest + 1
                && field(i) == field(at)
        };
        (at..nodes.len()).take_while(fits).count()
    }

    /// Returns the word of a node that has one.
    pub fn word(&self, at: usize) -> Option<&KnownWord> {
        if let [word] = self.words(at, 1) { Some(word) } else { None }
    }

    /// Returns the words of all nodes from `at` on.
    pub fn words_from(&self, at: usize) -> &[Arc<KnownWord>] {
        &self.words[self.starts[at]..]
    }

    /// Returns the words of so many nodes from `at` on.
    pub fn words(&self, at: usize, n_nodes: usize) -> &[Arc<KnownWord>] {
        &self.words[self.starts[at]..self.starts[at + n_nodes]]
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
pub(super) fn merged(run: &[Node]) -> Option<Atom> {
    let atoms: Vec<&Atom> =
        run.iter().filter_map(|node| if let Node::Atom(atom) = node { Some(atom) } else { None }).collect();
    let (first, last) = (atoms.first()?, atoms.last()?);
    if atoms.len() == 1 {
        return Some((*first).clone());
    }
    let words = atoms
        .iter()
        .flat_map(|atom| match &atom.form {
            Form::Phrase { words, .. } => words.clone(),
            Form::Word(word) | Form::Exact(word) => vec![word.clone()],
            Form::Prefix(_) | Form::Fuzzy { .. } | Form::Topic(_) => Vec::new(),
        })
        .collect();
    let form = Form::Phrase { words, slop: 0, exact: false };
    Some(Atom { field: first.field, ..Atom::new(form, Span::new(first.span.start, last.span.end)) })
}
