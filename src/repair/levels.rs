//! Levels of headings, and what these look like.
//!
//! Levels come from looks: headings that look the same have the same level, and a look that is new
//! opens a level below the heading before it.
//!
//! | heading | look | level |
//! |---|---|---|
//! | `Thematic Analysis` | title, gap behind | 1 |
//! | `SECURITY INTERESTS` | capitals | 2 |
//! | `Regional Competition` | title, text right behind | 3 |
//! | `Future Scenarios` | title, gap behind | 1 |

use super::{
    cues::{self, Casing},
    lines::{Line, Role},
};

/// What a heading looks like: what can be seen of its type face in plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Numbered, with so many numbers ("2.1" has two).
    Numbered(u8),
    Plain(Casing, bool),
}

/// Returns what the heading of `len` lines at `i` looks like.
pub(super) fn look(text: &str, lines: &[Line], i: usize, len: usize) -> Look {
    let content = lines[i].of(text);
    let number = &content[..number_len(content)];
    if number.starts_with(|c: char| c.is_ascii_digit()) {
        return Look::Numbered(number.split('.').filter(|part| !part.is_empty()).count() as u8);
    }
    let gap_behind = lines.get(i + len).is_some_and(|next| next.gap > 0);
    let casing = cues::casing(content);
    Look::Plain(casing, gap_behind && casing != Casing::Caps)
}

/// Returns the length of a heading's number ("2.1 ", "IV. ", "Chapter 3: "), 0 without one.
pub(super) fn number_len(content: &str) -> usize {
    // Every number begins so.
    if !content.starts_with(|c: char| c.is_ascii_digit() || c.is_ascii_uppercase()) {
        return 0;
    }
    let Some(space) = content.bytes().position(|byte| matches!(byte, b' ' | b'\t')) else { return 0 };
    let (number, rest) = content.split_at(space);
    let bare = number.trim_end_matches(['.', ')', ':']);
    let arabic = bare.split('.').all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()));
    let lettered = number.len() > bare.len() && (super::pages::roman(bare).is_some() || bare.len() == 1);
    let titled = rest.trim_start().starts_with(char::is_uppercase);
    if titled && (arabic || (lettered && bare.starts_with(|c: char| c.is_ascii_uppercase()))) { space } else { 0 }
}

/// Names that papers of every kind give their main parts.
const MAIN_PARTS: [&str; 22] = [
    "abstract",
    "acknowledgements",
    "acknowledgments",
    "appendix",
    "background",
    "bibliography",
    "conclusion",
    "conclusions",
    "discussion",
    "endnotes",
    "executive summary",
    "introduction",
    "literature review",
    "method",
    "methodology",
    "methods",
    "notes",
    "recommendations",
    "references",
    "results",
    "summary",
    "works cited",
];

/// Tells whether a title is one of them.
pub(super) fn is_main_part(title: &str) -> bool {
    MAIN_PARTS.iter().any(|part| part.eq_ignore_ascii_case(title))
}

/// Sets the levels, by looks in the order of their first sight.
pub(super) fn set_levels(text: &str, lines: &mut [Line], found: &[(usize, Look)]) {
    let mut known: Vec<(Look, u8)> = Vec::new();
    for &(i, look) in found {
        // What a format marks counts, too.
        let before = lines[..i].iter().rev().find_map(|line| match line.role {
            Role::Heading(level) if level > 0 => Some(level),
            _ => None,
        });
        let seen = known.iter().find(|&&(other, _)| other == look).map(|&(_, level)| level);
        let level = match (look, seen) {
            (_, Some(level)) => level,
            (Look::Numbered(depth), None) => depth.max(1),
            (Look::Plain(..), None) if is_main_part(lines[i].of(text)) => 1,
            (Look::Plain(..), None) => before.unwrap_or(0) + 1,
        };
        // The name of a main part lifts a heading, not its look, once another look has the top.
        let lifted = level == 1 && known.iter().any(|&(_, level)| level == 1);
        if seen.is_none() && !lifted {
            known.push((look, level));
        }
        lines[i].role = Role::Heading(level);
    }
}
