//! The paper's own vocabulary: how often it has the words that a doubt is about.
//!
//! A paper is read once, after all questions are known, so that no other word costs memory. Words
//! that stand at a broken line end are not counted: they would bear witness for themselves.

use super::lines::Line;
use crate::bytes::{MASKED, mask};
use crate::paper::Span;

const SEED: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

/// A word that is asked for; give it back to [`Vocabulary::count`].
pub(super) type Key = u64;

/// Words asked for and how often the paper has them.
pub(super) struct Vocabulary {
    asked: Vec<(Key, u32)>,
    /// How words asked for begin: a bit for each head, which is three letters of five bits.
    heads: [u64; N_HEADS / 64],
}

/// Returns the key of the word that `parts` make together; capitals count as small letters.
pub(super) fn key(parts: &[&str]) -> Key {
    parts.iter().flat_map(|part| part.bytes()).fold(SEED, |key, byte| step(key, byte.to_ascii_lowercase()))
}

fn step(key: Key, byte: u8) -> Key {
    (key ^ u64::from(byte)).wrapping_mul(PRIME)
}

const N_HEADS: usize = 1 << 15;

/// Returns the head of a word from its first letters; large and small ones are the same in their last
/// five bits.
fn head([one, two, three]: [u8; 3]) -> usize {
    usize::from(one & 31) << 10 | usize::from(two & 31) << 5 | usize::from(three & 31)
}

impl Vocabulary {
    /// Counts `words`, each given in parts, and `compounds` (of two words and a hyphen between) in the
    /// lines of a text.
    ///
    /// Compounds are few and found by their hyphens; words cost a pass over the text, if any are asked for.
    pub fn read(text: &str, lines: &[Line], words: &[[&str; 2]], compounds: &[[&str; 2]]) -> Self {
        let mut heads = [0; N_HEADS / 64];
        for [left, right] in words {
            let mut letters = left.bytes().chain(right.bytes());
            let head = head([(); 3].map(|()| letters.next().unwrap_or_default()));
            heads[head / 64] |= 1 << (head % 64);
        }
        let words_asked = words.iter().map(|parts| key(parts));
        let compounds_asked = compounds.iter().map(|[left, right]| key(&[left, "-", right]));
        let mut asked: Vec<(Key, u32)> = words_asked.chain(compounds_asked).map(|key| (key, 0)).collect();
        asked.sort_unstable();
        asked.dedup();
        let mut vocabulary = Vocabulary { asked, heads };
        if vocabulary.asked.is_empty() {
            return vocabulary;
        }
        vocabulary.read_compounds(text.as_bytes());
        let mut broken = false;
        for line in lines.iter().filter(|_| !words.is_empty()) {
            let content = line.of(text);
            let breaks = super::hyphens::ends_in_hyphen(content).is_some();
            vocabulary.read_words(text.as_bytes(), line.span, broken, breaks);
            broken = breaks;
        }
        vocabulary
    }

    /// Returns how often the paper has a word.
    pub fn count(&self, key: Key) -> u32 {
        self.asked.binary_search_by_key(&key, |&(asked, _)| asked).map_or(0, |at| self.asked[at].1)
    }

    fn add(&mut self, key: Key) {
        if let Ok(at) = self.asked.binary_search_by_key(&key, |&(asked, _)| asked) {
            self.asked[at].1 += 1;
        }
    }

    /// Counts the words of a line of three letters and more, but the first when it goes on a broken one and
    /// the last when it breaks off.
    fn read_words(&mut self, text: &[u8], line: Span, broken: bool, breaks: bool) {
        let letters = |&byte: &u8| LETTER[usize::from(byte)] != BORDER;
        let (mut start, mut end) = (line.start, line.end);
        if broken {
            start += text[start..end].iter().take_while(|byte| letters(byte)).count();
        }
        if breaks {
            end = start + text[start..end].iter().rposition(letters).map_or(0, |at| at + 1);
            end = start + text[start..end].iter().rposition(|byte| !letters(byte)).map_or(0, |at| at + 1);
        }
        let (mut here, mut before) = (mask(text, start, end, is_letter), 0);
        while start < end {
            let behind = mask(text, start + MASKED, end, is_letter);
            let then = |n: u32| here >> n | behind << (64 - n);
            let mut begins = here & !(here << 1 | before) & then(1) & then(2);
            while begins != 0 {
                self.read_word(&text[start + begins.trailing_zeros() as usize..end]);
                begins &= begins - 1;
            }
            (before, here) = (here >> 63, behind);
            start += MASKED;
        }
    }

    /// Counts the word that a text begins with, if it is asked for.
    fn read_word(&mut self, text: &[u8]) {
        // Few words begin as one that is asked for: only these are looked up.
        let Some(&letters) = text.first_chunk() else { return };
        let head = head(letters);
        if self.heads[head / 64] >> (head % 64) & 1 != 0 {
            let word = text.iter().map(|&byte| LETTER[usize::from(byte)]).take_while(|&letter| letter != BORDER);
            self.add(word.fold(SEED, step));
        }
    }

    /// Counts the two words around each hyphen of a text as one.
    fn read_compounds(&mut self, text: &[u8]) {
        for at in memchr::memchr_iter(b'-', text) {
            let is_letter = |byte: &&u8| LETTER[usize::from(**byte)] != BORDER;
            let before = text[..at].iter().rev().take_while(is_letter).count();
            let behind = text[at + 1..].iter().take_while(is_letter).count();
            if before > 0 && behind > 0 {
                let compound = &text[at - before..=at + behind];
                self.add(compound.iter().fold(SEED, |key, byte| step(key, byte.to_ascii_lowercase())));
            }
        }
    }
}

/// Tells whether a byte is no border; see [`LETTER`].
fn is_letter(byte: u8) -> bool {
    let within = |byte: u8, first: u8, last: u8| byte.wrapping_sub(first) <= last - first;
    let ascii = within(byte | 0x20, b'a', b'z') | within(byte, b'0', b'9');
    ascii | ((byte >= 0x80) & (byte != 0xe2))
}

const BORDER: u8 = 0;

/// What each byte is to a word: its small letter, or a border.
///
/// The bytes of quotes and dashes (E2 80 xx) are borders; E2 begins few letters.
static LETTER: [u8; 256] = {
    let mut letters = [BORDER; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        letters[byte] = match b {
            b'a'..=b'z' | b'0'..=b'9' => b,
            b'A'..=b'Z' => b.to_ascii_lowercase(),
            0xe2 => BORDER,
            0x80.. => b,
            _ => BORDER,
        };
        byte += 1;
    }
    letters
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::lines;

    fn check(text: &str, word: &[&str], expected: u32) {
        let lines = lines::split(text);
        let vocabulary = match word {
            [left, "-", right] => Vocabulary::read(text, &lines, &[], &[[left, right]]),
            _ => Vocabulary::read(text, &lines, &[[word[0], ""]], &[]),
        };
        assert_eq!(vocabulary.count(key(word)), expected, "{word:?} in {text:?}");
    }

    #[test]
    fn counts_words_alone_and_hyphenated() {
        let text = "Cross-border trade across the border, Border trade";
        check(text, &["cross", "-", "border"], 1);
        check(text, &["border"], 3);
        check(text, &["trade"], 2);
        check(text, &["cross"], 1);
    }

    #[test]
    fn tells_letters_many_at_a_time() {
        for byte in 0..=255 {
            let expected = u64::from(LETTER[usize::from(byte)] != BORDER);
            for place in 0..64 {
                let mut bytes = [b' '; 80];
                bytes[place] = byte;
                for text in [&bytes[..=place], &bytes] {
                    assert_eq!(mask(text, 0, text.len(), is_letter), expected << place, "{byte}");
                    assert_eq!(mask(text, 0, place, is_letter), 0, "{byte}");
                }
            }
        }
    }

    #[test]
    fn counts_words_of_long_lines() {
        for len in 50..80 {
            check(&format!("{} secu and security of secure", "-".repeat(len)), &["secu"], 1);
        }
    }

    #[test]
    fn counts_no_broken_word() {
        check("the secu-\nrity of", &["secu"], 0);
        check("the secu-\nrity of", &["rity"], 0);
        check("the secu-\nrity of the", &["the"], 2);
    }
}
