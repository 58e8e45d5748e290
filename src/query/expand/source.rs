//! What expansion asks of a corpus, which it knows only by these questions.

/// Which words a corpus holds.
pub trait Vocabulary {
    /// Returns how often a folded word stands in the corpus, or an acronym when it is given in
    /// capitals; a word hyphenated in the corpus counts under its joined form as well.
    fn count(&self, word: &str) -> u32;

    /// Tells whether the corpus holds an inflection of a folded word.
    fn knows(&self, word: &str) -> bool;

    /// Returns the words within so many edits of a folded word, with their counts; two neighbors
    /// swapped are one edit.
    fn similar(&self, word: &str, edits: u8) -> Vec<(String, u32)>;

    /// Returns the parts of a joined word that the corpus writes with a hyphen as well:
    /// "counterterrorism" is "counter" and "terrorism".
    fn compound_parts(&self, joined: &str) -> Option<Vec<String>>;
}

/// Acronyms and their long forms as the corpus itself explains them, with how often it does so.
pub trait AcronymSource {
    /// Returns the long forms of an acronym given in capitals.
    fn long_forms(&self, short: &str) -> Vec<(String, u32)>;

    /// Returns the acronyms of a long form; case, accents, hyphens and inflection aside.
    fn short_forms(&self, long: &str) -> Vec<(String, u32)>;

    /// Tells whether a long form may begin with folded words: none does when it denies it.
    fn may_begin_with(&self, words: &str) -> bool;
}

/// A corpus that nothing is known about.
impl Vocabulary for () {
    fn count(&self, _: &str) -> u32 {
        0
    }

    fn knows(&self, _: &str) -> bool {
        // Nothing is taken for a mistyped word.
        true
    }

    fn similar(&self, _: &str, _: u8) -> Vec<(String, u32)> {
        Vec::new()
    }

    fn compound_parts(&self, _: &str) -> Option<Vec<String>> {
        None
    }
}

impl AcronymSource for () {
    fn long_forms(&self, _: &str) -> Vec<(String, u32)> {
        Vec::new()
    }

    fn short_forms(&self, _: &str) -> Vec<(String, u32)> {
        Vec::new()
    }

    fn may_begin_with(&self, _: &str) -> bool {
        false
    }
}
