//! A query written back in its own language.

use std::fmt::{Display, Formatter, Result, Write};

use super::{Atom, Field, Filter, Form, Node, Query};

/// Writes the query so that parsing it gives the same query again, whatever has been added to it.
impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write_node(f, &self.root, Place::Top)
    }
}

/// What stands around a node, from loose to close.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Top,
    Operand,
    Beside,
}

fn write_node(f: &mut Formatter<'_>, node: &Node, place: Place) -> Result {
    match node {
        Node::Atom(atom) => write_atom(f, atom),
        Node::Filter(filter) => write_filter(f, filter),
        Node::Some(nodes) => write_row(f, nodes, " ", Place::Beside, place),
        Node::All(nodes) => write_row(f, nodes, " AND ", Place::Operand, place),
        Node::Any(nodes) => write_row(f, nodes, " OR ", Place::Operand, place),
        Node::Must(node) => {
            f.write_char('+')?;
            write_node(f, node, Place::Beside)
        }
        Node::Not(node) => {
            f.write_char('-')?;
            write_node(f, node, Place::Beside)
        }
    }
}

fn write_row(f: &mut Formatter<'_>, nodes: &[Node], between: &str, inside: Place, place: Place) -> Result {
    let bracketed = place > Place::Top && !nodes.is_empty();
    if bracketed {
        f.write_char('(')?;
    }
    for (i, node) in nodes.iter().enumerate() {
        if i > 0 {
            f.write_str(between)?;
        }
        write_node(f, node, inside)?;
    }
    if bracketed {
        f.write_char(')')?;
    }
    Ok(())
}

fn write_atom(f: &mut Formatter<'_>, atom: &Atom) -> Result {
    match atom.field {
        Some(Field::Body) => f.write_str("body:")?,
        Some(Field::Section) => f.write_str("section:")?,
        Some(Field::Title) => f.write_str("title:")?,
        None => {}
    }
    if atom.as_written && matches!(atom.form, Form::Exact(_)) {
        f.write_char('=')?;
    }
    atom.form.fmt(f)
}

/// Writes a form in the query language; words in a row, not as written, are joined by hyphens.
impl Display for Form {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Form::Word(word) | Form::Exact(word) => f.write_str(word),
            Form::Phrase { words, exact: false, .. } => f.write_str(&words.join("-")),
            Form::Phrase { words, slop, exact: true } => {
                write!(f, "\"{}\"", words.join(" "))?;
                if *slop > 0 {
                    write!(f, "~{slop}")?;
                }
                Ok(())
            }
            Form::Prefix(word) => write!(f, "{word}*"),
            Form::Fuzzy { word, edits } => write!(f, "{word}~{edits}"),
            Form::Topic(key) => write!(f, "@{key}"),
        }
    }
}

fn write_filter(f: &mut Formatter<'_>, filter: &Filter) -> Result {
    match filter {
        Filter::Paper(name) => write!(f, "paper:\"{name}\""),
        Filter::Author(name) => write!(f, "author:\"{name}\""),
        Filter::Year { from, to } => {
            f.write_str("year:")?;
            if from == to {
                return from.iter().try_for_each(|year| write!(f, "{year}"));
            }
            from.iter().try_for_each(|year| write!(f, "{year}"))?;
            f.write_str("..")?;
            to.iter().try_for_each(|year| write!(f, "{year}"))
        }
    }
}
