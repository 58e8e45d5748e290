//! The contract of `--json` and `export`: the fields, and that every passage is what is printed at its
//! place in the source.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;

use serde_json::Value;

use super::{on_seeds, project};

const MOST_CHARACTERS: usize = 1800;

fn lines(args: &[&str]) -> Vec<Value> {
    let told = on_seeds(args);
    assert_eq!(told.code, Some(0), "{}", told.err);
    told.out.lines().map(|line| serde_json::from_str(line).expect("each line is an object")).collect()
}

/// Checks an object's fields, given as one string.
fn check_fields(object: &Value, expected: &str) {
    let fields: BTreeSet<&str> = object.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(fields, expected.split(' ').collect(), "{object}");
}

fn text<'v>(object: &'v Value, field: &str) -> &'v str {
    object[field].as_str().unwrap_or_else(|| panic!("`{field}` is text in {object}"))
}

fn check_passage(passage: &Value) {
    check_fields(&passage["paper"], "id title authors year");
    check_fields(&passage["source"], "path start end line");
    let page = &passage["page"];
    check_fields(page, if page.get("to").is_some() { "physical printed to" } else { "physical printed" });
    assert!(text(passage, "text").chars().count() <= MOST_CHARACTERS, "{passage}");
    assert!(text(passage, "passage").starts_with(text(&passage["paper"], "id")), "{passage}");
    let kinds = ["body", "pull quote", "caption", "table", "heading matter", "references", "back matter"];
    assert!(kinds.contains(&text(passage, "kind")), "{passage}");
}

#[test]
fn search_writes_begin_hits_and_end() {
    for query in ["Durand Line", "APTTA", "refugees", "TTP OR \"Afghan Taliban\"", "qwrtz border"] {
        let objects = lines(&["search", "--json", "--limit", "20", query]);
        let (begin, rest) = objects.split_first().expect("it begins");
        let (end, hits) = rest.split_last().expect("it ends");
        check_fields(begin, "type schema query index expanded");
        check_fields(&begin["query"], "id text");
        check_fields(&begin["index"], "path papers passages");
        assert_eq!((text(begin, "type"), &begin["schema"]), ("begin", &1.into()));
        assert_eq!(begin["query"]["text"], query);
        check_fields(end, "type query status hits matches all folded held_back");
        assert_eq!((text(end, "type"), text(end, "status")), ("end", "ok"));
        assert_eq!((&end["query"], &end["hits"]), (&begin["query"]["id"], &hits.len().into()));
        assert!(end["all"].as_u64() <= end["matches"].as_u64());
        hits.iter().enumerate().for_each(|(i, hit)| check_hit(hit, i + 1));
        let scores: Vec<f64> = hits.iter().map(|hit| hit["score"].as_f64().expect("a number")).collect();
        assert!(scores.is_sorted_by(|a, b| a >= b), "{query}: {scores:?}");
    }
}

fn check_hit(hit: &Value, rank: usize) {
    let fields = "type query rank score match missing passage kind paper section page text source highlights folded";
    check_fields(hit, fields);
    assert_eq!((text(hit, "type"), &hit["rank"]), ("hit", &rank.into()));
    assert_eq!(text(hit, "match") == "all", hit["missing"].as_array().is_some_and(Vec::is_empty), "{hit}");
    check_passage(hit);
    let mut end = 0;
    for highlight in hit["highlights"].as_array().expect("a list") {
        check_fields(highlight, "start end term");
        let span = range(highlight);
        assert!(
            end <= span.start && text(hit, "text").get(span.clone()).is_some_and(|found| !found.is_empty()),
            "{hit}"
        );
        end = span.end;
    }
}

/// Returns `start..end` of an object.
fn range(object: &Value) -> Range<usize> {
    let at = |field: &str| object[field].as_u64().expect("an offset") as usize;
    at("start")..at("end")
}

#[test]
fn export_writes_every_passage_once() {
    let passages = lines(&["export"]);
    let mut ids = BTreeSet::new();
    for (i, passage) in passages.iter().enumerate() {
        let schema = if i == 0 { " schema" } else { "" };
        check_fields(passage, &format!("type passage kind paper section page text source{schema}"));
        assert_eq!(text(passage, "type"), "passage");
        check_passage(passage);
        assert!(ids.insert(text(passage, "passage")), "two passages {}", text(passage, "passage"));
    }
    let info: Value = serde_json::from_str(&on_seeds(&["info", "--json"]).out).expect("JSON");
    assert_eq!(info["manifest"]["n_passages"], passages.len());
}

/// Of each passage, letter by letter, nothing is missing and nothing is added: what stands between its
/// words in the source is a footnote mark, page furniture, or another passage (a caption).
#[test]
fn the_bytes_at_the_source_are_the_passage() {
    let passages = lines(&["export"]);
    let removed = removed();
    for path in passages.iter().map(|passage| text(&passage["source"], "path")).collect::<BTreeSet<_>>() {
        let bytes = fs::read(project().join(path)).expect("it is a seed paper");
        let of_paper: Vec<&Value> = passages.iter().filter(|passage| passage["source"]["path"] == path).collect();
        let spans: Vec<Range<usize>> = of_paper.iter().map(|passage| range(&passage["source"])).collect();
        let name = path.rsplit('/').next().unwrap_or(path);
        for (passage, span) in of_paper.iter().zip(&spans) {
            let line = 1 + bytes[..span.start].iter().filter(|&&byte| byte == b'\n').count();
            assert_eq!(passage["source"]["line"], line, "{passage}");
            let inside = |other: &&Range<usize>| span.start < other.start && other.end < span.end;
            let between: Vec<&Range<usize>> = spans.iter().chain(&removed[name]).filter(inside).collect();
            let kept = (span.clone()).filter(|at| !between.iter().any(|other| other.contains(at)));
            let source: Vec<u8> = kept.map(|at| bytes[at]).collect();
            let source = String::from_utf8_lossy(&source);
            check_letters(&source, text(passage, "text")).unwrap_or_else(|at| panic!("differs at `{at}` in {passage}"));
        }
    }
}

/// Compares letters and digits, but for footnote marks of the source: up to three digits that follow a
/// letter or a stop. Returns where they differ.
fn check_letters<'s>(source: &'s str, text: &str) -> Result<(), &'s str> {
    let mut wanted = text.chars().filter(|c| c.is_alphanumeric()).peekable();
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let mark = rest.bytes().take_while(u8::is_ascii_digit).count();
        if !c.is_alphanumeric() || wanted.next_if_eq(&c).is_some() {
            rest = &rest[c.len_utf8()..];
        } else if (1..=3).contains(&mark) && !source[..source.len() - rest.len()].ends_with(' ') {
            rest = &rest[mark..];
        } else {
            return Err(rest);
        }
    }
    if wanted.next().is_none() { Ok(()) } else { Err("") }
}

/// Returns the places of footnote marks and page furniture in the seed papers, as listed by hand.
fn removed() -> BTreeMap<String, Vec<Range<usize>>> {
    let mut removed: BTreeMap<String, Vec<Range<usize>>> = BTreeMap::new();
    let number = |cell: &str| cell.parse::<usize>().expect("an offset");
    for row in include_str!("../data/layout/furniture.tsv").lines() {
        let cells: Vec<&str> = row.split('\t').collect();
        removed.entry(cells[0].to_owned()).or_default().push(number(cells[1])..number(cells[2]));
    }
    for row in include_str!("../data/layout/footnotes.tsv").lines() {
        let cells: Vec<&str> = row.split('\t').collect();
        let start = number(cells[1]);
        removed.entry(cells[0].to_owned()).or_default().push(start..start + cells[2].len());
    }
    removed
}
