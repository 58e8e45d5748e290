//! The title that a first page prints: what is set largest there and reads as one.

use super::order::Row;
use super::style::{Body, PageRows, step};

/// Rows of a longer title are none.
const MOST_ROWS: usize = 5;

/// Returns the title printed on the first page.
///
/// Above it may stand the name of a series in larger type, one or two words; a title has more.
pub fn printed(first: &PageRows, body: Body) -> Option<String> {
    let rows: Vec<&Row> = first.rows.iter().filter(|row| !row.fragments.iter().all(|f| f.artifact)).collect();
    let mut best: Option<(f32, String)> = None;
    let mut i = 0;
    while i < rows.len() {
        let size = rows[i].first().size;
        let follows = |j: usize| {
            let gap = step(rows[j - 1], rows[j]);
            gap.is_some_and(|gap| gap < 2.0) && rows[j].first().bold == rows[i].first().bold
        };
        let n = 1 + (i + 1..rows.len()).take_while(|&j| follows(j)).count();
        let text = rows[i..i + n].iter().map(|row| row.text()).collect::<Vec<_>>().join(" ");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_higher = best.as_ref().is_none_or(|(largest, _)| size > 1.05 * largest);
        let in_head = rows[i].first().y < 0.75 * first.height;
        if size > 1.15 * body.size && n <= MOST_ROWS && in_head && is_higher && is_title(&text) {
            best = Some((size, text));
        }
        i += n;
    }
    best.map(|(_, title)| title)
}

/// Tells what reads as a title from dates, addresses, numbers and sentences.
fn is_title(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').filter(|word| word.chars().any(char::is_alphabetic)).collect();
    let has_digits_only_beside = text.split(' ').filter(|word| word.chars().any(|c| c.is_ascii_digit())).count();
    (3..=40).contains(&words.len())
        && text.len() < 300
        && has_digits_only_beside * 2 <= words.len()
        && !text.ends_with(['.', ',', ';', ':', '-'])
        && text.chars().any(char::is_uppercase)
        && !text.contains("://")
        && !text.contains("www.")
        && !text.contains('@')
        && !text.contains("__")
        && !text.contains("..")
        && !is_part(text)
        && !is_date(&words)
}

/// `5.2. Training`, `Chapter 6` and `Appendix A` head a part of a larger whole.
fn is_part(text: &str) -> bool {
    let first = text.split(' ').next().unwrap_or_default();
    let numbered =
        first.trim_end_matches(['.', ')', ':']).len() < first.len() && first.starts_with(|c: char| c.is_ascii_digit());
    let labels = ["chapter", "appendix", "annex", "section", "part", "table", "figure", "box"];
    numbered || labels.contains(&first.trim_end_matches([':', '.']).to_lowercase().as_str())
}

fn is_date(words: &[&str]) -> bool {
    let lead = |word: &str| {
        matches!(word.to_lowercase().as_str(), "updated" | "published" | "as" | "of" | "version" | "revised")
    };
    words.iter().filter(|word| !lead(word)).count() <= 1
}
