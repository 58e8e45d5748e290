//! Set apart: finds captions, pull quotes and tables, which stand between the lines of the running
//! text without being part of it.
//!
//! | seen | is a |
//! |---|---|
//! | `Troops patrol the fence. (Photo by A. Naveed/AP)` | caption: ends with a credit |
//! | `Figure 3. Trade by year` | caption: a label and a number |
//! | `The presence of al-Qaeda …`, wider than the column, said in it too | pull quote |
//! | `Introduction ........ 4` | table |

use std::ops::Range;

use memchr::memmem;

use super::{
    cues,
    lines::{self, Line, Role},
};

/// Captions and pull quotes are short.
const MAX_LINES: usize = 8;
const MAX_WIDTH: u32 = 300;
/// A pull quote repeats what is said within so many lines of it.
const REACH: usize = 120;

/// Gives captions, pull quotes and tables their role.
pub(super) fn find(text: &str, lines: &mut [Line]) {
    let mut page: Option<(u32, u32)> = None;
    // The page of the table whose rows may follow.
    let mut table = None;
    let mut i = 0;
    while i < lines.len() {
        let group = i..i + group_len(text, &lines[i..]);
        i = group.end;
        if lines[group.start].role != Role::Body {
            continue;
        }
        let number = lines[group.start].page;
        let usual = match page {
            Some((known, width)) if known == number => width,
            _ => usual_width(lines, group.start),
        };
        page = Some((number, usual));
        if table == Some(number) {
            if is_rows(text, &lines[group.clone()], usual) {
                lines[group].iter_mut().for_each(|line| line.role = Role::Table);
                continue;
            }
            table = None;
        }
        if begins_with_any(lines[group.start].of(text), &["table"]).is_some()
            && is_labelled(lines[group.start].of(text))
        {
            table = Some(number);
            let len = super::tables::below_label(text, lines, group.start);
            if len > 0 {
                lines[group.start].role = Role::Caption;
                let rows = lines[group.start + 1..].iter_mut().take(len).filter(|line| line.role == Role::Body);
                rows.for_each(|line| line.role = Role::Table);
                table = None;
                i = group.start + 1 + len;
                continue;
            }
        }
        if group.len() > MAX_LINES {
            // Of a label with its table below, only the label is sure.
            if is_labelled(lines[group.start].of(text)) {
                lines[group.start].role = Role::Caption;
            }
            continue;
        }
        let role = if is_caption(text, &lines[group.clone()]) {
            Role::Caption
        } else if let Some(role) = set_apart(text, lines, group.clone(), usual) {
            role
        } else {
            continue;
        };
        lines[group].iter_mut().for_each(|line| line.role = role);
    }
}

/// Returns the number of lines that follow the first without a gap, on its page, in its role; a label
/// opens a group of its own.
fn group_len(text: &str, lines: &[Line]) -> usize {
    let first = &lines[0];
    let same = |pair: &&[Line]| {
        let (before, line) = (&pair[0], &pair[1]);
        line.gap == 0
            && line.page == first.page
            && line.role == first.role
            && !(before.ends && is_labelled(line.of(text)))
    };
    1 + lines.windows(2).take_while(same).count()
}

/// Returns the width that lines of the running text have on the page of line `at`.
fn usual_width(lines: &[Line], at: usize) -> u32 {
    lines::usual_width(lines[at..].iter().take_while(|line| line.page == lines[at].page).take(400))
}

/// Words that a picture credit begins with.
const CREDITS: [&str; 8] =
    ["photo", "photograph", "image", "credit", "ap photo", "courtesy", "picture", "illustration"];
/// Words that number a picture or table.
const LABELS: [&str; 12] =
    ["figure", "fig.", "table", "map", "chart", "graph", "exhibit", "photo", "image", "plate", "illustration", "box"];

fn begins_with_any(content: &str, words: &[&str]) -> Option<usize> {
    let bytes = content.as_bytes();
    words.iter().map(|word| word.len()).zip(words).find_map(|(len, word)| {
        (bytes.len() > len && bytes[..len].eq_ignore_ascii_case(word.as_bytes()) && !bytes[len].is_ascii_alphanumeric())
            .then_some(len)
    })
}

fn is_caption(text: &str, group: &[Line]) -> bool {
    let (first, last) = (group[0].of(text), group[group.len() - 1].of(text));
    ends_with_credit(last) || is_labelled(first)
}

/// Tells whether a line ends with a credit in brackets, or is one.
fn ends_with_credit(line: &str) -> bool {
    let bracketed = line.trim_end_matches('.').strip_suffix(')').and_then(|rest| Some(&rest[rest.rfind('(')? + 1..]));
    bracketed.is_some_and(|credit| begins_with_any(credit, &CREDITS).is_some())
        || begins_with_any(line, &CREDITS[..4]).is_some_and(|len| line[len..].starts_with(':'))
}

/// Tells whether a line begins with a label ("Figure 3.", "Table A1:", "Map 2"), and not with a
/// sentence about one ("Figure 3 shows ...").
pub(super) fn is_labelled(line: &str) -> bool {
    // The first letters of the labels.
    if !line.starts_with(['F', 'T', 'M', 'C', 'G', 'E', 'P', 'I', 'B']) {
        return false;
    }
    let Some(len) = begins_with_any(line, &LABELS) else { return false };
    let rest = line[len..].trim_start();
    let id = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.')).unwrap_or(rest.len());
    let (id, behind) = rest.split_at(id);
    let numbered = id.len() <= 6 && id.bytes().any(|byte| byte.is_ascii_digit());
    let title = behind.trim_start_matches([':', '.', '|', '–', '—', ' ']);
    numbered && (title.is_empty() || id.ends_with('.') || !cues::starts_lower(title))
}

/// Tells whether a group below the label of a table is part of it, and no paragraph: what is narrow
/// or ends no sentence. Its source and notes end a table.
fn is_rows(text: &str, group: &[Line], usual: u32) -> bool {
    let first = group[0].of(text);
    let wide = group.iter().filter(|line| line.width * 10 >= usual * 8).count();
    let is_prose = wide > 1 && group[group.len() - 1].ends;
    begins_with_any(first, &["source", "sources", "note", "notes"]).is_none() && !is_prose
}

/// Judges a group that has a gap or a page end on both sides by its width and its words.
fn set_apart(text: &str, lines: &[Line], group: Range<usize>, usual: u32) -> Option<Role> {
    let (before, after) = neighbours(lines, &group);
    let lone = |at: Option<usize>| at.is_none_or(|i| lines[i].page != lines[group.start].page);
    let cuts = match (before, after) {
        (Some(before), Some(after)) => {
            !lines[before].ends && lines[before].width * 2 > usual && lines[after].starts_lower()
        }
        _ => false,
    };
    let widest = lines[group.clone()].iter().map(|line| line.width).max().unwrap_or(0);
    let other_width = widest * 4 > usual * 5 || widest * 4 < usual * 3;
    let whole = lines[group.start].starts_upper() && lines[group.end - 1].ends;
    let at_edge = lone(before) || lone(after);
    if !(widest <= MAX_WIDTH && whole && (cuts || (other_width && at_edge)) && group.len() > 1) {
        return None;
    }
    if repeats(text, lines, &group) {
        Some(Role::PullQuote)
    } else {
        // What cuts a sentence and is whole in itself belongs to no paragraph.
        (cuts && other_width).then_some(Role::Caption)
    }
}

/// Returns the lines of running text before and behind a group.
fn neighbours(lines: &[Line], group: &Range<usize>) -> (Option<usize>, Option<usize>) {
    let is_body = |&i: &usize| lines[i].role == Role::Body;
    ((0..group.start).rev().take(MAX_LINES).find(is_body), (group.end..lines.len()).take(MAX_LINES).find(is_body))
}

/// Tells whether the paper says the same somewhere near, by its runs of three words.
///
/// A line of the body can break such a run, and a pull quote may shorten a sentence, so half is enough.
fn repeats(text: &str, lines: &[Line], group: &Range<usize>) -> bool {
    let before = lines[group.start.saturating_sub(REACH)].span.start..lines[group.start].span.start;
    let after = lines[group.end - 1].span.end..lines[(group.end + REACH).min(lines.len()) - 1].span.end;
    let said = |run: &str| {
        let run = memmem::Finder::new(run);
        [&before, &after].into_iter().any(|part| run.find(&text.as_bytes()[part.clone()]).is_some())
    };
    let (mut found, mut sought) = (0, 0);
    for line in &lines[group.clone()] {
        let content = line.of(text);
        let starts: Vec<usize> =
            std::iter::once(0).chain(memchr::memchr_iter(b' ', content.as_bytes()).map(|at| at + 1)).collect();
        for run in starts.windows(4).step_by(2) {
            sought += 1;
            found += usize::from(said(&content[run[0]..run[3] - 1]));
            if sought == 4 && found == 0 {
                return false;
            }
        }
    }
    sought >= 4 && found * 2 >= sought
}
