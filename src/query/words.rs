//! Literal text to atoms: the words of a query are cut by the code that cuts the papers.

use crate::analysis::{TermKind, fold, is_stop_word, terms};
use crate::paper::Span;

use super::{Atom, Form};

/// A word of a literal text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// As written where its folded form is its term, else the term: "Pakistan’s" is "pakistan".
    pub text: String,
    pub span: Span,
    /// Written in capitals: "TTP", "U.S.", "CBMs".
    pub capitals: bool,
    /// Joined to the word before it by a hyphen or, between numbers, a slash.
    pub joined: bool,
}

/// Returns the words of a text that stands at `offset` of the query.
pub(super) fn words(text: &str, offset: usize) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    terms(text, &mut |term| {
        let span = Span::new(offset + term.start, offset + term.end);
        match term.kind {
            TermKind::Word => {
                let written = &text[term.start..term.end];
                let text = if written == term.text || fold(written) == term.text { written } else { term.text };
                words.push(Word { text: text.to_owned(), span, capitals: false, joined: false });
            }
            // One letter is none, though its possessive (A’S) has two; nor is it one beyond ASCII.
            TermKind::Acronym if term.text.len() < 2 || !term.text.is_ascii() => {}
            TermKind::Acronym => {
                if let Some(word) = words.last_mut() {
                    (word.text, word.capitals) = (term.text.to_owned(), true);
                }
            }
            // It comes after its parts.
            TermKind::Compound => {
                words
                    .iter_mut()
                    .rev()
                    .take_while(|word| word.span.start > span.start)
                    .for_each(|word| word.joined = true);
            }
        }
    });
    for i in 1..words.len() {
        let between = &text[words[i - 1].span.end - offset..words[i].span.start - offset];
        let numbers = words[i - 1..=i].iter().all(|word| word.text.bytes().all(|byte| byte.is_ascii_digit()));
        words[i].joined |= between == "/" && numbers;
    }
    words
}

/// Returns what is asked for by a literal text at `offset` of the query: a word is matched in all
/// its inflections, words joined by hyphens in a row, a word in capitals with its case.
pub(super) fn atoms(text: &str, offset: usize) -> Vec<Atom> {
    let mut words = words(text, offset);
    if words.len() == 1
        && let Some(word) = words.pop()
    {
        let span = word.span;
        return vec![Atom::new(form_of_one(word), span)];
    }
    words
        .chunk_by(|_, next| next.joined)
        .map(|row| Atom::new(form_of(row), Span::new(row[0].span.start, row[row.len() - 1].span.end)))
        .collect()
}

/// Returns the form that a name of a topic, or the long form of an acronym, is looked for in; `None`
/// when it holds no word.
///
/// A name in the plural finds the singular: its words are matched in all their inflections.
pub(super) fn form_of_name(name: &str) -> Option<Form> {
    let words = words(name, 0);
    (!words.is_empty()).then(|| form_of(&words))
}

/// Returns the form of one word, or of several in a row; an operator that joins nothing is no
/// acronym.
fn form_of(words: &[Word]) -> Form {
    match words {
        [word] => form_of_one(word.clone()),
        row => Form::Phrase { words: row.iter().map(|word| word.text.clone()).collect(), slop: 0, exact: false },
    }
}

fn form_of_one(word: Word) -> Form {
    match word.text.as_str() {
        "AND" | "OR" | "NOT" => Form::Word(word.text.to_lowercase()),
        _ if word.capitals => Form::Exact(word.text),
        _ => Form::Word(word.text),
    }
}

/// Tells whether a word is an acronym with small letters inside, as it is written: LeT, IsDB, AfPak.
pub(super) fn is_mixed(word: &str) -> bool {
    const LONGEST: usize = 6;
    let bytes = word.as_bytes();
    (3..=LONGEST).contains(&bytes.len())
        && bytes.iter().all(u8::is_ascii_alphabetic)
        && bytes[0].is_ascii_uppercase()
        && bytes.windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
}

/// Tells whether the capitals of a query mean nothing: it has no small letter, and a word that
/// nobody would take for an acronym. `TTP AND FATA` are two acronyms, `THE TRADE OF ARMS` shouts.
pub(super) fn shouts(text: &str) -> bool {
    const LONGEST_ACRONYM: usize = 8;
    if text.chars().any(char::is_lowercase) {
        return false;
    }
    let (mut n_words, mut ordinary) = (0, false);
    terms(text, &mut |term| {
        if term.kind == TermKind::Word && !matches!(term.text, "and" | "or" | "not") {
            n_words += 1;
            ordinary |= term.text.chars().count() > LONGEST_ACRONYM || is_stop_word(term.text);
        }
    });
    ordinary && n_words > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[Form]) {
        let forms: Vec<Form> = atoms(text, 0).into_iter().map(|atom| atom.form).collect();
        assert_eq!(forms, expected, "{text}");
    }

    fn word(text: &str) -> Form {
        Form::Word(text.to_owned())
    }

    fn row(words: &[&str]) -> Form {
        Form::Phrase { words: words.iter().map(|&word| word.to_owned()).collect(), slop: 0, exact: false }
    }

    #[test]
    fn words_are_cut_as_papers_are() {
        check("Pakistan’s [border]?", &[word("pakistan"), word("border")]);
        check("and/or", &[word("and"), word("or")]);
        check("1,660 O’Brien", &[word("1660"), word("O’Brien")]);
        check("?!", &[]);
    }

    #[test]
    fn hyphens_join_words_in_a_row() {
        check("cross-border", &[row(&["cross", "border"])]);
        check("Tehrik-i-Taliban", &[row(&["Tehrik", "i", "Taliban"])]);
        check("9/11 p-9/11", &[row(&["9", "11"]), row(&["p", "9", "11"])]);
        check("U.S.-led CASA-1000", &[row(&["US", "led"]), row(&["CASA", "1000"])]);
    }

    #[test]
    fn capitals_keep_their_case() {
        check("TTP", &[Form::Exact("TTP".to_owned())]);
        check("the U.S.", &[word("the"), Form::Exact("US".to_owned())]);
    }

    #[test]
    fn acronyms_may_hold_small_letters() {
        assert!(is_mixed("LeT") && is_mixed("IsDB") && is_mixed("AfPak"));
        assert!(!is_mixed("Let") && !is_mixed("LET") && !is_mixed("TTPs") && !is_mixed("eBay") && !is_mixed("O’Neil"));
    }

    #[test]
    fn shouting_is_told_from_acronyms() {
        assert!(shouts("THE TRADE OF ARMS") && shouts("TRANSIT AGREEMENTS"));
        assert!(!shouts("TTP") && !shouts("TTP AND FATA") && !shouts("US aid") && !shouts("WHO"));
    }
}
