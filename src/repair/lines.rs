//! Lines: cuts a raw text into lines with what their shape tells.
//!
//! A blank line is no line here; it is counted in the gap before the next one. In a double-spaced
//! text every line has a blank one before it, which then means nothing: [`tighten`] takes it off
//! page by page, so that a gap means the same everywhere.
//!
//! | text | lines (gap, content) |
//! |---|---|
//! | `"one\n\n  two "` | (0, one) (1, two) |
//! | `"one\r\ntwo"` | (0, one) (0, two) |
//! | `"one\n\n\u{c}two"` | (0, one) (1, two), `two` begins a page |

use memchr::{memchr, memchr2};

use super::cues::{self, Opening};
use super::signs::Signs;
use crate::paper::{RemovedKind, Span};

/// What a line is, as far as the passes before paragraphs can tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Role {
    #[default]
    Body,
    /// Taken out of the text.
    Furniture(RemovedKind),
    /// A heading line; 0 until the level is known.
    Heading(u8),
    /// Goes on the heading of the line before.
    HeadingTail,
    /// Opens a list item; the sign of the item is so many bytes long.
    Item(u32),
    Caption,
    PullQuote,
    Table,
    /// A note at the foot of a page, or an entry of a bibliography.
    Reference,
}

impl Role {
    /// Tells whether the line stands apart from the running text, which goes on behind it.
    pub fn is_apart(self) -> bool {
        matches!(self, Role::Caption | Role::PullQuote | Role::Table | Role::Reference)
    }
}

/// A line that holds something.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// What it holds, without the blanks around.
    pub span: Span,
    /// Bytes of blanks before that.
    pub indent: u32,
    /// Characters in `span`.
    pub width: u32,
    /// Blank lines before it.
    pub gap: u32,
    /// Index of its page.
    pub page: u32,
    /// Characters of its first word.
    pub first_word: u32,
    /// Tells whether a form feed stands between it and the line before.
    pub feeds: bool,
    /// Tells whether a sentence could end at its end.
    pub ends: bool,
    pub opens: Opening,
    /// What it may hold.
    pub signs: Signs,
    pub role: Role,
}

impl Line {
    /// Tells whether it begins with a capital, behind quotes and brackets.
    pub fn starts_upper(&self) -> bool {
        self.opens == Opening::Upper
    }

    /// Tells whether it begins with a small letter, behind quotes and brackets.
    pub fn starts_lower(&self) -> bool {
        self.opens == Opening::Lower
    }

    pub fn of<'a>(&self, text: &'a str) -> &'a str {
        self.span.of(text)
    }

    /// Returns where the line itself begins, blanks included.
    pub fn start(&self) -> usize {
        self.span.start - self.indent as usize
    }
}

/// Returns the width that lines of the running text have among some lines: the median, 0 without any.
pub(super) fn usual_width<'a>(lines: impl Iterator<Item = &'a Line> + Clone) -> u32 {
    let widths = lines.filter(|line| line.role == Role::Body).map(|line| line.width);
    // Counted, since nearly all are narrow.
    let mut counts = [0u32; 256];
    widths.clone().for_each(|width| counts[width.min(255) as usize] += 1);
    let middle = counts.iter().sum::<u32>() / 2;
    let mut n_narrower = 0;
    let median = counts.iter().position(|count| {
        n_narrower += count;
        n_narrower > middle
    });
    match median {
        Some(255) => *widths.collect::<Vec<_>>().select_nth_unstable(middle as usize).1,
        median => median.unwrap_or(0) as u32,
    }
}

/// Cuts a text into its lines.
pub(super) fn split(text: &str) -> Vec<Line> {
    let bytes = text.as_bytes();
    let mut lines: Vec<Line> = Vec::with_capacity(text.len() / 48 + 1);
    let (mut start, mut gap, mut feeds) = (0, 0, false);
    // The next line end of the rare kinds.
    let mut rare = 0;
    loop {
        if rare < start || start == 0 {
            rare = memchr2(b'\r', b'\x0c', &bytes[start..]).map_or(bytes.len(), |at| start + at);
        }
        let end = memchr(b'\n', &bytes[start..rare]).map_or(rare, |at| start + at);
        let span = cues::trim(text, Span::new(start, end));
        if !span.is_empty() {
            let content = span.of(text);
            let signs = Signs::of(content.as_bytes());
            let width = |part: &str| if signs.has(Signs::WIDE) { cues::width(part) } else { part.len() as u32 };
            lines.push(Line {
                span,
                indent: (span.start - start) as u32,
                width: width(content),
                gap,
                page: 0,
                first_word: width(cues::first_word(content)),
                feeds,
                ends: cues::ends_sentence(content),
                opens: cues::opening(content),
                signs,
                role: Role::Body,
            });
            (gap, feeds) = (0, false);
        } else if end < bytes.len() && bytes[end] != b'\x0c' {
            gap += 1;
        }
        if end == bytes.len() {
            return lines;
        }
        feeds |= bytes[end] == b'\x0c';
        start = end + if bytes[end..].starts_with(b"\r\n") { 2 } else { 1 };
    }
}

/// Takes the blank lines of double spacing off the gaps, where a page is double-spaced.
///
/// A page is, when most of its lines have exactly one blank line before them and many of these go
/// on a sentence. A page of too few lines is as the page before.
pub(super) fn tighten(lines: &mut [Line]) {
    let mut double = false;
    let mut first = 0;
    while first < lines.len() {
        let page = lines[first].page;
        let len = lines[first..].iter().take_while(|line| line.page == page).count();
        let (mut single_gaps, mut no_gaps, mut going_on) = (0, 0, 0);
        for i in first + 1..first + len {
            match lines[i].gap {
                0 => no_gaps += 1,
                1 => {
                    single_gaps += 1;
                    going_on += usize::from(!lines[i].starts_upper() && !lines[i - 1].ends);
                }
                _ => {}
            }
        }
        if single_gaps + no_gaps >= 4 {
            double = single_gaps > 2 * no_gaps && going_on * 10 >= single_gaps * 3;
        }
        if double {
            lines[first..first + len].iter_mut().for_each(|line| line.gap = line.gap.saturating_sub(1));
        }
        first += len;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(u32, &str)]) {
        let lines = split(text);
        let seen: Vec<(u32, &str)> = lines.iter().map(|line| (line.gap, line.of(text))).collect();
        assert_eq!(seen, expected, "{text:?}");
    }

    #[test]
    fn counts_blank_lines_as_gaps() {
        check("one\n\n  two ", &[(0, "one"), (1, "two")]);
        check("\n \none\n", &[(2, "one")]);
        check("", &[]);
        check(" \n\n", &[]);
    }

    #[test]
    fn knows_every_line_end() {
        check("one\r\ntwo\rthree\r\n\r\nfour", &[(0, "one"), (0, "two"), (0, "three"), (1, "four")]);
        check("one\n\n\u{c}two", &[(0, "one"), (1, "two")]);
        assert!(split("one\n\u{c}two")[1].feeds);
    }

    #[test]
    fn takes_double_spacing_off() {
        let text = "the role\n\nof cross border policies\n\nin trade. They\n\nare many.\n\n\n\nA new one\n\nbegins here\n\nand ends.";
        let mut lines = split(text);
        tighten(&mut lines);
        assert_eq!(lines.iter().map(|line| line.gap).collect::<Vec<_>>(), [0, 0, 0, 0, 2, 0, 0]);
    }

    #[test]
    fn keeps_the_gaps_of_a_list_of_titles() {
        let text = "Introduction\n\nMethods\n\nResults\n\nDiscussion\n\nConclusion\n\nReferences";
        let mut lines = split(text);
        tighten(&mut lines);
        assert!(lines[1..].iter().all(|line| line.gap == 1));
    }
}
