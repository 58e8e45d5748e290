//! Words: what English words there are, to tell a broken word from a compound.
//!
//! The list is SCOWL's of medium size, American and British spelling, as Debian's `wamerican` and
//! `wbritish` 2020.12.07 ship it (free to use, see `words.LICENSE`), folded to small letters; names
//! of up to three letters and rare words of two are left out, since they would make halves of broken
//! words look whole ("al-leged", "ed-ited"). No crate carries such a list under a permissive licence
//! and looks a word up without copying the whole list into a set first.

use std::sync::LazyLock;

static WORDS: &str = include_str!("words.txt");

/// Places in the table of words, more than twice as many as words.
const N_PLACES: usize = 1 << 18;

/// Where each word begins in [`WORDS`], plus one, at the place that its letters give or the next free
/// one behind it; 0 is a free place. It takes a millisecond to build, once.
static PLACES: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let mut places = vec![0; N_PLACES];
    let mut start = 0;
    for word in WORDS.split_inclusive('\n') {
        let mut place = place(word.trim_end().as_bytes());
        while places[place] != 0 {
            place = (place + 1) % N_PLACES;
        }
        places[place] = start + 1;
        start += word.len() as u32;
    }
    places
});

fn place(word: &[u8]) -> usize {
    let hash = word
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (hash >> 40) as usize % N_PLACES
}

/// Tells whether `word`, in small letters, is an English word.
pub(super) fn is_word(word: &[u8]) -> bool {
    let words = WORDS.as_bytes();
    let mut place = place(word);
    while PLACES[place] != 0 {
        let start = PLACES[place] as usize - 1;
        if words[start..].starts_with(word) && words[start + word.len()] == b'\n' {
            return !word.is_empty();
        }
        place = (place + 1) % N_PLACES;
    }
    false
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
