//! Tests of the room as a whole: short texts, and promises for any text.

use proptest::{collection::vec, prelude::*, test_runner::RngSeed};

use crate::paper::{Biblio, Feature, Flow, Mark, RawPage, RawPaper, Span};

use super::repair;

/// Makes a raw paper of lines.
pub(super) fn raw(text: &str) -> RawPaper {
    RawPaper {
        text: text.into(),
        map: None,
        flow: Flow::Lines,
        pages: vec![],
        marks: vec![],
        biblio: Biblio::default(),
        warnings: vec![],
    }
}

/// Checks the blocks that a text is repaired to.
pub(super) fn check(text: &str, expected: &[&str]) {
    let paper = repair(&raw(text));
    let blocks: Vec<&str> = paper.blocks.iter().map(|block| block.span.of(&paper.text)).collect();
    assert_eq!(blocks, expected, "{text:?}");
}

/// Bits of text that raw papers are made of.
fn scraps() -> impl Strategy<Value = String> {
    let scrap = prop_oneof![
        "[a-z]{1,9}( [a-z]{1,8}){0,9}",
        "[A-Z][a-z]{2,8}( [A-Z]?[a-z]{2,8}){0,3}",
        "[A-Z]{3,9}( [A-Z]{2,9}){0,2}",
        "[a-z]{2,7}-\n",
        "[.,;:!?]",
        "[0-9]{1,3}",
        " [(\\[][0-9]{1,2}[)\\]]",
        Just(". ".to_owned()),
        Just(".” ".to_owned()),
        Just("\n".to_owned()),
        Just("\n\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\n ".to_owned()),
        Just("\u{c}".to_owned()),
        Just("• ".to_owned()),
        Just("\n- ".to_owned()),
        Just("Table 1. ".to_owned()),
        Just("(Photo by A/B)\n".to_owned()),
        Just("\u{a0}".to_owned()),
        Just("   ".to_owned()),
        Just(" . . . ".to_owned()),
        Just("²".to_owned()),
        Just("語—é".to_owned()),
        any::<char>().prop_map(String::from),
    ];
    let wild = prop_oneof![
        // Any text at all, also as pages and as one long line.
        any::<String>(),
        vec(any::<String>(), 0..6).prop_map(|pages| pages.join("\n\u{c}")),
        ("[ -~]{1,40}", 1usize..200).prop_map(|(scrap, n)| scrap.repeat(n)),
        vec("[ -~à-ÿ‘’“”–—0-9.()\\[\\]-]{0,90}", 0..30).prop_map(|lines| lines.join("\n")),
    ];
    prop_oneof![4 => vec(scrap, 0..60).prop_map(|scraps| scraps.concat()), 1 => wild]
}

/// Returns the letters of a text.
fn letters(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).collect();
    letters.sort_unstable();
    letters
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn loses_no_letter(text in scraps()) {
        let paper = repair(&raw(&text));
        let mut seen: String = paper.blocks.iter().map(|block| block.span.of(&paper.text)).collect();
        paper.removed.iter().for_each(|removed| seen.push_str(&removed.text));
        // A bullet may be a letter.
        prop_assert_eq!(letters(&seen), letters(&text));
    }

    #[test]
    fn maps_every_byte_to_its_like(text in scraps()) {
        let paper = repair(&raw(&text));
        for run in paper.raw_map.runs() {
            prop_assert_eq!(run.text.of(&paper.text), run.source.of(&text));
        }
        let mut end = 0;
        for run in paper.raw_map.runs() {
            prop_assert!(matches!(&paper.text[end..run.text.start], "" | " " | "\n"), "{:?}", &paper.text[end..run.text.start]);
            end = run.text.end;
        }
        prop_assert_eq!(end, paper.text.len());
    }

    #[test]
    fn maps_each_block_forwards_and_each_character_once(text in scraps()) {
        let paper = repair(&raw(&text));
        let mut taken = vec![0u8; text.len()];
        let mut take = |span: Span| taken[span.start..span.end].iter_mut().for_each(|n| *n += 1);
        paper.raw_map.runs().iter().for_each(|run| take(run.source));
        paper.removed.iter().for_each(|removed| take(removed.raw));
        for (at, c) in text.char_indices() {
            // Blanks and the hyphens of broken words may go.
            let may_go = crate::repair::cues::is_blank(c) || matches!(c, '-' | '\u{ad}' | '¬' | '‐');
            prop_assert!(taken[at] == 1 || (taken[at] == 0 && may_go), "{c:?} at {at}, {} times", taken[at]);
        }
        for block in &paper.blocks {
            let runs = paper.raw_map.runs().iter().filter(|run| run.text.overlap(block.span) > 0);
            let sources: Vec<Span> = runs.map(|run| run.source).collect();
            prop_assert!(sources.windows(2).all(|pair| pair[0].end <= pair[1].start), "{sources:?}");
        }
    }

    #[test]
    fn covers_the_text_with_blocks_in_order(text in scraps()) {
        let paper = repair(&raw(&text));
        let mut end = None;
        for block in &paper.blocks {
            prop_assert!(!block.span.is_empty());
            let gap = &paper.text[end.unwrap_or(block.span.start)..block.span.start];
            prop_assert!(gap == "\n" || gap == " " || end.is_none());
            prop_assert!(!block.span.of(&paper.text).contains('\n'));
            end = Some(block.span.end);
        }
        prop_assert_eq!(end.unwrap_or(0), paper.text.len());
        prop_assert!(paper.pages.windows(2).all(|pair| pair[0].start <= pair[1].start));
        prop_assert!(paper.pages.iter().all(|page| page.start <= paper.text.len() && paper.text.is_char_boundary(page.start)));
        prop_assert!(paper.removed.iter().all(|removed| removed.at <= paper.text.len()));
    }

    #[test]
    fn leaves_a_repaired_text_alone(text in scraps()) {
        let paper = repair(&raw(&text));
        let again = repair(&RawPaper { flow: Flow::Paragraphs, ..raw(&paper.text) });
        prop_assert_eq!(&again.text, &paper.text);
        prop_assert_eq!(repair(&raw(&text)).text, paper.text);
    }

    #[test]
    fn takes_any_marks(text in scraps(), marks in vec((0usize..200, 0usize..60, 0u8..6), 0..6), page in 0usize..100) {
        let mut marks: Vec<Mark> = marks
            .into_iter()
            .map(|(start, len, kind)| {
                let floor = |at: usize| (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
                let feature = [Feature::Heading(2), Feature::Caption, Feature::Footnote, Feature::FootnoteMark, Feature::Furniture, Feature::Table];
                Mark { span: Span::new(floor(start), floor(start + len)), feature: feature[usize::from(kind)] }
            })
            .collect();
        marks.sort_by_key(|mark| mark.span);
        let pages = vec![RawPage { start: 0, label: None }, RawPage { start: page.min(text.len()), label: Some("ii".into()) }];
        for flow in [Flow::Lines, Flow::Paragraphs] {
            let paper = repair(&RawPaper { flow, marks: marks.clone(), pages: pages.clone(), ..raw(&text) });
            prop_assert_eq!(paper.pages.len(), 2);
            prop_assert!(paper.pages.iter().all(|page| page.start <= paper.text.len()));
        }
    }
}
