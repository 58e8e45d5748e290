//! Trace: tells a person what each pass changed, from what the passes decided.

use super::{
    edits::Edit,
    emit::Written,
    lines::{Line, Role},
    paragraphs::{Drafts, Join},
};
use crate::paper::{BlockKind, Span, references};

/// Something that a pass changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The pass: `furniture`, `hyphens`, ...
    pub pass: &'static str,
    /// Where, in the raw text.
    pub raw: Span,
    /// What stood there.
    pub before: String,
    /// What stands there now; for what was only classified, its kind in brackets.
    pub after: String,
}

/// Tells all changes, in order of place.
pub(super) fn tell(
    raw: &str,
    lines: &[Line],
    drafts: &Drafts,
    edits: &[Edit],
    written: &Written,
    trace: &mut dyn FnMut(Change),
) {
    let mut changes = Vec::new();
    let mut add = |pass, span: Span, after: String| {
        changes.push(Change { pass, raw: span, before: span.of(raw).to_owned(), after })
    };
    for line in lines {
        match line.role {
            Role::Furniture(kind) => add("furniture", line.span, format!("[{kind:?}]")),
            Role::Caption | Role::PullQuote | Role::Table => add("apart", line.span, format!("[{:?}]", line.role)),
            _ => {}
        }
    }
    for draft in &drafts.drafts {
        let pieces = &drafts.pieces[draft.pieces.clone()];
        let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { continue };
        match draft.kind {
            BlockKind::Heading(level) => {
                add("headings", Span::new(first.span.start, last.span.end), format!("[heading {level}]"));
            }
            BlockKind::RunInHeading(level) => {
                add("runin", Span::new(first.span.start, last.span.end), format!("[heading {level}]"));
            }
            _ => {}
        }
        for pair in pieces.windows(2).filter(|pair| pair[1].join == Join::Glue) {
            let (left, right) = (word_before(raw, pair[0].span), word_behind(raw, pair[1].span));
            // A hyphen that was taken out stands right behind the word.
            let near = raw.floor_char_boundary(pair[1].span.start.min(left.end + 3));
            let is_hyphen = super::hyphens::ends_in_hyphen(raw[left.start..near].trim_end().as_bytes()).is_some();
            let pass = if is_hyphen { "hyphens" } else { "seams" };
            add(pass, Span::new(left.start, right.end), [left.of(raw), right.of(raw)].concat());
        }
    }
    for &sign in &drafts.signs {
        add("paragraphs", sign, String::new());
    }
    for edit in edits {
        add(edit.pass, edit.raw, edit.with.to_owned());
    }
    for reference in references(&written.text) {
        add("references", written.map.source_of(reference), "[reference]".to_owned());
    }
    changes.sort_by_key(|change| (change.raw.start, change.raw.end));
    changes.into_iter().for_each(trace);
}

fn word_before(raw: &str, span: Span) -> Span {
    let text = span.of(raw);
    Span::new(span.start + text.rfind(char::is_whitespace).map_or(0, |at| at + 1), span.end)
}

fn word_behind(raw: &str, span: Span) -> Span {
    let text = span.of(raw);
    Span::new(span.start, span.start + text.find(char::is_whitespace).unwrap_or(text.len()))
}
