//! Paragraph flow: papers whose format knows its paragraphs (HTML, Word, Markdown) pass almost as
//! they are; each line is a block of the kind that its marks say.

use super::{
    lines::{Line, Role},
    paragraphs::{self, Drafts, Piece},
};
use crate::paper::{BlockKind, Feature, Mark, RemovedKind, Span, is_date};

/// Gives lines the role that the format's marks say, and returns the spans of marked note marks.
///
/// A mark counts for the lines that it covers for the most part.
pub(super) fn apply_marks(text: &str, lines: &mut [Line], marks: &[Mark]) -> Vec<Span> {
    let mut note_marks = Vec::new();
    let mut first = 0;
    for mark in marks {
        let role = match mark.feature {
            Feature::Heading(level) => Role::Heading(level.max(1)),
            Feature::Caption => Role::Caption,
            Feature::Footnote => Role::Reference,
            Feature::Furniture => Role::Furniture(RemovedKind::RunningHeader),
            Feature::Table => Role::Table,
            Feature::FootnoteMark => {
                note_marks.push(mark.span);
                continue;
            }
        };
        // Marks come in order of start, but may lie in each other.
        while first < lines.len() && lines[first].span.end <= mark.span.start {
            first += 1;
        }
        let mut heads = true;
        for line in lines[first..].iter_mut().take_while(|line| line.span.start < mark.span.end) {
            if line.span.overlap(mark.span) * 2 > line.span.len() {
                line.role = match role {
                    Role::Heading(_) if !heads => Role::HeadingTail,
                    _ => role,
                };
                heads = false;
            }
        }
    }
    take_back_date(text, lines);
    note_marks
}

/// Takes the heading back that is a date and the only one: the date of the paper, set large. Several are the
/// headings of a chronicle.
fn take_back_date(text: &str, lines: &mut [Line]) {
    let heads = |i: &usize| {
        let whole = lines.get(i + 1).is_none_or(|next| next.role != Role::HeadingTail);
        matches!(lines[*i].role, Role::Heading(_)) && whole && is_date(lines[*i].of(text))
    };
    let mut dates = (0..lines.len()).filter(heads);
    if let (Some(date), None) = (dates.next(), dates.next()) {
        lines[date].role = Role::Body;
    }
}

/// Makes a block of every line.
pub(super) fn drafts(text: &str, lines: &[Line]) -> Drafts {
    let mut drafts = Drafts::default();
    let mut in_references = false;
    for line in lines {
        let kind = match line.role {
            Role::Furniture(_) => continue,
            Role::Heading(level) => {
                in_references = super::headings::opens_references(line.of(text));
                BlockKind::Heading(level)
            }
            Role::Caption => BlockKind::Caption,
            Role::PullQuote => BlockKind::PullQuote,
            Role::Table => BlockKind::Table,
            Role::Reference => BlockKind::Reference,
            Role::HeadingTail | Role::Item(_) | Role::Body if in_references => BlockKind::Reference,
            Role::HeadingTail | Role::Item(_) | Role::Body => BlockKind::Paragraph,
        };
        let is_item = paragraphs::item_sign(line.of(text), true).is_some();
        let kind = if is_item && kind == BlockKind::Paragraph { BlockKind::ListItem } else { kind };
        drafts.push(kind, [Piece::of(line)]);
    }
    drafts
}

#[cfg(test)]
mod tests {
    use crate::{
        paper::{BlockKind, Feature, Mark, Span},
        repair::{repair, tests::raw},
    };

    fn check(text: &str, marked: &[&str], expected: &[(u8, &str)]) {
        let mut paper = raw(text);
        let place = |line: &&str| text.find(line).map(|at| Span::new(at, at + line.len()));
        paper.marks = marked.iter().filter_map(place).map(|span| Mark { span, feature: Feature::Heading(1) }).collect();
        let paper = repair(&paper);
        let headings = paper.blocks.iter().filter_map(|block| match block.kind {
            BlockKind::Heading(level) => Some((level, block.span.of(&paper.text))),
            _ => None,
        });
        assert_eq!(headings.collect::<Vec<_>>(), expected, "{text:?}");
    }

    #[test]
    fn one_date_set_large_is_no_heading_and_several_are() {
        let body = "Both sides have long been poor, as all of those who went there say.";
        let text = format!("Border Trade\n\nMay 5, 2021\n\n{body}\n\nJune 7, 2022\n\n{body}\n");
        check(&text, &["Border Trade", "May 5, 2021"], &[(1, "Border Trade")]);
        check(
            &text,
            &["Border Trade", "May 5, 2021", "June 7, 2022"],
            &[(1, "Border Trade"), (1, "May 5, 2021"), (1, "June 7, 2022")],
        );
    }

    #[test]
    fn what_is_not_marked_stands_below_what_is() {
        let body = "Both sides have long been poor, as all of\nthose who went there say.";
        let text = format!("Border Trade\n\n{body}\n\nSECURITY INTERESTS\n\n{body}\n");
        check(&text, &["Border Trade"], &[(1, "Border Trade"), (2, "SECURITY INTERESTS")]);
    }
}
