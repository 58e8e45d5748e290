//! The paper's own vocabulary: how often it has the words that a doubt is about.
//!
//! A paper is read once, after all questions are known, so that no other word costs memory. Words
//! that stand at a broken line end are not counted: they would bear witness for themselves.

use super::{hyphens, lines::Line};
use crate::bytes::{MASKED, is_letter, mask};

const SEED: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

/// A word that is asked for; give it back to [`Vocabulary::count`].
pub(super) type Key = u64;

/// Words asked for and how often the paper has them.
pub(super) struct Vocabulary {
    asked: Vec<(Key, u32)>,
    /// How words asked for begin: a bit for each head.
    heads: [u64; N_HEADS / 64],
}

/// Returns the key of the word that `parts` make together; capitals count as small letters.
pub(super) fn key(parts: &[&str]) -> Key {
    parts.iter().fold(SEED, |key, part| go_on(key, part.as_bytes()))
}

fn go_on(key: Key, word: &[u8]) -> Key {
    word.iter().fold(key, |key, byte| (key ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(PRIME))
}

const N_HEADS: usize = 1 << 15;

/// Returns the head of a word, a number for its first three letters, from the first four bytes; large and small
/// letters are the same in their last five bits.
#[inline]
fn head(bytes: [u8; 4]) -> usize {
    (u32::from_le_bytes(bytes) & 0x001f_1f1f).wrapping_mul(0x9e37_79b1) as usize >> (32 - N_HEADS.ilog2())
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
            let head = head([(); 4].map(|()| letters.next().unwrap_or_default()));
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
        vocabulary.read_compounds(text.as_bytes(), compounds);
        if !words.is_empty() {
            vocabulary.read_words(text.as_bytes());
            vocabulary.forget_broken(text, lines);
        }
        vocabulary
    }

    /// Returns how often the paper has a word.
    pub fn count(&self, key: Key) -> u32 {
        self.asked.binary_search_by_key(&key, |&(asked, _)| asked).map_or(0, |at| self.asked[at].1)
    }

    fn slot(&mut self, key: Key) -> Option<&mut u32> {
        let at = self.asked.binary_search_by_key(&key, |&(asked, _)| asked).ok()?;
        Some(&mut self.asked[at].1)
    }

    /// Counts the words of a text of three letters and more.
    fn read_words(&mut self, text: &[u8]) {
        let (mut here, mut before) = (mask(text, 0, text.len(), is_letter), 0);
        for start in (0..text.len()).step_by(MASKED) {
            let behind = mask(text, start + MASKED, text.len(), is_letter);
            let then = |n: u32| here >> n | behind << (64 - n);
            let mut begins = here & !(here << 1 | before) & then(1) & then(2);
            while begins != 0 {
                let word = &text[start + begins.trailing_zeros() as usize..];
                if self.may_ask(word)
                    && let Some(count) = self.word_at(text, text.len() - word.len())
                {
                    *count += 1;
                }
                begins &= begins - 1;
            }
            (before, here) = (here >> 63, behind);
        }
    }

    /// Takes the words off the count that lines break off in, and those that go on in the next lines.
    fn forget_broken(&mut self, text: &str, lines: &[Line]) {
        let bytes = text.as_bytes();
        let mut next = 0;
        for (i, line) in lines.iter().enumerate() {
            let content = &bytes[line.span.start..line.span.end];
            if hyphens::ends_in_hyphen(content).is_none() {
                continue;
            }
            let end = content.iter().rposition(|&byte| in_word(byte)).map(|at| line.span.start + at + 1);
            let broken = end.map(|end| end - len_at_end(&bytes[..end]));
            let rest = lines.get(i + 1).map_or(bytes.len(), |line| line.span.start);
            // A line of one word may both go on and break off.
            for at in broken.into_iter().chain([rest]).filter(|&at| at >= next) {
                if self.may_ask(&bytes[at..])
                    && let Some(count) = self.word_at(bytes, at)
                {
                    *count -= 1;
                }
            }
            next = rest + 1;
        }
    }

    /// Tells whether a text may begin with a word that is asked for. Few do: only these are looked up.
    #[inline]
    fn may_ask(&self, text: &[u8]) -> bool {
        // A text may end in a word of three letters.
        let bytes = text.first_chunk().copied().or_else(|| Some([*text.first()?, *text.get(1)?, *text.get(2)?, 0]));
        let Some(head) = bytes.map(head) else { return false };
        self.heads[head / 64] >> (head % 64) & 1 != 0
    }

    /// Returns the count of the word of three letters and more that begins at `at`, if it is asked for.
    fn word_at(&mut self, text: &[u8], at: usize) -> Option<&mut u32> {
        let word = &text[at..at + len_at_start(&text[at..])];
        let whole = at == 0 || !in_word(text[at - 1]);
        if whole && word.len() >= 3 { self.slot(go_on(SEED, word)) } else { None }
    }

    /// Counts the two words around each hyphen of a text as one.
    fn read_compounds(&mut self, text: &[u8], compounds: &[[&str; 2]]) {
        // The letters next to the hyphens that are asked for.
        let mut joints = [0u64; 16];
        let joint = |before: u8, behind: u8| usize::from(before & 31) << 5 | usize::from(behind & 31);
        for [left, right] in compounds {
            if let (Some(&before), Some(&behind)) = (left.as_bytes().last(), right.as_bytes().first()) {
                joints[joint(before, behind) / 64] |= 1 << (joint(before, behind) % 64);
            }
        }
        for at in memchr::memchr_iter(b'-', text).filter(|&at| at > 0 && at + 1 < text.len()) {
            let joint = joint(text[at - 1], text[at + 1]);
            if joints[joint / 64] >> (joint % 64) & 1 == 0 {
                continue;
            }
            let (before, behind) = (len_at_end(&text[..at]), len_at_start(&text[at + 1..]));
            if before > 0
                && behind > 0
                && let Some(count) = self.slot(go_on(SEED, &text[at - before..=at + behind]))
            {
                *count += 1;
            }
        }
    }
}

/// Tells whether a byte is no border of a word.
///
/// The first byte of quotes and dashes (E2 80 xx) is a border; E2 begins few letters.
fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || (byte >= 0x80 && byte != 0xe2)
}

/// Returns the length of the word that a text begins with.
fn len_at_start(text: &[u8]) -> usize {
    text.iter().take_while(|&&byte| in_word(byte)).count()
}

/// Returns the length of the word that a text ends in.
fn len_at_end(text: &[u8]) -> usize {
    text.iter().rev().take_while(|&&byte| in_word(byte)).count()
}

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
