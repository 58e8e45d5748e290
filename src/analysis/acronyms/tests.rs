//! What mining promises, on single sentences and on a sample of the Ab3P corpus.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::mine;

fn found(text: &str) -> Vec<(&str, &str)> {
    let mut pairs = Vec::new();
    mine(text, &mut |pair| pairs.push((&text[pair.short], &text[pair.long])));
    pairs
}

fn check(text: &str, expected: &[(&str, &str)]) {
    assert_eq!(found(text), expected, "{text}");
}

#[test]
fn finds_definitions_on_either_side() {
    check("the Financial Action Task Force (FATF) met", &[("FATF", "Financial Action Task Force")]);
    check("the FATF (Financial Action Task Force) met", &[("FATF", "Financial Action Task Force")]);
    check("the watchdog (Financial Action Task Force, FATF) met", &[("FATF", "Financial Action Task Force")]);
    check("the Financial Action Task Force (“FATF”) met", &[("FATF", "Financial Action Task Force")]);
    check("the Financial Action Task Force (hereafter FATF) met", &[("FATF", "Financial Action Task Force")]);
    check("the Financial Action Task Force (FATF; see below) met", &[("FATF", "Financial Action Task Force")]);
}

#[test]
fn passes_over_small_words() {
    check(
        "Ministry of Food, Agriculture and Livestock (MFAL)",
        &[("MFAL", "Ministry of Food, Agriculture and Livestock")],
    );
    check(
        "for the Bureau of Investigation and Statistics (BoIS)",
        &[("BoIS", "Bureau of Investigation and Statistics")],
    );
}

#[test]
fn reads_plurals_hyphens_digits_and_inner_letters() {
    check("through confidence-building measures (CBMs)", &[("CBMs", "confidence-building measures")]);
    check("the Central Asia-South Asia (CASA-1000) line", &[("CASA-1000", "Central Asia-South Asia")]);
    check("the Group of Seven (G7) and the Group of 77 (G77)", &[("G7", "Group of Seven"), ("G77", "Group of 77")]);
    check("the European Union’s (EU’s) role", &[("EU", "European Union")]);
    check("Inter-Services Intelligence (ISI)", &[("ISI", "Inter-Services Intelligence")]);
    check("by the Tehrik-i-Taliban Pakistan (TTP)", &[("TTP", "Tehrik-i-Taliban Pakistan")]);
}

#[test]
fn keeps_two_definitions_apart() {
    check(
        "the Ground Lines of Communication (GLOC) or Northern Distribution Network (NDN), was critical",
        &[("GLOC", "Ground Lines of Communication"), ("NDN", "Northern Distribution Network")],
    );
}

#[test]
fn leaves_other_brackets_alone() {
    check("a former province (now divided) of the state (1) in 2014 (see Section 3) and Senator Reed (R)", &[]);
    check("the border crossing (Torkham), trade in goods (US$ 5 million) and Article 2 (ii)", &[]);
    check("Article 2 () ( [", &[]);
}

/// The parts of `found` that are right and of `gold` that were found.
fn score(gold: &BTreeSet<(usize, String, String)>, found: &BTreeSet<(usize, String, String)>) -> (f64, f64) {
    let right = gold.intersection(found).count() as f64;
    (right / found.len() as f64, right / gold.len() as f64)
}

/// The whole corpus is measured by `cargo bench --bench acronyms`.
#[test]
fn holds_its_baseline_on_the_sample() {
    let sample = include_str!("../../../tests/data/acronyms/ab3p_sample.jsonl");
    let (mut gold, mut mined) = (BTreeSet::new(), BTreeSet::new());
    for (i, line) in sample.lines().enumerate() {
        let abstracted: serde_json::Value = serde_json::from_str(line).expect("the sample is JSON Lines");
        let text = abstracted["text"].as_str().unwrap_or_default().replace('\n', " ");
        let key = |short: &str, long: &str| (i, short.to_lowercase(), long.to_lowercase());
        let pairs = abstracted["pairs"].as_array().into_iter().flatten();
        gold.extend(pairs.map(|pair| key(pair[0].as_str().unwrap_or_default(), pair[1].as_str().unwrap_or_default())));
        mined.extend(found(&text).into_iter().map(|(short, long)| key(short, long)));
    }
    let (precision, recall) = score(&gold, &mined);
    assert!(precision >= 0.95 && recall >= 0.84, "precision {precision:.3}, recall {recall:.3}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn spans_lie_in_the_text(text in "([A-Za-zé“”]{1,6}|[(\\[)\\].,;= -]|[0-9]){0,60}") {
        mine(&text, &mut |pair| {
            assert!(!text[pair.short].is_empty() && !text[pair.long].is_empty());
        });
    }
}
