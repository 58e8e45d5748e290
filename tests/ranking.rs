//! Retrieval quality over the judged needs of the seed papers: the baseline that no change may fall below.

use std::process::Command;

/// Measure, and what was reached when the baseline was taken, rounded down.
const BASELINE: [(&str, f64); 3] = [("nDCG@10", 0.86), ("R@20", 0.93), ("Success@1", 0.96)];

#[test]
fn the_judged_needs_are_answered_as_well_as_before() {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/eval/seeds");
    let index = concat!(env!("CARGO_MANIFEST_DIR"), "/index/seeds.polisearch");
    let file = |name: &str| format!("{data}/{name}");
    let output = Command::new(env!("CARGO_BIN_EXE_polisearch"))
        .args(["eval", "--index", index, "--format", "csv", "-m", "nDCG@10", "R@20", "Success@1"])
        .args(["--qrels", &file("judgements.tsv"), "--repeats", &file("duplicates.tsv")])
        .args(["--queries", &file("queries.tsv")])
        .output()
        .expect("the program runs");
    let table = String::from_utf8(output.stdout).expect("figures are text");
    println!("{table}");
    let figure = |measure: &str| -> f64 {
        let row = table.lines().find(|line| line.split(',').nth(1) == Some(measure)).expect("the measure is told");
        row.split(',').nth(2).and_then(|value| value.parse().ok()).expect("its mean is a number")
    };
    for (measure, baseline) in BASELINE {
        assert!(figure(measure) >= baseline, "{measure} fell to {} from {baseline}", figure(measure));
    }
    assert_eq!(figure("Abstained"), 1.0, "what the papers don't tell is told as such");
}
