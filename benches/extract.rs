//! How fast PDFs are read, beside `pdftotext` where it is installed.
//!
//! `POLISEARCH_PDFS` names a folder of PDFs to read instead of the tiny one of the tests:
//! `POLISEARCH_PDFS=papers cargo bench --bench extract`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use polisearch::extract::{Options, read};

fn pdfs() -> Vec<PathBuf> {
    let folder = std::env::var_os("POLISEARCH_PDFS").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data"));
    let files = std::fs::read_dir(folder).expect("the folder is there").flatten().map(|entry| entry.path());
    files.filter(|path| path.extension().is_some_and(|end| end == "pdf")).collect()
}

/// Reads a PDF and returns how many pages it has.
fn n_pages(path: &Path) -> usize {
    let papers = read(path, &Options::default()).into_iter().flatten();
    papers.filter_map(|found| found.paper.ok()).map(|paper| paper.pages.len()).sum()
}

fn pages(c: &mut Criterion) {
    let pdfs = pdfs();
    let mut group = c.benchmark_group("pdf pages");
    group.sample_size(10);
    group.throughput(Throughput::Elements(pdfs.iter().map(|path| n_pages(path) as u64).sum()));
    group.bench_function("polisearch", |b| b.iter(|| pdfs.iter().map(|path| n_pages(path)).sum::<usize>()));
    let pdftotext =
        |path: &Path| Command::new("pdftotext").arg(path).arg("-").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if pdfs.first().is_some_and(|path| pdftotext(path).is_ok()) {
        group.bench_function("pdftotext", |b| b.iter(|| pdfs.iter().filter(|path| pdftotext(path).is_ok()).count()));
    }
    group.finish();
}

criterion_group!(benches, pages);
criterion_main!(benches);
