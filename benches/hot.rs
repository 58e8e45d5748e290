//! The paths that every paper and every query takes: repair, segmentation, analysis, search.
//!
//! `cargo bench --bench hot`, over the seed papers.

use std::fs;
use std::hint::black_box;
use std::path::PathBuf;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use polisearch::analysis::{Language, Stemmer, terms};
use polisearch::index::Index;
use polisearch::paper::{Biblio, Flow, RawPaper};
use polisearch::query;
use polisearch::repair::repair;
use polisearch::search::{Options, Searcher};
use polisearch::segment::segment;

const QUERIES: [(&str, &str); 5] = [
    ("term", "smuggling"),
    ("phrase", "\"Durand Line\""),
    ("words", "transit trade agreement"),
    (
        "question",
        "how did the closing of the border crossings change the trade between the two countries in recent years",
    ),
    ("prefix", "infra*"),
];

fn texts() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds");
    let entries = fs::read_dir(folder).expect("the seeds are part of the project").flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    let texts = paths.iter().filter(|path| path.extension().is_some_and(|end| end == "txt"));
    texts.map(|path| fs::read_to_string(path).expect("readable")).collect()
}

fn raw(text: String) -> RawPaper {
    RawPaper {
        text,
        map: None,
        flow: Flow::Lines,
        pages: Vec::new(),
        marks: Vec::new(),
        biblio: Biblio::default(),
        warnings: Vec::new(),
    }
}

fn reading(c: &mut Criterion) {
    let texts = texts();
    let n_bytes = texts.iter().map(|text| text.len() as u64).sum();
    let raws: Vec<RawPaper> = texts.iter().cloned().map(raw).collect();
    let papers: Vec<_> = raws.iter().map(repair).collect();
    let mut group = c.benchmark_group("reading");
    group.throughput(Throughput::Bytes(n_bytes)).sample_size(20);
    group.bench_function("repair", |b| b.iter(|| raws.iter().map(|raw| repair(raw).text.len()).sum::<usize>()));
    group.bench_function("segment", |b| {
        b.iter(|| papers.iter().map(|paper| segment(paper).passages.len()).sum::<usize>())
    });
    group.bench_function("terms", |b| {
        b.iter(|| {
            let mut n = 0;
            texts.iter().for_each(|text| terms(text, &mut |term| n += term.text.len()));
            n
        })
    });
    group.bench_function("terms and classes", |b| {
        let stemmer = Stemmer::new(Language::English);
        b.iter(|| {
            let mut n = 0;
            texts.iter().for_each(|text| terms(text, &mut |term| n += stemmer.class(term.text).len()));
            n
        })
    });
    group.finish();
}

fn searching(c: &mut Criterion) {
    let index = Index::built_in().expect("the index inside the program is sound");
    let searcher = Searcher::new(&index);
    let mut group = c.benchmark_group("search");
    group.sample_size(30);
    for (class, text) in QUERIES {
        let query = query::parse(text);
        let search = || searcher.search(black_box(&query), &Options::default()).map(|results| results.hits.len());
        group.bench_function(class, |b| b.iter(search));
    }
    group.finish();
}

criterion_group!(benches, reading, searching);
criterion_main!(benches);
