//! What is told about a ranking is true: the parts of a score add up to it, and what `why_not` says of
//! any passage agrees with what is shown.

use polisearch::index::Index;
use polisearch::query::{ExpandOptions, Query, Thesaurus, Topics, parse};
use polisearch::search::{Options, Part, PerPaper, Searcher, Why, WhyNot};

struct Asking {
    index: Index,
}

impl Asking {
    fn new() -> Asking {
        Asking { index: Index::built_in().expect("it is part of the program") }
    }

    fn query(&self, text: &str) -> Query {
        let topics: Topics<'_> = self.index.topics().expect("it is whole");
        Thesaurus::new(topics, &self.index, &self.index, ExpandOptions::default()).expand(parse(text))
    }
}

const QUERIES: &[&str] = &[
    "@apta",
    "\"trade access\" OR closures -smuggling",
    "+border section:trade refugees",
    "afganistan passprt",
    "visa*",
    "Afghan refugees refugees border",
    "how many refugees were registered",
    "counterterrorism Chabahar",
    "year:2021 taliban",
    "The porous and often unregulated border between Pakistan and Afghanistan has been a longstanding challenge. It \
     facilitates the movement of militants, smugglers, and refugees, creating vulnerabilities for both countries.",
];

fn judged() -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/eval/seeds/queries.tsv");
    let text = std::fs::read_to_string(path).expect("the file is part of the tests");
    text.lines().filter_map(|line| line.split_once('\t')).map(|(_, text)| text.to_owned()).collect()
}

fn check(part: &Part, query: &str) {
    if !part.parts.is_empty() {
        let sum: f64 = part.parts.iter().map(|part| part.score).sum();
        assert!((sum - part.score).abs() < 1e-3, "{query}: {sum} is not {}: {part:#?}", part.score);
    }
    part.parts.iter().for_each(|part| check(part, query));
}

#[test]
fn parts_add_up_to_the_score() {
    let asking = Asking::new();
    let searcher = Searcher::new(&asking.index);
    for per_paper in [PerPaper::InTurns, PerPaper::Most(1), PerPaper::Any] {
        let options = Options { limit: 150, explain: true, per_paper, ..Options::default() };
        for text in judged().iter().map(String::as_str).chain(QUERIES.iter().copied()) {
            for hit in searcher.search(&asking.query(text), &options).expect("it is a query").hits {
                let explanation = hit.explanation.expect("it was asked for");
                assert_eq!(explanation.why, Why::Score);
                assert!((explanation.score - f64::from(hit.score)).abs() < 1e-6);
                check(&explanation, text);
            }
        }
    }
}

#[test]
fn explaining_changes_nothing() {
    let asking = Asking::new();
    let searcher = Searcher::new(&asking.index);
    for text in QUERIES {
        let shown = |explain| {
            let options = Options { explain, ..Options::default() };
            let hits = searcher.search(&asking.query(text), &options).expect("it is a query").hits;
            hits.into_iter().map(|hit| (hit.number, hit.score)).collect::<Vec<_>>()
        };
        assert_eq!(shown(true), shown(false));
    }
}

#[test]
fn every_passage_is_accounted_for() {
    let asking = Asking::new();
    let searcher = Searcher::new(&asking.index);
    let plain = Options { limit: 5, ..Options::default() };
    for (text, options) in [
        ("border closures", plain.clone()),
        ("refugees -camps", plain.clone()),
        ("+transit trade", Options { all: true, ..plain.clone() }),
        ("year:1990..2000 trade", plain.clone()),
        ("Durand Line", Options { per_paper: PerPaper::Most(1), ..plain.clone() }),
        ("harboring militants", plain),
    ] {
        let query = asking.query(text);
        let results = searcher.search(&query, &options).expect("it is a query");
        for passage in 0..asking.index.n_passages() {
            let id = asking.index.passage_id(passage).expect("it is there");
            let shown = results.hits.iter().find(|hit| hit.number == passage).map(|hit| hit.rank);
            let folded = results.hits.iter().any(|hit| hit.folded.contains(&id));
            match searcher.why_not(&query, &options, passage).expect("it is a query") {
                WhyNot::Shown { rank, .. } => assert_eq!(shown, Some(rank), "{text}: {id}"),
                WhyNot::Folded { .. } => assert!(folded, "{text}: {id}"),
                _ => assert!(shown.is_none() && !folded, "{text}: {id}"),
            }
        }
    }
}
