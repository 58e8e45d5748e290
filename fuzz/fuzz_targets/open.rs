//! Any bytes as an index: opened, searched, read. Hashes are not compared here (`cfg(fuzzing)`), so that
//! the fuzzer comes past them.

#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use polisearch::index::{Error, Index};
use polisearch::query::{self, ExpandOptions, Thesaurus};
use polisearch::search::{Options, Searcher};

fuzz_target!(
    init: {
        // Panics that the library catches are its way to refuse a file; one that it does not catch still
        // ends the fuzzer.
        std::panic::set_hook(Box::new(|_| {}));
    },
    |bytes: &[u8]| {
        let _ = ask(bytes);
    }
);

fn ask(bytes: &[u8]) -> Result<(), Error> {
    let index = Index::from_bytes(bytes.to_vec(), Path::new("fuzz"))?;
    let searcher = Searcher::new(&index);
    for text in ["trade", "\"transit agreement\"", "APTTA -lorries", "tra*"] {
        let query = index.guarded(|| {
            let thesaurus = Thesaurus::new(index.topics()?, &index, &index, ExpandOptions::default());
            Ok::<_, Error>(thesaurus.expand(query::parse(text)))
        })?;
        let _ = searcher.search(&query, &Options::default());
    }
    index.guarded(|| {
        for number in 0..index.n_papers().min(100) {
            index.paper_with_origin(number)?;
            for passage in index.passages_of(number)?.take(100) {
                index.passage(passage)?;
            }
        }
        index.sound()
    })
}
