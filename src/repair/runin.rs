//! Run-in headings: parts a title from the paragraph that it opens on the same line.
//!
//! One short first sentence is style; a short first sentence at the head of most paragraphs of a
//! section is a row of headings:
//!
//! | before | after |
//! |---|---|
//! | `Border Disputes: Historical and …`, `Refugee Flow: The …`, `Counterterrorism: Both …` | three headings with their paragraphs |
//! | `Hold direct track 1 discussions. High-level officials …` and most others of the section so | likewise |
//! | `• Trade. Both sides …` and most other items so | headings one level below |

use std::ops::Range;

use super::{
    cues::{self, Casing},
    paragraphs::{Draft, Drafts, Join, Piece},
};
use crate::paper::{BlockKind, Span};

/// A heading has at most so many bytes.
const MAX_LEN: usize = 90;
const MAX_WORDS: usize = 10;
/// So many make a row.
const ROW: usize = 3;

/// Where the heading of a draft ends.
#[derive(Clone, Copy, Debug)]
struct Title {
    draft: usize,
    /// The piece that it ends in, and the raw offset of its end there.
    piece: usize,
    end: usize,
    colon: bool,
}

/// Parts run-in headings from their paragraphs.
pub(super) fn part(text: &str, drafts: &mut Drafts) {
    let mut accepted: Vec<(Title, u8)> = Vec::new();
    let mut level = 0;
    let mut i = 0;
    while i < drafts.drafts.len() {
        if let BlockKind::Heading(own) = drafts.drafts[i].kind {
            level = own;
            i += 1;
            continue;
        }
        let len = drafts.drafts[i..].iter().take_while(|draft| !matches!(draft.kind, BlockKind::Heading(_))).count();
        section(text, drafts, i..i + len, level, &mut accepted);
        i += len;
    }
    if !accepted.is_empty() {
        rebuild(text, drafts, &accepted);
    }
}

/// Finds the run-in headings of the drafts between two headings.
fn section(text: &str, drafts: &Drafts, range: Range<usize>, level: u8, accepted: &mut Vec<(Title, u8)>) {
    let titles = |kind: BlockKind| -> Vec<Title> {
        range.clone().filter(|&i| drafts.drafts[i].kind == kind).filter_map(|i| title(text, drafts, i)).collect()
    };
    let count = |kind: BlockKind| {
        range.clone().filter(|&i| drafts.drafts[i].kind == kind && !is_scrap(text, drafts, i)).count()
    };
    let mut found: Vec<Title> = rows_of_colons(&titles(BlockKind::Paragraph));
    for kind in [BlockKind::Paragraph, BlockKind::ListItem] {
        let stopped: Vec<Title> =
            titles(kind).into_iter().filter(|title| kind == BlockKind::ListItem || !title.colon).collect();
        if stopped.len() >= ROW && stopped.len() * 2 > count(kind) {
            found.extend(stopped);
        }
    }
    found.sort_by_key(|title| title.draft);
    found.dedup_by_key(|title| title.draft);
    // What a run-in paragraph announces with a colon, and the items below it, lie one level deeper.
    let (mut own, mut announced) = (level + 1, false);
    for title in found {
        let draft = &drafts.drafts[title.draft];
        let is_item = draft.kind == BlockKind::ListItem;
        if title.colon && announced {
            own = level + 2;
        }
        let deep = if is_item && accepted.last().is_some_and(|(last, _)| range.contains(&last.draft)) { 1 } else { 0 };
        accepted.push((title, if is_item { level + 1 + deep } else { own }));
        announced = drafts.pieces[draft.pieces.end - 1].span.of(text).ends_with(':');
    }
}

/// Keeps the titles with a colon that follow each other from draft to draft, three or more.
fn rows_of_colons(titles: &[Title]) -> Vec<Title> {
    let colons: Vec<Title> = titles.iter().copied().filter(|title| title.colon).collect();
    let rows = colons.chunk_by(|a, b| b.draft <= a.draft + 2).filter(|row| row.len() >= ROW);
    rows.flatten().copied().collect()
}

/// Tells whether a draft is a scrap that a column or page left, and no paragraph of its own.
fn is_scrap(text: &str, drafts: &Drafts, i: usize) -> bool {
    let pieces = &drafts.pieces[drafts.drafts[i].pieces.clone()];
    pieces.len() < 2 || cues::starts_lower(pieces[0].span.of(text))
}

/// Words that begin sentences, not headings.
const OPENERS: [&str; 20] = [
    "a", "an", "but", "he", "however", "i", "if", "in", "it", "she", "so", "that", "the", "there", "these", "they",
    "this", "those", "we", "yet",
];

/// Returns the title that a draft begins with, if it could be one.
fn title(text: &str, drafts: &Drafts, i: usize) -> Option<Title> {
    let draft = &drafts.drafts[i];
    let (mut len, mut words) = (0, 0);
    for piece in draft.pieces.clone() {
        let content = drafts.pieces[piece].span.of(text);
        if piece == draft.pieces.start {
            let first = content.split_ascii_whitespace().next().unwrap_or_default();
            if !first.starts_with(char::is_uppercase) || OPENERS.iter().any(|opener| opener.eq_ignore_ascii_case(first))
            {
                return None;
            }
        }
        for (at, byte) in content.bytes().enumerate() {
            match byte {
                b' ' => words += 1,
                b',' | b';' | b'?' | b'!' | b'"' | b'(' => return None,
                b'.' | b':' => {
                    return ends_title(text, drafts, i, piece, at + 1).filter(|_| words < MAX_WORDS && len > 2);
                }
                _ => {}
            }
            len += 1;
            if len > MAX_LEN || words > MAX_WORDS {
                return None;
            }
        }
        words += usize::from(drafts.pieces.get(piece + 1).is_some_and(|next| next.join == Join::Space));
    }
    None
}

/// Checks what stands around the stop that may end a title.
fn ends_title(text: &str, drafts: &Drafts, i: usize, piece: usize, at: usize) -> Option<Title> {
    let draft = &drafts.drafts[i];
    let span = drafts.pieces[piece].span;
    let (head, rest) = span.of(text).split_at(at);
    let colon = head.ends_with(':');
    let behind = match rest.strip_prefix(' ') {
        Some(behind) => behind.trim_start(),
        None if rest.is_empty() && piece + 1 < draft.pieces.end => drafts.pieces[piece + 1].span.of(text),
        None => return None,
    };
    let last_word = head[..at - 1].rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let single_line = piece == draft.pieces.start;
    let fits = cues::starts_upper(behind)
        && last_word.chars().nth(1).is_some()
        && (!colon || (single_line && cues::casing(head) == Casing::Title));
    fits.then_some(Title { draft: i, piece, end: span.start + at, colon })
}

/// Writes the drafts anew, with the headings as blocks of their own.
fn rebuild(text: &str, drafts: &mut Drafts, accepted: &[(Title, u8)]) {
    let old = std::mem::take(drafts);
    drafts.signs = old.signs;
    let mut titles = accepted.iter().peekable();
    for (i, draft) in old.drafts.iter().enumerate() {
        let pieces = &old.pieces[draft.pieces.clone()];
        let Some(&&(title, level)) = titles.peek().filter(|(title, _)| title.draft == i) else {
            append(drafts, draft.kind, draft.runs_on, pieces.iter().copied());
            continue;
        };
        titles.next();
        let at = title.piece - draft.pieces.start;
        let cut = pieces[at];
        let head = Piece { span: Span::new(cut.span.start, title.end), join: cut.join };
        append(drafts, BlockKind::RunInHeading(level), false, pieces[..at].iter().copied().chain([head]));
        let tail = super::cues::trim(text, Span::new(title.end, cut.span.end));
        let tail = (!tail.is_empty()).then_some(Piece { span: tail, join: Join::First });
        let kind = if draft.kind == BlockKind::ListItem { BlockKind::ListItem } else { BlockKind::Paragraph };
        append(drafts, kind, true, tail.into_iter().chain(pieces[at + 1..].iter().copied()));
    }
}

fn append(drafts: &mut Drafts, kind: BlockKind, runs_on: bool, pieces: impl Iterator<Item = Piece>) {
    let start = drafts.pieces.len();
    drafts.pieces.extend(pieces);
    if let Some(first) = drafts.pieces.get_mut(start) {
        first.join = Join::First;
    }
    drafts.drafts.push(Draft { kind, pieces: start..drafts.pieces.len(), runs_on });
}
