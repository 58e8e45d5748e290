//! Repair: `RawPaper` → [`Paper`], the text a person would read, with a map from every byte of it
//! back to the source.
//!
//! Nothing is rewritten in place. Lines are classified first, by passes that only look; then blocks
//! are drafted as lists of raw spans; then small edits inside these are collected; and in the end the
//! text is copied together once. The passes, in order:
//!
//! | pass | decides |
//! |---|---|
//! | `lines` | lines, gaps, double spacing |
//! | `pages` | where pages begin, which numbers are printed on them |
//! | `furniture`, `numbers` | running headers and footers, page numbers, licences |
//! | `foot` | notes at the foot of pages |
//! | `apart` | captions, pull quotes, tables |
//! | `tables` | rows of figures |
//! | `headings`, `shams` | headings on lines of their own, and levels; what only looks like one |
//! | `paragraphs` | which lines make a block |
//! | `hyphens`, `seams` | how lines meet |
//! | `runin` | headings that open their paragraph |
//! | `notes`, `strays`, `spacing` | marks of notes, numbers of no sentence, spaces |
//! | `emit` | writes text, blocks, map |
//!
//! A repair depends on the one paper and on nothing else, so that a paper that has not changed need
//! not be read again.

mod apart;
mod cues;
mod edits;
mod emit;
mod flow;
mod foot;
mod furniture;
mod headings;
mod hyphens;
mod levels;
mod lines;
mod notes;
mod numbers;
mod pages;
mod paragraphs;
mod runin;
mod seams;
mod shams;
mod signs;
mod spacing;
mod strays;
mod tables;
mod trace;
mod vocabulary;
mod words;

pub use trace::Change;

use crate::paper::{Flow, Page, Paper, RawPaper, RemovedKind};
use edits::Edit;
use lines::Role;

/// Repairs a paper.
///
/// ```
/// use polisearch::paper::{Biblio, Flow, RawPaper};
///
/// let raw = RawPaper {
///     text: "It holds that secu-\nrity grew two years\n\nlater.1 Both agree .\n".into(),
///     map: None,
///     flow: Flow::Lines,
///     pages: vec![],
///     marks: vec![],
///     biblio: Biblio::default(),
///     warnings: vec![],
/// };
/// let paper = polisearch::repair::repair(&raw);
/// assert_eq!(paper.text, "It holds that security grew two years later. Both agree.");
/// assert_eq!(paper.removed[0].text, "1");
/// ```
pub fn repair(raw: &RawPaper) -> Paper {
    run(raw, None)
}

/// Repairs a paper, and tells what each pass changed.
pub fn repair_traced(raw: &RawPaper, trace: &mut dyn FnMut(Change)) -> Paper {
    run(raw, Some(trace))
}

fn run(raw: &RawPaper, trace: Option<&mut dyn FnMut(Change)>) -> Paper {
    let text = raw.text.as_str();
    let mut lines = lines::split(text);
    let mut pages = pages::find(raw, &lines);
    pages::assign(&mut lines, &pages.starts);
    let note_marks = flow::apply_marks(text, &mut lines, &raw.marks);
    let mut edits: Vec<Edit> = Vec::new();
    let mut printed = Vec::new();
    let mut drafts = match raw.flow {
        Flow::Paragraphs => {
            // Plain text marks nothing.
            if raw.marks.is_empty() {
                headings::find_among_paragraphs(text, &mut lines);
            }
            flow::drafts(text, &lines)
        }
        Flow::Lines => {
            lines::tighten(&mut lines);
            let sights = furniture::find(text, &mut lines, &mut pages, raw.biblio.title.as_deref());
            printed = pages::number(pages.starts.len(), &sights);
            foot::find(text, &mut lines, pages.starts.len() > 1);
            tables::fill_contents(text, &mut lines);
            apart::find(text, &mut lines);
            tables::find(text, &mut lines);
            headings::find(text, &mut lines);
            paragraphs::find_items(text, &mut lines);
            let mut drafts = paragraphs::join(text, &lines);
            hyphens::settle(text, &lines, &mut drafts, &mut edits);
            seams::glue(text, &mut drafts);
            runin::part(text, &mut drafts);
            drafts
        }
    };
    paragraphs::strip_bullets(text, &mut drafts);
    let marked = note_marks.into_iter().map(|span| Edit {
        raw: span,
        with: "",
        removed: Some((span, RemovedKind::FootnoteMark)),
        pass: "marks",
    });
    edits.extend(marked);
    notes::find(text, &drafts, &mut edits);
    strays::find(text, &drafts, &mut edits);
    spacing::find(text, &drafts, &mut edits);
    let edits = edits::order(edits);
    drafts.drafts.retain(|draft| !draft.pieces.is_empty());
    // The others are in the drafts. What a paper needs no more is given back before its text is written.
    lines.retain(|line| line.role.is_apart() || matches!(line.role, Role::Furniture(_)));
    lines.shrink_to_fit();
    let written = emit::write(text, &lines, &drafts, &edits, &pages.starts);
    if let Some(trace) = trace {
        trace::tell(text, &lines, &drafts, &edits, &written, trace);
    }
    let source_map = raw.map.as_ref().map(|map| written.map.through(map));
    let pages = written.page_starts.iter().enumerate().map(|(i, &start)| Page {
        start,
        physical: i as u32 + 1,
        printed: raw.pages.get(i).and_then(|page| page.label.clone()).or_else(|| printed.get(i).cloned().flatten()),
    });
    Paper {
        pages: pages.collect(),
        text: written.text,
        raw_map: written.map,
        source_map,
        blocks: written.blocks,
        removed: written.removed,
        biblio: raw.biblio.clone(),
        warnings: raw.warnings.clone(),
    }
}

#[cfg(test)]
mod tests;
