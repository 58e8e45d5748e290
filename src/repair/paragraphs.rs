//! Paragraphs: joins lines to blocks, across columns, pages and whatever stands between.
//!
//! | before | after |
//! |---|---|
//! | `… has highlights` / gap / `Pakistan’s deep ties …` | one paragraph: no sentence ended |
//! | `… medical care.` / gap / `This reality …` | two: a gap after a sentence |
//! | `… both countries.` (a short line) / `Refugee flow …` | two: the next word had room |
//! | `… dominated but not` / caption / `monopolized by …` | one paragraph, and the caption beside it |

use std::ops::Range;

use super::{
    cues, headings,
    lines::{Line, Role},
    signs::Signs,
};
use crate::paper::{BlockKind, Span};

/// No page sets longer lines of running text, in characters.
const MAX_LINE: u32 = 200;

/// How a piece of text follows the one before it in its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Join {
    /// The first of its block.
    First,
    Space,
    /// A word or a dash goes on.
    Glue,
}

/// A stretch of the raw text, mostly a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub span: Span,
    pub join: Join,
    /// What its line may hold.
    pub signs: Signs,
}

impl Piece {
    /// Returns the whole of a line.
    pub fn of(line: &Line) -> Piece {
        Piece { span: line.span, join: Join::Space, signs: line.signs }
    }
}

/// A block to be written: its kind and its pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Draft {
    pub kind: BlockKind,
    /// Into [`Drafts::pieces`].
    pub pieces: Range<usize>,
    /// Tells whether it stands on one line with the block before it (a run-in heading).
    pub runs_on: bool,
}

/// The blocks of a paper in reading order.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    pub drafts: Vec<Draft>,
    pub pieces: Vec<Piece>,
    /// Signs of list items.
    pub signs: Vec<Span>,
}

impl Drafts {
    pub fn push(&mut self, kind: BlockKind, pieces: impl IntoIterator<Item = Piece>) {
        let start = self.pieces.len();
        self.pieces.extend(pieces);
        if let Some(first) = self.pieces.get_mut(start) {
            first.join = Join::First;
        }
        self.drafts.push(Draft { kind, pieces: start..self.pieces.len(), runs_on: false });
    }
}

/// Gives lines that open a list item their role.
pub(super) fn find_items(text: &str, lines: &mut [Line]) {
    let mut in_list = false;
    for i in 0..lines.len() {
        if lines[i].role != Role::Body {
            in_list &= matches!(lines[i].role, Role::Furniture(_));
            continue;
        }
        let fresh = in_list || i == 0 || lines[i].gap > 0 || lines[i - 1].role != Role::Body || {
            let before = lines[i - 1].of(text);
            lines[i - 1].ends || before.ends_with([';', ','])
        };
        if let Some(sign) = item_sign(lines[i].of(text), fresh) {
            lines[i].role = Role::Item(sign);
            in_list = true;
        } else if lines[i].gap > 0 {
            in_list = false;
        }
    }
}

/// Returns the length of the bullet that a line begins with, blanks included; a number counts 0,
/// since it stays in the text.
///
/// A dash or number opens an item only where a sentence has ended (`fresh`).
pub(super) fn item_sign(content: &str, fresh: bool) -> Option<u32> {
    let first = content.chars().next()?;
    if first.is_ascii_alphanumeric() && first != 'o' {
        return (fresh && numbers_item(content)).then_some(0);
    }
    let rest = &content[first.len_utf8()..];
    let blanks = rest.len() - rest.trim_start().len();
    let spaced = blanks > 0 && blanks < rest.len();
    let sign = first.len_utf8() + blanks;
    match first {
        '·' | '-' | '–' | '—' | '*' | 'o' if spaced && fresh => {
            // "o" is a word in some languages: as a bullet it stands before a capital.
            (first != 'o' || cues::starts_upper(rest.trim_start())).then_some(sign as u32)
        }
        _ if is_bullet(first) => (blanks < rest.len()).then_some(sign as u32),
        _ if fresh => numbers_item(content).then_some(0),
        _ => None,
    }
}

/// Tells whether a character is a bullet and nothing else.
pub(super) fn is_bullet(c: char) -> bool {
    matches!(
        c,
        '•' | '▪'
            | '●'
            | '◦'
            | '‣'
            | '⁃'
            | '∙'
            | '■'
            | '□'
            | '❖'
            | '➢'
            | '►'
            | '▶'
            | '✓'
            | '✔'
            | '\u{f0b7}'
            | '\u{f0a7}'
    )
}

/// Takes the bullets off that blocks still begin with.
pub(super) fn strip_bullets(text: &str, drafts: &mut Drafts) {
    for draft in &drafts.drafts {
        let pieces = &mut drafts.pieces[draft.pieces.clone()];
        let bare =
            |piece: &Piece| piece.span.of(text).trim_start_matches(|c: char| is_bullet(c) || cues::is_blank(c)).len();
        // A block of nothing but bullets keeps them.
        let Some(first) = pieces.iter().position(|piece| bare(piece) > 0) else { continue };
        for piece in &mut pieces[..=first] {
            let start = piece.span.end - bare(piece);
            if start > piece.span.start {
                drafts.signs.push(Span::new(piece.span.start, start));
                piece.span.start = start;
            }
        }
    }
}

/// Tells whether a line begins with the number of an item: "1. ", "12) ", "(a) ", "(iv) ".
fn numbers_item(content: &str) -> bool {
    // No longer number is one.
    let near = &content.as_bytes()[..content.len().min(16)];
    let Some(space) = near.iter().position(|byte| matches!(byte, b' ' | b'\t')) else { return false };
    if !near.starts_with(b"(") && !near[..space].ends_with(b".") && !near[..space].ends_with(b")") {
        return false;
    }
    let (number, rest) = content.split_at(space);
    let open = number.starts_with('(');
    let bare = number.trim_start_matches('(').trim_end_matches(['.', ')']);
    let closed = number.len() - bare.len() - usize::from(open) == 1;
    let counts = (1..=2).contains(&bare.len()) && bare.bytes().all(|byte| byte.is_ascii_digit());
    let letters = (open || number.ends_with(')'))
        && (bare.len() == 1 && bare.as_bytes()[0].is_ascii_lowercase() || super::pages::roman(bare).is_some());
    closed && (counts || letters) && !rest.trim_start().is_empty()
}

/// What is being joined.
struct Open {
    kind: BlockKind,
    /// The last line.
    last: usize,
    widest: u32,
}

/// What has not been written yet.
#[derive(Default)]
struct Waiting {
    /// Of the open block.
    pieces: Vec<Piece>,
    /// Groups of lines set apart that came since the last line of the open block.
    apart: Vec<(BlockKind, Range<usize>)>,
}

/// Joins lines to blocks.
pub(super) fn join(text: &str, lines: &[Line]) -> Drafts {
    let mut drafts = Drafts { pieces: Vec::with_capacity(lines.len()), ..Drafts::default() };
    let habits = Habits::of(lines);
    let mut open: Option<Open> = None;
    let mut waiting = Waiting::default();
    let mut in_references = false;
    let mut i = 0;
    while i < lines.len() {
        let line = &lines[i];
        match line.role {
            Role::Furniture(_) => {}
            Role::Heading(level) => {
                close(&mut drafts, lines, &mut open, &mut waiting);
                let tail = lines[i + 1..].iter().take_while(|line| line.role == Role::HeadingTail).count();
                drafts.push(BlockKind::Heading(level), lines[i..=i + tail].iter().map(Piece::of));
                in_references = headings::opens_references(line.of(text));
                i += tail;
            }
            role if role.is_apart() => {
                let goes_on = |next: &&Line| match role {
                    Role::Table => false,
                    Role::Reference => super::foot::number(next.of(text)).is_none(),
                    _ => next.gap == 0,
                };
                let rest = lines[i + 1..].iter().take_while(|next| next.role == role && next.page == line.page);
                let len = 1 + rest.take_while(goes_on).count();
                waiting.apart.push((apart_kind(role), i..i + len));
                i += len - 1;
            }
            role => {
                let paragraph = if in_references { BlockKind::Reference } else { BlockKind::Paragraph };
                let (kind, sign) = match role {
                    Role::Item(sign) => (if in_references { paragraph } else { BlockKind::ListItem }, sign),
                    _ => (paragraph, 0),
                };
                let continues = !matches!(role, Role::Item(_))
                    && open
                        .as_ref()
                        .is_some_and(|open| belongs(text, lines, open, i, habits, !waiting.apart.is_empty()));
                if !continues {
                    close(&mut drafts, lines, &mut open, &mut waiting);
                    open = Some(Open { kind, last: i, widest: 0 });
                }
                if let Some(open) = &mut open {
                    // A sentence goes on behind what was set apart: that goes beside its paragraph, on
                    // the side that leaves it on its own page.
                    if !waiting.apart.is_empty() {
                        let earlier =
                            waiting.apart.iter().filter(|(_, group)| lines[group.start].page < line.page).count();
                        for (kind, group) in waiting.apart.drain(..earlier) {
                            drafts.push(kind, lines[group].iter().map(Piece::of));
                        }
                    }
                    let span = Span::new(line.span.start + sign as usize, line.span.end);
                    if sign > 0 {
                        drafts.signs.push(Span::new(line.span.start, span.start));
                    }
                    waiting.pieces.push(Piece { span, ..Piece::of(line) });
                    (open.last, open.widest) = (i, open.widest.max(line.width));
                }
            }
        }
        i += 1;
    }
    close(&mut drafts, lines, &mut open, &mut waiting);
    drafts
}

fn apart_kind(role: Role) -> BlockKind {
    match role {
        Role::PullQuote => BlockKind::PullQuote,
        Role::Table => BlockKind::Table,
        Role::Reference => BlockKind::Reference,
        _ => BlockKind::Caption,
    }
}

/// Writes the open block down, and what was set apart behind it.
fn close(drafts: &mut Drafts, lines: &[Line], open: &mut Option<Open>, waiting: &mut Waiting) {
    if let Some(open) = open.take() {
        drafts.push(open.kind, waiting.pieces.drain(..));
    }
    for (kind, group) in waiting.apart.drain(..) {
        drafts.push(kind, lines[group].iter().map(Piece::of));
    }
}

/// How a paper sets its paragraphs apart.
#[derive(Clone, Copy, Debug)]
struct Habits {
    /// A line that ends a sentence ends its paragraph when the next word would have made it less than
    /// so many percent of the widest.
    room: u32,
    /// First lines are set in by so many blanks at least.
    indent: u32,
}

/// What ends a paragraph in a paper that parts them by gaps, and in one of which nothing is known.
const SPACED: u32 = 60;
const USUAL: u32 = 95;
const LEAST: u32 = 84;
/// So many lines show a habit.
const ENOUGH: usize = 20;

impl Habits {
    fn of(lines: &[Line]) -> Habits {
        let (mut with_gap, mut without_gap) = (0, 0);
        let (mut indents, mut opening) = (0, 0);
        // How full the lines are that go on a sentence, in percent.
        let mut full = [0usize; 128];
        for pair in lines.windows(3).filter(|three| three.iter().all(|line| line.role == Role::Body)) {
            let (line, next) = (&pair[1], &pair[2]);
            if line.page != next.page {
                continue;
            }
            let widest = pair[0].width.max(line.width).max(next.width);
            let room = ((line.width + 1 + next.first_word) * 100 / widest.max(1)).min(127);
            if line.ends {
                if room < 75 && next.starts_upper() {
                    *(if next.gap > 0 { &mut with_gap } else { &mut without_gap }) += 1;
                }
                if next.gap == 0 && next.indent > line.indent {
                    opening += 1;
                }
            } else if next.gap == 0 && next.starts_lower() {
                full[room as usize] += 1;
            }
            indents += usize::from(next.gap == 0 && next.indent > line.indent);
        }
        let n_full: usize = full.iter().sum();
        // One in so many may be short for another reason.
        let mut rest = n_full / 8;
        let least = (0..full.len()).find(|&room| {
            let found = full[room].min(rest + 1);
            rest = rest.saturating_sub(full[room]);
            found > 0 && rest == 0
        });
        let spaced = with_gap >= 4 && with_gap > 2 * without_gap;
        let room = match least {
            _ if spaced => SPACED,
            Some(least) if n_full >= ENOUGH => (least as u32).clamp(LEAST, USUAL),
            _ => USUAL,
        };
        Habits { room, indent: if indents >= 5 && opening * 10 >= indents * 9 { 1 } else { 2 } }
    }
}

/// Tells whether line `i` goes on the open block.
fn belongs(text: &str, lines: &[Line], open: &Open, i: usize, habits: Habits, interrupted: bool) -> bool {
    let (last, line) = (&lines[open.last], &lines[i]);
    let (before, behind) = (last.of(text), line.of(text));
    let parted = line.gap > 0 || line.page != last.page || interrupted || open.last + 1 != i;
    let widest = open.widest.max(line.width);
    // "the U.S." ends a sentence as often as not: at a full line it goes on.
    let broken_off = || cues::ends_in_abbreviation(before) && (last.width * 10 >= widest * 8 || !line.starts_upper());
    if !last.ends || broken_off() {
        // A short line without a stop before a gap and a capital is a label, not a line of prose.
        let label = last.width * 10 < widest * 6;
        let item = open.kind == BlockKind::ListItem && before.ends_with(';');
        return !(parted && !line.starts_lower() && (label || item));
    }
    if parted {
        return line.starts_lower() && !before.ends_with(':');
    }
    // Lines of no page's width are paragraphs already.
    if last.width > MAX_LINE || cues::colon_title_len(behind) > 0 {
        return false;
    }
    let room = last.width + 1 + line.first_word;
    let short = room * 100 < widest * habits.room;
    let indented = line.indent >= last.indent + habits.indent && line.indent <= last.indent + 12;
    !(short || indented) || line.starts_lower()
}

#[cfg(test)]
mod tests {
    use crate::repair::{repair, tests::check, tests::raw};

    #[test]
    fn joins_lines_across_gaps_inside_sentences() {
        check(
            "This outreach highlights\n\nPakistan’s deep ties.\n\nIt is so.",
            &["This outreach highlights Pakistan’s deep ties.", "It is so."],
        );
    }

    #[test]
    fn parts_behind_a_short_line() {
        check(
            "The border has been a hard place for all of\nthem, and it will be.\nManaging what has long strained\nresources is hard.",
            &[
                "The border has been a hard place for all of them, and it will be.",
                "Managing what has long strained resources is hard.",
            ],
        );
    }

    #[test]
    fn goes_on_behind_an_abbreviation() {
        check(
            "The reviews are those that the law of that year (P.L.\n118-272) requires of them, and more than that.",
            &["The reviews are those that the law of that year (P.L. 118-272) requires of them, and more than that."],
        );
    }

    #[test]
    fn parts_at_lines_set_in_by_one_space() {
        let paragraph = " They met in the old town and all of them agreed on\nwhat had long been said by others, and also by them.\n";
        let paper = repair(&raw(&format!("We meet.\n{}", paragraph.repeat(6))));
        assert_eq!(paper.blocks.len(), 7);
    }

    #[test]
    fn moves_captions_out_of_sentences() {
        check(
            "The outcome is a negotiated settlement dominated but not\n\nThe envoy speaks, left. (Photo by A. Z./AP)\n\nmonopolized by the Taliban.",
            &[
                "The outcome is a negotiated settlement dominated but not monopolized by the Taliban.",
                "The envoy speaks, left. (Photo by A. Z./AP)",
            ],
        );
    }

    #[test]
    fn takes_bullets_for_items() {
        check(
            "Three:\n• one thing\nor so\n• another\n1. a third",
            &["Three:", "one thing or so", "another", "1. a third"],
        );
    }

    #[test]
    fn keeps_lines_that_are_paragraphs() {
        let long = "word ".repeat(60);
        let line = format!("The {long}end.");
        check(&format!("{line}\n{line}"), &[&line, &line]);
    }
}
