//! Measures the mining of acronyms: precision, recall and speed.
//!
//! `cargo bench --bench acronyms -- GOLD.jsonl`, one abstract a line with its text and the pairs
//! that people marked (or `acronyms/ab3p_gold.jsonl` under `$POLISEARCH_EVAL`). A pair is right when
//! both forms are those of the gold, but for capitals and spacing. `--list` prints what differs.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;
use std::{env, fs, io};

use polisearch::analysis::acronyms::mine;

fn main() -> io::Result<()> {
    let given = env::args().skip(1).find(|arg| !arg.starts_with("--")).map(PathBuf::from);
    let gold =
        given.or_else(|| env::var_os("POLISEARCH_EVAL").map(|dir| Path::new(&dir).join("acronyms/ab3p_gold.jsonl")));
    let Some(gold) = gold.filter(|path| path.is_file()) else {
        println!("no gold: name it as an argument or its folder in POLISEARCH_EVAL");
        return Ok(());
    };
    let list = env::args().any(|arg| arg == "--list");
    let (mut right, mut wrong, mut missed) = (0usize, 0usize, 0usize);
    let mut all = String::new();
    for line in fs::read_to_string(gold)?.lines() {
        let record: serde_json::Value = serde_json::from_str(line)?;
        let text = record["text"].as_str().unwrap_or_default().replace('\n', " ");
        let pairs = record["pairs"].as_array().into_iter().flatten();
        let marked: BTreeSet<(String, String)> = pairs
            .map(|pair| (key(pair[0].as_str().unwrap_or_default()), key(pair[1].as_str().unwrap_or_default())))
            .collect();
        let mut found = BTreeSet::new();
        mine(&text, &mut |pair| {
            found.insert((key(&text[pair.short]), key(&text[pair.long])));
        });
        right += marked.intersection(&found).count();
        wrong += found.difference(&marked).count();
        missed += marked.difference(&found).count();
        if list {
            found.difference(&marked).for_each(|pair| println!("wrong {pair:?}"));
            marked.difference(&found).for_each(|pair| println!("missed {pair:?}"));
        }
        all.push_str(&text);
    }
    println!(
        "{right} right, {wrong} wrong, {missed} missed: precision {:.4}, recall {:.4}",
        right as f64 / (right + wrong).max(1) as f64,
        right as f64 / (right + missed).max(1) as f64
    );
    let started = Instant::now();
    let mut n_pairs = 0;
    mine(&all, &mut |_| n_pairs += 1);
    println!("{n_pairs} pairs, {:.0} MB/s", all.len() as f64 / 1e6 / started.elapsed().as_secs_f64());
    Ok(())
}

/// Returns a form in lower case, with single spaces.
fn key(form: &str) -> String {
    form.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
