//! Tables: finds rows of figures, with or without a label, so that they are no running text.
//!
//! | seen | is a table |
//! |---|---|
//! | `Algeria 6.19` / `Egypt 6.60` / `Syria 33.42` | three lines or more that end in figures, and no sentence among them |
//! | `Law    Title    Sections` / `117-58    Roads    Title I` | three lines or more with wide gaps inside |
//! | `Table 2. Laws` … few sentences … `Source: Treasury.` | all between a label and the source |
//!
//! A row of names and words alone looks like text, and stays text.

use super::{
    cues,
    lines::{Line, Role},
    signs::Signs,
};

/// So many rows make a table.
const ROWS: usize = 3;
/// Lines between two rows that may be a cell broken over lines.
const BETWEEN: usize = 1;
/// Lines of furniture between two rows.
const MAX_FURNITURE: usize = 8;
/// Lines from one line of contents to the next.
const CONTENTS_LINES: usize = 3;
/// The longest table between a label and its source.
const MAX_LINES: usize = 160;

/// Gives the rows of tables their role.
pub(super) fn find(text: &str, lines: &mut [Line]) {
    let mut i = 0;
    while i < lines.len() {
        let begins = lines[i].role == Role::Body && is_row(lines[i].of(text), lines[i].signs);
        let len = if begins { rows(text, lines, i) } else { 0 };
        lines[i..i + len].iter_mut().filter(|line| line.role == Role::Body).for_each(|line| line.role = Role::Table);
        i += len.max(1);
    }
}

/// Returns the number of lines of the table whose first row is line `first`, 0 when none begins there.
fn rows(text: &str, lines: &[Line], first: usize) -> usize {
    let (mut n_rows, mut len, mut between, mut n_furniture) = (0, 0, 0, 0);
    for (i, line) in lines[first..].iter().enumerate() {
        if matches!(line.role, Role::Furniture(_)) && n_rows > 0 && n_furniture < MAX_FURNITURE {
            n_furniture += 1;
            continue;
        }
        n_furniture = 0;
        if line.role == Role::Body && is_row(line.of(text), line.signs) {
            (n_rows, len, between) = (n_rows + 1, i + 1, 0);
        } else if n_rows == 0 || between == BETWEEN || !is_cell(line) {
            break;
        } else {
            between += 1;
        }
    }
    if n_rows >= ROWS { len } else { 0 }
}

/// Tells whether a line may be a part of a row: short, and no sentence.
fn is_cell(line: &Line) -> bool {
    line.role == Role::Body && line.width < 40 && !line.ends
}

/// Tells whether a line is a row of a table: it ends in figures, or has wide gaps inside.
fn is_row(content: &str, signs: Signs) -> bool {
    let bytes = content.as_bytes();
    let last = bytes.last().copied().unwrap_or_default();
    let ends_in_figure = last.is_ascii_digit() || matches!(last, b'%' | b')' | b'-' | b'*') || last >= 0x80;
    if content.len() > 400 || !(ends_in_figure || signs.has(Signs::SPACED | Signs::ODD)) {
        return false;
    }
    // Nearly no line of prose has two blanks in a row.
    let wide = signs.has(Signs::SPACED | Signs::ODD) && (has_wide_gap(bytes) || bytes.contains(&b'\t'));
    if !ends_in_figure && !wide {
        return false;
    }
    (!last.is_ascii_alphabetic() && has_figures(content))
        || (wide && has_columns(content) && !cues::ends_sentence(content))
}

/// Tells whether a line has three spaces in a row.
fn has_wide_gap(line: &[u8]) -> bool {
    let (one, two) = (line.get(1..).unwrap_or_default(), line.get(2..).unwrap_or_default());
    let three = line.iter().zip(one).zip(two);
    three.fold(false, |any, ((&a, &b), &c)| any | ((a == b' ') & (b == b' ') & (c == b' ')))
}

/// Tells whether a line ends in a figure and has no more words than go with its figures.
fn has_figures(content: &str) -> bool {
    let mut tokens = content.split_ascii_whitespace();
    if !tokens.next_back().is_some_and(is_figure) {
        return false;
    }
    let (n_tokens, n_figures) =
        tokens.fold((1, 1), |(n, figures), token| (n + 1, figures + u32::from(is_figure(token))));
    n_figures >= 2 && n_figures * 3 >= n_tokens || n_figures == 1 && (2..=5).contains(&n_tokens)
}

/// Tells whether a token is a figure, or stands for a missing one.
fn is_figure(token: &str) -> bool {
    let bare = token.trim_matches(|c: char| {
        matches!(c, '(' | ')' | '$' | '€' | '£' | '%' | '*' | '+' | '~' | '<' | '>' | '−' | '-' | '–' | '—')
    });
    if bare.is_empty() {
        return token.len() <= 4;
    }
    // A year alone ends many lines of prose.
    bare.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'/' | b':'))
        && bare.starts_with(|c: char| c.is_ascii_digit())
        && !bare.ends_with(['.', ',', ':', '/'])
}

/// Tells whether a line has cells with wide gaps between: text set in two columns has one gap, and long
/// cells.
fn has_columns(content: &str) -> bool {
    let cells = content.split("   ").flat_map(|part| part.split('\t')).map(str::trim).filter(|cell| !cell.is_empty());
    let (n_cells, longest) = cells.fold((0, 0), |(n, longest), cell| (n + 1, longest.max(cell.len())));
    n_cells >= 3 || (n_cells == 2 && longest <= 30)
}

/// Returns the number of lines between a label at `label` and the source or note that ends its table, 0
/// when there is none in reach or sentences stand between.
pub(super) fn below_label(text: &str, lines: &[Line], label: usize) -> usize {
    let mut n_prose = 0;
    for (len, line) in lines[label + 1..].iter().take(MAX_LINES).enumerate() {
        let content = line.of(text);
        if begins_note(content) {
            return if n_prose * 8 <= len { len } else { 0 };
        }
        n_prose += usize::from(line.role == Role::Body && goes_on_in_prose(content));
        if n_prose > 4 && n_prose * 8 > len || is_label(content) {
            return 0;
        }
    }
    0
}

/// Tells whether a line is long and goes on a sentence.
fn goes_on_in_prose(content: &str) -> bool {
    cues::starts_lower(content) && content.split(' ').count() > 8
}

/// Gives lines their role that stand between two of a table of contents: titles broken over lines.
pub(super) fn fill_contents(text: &str, lines: &mut [Line]) {
    let mut last: Option<usize> = None;
    for i in 0..lines.len() {
        if !is_leader(lines[i].of(text)) {
            continue;
        }
        lines[i].role = Role::Table;
        if let Some(last) = last.filter(|last| i - last <= CONTENTS_LINES && lines[i].page == lines[*last].page) {
            lines[last + 1..i]
                .iter_mut()
                .filter(|line| line.role == Role::Body)
                .for_each(|line| line.role = Role::Table);
        }
        last = Some(i);
    }
}

/// Tells whether a line leads to a page: `Introduction ..... 3`.
pub(super) fn is_leader(content: &str) -> bool {
    if !matches!(content.as_bytes(), [.., b'0'..=b'9' | b'i' | b'v' | b'x' | b'-']) {
        return false;
    }
    let entry = content.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, 'i' | 'v' | 'x' | '-'));
    let leader = entry.trim_end();
    entry.len() < content.len() && (leader.ends_with("....") || leader.ends_with(". . .") || leader.ends_with("…"))
}

fn is_label(content: &str) -> bool {
    content.starts_with("Table ") && super::apart::is_labelled(content)
}

/// Tells whether a line begins what stands below a table.
fn begins_note(content: &str) -> bool {
    ["Source:", "Sources:", "Note:", "Notes:"].iter().any(|word| content.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_tables_in_the_text() {
        use crate::paper::BlockKind;
        let paper = crate::repair::repair(&crate::repair::tests::raw(
            "It signed these:\n\nCountry Signed\nAlgeria 6.19\nEgypt 6.60\nSyria 33.42\n\nAll of them have been paid since.",
        ));
        let rows = paper.blocks.iter().filter(|block| block.kind == BlockKind::Table);
        assert_eq!(
            rows.map(|row| row.span.of(&paper.text)).collect::<Vec<_>>(),
            ["Algeria 6.19", "Egypt 6.60", "Syria 33.42"]
        );
    }

    #[test]
    fn tells_rows_from_prose() {
        for row in [
            "Algeria 6.19",
            "Gaza & West Bank  2.60",
            "Carbon dioxide (CO2) 100 million - -",
            "Total 1,204 33.4% (2.1)",
            "Country     Signed     Volume",
            "2019\t4\t5",
        ] {
            assert!(is_row(row, Signs::of(row.as_bytes())), "{row}");
        }
        for prose in [
            "The war went on in 1999 and 2004, when the first of them came to 12",
            "They met in Kabul, for the first time since the fall of 2001",
            "of the border. Both sides hold that it should be drawn anew (see 12)",
            "a column of text that is set beside     another column of text with more in it",
            "It ended.",
        ] {
            assert!(!is_row(prose, Signs::of(prose.as_bytes())), "{prose}");
        }
    }
}
