//! Batches: every form of input, hostile rows, interruption, and what became of each row.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;

use super::{Told, polisearch, run, small_index};

/// Runs a batch in a folder, over the small index.
fn batch(folder: &Path, args: &[&str]) -> Told {
    run(polisearch(folder).arg("batch").args(args).arg("--index").arg(small_index()))
}

/// The ids and statuses of a batch in JSON Lines.
fn statuses(told: &Told) -> Vec<(String, String)> {
    let ends = told.out.lines().map(|line| serde_json::from_str::<Value>(line).expect("each line is an object"));
    let ends = ends.filter(|object| object["type"] == "end");
    let text = |value: &Value| value.as_str().expect("a string").to_owned();
    ends.map(|end| (text(&end["query"]), text(&end["status"]))).collect()
}

/// Checks what a file of queries yields, as `id status`.
fn check(name: &str, file: &str, args: &[&str], expected: &[&str]) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join(name), file).expect("writable");
    let told = batch(folder.path(), &[&[name], args].concat());
    let found: Vec<String> = statuses(&told).into_iter().map(|(id, status)| format!("{id} {status}")).collect();
    assert_eq!(found, expected, "{}", told.err);
}

#[test]
fn every_form_of_input_is_read() {
    check("a.txt", "fruit\n\npower\n", &[], &["1 ok", "2 error", "3 ok"]);
    check("a.tsv", "q1\tfruit\nfruit\n", &[], &["q1 ok", "2 error"]);
    check("a.csv", "id;text\nq1;fruit\n", &[], &["q1 ok"]);
    check("a.csv", "id,name\nq1,\"fruit, \"\"rail\"\"\"\n", &["--column", "name"], &["q1 ok"]);
    check("a.txt", "name,id\nfruit,q1\n", &["--column", "name"], &["q1 ok"]);
    check("a.jsonl", "{\"_id\":1,\"text\":\"fruit\"}\n{\"id\":\"b\"}\n", &[], &["1 ok", "b error"]);
    check("a.jsonl", "{\"id\":1,\"name\":\"fruit\"}\n", &["--column", "name"], &["1 ok"]);
    check("a.data", "{\"id\":1,\"text\":\"fruit\"}\n", &["--input", "jsonl"], &["1 ok"]);
    let topics = "[topics.posts]\nlabel = \"customs posts\"\naliases = [\"border posts\"]\n";
    check("topics.toml", topics, &[], &["posts ok"]);
    check("names.txt", "NATO\nno such topic\n", &["--input", "topics"], &["nato ok", "2 error"]);
}

#[test]
fn topics_of_a_file_are_those_that_are_searched() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let topics = "[topics.mine]\nlabel = \"no such words\"\naliases = [\"hydropower\"]\n";
    fs::write(folder.path().join("topics.toml"), topics).expect("writable");
    let told = batch(folder.path(), &["topics.toml", "--format", "trec"]);
    assert!(told.out.starts_with("mine Q0 energy/"), "{}", told.out);
}

#[test]
fn a_column_of_what_has_none_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("a.txt"), "fruit\n").expect("writable");
    let told = batch(folder.path(), &["a.txt", "--input", "lines", "--column", "name"]);
    assert_eq!(told.code, Some(2));
    let told = batch(folder.path(), &["."]);
    assert_eq!((told.code, told.err.as_str()), (Some(2), "error: . is a folder\nhint: name a file of queries\n"));
}

/// Draws lines of random bytes, quotes, brackets, emoji, control characters; the last one is long.
fn hostile(n: usize) -> Vec<u8> {
    let piece = prop_oneof![
        4 => proptest::string::bytes_regex("(?s-u:[^\n]{0,12})").expect("a sound pattern"),
        3 => r#"["'()\[\]{}<>*~^:+\-/\\!?&|@#]{1,6}"#.prop_map(String::into_bytes),
        2 => prop::sample::select(vec!["🇺🇳", "👩‍🚀", "e\u{301}", "\u{202e}", "\u{feff}", "\0", "\x1b[2J", "\t", "\r"])
            .prop_map(|text| text.as_bytes().to_vec()),
        3 => prop::sample::select(vec![
            "fruit", "AND", "OR", "NOT", "title:", "year:", "\"a b\"~", "@nato", "power*", "power~2", "2012..", "border"
        ]).prop_map(|text| text.as_bytes().to_vec()),
        1 => Just(b" ".to_vec()),
    ];
    let line = prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat());
    let mut runner = TestRunner::deterministic();
    let mut file = Vec::new();
    for i in 0..n {
        let line = line.new_tree(&mut runner).expect("no line is refused").current();
        // Every hundredth is 100 kB long.
        let times = if i % 100 == 99 { 100_000 / line.len().max(1) } else { 1 };
        (0..times).for_each(|_| file.extend(&line));
        file.push(b'\n');
    }
    file
}

#[test]
fn hostile_lines_have_a_status_each_in_order() {
    let n: usize = std::env::var("POLISEARCH_HOSTILE").ok().and_then(|n| n.parse().ok()).unwrap_or(500);
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("a.txt"), hostile(n)).expect("writable");
    let expected: Vec<String> = (1..=n).map(|i| i.to_string()).collect();
    let mut outputs = Vec::new();
    for threads in ["1", "3"] {
        let told = batch(folder.path(), &["a.txt", "--limit", "2", "--threads", threads, "--status", "status.csv"]);
        assert_eq!(told.code, Some(0), "{}", told.err);
        assert!(!told.err.contains("a fault"), "{}", told.err);
        let ids: Vec<String> = statuses(&told).into_iter().map(|(id, _)| id).collect();
        assert_eq!(ids, expected);
        let table = fs::read_to_string(folder.path().join("status.csv")).expect("it was written");
        assert_eq!(table.lines().count(), n + 1);
        assert!(!table.contains("fault"));
        outputs.push(told.out);
    }
    assert_eq!(outputs[0], outputs[1], "the same whatever the threads");
}

#[test]
fn a_batch_goes_on_where_it_was_cut() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name);
    fs::write(path("a.tsv"), "q1\tfruit\nq2\tzeppelin\nq3\t\nq 4\tpower\nq1\tborder\n").expect("writable");
    for format in ["json", "csv", "trec"] {
        let whole = batch(folder.path(), &["a.tsv", "--format", format]).out;
        let step = whole.len() / 20 + 1;
        for cut in (0..=whole.len()).step_by(step).chain([whole.len()]).filter(|&cut| whole.is_char_boundary(cut)) {
            fs::write(path("out"), &whole[..cut]).expect("writable");
            let told = batch(folder.path(), &["a.tsv", "--format", format, "--resume", "out"]);
            assert_eq!(told.code, Some(0), "{}", told.err);
            let resumed = fs::read_to_string(path("out")).expect("it was written");
            assert_eq!(resumed, whole, "{format} cut at {cut}: {}", told.err);
        }
        fs::write(path("other.tsv"), "x\tfruit\n").expect("writable");
        let told = batch(folder.path(), &["other.tsv", "--format", format, "--resume", "out"]);
        assert_eq!(told.code, Some(2));
        assert!(told.err.contains("answers other queries"), "{}", told.err);
        assert_eq!(fs::read_to_string(path("out")).expect("it is there"), whole, "and is left as it was");
    }
}

#[test]
fn each_query_has_a_file_of_its_own() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("a.tsv"), "a/b\tfruit\na_b\tpower\n..\tborder\n").expect("writable");
    let told = batch(folder.path(), &["a.tsv", "--split", "answers", "--format", "md"]);
    assert_eq!((told.code, told.out.as_str()), (Some(0), ""));
    let mut names: Vec<String> = fs::read_dir(folder.path().join("answers"))
        .expect("the folder was made")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["_...md", "a_b.md", "a_b~2.md"]);
    let page = fs::read_to_string(folder.path().join("answers/a_b~2.md")).expect("it was written");
    assert!(page.starts_with("## power\n"), "{page}");
}

#[test]
fn hits_in_lines_say_what_they_answer() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("a.txt"), "fruit\n\n").expect("writable");
    let told = batch(folder.path(), &["a.txt", "--format", "plain"]);
    let lines: Vec<&str> = told.out.lines().collect();
    assert_eq!((lines[0], lines[2]), ("# 1: fruit", "# 2: failed: the row is empty"), "{}", told.out);
    assert!(lines[1].starts_with("papers/transit.txt:"));
}
