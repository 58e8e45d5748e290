//! How well and how fast PDFs are read.
//!
//! Prints, for each report of the Congressional Research Service in `../shared/eval/pdf/crs` (else the two in
//! `tests/data/crs`), how many of its Markdown's words are read in order (`tests/crs` says what is left out)
//! and how many words broken at line ends are settled right. Then the time: pages a second of processor time,
//! beside `pdftotext` where it is installed. `POLISEARCH_PDFS` names another folder to time.

#[path = "../tests/crs/mod.rs"]
mod crs;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use polisearch::extract::{Options, read};

fn folder() -> PathBuf {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = project.join("../shared/eval/pdf/crs");
    if shared.is_dir() { shared } else { project.join("tests/data/crs") }
}

fn pdfs(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).expect("the folder is there").flatten().map(|entry| entry.path());
    let mut pdfs: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|end| end == "pdf")).collect();
    pdfs.sort();
    pdfs
}

fn main() {
    let folder = folder();
    measure(&folder);
    let timed = std::env::var_os("POLISEARCH_PDFS").map_or(folder, PathBuf::from);
    time(&pdfs(&timed));
}

fn measure(folder: &Path) {
    let (mut body, mut notes, mut hyphens) = (crs::Share::default(), crs::Share::default(), crs::Share::default());
    for pdf in pdfs(folder) {
        let name = pdf.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let Ok(markdown) = std::fs::read_to_string(pdf.with_extension("md")) else { continue };
        let bytes = std::fs::read(&pdf).expect("it was listed");
        let reading = match crs::measure(bytes, &markdown) {
            Ok(reading) => reading,
            Err(reason) => {
                println!("{name}: {reason}");
                continue;
            }
        };
        println!(
            "{name:12} {:3} pages  body {:6.2} % of {:5}  notes {:6.2} % of {:5}  hyphens {} of {} {:?}",
            reading.n_pages,
            reading.body.percent(),
            reading.body.wanted,
            reading.notes.percent(),
            reading.notes.wanted,
            reading.hyphens.found,
            reading.hyphens.wanted,
            reading.wrong_hyphens,
        );
        if let Some(out) = std::env::var_os("POLISEARCH_PARTS") {
            write_parts(Path::new(&out), &name, &markdown, &reading);
        }
        body.add(reading.body);
        notes.add(reading.notes);
        hyphens.add(reading.hyphens);
    }
    println!(
        "all: body {:.2} % of {}, notes {:.2} % of {}, together {:.2} %, hyphens {} of {}",
        body.percent(),
        body.wanted,
        notes.percent(),
        notes.wanted,
        100.0 * (body.found + notes.found) as f64 / (body.wanted + notes.wanted).max(1) as f64,
        hyphens.found,
        hyphens.wanted
    );
}

/// Writes what was compared, a word a line, for `diff`.
fn write_parts(folder: &Path, name: &str, markdown: &str, reading: &crs::Reading) {
    let (wanted, found) = (crs::markdown_parts(markdown), crs::pdf_parts(&reading.paper));
    let write = |kind: &str, text: &str| {
        std::fs::write(folder.join(format!("{name}.{kind}")), crs::words(text).join("\n")).expect("writable");
    };
    write("wanted.body", &wanted.body);
    write("found.body", &found.body);
    write("wanted.notes", &wanted.notes);
    write("found.notes", &found.notes);
    std::fs::write(folder.join(format!("{name}.raw")), &reading.raw.text).expect("writable");
    println!("  {} marks of notes taken out", crs::n_marks(&reading.paper));
}

/// Times both programs in turn, so that what else the machine does troubles both alike.
fn time(pdfs: &[PathBuf]) {
    const ROUNDS: u32 = 5;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut n_pages = 0;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        n_pages = pdfs.iter().map(|path| pages(path)).sum();
        ours.push(start.elapsed());
        let start = Instant::now();
        if pdfs.iter().all(|path| pdftotext(path)) {
            theirs.push(start.elapsed());
        }
    }
    let rate = |times: &[Duration]| {
        let best = times.iter().min().copied().unwrap_or_default();
        n_pages as f64 / best.as_secs_f64()
    };
    println!("{n_pages} pages, best of {ROUNDS}: polisearch {:.0} pages a second", rate(&ours));
    if !theirs.is_empty() {
        println!("pdftotext {:.0} pages a second; ratio {:.2}", rate(&theirs), rate(&ours) / rate(&theirs));
    }
}

/// Reads a PDF and returns how many pages it has.
fn pages(path: &Path) -> usize {
    let papers = read(path, &Options::default()).into_iter().flatten();
    papers.filter_map(|found| found.paper.ok()).map(|paper| paper.pages.len()).sum()
}

fn pdftotext(path: &Path) -> bool {
    let run = Command::new("pdftotext").arg(path).arg("-").stdout(Stdio::null()).stderr(Stdio::null()).status();
    run.is_ok()
}
