//! What segmentation promises, on papers built by hand.

use proptest::prelude::*;

use super::{segment, sentences};
use crate::paper::{Biblio, Block, BlockKind, Kind, Paper, SourceMap, Span};
use BlockKind::{Caption, Heading, ListItem, Paragraph, PullQuote, Reference, RunInHeading, Table};

/// Returns the paper of these blocks, one a line.
pub fn paper(parts: &[(BlockKind, &str)]) -> Paper {
    let mut text = String::new();
    let mut blocks = Vec::new();
    for (kind, part) in parts {
        if !text.is_empty() {
            text.push('\n');
        }
        blocks.push(Block { span: Span::new(text.len(), text.len() + part.len()), kind: *kind });
        text.push_str(part);
    }
    Paper {
        raw_map: SourceMap::identity(text.len(), 0),
        source_map: None,
        text,
        blocks,
        pages: Vec::new(),
        removed: Vec::new(),
        biblio: Biblio::default(),
        warnings: Vec::new(),
    }
}

fn check_sentences(text: &str, expected: &[&str]) {
    let found: Vec<&str> = sentences(text).map(|span| span.of(text)).collect();
    assert_eq!(found, expected);
}

/// Checks that `text` is one sentence.
fn check_whole(text: &str) {
    check_sentences(text, &[text]);
}

#[test]
fn full_stops_end_sentences() {
    check_sentences(
        "They met. Nothing came of it! Why? No one knows.",
        &["They met.", "Nothing came of it!", "Why?", "No one knows."],
    );
    check_sentences(" They met .  Then they left. ", &["They met .", "Then they left."]);
    check_sentences("", &[]);
    check_whole("no stop at all");
}

#[test]
fn abbreviations_do_not() {
    check_whole("Gen. Pervez Musharraf met Mr. Karzai and Lt. Col. (Ret.) Asad Khan.");
    check_whole("Resolution No. 2593 (Fig. 3, pp. 12-14, Art. IV) passed, e.g. Smith vs. Jones.");
    check_whole("The report (H.Rept. 119-172) cites S.Con.Res. 5 and P.L. 119-37.");
    check_whole("The envoy, born Jan. 3 in St. Petersburg, knew the U.S. Congress and Washington, D.C. well.");
    check_whole("Smith et al. (2005) and J. R. R. Tolkien or George W. Bush or J.-P. Sartre agree.");
    check_whole("It cost 1.4 million at 3.5 percent, by Acme Corp. Ltd. Holdings.");
}

#[test]
fn abbreviations_may_end_sentences() {
    check_sentences("They fled to the U.S. The others stayed.", &["They fled to the U.S.", "The others stayed."]);
    check_sentences("Is the answer no. Pakistan said so.", &["Is the answer no.", "Pakistan said so."]);
    check_sentences(
        "It sold arms, food, etc. In 1990 it stopped.",
        &["It sold arms, food, etc.", "In 1990 it stopped."],
    );
    check_sentences("After World War I. This changed.", &["After World War I.", "This changed."]);
}

#[test]
fn quotes_and_brackets_belong_to_their_sentence() {
    check_sentences("He said “no.” Then he left.", &["He said “no.”", "Then he left."]);
    check_sentences("It fell. (See below.) “Why?” they asked.", &["It fell.", "(See below.)", "“Why?” they asked."]);
    check_sentences("“No one knows. ” He left.", &["“No one knows. ”", "He left."]);
}

#[test]
fn note_marks_belong_to_their_sentence() {
    check_sentences(
        "It fell later.1 Then it rose.[12] Both lost.¹² So be it.(3, 4) End.",
        &["It fell later.1", "Then it rose.[12]", "Both lost.¹²", "So be it.(3, 4)", "End."],
    );
}

#[test]
fn ellipses_leave_words_out() {
    check_sentences(
        "“It is not peace. . . . The problem is . . . Pakistan.”",
        &["“It is not peace. . . .", "The problem is . . . Pakistan.”"],
    );
    check_whole("It was… Kabul and ... Islamabad.");
}

#[test]
fn missing_spaces_are_borders_where_words_were_glued() {
    check_sentences(
        "It has several points.Yousaf (2019) agrees.",
        &["It has several points.", "Yousaf (2019) agrees."],
    );
    check_whole("See www.Example.org or Node.js or example.Com/page for more.");
}

#[test]
fn numbers_open_lists_and_sentences() {
    check_whole("1. Introduction");
    check_whole("IV. Results of 2.1 talks");
    check_sentences("It began in 1947. 12 people met.", &["It began in 1947.", "12 people met."]);
}

#[test]
fn other_scripts_have_stops_of_their_own() {
    check_sentences("这是一。 这是二。", &["这是一。", "这是二。"]);
    check_sentences("یہ ایک ہے۔ یہ دو ہے۔", &["یہ ایک ہے۔", "یہ دو ہے۔"]);
}

/// Checks the passages of a paper: kind and text.
fn check(parts: &[(BlockKind, &str)], expected: &[(Kind, &str)]) {
    let paper = paper(parts);
    let outline = segment(&paper);
    let found: Vec<_> = outline.passages.iter().map(|p| (p.kind, p.span.of(&paper.text))).collect();
    assert_eq!(found, expected);
}

#[test]
fn own_line_headings_are_in_no_passage_and_run_in_headings_lead_theirs() {
    check(
        &[(Heading(1), "One"), (RunInHeading(2), "Trade:"), (Paragraph, "Both lost."), (Heading(1), "Two")],
        &[(Kind::Body, "Trade:\nBoth lost.")],
    );
    check(
        &[(RunInHeading(2), "Trade:"), (RunInHeading(2), "Arms:"), (Paragraph, "Both lost.")],
        &[(Kind::Body, "Trade:"), (Kind::Body, "Arms:\nBoth lost.")],
    );
}

#[test]
fn other_kinds_are_passages_of_their_own() {
    check(
        &[
            (Paragraph, "First."),
            (Caption, "A gate."),
            (Caption, "A road."),
            (Paragraph, "Second."),
            (PullQuote, "First."),
            (Table, "1 2 3"),
            (Reference, "1. Smith."),
            (Reference, "2. Jones."),
        ],
        &[
            (Kind::Body, "First."),
            (Kind::Caption, "A gate."),
            (Kind::Caption, "A road."),
            (Kind::Body, "Second."),
            (Kind::PullQuote, "First."),
            (Kind::Table, "1 2 3"),
            (Kind::References, "1. Smith.\n2. Jones."),
        ],
    );
}

#[test]
fn short_paragraphs_join_a_neighbour() {
    let long = "The border has been argued about for many years by both of the governments that it divides. ".repeat(8);
    check(
        &[(Paragraph, long.trim()), (Paragraph, "So be it.")],
        &[(Kind::Body, &format!("{}\nSo be it.", long.trim()))],
    );
}

#[test]
fn natural_paragraphs_stay_passages() {
    let one = "The border has been argued about for many years by both of the governments. ".repeat(7);
    check(&[(Paragraph, one.trim()), (Paragraph, one.trim())], &[(Kind::Body, one.trim()), (Kind::Body, one.trim())]);
}

#[test]
fn long_paragraphs_are_cut_evenly() {
    let sentence = "The border has been argued about for many years by both of the governments.";
    let paper = paper(&[(Paragraph, &[sentence; 24].join(" "))]);
    let lens: Vec<usize> = segment(&paper).passages.iter().map(|p| p.span.len()).collect();
    assert_eq!(lens, [607, 607, 607]);
}

#[test]
fn a_sentence_that_leans_on_another_stays_with_it() {
    let sentence = "The border has been argued about for many years by both of the governments.";
    let leaning = "This has been argued about for many years by both of the governments at war.";
    let paper = paper(&[(Paragraph, &[[sentence; 8].as_slice(), &[leaning], &[sentence; 7]].concat().join(" "))]);
    let outline = segment(&paper);
    assert_eq!(outline.passages.len(), 2);
    assert!(!outline.passages[1].span.of(&paper.text).starts_with("This"));
}

#[test]
fn monstrous_sentences_are_cut() {
    let text = format!("It lists {}", "one thing, another thing and a third thing, ".repeat(100));
    let paper = paper(&[(Paragraph, text.trim())]);
    let outline = segment(&paper);
    assert!(
        outline.passages.iter().all(|p| (600..=1_800).contains(&p.span.len()) && p.span.of(&paper.text).ends_with(','))
    );
}

#[test]
fn passages_span_no_more_source_than_a_hit_may() {
    // Every sentence lies 1,000 bytes from the next, as around a page of removed notes.
    let mut paper = paper(&[(Paragraph, &["The border is old."; 10].join(" "))]);
    paper.raw_map = SourceMap::default();
    for i in 0..10 {
        let end = (19 * i + 18).min(paper.text.len());
        paper.raw_map.push(Span::new(19 * i, end), Span::new(1_000 * i, 1_000 * i + end - 19 * i));
    }
    let outline = segment(&paper);
    assert!(outline.passages.iter().all(|p| paper.raw_map.source_of(p.span).len() <= 2_600), "{outline:?}");
}

fn kind() -> impl Strategy<Value = BlockKind> {
    prop_oneof![
        6 => Just(Paragraph),
        2 => Just(ListItem),
        1 => (1u8..5).prop_map(Heading),
        1 => (1u8..5).prop_map(RunInHeading),
        1 => prop::sample::select(vec![Caption, PullQuote, Reference, Table]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_letter_is_in_exactly_one_passage(
        parts in prop::collection::vec((kind(), "([A-Za-zé“”’.…?()0-9:;,] ?){0,60}|(a{900}|[a-z]{1,9} |X. ){0,9}"), 0..12)
    ) {
        let parts: Vec<_> = parts.iter().map(|(kind, text)| (*kind, text.as_str())).collect();
        let paper = paper(&parts);
        let outline = segment(&paper);
        let mut at = 0;
        let mut seen = vec![false; paper.text.len()];
        for passage in &outline.passages {
            prop_assert!(passage.span.start >= at && !passage.span.is_empty());
            at = passage.span.end;
            let text = passage.span.of(&paper.text);
            prop_assert!(text.chars().count() <= 1_800 && text.trim() == text);
            seen[passage.span.start..passage.span.end].fill(true);
        }
        for block in &paper.blocks {
            let letters = block.span.of(&paper.text).char_indices().filter(|(_, c)| !c.is_whitespace());
            for (i, c) in letters {
                let is_heading = matches!(block.kind, Heading(_));
                prop_assert_eq!(seen[block.span.start + i], !is_heading, "{:?} of {:?}", c, block);
            }
        }
        for (i, section) in outline.sections.iter().enumerate() {
            prop_assert!(section.parent.is_none_or(|p| p < i && outline.sections[p].level < section.level));
        }
    }
}
