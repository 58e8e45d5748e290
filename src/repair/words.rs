//! Words: what English words there are, to tell a broken word from a compound.
//!
//! The list is SCOWL's of medium size, American and British spelling, as Debian's `wamerican` and
//! `wbritish` 2020.12.07 ship it (free to use, see `words.LICENSE`), folded to small letters; names
//! of up to three letters and rare words of two are left out, since they would make halves of broken
//! words look whole ("al-leged", "ed-ited"). No crate carries such a list under a permissive licence
//! without building a set of it at every start.

use std::sync::LazyLock;

static WORDS: &str = include_str!("words.txt");

const LETTERS: usize = 26;

/// Where the words with each first three letters begin in [`WORDS`], which is sorted. A word of two
/// letters has "no letter" for its third.
static STARTS: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let mut starts = vec![WORDS.len() as u32; LETTERS * LETTERS * (LETTERS + 1) + 1];
    let mut at = 0;
    for word in WORDS.split_inclusive('\n') {
        let slot = &mut starts[slot(word.trim_end().as_bytes())];
        *slot = (*slot).min(at);
        at += word.len() as u32;
    }
    // An empty stretch begins where the next one does.
    for i in (0..starts.len() - 1).rev() {
        starts[i] = starts[i].min(starts[i + 1]);
    }
    starts
});

fn slot(word: &[u8]) -> usize {
    let letter = |at: usize| usize::from(word[at] - b'a');
    let third = if word.len() > 2 { letter(2) + 1 } else { 0 };
    (letter(0) * LETTERS + letter(1)) * (LETTERS + 1) + third
}

/// Tells whether `word`, in small letters, is an English word.
pub(super) fn is_word(word: &[u8]) -> bool {
    if word.len() < 2 || !word.iter().all(u8::is_ascii_lowercase) {
        return false;
    }
    let at = slot(word);
    let stretch = &WORDS.as_bytes()[STARTS[at] as usize..STARTS[at + 1] as usize];
    let (mut low, mut high) = (0, stretch.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = stretch[low..middle].iter().rposition(|&byte| byte == b'\n').map_or(low, |at| low + at + 1);
        let end = stretch[middle..high].iter().position(|&byte| byte == b'\n').map_or(high, |at| middle + at);
        match stretch[start..end].cmp(word) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
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
