//! A query from a cold start, as a whole process, beside the smallest program at hand: `rg --version`.
//!
//! Runs are interleaved and medians compared, so that what else the machine does falls on both.
//! Run with `cargo bench --bench cold`.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROUNDS: usize = 200;

/// Runs a program in a folder to its end.
fn time(program: &str, args: &[&str], folder: &Path) -> Option<Duration> {
    let start = Instant::now();
    let mut command = Command::new(program);
    command.args(args).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
    let done = command.status().ok()?;
    done.success().then(|| start.elapsed())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn main() {
    let polisearch = env!("CARGO_BIN_EXE_polisearch");
    let search = ["search", "Durand Line"];
    // Where no index lies about, the program takes the one inside it.
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.extend(time(polisearch, &search, folder.path()));
        theirs.extend(time("rg", &["--version"], folder.path()));
    }
    assert_eq!(ours.len(), ROUNDS, "the program itself can be run");
    let ours = median(ours);
    println!("polisearch search \"Durand Line\": {:.2} ms", ours.as_secs_f64() * 1e3);
    if theirs.is_empty() {
        println!("rg is not installed: no ratio");
        return;
    }
    let theirs = median(theirs);
    println!("rg --version: {:.2} ms", theirs.as_secs_f64() * 1e3);
    println!("ratio: {:.2}", ours.as_secs_f64() / theirs.as_secs_f64());
}
