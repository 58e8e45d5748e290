//! Cuts a paper for search: its section tree, and passages on sentence borders.
//!
//! Leaves the text as the repair room wrote it; every position is a byte span into it.

mod atom;
mod matter;
mod passage;
mod section;
mod sentence;
mod words;

use crate::paper::{Outline, Paper};

pub use sentence::sentences;

/// Cuts a paper into sections and passages.
///
/// Every letter of the text outside of own-line headings is in exactly one passage. A passage lies
/// in one section, is of one kind, and ends where a sentence ends.
///
/// ```
/// # use polisearch::paper::{Biblio, Block, BlockKind, Paper, SourceMap, Span};
/// # let text = "Trade\nBoth sides lost. Then they met.";
/// # let block = |span: std::ops::Range<usize>, kind| Block { span: span.into(), kind };
/// # let blocks = vec![block(0..5, BlockKind::Heading(1)), block(6..37, BlockKind::Paragraph)];
/// # let paper = Paper { text: text.into(), raw_map: SourceMap::identity(text.len(), 0), source_map: None, blocks,
/// #     pages: vec![], removed: vec![], biblio: Biblio::default(), warnings: vec![] };
/// let outline = polisearch::segment::segment(&paper);
/// assert_eq!(outline.path(outline.passages[0].section), ["Trade"]);
/// assert_eq!(outline.passages[0].span.of(&paper.text), "Both sides lost. Then they met.");
/// ```
pub fn segment(paper: &Paper) -> Outline {
    let blurb = matter::blurb(paper);
    let (sections, of_block) = section::sections(paper, blurb);
    let kinds = matter::kinds(paper, &sections, &of_block, blurb);
    let (runs, atoms) = atom::runs(paper, &of_block, &kinds);
    let mut packer = passage::Packer::default();
    runs.iter().for_each(|run| packer.pack(run, &atoms[run.atoms.clone()]));
    let passages = packer.passages;
    Outline { sections, passages }
}

#[cfg(test)]
mod tests;
