//! Tokenising: where words stand in a text, and under which terms they are found.

use unicode_normalization::char::is_combining_mark;

use super::fold::fold_char;

/// What a term is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermKind {
    /// A word, folded.
    Word,
    /// A word written in capitals, in capitals; its [`Word`](TermKind::Word) stands at the same position.
    Acronym,
    /// A hyphenated word with its parts joined, at the position of its first part.
    Compound,
}

/// A term and where it stands. Its text lives until the next one is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term<'a> {
    pub text: &'a str,
    pub kind: TermKind,
    /// Counted in words from the beginning of the text.
    pub position: u32,
    /// Bytes `start..end` of the text as it was given.
    pub start: usize,
    pub end: usize,
}

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// As folded.
    Small,
    /// As folded, but for its first letter.
    Title,
    /// In another way, or it was not asked.
    Other,
}

/// A term as it was read: [`Term`], with its text at the end of all that was folded.
pub(super) struct Read {
    /// Where its text begins.
    pub from: usize,
    pub kind: TermKind,
    pub position: u32,
    pub start: usize,
    pub end: usize,
    pub case: Case,
}

/// No term is longer, in bytes; what follows is cut off (nobody types it, and no index wants it).
const LONGEST: usize = 100;

/// Longest word in capitals that is taken for an acronym; longer ones are words that shout.
const LONGEST_ACRONYM: usize = 8;

/// Calls `found` with each term of a text, in order; a compound comes after its parts.
///
/// "The U.S.-led" gives `the`; `us`, `US` and the compound `usled`; `led`.
pub fn terms(text: &str, found: &mut dyn FnMut(Term<'_>)) {
    read(text, &mut String::new(), &mut |folded, Read { from, kind, position, start, end, .. }| {
        found(Term { text: &folded[from..], kind, position, start, end });
    });
}

/// Appends the terms of a text to `folded`, and calls `found` with each once it is there.
pub(super) fn read(text: &str, folded: &mut String, found: &mut impl FnMut(&str, Read)) {
    let shouting = shouts(text);
    let mut words = Words { text, at: 0 };
    let mut compound = Compound::default();
    let mut position = 0;
    while let Some(word) = words.next() {
        let mut from = folded.len();
        word.fold_into(text, folded);
        if folded.len() == from {
            continue;
        }
        if compound.ends_before(text, &word) {
            if compound.is_whole() {
                folded.truncate(from);
                compound.emit(folded, found);
                from = folded.len();
                word.fold_into(text, folded);
            }
            compound.clear();
        }
        compound.add(text, &word, &folded[from..], position);
        let Word { start, end, case, .. } = word;
        found(folded, Read { from, kind: TermKind::Word, position, start, end, case });
        let n_bytes = folded.len() - from;
        if word.capitals && !shouting && n_bytes <= LONGEST_ACRONYM {
            folded.extend_from_within(from..);
            from += n_bytes;
            folded[from..].make_ascii_uppercase();
            found(folded, Read { from, kind: TermKind::Acronym, position, start, end, case: Case::Other });
        }
        position += 1;
    }
    if compound.is_whole() {
        compound.emit(folded, found);
    }
}

/// Tells whether a text of several words has no lower-case letter: its capitals mean nothing.
fn shouts(text: &str) -> bool {
    !text.chars().any(char::is_lowercase) && text.trim().contains(' ')
}

/// A word as found, before folding.
#[derive(Clone, Copy)]
struct Word {
    start: usize,
    end: usize,
    /// Where the word proper ends; what follows is a possessive or plural ending of an acronym.
    body_end: usize,
    /// All letters are capitals, and there are at least two.
    capitals: bool,
    ascii: bool,
    /// There are letters and digits of ASCII only: most words are like that.
    plain: bool,
    case: Case,
}

impl Word {
    /// Appends the word, folded.
    #[inline(always)]
    fn fold_into(&self, text: &str, out: &mut String) {
        match self.case {
            Case::Small => out.push_str(&text[self.start..self.body_end]),
            Case::Title => {
                let from = out.len();
                out.push_str(&text[self.start..self.body_end]);
                out[from..from + 1].make_ascii_lowercase();
            }
            Case::Other => self.fold_other_into(text, out),
        }
    }

    /// As [`Word::fold_into`], for a word of any letters and signs.
    fn fold_other_into(&self, text: &str, out: &mut String) {
        let body = &text[self.start..self.body_end];
        let from = out.len();
        if self.plain {
            out.push_str(body);
            out[from..].make_ascii_lowercase();
        } else if self.ascii {
            for byte in body.bytes() {
                if byte.is_ascii_alphanumeric() || (byte == b'.' && !self.capitals && decimal(body)) {
                    out.push(byte.to_ascii_lowercase() as char);
                }
            }
        } else {
            body.chars().filter(|c| !matches!(c, '.' | ',' | '\u{ad}')).for_each(|c| fold_char(c, out));
        }
        if out.len() > from + LONGEST {
            out.truncate(out.floor_char_boundary(from + LONGEST));
        }
    }
}

/// Tells whether a word is a number with a decimal point.
fn decimal(body: &str) -> bool {
    body.as_bytes()[0].is_ascii_digit()
}

/// Finds words, one after the other.
struct Words<'t> {
    text: &'t str,
    at: usize,
}

/// What a character is to a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    /// An ideograph: a word by itself.
    Ideograph,
    Apostrophe,
    /// Joins digits ("1,660", "1.4") or the letters of an acronym ("U.S.").
    Point,
    Other,
}

#[inline]
fn class(c: char) -> Class {
    match c {
        'a'..='z' | 'A'..='Z' => Class::Letter,
        '0'..='9' => Class::Digit,
        '\'' | '’' | '‘' | 'ʼ' | 'ʿ' | 'ʾ' | '`' => Class::Apostrophe,
        '.' | ',' => Class::Point,
        _ if c.is_ascii() => Class::Other,
        // A soft hyphen shows only where a line breaks: it is part of the word and not of its term.
        '\u{ad}' => Class::Letter,
        '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => Class::Ideograph,
        c if c.is_alphabetic() || is_combining_mark(c) => Class::Letter,
        c if c.is_numeric() => Class::Digit,
        _ => Class::Other,
    }
}

impl Words<'_> {
    fn char_at(&self, at: usize) -> Option<char> {
        self.text[at..].chars().next()
    }

    #[inline]
    fn class_at(&self, at: usize) -> Class {
        match self.text.as_bytes().get(at) {
            Some(byte) if byte.is_ascii() => class(*byte as char),
            Some(_) => self.char_at(at).map_or(Class::Other, class),
            None => Class::Other,
        }
    }

    fn width(&self, at: usize) -> usize {
        self.char_at(at).map_or(1, char::len_utf8)
    }

    #[inline(always)]
    fn next(&mut self) -> Option<Word> {
        while let Some(byte) = self.text.as_bytes().get(self.at) {
            let start = self.at;
            self.at += if byte.is_ascii() { 1 } else { self.width(start) };
            match self.class_at(start) {
                Class::Letter | Class::Digit => return Some(self.usual(start).unwrap_or_else(|| self.word(start))),
                Class::Ideograph => {
                    return Some(Word {
                        start,
                        end: self.at,
                        body_end: self.at,
                        capitals: false,
                        ascii: false,
                        plain: false,
                        case: Case::Other,
                    });
                }
                Class::Apostrophe | Class::Point | Class::Other => {}
            }
        }
        None
    }

    /// Reads any word, which starts at `start` and whose first character is already passed.
    fn word(&mut self, start: usize) -> Word {
        let acronym_end = self.dotted(start);
        if let Some(end) = acronym_end {
            self.at = end;
            return Word { start, end, body_end: end, capitals: true, ascii: true, plain: false, case: Case::Other };
        }
        let bytes = self.text.as_bytes();
        let (mut letters, mut lower, mut ascii, mut plain) = (0, 0, true, true);
        let mut last = start;
        let mut at = start;
        while let Some(&byte) = bytes.get(at) {
            if byte.is_ascii_alphanumeric() {
                letters += usize::from(byte.is_ascii_uppercase());
                lower += usize::from(byte.is_ascii_lowercase());
                last = at;
                at += 1;
                continue;
            }
            let here = self.class_at(at);
            match here {
                Class::Letter | Class::Digit => {
                    (ascii, plain) = (false, false);
                    lower += 1;
                    last = at;
                    at += self.width(at);
                }
                // An apostrophe belongs to the word between two letters: don't, O’Brien, Qur'an.
                Class::Apostrophe if self.class_at(at + self.width(at)) == Class::Letter && at > start => {
                    plain = false;
                    at += self.width(at);
                }
                // 1,660 and 1.4, but not "in 2017.59" cut from its mark, which repair has done.
                Class::Point
                    if bytes[last].is_ascii_digit()
                        && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
                        && (bytes[at] == b'.' || thousands(&bytes[at + 1..]))
                        && bytes[start].is_ascii_digit() =>
                {
                    plain = false;
                    at += 1;
                }
                _ => break,
            }
        }
        self.at = at;
        let body_end = self.without_possessive(start, at);
        let body = &self.text[start..body_end];
        ascii &= body.is_ascii();
        // "CBMs": capitals with the ending of a plural are an acronym in the plural.
        let plural = lower == 1 && letters >= 2 && body.ends_with('s') && body_end == at;
        let capitals =
            letters >= 2 && (lower == 0 || plural || body_end < at && !body.bytes().any(|b| b.is_ascii_lowercase()));
        let body_end = if plural && capitals { body_end - 1 } else { body_end };
        Word { start, end: at, body_end, capitals, ascii, plain, case: Case::Other }
    }

    /// Reads a word like most: a letter, small letters, and what is part of no word behind them.
    #[inline(always)]
    fn usual(&mut self, start: usize) -> Option<Word> {
        let (first, rest) = self.text.as_bytes()[start..].split_first()?;
        let n = rest.iter().position(|byte| !byte.is_ascii_lowercase()).unwrap_or(rest.len());
        let ends = match rest.get(n) {
            // A point may belong to an acronym or a number.
            Some(b'.' | b',') => n > 0,
            Some(&byte) => byte.is_ascii() && class(byte as char) == Class::Other,
            None => true,
        };
        let case = match first {
            _ if !ends || n >= LONGEST => return None,
            b'a'..=b'z' => Case::Small,
            b'A'..=b'Z' => Case::Title,
            _ => return None,
        };
        self.at = start + 1 + n;
        Some(Word { start, end: self.at, body_end: self.at, capitals: false, ascii: true, plain: true, case })
    }

    /// Returns the end of an acronym with dots that starts at `start`: "U.S.", "T.T.P".
    fn dotted(&self, start: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut at = start;
        let mut letters = 0;
        while bytes.get(at).is_some_and(u8::is_ascii_alphabetic) && bytes.get(at + 1) == Some(&b'.') {
            letters += 1;
            at += 2;
        }
        // "U.S" without its last dot; in "A.Khan" the letter begins a word.
        if letters >= 1
            && bytes.get(at).is_some_and(u8::is_ascii_uppercase)
            && !matches!(self.class_at(at + 1), Class::Letter | Class::Digit)
        {
            letters += 1;
            at += 1;
        }
        let upper = bytes[start].is_ascii_uppercase();
        (letters >= 2 && upper).then_some(at)
    }

    /// Returns where the word ends without "'s" or "s'".
    fn without_possessive(&self, start: usize, end: usize) -> usize {
        let word = &self.text[start..end];
        let Some(rest) = word.strip_suffix(['s', 'S']) else { return end };
        let bare = rest.trim_end_matches(['\'', '’', '‘', 'ʼ', '`']);
        if bare.len() < rest.len() && !bare.is_empty() { start + bare.len() } else { end }
    }
}

/// Tells whether a comma is followed by a group of three digits, as in "1,660".
fn thousands(after: &[u8]) -> bool {
    after.len() >= 3 && after[..3].iter().all(u8::is_ascii_digit) && !after.get(3).is_some_and(u8::is_ascii_digit)
}

/// The parts of a hyphenated word, while it is being read.
#[derive(Default)]
struct Compound {
    joined: String,
    parts: u32,
    position: u32,
    start: usize,
    end: usize,
}

impl Compound {
    /// Tells whether `word` is not joined to what was read before it by a hyphen.
    #[inline(always)]
    fn ends_before(&self, text: &str, word: &Word) -> bool {
        self.parts > 0 && !matches!(&text[self.end..word.start], "-" | "\u{2010}" | "\u{2011}")
    }

    /// Adds a word that a hyphen may follow, or that follows one.
    #[inline(always)]
    fn add(&mut self, text: &str, word: &Word, folded: &str, position: u32) {
        if self.parts == 0 {
            // The other hyphens begin with this byte.
            if !matches!(text.as_bytes().get(word.end), Some(b'-' | 0xe2)) {
                return;
            }
            (self.position, self.start) = (position, word.start);
        }
        self.joined.push_str(folded);
        self.parts += 1;
        self.end = word.end;
    }

    /// Tells whether it is one: of several parts, and not too long.
    fn is_whole(&self) -> bool {
        self.parts > 1 && self.joined.len() <= LONGEST
    }

    fn emit(&self, folded: &mut String, found: &mut impl FnMut(&str, Read)) {
        let &Compound { position, start, end, .. } = self;
        let from = folded.len();
        folded.push_str(&self.joined);
        found(folded, Read { from, kind: TermKind::Compound, position, start, end, case: Case::Other });
    }

    fn clear(&mut self) {
        self.joined.clear();
        self.parts = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Terms as `text@position`, acronyms and compounds marked by the case and by `+`.
    fn check(text: &str, expected: &str) {
        let mut found = Vec::new();
        terms(text, &mut |term| {
            let sign = if term.kind == TermKind::Compound { "+" } else { "" };
            found.push(format!("{sign}{}@{}", term.text, term.position));
            assert!(text.is_char_boundary(term.start) && text.is_char_boundary(term.end) && term.start < term.end);
        });
        assert_eq!(found.join(" "), expected, "{text}");
    }

    #[test]
    fn words_are_folded() {
        check("The Durand Line", "the@0 durand@1 line@2");
        check("Çağlayan ﬁnanced", "caglayan@0 financed@1");
        check("", "");
        check(" – . ' ", "");
    }

    #[test]
    fn possessives_and_apostrophes_go() {
        check("Pakistan's and Pakistan’s", "pakistan@0 and@1 pakistan@2");
        check("traders' don’t O'Brien", "traders@0 dont@1 obrien@2");
    }

    #[test]
    fn capitals_are_kept_as_well() {
        check("IT is it", "it@0 IT@0 is@1 it@2");
        check("the U.S. and T.T.P", "the@0 us@1 US@1 and@2 ttp@3 TTP@3");
        check("CBMs of APTTA's", "cbm@0 CBM@0 of@1 aptta@2 APTTA@2");
        check("TRADE AND TRANSIT", "trade@0 and@1 transit@2");
    }

    #[test]
    fn hyphenated_words_are_found_whole_and_in_parts() {
        check("cross-border trade", "cross@0 border@1 +crossborder@0 trade@2");
        check("US-led", "us@0 US@0 led@1 +usled@0");
        check("Tehrik-i-Taliban", "tehrik@0 i@1 taliban@2 +tehrikitaliban@0");
        check("US- and Saudi-backed", "us@0 US@0 and@1 saudi@2 backed@3 +saudibacked@2");
    }

    #[test]
    fn numbers_are_whole() {
        check("1,660-mile 1.4 million 9/11", "1660@0 mile@1 +1660mile@0 1.4@2 million@3 9@4 11@5");
        check("in 2017, 2018", "in@0 2017@1 2018@2");
        check("1990s", "1990s@0");
    }

    #[test]
    fn other_scripts_are_read() {
        check("افغانستان و پاکستان", "افغانستان@0 و@1 پاکستان@2");
        check("中国", "中@0 国@1");
    }

    #[test]
    fn dashes_separate() {
        check("Pakistan–Afghanistan border—and", "pakistan@0 afghanistan@1 border@2 and@3");
    }
}
