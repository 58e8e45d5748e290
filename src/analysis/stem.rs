//! Stemming: which words are inflections of one another.

use std::cell::RefCell;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rust_stemmers::Algorithm;

use super::{Language, american};

/// Brings the inflections of a language's words together.
pub struct Stemmer {
    language: Language,
    snowball: Option<rust_stemmers::Stemmer>,
}

/// Words whose class is remembered, by language and thread; the same ones are asked for again and again.
const REMEMBERED: usize = 20_000;

thread_local! {
    static CLASSES: RefCell<HashMap<Language, HashMap<String, String>>> = RefCell::default();
}

impl Stemmer {
    /// Returns the stemmer of a language.
    pub fn new(language: Language) -> Self {
        use Language::*;
        let algorithm = match language {
            Arabic => Algorithm::Arabic,
            Danish => Algorithm::Danish,
            Dutch => Algorithm::Dutch,
            English => Algorithm::English,
            Finnish => Algorithm::Finnish,
            French => Algorithm::French,
            German => Algorithm::German,
            Greek => Algorithm::Greek,
            Hungarian => Algorithm::Hungarian,
            Italian => Algorithm::Italian,
            Norwegian => Algorithm::Norwegian,
            Portuguese => Algorithm::Portuguese,
            Romanian => Algorithm::Romanian,
            Russian => Algorithm::Russian,
            Spanish => Algorithm::Spanish,
            Swedish => Algorithm::Swedish,
            Tamil => Algorithm::Tamil,
            Turkish => Algorithm::Turkish,
            Other => return Stemmer { language, snowball: None },
        };
        Stemmer { language, snowball: Some(rust_stemmers::Stemmer::create(algorithm)) }
    }

    /// Returns the language whose words are stemmed.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Returns the class of a folded word: all its inflections and spellings have the same.
    ///
    /// ```
    /// use polisearch::analysis::{Language, Stemmer};
    /// let english = Stemmer::new(Language::English);
    /// assert_eq!(english.class("refugees"), english.class("refugee"));
    /// assert_eq!(english.class("organisations"), english.class("organization"));
    /// assert_ne!(english.class("organization"), english.class("organ"));
    /// ```
    pub fn class(&self, word: &str) -> String {
        CLASSES.with_borrow_mut(|classes| {
            let known = classes.entry(self.language).or_default();
            if let Some(class) = known.get(word) {
                return class.clone();
            }
            let class = self.stem(word);
            if known.len() == REMEMBERED {
                known.clear();
            }
            known.insert(word.to_owned(), class.clone());
            class
        })
    }

    fn stem(&self, word: &str) -> String {
        if word.bytes().any(|byte| byte.is_ascii_digit()) {
            // "1990s" is of the class of "1990"; nothing else about numbers is inflection.
            let bare = word.strip_suffix('s').unwrap_or(word);
            return if bare.bytes().all(|byte| byte.is_ascii_digit()) { bare } else { word }.to_owned();
        }
        let Some(snowball) = &self.snowball else { return word.to_owned() };
        if self.language != Language::English {
            return shielded(snowball, word);
        }
        let word = american(word);
        // The 2019 algorithm takes these for inflections of shorter words with other meanings; the
        // published one has since made them exceptions (snowballstem.org/algorithms/english).
        for (stem, rest) in [("organiz", "ation"), ("univers", "al"), ("intern", "al"), ("emerg", "ency")] {
            if let Some(tail) = word.strip_prefix(stem)
                && let Some(ending) = tail.strip_prefix(rest)
                && matches!(ending, "" | "s" | "al" | "ally" | "ly" | "ies")
            {
                return format!("{stem}{rest}");
            }
        }
        if &*word == "emergencies" {
            return "emergency".to_owned();
        }
        shielded(snowball, &word)
    }
}

/// Stems a word; one that makes the crate panic (some Greek ones do) is kept unstemmed.
fn shielded(snowball: &rust_stemmers::Stemmer, word: &str) -> String {
    catch_unwind(AssertUnwindSafe(|| snowball.stem(word).into_owned())).unwrap_or_else(|_| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflections_share_a_class() {
        let english = Stemmer::new(Language::English);
        for (a, b) in [
            ("refugees", "refugee"),
            ("borders", "border"),
            ("closures", "closure"),
            ("organise", "organized"),
            ("organisational", "organizations"),
            ("harbouring", "harbored"),
            ("1990s", "1990"),
            ("emergencies", "emergency"),
            ("defence", "defense"),
        ] {
            assert_eq!(english.class(a), english.class(b), "{a} and {b}");
        }
    }

    #[test]
    fn different_words_do_not() {
        let english = Stemmer::new(Language::English);
        for (a, b) in [
            ("organization", "organ"),
            ("organisation", "organ"),
            ("universal", "universe"),
            ("emergency", "emerge"),
            ("internal", "intern"),
            ("2010", "201"),
        ] {
            assert_ne!(english.class(a), english.class(b), "{a} and {b}");
        }
    }

    #[test]
    fn a_word_that_breaks_the_stemmer_is_kept() {
        assert_eq!(Stemmer::new(Language::Greek).class("αντιθετε"), "αντιθετε");
    }

    #[test]
    fn other_languages_keep_their_words() {
        assert_eq!(Stemmer::new(Language::Other).class("افغانستان"), "افغانستان");
    }
}
