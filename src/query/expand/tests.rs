//! Expansion over made-up corpora: which forms each word of a query is also searched as.

use std::collections::BTreeMap;

use proptest::prelude::{ProptestConfig, proptest};

use super::*;
use crate::query::words::form_of_name;
use crate::query::{describe, parse};

/// A corpus of words with their counts and acronyms with their explanations.
#[derive(Default)]
struct Corpus {
    words: BTreeMap<String, u32>,
    acronyms: Vec<(&'static str, &'static str, u32)>,
}

impl Corpus {
    fn of(words: &[(&str, u32)], acronyms: &[(&'static str, &'static str, u32)]) -> Self {
        let words = words.iter().map(|&(word, count)| (word.to_owned(), count)).collect();
        Corpus { words, acronyms: acronyms.to_vec() }
    }

    /// The corpus of these tests: what papers on a border might hold.
    fn papers() -> Self {
        Corpus::of(
            &[
                ("it", 900),
                ("IT", 20),
                ("us", 300),
                ("US", 290),
                ("who", 200),
                ("WHO", 5),
                ("ttp", 90),
                ("TTP", 90),
                ("care", 50),
                ("CARE", 4),
                ("harbor", 50),
                ("HARBOR", 1),
                ("fatf", 9),
                ("FATF", 9),
                ("border", 400),
                ("closure", 40),
                ("cross", 60),
                ("crossborder", 30),
                ("terrorism", 80),
                ("counter", 20),
                ("counterterrorism", 12),
                ("pashtun", 40),
                ("pakhtun", 3),
                ("tehrik", 9),
                ("tehreek", 8),
                ("taliban", 200),
                ("smugglers", 5),
                ("smuggling", 30),
                ("extremist", 5),
                ("extremism", 9),
                ("forming", 3),
                ("former", 90),
                ("suspension", 4),
                ("suspending", 2),
                ("afghanistan", 999),
                ("trade", 500),
                ("grede", 900),
                ("rights", 30),
                ("human", 40),
            ],
            &[
                ("FATF", "Financial Action Task Force", 3),
                ("NDN", "Northern Distribution Network", 4),
                ("NDN", "Ground Lines of Communication", 1),
                ("GLOC", "Ground Lines of Communication", 2),
                ("CBM", "confidence-building measures", 3),
                ("CBM", "confidence building measure", 1),
                ("CBM", "coal-bed methane", 2),
                ("HR", "human rights", 4),
                ("CARE", "Cooperative for Assistance and Relief Everywhere", 1),
            ],
        )
    }
}

impl Vocabulary for Corpus {
    fn count(&self, word: &str) -> u32 {
        self.words.get(word).copied().unwrap_or(0)
    }

    fn knows(&self, word: &str) -> bool {
        let names = Names::new();
        let class = names.word(word, false).class;
        self.words.keys().any(|known| names.word(known, false).class == class)
    }

    fn similar(&self, word: &str, edits: u8) -> Vec<(String, u32)> {
        let near = |known: &&String| distance(known, word) <= usize::from(edits);
        self.words.keys().filter(near).map(|known| (known.clone(), self.words[known])).collect()
    }

    fn compound_parts(&self, joined: &str) -> Option<Vec<String>> {
        (joined == "counterterrorism").then(|| vec!["counter".to_owned(), "terrorism".to_owned()])
    }
}

impl AcronymSource for Corpus {
    fn long_forms(&self, short: &str) -> Vec<(String, u32)> {
        let of = self.acronyms.iter().filter(|(known, ..)| *known == short);
        of.map(|(_, long, count)| ((*long).to_owned(), *count)).collect()
    }

    fn short_forms(&self, long: &str) -> Vec<(String, u32)> {
        let names = Names::new();
        let classes = |text: &str| names.of(text).into_iter().map(|word| word.class).collect::<Vec<_>>();
        let of = self.acronyms.iter().filter(|(_, known, _)| classes(known) == classes(long));
        of.map(|(short, _, count)| ((*short).to_owned(), *count)).collect()
    }

    fn may_begin_with(&self, words: &str) -> bool {
        let names = Names::new();
        let classes = |text: &str| names.of(text).into_iter().map(|word| word.class).collect::<Vec<_>>();
        self.acronyms.iter().any(|(_, long, _)| classes(long).starts_with(&classes(words)))
    }
}

/// Edits from one word to another.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let next = (corner + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            corner = std::mem::replace(&mut row[j + 1], next);
        }
    }
    row[b.len()]
}

const TOPICS: &str = r#"
    [topics.ttp]
    label   = "Tehrik-i-Taliban Pakistan"
    aliases = ["TTP", "Pakistani Taliban"]
    related = ["Haqqani network"]
    not     = ["Pakistan Tehreek-e-Insaf"]
    [topics.durand]
    label   = "Durand Line"
    aliases = ["Durand border"]
    [topics.smuggling]
    label   = "smuggling"
    aliases = ["illicit trade"]
    [topics.counterterrorism]
    label   = "counter-terrorism"
    aliases = ["anti-terrorism"]
    [topics.care]
    label   = "CARE"
    aliases = ["CARE International"]
"#;

fn expanded(text: &str, options: &ExpandOptions) -> Query {
    let topics = Topics::from_toml("topics.toml", TOPICS).expect("the text is right");
    let corpus = Corpus::papers();
    Thesaurus::new(topics, &corpus, &corpus, *options).expand(parse(text))
}

/// What is added to a query, as `from > to (why), ...`.
fn check(text: &str, expected: &[&str]) {
    let found: Vec<String> = describe(&expanded(text, &ExpandOptions::default()))
        .into_iter()
        .map(|added| format!("{} > {} ({:?})", added.from, added.to, added.why))
        .collect();
    assert_eq!(found, expected, "{text}");
}

/// The query with its parts as they are after expansion.
fn check_parts(text: &str, expected: &str) {
    assert_eq!(expanded(text, &ExpandOptions::default()).to_string(), expected, "{text}");
}

#[test]
fn a_query_that_names_a_topic_has_all_its_names() {
    for typed in ["TTP", "ttp", "@ttp", "pakistani taliban"] {
        let query = expanded(typed, &ExpandOptions::default());
        let Node::Atom(atom) = &query.root else { panic!("{typed} is one thing") };
        let insaf = ["Pakistan", "Tehreek", "e", "Insaf"].map(str::to_owned).to_vec();
        assert_eq!(atom.not, [Form::Phrase { words: insaf, slop: 0, exact: false }]);
        for name in ["Tehrik-i-Taliban Pakistan", "TTP", "Pakistani Taliban", "Haqqani network"] {
            let Some(form) = form_of_name(name) else { panic!("{name} has words") };
            let is_form = |known: &Form| known.to_string().eq_ignore_ascii_case(&form.to_string());
            assert!(atom.forms().any(is_form), "{typed} lacks {name}");
        }
    }
}

#[test]
fn parts_of_a_query_may_be_names() {
    check_parts("the Durand line dispute", "the Durand-line dispute");
    check("the Durand line dispute", &["Durand line > Durand border (Topic)"]);
    check(
        "TTP attacks",
        &[
            "TTP > Tehrik-i-Taliban Pakistan (Topic)",
            "TTP > Pakistani Taliban (Topic)",
            "TTP > Haqqani network (Related)",
            "TTP > tehrik e taliban pakistan (Variant)",
            "TTP > tehrik ye taliban pakistan (Variant)",
            "TTP > tehreek i taliban pakistan (Variant)",
            "TTP > tehreek e taliban pakistan (Variant)",
            "TTP > tehreek ye taliban pakistan (Variant)",
        ],
    );
    check_parts("+durand +line -durand-line", "+durand +line -durand-line");
}

#[test]
fn one_word_among_others_is_no_name() {
    check("smuggling", &["smuggling > illicit trade (Topic)"]);
    check("smuggling routes", &["smuggling > smuggler (Stem)"]);
    check("care homes", &[]);
    // What the papers themselves say an acronym means is searched beside the topic.
    let own = "CARE > Cooperative for Assistance and Relief Everywhere (Acronym)";
    check("CARE homes", &["CARE > CARE International (Topic)", own]);
}

#[test]
fn joined_words_are_names_too() {
    for typed in ["counterterrorism policy", "counter terrorism policy", "counter-terrorism policy"] {
        let query = expanded(typed, &ExpandOptions::default());
        assert!(describe(&query).iter().any(|added| added.to == "anti-terrorism"), "{typed}");
    }
}

#[test]
fn what_is_quoted_stays() {
    check("\"Durand Line\" =TTP", &[]);
}

#[test]
fn the_corpus_explains_acronyms() {
    check("FATF listing", &["FATF > Financial Action Task Force (Acronym)"]);
    check_parts("financial action task force", "financial-action-task-force");
    check("financial action task force", &["financial action task force > FATF (Acronym)"]);
    check("human rights abuse", &["human > HR (Acronym)", "rights > HR (Acronym)"]);
}

#[test]
fn a_slip_of_one_paper_stays_there() {
    check("NDN", &["NDN > Northern Distribution Network (Acronym)"]);
    check("GLOC", &["GLOC > Ground Lines of Communication (Acronym)"]);
    check("ground lines of communication", &["ground lines of communication > GLOC (Acronym)"]);
}

#[test]
fn rival_senses_are_all_kept() {
    check("CBM talks", &["CBM > confidence-building measures (Acronym)", "CBM > coal-bed methane (Acronym)"]);
}

#[test]
fn capitals_mean_what_the_corpus_means() {
    check("IT spending", &[]);
    check("NGO’s spending", &[]);
    check("WHO spending", &[]);
    for (typed, small_too) in [("IT", false), ("CARE homes", false), ("HARBOR", true), ("TTP", true), ("TRDE", true)] {
        let query = expanded(typed, &ExpandOptions::none());
        let mut small = false;
        query.for_each_atom(&mut |atom| small |= !atom.expansions.is_empty());
        assert_eq!(small, small_too, "{typed}");
    }
    check_parts("us spending", "US spending");
    check_parts("who spending", "who spending");
}

#[test]
fn spelling_varies() {
    check("cross border trade", &["cross > crossborder (Variant)", "border > crossborder (Variant)"]);
    check("cross-border", &["cross-border > crossborder (Variant)"]);
    check("Pashtun", &["Pashtun > pakhtun (Variant)"]);
    check("21st", &["21st > twenty first (Variant)"]);
    check("twenty-first", &["twenty-first > 21st (Variant)"]);
    check("five-year", &["five-year > 5 year (Variant)"]);
}

#[test]
fn kin_are_confirmed_by_the_corpus() {
    check("smugglers trade", &["smugglers > smuggling (Stem)"]);
    check("extremists", &["extremists > extremism (Stem)"]);
    check("forming trade", &[]);
    check("suspended trade", &["suspended > suspension (Stem)"]);
}

#[test]
fn only_unknown_words_are_corrected() {
    check("afhganistan", &["afhganistan > afghanistan (Typo)"]);
    check("borderclosure", &["borderclosure > border closure (Variant)"]);
    check("borders", &[]);
    check("zzz trede", &["trede > trade (Typo)"]);
    check("TRDE trede", &["trede > trade (Typo)"]);
}

#[test]
fn an_unknown_key_is_words_and_noted() {
    let query = expanded("@no-such trade", &ExpandOptions::default());
    assert_eq!(query.to_string(), "no-such trade");
    assert_eq!(query.notes.len(), 1);
}

#[test]
fn nothing_is_added_unless_wanted() {
    for text in ["TTP", "smuggling", "cross border", "afganistan", "financial action task force"] {
        assert_eq!(
            describe(&expanded(text, &ExpandOptions::none())).iter().filter(|e| e.why != Why::Variant).count(),
            0
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn expansion_adds_and_takes_nothing_away(text in "((ttp|TTP|IT|@ttp|@no|durand|line|the|human|rights|cross|border|year:2015|-|\\+|\"|=|OR|AND|tehrik-i-taliban|ndn|five-year) ?){0,8}") {
        let corpus = Corpus::papers();
        let topics = Topics::from_toml("topics.toml", TOPICS).expect("the text is right");
        let query = parse(&text);
        let expanded = Thesaurus::new(topics, &corpus, &corpus, ExpandOptions::default()).expand(query.clone());
        let mut spans = Vec::new();
        expanded.for_each_atom(&mut |atom| spans.push(atom.span));
        query.for_each_atom(&mut |atom| {
            assert!(spans.iter().any(|span| span.overlap(atom.span) == atom.span.len()), "{text} lost {}", atom.form);
        });
        expanded.for_each_atom(&mut |atom| {
            assert!(!matches!(atom.form, Form::Topic(_)));
            for (i, added) in atom.expansions.iter().enumerate() {
                assert!(added.weight > 0.0 && added.weight <= 1.0);
                assert!(added.form != atom.form && atom.expansions[..i].iter().all(|other| other.form != added.form));
            }
        });
    }
}
