//! From what was typed to a [`Query`]: every text is one, and what is no query language is words.
//!
//! `NOT` binds closer than words side by side, these closer than `AND`, and `AND` closer than `OR`:
//! who types `border closure AND trade access` means both pairs. What `-` denies and what a filter
//! demands holds for the whole of the (bracketed) query, beside whichever word it stands:
//! `a OR b -c` is `(a OR b) -c`.

use winnow::combinator::{alt, delimited, repeat, separated};
use winnow::error::EmptyError;
use winnow::prelude::*;
use winnow::token::{any, one_of};

use crate::analysis::{TermKind, fold, terms};
use crate::paper::Span;

use super::lex::{FilterName, Mark, Sign, Text, Token, tokens};
use super::question::{wants_number, weigh};
use super::words::{self, atoms, shouts};
use super::{Atom, Field, Filter, Form, Node, Note, Query};

/// Parentheses within parentheses deeper than this are passed over: nobody means them.
const DEEPEST: usize = 50;

/// More notes than this help nobody.
const MOST_NOTES: usize = 20;

/// More edits than this make anything like anything.
const MOST_EDITS: u8 = 2;

/// Reads a query; never fails.
///
/// ```
/// use polisearch::query::parse;
/// for (typed, read) in [
///     ("cross-border trade NOT (drugs OR \"small arms\")", "cross-border trade -(drugs OR \"small arms\")"),
///     ("Sino-Indian: a view", "Sino-Indian a view"),
///     ("what [is] the \"Durand Line", "what is the Durand Line"),
///     ("transit year:..2015 OR trade", "(transit OR trade) year:..2015"),
/// ] {
///     assert_eq!(parse(typed).to_string(), read);
/// }
/// ```
pub fn parse(text: &str) -> Query {
    let mut reader = Reader { text, notes: Vec::new() };
    let tokens = reader.checked(tokens(text));
    let parts = reader.operands(tokens);
    let mut root = match row(parts) {
        Ok(row) => Node::some(row),
        Err(parts) => whole.parse_next(&mut &*parts).unwrap_or_else(|_: EmptyError| Node::Some(Vec::new())),
    };
    if shouts(text) {
        root.for_each_atom_mut(&mut quieten);
    }
    weigh(&mut root);
    Query { text: text.to_owned(), wants_number: wants_number(text), root, notes: reader.notes }
}

/// Takes the words of a query that shouts for ordinary ones; what was asked for as written stays.
fn quieten(atom: &mut Atom) {
    match &mut atom.form {
        Form::Exact(word) if !atom.as_written => atom.form = Form::Word(word.to_lowercase()),
        Form::Word(word) => *word = word.to_lowercase(),
        Form::Phrase { words, exact: false, .. } => words.iter_mut().for_each(|word| *word = word.to_lowercase()),
        _ => {}
    }
}

/// A part of the query's structure, where every operator has its operands and every parenthesis its
/// partner: the grammar below takes any row of these.
#[derive(Clone, Debug, PartialEq)]
enum Part {
    Open(Option<Sign>, Option<Field>),
    Close,
    And,
    Or,
    Not,
    Operand(Node),
}

struct Reader<'t> {
    text: &'t str,
    notes: Vec<Note>,
}

impl Reader<'_> {
    /// Notes that something was not understood; a row of the same makes one note.
    fn note(&mut self, span: Span, message: impl Into<String>) {
        let message = message.into();
        if let Some(last) = self.notes.last_mut()
            && last.message == message
            && self.text[last.span.end..span.start].trim().is_empty()
        {
            last.span.end = span.end;
        } else if self.notes.len() < MOST_NOTES {
            self.notes.push(Note { span, message });
        }
    }

    /// Returns the tokens without the parentheses that have no partner, nothing inside, or too many
    /// around them.
    fn checked<'t>(&mut self, tokens: Vec<Token<'t>>) -> Vec<Token<'t>> {
        let mut keep = vec![true; tokens.len()];
        let mut open: Vec<usize> = Vec::new();
        // How many tokens other than dropped parentheses stand before each one that is open.
        let mut full = 0;
        let mut full_before: Vec<usize> = Vec::new();
        for (i, token) in tokens.iter().enumerate() {
            match &token.mark {
                Mark::Open => {
                    open.push(i);
                    full_before.push(full);
                }
                Mark::Close => match open.pop() {
                    Some(partner) => {
                        let empty = full_before.pop() == Some(full);
                        if open.len() >= DEEPEST {
                            self.note(token.span, "parentheses too deep; read without them");
                        }
                        if empty || open.len() >= DEEPEST {
                            (keep[i], keep[partner]) = (false, false);
                        }
                    }
                    None => {
                        keep[i] = false;
                        self.note(token.span, "`)` without `(`");
                    }
                },
                _ => full += 1,
            }
        }
        for i in open {
            keep[i] = false;
            self.note(tokens[i].span, "`(` without `)`");
        }
        let mut keep = keep.into_iter();
        tokens.into_iter().filter(|_| keep.next() == Some(true)).collect()
    }

    /// Reads the operands; an operator that lacks one becomes a word.
    fn operands(&mut self, tokens: Vec<Token<'_>>) -> Vec<Part> {
        let mut parts: Vec<(Part, Span)> = Vec::with_capacity(tokens.len());
        for token in tokens {
            let span = token.span;
            match token.mark {
                Mark::Open => parts.push((Part::Open(token.sign, token.field), span)),
                Mark::Close => parts.push((Part::Close, span)),
                Mark::And => parts.push((Part::And, span)),
                Mark::Or => parts.push((Part::Or, span)),
                Mark::Not => parts.push((Part::Not, span)),
                _ => {
                    let nodes = self.operand(&token);
                    if !nodes.is_empty() {
                        parts.push((Part::Operand(dressed(Node::some(nodes), token.sign, token.field)), span));
                    }
                }
            }
        }
        self.with_operators_checked(parts)
    }

    fn with_operators_checked(&mut self, mut parts: Vec<(Part, Span)>) -> Vec<Part> {
        // Whether an operand begins at each part, once `NOT`s are passed.
        let mut begins = vec![false; parts.len() + 1];
        for (i, (part, _)) in parts.iter().enumerate().rev() {
            begins[i] = match part {
                Part::Operand(_) | Part::Open(..) => true,
                Part::Not => begins[i + 1],
                Part::Close | Part::And | Part::Or => false,
            };
        }
        let mut after_operand = false;
        for i in 0..parts.len() {
            let (part, span) = &mut parts[i];
            let (name, fits) = match part {
                Part::And => ("AND", after_operand && begins[i + 1]),
                Part::Or => ("OR", after_operand && begins[i + 1]),
                Part::Not => ("NOT", begins[i + 1]),
                Part::Operand(_) | Part::Close => {
                    after_operand = true;
                    continue;
                }
                Part::Open(..) => {
                    after_operand = false;
                    continue;
                }
            };
            after_operand = !fits;
            if !fits {
                let span = *span;
                *part = Part::Operand(Node::Atom(Atom::new(Form::Word(name.to_lowercase()), span)));
                self.note(span, format!("`{name}` has nothing to join; searched as a word"));
            }
        }
        parts.into_iter().map(|(part, _)| part).collect()
    }

    fn operand(&mut self, token: &Token<'_>) -> Vec<Node> {
        let span = token.span;
        match &token.mark {
            Mark::Quoted { text, slop } => self.phrase(*text, *slop, span),
            Mark::Filter { name, value } => self.filter(*name, *value, span),
            Mark::Topic(key) => leaf(Form::Topic(key.to_lowercase()), span),
            Mark::Exact(text) => self.exact(*text, span),
            Mark::Chunk(text) => self.chunk(*text),
            Mark::StrayQuote => {
                self.note(span, "quotation mark without its partner");
                Vec::new()
            }
            Mark::Open | Mark::Close | Mark::And | Mark::Or | Mark::Not => Vec::new(),
        }
    }

    /// `"a b"~5`; one word in quotation marks is meant as it is written.
    fn phrase(&mut self, text: Text<'_>, slop: Option<&str>, span: Span) -> Vec<Node> {
        let words = words::words(text.text, text.start);
        let mut words: Vec<String> = words.into_iter().map(|word| word.text).collect();
        let slop = slop.map_or(0, |digits| digits.parse().unwrap_or(u32::MAX));
        let form = match words.len() {
            0 => return Vec::new(),
            1 => Form::Exact(words.remove(0)),
            _ => Form::Phrase { words, slop, exact: true },
        };
        as_written(form, span)
    }

    /// `=word`; of several joined ones, the row.
    fn exact(&mut self, text: Text<'_>, span: Span) -> Vec<Node> {
        self.phrase(text, None, span)
    }

    fn filter(&mut self, name: FilterName, value: Text<'_>, span: Span) -> Vec<Node> {
        let plain = value.text.trim();
        let filter = match name {
            FilterName::Year => year(plain),
            FilterName::Paper => Some(Filter::Paper(plain.to_owned())).filter(|_| !plain.is_empty()),
            FilterName::Author => Some(Filter::Author(fold(plain))).filter(|_| !fold(plain).trim().is_empty()),
        };
        if let Some(filter) = filter {
            return vec![Node::Filter(filter)];
        }
        self.note(span, "not understood as a filter; searched as words");
        nodes(atoms(span.of(self.text), span.start))
    }

    /// `word*`, `word~1`, or literal text.
    fn chunk(&mut self, text: Text<'_>) -> Vec<Node> {
        let span = Span::new(text.start, text.start + text.text.len());
        let bare = text.text.trim_end_matches([',', ';', ':', '.', '?', '!']);
        if let Some(form) = pattern(bare) {
            return leaf(form, span);
        }
        let found = atoms(text.text, text.start);
        if bare.ends_with(['*', '~']) || bare.contains('~') && !found.is_empty() {
            self.note(span, "not understood as a pattern of one word; searched as words");
        } else if let Some(name) = unknown_field(text.text) {
            self.note(span, format!("no field `{name}`; searched as words"));
        }
        nodes(found)
    }
}

fn leaf(form: Form, span: Span) -> Vec<Node> {
    vec![Node::Atom(Atom::new(form, span))]
}

fn as_written(form: Form, span: Span) -> Vec<Node> {
    vec![Node::Atom(Atom { as_written: true, ..Atom::new(form, span) })]
}

fn nodes(atoms: Vec<Atom>) -> Vec<Node> {
    atoms.into_iter().map(Node::Atom).collect()
}

/// Reads `word*`, `word~` and `word~2`.
fn pattern(text: &str) -> Option<Form> {
    if let Some(word) = text.strip_suffix('*') {
        return single_word(word).map(Form::Prefix);
    }
    let (word, edits) = text.split_once('~')?;
    let word = single_word(word)?;
    match edits {
        "" => Some(MOST_EDITS),
        digits => digits.parse().ok().map(|edits: u8| edits.min(MOST_EDITS)),
    }
    .map(|edits| if edits == 0 { Form::Word(word.clone()) } else { Form::Fuzzy { word, edits } })
}

/// Returns a text folded, if it is one word and nothing else.
fn single_word(text: &str) -> Option<String> {
    let mut found = Vec::new();
    terms(text, &mut |term| {
        if term.kind == TermKind::Word {
            found.push(term.text.to_owned());
        }
    });
    found.pop().filter(|word| found.is_empty() && *word == fold(text))
}

/// Reads "2015", "2015..2021", "..2021", "2015..", also with a dash.
fn year(text: &str) -> Option<Filter> {
    let bound = |text: &str| match text.trim() {
        "" => Some(None),
        digits => digits.parse::<u16>().ok().map(|year| Some(i32::from(year))),
    };
    let (from, to) = match text.split_once("..").or_else(|| text.split_once(['-', '–'])) {
        Some((from, to)) => (bound(from)?, bound(to)?),
        None => (bound(text)?, bound(text)?),
    };
    match (from, to) {
        (None, None) => None,
        (Some(from), Some(to)) => Some(Filter::Year { from: Some(from.min(to)), to: Some(from.max(to)) }),
        (from, to) => Some(Filter::Year { from, to }),
    }
}

/// Returns the name before the colon in `auhtor:khan`; times, addresses and titles have none.
fn unknown_field(text: &str) -> Option<&str> {
    let (name, rest) = text.split_once(':')?;
    let known = ["title", "section", "body", "paper", "author", "year"];
    let named = name.len() > 1 && name.bytes().all(|byte| byte.is_ascii_lowercase());
    let used = rest.starts_with(char::is_alphanumeric) || rest.is_empty() && known.contains(&name);
    (named && used).then_some(name)
}

/// Applies what stands directly before an operand.
fn dressed(mut node: Node, sign: Option<Sign>, field: Option<Field>) -> Node {
    if field.is_some() {
        node.for_each_atom_mut(&mut |atom| atom.field = atom.field.or(field));
    }
    match sign {
        Some(Sign::Must) => Node::must(node),
        Some(Sign::Not) => Node::not(node),
        None => node,
    }
}

/// Returns the operands of parts that are nothing else: most queries are words side by side.
fn row(parts: Vec<Part>) -> Result<Vec<Node>, Vec<Part>> {
    if !parts.iter().all(|part| matches!(part, Part::Operand(_))) {
        return Err(parts);
    }
    let operand = |part| if let Part::Operand(node) = part { Some(node) } else { None };
    Ok(parts.into_iter().filter_map(operand).collect())
}

type Parts<'p> = &'p [Part];
type Parsed<T> = Result<T, EmptyError>;

/// alternatives = both (OR both)*
fn whole(parts: &mut Parts<'_>) -> Parsed<Node> {
    let alternatives: Vec<Vec<Vec<Node>>> = separated(1.., both, one_of(|part| part == Part::Or)).parse_next(parts)?;
    Ok(joined(alternatives))
}

/// both = beside (AND beside)*
fn both(parts: &mut Parts<'_>) -> Parsed<Vec<Vec<Node>>> {
    separated(1.., beside, one_of(|part| part == Part::And)).parse_next(parts)
}

/// beside = negated+
fn beside(parts: &mut Parts<'_>) -> Parsed<Vec<Node>> {
    repeat(1.., negated).parse_next(parts)
}

/// negated = NOT* (operand | "(" alternatives ")")
fn negated(parts: &mut Parts<'_>) -> Parsed<Node> {
    let negations: usize = repeat(0.., one_of(|part| part == Part::Not)).parse_next(parts)?;
    let node = alt((operand, bracketed)).parse_next(parts)?;
    Ok(if negations % 2 == 1 { Node::not(node) } else { node })
}

fn operand(parts: &mut Parts<'_>) -> Parsed<Node> {
    any.verify_map(|part| match part {
        Part::Operand(node) => Some(node),
        _ => None,
    })
    .parse_next(parts)
}

fn bracketed(parts: &mut Parts<'_>) -> Parsed<Node> {
    let open = any.verify_map(|part| match part {
        Part::Open(sign, field) => Some((sign, field)),
        _ => None,
    });
    let ((sign, field), node) = (open, delimited((), whole, one_of(|part| part == Part::Close))).parse_next(parts)?;
    Ok(dressed(node, sign, field))
}

/// Joins the operands of `OR` and, in them, of `AND`, each a row of nodes side by side.
fn joined(mut alternatives: Vec<Vec<Vec<Node>>>) -> Node {
    let rows = || alternatives.iter().flatten();
    if rows().count() == 1 {
        return Node::some(alternatives.remove(0).remove(0));
    }
    let has_filter = |row: &&Vec<Node>| row.len() > 1 && row.iter().any(|node| matches!(node, Node::Filter(_)));
    // `a year:2015 OR b year:2017` means each its own.
    let filters_hold_for_all = rows().filter(has_filter).count() <= 1;
    let holds_for_all = |node: &Node| match node {
        Node::Filter(_) => filters_hold_for_all,
        Node::Not(_) => true,
        _ => false,
    };
    let mut conditions = Vec::new();
    let mut row_of = |row: Vec<Node>| {
        if row.iter().all(holds_for_all) {
            return Node::some(row);
        }
        let (held, rest) = row.into_iter().partition(holds_for_all);
        conditions.extend::<Vec<Node>>(held);
        Node::some(rest)
    };
    let any = Node::any(
        alternatives.into_iter().map(|rows| Node::all(rows.into_iter().map(&mut row_of).collect())).collect(),
    );
    conditions.insert(0, any);
    Node::some(conditions)
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
