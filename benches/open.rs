//! Opening grows neither with papers nor with passages: a query from a cold start against an index of a
//! million passages, beside the same query against the seeds.
//!
//! Both hold the seed papers; the large one has synthetic ones around them, words drawn as language draws
//! them (the n-th most frequent one in proportion to 1/n). Runs are interleaved and medians compared.
//! Run with `cargo bench --bench open`; `PASSAGES=100000` takes fewer, `OPEN_INDEX=FILE` keeps the index.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use polisearch::corpus::{self, Item};
use polisearch::index::{Builder, Lock};
use polisearch::paper::{StoredPaper, StoredPassage};

const ROUNDS: usize = 100;
const PASSAGES: u32 = 1_000_000;
const PER_PAPER: u32 = 200;
const WORDS: u32 = 90;
const VOCABULARY: u32 = 300_000;

fn main() {
    let n_passages = std::env::var("PASSAGES").ok().and_then(|n| n.parse().ok()).unwrap_or(PASSAGES);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let large = std::env::var_os("OPEN_INDEX").map_or_else(|| folder.path().join("large.polisearch"), PathBuf::from);
    if !large.exists() {
        build(&large, n_passages);
    }
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("index/seeds.polisearch");
    for words in [&["Durand Line"][..], &["Durand", "+w7"]] {
        let (mut small_times, mut large_times) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            small_times.push(time(&seeds, &["Durand Line"]));
            large_times.push(time(&large, words));
        }
        let (small, large) = (median(small_times), median(large_times));
        println!(
            "{words:?}: {:.2} ms with {n_passages} passages, {:.2} ms with the seeds, ratio {:.2}",
            large.as_secs_f64() * 1e3,
            small.as_secs_f64() * 1e3,
            large.as_secs_f64() / small.as_secs_f64()
        );
    }
}

fn time(index: &Path, words: &[&str]) -> Duration {
    let start = Instant::now();
    let mut search = Command::new(env!("CARGO_BIN_EXE_polisearch"));
    search.arg("--index").arg(index).arg("search").args(words).stdout(Stdio::null()).stderr(Stdio::null());
    search.status().expect("the program can be run");
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn build(output: &Path, n_passages: u32) {
    let mut builder = Builder::new().expect("memory");
    let mut random = Random(1);
    let mut number = 0;
    while number < n_passages {
        let id = format!("synthetic-{number}");
        let passage = |at| StoredPassage {
            id: format!("{id}/p{}/{:06x}", 1 + at / 4, number + at),
            text: random.text(),
            ..StoredPassage::default()
        };
        let passages: Vec<StoredPassage> = (0..PER_PAPER).map(passage).collect();
        let paper =
            StoredPaper { id: id.clone(), path: format!("{id}.txt"), language: "en".to_owned(), ..Default::default() };
        builder.add(paper, passages).expect("ids of their own");
        number += PER_PAPER;
    }
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let sources = corpus::find(&[seeds]).expect("they are part of the project");
    corpus::read(&sources, &Default::default(), &Default::default(), &(), &mut |item| {
        if let Item::Paper(paper, passages) = item {
            builder.add(*paper, passages).expect("ids of their own");
        }
        ControlFlow::Continue(())
    });
    builder.write(&Lock::acquire(output).expect("nobody else builds it")).expect("room for it");
}

/// The same numbers each time.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn text(&mut self) -> String {
        let word = |uniform: f64| format!("w{}", f64::from(VOCABULARY).powf(uniform) as u32);
        (0..WORDS).map(|_| word(self.next())).collect::<Vec<_>>().join(" ")
    }
}
