//! Words: what English words there are, to tell a broken word from a compound.
//!
//! The list is SCOWL's of medium size, American and British spelling, as Debian's `wamerican` and
//! `wbritish` 2020.12.07 ship it (free to use, see `words.LICENSE`), folded to small letters; names
//! of up to three letters and rare words of two are left out, since they would make halves of broken
//! words look whole ("al-leged", "ed-ited"). No crate carries such a list under a permissive licence
//! and looks a word up without copying the whole list into a set first.

use std::sync::LazyLock;

static WORDS: &str = include_str!("words.txt");

/// Places in the table of words, nearly twice as many as words.
const N_PLACES: usize = 1 << 17;

/// The tag of each word, at the place that its letters give or the next free one behind it; 0 is a free
/// place. It takes a millisecond to build, once.
///
/// A tag and its place are 49 bits of a hash: that two words of any language share them need not be feared,
/// and no look at the list itself costs time.
static PLACES: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let mut places = vec![0; N_PLACES];
    for word in WORDS.lines() {
        let (mut place, tag) = Word::EMPTY.and(word.as_bytes()).place();
        while places[place] != 0 {
            place = (place + 1) % N_PLACES;
        }
        places[place] = tag;
    }
    places
});

/// A word on its way to be looked up, letter by letter: a hash of its bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word(u64);

impl Word {
    pub const EMPTY: Word = Word(0xcbf2_9ce4_8422_2325);

    /// Returns the word with more letters behind.
    pub fn and(self, letters: &[u8]) -> Word {
        Word(letters.iter().fold(self.0, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
    }

    fn place(self) -> (usize, u32) {
        ((self.0 >> 40) as usize % N_PLACES, (self.0 as u32).max(1))
    }

    /// Tells whether it is an English word. A look-up is slow by what it has to fetch, not by what it does.
    pub fn is_known(self) -> bool {
        let (mut place, tag) = self.place();
        let places = PLACES.as_slice();
        while places[place] != 0 && places[place] != tag {
            place = (place + 1) % N_PLACES;
        }
        places[place] == tag
    }
}

/// Tells whether `word`, in small letters, is an English word.
pub(super) fn is_word(word: &[u8]) -> bool {
    !word.is_empty() && Word::EMPTY.and(word).is_known()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_its_words() {
        for word in WORDS.lines() {
            assert!(is_word(word.as_bytes()), "{word}");
        }
        for word in ["", "a", "tion", "withdraw al", "zzz", "crossborder", "secu"] {
            assert!(!is_word(word.as_bytes()), "{word}");
        }
    }
}
