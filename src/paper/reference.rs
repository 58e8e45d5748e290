//! References by author and year: where a text names its evidence inside its sentences.
//!
//! | text | reference |
//! |---|---|
//! | `as others hold (Smith 2010, 45; see also Roe et al. 2014a).` | the brackets and what they hold |
//! | `as Smith (2010) holds` | none: name and year are words of the sentence |
//! | `the talks (May 2010) failed`, `the law (No. 5 of 2010)` | none: a date, a number |
//!
//! They stay in the text, other than the marks of notes. A mark says nothing by itself, but a name and a
//! year say whose claim a sentence is: without them a quotation would hide its source, and nobody could
//! look for the passages that rest on Smith. Their places are told beside the text, so that whoever wants
//! a sentence without them can leave them out.

use super::Span;

/// No reference is longer, in bytes.
const MAX_LEN: usize = 300;

/// Returns the places of a text's references by author and year, brackets included.
///
/// ```
/// # use polisearch::paper::references;
/// let text = "It failed (Smith 2010, 45; Roe et al. 2014a), as Doe (2012) and others (May 2013) say.";
/// assert_eq!(references(text).iter().map(|span| span.of(text)).collect::<Vec<_>>(), ["(Smith 2010, 45; Roe et al. 2014a)"]);
/// ```
pub fn references(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = memchr::memchr2(b'(', b'[', &text.as_bytes()[at..]) {
        let start = at + open + 1;
        let close = if text.as_bytes()[start - 1] == b'(' { ')' } else { ']' };
        let near = &text[start..text.floor_char_boundary((start + MAX_LEN).min(text.len()))];
        at = start;
        // A bracket inside begins anew: "(see Smith (2010))" is none.
        let Some(len) = near.find(['(', ')', '[', ']']).filter(|&len| near[len..].starts_with(close)) else { continue };
        if is_reference(&near[..len]) {
            found.push(Span::new(start - 1, start + len + 1));
            at = start + len + 1;
        }
    }
    found
}

/// Tells whether what stands in brackets is nothing but references: works, with semicolons between.
fn is_reference(inside: &str) -> bool {
    inside.split(';').enumerate().all(|(i, work)| names_work(work.trim(), i > 0))
}

/// Tells whether a text is one work: names, a year, and where in the work; a work that `follows` another
/// of the same author may be a year alone.
fn names_work(work: &str, follows: bool) -> bool {
    let words: Vec<&str> = work.split_whitespace().collect();
    let Some(year) = words.iter().position(|word| is_year(word)) else { return false };
    let (names, behind) = (&words[..year], &words[year + 1..]);
    let lead = names.iter().take_while(|word| is_lead(word)).count();
    let names = &names[lead..];
    let n_names = names.iter().filter(|name| is_name(name)).count();
    let named = n_names > 0 && names.iter().all(|name| is_name(name) || is_link(name)) && !is_date(names);
    (named || (follows && names.is_empty())) && behind.iter().all(|word| is_place(word))
}

/// `2010`, `2010a`, `1999–2003`, `2010:`, `n.d.`, `forthcoming`.
fn is_year(word: &str) -> bool {
    let bare = word.trim_end_matches([',', ':', '.']);
    let year = |word: &str| {
        let digits = word.trim_end_matches(|c: char| c.is_ascii_lowercase());
        digits.len() == 4
            && word.len() - digits.len() <= 1
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && matches!(digits.get(..2), Some("16" | "17" | "18" | "19" | "20"))
    };
    // "2010:45" holds the page, too.
    let (head, page) = bare.split_once(':').unwrap_or((bare, "0"));
    let span = head.split(['–', '-', '/']).all(|part| year(part) || part.len() == 2 && is_page(part));
    (span && head.split(['–', '-', '/']).next().is_some_and(year) && is_page(page))
        || matches!(bare, "n.d" | "forthcoming")
}

/// `see`, `see also`, `e.g.,`, `cf.`: what leads to a reference.
fn is_lead(word: &str) -> bool {
    let bare = word.trim_end_matches([',', '.', ':']).to_ascii_lowercase();
    matches!(
        bare.as_str(),
        "see" | "also" | "e.g" | "cf" | "for" | "example" | "quoted" | "cited" | "in" | "from" | "as"
    )
}

/// A word of a name: it has a capital at its head, or somewhere and no digit ("al-Zawahiri").
fn is_name(word: &str) -> bool {
    word.chars().any(char::is_uppercase)
        && !word.chars().any(|c| c.is_ascii_digit())
        && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '–' | '’' | '\'' | '.' | ',' | '/' | '&'))
}

/// What stands between names: `and`, `et al.`, particles.
fn is_link(word: &str) -> bool {
    matches!(
        word.trim_end_matches(','),
        "and"
            | "&"
            | "et"
            | "al."
            | "al"
            | "de"
            | "del"
            | "der"
            | "di"
            | "du"
            | "la"
            | "le"
            | "of"
            | "the"
            | "van"
            | "von"
            | "for"
            | "on"
            | "ed."
            | "eds."
            | "und"
            | "y"
            | "bin"
            | "ibn"
            | "ul"
            | "al-"
    )
}

/// Tells whether the names are those of months or seasons, or of numbered things: a date, or a law.
fn is_date(names: &[&str]) -> bool {
    const DATES: [&str; 21] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "spring", "summer",
        "autumn", "fall", "winter", "no", "vol", "fy",
    ];
    const MONTHS: [&str; 10] =
        ["january", "february", "march", "april", "june", "july", "august", "september", "october", "november"];
    names.iter().any(|name| {
        let bare = name.trim_end_matches([',', '.']).to_ascii_lowercase();
        DATES.contains(&bare.as_str()) || MONTHS.contains(&bare.as_str()) || bare == "december"
    })
}

/// A place in a work, or another year: `45`, `45–47,`, `p.`, `chap.`, `2012b`, `emphasis added`.
fn is_place(word: &str) -> bool {
    let bare = word.trim_end_matches([',', '.', ':']);
    is_year(word)
        || is_page(bare)
        || matches!(
            bare,
            "p" | "pp"
                | "ch"
                | "chap"
                | "chapter"
                | "sec"
                | "section"
                | "vol"
                | "fig"
                | "table"
                | "note"
                | "n"
                | "para"
                | "paras"
                | "and"
                | "&"
                | "emphasis"
                | "added"
                | "in"
                | "ff"
                | "passim"
                | "cited"
                | "quoted"
        )
}

fn is_page(word: &str) -> bool {
    let bare = word.trim_end_matches('f');
    bare.split(['–', '-', '—']).all(|part| {
        (1..=5).contains(&part.len())
            && (part.bytes().all(|byte| byte.is_ascii_digit()) || part.bytes().all(|byte| b"ivxl".contains(&byte)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = references(text).iter().map(|span| span.of(text)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn finds_works_by_author_and_year() {
        for reference in [
            "(Smith 2010)",
            "(Smith, 2010, p. 45)",
            "(Smith 2010: 45–47)",
            "(Smith 2010:45)",
            "(see Smith and Roe 2010a, 2012; van der Berg 1999)",
            "(e.g., Roe et al., 2014; 2016)",
            "(World Bank 2010, chap. 2)",
            "[Smith & Roe 2010]",
            "(Ministry of Foreign Affairs 2019)",
            "(Crost, Felter, and Johnston n.d.)",
            "(al-Zawahiri 2001, 45)",
        ] {
            check(&format!("So it is {reference}, they say."), &[reference]);
        }
    }

    #[test]
    fn leaves_what_is_part_of_the_sentence() {
        for text in [
            "Smith (2010) holds that",
            "the talks (May 2010) failed",
            "the talks (August 15, 2021) failed",
            "under Resolution 2593 (2021) of the Council",
            "the party (which ruled until 2010) and",
            "the Act (No. 5 of 2010) and",
            "from 2001 (when they fell)",
            "a (very long) and [odd] (list",
            "it grew (by 5 percent in 2010)",
        ] {
            check(text, &[]);
        }
    }

    proptest::proptest! {
        #[test]
        fn takes_any_text(text in "[(\\[]?(Smith|é|2010|[;,. ()\\[\\]a-z0-9]){0,40}") {
            let mut end = 0;
            for span in references(&text) {
                proptest::prop_assert!(span.start >= end && text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
                end = span.end;
            }
        }
    }
}
