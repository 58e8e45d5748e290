//! What a document says about itself, checked against what it prints.

use crate::extract::Format;
use crate::paper::{Biblio, Feature, Flow, RawPaper};

use super::first_page::from_text;

/// Returns what a paper says of itself: its metadata first, then what it prints.
///
/// Programs fill in metadata that nobody looks at: the title of the last report, the typist's name, the
/// day a file was made anew. Where the paper prints something else, that is right; a date on which a
/// file was made is the paper's only when the paper speaks of that year.
pub fn of_paper(raw: &RawPaper, format: Format) -> Biblio {
    let first_page = raw.pages.get(1).map_or(raw.text.len(), |page| page.start);
    let mut printed = from_text(&raw.text, first_page, if raw.flow == Flow::Lines { "\n\n" } else { "\n" });
    if raw.flow == Flow::Paragraphs {
        printed.title = heading(raw);
    }
    let mut own = raw.biblio.clone();
    if matches!(format, Format::Pdf | Format::Docx | Format::Odt | Format::Rtf) {
        let says = |year: i32| has_word(&raw.text, &year.to_string());
        if printed.year.is_some() || !own.year.is_some_and(says) {
            (own.year, own.month, own.day) = (None, None, None);
        }
        let text = letters(&raw.text);
        if printed.title.is_some() && own.title.as_deref().is_some_and(|title| !text.contains(&letters(title))) {
            own.title = None;
        }
        let is_said = |family: &str| raw.text.contains(family);
        if !printed.authors.is_empty() && !own.authors.iter().any(|author| is_said(&author.family)) {
            own.authors.clear();
        }
    }
    if let Some(title) = own.title.as_mut()
        && let Some(own_heading) = heading(raw)
        && is_with_site(title, &own_heading)
    {
        *title = own_heading;
    }
    own.or(&printed)
}

/// `The Border Regime | The Site` is the heading with the name of the site behind it.
fn is_with_site(title: &str, heading: &str) -> bool {
    let rest = title.strip_prefix(heading).or_else(|| title.strip_suffix(heading));
    let sign = |c: char| matches!(c, '|' | '–' | '—' | '-' | '»' | '«' | '·' | '•' | '/');
    rest.is_some_and(|rest| {
        let rest = rest.trim();
        rest.starts_with(sign) || rest.ends_with(sign)
    })
}

/// Headings of a part, not of a paper.
const PARTS: &[&str] = &[
    "introduction",
    "summary",
    "abstract",
    "contents",
    "table of contents",
    "executive summary",
    "foreword",
    "preface",
    "overview",
    "background",
    "acknowledgements",
    "acknowledgments",
    "key points",
    "notes",
    "figures",
    "tables",
];

/// Returns the heading that a paper begins with: the only one of its level, or the first words of all.
fn heading(raw: &RawPaper) -> Option<String> {
    let headings = raw.marks.iter().filter_map(|mark| match mark.feature {
        Feature::Heading(level) => Some((level, mark.span)),
        _ => None,
    });
    let highest = headings.clone().map(|(level, _)| level).min()?;
    let mut highest = headings.filter(|&(level, _)| level == highest);
    let (_, span) = highest.next()?;
    let begins = raw.text[..span.start].trim().is_empty();
    let stands_alone = highest.next().is_none() && raw.text[..span.start].lines().count() <= 5;
    let title = span.of(&raw.text).trim();
    (begins || stands_alone).then(|| title.to_owned()).filter(|title| {
        let words = title.trim_start_matches(|c: char| !c.is_alphabetic()).to_lowercase();
        !words.is_empty() && title.len() < 300 && !PARTS.contains(&words.as_str())
    })
}

/// Returns the letters and digits of a text, small.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::Person;

    fn paper(text: &str) -> RawPaper {
        RawPaper {
            text: text.to_owned(),
            map: None,
            flow: Flow::Lines,
            pages: vec![],
            marks: vec![],
            biblio: Biblio {
                title: Some("Annual Report Template".into()),
                authors: vec![Person::parse("Max Typist")],
                year: Some(2024),
                month: Some(2),
                ..Biblio::default()
            },
            warnings: vec![],
        }
    }

    #[test]
    fn what_is_printed_is_right() {
        let said =
            of_paper(&paper("The Border Regime and Trust\n\nBy Jane Roe\n\nMay 2021\n\nTrade fell."), Format::Pdf);
        assert_eq!(said.title.as_deref(), Some("The Border Regime and Trust"));
        assert_eq!((said.authors[0].family.as_str(), said.year, said.month), ("Roe", Some(2021), Some(5)));
    }

    #[test]
    fn what_is_not_printed_is_taken_on_trust_but_for_dates() {
        let said = of_paper(&paper("trade fell."), Format::Pdf);
        assert_eq!((said.title.as_deref(), said.authors.len(), said.year), (Some("Annual Report Template"), 1, None));
        assert_eq!(of_paper(&paper("trade fell in 2024."), Format::Docx).year, Some(2024));
        assert_eq!(of_paper(&paper("trade fell."), Format::Html).year, Some(2024));
    }
}
