//! The language of a text, as far as it decides how words are stemmed.

use serde::{Deserialize, Serialize};

/// A language with a stemmer, or `Other`, whose words are kept as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    English,
    Arabic,
    Danish,
    Dutch,
    Finnish,
    French,
    German,
    Greek,
    Hungarian,
    Italian,
    Norwegian,
    Portuguese,
    Romanian,
    Russian,
    Spanish,
    Swedish,
    Tamil,
    Turkish,
    Other,
}

impl Language {
    /// Returns the language of a BCP 47 tag or English name: "en", "en-GB", "French".
    pub fn from_tag(tag: &str) -> Language {
        use Language::*;
        let tag = tag.trim().to_ascii_lowercase();
        match tag.split(['-', '_']).next().unwrap_or_default() {
            "en" | "eng" | "english" => English,
            "ar" | "ara" | "arabic" => Arabic,
            "da" | "dan" | "danish" => Danish,
            "nl" | "nld" | "dut" | "dutch" => Dutch,
            "fi" | "fin" | "finnish" => Finnish,
            "fr" | "fra" | "fre" | "french" => French,
            "de" | "deu" | "ger" | "german" => German,
            "el" | "ell" | "gre" | "greek" => Greek,
            "hu" | "hun" | "hungarian" => Hungarian,
            "it" | "ita" | "italian" => Italian,
            "no" | "nb" | "nn" | "nor" | "norwegian" => Norwegian,
            "pt" | "por" | "portuguese" => Portuguese,
            "ro" | "ron" | "rum" | "romanian" => Romanian,
            "ru" | "rus" | "russian" => Russian,
            "es" | "spa" | "spanish" => Spanish,
            "sv" | "swe" | "swedish" => Swedish,
            "ta" | "tam" | "tamil" => Tamil,
            "tr" | "tur" | "turkish" => Turkish,
            _ => Other,
        }
    }

    /// Returns the BCP 47 tag of a language, which [`Language::from_tag`] reads; `Other` has none of its own.
    pub fn tag(self) -> &'static str {
        use Language::*;
        match self {
            English => "en",
            Arabic => "ar",
            Danish => "da",
            Dutch => "nl",
            Finnish => "fi",
            French => "fr",
            German => "de",
            Greek => "el",
            Hungarian => "hu",
            Italian => "it",
            Norwegian => "no",
            Portuguese => "pt",
            Romanian => "ro",
            Russian => "ru",
            Spanish => "es",
            Swedish => "sv",
            Tamil => "ta",
            Turkish => "tr",
            Other => "und",
        }
    }

    /// Tells the language that a paper is written in, by samples from all its passages; English where they
    /// are too short to tell, or do not agree.
    ///
    /// Names and quotations of another language are no proof: nearly all samples must be of one language
    /// and hold its own small words, more often than those of English.
    pub fn of_passages(passages: &[&str]) -> Language {
        let n_bytes: usize = passages.iter().map(|passage| passage.len()).sum();
        if n_bytes < ENOUGH {
            return Language::English;
        }
        let every = passages.len().div_ceil(SAMPLES);
        let samples: Vec<&str> = passages
            .iter()
            .step_by(every)
            .map(|passage| &passage[..passage.floor_char_boundary(SAMPLE)])
            .filter(|sample| sample.len() >= LEAST)
            .collect();
        let mut guesses: Vec<Option<Language>> = Vec::with_capacity(samples.len());
        let mut n_english = 0;
        for sample in &samples {
            let guess = guess(sample);
            n_english += usize::from(guess == Some(Language::English));
            // No other language can be that of nearly all samples any more: most papers end here.
            if n_english * 5 > samples.len() {
                return Language::English;
            }
            guesses.push(guess);
        }
        let Some(language) = guesses.iter().flatten().copied().max_by_key(|&language| {
            (guesses.iter().filter(|&&guess| guess == Some(language)).count(), std::cmp::Reverse(language))
        }) else {
            return Language::English;
        };
        let n_agreed = guesses.iter().filter(|&&guess| guess == Some(language)).count();
        if n_agreed * 5 >= samples.len() * 4 && is_spoken(language, &samples) { language } else { Language::English }
    }
}

/// Bytes of a paper that are enough to tell its language.
const ENOUGH: usize = 1_500;
/// So many samples are taken, of so many bytes; shorter ones than the least say nothing.
const SAMPLES: usize = 24;
const SAMPLE: usize = 600;
const LEAST: usize = 80;
/// One word in so many is a small word of the language, at least.
const SMALL_WORDS: usize = 8;
/// One word in so many is "and", at least; twice as many are usual.
const ANDS: usize = 100;

/// Guesses the language of a sample; nothing where no language is known that the guess can be checked for.
fn guess(sample: &str) -> Option<Language> {
    use whichlang::Lang;
    match whichlang::detect_language(sample) {
        Lang::Eng => Some(Language::English),
        Lang::Ara => Some(Language::Arabic),
        Lang::Deu => Some(Language::German),
        Lang::Fra => Some(Language::French),
        Lang::Ita => Some(Language::Italian),
        Lang::Nld => Some(Language::Dutch),
        Lang::Por => Some(Language::Portuguese),
        Lang::Rus => Some(Language::Russian),
        Lang::Spa => Some(Language::Spanish),
        Lang::Swe => Some(Language::Swedish),
        Lang::Tur => Some(Language::Turkish),
        Lang::Cmn | Lang::Hin | Lang::Jpn | Lang::Kor => Some(Language::Other),
        Lang::Vie => None,
    }
}

/// Checks a guess. The guesser knows 16 languages, and takes each other one for one of these: Danish for
/// Swedish, Catalan for Spanish, Persian for Arabic.
fn is_spoken(language: Language, samples: &[&str]) -> bool {
    let has_any = |letters: &[char]| samples.iter().any(|sample| sample.contains(letters));
    let Some(own) = small_words(language) else {
        return match language {
            // Letters of Persian and Urdu, of Ukrainian, Belarusian, Serbian and Macedonian.
            Language::Arabic => !has_any(&['پ', 'چ', 'ژ', 'گ', 'ک', 'ی']),
            Language::Russian => {
                !has_any(&['і', 'ї', 'є', 'ґ', 'ў', 'ј', 'љ', 'њ', 'ћ', 'ђ', 'ѓ', 'ќ']) && has_any(&['ы'])
            }
            // A script of its own.
            Language::Other => {
                samples.iter().all(|sample| sample.bytes().filter(u8::is_ascii).count() * 2 < sample.len())
            }
            _ => false,
        };
    };
    let english = small_words(Language::English).unwrap_or_default();
    let (mut n_words, mut n_own, mut n_english, mut n_ands) = (0, 0, 0, 0);
    for word in samples.iter().flat_map(|sample| sample.split(|c: char| !c.is_alphabetic())) {
        let word = word.to_lowercase();
        n_words += usize::from(!word.is_empty());
        n_own += usize::from(own.contains(&word.as_str()));
        n_english += usize::from(english.contains(&word.as_str()));
        n_ands += usize::from(and(language) == Some(word.as_str()));
    }
    n_own * SMALL_WORDS >= n_words && n_own > 2 * n_english && (n_ands * ANDS >= n_words || and(language).is_none())
}

/// Returns the word for "and": kin that share most small words differ in it, as Catalan (i) from Spanish
/// and Danish (og) from Swedish, and no text of some length does without.
fn and(language: Language) -> Option<&'static str> {
    match language {
        Language::German => Some("und"),
        Language::French => Some("et"),
        Language::Spanish => Some("y"),
        Language::Portuguese | Language::Italian => Some("e"),
        Language::Dutch => Some("en"),
        Language::Swedish => Some("och"),
        Language::Turkish => Some("ve"),
        _ => None,
    }
}

/// Returns the small words that texts of a language are full of, and those of its kin are not.
fn small_words(language: Language) -> Option<&'static [&'static str]> {
    Some(match language {
        Language::English => {
            &["the", "of", "and", "to", "that", "with", "for", "was", "by", "is", "are", "from", "this", "has"]
        }
        Language::German => &[
            "der", "die", "das", "und", "den", "von", "zu", "mit", "für", "auf", "ist", "im", "dem", "nicht", "ein",
            "eine", "des", "sich", "werden", "oder",
        ],
        Language::French => &[
            "le", "la", "les", "des", "et", "du", "en", "une", "dans", "pour", "que", "qui", "par", "sur", "est", "au",
            "aux", "ce", "cette", "avec", "ou",
        ],
        Language::Spanish => &[
            "el", "la", "los", "las", "y", "del", "en", "una", "por", "para", "que", "con", "se", "es", "su", "al",
            "como", "lo",
        ],
        Language::Portuguese => &[
            "o", "os", "as", "e", "do", "da", "dos", "das", "em", "um", "uma", "para", "que", "com", "não", "no", "na",
            "ao", "por",
        ],
        Language::Italian => &[
            "il", "lo", "gli", "di", "che", "e", "del", "della", "delle", "dei", "per", "con", "una", "nel", "nella",
            "è", "al", "alla", "si", "non",
        ],
        Language::Dutch => &[
            "de", "het", "een", "van", "en", "in", "is", "dat", "op", "te", "voor", "met", "zijn", "aan", "niet",
            "door", "ook", "naar", "worden",
        ],
        Language::Swedish => &[
            "och", "att", "är", "som", "för", "på", "av", "med", "inte", "till", "om", "den", "det", "från", "eller",
            "också", "ett", "kan",
        ],
        Language::Turkish => &[
            "ve", "bir", "bu", "için", "ile", "da", "de", "olarak", "olan", "daha", "gibi", "çok", "ancak", "ya",
            "her", "veya",
        ],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_tags_and_names() {
        for (tag, language) in [
            ("en-GB", Language::English),
            ("FR", Language::French),
            ("German", Language::German),
            ("ps", Language::Other),
        ] {
            assert_eq!(Language::from_tag(tag), language, "{tag}");
        }
    }

    #[test]
    fn tags_lead_back() {
        use Language::*;
        for language in [English, Arabic, Danish, French, German, Norwegian, Tamil, Turkish, Other] {
            assert_eq!(Language::from_tag(language.tag()), language);
        }
    }

    const FRENCH: &str = "Les relations entre les deux pays restent marquées par la méfiance, et la frontière \
                          demeure fermée aux marchandises depuis plusieurs mois, malgré les promesses des deux \
                          gouvernements de rouvrir le passage aux commerçants qui attendent dans le froid.";
    const GERMAN: &str = "Die Beziehungen zwischen den beiden Staaten sind von Misstrauen geprägt, und die Grenze ist \
                          für den Handel seit Monaten geschlossen, obwohl beide Regierungen versprochen haben, sie \
                          für die Händler wieder zu öffnen, die mit ihren Waren in der Kälte warten.";
    /// Full of names, and yet English.
    const ENGLISH: &str = "The Tehreek-e-Taliban Pakistan, the Jamaat-ud-Dawa and the Bundesamt für Wirtschaft und \
                           Ausfuhrkontrolle were named in the report, as were Médecins Sans Frontières and the Comité \
                           international de la Croix-Rouge, which went to Khyber Pakhtunkhwa.";
    const POLISH: &str = "Stosunki między oboma państwami są naznaczone nieufnością, a granica od miesięcy pozostaje \
                          zamknięta dla handlu, choć oba rządy obiecały otworzyć ją dla kupców, którzy czekają z \
                          towarami na mrozie i nie wiedzą, kiedy będą mogli pojechać dalej.";
    const SPANISH: &str = "Las relaciones entre los dos países siguen marcadas por la desconfianza, y la frontera \
                           permanece cerrada a las mercancías desde hace varios meses, a pesar de las promesas de los \
                           dos gobiernos de abrir el paso a los comerciantes que esperan en el frío.";
    const CATALAN: &str = "Les relacions entre els dos països continuen marcades per la desconfiança, i la frontera \
                           roman tancada a les mercaderies des de fa uns quants mesos, malgrat que la promesa que es \
                           va fer a la capital era la de obrir el pas a la gent que espera en una plaça on se sent el \
                           fred, que es va fent cada dia que passa una mica més dur.";
    const PERSIAN: &str = "روابط میان دو کشور با بی‌اعتمادی همراه است و مرز از چند ماه پیش به روی کالاها بسته مانده است، \
                           گرچه هر دو دولت وعده داده‌اند که گذرگاه را برای بازرگانانی که در سرما چشم به راه‌اند باز کنند.";

    #[test]
    fn tells_the_language_of_a_paper() {
        for (passage, expected) in [
            (FRENCH, Language::French),
            (GERMAN, Language::German),
            (SPANISH, Language::Spanish),
            (ENGLISH, Language::English),
            // No stemmer here is for these, nor is the guesser.
            (POLISH, Language::English),
            (CATALAN, Language::English),
            (PERSIAN, Language::English),
        ] {
            assert_eq!(Language::of_passages(&[passage; 8]), expected, "{passage}");
        }
    }

    #[test]
    fn short_and_mixed_papers_are_taken_for_english() {
        assert_eq!(Language::of_passages(&[]), Language::English);
        assert_eq!(Language::of_passages(&["Durand"]), Language::English);
        assert_eq!(Language::of_passages(&[FRENCH]), Language::English);
        let mixed = [ENGLISH, ENGLISH, FRENCH, ENGLISH, GERMAN, ENGLISH, FRENCH, FRENCH];
        assert_eq!(Language::of_passages(&mixed), Language::English);
    }
}
