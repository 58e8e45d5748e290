//! Tests of the room as a whole: short texts, and promises for any text.

use crate::paper::{Biblio, Flow, RawPaper};

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
