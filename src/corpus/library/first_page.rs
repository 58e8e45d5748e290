//! What a paper prints about itself, when nothing else says it: title, authors, date, numbers.

use super::names::{authors_of_note, by_line, is_written_of, signed};
use super::said;
use crate::paper::{Biblio, Person};

/// How much of a text counts as its first page, when pages are not known.
const FIRST_PAGE: usize = 4_000;

/// A first page of fewer letters is a cover: what stands there alone speaks of the paper.
const COVER: usize = 600;

/// Papers are signed in their last letters, before what every paper of a publisher says.
const SIGNATURE: usize = 3_000;

/// Reads DOI, ISBN, date, title and authors off a paper whose first page is `text[..first_page]`;
/// `between` stands between its blocks.
///
/// A wrong title is worse than none, so only what cannot well be anything else is taken: a title
/// that stands alone in title case at the top, authors behind "By" below it, a line that is a date.
pub fn from_text(text: &str, first_page: usize, between: &str) -> Biblio {
    let border = |at: usize| (0..=text.len().min(at)).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let page = text[..border(first_page.min(FIRST_PAGE))].split('\u{c}').next().unwrap_or_default();
    let all: Vec<&str> = page.split(between).map(str::trim).filter(|block| !block.is_empty()).collect();
    // Above the title may stand a date and the name of a series.
    let n_above = all.iter().take_while(|block| is_banner(block)).count();
    let title = all.get(n_above).filter(|block| is_title(block)).and_then(|block| said(*block));
    let below = all.get(n_above + 1).filter(|_| title.is_some());
    let by = below.and_then(|block| block.lines().next()).map(by_line).filter(|names| !names.is_empty());
    let names_from = (n_above + usize::from(title.is_some())).min(all.len());
    let (year, month, day) = printed_date(page, &text[..border(3 * FIRST_PAGE)]);
    Biblio {
        title,
        authors: by
            .or_else(|| page.lines().find_map(labelled_authors))
            .or_else(|| authors_below(&all[names_from..], text))
            .or_else(|| Some(authors_of_note(text)).filter(|people| !people.is_empty()))
            .unwrap_or_else(|| signed(&text[border(text.len().saturating_sub(SIGNATURE))..])),
        year,
        month,
        day,
        doi: doi(page),
        isbn: isbn(page),
        ..Biblio::default()
    }
}

/// Returns the people whose names stand alone in a block of the first page, when the text says of each
/// elsewhere who that is.
fn authors_below(blocks: &[&str], text: &str) -> Option<Vec<Person>> {
    let names = blocks.iter().take(4).map(|block| super::names::names(block)).find(|names| !names.is_empty())?;
    names.iter().all(|name| is_written_of(name, text)).then(|| names.iter().map(|name| Person::parse(name)).collect())
}

/// `INSIGHT`, `Border Papers No. 7` and `Updated April 22, 2026` stand above titles and are none.
fn is_banner(block: &str) -> bool {
    let words: Vec<&str> = block.split_whitespace().collect();
    let numbered = block.contains("No. ") || block.contains("Vol. ") || block.ends_with(|c: char| c.is_ascii_digit());
    let labelled = |line: &str| date_of(line).is_some() || labelled_authors(line).is_some();
    words.len() < 3 || block.lines().all(labelled) || (words.len() < 9 && numbered)
}

/// Returns the date that a paper prints: a line of the first page that is one; on a cover a year that
/// stands alone; else the year of the copyright, when there is but one.
fn printed_date(page: &str, first_pages: &str) -> (Option<i32>, Option<u8>, Option<u8>) {
    if let Some((year, month, day)) = page.lines().find_map(date_of) {
        return (Some(year), month, day);
    }
    let is_cover = page.chars().filter(|c| c.is_alphabetic()).count() < COVER;
    let alone = page.lines().find_map(|line| year_of(line.trim())).filter(|_| is_cover);
    let mut rights: Vec<i32> = first_pages.lines().filter_map(copyright).collect();
    rights.sort_unstable();
    rights.dedup();
    let single = rights.first().copied().filter(|_| rights.len() == 1);
    (alone.or(single), None, None)
}

fn year_of(word: &str) -> Option<i32> {
    let is_year = word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    word.parse().ok().filter(|year| is_year && (1900..=2100).contains(year))
}

/// `© 2021 The Institute` and `Copyright 2021 by` ⇒ 2021; a range of years tells no year.
fn copyright(line: &str) -> Option<i32> {
    let at = ["©", "Copyright", "COPYRIGHT", "(c)"].iter().find_map(|sign| Some(line.find(sign)? + sign.len()))?;
    let years: Vec<i32> = line[at..].split(|c: char| !c.is_ascii_digit()).take(8).filter_map(year_of).collect();
    years.first().copied().filter(|_| years.len() == 1)
}

/// `The Border Regime` stands as a title does; `Summary` and `The border was closed.` do not.
fn is_title(block: &str) -> bool {
    let words: Vec<&str> = block.split_whitespace().collect();
    let long: Vec<&&str> = words.iter().filter(|word| word.chars().count() >= 4).collect();
    let n_capital = long.iter().filter(|word| word.starts_with(char::is_uppercase)).count();
    block.lines().count() <= 3
        && (3..=25).contains(&words.len())
        && !block.ends_with(['.', ',', ';', ':', '-'])
        && !block.contains("://")
        && !block.contains('@')
        && !long.is_empty()
        && n_capital * 10 >= long.len() * 8
}

/// Reads the date that a line is, or that stands in a part of it: `Policy Brief | August 2021`.
fn date_of(line: &str) -> Option<(i32, Option<u8>, Option<u8>)> {
    const LABELS: &[&str] =
        &["date", "publication date", "published", "date of publication", "updated", "last updated", "issued"];
    let parts: Vec<&str> = line.split(['|', '•', '·', '\t']).collect();
    // More parts are the cells of a table.
    if let Some(date) = parts.iter().filter(|_| parts.len() <= 2).find_map(|part| date_line(part)) {
        return Some(date);
    }
    let (_, said) = line.split_once(':').filter(|(label, _)| is_label(label, LABELS))?;
    date_line(said).or_else(|| numeric_date(said.trim_matches([' ', '|'])))
}

fn is_label(text: &str, labels: &[&str]) -> bool {
    labels.contains(&text.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase().as_str())
}

/// `2021-08-03`; `04/13/2026`, of which a number over 12 must be the day.
fn numeric_date(text: &str) -> Option<(i32, Option<u8>, Option<u8>)> {
    if let (Some(year), month, day) = crate::extract::date(text)
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text.len() >= 8
        && !text.contains('/')
    {
        return Some((year, month, day));
    }
    let parts: Vec<&str> = text.split(['/', '.']).collect();
    let [a, b, year] = parts[..] else { return None };
    let (a, b): (u8, u8) = (a.trim().parse().ok()?, b.trim().parse().ok()?);
    let year = year_of(year.trim())?;
    match (a, b) {
        (1..=12, 13..=31) => Some((year, Some(a), Some(b))),
        (13..=31, 1..=12) => Some((year, Some(b), Some(a))),
        _ => Some((year, None, None)),
    }
}

/// `Authors: Roe, Jane; Doe, John` ⇒ two people.
fn labelled_authors(line: &str) -> Option<Vec<Person>> {
    const LABELS: &[&str] = &["author", "authors", "author(s", "written by", "prepared by"];
    let (_, said) = line.split_once(':').filter(|(label, _)| is_label(label, LABELS))?;
    let said = said.trim_matches([' ', '|']);
    let turned =
        |name: &str| name.split_once(',').map_or(name.to_owned(), |(family, given)| format!("{given} {family}"));
    let parts: Vec<String> = said.split(';').map(|name| turned(name).trim().to_owned()).collect();
    let whole = super::names::names(said);
    let names = if said.contains(';') || whole.is_empty() { parts } else { whole };
    let people: Vec<Person> =
        names.iter().filter(|name| super::names::is_named(name)).map(|name| Person::parse(name)).collect();
    (people.len() == names.len()).then_some(people)
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Reads a line that is a date and no more: `August 2021`, `Updated April 22, 2026`, `3 May 1999`.
fn date_line(line: &str) -> Option<(i32, Option<u8>, Option<u8>)> {
    let words = line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words: Vec<String> = words.map(str::to_lowercase).collect();
    if words
        .first()
        .is_some_and(|word| matches!(word.as_str(), "updated" | "published" | "date" | "issued" | "revised" | "of"))
    {
        words.remove(0);
    }
    let month = |word: &str| MONTHS.iter().position(|name| *name == word).and_then(|at| u8::try_from(at + 1).ok());
    let number = |word: &str, last: i32| word.parse::<i32>().ok().filter(|n| (1..=last).contains(n));
    let year = |word: &str| number(word, 2100).filter(|year| *year >= 1900);
    let day = |word: &str| number(word, 31).and_then(|day| u8::try_from(day).ok());
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [m, y] => Some((year(y)?, Some(month(m)?), None)),
        [m, d, y] if month(m).is_some() => Some((year(y)?, month(m), Some(day(d)?))),
        [d, m, y] => Some((year(y)?, Some(month(m)?), Some(day(d)?))),
        _ => None,
    }
}

/// Finds the DOI of a page, when it prints but one: `https://doi.org/10.1234/bp.7.` ⇒ `10.1234/bp.7`.
fn doi(page: &str) -> Option<String> {
    let read = |(at, _): (usize, &str)| {
        let doi = page[at..].split(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | '”')).next()?;
        let doi = doi.trim_end_matches(['.', ',', ';', ':', ')', ']']);
        let (registrant, name) = doi.strip_prefix("10.")?.split_once('/')?;
        let is_doi =
            (4..=9).contains(&registrant.len()) && registrant.bytes().all(|b| b.is_ascii_digit()) && !name.is_empty();
        is_doi.then(|| doi.to_owned())
    };
    let mut found: Vec<String> = page.match_indices("10.").filter_map(read).collect();
    found.dedup();
    // Of several, one is the paper's, and it is not known which.
    found.pop().filter(|_| found.is_empty())
}

/// Finds an ISBN by its label: `ISBN: 978-1-60127-866-1` ⇒ `978-1-60127-866-1`.
fn isbn(page: &str) -> Option<String> {
    let (_, after) = page.split_once("ISBN")?;
    let after = after.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '\n');
    let isbn: String = after.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '-' | '–' | ' ' | 'X')).collect();
    let isbn = isbn.trim().replace(['–', ' '], "-");
    matches!(isbn.bytes().filter(u8::is_ascii_alphanumeric).count(), 10 | 13).then_some(isbn)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(page: &str, title: Option<&str>, authors: &[&str], date: (Option<i32>, Option<u8>, Option<u8>)) {
        let biblio = from_text(page, page.len(), "\n\n");
        assert_eq!(biblio.title.as_deref(), title, "{page}");
        assert_eq!(biblio.authors.iter().map(Person::full_name).collect::<Vec<_>>(), authors, "{page}");
        assert_eq!((biblio.year, biblio.month, biblio.day), date, "{page}");
    }

    #[test]
    fn reads_what_is_plain() {
        let page = "The Border Regime and Its Discontents\n\nBy Jane Roe and Karim Züri\n\nUpdated April 22, 2026\n\nISBN: 978-1-60127-866-1. See https://doi.org/10.1234/bp.7.\n";
        check(
            page,
            Some("The Border Regime and Its Discontents"),
            &["Jane Roe", "Karim Züri"],
            (Some(2026), Some(4), Some(22)),
        );
        let biblio = from_text(page, page.len(), "\n\n");
        assert_eq!((biblio.doi.as_deref(), biblio.isbn.as_deref()), (Some("10.1234/bp.7"), Some("978-1-60127-866-1")));
    }

    #[test]
    fn reads_labels() {
        check(
            "Date: 2021-08-03\n\nAuthors: Roe, Jane; Doe, John\n\nit fell",
            None,
            &["Jane Roe", "John Doe"],
            (Some(2021), Some(8), Some(3)),
        );
        check(
            "Publication Date: 04/13/2026\nAuthor: Jane Roe\nfell",
            None,
            &["Jane Roe"],
            (Some(2026), Some(4), Some(13)),
        );
        check("Updated: 04/05/2026\nAuthor: the Border Institute\nfell", None, &[], (Some(2026), None, None));
    }

    #[test]
    fn passes_over_banners() {
        check(
            "Border Papers No. 7\n\nUpdated April 20, 2026\n\nThe Border Regime and Its Discontents\n\nTrade fell.",
            Some("The Border Regime and Its Discontents"),
            &[],
            (Some(2026), Some(4), Some(20)),
        );
        check("INSIGHT\n\nPolicy Brief | August 2021\n\nIt was closed.", None, &[], (Some(2021), Some(8), None));
    }

    #[test]
    fn names_alone_are_authors_when_the_text_says_who_they_are() {
        let page = "The Border Regime and Its Discontents\n\nJane Roe and Karim Züri\n\nTrade fell.\n\n";
        check(page, Some("The Border Regime and Its Discontents"), &[], (None, None, None));
        let page = format!("{page}Jane Roe is a fellow. Karim Züri is a trader. © 2021 Border Institute");
        let authors = &["Jane Roe", "Karim Züri"];
        check(&page, Some("The Border Regime and Its Discontents"), authors, (Some(2021), None, None));
    }

    #[test]
    fn guesses_nothing() {
        for page in [
            " Summary\n\nThree scenarios in Afghanistan are possible in May 2021.\n",
            "The main objective of the study\n\nis to analyze. Version 10.1/2.\n",
            "© 2010–2021 Border Institute\n\nwas closed.",
            "",
        ] {
            assert_eq!(from_text(page, page.len(), "\n\n"), Biblio::default(), "{page}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn any_page_is_read(page in "(10\\.|ISBN|By |May |20|[0-9A-Za-zé./ \n-]){0,60}") {
            from_text(&page, page.len() / 2, "\n");
        }
    }
}
