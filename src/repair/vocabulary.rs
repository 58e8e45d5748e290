//! The paper's own vocabulary: how often it has the words that a doubt is about.
//!
//! A paper is read once, after all questions are known, so that no other word costs memory. Words
//! that stand at a broken line end are not counted: they would bear witness for themselves.

use super::lines::Line;

const SEED: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;
/// Bits of the sieve that most words fall through.
const SIEVE_BITS: u32 = 15;

/// A word that is asked for; give it back to [`Vocabulary::count`].
pub(super) type Key = u64;

/// Words asked for and how often the paper has them.
pub(super) struct Vocabulary {
    asked: Vec<(Key, u32)>,
    sieve: Vec<u64>,
}

/// Returns the key of the word that `parts` make together; capitals count as small letters.
pub(super) fn key(parts: &[&str]) -> Key {
    parts.iter().flat_map(|part| part.bytes()).fold(SEED, |key, byte| step(key, byte.to_ascii_lowercase()))
}

fn step(key: Key, byte: u8) -> Key {
    (key ^ u64::from(byte)).wrapping_mul(PRIME)
}

fn bit(key: Key) -> (usize, u64) {
    let bit = (key >> (64 - SIEVE_BITS)) as usize;
    (bit / 64, 1 << (bit % 64))
}

impl Vocabulary {
    /// Counts the words `asked` for in the lines of a text.
    pub fn read(text: &str, lines: &[Line], mut asked: Vec<Key>) -> Self {
        asked.sort_unstable();
        asked.dedup();
        let mut sieve = vec![0; 1 << (SIEVE_BITS - 6)];
        for &key in &asked {
            let (at, mask) = bit(key);
            sieve[at] |= mask;
        }
        let mut vocabulary = Vocabulary { asked: asked.into_iter().map(|key| (key, 0)).collect(), sieve };
        if vocabulary.asked.is_empty() {
            return vocabulary;
        }
        let mut broken = false;
        for line in lines {
            let content = line.of(text);
            let breaks = super::hyphens::ends_in_hyphen(content).is_some();
            vocabulary.read_line(content.as_bytes(), broken, breaks);
            broken = breaks;
        }
        vocabulary
    }

    /// Returns how often the paper has a word.
    pub fn count(&self, key: Key) -> u32 {
        self.asked.binary_search_by_key(&key, |&(asked, _)| asked).map_or(0, |at| self.asked[at].1)
    }

    fn add(&mut self, key: Key) {
        let (at, mask) = bit(key);
        if self.sieve[at] & mask != 0
            && let Ok(at) = self.asked.binary_search_by_key(&key, |&(asked, _)| asked)
        {
            self.asked[at].1 += 1;
        }
    }

    /// Counts the words of a line, alone and hyphenated, but the first when it goes on a broken one
    /// and the last when it breaks off.
    fn read_line(&mut self, line: &[u8], broken: bool, breaks: bool) {
        let (mut word, mut whole) = (SEED, SEED);
        let mut skip = broken;
        let is_border = |&byte: &u8| CLASS[usize::from(byte)] == BREAK;
        let line = if breaks { &line[..line.iter().rposition(is_border).map_or(0, |at| at + 1)] } else { line };
        for &byte in line {
            match CLASS[usize::from(byte)] {
                BREAK => {
                    if !skip {
                        self.end(word, whole);
                    }
                    skip = false;
                    (word, whole) = (SEED, SEED);
                }
                HYPHEN => {
                    if !skip && word != SEED {
                        self.add(word);
                    }
                    word = SEED;
                    whole = step(whole, b'-');
                }
                small => {
                    word = step(word, small);
                    whole = step(whole, small);
                }
            }
        }
        if !skip {
            self.end(word, whole);
        }
    }

    fn end(&mut self, word: Key, whole: Key) {
        if word != SEED {
            self.add(word);
            if whole != word {
                self.add(whole);
            }
        }
    }
}

const BREAK: u8 = 0;
const HYPHEN: u8 = b'-';

/// What each byte is to a word: its small letter, a hyphen, or a border.
///
/// The bytes of quotes and dashes (E2 80 xx) are borders; E2 itself begins few letters.
static CLASS: [u8; 256] = {
    let mut class = [BREAK; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        class[byte] = match b {
            b'a'..=b'z' | b'0'..=b'9' => b,
            b'A'..=b'Z' => b.to_ascii_lowercase(),
            b'-' => HYPHEN,
            0xe2 => BREAK,
            0x80.. => b,
            _ => BREAK,
        };
        byte += 1;
    }
    class
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::lines;

    fn check(text: &str, word: &[&str], expected: u32) {
        let key = key(word);
        assert_eq!(Vocabulary::read(text, &lines::split(text), vec![key]).count(key), expected, "{word:?} in {text:?}");
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
    fn counts_no_broken_word() {
        check("the secu-\nrity of", &["secu"], 0);
        check("the secu-\nrity of", &["rity"], 0);
        check("the secu-\nrity of", &["of"], 1);
    }
}
