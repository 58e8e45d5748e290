//! Measures the recognition of near-duplicates: precision, recall and speed.
//!
//! `cargo bench --bench near_dup -- FOLDER`, with the test sets of near-duplicates in `FOLDER` (or
//! in `near_dup` under `$POLISEARCH_EVAL`). Planted copies are the truth of the articles; of the
//! natural documents, all pairs with a Jaccard of [`JACCARD`] over their shingles of five words.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Instant;
use std::{env, fs, io};

use polisearch::analysis::similar::{Signature, groups, pairs, signature};

const JACCARD: f64 = 0.5;

type PairSet = HashSet<(String, String)>;

fn main() -> io::Result<()> {
    let given = env::args().skip(1).find(|arg| !arg.starts_with("--")).map(PathBuf::from);
    let folder = given.or_else(|| env::var_os("POLISEARCH_EVAL").map(|folder| Path::new(&folder).join("near_dup")));
    match folder.filter(|folder| folder.is_dir()) {
        Some(folder) => {
            for n in ["100", "1000"] {
                let texts = articles(&folder.join(format!("articles_{n}.train")))?;
                report(&format!("articles_{n}"), &texts, &planted(&folder.join(format!("articles_{n}.truth")))?);
            }
            let texts = documents(&folder.join("natural_docs.jsonl"))?;
            report("natural_docs", &texts, &alike(&texts));
        }
        None => println!("no folder of test sets: name it as an argument or in POLISEARCH_EVAL"),
    }
    speed(1_000_000);
    Ok(())
}

fn articles(path: &Path) -> io::Result<Vec<(String, String)>> {
    let text = fs::read_to_string(path)?;
    Ok(text.lines().filter_map(|line| line.split_once(' ')).map(|(id, text)| (id.into(), text.into())).collect())
}

fn planted(path: &Path) -> io::Result<PairSet> {
    let text = fs::read_to_string(path)?;
    Ok(text.lines().filter_map(|line| line.split_once(' ')).map(|(a, b)| ordered(a, b)).collect())
}

fn documents(path: &Path) -> io::Result<Vec<(String, String)>> {
    let text = fs::read_to_string(path)?;
    let read = |line: &str| {
        let document: serde_json::Value = serde_json::from_str(line)?;
        let field = |name: &str| document[name].as_str().unwrap_or_default().to_string();
        Ok((field("id"), field("text")))
    };
    text.lines().map(read).collect()
}

/// Returns all pairs of texts that share enough shingles, by comparing each with each.
fn alike(texts: &[(String, String)]) -> PairSet {
    let terms: Vec<Vec<String>> = texts.iter().map(|(_, text)| terms(text)).collect();
    let shingles: Vec<HashSet<&[String]>> = terms.iter().map(|terms| terms.windows(5).collect()).collect();
    let mut pairs = PairSet::new();
    for (i, a) in shingles.iter().enumerate() {
        for (j, b) in shingles.iter().enumerate().skip(i + 1) {
            let shared = a.intersection(b).count() as f64;
            if shared / (a.len() + b.len()) as f64 >= JACCARD / (1.0 + JACCARD) {
                pairs.insert(ordered(&texts[i].0, &texts[j].0));
            }
        }
    }
    pairs
}

fn ordered(a: &str, b: &str) -> (String, String) {
    if a < b { (a.into(), b.into()) } else { (b.into(), a.into()) }
}

/// Returns the words of a text in lower case, as the test sets' own shingles have them.
fn terms(text: &str) -> Vec<String> {
    let is_border = |c: char| !(c.is_alphanumeric() || c == '_');
    text.to_lowercase().split(is_border).filter(|word| !word.is_empty()).map(Into::into).collect()
}

fn sign(text: &str) -> Signature {
    signature(terms(text).iter().map(String::as_str))
}

/// Prints how the pairs of copies, and the groups they are folded to, agree with the truth.
fn report(name: &str, texts: &[(String, String)], truth: &PairSet) {
    let signatures: Vec<Signature> = texts.iter().map(|(_, text)| sign(text)).collect();
    let id = |i: u32| texts[i as usize].0.as_str();
    let paired = pairs(&signatures).iter().map(|pair| ordered(id(pair.larger), id(pair.smaller))).collect();
    let grouped = groups(&signatures);
    let folded = (0u32..).zip(&grouped).filter_map(|(i, original)| {
        original.filter(|&original| original != i).map(|original| ordered(id(original), id(i)))
    });
    for (what, found) in [("pairs", paired), ("copies and their originals", folded.collect::<PairSet>())] {
        let right = found.intersection(truth).count() as f64;
        println!(
            "{name}, {what}: {} true, {} found, precision {:.3}, recall {:.3}",
            truth.len(),
            found.len(),
            right / found.len().max(1) as f64,
            right / truth.len().max(1) as f64
        );
    }
}

/// Times `n` passages of 120 words, one in ten a near-copy.
fn speed(n: u64) {
    // A linear congruence: the same passages on every machine.
    let mut state = 1u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    let vocabulary: Vec<String> = (0..224 * 224).map(|i| format!("word{i}")).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut signatures = Vec::new();
    let started = Instant::now();
    for i in 0..n {
        if i % 10 == 0 && !before.is_empty() {
            before[60] = random() as usize % vocabulary.len();
        } else {
            // The product favors the first words, as language does.
            let draw = |_| (random() % 224) as usize * (random() % 224) as usize;
            before = (0..120).map(draw).collect();
        }
        signatures.push(signature(before.iter().map(|&word| vocabulary[word].as_str())));
    }
    println!("{n} signatures made in {:.1} s", started.elapsed().as_secs_f64());
    let started = Instant::now();
    let copies = groups(&signatures).iter().flatten().count();
    println!("grouped in {:.1} s: {copies} in groups", started.elapsed().as_secs_f64());
}
