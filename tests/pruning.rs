//! What a search passes over changes nothing: the best are the same when every passage is counted.

use std::collections::BTreeMap;
use std::path::Path;

use polisearch::index::{Blocks, Builder, Index, Lock};
use polisearch::paper::{StoredPaper, StoredPassage};
use polisearch::query::{Expansion, Field, Form, Node, Why, parse};
use polisearch::search::{Detail, Options, Ranking, Searcher};

/// Passages of the index: enough for a search to look at what is in windows before reading them.
const N_PASSAGES: usize = 36_000;

/// What most passages hold of a word that is inflected.
const RISES: [&str; 5] = ["", "rise", "rises", "rising rise", "rises rise"];

/// A word of every passage; another is in most.
const EVERYWHERE: &str = "everywhere";

/// Numbers that look like chance (Knuth 1998, 3.3.4).
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    /// Draws a number below `n`, small ones more often.
    fn small(&mut self, n: usize) -> usize {
        let below = 1 + self.below(n);
        self.below(below)
    }

    /// Draws a word: few are frequent, most are rare, and many have an inflection.
    fn word(&mut self) -> String {
        const SYLLABLES: [&str; 8] = ["bor", "der", "tra", "mig", "sta", "pol", "ven", "kur"];
        let below = 1 + self.small(3_000);
        let mut n = 1 + self.below(below);
        let mut word = String::new();
        while n > 0 {
            word += SYLLABLES[n % 8];
            n /= 8;
        }
        word + ["", "", "s"][self.below(3)]
    }

    fn words(&mut self, n: usize) -> String {
        (0..n).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }
}

fn build(output: &Path) -> Index {
    let mut draw = Draw(1);
    let mut builder = Builder::new().expect("memory");
    for paper in 0..N_PASSAGES / 100 {
        let id = format!("paper{paper}");
        let mut passage = |number: usize| {
            let n_words = 3 + draw.below(30);
            StoredPassage {
                id: format!("{id}/p1/{number:06x}"),
                section: if draw.below(10) == 0 { vec![draw.words(3)] } else { Vec::new() },
                text: match draw.below(50) {
                    0 => format!("{} {EVERYWHERE}", draw.words(n_words)),
                    1..10 => format!("often {} {EVERYWHERE}", draw.words(n_words)),
                    10..13 => format!("{EVERYWHERE} often {0} {EVERYWHERE} often", draw.words(n_words)),
                    _ => format!("{} {EVERYWHERE} often {}", draw.words(n_words), RISES[draw.below(RISES.len())]),
                },
                ..StoredPassage::default()
            }
        };
        let passages = (0..100).map(&mut passage).collect();
        let paper = StoredPaper { path: format!("{id}.txt"), id, ..StoredPaper::default() };
        builder.add(paper, passages).expect("papers differ");
    }
    builder.write(&Lock::acquire(output).expect("nobody else builds")).expect("writable");
    Index::open(output).expect("whole")
}

/// Gives the words of a query further names, some of which count less, and look-alikes.
fn name(node: &mut Node, draw: &mut Draw) {
    let phrase = |words: [&str; 2]| Form::Phrase { words: words.map(str::to_owned).into(), slop: 0, exact: false };
    match node {
        Node::Atom(atom) => {
            let Form::Word(word) = &atom.form else { return };
            let related = draw.word();
            atom.not = vec![phrase([word, EVERYWHERE]), phrase([word, &draw.word()]), phrase([&related, EVERYWHERE])];
            if draw.below(2) == 0 {
                atom.expansions.push(Expansion::new(Form::Word(related), Why::Related, 0.3));
            }
            if draw.below(3) == 0 {
                atom.expansions.push(Expansion::new(phrase([EVERYWHERE, "often"]), Why::Topic, 1.0));
                atom.not.push(phrase(["often", EVERYWHERE]));
            }
        }
        Node::Some(nodes) | Node::All(nodes) | Node::Any(nodes) => nodes.iter_mut().for_each(|node| name(node, draw)),
        Node::Must(node) | Node::Not(node) => name(node, draw),
        Node::Filter(_) => {}
    }
}

#[test]
fn inflections_that_many_passages_hold_are_one_list() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let index = build(&folder.path().join("many.polisearch"));
    let class = index.class("rise").expect("whole");
    assert_eq!(class.words, ["rise", "rises", "rising"]);
    let mut counts = BTreeMap::new();
    for word in &class.words {
        read(index.blocks(Field::Body, word).expect("whole").into_iter().collect(), &mut counts);
    }
    assert_eq!(counts.len(), class.n_passages as usize);
    let united = index.blocks_of_any(Field::Body, &class.words).expect("whole");
    assert_eq!((united.len(), united[0].n_passages()), (1, class.n_passages));
    let mut counts_of_one = BTreeMap::new();
    read(united, &mut counts_of_one);
    assert_eq!(counts_of_one, counts);
    let more: Vec<String> = class.words.iter().map(String::as_str).chain(["often"]).map(str::to_owned).collect();
    for (words, n_lists) in [(&more[..], 2), (&more[1..], 3), (&more[..1], 1)] {
        assert_eq!(index.blocks_of_any(Field::Body, words).expect("whole").len(), n_lists, "{words:?}");
    }
    let places = index.places_of_any(Field::Body, &class.words).expect("whole");
    assert_eq!(places.into_iter().map(|(_, n)| n).collect::<Vec<_>>(), [class.n_passages]);
}

/// Adds the counts of lists, by passage.
fn read(lists: Vec<Blocks>, counts: &mut BTreeMap<u32, u32>) {
    for mut blocks in lists {
        while !blocks.passages().is_empty() {
            let (passages, found) = blocks.entries();
            passages.iter().zip(found).for_each(|(&passage, n)| *counts.entry(passage).or_default() += n);
            blocks.advance();
        }
    }
}

#[test]
fn the_best_are_the_same_whether_all_are_counted_or_remembered() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let index = build(&folder.path().join("many.polisearch"));
    let searcher = Searcher::new(&index);
    let mut draw = Draw(2);
    let plain = Ranking { proximity: 0.0, as_typed: 0.0, feedback: 0.0, ..Ranking::default() };
    let mut n_found = 0;
    for round in 0..30 {
        let n_words = 1 + draw.small(12);
        let words = draw.words(n_words);
        let other = draw.word();
        let texts = [
            words.clone(),
            format!("+{words}"),
            format!("{words} -{other}"),
            format!("\"{words}\" {other}"),
            format!("({words}) OR ({other} AND tra*)"),
            format!("{other}^3 {words}"),
            format!("{words} {EVERYWHERE}"),
            format!("often {EVERYWHERE} {other}"),
            format!("often {other}"),
            "rise".to_owned(),
            format!("rising {words}"),
            format!("{other} \"often rises\""),
            // So many passages hold these that they are looked for only where that matters.
            format!("\"{EVERYWHERE} often\""),
            format!("\"{EVERYWHERE} often\" {words}"),
            format!("+\"{EVERYWHERE} often\" {other} -\"often {EVERYWHERE}\"~6"),
            format!("{words} \"often {EVERYWHERE}\"~9"),
        ];
        // In some rounds what takes long as well: the last texts, and some once more, with look-alikes.
        let (n_texts, n_named) = if round % 3 == 0 { (texts.len(), 7) } else { (texts.len() - 4, 0) };
        for (number, text) in (0..).zip(texts[..n_texts].iter().chain(&texts[..n_named])) {
            let mut query = parse(text);
            if number >= n_texts {
                name(&mut query.root, &mut draw);
            }
            let ranking = if round % 2 == 0 { plain } else { Ranking { k1: 0.9, ..Ranking::default() } };
            let mut n_matches = Vec::new();
            for (all, limit) in [(false, 10), (false, 150), (true, 10)] {
                let options = Options { limit, all, fold: false, detail: Detail::Id, ranking, ..Options::default() };
                let mut best = |searcher: &Searcher<'_>, count| {
                    let results = searcher.search(&query, &Options { count, ..options.clone() }).expect("whole");
                    assert_eq!(results.counts.is_some(), count);
                    let counted = results.counts.filter(|_| !all).map(|counts| (counts.n_matches, counts.n_all));
                    n_matches.extend(counted);
                    let hits = results.hits.iter().map(|hit| (hit.passage.id.clone(), hit.score, hit.matched));
                    hits.collect::<Vec<_>>()
                };
                let found = best(&Searcher::new(&index), true);
                n_found += found.len();
                // The first answers are remembered.
                for count in [false, true, false] {
                    assert_eq!(best(&searcher, count), found, "{text:?} {all} {limit} {count}");
                }
            }
            assert!(n_matches.iter().all(|n| Some(n) == n_matches.first()), "{text:?} {n_matches:?}");
        }
    }
    assert!(n_found > 10_000, "most queries find something: {n_found}");
}
