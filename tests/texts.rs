//! Texts come back from an index as they went in, to the byte: whatever they are written in.

use std::path::Path;

use polisearch::index::{Builder, Index, Lock, Texts};
use polisearch::paper::{StoredPaper, StoredPassage};
use proptest::prelude::*;

/// Builds an index of one paper with these passages.
fn build(texts: &[String], output: &Path) -> Index {
    let passage = |(i, text): (usize, &String)| StoredPassage {
        id: format!("paper/p1/{i:06x}"),
        text: text.clone(),
        ..StoredPassage::default()
    };
    let mut builder = Builder::new().expect("memory");
    let paper = StoredPaper { id: "paper".to_owned(), path: "paper.txt".to_owned(), ..StoredPaper::default() };
    builder.add(paper, texts.iter().enumerate().map(passage).collect()).expect("the only paper");
    builder.write(&Lock::acquire(output).expect("nobody else builds")).expect("writable");
    Index::open(output).expect("whole")
}

fn check(texts: &[String]) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let index = build(texts, &folder.path().join("whole.polisearch"));
    let packed = folder.path().join("packed.polisearch");
    index.pack(&Lock::acquire(&packed).expect("nobody else builds"), Texts::Keep).expect("writable");
    let packed = Index::open(&packed).expect("whole");
    let numbers: Vec<u32> = (0..index.n_passages()).collect();
    assert_eq!(index.texts(&numbers).expect("whole"), texts);
    assert_eq!(packed.texts(&numbers).expect("whole"), texts);
}

#[test]
fn a_hyphenated_word_may_be_the_last_of_all() {
    check(&["cross-border".to_owned()]);
}

#[test]
fn odd_texts_come_back() {
    let long = "word ".repeat(5_000) + &"x".repeat(70_000) + "\u{0}\t\r\n";
    let texts = [
        "",
        " ",
        "…",
        "The U.S.-led TALKS of Qur’an’s ﬁrst 1,660 McDonalds'",
        "don't Don't DON'T dont ’tis 's",
        "THE WHOLE TEXT SHOUTS AND SHOUTS",
        "CBMs of APTTA's and US US us Us uS",
        "Straße STRASSE straße ẞ İstanbul ISTANBUL ıI",
        "e\u{301}te\u{301} été É E\u{301} a\u{ad}b \u{ad} \u{301}",
        "中国 国中中 افغانستان و پاکستان \u{200f}x\u{200e}",
        "a-b a‑b a‐b-c--d 1.4.5 1,66 2017.59 U.S U.S.. A.B.c",
        &long,
    ];
    check(&texts.map(str::to_owned));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_comes_back(texts in prop::collection::vec(
        prop_oneof![
            any::<String>(),
            "([A-Za-z]{1,4}[ .,'’-]{0,2}){0,60}",
            "((the|The|THE|US|U\\.S\\.|us|1,660|é|É|E|ß|中|CBMs|x)([ ]|, |-|\\. |'s |\n){1,2}){0,80}",
        ],
        1..12,
    )) {
        check(&texts);
    }
}
