//! Words that decide about sentence borders: abbreviations, and words that open sentences.
//!
//! General knowledge of English print, not of any corpus. The lists are sorted, so that a word is looked
//! up without hashing or lower-casing a copy.

/// How an abbreviation's dot behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abbreviation {
    /// Something always follows: "Gen. Musharraf", "cf. Smith".
    Never,
    /// An abbreviation only where a number follows: "No. 5", "Jan. 3"; else a word.
    BeforeNumber,
    /// May stand at a sentence's end: "etc.", "Inc.".
    Either,
}

/// The length of the longest abbreviation; most words before a full stop are longer.
pub const LONGEST: usize = 6;

/// Lower case, sorted, as the next two.
const NEVER: &[&str] = &[
    "adm", "amb", "approx", "asst", "brig", "ca", "capt", "cf", "cmdr", "col", "cpl", "dr", "e.g", "esp", "gen", "gov",
    "hon", "i.e", "incl", "lt", "maj", "messrs", "mr", "mrs", "ms", "msgr", "mt", "pres", "prof", "profs", "rep",
    "reps", "rev", "sen", "sens", "sgt", "sq", "st", "trans", "v", "viz", "vs",
];

/// Most are words or stand for one, too: "no", "art", "mar".
const BEFORE_NUMBER: &[&str] = &[
    "app", "apr", "art", "arts", "aug", "ch", "chap", "chs", "dec", "eq", "feb", "fig", "figs", "fl", "fn", "fri",
    "jan", "jul", "jun", "mar", "no", "nos", "nov", "oct", "op", "p", "para", "paras", "pp", "pt", "rept", "res",
    "sec", "secs", "sep", "sept", "ser", "stat", "supp", "vol", "vols",
];

/// Mostly names of bodies, and ends of lists.
const EITHER: &[&str] = &[
    "al", "assn", "ave", "bldg", "blvd", "bros", "co", "cong", "corp", "dept", "dist", "ed", "eds", "esq", "est",
    "etc", "ft", "ibid", "inc", "jr", "ltd", "pl", "pub", "pvt", "ret", "sr", "univ",
];

/// Returns how the dot behind `token` behaves when the token is an abbreviation.
///
/// "e.g" and "i.e" arrive with their inner dot; something always follows them.
pub fn abbreviation(token: &str) -> Option<Abbreviation> {
    let lists =
        [(NEVER, Abbreviation::Never), (BEFORE_NUMBER, Abbreviation::BeforeNumber), (EITHER, Abbreviation::Either)];
    if token.len() > LONGEST {
        return None;
    }
    let lower = || token.bytes().map(|b| b.to_ascii_lowercase());
    let is_in = |list: &[&str]| list.binary_search_by(|entry| entry.bytes().cmp(lower())).is_ok();
    lists.into_iter().find(|(list, _)| is_in(list)).map(|(_, behavior)| behavior)
}

/// Sorted.
const OPENERS: &[&str] = &[
    "According",
    "After",
    "Afterward",
    "All",
    "Also",
    "Although",
    "Among",
    "An",
    "And",
    "Another",
    "Any",
    "As",
    "At",
    "Because",
    "Before",
    "Besides",
    "Both",
    "But",
    "By",
    "Consequently",
    "Despite",
    "During",
    "Each",
    "Earlier",
    "Either",
    "Even",
    "Few",
    "Finally",
    "First",
    "For",
    "From",
    "Furthermore",
    "Given",
    "He",
    "Hence",
    "Her",
    "Here",
    "His",
    "How",
    "However",
    "If",
    "In",
    "Indeed",
    "Instead",
    "It",
    "Its",
    "Later",
    "Many",
    "Meanwhile",
    "Moreover",
    "Most",
    "My",
    "Neither",
    "Nevertheless",
    "Next",
    "No",
    "Nonetheless",
    "Nor",
    "Not",
    "Of",
    "On",
    "Once",
    "One",
    "Only",
    "Or",
    "Other",
    "Others",
    "Our",
    "Over",
    "Perhaps",
    "Rather",
    "Second",
    "She",
    "Similarly",
    "Since",
    "So",
    "Some",
    "Soon",
    "Still",
    "Subsequently",
    "Such",
    "That",
    "The",
    "Their",
    "Then",
    "There",
    "Therefore",
    "These",
    "They",
    "Third",
    "This",
    "Those",
    "Though",
    "Through",
    "Throughout",
    "Thus",
    "To",
    "Today",
    "Toward",
    "Unfortunately",
    "Unless",
    "Unlike",
    "Until",
    "We",
    "What",
    "When",
    "Whenever",
    "Where",
    "Whereas",
    "Whether",
    "Which",
    "While",
    "Who",
    "Why",
    "With",
    "Within",
    "Without",
    "Yet",
    "You",
    "Your",
];

/// Tells whether a capitalised word opens sentences more often than it begins a name.
pub fn opens_sentences(word: &str) -> bool {
    OPENERS.binary_search(&word).is_ok()
}

const LONGEST_LINK: usize = 12;

/// Sorted.
const LINKS: &[&str] = &[
    "Accordingly",
    "Also",
    "And",
    "As",
    "Both",
    "But",
    "Consequently",
    "He",
    "Hence",
    "Her",
    "His",
    "However",
    "Indeed",
    "Instead",
    "It",
    "Its",
    "Moreover",
    "Nevertheless",
    "Nonetheless",
    "Nor",
    "Or",
    "Rather",
    "She",
    "So",
    "Such",
    "That",
    "Their",
    "Then",
    "There",
    "Therefore",
    "These",
    "They",
    "This",
    "Those",
    "Thus",
    "Yet",
];

/// Tells whether a sentence that begins with `word` leans on the one before it.
pub fn leans_back(word: &str) -> bool {
    word.len() <= LONGEST_LINK && LINKS.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted() {
        for list in [NEVER, BEFORE_NUMBER, EITHER, OPENERS, LINKS] {
            assert!(list.is_sorted_by(|a, b| a < b));
        }
        assert_eq!(LINKS.iter().map(|link| link.len()).max(), Some(LONGEST_LINK));
        assert_eq!([NEVER, BEFORE_NUMBER, EITHER].concat().iter().map(|a| a.len()).max(), Some(LONGEST));
    }

    #[test]
    fn knows_abbreviations_in_any_case() {
        assert_eq!(abbreviation("Gen"), Some(Abbreviation::Never));
        assert_eq!(abbreviation("NO"), Some(Abbreviation::BeforeNumber));
        assert_eq!(abbreviation("i.e"), Some(Abbreviation::Never));
        assert_eq!(abbreviation("border"), None);
    }
}
