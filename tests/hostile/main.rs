//! An index is data from strangers: damaged ones are refused or do no harm, and those that lie under
//! right checksums end in an error at worst, never in a panic, a loop or memory without a bound.

mod container;

use std::fmt::Write as _;
use std::path::Path;
use std::sync::OnceLock;

use polisearch::corpus::{self, Item};
use polisearch::index::{Builder, Error, FORMAT_VERSION, Index, Lock};
use polisearch::paper::{StoredPaper, StoredPassage};
use polisearch::query::{self, ExpandOptions, Thesaurus, Topics};
use polisearch::search::{Options, Searcher};
use rayon::prelude::*;

use container::{Part, parts_of, signed, table_of};

const QUERIES: [&str; 5] =
    ["border trade", "\"transit agreement\"", "APTTA -smuggling", "tra* year:2010..2020", "bordr"];

/// Two small papers that say enough to fill every part.
const PAPERS: [(&str, &str); 2] = [
    (
        "transit.md",
        "# Transit and trade\n\nThe Afghanistan-Pakistan Transit Trade Agreement (APTTA) was signed in 2010. \
         Border trade grew, and so did cross-border smuggling along the Durand Line.\n\n\
         ## Roads\n\nThe transit agreement opened 2 roads and 1 railway. Lorries waited at the border for \
         3 days, and traders paid for each of them.\n",
    ),
    (
        "water.md",
        "# Water\n\nThe rivers cross the border. No agreement shares their water, and farmers on both sides \
         dig wells.\n\nBorder trade grew, and so did cross-border smuggling along the Durand Line.\n",
    ),
];

/// Returns an index of [`PAPERS`].
fn sample() -> &'static [u8] {
    static SAMPLE: OnceLock<Vec<u8>> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let papers = folder.path().join("papers");
        std::fs::create_dir(&papers).expect("writable");
        for (name, text) in PAPERS {
            std::fs::write(papers.join(name), text).expect("writable");
        }
        let mut builder = Builder::new().expect("memory");
        let topics = "[topics.aptta]\nlabel = \"transit agreement\"\naliases = [\"APTTA\"]\nrelated = [\"roads\"]\n";
        builder.set_topics(Topics::from_toml("topics.toml", topics).expect("sound"));
        let sources = corpus::find(&[papers]).expect("papers");
        corpus::read(&sources, &Default::default(), &Default::default(), &(), &mut |item| {
            match item {
                Item::Paper(paper, passages) => builder.add(*paper, passages).expect("papers with ids of their own"),
                Item::Done { path, n_bytes, fingerprint } => builder.end_source(path, n_bytes, fingerprint),
                Item::Failed { path, message } => panic!("{path}: {message}"),
            }
            std::ops::ControlFlow::Continue(())
        });
        let output = folder.path().join("sample.polisearch");
        builder.write(&Lock::acquire(&output).expect("nobody else builds")).expect("writable");
        std::fs::read(output).expect("written")
    })
}

/// Asks everything of an index, and returns all that it says.
fn ask(bytes: &[u8]) -> Result<String, Error> {
    let index = Index::from_bytes(bytes.to_vec(), Path::new("sample"))?;
    let mut told = answer(&index)?;
    index.guarded(|| {
        for number in 0..index.n_papers() {
            _ = writeln!(told, "{:?}", index.paper_with_origin(number)?);
            for passage in index.passages_of(number)? {
                let id = index.passage_id(passage)?;
                _ = writeln!(told, "{:?} {:?}", index.passage(passage)?, index.find_passage(&id)?);
            }
        }
        _ = writeln!(told, "{:?} {:?} {:?}", index.sources()?, index.acronyms()?, index.topics()?.iter().count());
        index.sound()
    })?;
    Ok(told)
}

/// Asks [`QUERIES`] of an index.
fn answer(index: &Index) -> Result<String, Error> {
    let mut told = String::new();
    let searcher = Searcher::new(index);
    for text in QUERIES {
        let query = index.guarded(|| {
            let thesaurus = Thesaurus::new(index.topics()?, index, index, ExpandOptions::default());
            Ok::<_, Error>(thesaurus.expand(query::parse(text)))
        })?;
        let results = searcher.search(&query, &Options::default()).map_err(|error| match error {
            polisearch::search::Error::Index(error) => error,
            other => panic!("{other}"),
        })?;
        for hit in &results.hits {
            _ = writeln!(told, "{} {} {:?} {:?} {:?}", hit.rank, hit.score, hit.passage, hit.paper.id, hit.highlights);
        }
        _ = writeln!(told, "{:?}", results.counts);
    }
    Ok(told)
}

fn is_refused(error: &Error) -> bool {
    error.is_about_the_file()
}

/// Asserts that a damaged file is refused or says what the whole one says.
fn check(bent: &[u8], whole: &str, what: &str) {
    match ask(bent) {
        Ok(told) => assert!(told == whole, "{what}: it answers, but otherwise"),
        Err(error) => assert!(is_refused(&error), "{what}: {error}"),
    }
}

/// A small generator: the same places each time.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

#[test]
fn a_bent_byte_is_told_or_harmless() {
    let file = sample();
    let whole = ask(file).expect("it is whole");
    let table = table_of(file);
    let manifest = parts_of(file).into_iter().find(|(_, part)| part.name == "manifest").expect("it has one");
    let mut places: Vec<usize> = (0..16).chain(table.start..file.len()).collect();
    places.extend(manifest.0..manifest.0 + manifest.1.bytes.len());
    let mut random = Random(1);
    places.extend((0..2000).map(|_| random.below(file.len())));
    places.par_iter().for_each(|&at| {
        let mut bent = file.to_owned();
        bent[at] ^= 1 << (at % 8);
        check(&bent, &whole, &format!("byte {at}"));
    });
}

#[test]
fn a_cut_file_is_refused() {
    let file = sample();
    let mut random = Random(2);
    let mut cuts: Vec<usize> = (0..500).map(|_| random.below(file.len())).collect();
    cuts.extend((0..100).chain(file.len() - 100..file.len()));
    cuts.par_iter().for_each(|&at| {
        let error = ask(&file[..at]).expect_err("it is cut");
        assert!(is_refused(&error), "cut at {at}: {error}");
    });
}

#[test]
fn lies_under_right_checksums_do_no_harm() {
    let file = sample();
    let parts: Vec<_> = parts_of(file).into_iter().map(|(_, part)| part).collect();
    let mut random = Random(3);
    let cases =
        parts.iter().enumerate().flat_map(|(i, part)| lies(part, &mut random).map(move |(lie, how)| (i, lie, how)));
    let cases: Vec<(usize, Vec<u8>, String)> = cases.collect();
    cases.par_iter().for_each(|(i, bytes, what)| {
        let all = parts.iter().enumerate();
        let all = all.map(|(j, part)| (part.name.as_str(), if j == *i { &bytes[..] } else { &part.bytes[..] }));
        // Whether it is refused or tells lies: it comes back.
        if let Err(error) = ask(&signed(FORMAT_VERSION, all)) {
            assert!(is_refused(&error), "{what}: {error}");
        }
    });
}

/// Returns what a part may say instead of what it says, and how.
fn lies(part: &Part, random: &mut Random) -> impl Iterator<Item = (Vec<u8>, String)> + use<> {
    let Part { name, bytes } = part;
    let n = bytes.len();
    let whole = [
        (Vec::new(), "empty".to_owned()),
        (bytes[..n / 2].to_owned(), "half".to_owned()),
        ([&bytes[..], &bytes[..]].concat(), "twice".to_owned()),
    ];
    let filled = [0, 1, 0x7f, 0xff].map(|fill| (vec![fill; n], format!("all {fill:#x}")));
    let mut lies: Vec<(Vec<u8>, String)> = whole.into_iter().chain(filled).collect();
    for _ in 0..40.min(4 * n) {
        let (at, len, fill) =
            (random.below(n), 1 + random.below(8), [0, 0xff, random.below(256) as u8][random.below(3)]);
        let mut bent = bytes.clone();
        bent[at..(at + len).min(n)].fill(fill);
        lies.push((bent, format!("{len} bytes of {fill:#x} at {at}")));
    }
    let name = name.clone();
    lies.into_iter().map(move |(lie, how)| (lie, format!("{name}: {how}")))
}

#[test]
fn lies_about_joined_lists_do_no_harm() {
    // As many passages as it takes for the inflections of a word to have a list of their own.
    const N_PASSAGES: usize = 18_000;
    const TEXTS: [&str; 3] = ["border trade", "border trades and a transit agreement", "trade trades transit"];
    let folder = tempfile::tempdir().expect("a temporary folder");
    let passage = |i: usize| StoredPassage {
        id: format!("paper/p1/{i:06x}"),
        text: TEXTS[i % 3].to_owned(),
        ..StoredPassage::default()
    };
    let paper = StoredPaper { id: "paper".to_owned(), path: "paper.txt".to_owned(), ..StoredPaper::default() };
    let mut builder = Builder::new().expect("memory");
    builder.add(paper, (0..N_PASSAGES).map(passage).collect()).expect("the only paper");
    let output = folder.path().join("joined.polisearch");
    builder.write(&Lock::acquire(&output).expect("nobody else builds")).expect("writable");
    let parts: Vec<Part> =
        parts_of(&std::fs::read(&output).expect("written")).into_iter().map(|(_, part)| part).collect();
    let mut random = Random(4);
    for (i, part) in
        parts.iter().enumerate().filter(|(_, part)| ["unions", "unions/rests", "classes"].contains(&&*part.name))
    {
        assert!(!part.bytes.is_empty(), "{}", part.name);
        let cases: Vec<(Vec<u8>, String)> = lies(part, &mut random).collect();
        cases.par_iter().for_each(|(lie, what)| {
            let all = parts.iter().enumerate();
            let all = all.map(|(j, part)| (part.name.as_str(), if j == i { &lie[..] } else { &part.bytes[..] }));
            let index = Index::from_bytes(signed(FORMAT_VERSION, all), Path::new("joined"));
            if let Err(error) = index.and_then(|index| answer(&index)) {
                assert!(is_refused(&error), "{what}: {error}");
            }
        });
    }
}

#[test]
fn a_signed_copy_is_the_same_file() {
    let parts: Vec<_> = parts_of(sample()).into_iter().map(|(_, part)| part).collect();
    let copy = signed(FORMAT_VERSION, parts.iter().map(|part| (part.name.as_str(), &part.bytes[..])));
    assert!(copy == sample(), "the page on the bytes and the program differ");
}

#[test]
fn a_missing_part_is_told() {
    let parts: Vec<_> = parts_of(sample()).into_iter().map(|(_, part)| part).collect();
    for missing in parts.iter().map(|part| part.name.as_str()).filter(|name| !name.starts_with("texts")) {
        let rest = parts.iter().filter(|part| part.name != missing);
        let error = ask(&signed(FORMAT_VERSION, rest.map(|part| (part.name.as_str(), &part.bytes[..]))));
        let error = error.expect_err("a part is missing");
        assert!(is_refused(&error), "{missing}: {error}");
    }
}

#[test]
fn other_versions_are_told_first() {
    for version in [0, 1, FORMAT_VERSION + 1, u32::MAX] {
        let mut file = b"polisrch".to_vec();
        file.extend(version.to_le_bytes());
        file.extend([7; 100]);
        let error = ask(&file).expect_err("another version");
        assert!(matches!(error, Error::Version { found, .. } if found == version), "{error}");
    }
}

#[test]
fn what_is_no_index_is_told() {
    for file in [&b""[..], b"polisrc", b"%PDF-1.7", &[0; 4096]] {
        assert!(matches!(ask(file), Err(Error::NotAnIndex { .. })));
    }
}
