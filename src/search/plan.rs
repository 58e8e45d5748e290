//! From a query to what is looked up: each thing asked for becomes a group of terms and phrases.

use std::sync::Arc;

use super::distinct::Distinct;
use super::error::Result;
use super::group::{Evidence, Group, Phrase, Sought};
use super::need::Need;
use super::phrase;
use super::phrases::Found;
use super::rank::Ranking;
use super::remembered::{Remembered, Sense};
use super::ways::{self, Finder, Way};
use crate::analysis;
use crate::index::Index;
use crate::query::{Atom, Field, Filter, Form, Node, Query, Why};

/// Most things that one query asks for; of longer ones the rarest count.
pub(super) const MOST_GROUPS: usize = 64;
/// Words that may stand between the words of a name, and still speak of it.
const NEAR: u32 = 8;

/// In longer queries the words of a name by themselves tell little that others don't.
const FEW_NAMES: usize = 5;

/// A query, looked up.
#[derive(Debug)]
pub(super) struct Plan {
    pub groups: Vec<Group>,
    pub need: Need,
    /// Bits of the groups that make a passage match `all` of the query.
    pub positive: u64,
    /// Bits of the groups that are only guessed.
    pub guessed: u64,
    pub filters: Vec<Filter>,
    /// Distinct things asked for that were left out: more than [`MOST_GROUPS`], the most common go.
    pub left_out: usize,
}

/// Looks up what a query asks for.
pub(super) fn plan(index: &Index, remembered: &Remembered<'_>, query: &Query, ranking: &Ranking) -> Result<Plan> {
    // A query of one thing is a row of one.
    let row;
    let root = match &query.root {
        Node::Atom(_) => {
            row = Node::Some(vec![query.root.clone()]);
            &row
        }
        root => root,
    };
    let finder = Finder { index };
    let mut planner =
        Planner { index, finder, remembered, ranking, groups: Vec::new(), same: Vec::new(), filters: Vec::new() };
    let need = planner.need(root, true)?;
    let Planner { mut groups, filters, .. } = planner;
    let left_out = groups.len().saturating_sub(MOST_GROUPS);
    let mut need = need.unwrap_or(Need::Any(Vec::new()));
    if left_out > 0 {
        let mut order: Vec<usize> = (0..groups.len()).collect();
        // What is required or excluded stays; then the rarest.
        order.sort_by_key(|&i| (groups[i].weight > 0.0, groups[i].n_passages == 0, groups[i].n_passages, i));
        order.truncate(MOST_GROUPS);
        order.sort_unstable();
        need = need.kept(&order).unwrap_or(Need::Any(Vec::new()));
        groups = order.iter().map(|&i| groups[i].clone()).collect();
    }
    // Light words score, but nobody misses them; unless there is nothing else.
    let full = groups.iter().any(|group| group.weight >= 1.0);
    let counts =
        |group: &Group| group.evidence == Evidence::Full && group.weight >= if full { 1.0 } else { f32::MIN_POSITIVE };
    let positive = groups.iter().enumerate().filter(|(_, g)| counts(g)).fold(0, |bits, (i, _)| bits | 1 << i);
    let guessed = groups.iter().enumerate().filter(|(_, g)| g.guessed).fold(0, |bits, (i, _)| bits | 1 << i);
    Ok(Plan { groups, need, positive, guessed, filters, left_out })
}

struct Planner<'i, 'm> {
    index: &'i Index,
    finder: Finder<'i>,
    remembered: &'i Remembered<'m>,
    ranking: &'i Ranking,
    groups: Vec<Group>,
    /// What is looked up, with the numbers of its groups: a repeated word is one group.
    same: Vec<(&'i Atom, bool, usize)>,
    filters: Vec<Filter>,
}

impl<'i> Planner<'i, '_> {
    fn need(&mut self, node: &'i Node, positive: bool) -> Result<Option<Need>> {
        Ok(match node {
            Node::Filter(filter) => {
                self.filters.push(filter.clone());
                None
            }
            // Words that carry nothing are neither looked up nor missed.
            Node::Atom(atom) if atom.weight == 0.0 && positive => None,
            Node::Atom(atom) => Some(Need::Group(self.group(atom, positive)?)),
            Node::Must(node) => self.need(node, positive)?,
            Node::Not(node) => self.need(node, false)?,
            Node::Any(nodes) => Some(self.any(nodes, positive)?),
            Node::Some(nodes) | Node::All(nodes) => {
                let all = matches!(node, Node::All(_));
                let asks = |node: &&Node| !matches!(node, Node::Atom(atom) if atom.weight == 0.0);
                let few = nodes.iter().filter(asks).count() <= FEW_NAMES;
                let (mut required, mut wanted, mut excluded) = (Vec::new(), Vec::new(), Vec::new());
                for node in nodes {
                    let list = match node {
                        Node::Not(_) => &mut excluded,
                        Node::Must(_) => &mut required,
                        _ if all => &mut required,
                        _ => &mut wanted,
                    };
                    list.extend(self.need(node, positive)?);
                    if let (Node::Atom(atom), false, true) = (node, all, positive) {
                        self.weaker(atom, few, &mut wanted)?;
                    }
                }
                if required.is_empty() && wanted.is_empty() && excluded.is_empty() {
                    return Ok(None);
                }
                Some(Need::Some { required, wanted, excluded })
            }
        })
    }

    /// Alternatives are one thing: plain ones become one group.
    fn any(&mut self, nodes: &'i [Node], positive: bool) -> Result<Need> {
        let mut needs: Vec<Need> = Vec::new();
        for node in nodes {
            needs.extend(self.need(node, positive)?);
        }
        let numbers: Vec<usize> =
            needs.iter().filter_map(|need| if let Need::Group(i) = need { Some(*i) } else { None }).collect();
        let last_added: Vec<usize> = (self.groups.len().saturating_sub(numbers.len())..self.groups.len()).collect();
        let same_field = numbers.windows(2).all(|pair| self.groups[pair[0]].field == self.groups[pair[1]].field);
        if numbers.len() == needs.len() && numbers == last_added && numbers.len() > 1 && same_field {
            let rest = self.groups.split_off(numbers[0] + 1);
            let first = self.groups.pop().expect("the first alternative stays");
            let (mut sought, mut weight) = (Sought::clone(&first), first.weight);
            for other in rest {
                sought.label = format!("{} OR {}", sought.label, other.label);
                sought.ways.extend_from_slice(&other.ways);
                sought.not.extend_from_slice(&other.not);
                weight = weight.max(other.weight);
            }
            let sought = self.counted(sought, None)?;
            self.groups.push(Group { sought, weight, evidence: first.evidence });
            self.same.retain(|&(_, _, number)| number <= numbers[0]);
            return Ok(Need::Group(numbers[0]));
        }
        Ok(Need::Any(needs))
    }

    fn group(&mut self, atom: &'i Atom, positive: bool) -> Result<usize> {
        let is_same = |&&(other, as_positive, _): &&(&Atom, bool, usize)| {
            as_positive == positive
                && (&other.form, other.field, &other.expansions) == (&atom.form, atom.field, &atom.expansions)
        };
        if let Some(&(_, _, number)) = self.same.iter().find(is_same) {
            // What is asked for twice counts twice.
            if positive {
                self.groups[number].weight += atom.weight;
            }
            return Ok(number);
        }
        let near = positive && is_named(atom) && self.ranking.near > 0.0;
        let look_up = || self.look_up(atom, near.then_some(NEAR)).map(Some);
        let sought = self.remembered.sought(atom, (Evidence::Full, 0), look_up)?.unwrap_or_default();
        let number = self.groups.len();
        self.groups.push(Group { sought, weight: if positive { atom.weight } else { 0.0 }, evidence: Evidence::Full });
        self.same.push((atom, positive, number));
        Ok(number)
    }

    /// Looks an atom up. `near` says that its words will be asked for near each other, too.
    fn look_up(&self, atom: &Atom, near: Option<u32>) -> Result<Arc<Sought>> {
        let mut ways = self.finder.form(&atom.form, 1.0)?;
        for expansion in atom.expansions.iter().filter(|expansion| expansion.why != Why::Synonym) {
            ways.extend(self.finder.form(&expansion.form, expansion.weight)?);
        }
        let mut not = Vec::new();
        for form in &atom.not {
            not.extend(self.finder.form(form, 1.0)?);
        }
        let sought = Sought {
            label: label(&atom.form),
            ways: ways::tidy(ways),
            not,
            field: atom.field,
            typed: self.finder.typed(atom)?,
            guessed: atom.expansions.iter().any(|expansion| expansion.why == Why::Typo),
            ..Sought::default()
        };
        self.counted(sought, near)
    }

    /// Adds groups of weaker evidence for an atom: the words of a topic's names near each other, in any
    /// order ("the return and resettlement of refugees" speaks of "refugee return"), the words of the
    /// name that was typed, and words of like meaning.
    fn weaker(&mut self, atom: &Atom, few: bool, wanted: &mut Vec<Need>) -> Result<()> {
        let &Ranking { near, parts, synonyms, .. } = self.ranking;
        let finder = self.finder;
        if is_named(atom) && near > 0.0 {
            let close = || {
                let others = atom.expansions.iter().filter(|other| matches!(other.why, Why::Topic | Why::Related));
                let names = std::iter::once((&atom.form, 1.0)).chain(others.map(|other| (&other.form, other.weight)));
                let mut close = Vec::new();
                for (form, weight) in names {
                    let words = ways::words_of_name(form);
                    if words.len() > 1 {
                        close.extend(finder.phrase(&words, NEAR, false, weight)?);
                    }
                }
                Ok(close)
            };
            self.add_weaker(atom, (Evidence::Near, 0), near, close, wanted)?;
        }
        if is_named(atom) && few && parts > 0.0 {
            let typed = ways::words_of_name(&atom.form);
            for (i, word) in typed.iter().enumerate().filter(|_| typed.len() > 1) {
                let ways = || finder.phrase(std::slice::from_ref(word), 0, false, 1.0);
                self.add_weaker(atom, (Evidence::Part, i), parts, ways, wanted)?;
            }
        }
        let mut alike = atom.expansions.iter().filter(|other| other.why == Why::Synonym).peekable();
        if synonyms > 0.0 && alike.peek().is_some() {
            let alike = || {
                let mut ways = Vec::new();
                for other in alike {
                    ways.extend(finder.form(&other.form, other.weight)?);
                }
                Ok(ways::tidy(ways))
            };
            self.add_weaker(atom, (Evidence::Synonym, 0), synonyms, alike, wanted)?;
        }
        Ok(())
    }

    /// Adds what is found in some ways, if any, as evidence for an atom.
    fn add_weaker(
        &mut self,
        atom: &Atom,
        sense: Sense,
        weight: f32,
        ways: impl FnOnce() -> Result<Vec<Way>>,
        wanted: &mut Vec<Need>,
    ) -> Result<()> {
        let look_up = || {
            let ways = ways()?;
            if ways.is_empty() {
                return Ok(None);
            }
            let sought = Sought { label: label(&atom.form), ways, field: atom.field, ..Sought::default() };
            self.counted(sought, None).map(Some)
        };
        if let Some(sought) = self.remembered.sought(atom, sense, look_up)? {
            wanted.push(Need::Group(self.groups.len()));
            self.groups.push(Group { sought, weight: atom.weight * weight, evidence: sense.0 });
        }
        Ok(())
    }

    /// Counts the passages that hold something in its field, or in the body, or anywhere. `near` says that
    /// its words will be asked for near each other, too.
    fn counted(&self, mut sought: Sought, near: Option<u32>) -> Result<Arc<Sought>> {
        (sought.n_passages, sought.phrases) = self.count(&sought, near)?;
        sought.is_common = sought.phrases.iter().any(|phrase| matches!(phrase.found, Found::Common(_)));
        Ok(Arc::new(sought))
    }

    fn count(&self, sought: &Sought, near: Option<u32>) -> Result<(u32, Vec<Phrase>)> {
        let mut phrases = Vec::new();
        // The lexicon has counted the inflections of a single word.
        if let ([way], None) = (&sought.ways[..], sought.field)
            && let [slot] = &way.slots[..]
            && let Some(word) = slot.first()
        {
            if slot.len() == 1 {
                let n = self.index.frequency(Field::Body, word)?;
                if n > 0 {
                    return Ok((n, phrases));
                }
            } else {
                let class = self.index.class(word)?;
                if class.words.len() == slot.len() {
                    return Ok((class.n_passages, phrases));
                }
            }
        }
        let fields: &[Field] = match &sought.field {
            Some(field) => std::slice::from_ref(field),
            None => &[Field::Body, Field::Section, Field::Title],
        };
        let mut n_common = 0;
        for &field in fields {
            let mut seen = Distinct::new(self.index.n_passages());
            for (i, way) in sought.ways.iter().enumerate() {
                if way.slots.len() == 1 {
                    phrase::for_each_passage(self.index, field, way, &mut |passages| seen.add(passages))?;
                    continue;
                }
                // What names are known by has no such words.
                let has_stop_word = way.slots.iter().flatten().any(|term| analysis::is_stop_word(term));
                let found = self.remembered.phrases.find(field, way, near.filter(|_| !has_stop_word))?;
                match &found {
                    Found::All(passages) => seen.add(passages.numbers()),
                    Found::Common(about) => n_common += about,
                }
                phrases.push(Phrase { field, way: i, found });
            }
            let n = n_common + seen.count();
            if n > 0 {
                return Ok((n.min(self.index.n_passages()), phrases));
            }
        }
        Ok((0, phrases))
    }
}

impl Plan {
    /// Tells whether a passage with the groups of `held` lacks nothing.
    #[inline]
    pub fn is_all(&self, held: u64) -> bool {
        held & self.positive & !self.guessed == self.positive
    }

    /// Returns the groups that a passage with the groups of `held` lacks.
    pub fn missing(&self, held: u64) -> impl Iterator<Item = &Group> {
        let missing = self.positive & !(held & !self.guessed);
        self.groups.iter().enumerate().filter(move |(i, _)| missing & (1 << i) != 0).map(|(_, group)| group)
    }
}

/// Tells whether an atom names a topic.
fn is_named(atom: &Atom) -> bool {
    atom.expansions.iter().any(|expansion| expansion.why == Why::Topic)
}

fn label(form: &Form) -> String {
    match form {
        Form::Word(word) | Form::Exact(word) => word.clone(),
        Form::Phrase { words, .. } => words.join(" "),
        Form::Topic(key) => format!("@{key}"),
        Form::Prefix(prefix) => format!("{prefix}*"),
        Form::Fuzzy { word, edits } => format!("{word}~{edits}"),
    }
}
