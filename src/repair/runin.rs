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

/// Where a heading stands in a draft.
#[derive(Clone, Copy, Debug)]
struct Title {
    draft: usize,
    /// The piece that it begins in, and the raw offset of its begin there.
    from: (usize, usize),
    /// The piece that it ends in, and the raw offset of its end there.
    to: (usize, usize),
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
    let of_paragraphs = titles(BlockKind::Paragraph);
    let mut found: Vec<Title> = rows_of_colons(&of_paragraphs);
    let within: Vec<Title> = found.iter().filter_map(|title| title_within(text, drafts, *title)).collect();
    found.extend(within);
    let of_items = titles(BlockKind::ListItem);
    for (kind, titles) in [(BlockKind::Paragraph, of_paragraphs), (BlockKind::ListItem, of_items)] {
        let stopped: Vec<Title> =
            titles.into_iter().filter(|title| kind == BlockKind::ListItem || !title.colon).collect();
        if stopped.len() >= ROW && stopped.len() * 2 > count(kind) {
            found.extend(stopped);
        }
    }
    found.sort_by_key(|title| (title.draft, title.from));
    found.dedup_by_key(|title| (title.draft, title.from));
    // What a run-in paragraph announces with a colon, and the items below it, lie one level deeper.
    let (mut own, mut announced, mut below) = (level + 1, false, 0);
    for title in found {
        let draft = &drafts.drafts[title.draft];
        if title.colon && announced {
            own = level + 2;
        }
        if draft.kind == BlockKind::ListItem {
            accepted.push((title, level + 1 + below));
        } else {
            accepted.push((title, own));
            below = 1;
        }
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

/// Words that begin sentences, or what stands below a table, and no headings.
const OPENERS: [&str; 24] = [
    "a", "an", "but", "he", "however", "i", "if", "in", "it", "she", "so", "that", "the", "there", "these", "they",
    "this", "those", "we", "yet", "source:", "sources:", "note:", "notes:",
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
    let from = (draft.pieces.start, drafts.pieces[draft.pieces.start].span.start);
    fits.then_some(Title { draft: i, from, to: (piece, span.start + at), colon })
}

/// Finds a title with a colon inside the paragraph of one, that lost its own line: "... security
/// dynamics. Allegations of State Support: Accusations ..."
fn title_within(text: &str, drafts: &Drafts, title: Title) -> Option<Title> {
    let pieces = drafts.drafts[title.draft].pieces.clone();
    for piece in title.to.0..pieces.end {
        let span = drafts.pieces[piece].span;
        let start = if piece == title.to.0 { title.to.1 } else { span.start };
        let line = &text[start..span.end];
        let Some(colon) = line.find(": ") else { continue };
        // The title begins behind the last sentence, on this line or the one before.
        let (head, from) = match line[..colon].rfind(". ") {
            Some(stop) => (line[stop + 2..=colon].to_owned(), (piece, start + stop + 2)),
            None if piece > title.to.0 => {
                let before = drafts.pieces[piece - 1].span;
                let stop = before.of(text).rfind(". ")?;
                ([&before.of(text)[stop + 2..], &line[..=colon]].join(" "), (piece - 1, before.start + stop + 2))
            }
            None => continue,
        };
        let whole = [&head, &line[colon + 1..]].concat();
        if from > title.to && cues::colon_title_len(&whole) == head.len() {
            return Some(Title { from, to: (piece, start + colon + 1), ..title });
        }
    }
    None
}

/// Writes the drafts anew, with the headings as blocks of their own.
fn rebuild(text: &str, drafts: &mut Drafts, accepted: &[(Title, u8)]) {
    let old = std::mem::take(drafts);
    drafts.signs = old.signs;
    drafts.pieces.reserve(old.pieces.len() + 2 * accepted.len());
    let mut titles = accepted.iter().peekable();
    for (i, draft) in old.drafts.iter().enumerate() {
        let stretch = |from: (usize, usize), to: (usize, usize)| {
            let cut = |piece: usize| {
                let Piece { span, join, signs } = old.pieces[piece];
                let start = if piece == from.0 { from.1 } else { span.start };
                let end = if piece == to.0 { to.1 } else { span.end };
                Piece { span: super::cues::trim(text, Span::new(start, end)), join, signs }
            };
            (from.0..=to.0).map(cut).filter(|piece| !piece.span.is_empty()).collect::<Vec<_>>()
        };
        let Some(last) = draft.pieces.clone().next_back() else { continue };
        if titles.peek().is_none_or(|(title, _)| title.draft != i) {
            append(drafts, draft.kind, false, old.pieces[draft.pieces.clone()].iter().copied());
            continue;
        }
        let mut at = (draft.pieces.start, old.pieces[draft.pieces.start].span.start);
        let mut runs_on = false;
        while let Some((title, level)) = titles.next_if(|(title, _)| title.draft == i) {
            append(drafts, draft.kind, runs_on, stretch(at, title.from));
            append(drafts, BlockKind::RunInHeading(*level), false, stretch(title.from, title.to));
            (at, runs_on) = (title.to, true);
        }
        append(drafts, draft.kind, runs_on, stretch(at, (last, old.pieces[last].span.end)));
    }
}

fn append(drafts: &mut Drafts, kind: BlockKind, runs_on: bool, pieces: impl IntoIterator<Item = Piece>) {
    let start = drafts.pieces.len();
    drafts.pieces.extend(pieces);
    if drafts.pieces.len() == start {
        return;
    }
    drafts.pieces[start].join = Join::First;
    drafts.drafts.push(Draft { kind, pieces: start..drafts.pieces.len(), runs_on });
}

#[cfg(test)]
mod tests {
    use crate::repair::tests::check;

    #[test]
    fn parts_a_row_of_titles() {
        check(
            "Border Disputes: Both sides claim it and say\nso.\n\nRefugee Flow: They came. State Support: It was\ngiven.\n\nTrade: It fell.",
            &[
                "Border Disputes:",
                "Both sides claim it and say so.",
                "Refugee Flow:",
                "They came.",
                "State Support:",
                "It was given.",
                "Trade:",
                "It fell.",
            ],
        );
    }

    #[test]
    fn parts_most_items_of_a_list() {
        check(
            "• Trade. Both sides should\nwork on it.\n• Investment. It needs\nrules.\n• Many things. They all\nhelp.",
            &[
                "Trade.",
                "Both sides should work on it.",
                "Investment.",
                "It needs rules.",
                "Many things.",
                "They all help.",
            ],
        );
    }

    #[test]
    fn items_of_one_list_have_one_level() {
        let paper = crate::repair::repair(&crate::repair::tests::raw(
            "• Trade. It\ngrew.\n• Peace. It\nheld.\n• War. It\ncame.",
        ));
        let levels = paper.blocks.iter().filter(|block| block.kind == crate::paper::BlockKind::RunInHeading(1));
        assert_eq!(levels.count(), 3);
    }

    #[test]
    fn leaves_a_short_first_sentence_alone() {
        let text = "Trade fell. It never rose again in all the\nyears that came.";
        check(text, &["Trade fell. It never rose again in all the years that came."]);
    }
}
