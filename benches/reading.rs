//! Measures how fast papers are repaired and segmented, on one core.
//!
//! `cargo bench --bench reading -- FILE...`, with papers as plain text; without files, the seeds.

use std::path::PathBuf;
use std::time::{Duration, Instant};
use std::{env, fs, io};

use polisearch::paper::{Biblio, Flow, RawPaper};
use polisearch::{repair::repair, segment::segment};

/// How much text is read, by reading the papers again and again.
const MEGABYTES: usize = 100;

fn main() -> io::Result<()> {
    let given: Vec<PathBuf> = env::args().skip(1).filter(|arg| !arg.starts_with("--")).map(PathBuf::from).collect();
    let seeds = || -> io::Result<Vec<PathBuf>> {
        let entries = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/seeds"))?;
        let paths: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
        Ok(paths.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "txt")).collect())
    };
    let papers = if given.is_empty() { seeds()? } else { given };
    let texts: Vec<String> = papers.iter().map(fs::read_to_string).collect::<io::Result<_>>()?;
    let n_bytes: usize = texts.iter().map(String::len).sum();
    let n_rounds = (MEGABYTES * 1_000_000).div_ceil(n_bytes.max(1));
    let (mut repairing, mut segmenting, mut n_passages) = (Duration::ZERO, Duration::ZERO, 0);
    for text in (0..n_rounds).flat_map(|_| &texts) {
        let raw = RawPaper {
            text: text.clone(),
            map: None,
            flow: Flow::Lines,
            pages: Vec::new(),
            marks: Vec::new(),
            biblio: Biblio::default(),
            warnings: Vec::new(),
        };
        let started = Instant::now();
        let paper = repair(&raw);
        let repaired = Instant::now();
        n_passages += segment(&paper).passages.len();
        segmenting += repaired.elapsed();
        repairing += repaired - started;
    }
    let speed = |took: Duration| (n_rounds * n_bytes) as f64 / 1e6 / took.as_secs_f64();
    println!("{n_passages} passages of {:.1} MB", (n_rounds * n_bytes) as f64 / 1e6);
    println!("repair {:.0} MB/s, segment {:.0} MB/s", speed(repairing), speed(segmenting));
    println!("both {:.0} MB/s", speed(repairing + segmenting));
    Ok(())
}
