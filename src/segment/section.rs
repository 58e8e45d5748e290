//! The section tree: headings, and what each governs.

use crate::paper::{Block, BlockKind, Paper, Section};

/// Returns the sections of a paper, and for each block the innermost section it stands in.
///
/// A heading closes every open section that is not above it. Levels need not be consecutive: a
/// level 3 straight below a level 1 is its child. Blocks behind the first `n_blocks`
/// stand in no section.
pub fn sections(paper: &Paper, n_blocks: usize) -> (Vec<Section>, Vec<Option<usize>>) {
    let mut sections: Vec<Section> = Vec::new();
    let mut of_block = Vec::with_capacity(paper.blocks.len());
    let mut open: Vec<usize> = Vec::new();
    let mut end = 0;
    for block in &paper.blocks[..n_blocks] {
        if let Some(level) = heading_level(block) {
            while let Some(&top) = open.last().filter(|&&top| sections[top].level >= level) {
                sections[top].span.end = end;
                open.pop();
            }
            let title = title(block.span.of(&paper.text));
            sections.push(Section { title, level, span: block.span, parent: open.last().copied() });
            open.push(sections.len() - 1);
        }
        of_block.push(open.last().copied());
        end = block.span.end;
    }
    for section in open {
        sections[section].span.end = end;
    }
    of_block.resize(paper.blocks.len(), None);
    (sections, of_block)
}

/// Returns the level of a heading's block, own-line or run-in.
fn heading_level(block: &Block) -> Option<u8> {
    match block.kind {
        BlockKind::Heading(level) | BlockKind::RunInHeading(level) => Some(level),
        _ => None,
    }
}

/// Returns a heading as a title: without the stop or colon that ties a run-in heading to its text.
///
/// ```text
/// Refugee Flow:  ⇒  Refugee Flow
/// Who governs?   ⇒  Who governs?
/// ```
fn title(heading: &str) -> String {
    let ends = |c: char| c.is_whitespace() || matches!(c, '.' | ':' | '—' | '–' | '-');
    heading.trim().trim_end_matches(ends).to_string()
}

#[cfg(test)]
mod tests {
    use super::super::tests::paper;
    use super::*;
    use BlockKind::{Heading, Paragraph, RunInHeading};

    #[test]
    fn nests_by_level() {
        let paper = paper(&[
            (Heading(1), "One"),
            (Paragraph, "text"),
            (Heading(3), "Deep"),
            (Heading(2), "Less deep"),
            (RunInHeading(3), "Trade."),
            (Paragraph, "more"),
            (Heading(1), "Two:"),
        ]);
        let (sections, of_block) = sections(&paper, paper.blocks.len());
        let told: Vec<_> =
            sections.iter().map(|s| (s.title.as_str(), s.parent, s.span.of(&paper.text).len())).collect();
        assert_eq!(
            told,
            [
                ("One", None, "One\ntext\nDeep\nLess deep\nTrade.\nmore".len()),
                ("Deep", Some(0), 4),
                ("Less deep", Some(0), "Less deep\nTrade.\nmore".len()),
                ("Trade", Some(2), "Trade.\nmore".len()),
                ("Two", None, 4),
            ]
        );
        assert_eq!(of_block, [Some(0), Some(0), Some(1), Some(2), Some(3), Some(3), Some(4)]);
    }

    #[test]
    fn titles_lose_what_ties_them_to_their_text() {
        assert_eq!(title("Refugee Flow: "), "Refugee Flow");
        assert_eq!(title("Who governs?"), "Who governs?");
        assert_eq!(title("SCENARIO 1: CIVIL WAR"), "SCENARIO 1: CIVIL WAR");
    }
}
