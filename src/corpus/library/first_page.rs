//! What the first page of a paper says of itself, when nothing else says it.

use super::said;
use crate::paper::{Biblio, Person};

/// How much of a text counts as its first page, when pages are not known.
const FIRST_PAGE: usize = 4_000;

/// Reads DOI, ISBN, date, title and authors off a first page.
///
/// A wrong title is worse than none, so only what cannot well be anything else is taken: a title
/// that stands alone in title case at the top, authors behind "By" below it, a line that is a date.
pub fn from_first_page(text: &str) -> Biblio {
    let end = (0..=text.len().min(FIRST_PAGE)).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let page = text[..end].split('\u{c}').next().unwrap_or_default();
    let mut blocks = page.split("\n\n").map(str::trim).filter(|block| !block.is_empty());
    let title = blocks.next().filter(|block| is_title(block)).and_then(said);
    let by = blocks.next().filter(|_| title.is_some()).and_then(|block| block.lines().next().map(authors));
    let (year, month, day) = page.lines().find_map(date_line).map_or((None, None, None), |(y, m, d)| (Some(y), m, d));
    Biblio {
        title,
        authors: by.unwrap_or_default(),
        year,
        month,
        day,
        doi: doi(page),
        isbn: isbn(page),
        ..Biblio::default()
    }
}

/// `The Border Regime` stands as a title does; `Summary` and `The border was closed.` do not.
fn is_title(block: &str) -> bool {
    let words: Vec<&str> = block.split_whitespace().collect();
    let long: Vec<&&str> = words.iter().filter(|word| word.chars().count() >= 4).collect();
    let n_capital = long.iter().filter(|word| word.starts_with(char::is_uppercase)).count();
    block.lines().count() <= 3
        && (3..=25).contains(&words.len())
        && !block.ends_with(['.', ',', ';', ':', '-'])
        && !long.is_empty()
        && n_capital * 10 >= long.len() * 8
}

/// `By Jane Roe and John Doe` ⇒ two people; anything else ⇒ none.
fn authors(line: &str) -> Vec<Person> {
    let Some(names) = line.trim().strip_prefix("By ").or(line.trim().strip_prefix("by ")) else { return Vec::new() };
    let names = names.replace(" and ", ",").replace(" & ", ",");
    let names: Vec<&str> = names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let is_name = |name: &&str| {
        (2..=4).contains(&name.split_whitespace().count())
            && name.starts_with(char::is_uppercase)
            && !name.contains(|c: char| c.is_ascii_digit())
    };
    if names.iter().all(is_name) { names.into_iter().map(Person::parse).collect() } else { Vec::new() }
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
        .is_some_and(|word| matches!(word.as_str(), "updated" | "published" | "date" | "issued" | "revised"))
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

/// Finds a DOI: `https://doi.org/10.1234/bp.7.` ⇒ `10.1234/bp.7`.
fn doi(page: &str) -> Option<String> {
    page.match_indices("10.").find_map(|(at, _)| {
        let doi = page[at..].split(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | '”')).next()?;
        let doi = doi.trim_end_matches(['.', ',', ';', ':', ')', ']']);
        let (registrant, name) = doi.strip_prefix("10.")?.split_once('/')?;
        let is_doi =
            (4..=9).contains(&registrant.len()) && registrant.bytes().all(|b| b.is_ascii_digit()) && !name.is_empty();
        is_doi.then(|| doi.to_owned())
    })
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

    #[test]
    fn reads_what_is_plain() {
        let page = "The Border Regime and Its Discontents\n\nBy Jane Roe and Karim Züri\n\nUpdated April 22, 2026\n\nISBN: 978-1-60127-866-1. See https://doi.org/10.1234/bp.7.\n";
        let biblio = from_first_page(page);
        assert_eq!(biblio.title.as_deref(), Some("The Border Regime and Its Discontents"));
        assert_eq!(biblio.authors.iter().map(Person::full_name).collect::<Vec<_>>(), ["Jane Roe", "Karim Züri"]);
        assert_eq!((biblio.year, biblio.month, biblio.day), (Some(2026), Some(4), Some(22)));
        assert_eq!((biblio.doi.as_deref(), biblio.isbn.as_deref()), (Some("10.1234/bp.7"), Some("978-1-60127-866-1")));
    }

    #[test]
    fn guesses_nothing() {
        assert_eq!(
            from_first_page(" Summary\n\nThree scenarios in Afghanistan are possible in May 2021.\n"),
            Biblio::default()
        );
        assert_eq!(
            from_first_page("The main objective of the study\n\nis to analyze. Version 10.1/2.\n"),
            Biblio::default()
        );
        assert_eq!(from_first_page(""), Biblio::default());
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn any_page_is_read(page in "(10\\.|ISBN|By |May |20|[0-9A-Za-zé./ \n-]){0,60}") {
            from_first_page(&page);
        }
    }
}
