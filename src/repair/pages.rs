//! Pages: where each begins in the raw text, and what number is printed on it.
//!
//! Formats with pages say where they begin, and form feeds do. Text torn out of a PDF may keep a
//! trace: the first line of every page is set in by exactly one space. Running headers and footers
//! with a number add the pages whose first line they took ([`super::furniture`]).
//!
//! Printed numbers follow from the seen ones, and are never guessed:
//!
//! | seen | known |
//! |---|---|
//! | page 3 says 4, page 13 says 14 | all between, before and behind, but not an unseen cover |
//! | page 8 says 28, nothing else | 28 alone: one sight proves no order |
//! | page 2 says ii, page 6 says 1, page 9 says 4 | roman up to the one, arabic from the other |

use super::lines::Line;
use crate::paper::RawPaper;

/// Where the pages of a raw text begin, and how that is known.
pub(super) struct Pages {
    /// Byte offsets into the raw text, the first 0; empty when nothing is known about pages.
    pub starts: Vec<usize>,
    /// Tells whether the format says so, so that no page can be missing.
    pub given: bool,
}

/// A number seen on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sight {
    pub page: u32,
    pub number: u32,
    pub roman: bool,
}

/// At most one line in so many can begin a page; more is how a text is set, not where pages begin.
const LINES_PER_PAGE: usize = 6;

/// So few pages may all begin with a sentence.
const MIN_PARAGRAPHS: usize = 4;
/// Paragraphs have fewer lines in the mean, and pages more.
const MAX_PARAGRAPH: usize = 24;

/// Finds the pages by what the format says, by form feeds, or by lines that are set in by one space.
pub(super) fn find(raw: &RawPaper, lines: &[Line]) -> Pages {
    if !raw.pages.is_empty() {
        return Pages { starts: raw.pages.iter().map(|page| page.start).collect(), given: true };
    }
    let fed: Vec<usize> = lines.iter().filter(|line| line.feeds).map(Line::start).collect();
    if !fed.is_empty() {
        return Pages { starts: begin_at_zero(fed), given: true };
    }
    let bytes = raw.text.as_bytes();
    let set_in = |line: &Line| line.indent == 1 && bytes[line.start()] == b' ';
    let inset: Vec<usize> = lines.iter().filter(|line| set_in(line)).map(Line::start).collect();
    // The first line of a page may hold nothing but its space.
    let holds = bytes.first() == Some(&b' ')
        && (inset.len() > 1 || (inset.len() == 1 && lines.len() >= MAX_PARAGRAPH))
        && inset.len() * LINES_PER_PAGE <= lines.len()
        && !are_paragraphs(lines, set_in, inset.len());
    Pages { starts: if holds { begin_at_zero(inset) } else { Vec::new() }, given: false }
}

/// Tells whether the lines set in by one space begin paragraphs and not pages: they are many, each
/// begins a sentence, and the line before ends one.
fn are_paragraphs(lines: &[Line], set_in: impl Fn(&Line) -> bool, n_inset: usize) -> bool {
    let mut begins = lines.windows(2).filter(|pair| set_in(&pair[1]));
    n_inset >= MIN_PARAGRAPHS
        && n_inset * MAX_PARAGRAPH > lines.len()
        && begins.all(|pair| pair[0].ends && pair[1].starts_upper())
}

fn begin_at_zero(mut starts: Vec<usize>) -> Vec<usize> {
    match starts.first() {
        // Blanks before the first line are part of its page.
        Some(&first) if first < 2 => starts[0] = 0,
        _ => starts.insert(0, 0),
    }
    starts
}

/// Tells every line which page it stands on.
pub(super) fn assign(lines: &mut [Line], starts: &[usize]) {
    let mut page = 0;
    for line in lines {
        while starts.get(page + 1).is_some_and(|&start| start <= line.span.start) {
            page += 1;
        }
        line.page = page as u32;
    }
}

/// Infers the printed number of each page from the numbers seen.
///
/// The first and the last page have a number only when it was seen: covers show none.
pub(super) fn number(n_pages: usize, seen: &[Sight]) -> Vec<Option<String>> {
    let mut printed: Vec<Option<String>> = vec![None; n_pages];
    // Sights that keep the same distance to the page index, one behind the other, prove an order.
    let order = |sight: &Sight| (sight.roman, i64::from(sight.number) - i64::from(sight.page));
    let mut i = 0;
    while i < seen.len() {
        let len = seen[i..].iter().take_while(|sight| order(sight) == order(&seen[i])).count();
        let (roman, distance) = order(&seen[i]);
        if len > 1 {
            let from = if i == 0 { 0 } else { seen[i - 1].page as usize + 1 };
            let to = seen.get(i + len).map_or(n_pages, |next| next.page as usize);
            for (page, slot) in printed.iter_mut().enumerate().take(to).skip(from) {
                let number = page as i64 + distance;
                if number >= 1 {
                    *slot = u32::try_from(number).ok().map(|number| spell(number, roman));
                }
            }
        }
        i += len;
    }
    for cover in [0, n_pages.saturating_sub(1)] {
        if let Some(slot) = printed.get_mut(cover) {
            *slot = None;
        }
    }
    for sight in seen {
        if let Some(slot) = printed.get_mut(sight.page as usize) {
            *slot = Some(spell(sight.number, sight.roman));
        }
    }
    printed
}

const ROMAN: [(u32, &str); 9] =
    [(100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")];

fn spell(number: u32, roman: bool) -> String {
    if !roman || number >= 400 {
        return number.to_string();
    }
    let (mut rest, mut spelled) = (number, String::new());
    for (value, letters) in ROMAN {
        while rest >= value {
            spelled.push_str(letters);
            rest -= value;
        }
    }
    spelled
}

/// Reads a roman number as pages are numbered with: small or large, below 400.
pub(super) fn roman(word: &str) -> Option<u32> {
    let (mut number, mut rest) = (0, word);
    if word.bytes().any(|byte| byte.is_ascii_uppercase()) && word.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    for (value, letters) in ROMAN {
        while rest.len() >= letters.len() && rest.as_bytes()[..letters.len()].eq_ignore_ascii_case(letters.as_bytes()) {
            number += value;
            rest = &rest[letters.len()..];
        }
    }
    // Spelled back it must be the same: "iiii" and "" are no numbers.
    (rest.is_empty() && number > 0 && spell(number, true).eq_ignore_ascii_case(word)).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n_pages(text: &str) -> usize {
        let raw = crate::repair::tests::raw(text);
        find(&raw, &crate::repair::lines::split(text)).starts.len()
    }

    #[test]
    fn lines_set_in_by_a_space_begin_pages_or_paragraphs() {
        let page = format!(" both of the\n{}", "lines of it\n".repeat(30));
        assert_eq!(n_pages(&page.repeat(3)), 3);
        // The first line of the first page may be blank.
        assert_eq!(n_pages(&format!("  \nA Title\n{page}{page}")), 3);
        let paragraph = format!(" They go on.\n{}The end.\n", "lines of it\n".repeat(8));
        assert_eq!(n_pages(&paragraph.repeat(6)), 0);
    }

    fn sight(page: u32, number: u32) -> Sight {
        Sight { page, number, roman: false }
    }

    fn check(n_pages: usize, seen: &[Sight], expected: &str) {
        let printed: Vec<String> =
            number(n_pages, seen).into_iter().map(|page| page.unwrap_or_else(|| "-".into())).collect();
        assert_eq!(printed.join(" "), expected);
    }

    #[test]
    fn infers_numbers_from_an_order() {
        check(6, &[sight(2, 4), sight(4, 6)], "- 3 4 5 6 -");
        check(4, &[sight(0, 1), sight(3, 4)], "1 2 3 4");
    }

    #[test]
    fn proves_nothing_by_one_sight() {
        check(4, &[sight(2, 28)], "- - 28 -");
    }

    #[test]
    fn keeps_roman_and_arabic_apart() {
        let roman = |page, number| Sight { page, number, roman: true };
        check(7, &[roman(1, 2), roman(2, 3), sight(4, 1), sight(5, 2)], "- ii iii iv 1 2 -");
    }

    #[test]
    fn reads_roman_numbers() {
        assert_eq!(roman("xiv"), Some(14));
        assert_eq!(roman("IX"), Some(9));
        for word in ["", "iiii", "ivy", "Iv", "mild"] {
            assert_eq!(roman(word), None, "{word}");
        }
    }
}
