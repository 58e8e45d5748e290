//! Foot of the page: finds the notes that stand below the text of a page, so that a sentence that
//! goes on overleaf is not cut by them.
//!
//! Where a format marks notes, that is enough. Elsewhere a line at which notes begin starts with the
//! number that is due, and the page above it has the mark; behind a gap, a few may have been lost:
//!
//! | page | |
//! |---|---|
//! | `… of the border.12 Both …` | text |
//! | `12 See the report of 2019.` | a note, and so is all below |

use super::{
    cues,
    lines::{Line, Role},
};

/// Notes that a page may have without their number at the start of a line.
const MAX_LOST: u32 = 3;
/// Notes that pages before may have had unseen.
const MAX_AHEAD: u32 = 40;

/// Lines of a page that are searched for a note's mark.
const REACH: usize = 400;

/// Gives the notes at the foot of pages their role.
pub(super) fn find(text: &str, lines: &mut [Line], has_pages: bool) {
    if !has_pages {
        return;
    }
    let mut last = 0;
    let mut first = 0;
    while first < lines.len() {
        let page = lines[first].page;
        let after = first + lines[first..].iter().take_while(|line| line.page == page).count();
        let start = (first + 1..after).find(|&i| {
            // Behind a gap the mark above is witness enough, whatever the last number was.
            let due = |number: u32| number == last + 1 || (lines[i].gap > 0 && is_due(number, last));
            lines[i].role == Role::Body
                && number(lines[i].of(text)).is_some_and(|number| {
                    due(number) && has_mark(text, &lines[first.max(i.saturating_sub(REACH))..i], number)
                })
        });
        if let Some(start) = start {
            last = number(lines[start].of(text)).unwrap_or(last);
            for i in start..after {
                if lines[i].role != Role::Body {
                    continue;
                }
                // "33 U.S.C. 408" goes on the note before, and is no note 33.
                let closed = i > start && lines[i - 1].ends;
                let reach = if closed { MAX_LOST + 1 } else { 1 };
                last = number(lines[i].of(text)).filter(|&n| n > last && n <= last + reach).unwrap_or(last);
                lines[i].role = Role::Reference;
            }
        }
        first = after;
    }
}

fn is_due(number: u32, last: u32) -> bool {
    (number + MAX_LOST > last && number <= last + MAX_AHEAD) || number == 1
}

/// Returns the number that a note begins with.
pub(super) fn number(line: &str) -> Option<u32> {
    let digits = line.bytes().take(4).take_while(u8::is_ascii_digit).count();
    let rest = line[digits..].strip_prefix(' ')?.trim_start();
    let opens = rest.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || cues::is_opening(c))
        || rest.starts_with("http");
    if !(1..=3).contains(&digits) || !opens { None } else { line[..digits].parse().ok() }
}

/// Tells whether lines have the mark of a note: its number behind a word, a stop or a quote.
fn has_mark(text: &str, lines: &[Line], number: u32) -> bool {
    let mark = number.to_string();
    let finder = memchr::memmem::Finder::new(&mark);
    lines.iter().filter(|line| line.role == Role::Body).any(|line| {
        let content = line.of(text);
        finder.find_iter(content.as_bytes()).any(|at| {
            let (before, behind) = (content[..at].trim_end_matches(' '), &content[at + mark.len()..]);
            let spaced = before.len() < at;
            let stopped =
                before.ends_with(|c: char| cues::is_stop(c) || cues::is_closing(c) || matches!(c, ',' | ';' | ':'));
            let glued = !spaced && before.ends_with(char::is_alphabetic);
            (stopped || glued) && !behind.starts_with(|c: char| c.is_alphanumeric())
        })
    })
}

#[cfg(test)]
mod tests {
    use crate::{
        paper::BlockKind,
        repair::{repair, tests::raw},
    };

    #[test]
    fn a_sentence_goes_on_over_the_notes() {
        let text = "The line of the\nborder.1 Both sides of it have long\n\n1 See the report.\n\u{c}been poor, as all who went there say.\n";
        let paper = repair(&raw(text));
        let blocks: Vec<_> = paper.blocks.iter().map(|block| (block.kind, block.span.of(&paper.text))).collect();
        assert_eq!(
            blocks,
            [
                (BlockKind::Reference, "1 See the report."),
                (
                    BlockKind::Paragraph,
                    "The line of the border. Both sides of it have long been poor, as all who went there say."
                ),
            ]
        );
    }
}
