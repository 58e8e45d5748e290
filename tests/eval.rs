//! Promises of `eval`: figures equal those of trec_eval and of the script that defined the span
//! measure, as frozen under `tests/data/eval`.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use polisearch::eval::queries::{Form, rows};
use polisearch::eval::{
    Answers, Hits, Judgements, Measure, Missing, Qrels, Run, Scores, Settings, Sheet, SpanQrels, evaluate,
    read_judgements, read_marked, read_repeats,
};
use proptest::prelude::*;

fn open(name: &str) -> BufReader<File> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/eval").join(name);
    BufReader::new(File::open(path).expect("the file is part of the tests"))
}

/// Reads a table with a header: the names of its columns, then its rows.
fn table(name: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut text = String::new();
    open(name).read_to_string(&mut text).expect("test data is UTF-8");
    let mut rows = text.lines().map(|line| line.split('\t').map(String::from).collect::<Vec<_>>());
    (rows.next().expect("a table has a header"), rows.collect())
}

/// Holds scores against expected rows of query and figures, empty for none, to four digits.
fn check(scores: &Scores, expected: &[&[String]]) {
    assert_eq!(scores.rows.len(), expected.len());
    for (row, expected) in scores.rows.iter().zip(expected) {
        assert_eq!(row.query, expected[0]);
        for ((column, value), expected) in scores.columns.iter().zip(&row.values).zip(&expected[1..]) {
            let close = match (value, expected.parse::<f64>()) {
                (Some(value), Ok(expected)) => (value - expected).abs() < 0.5e-4,
                (value, _) => value.is_none() && expected.is_empty(),
            };
            assert!(close, "{} of {}: {value:?}, not {expected}", column.name, row.query);
        }
    }
}

#[test]
fn figures_equal_those_of_trec_eval() {
    let run = Run::read(open("trec/run.txt"), "run.txt").unwrap();
    let qrels = Qrels::read(open("trec/qrels.txt"), "qrels.txt").unwrap();
    let (names, rows) = table("trec/expected.tsv");
    let measures: Vec<Measure> = names[2..].iter().map(|name| name.parse().unwrap()).collect();
    for relevant_from in [1, 2] {
        let settings = Settings { missing: Missing::Skip, relevant_from };
        let expected: Vec<&[String]> =
            rows.iter().filter(|row| row[0] == relevant_from.to_string()).map(|row| &row[1..]).collect();
        check(&evaluate(&run, &qrels, &measures, settings), &expected);
    }
}

#[test]
fn a_judged_query_that_a_run_lacks_scores_0() {
    let run = Run::read(open("trec/run.txt"), "run.txt").unwrap();
    let qrels = Qrels::read(open("trec/qrels.txt"), "qrels.txt").unwrap();
    let scores = evaluate(&run, &qrels, &["AP".parse().unwrap()], Settings::default());
    let lacking: Vec<_> = scores.rows.iter().filter(|row| !run.holds(&row.query)).collect();
    assert_eq!(scores.rows.len(), qrels.queries.len());
    assert!(!lacking.is_empty() && lacking.iter().all(|row| row.values == [Some(0.0)]));
}

#[test]
fn figures_equal_those_of_the_span_script() {
    let judgements = read_judgements(open("seeds/judgements.tsv"), "judgements.tsv").unwrap();
    let repeats = read_repeats(open("seeds/duplicates.tsv"), "duplicates.tsv").unwrap();
    let hits = Hits::read(open("seeds/hits.jsonl"), "hits.jsonl").unwrap();
    let (names, expected) = table("seeds/expected.tsv");
    let measures: Vec<Measure> = names[1..].iter().map(|name| name.parse().unwrap()).collect();
    let asked: Vec<String> = rows(open("seeds/queries.tsv"), Form::Tsv).unwrap().map(|row| row.id).collect();
    let qrels = SpanQrels::new(&judgements, &repeats);
    let scores = qrels.evaluate(asked.iter().map(String::as_str), &hits, &measures);
    let abstained = scores.column("Abstained").unwrap();
    assert_eq!(scores.total(abstained), Some(1.0 / 3.0));
    let judged: Vec<_> = scores.rows.iter().filter(|row| row.values[abstained].is_none()).cloned().collect();
    let expected: Vec<&[String]> = expected.iter().map(Vec::as_slice).collect();
    check(&Scores { columns: scores.columns.clone(), rows: judged }, &expected);
    assert_eq!(scores.total(scores.column("TooLong").unwrap()), Some(4.0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_reader_panics(cells in prop::collection::vec(prop_oneof![
        Just(b"q1".to_vec()), Just(b"\t".to_vec()), Just(b" ".to_vec()), Just(b"\n".to_vec()), Just(b"7".to_vec()),
        Just(b"-9223372036854775808".to_vec()), Just(b"4294967295".to_vec()), Just(b"1e999".to_vec()),
        Just(br#"{"type":"hit","query":"q1","rank":1,"passage":"p","source":{"path":"q1","start":0,"end":9}}"#.to_vec()),
        Just(br#"<!-- judge: {"query":"q","passage":"p"} -->"#.to_vec()), Just(b"Grade: [2]".to_vec()),
        prop::collection::vec(any::<u8>(), 0..4),
    ], 0..30)) {
        let file = cells.concat();
        let _ = read_repeats(&file[..], "f");
        let _ = read_marked(&file[..], "f");
        let _ = Sheet::read_csv(&file[..], "f");
        let _ = Sheet::read_markdown(&file[..], "f").map(|sheet| sheet.judgements());
        let measures: Vec<Measure> = ["nDCG", "AP", "Bpref"].iter().map(|name| name.parse().unwrap()).collect();
        if let (Ok(judged), Ok(answers)) = (Judgements::read(&file[..], "f"), Answers::read(&file[..], "f")) {
            let (run, hits) = match answers {
                Answers::Run(run) => (run.clone(), Hits::from(&run)),
                Answers::Hits(hits) => (hits.to_run("f"), hits),
            };
            match judged {
                Judgements::Documents(qrels) => drop(evaluate(&run, &qrels, &measures, Settings::default())),
                Judgements::Spans(spans) => drop(SpanQrels::new(&spans, &[]).evaluate([], &hits, &measures)),
            }
        }
    }
}
