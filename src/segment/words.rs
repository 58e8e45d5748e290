//! Words that decide about sentence borders: abbreviations, and words that open sentences.
//!
//! General knowledge of English print, not of any corpus. The lists are sorted and hold their words as
//! numbers, so that to look a word up is to compare a few numbers.

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

/// A short word as a number, which sorts as the word does.
type Packed = u128;

const PACKED: usize = size_of::<Packed>();

const fn pack<const N: usize>(words: [&str; N]) -> [Packed; N] {
    let (mut packed, mut i) = ([0; N], 0);
    while i < N {
        let (word, mut bytes, mut at) = (words[i].as_bytes(), [0; PACKED], 0);
        while at < word.len() {
            bytes[at] = word[at];
            at += 1;
        }
        packed[i] = Packed::from_be_bytes(bytes);
        i += 1;
    }
    packed
}

/// Tells whether a list has a word.
fn has(list: &[Packed], word: &[u8; PACKED]) -> bool {
    list.binary_search(&Packed::from_be_bytes(*word)).is_ok()
}

/// Returns the bytes of a word, with zeros behind; no longer word is in a list.
fn padded(word: &str) -> Option<[u8; PACKED]> {
    let mut bytes = [0; PACKED];
    bytes.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
    Some(bytes)
}

/// Lower case, sorted, as the next two.
static NEVER: &[Packed] = &pack([
    "adm", "amb", "approx", "asst", "brig", "ca", "capt", "cf", "cmdr", "col", "cpl", "dr", "e.g", "esp", "gen", "gov",
    "hon", "i.e", "incl", "lt", "maj", "messrs", "mr", "mrs", "ms", "msgr", "mt", "pres", "prof", "profs", "rep",
    "reps", "rev", "sen", "sens", "sgt", "sq", "st", "trans", "v", "viz", "vs",
]);

/// Most are words or stand for one, too: "no", "art", "mar".
static BEFORE_NUMBER: &[Packed] = &pack([
    "app", "apr", "art", "arts", "aug", "ch", "chap", "chs", "dec", "eq", "feb", "fig", "figs", "fl", "fn", "fri",
    "jan", "jul", "jun", "mar", "no", "nos", "nov", "oct", "op", "p", "para", "paras", "pp", "pt", "rept", "res",
    "sec", "secs", "sep", "sept", "ser", "stat", "supp", "vol", "vols",
]);

/// Mostly names of bodies, and ends of lists.
static EITHER: &[Packed] = &pack([
    "al", "assn", "ave", "bldg", "blvd", "bros", "co", "cong", "corp", "dept", "dist", "ed", "eds", "esq", "est",
    "etc", "ft", "ibid", "inc", "jr", "ltd", "pl", "pub", "pvt", "ret", "sr", "univ",
]);

/// Returns how the dot behind `token` behaves when the token is an abbreviation.
///
/// "e.g" and "i.e" arrive with their inner dot; something always follows them.
pub fn abbreviation(token: &str) -> Option<Abbreviation> {
    let lists =
        [(NEVER, Abbreviation::Never), (BEFORE_NUMBER, Abbreviation::BeforeNumber), (EITHER, Abbreviation::Either)];
    if token.len() > LONGEST {
        return None;
    }
    let mut word = padded(token)?;
    word.make_ascii_lowercase();
    lists.into_iter().find(|(list, _)| has(list, &word)).map(|(_, behavior)| behavior)
}

/// Sorted.
static OPENERS: &[Packed] = &pack([
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
]);

/// Tells whether a capitalised word opens sentences more often than it begins a name.
pub fn opens_sentences(word: &str) -> bool {
    padded(word).is_some_and(|word| has(OPENERS, &word))
}

/// Sorted.
static LINKS: &[Packed] = &pack([
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
]);

/// Tells whether a sentence that begins with `word` leans on the one before it.
pub fn leans_back(word: &str) -> bool {
    padded(word).is_some_and(|word| has(LINKS, &word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted() {
        for list in [NEVER, BEFORE_NUMBER, EITHER, OPENERS, LINKS] {
            assert!(list.is_sorted_by(|a, b| a < b));
        }
        // `LONGEST` lets most words be told from abbreviations at sight.
        let len = |word: &Packed| PACKED - word.trailing_zeros() as usize / 8;
        assert_eq!([NEVER, BEFORE_NUMBER, EITHER].concat().iter().map(len).max(), Some(LONGEST));
    }

    #[test]
    fn knows_abbreviations_in_any_case() {
        assert_eq!(abbreviation("Gen"), Some(Abbreviation::Never));
        assert_eq!(abbreviation("NO"), Some(Abbreviation::BeforeNumber));
        assert_eq!(abbreviation("i.e"), Some(Abbreviation::Never));
        assert_eq!(abbreviation("border"), None);
    }
}
