//! PDF: the letters as they are drawn, in reading order, with what the document knows of itself.
//!
//! `glyphs` gathers a page's letters, `lines` joins them to lines, `order` brings the lines
//! into reading order, `style` tells from the look of the whole document what is a heading, a
//! note or a running header. Lines stay lines, hyphens and all: to join them is for `repair`, which
//! knows the words of the corpus.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::kurbo::{Affine, Rect};
use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, RenderContent, TransformExt, interpret_page};

mod bomb;
mod document;
pub(super) mod external;
mod glyphs;
mod lines;
mod order;
mod style;
mod title;

use super::{Error, Format};
use crate::paper::{Feature, Flow, Mark, RawPage, RawPaper, Span};
use glyphs::{Collector, Glyph};
use order::Row;
use style::{Body, Looks, PageRows};

/// Goes up when the text, pages or marks of some file change.
pub const VERSION: u32 = 2;

/// A page that draws this many letters without a meaning, to one that has one, has no text layer
/// worth its name.
const MAX_UNKNOWN: usize = 2;

/// Reads a PDF; stops early once `cancelled`.
pub(super) fn read(bytes: Vec<u8>, cancelled: &Arc<AtomicBool>) -> Result<RawPaper, Error> {
    if bomb::holds_bomb(&bytes) {
        return Err(damaged("a stream in it unpacks without measure"));
    }
    let pdf = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Error::Encrypted,
        LoadPdfError::Decryption(_) => damaged("its encryption can't be read"),
        LoadPdfError::Invalid => damaged("it has no readable pages"),
    })?;
    let n_pages = pdf.pages().len();
    if n_pages == 0 {
        return Err(damaged("it has no pages"));
    }
    let cache = InterpreterCache::new();
    let mut pages = Vec::with_capacity(n_pages);
    let (mut n_blind, mut n_unknown) = (0, 0);
    for page in pdf.pages().iter() {
        if cancelled.load(Ordering::Relaxed) {
            return Err(damaged("it took too long"));
        }
        let read = read_page(&pdf, page, &cache, cancelled);
        n_blind += usize::from(read.is_blind);
        n_unknown += read.n_unknown;
        pages.push(read.rows);
    }
    if pages.iter().all(|page| page.rows.is_empty()) {
        return Err(if n_blind > 0 { Error::NeedsOcr { n_pages } } else { Error::Empty });
    }
    let body = Body::of(&pages);
    let looks = style::looks(&pages, body, &document::outline(&pdf));
    let mut paper = compose(&pages, &looks, body);
    for (page, label) in paper.pages.iter_mut().zip(document::labels(&pdf, n_pages)) {
        page.label = label;
    }
    paper.biblio = document::biblio(&pdf);
    if paper.biblio.title.is_none() {
        paper.biblio.title = title::printed(&pages[0], body);
    }
    if n_blind > 0 {
        paper.warnings.push(format!("{n_blind} of {n_pages} pages have no text layer, need OCR"));
    }
    if n_unknown * 50 > paper.text.len() {
        paper.warnings.push(format!("{n_unknown} letters are drawn without saying which they are"));
    }
    Ok(paper)
}

fn damaged(reason: &str) -> Error {
    Error::Damaged { format: Format::Pdf, reason: reason.to_owned() }
}

/// What reading a page gave.
struct PageRead {
    rows: PageRows,
    /// The page is a picture without a text layer.
    is_blind: bool,
    n_unknown: usize,
}

fn read_page<'a>(pdf: &'a Pdf, page: &Page<'a>, cache: &InterpreterCache<'a>, cancelled: &Arc<AtomicBool>) -> PageRead {
    let (width, height) = page.render_dimensions();
    // What stands on the page is its text; annotations are what readers wrote on it.
    let settings = InterpreterSettings { render_content: RenderContent::PAGE, ..InterpreterSettings::default() };
    let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let upright: Affine = page.initial_transform(true).to_kurbo();
    let mut context = Context::new(upright, area, cache, pdf.xref(), settings);
    let mut collector = Collector::new(width, height, cancelled.clone());
    interpret_page(page, &mut context, &mut collector);

    let mut glyphs = visible_or_layer(std::mem::take(&mut collector.glyphs));
    let n_guessed = glyphs.iter().filter(|glyph| glyph.guessed).count();
    if n_guessed > 0 && !glyphs::reads_as_text(glyphs.iter().filter(|glyph| glyph.guessed)) {
        glyphs.retain(|glyph| !glyph.guessed);
        collector.n_unknown += n_guessed;
    }
    let n_known = glyphs.len() + collector.turned.len();
    if collector.n_unknown > MAX_UNKNOWN * n_known {
        return PageRead { rows: PageRows { rows: Vec::new(), height }, is_blind: true, n_unknown: 0 };
    }
    let mut rows = order::rows(lines::fragments(&glyphs));
    // What runs up the margin is a stamp, not text, unless it is the page itself laid on its side.
    let mut turned = order::rows(lines::fragments(&collector.turned));
    if collector.turned.len() < glyphs.len() {
        turned.iter_mut().flat_map(|row| &mut row.fragments).for_each(|fragment| fragment.artifact = true);
    }
    rows.extend(turned);
    let is_blind = rows.is_empty() && collector.n_images > 0;
    PageRead { rows: PageRows { rows, height }, is_blind, n_unknown: collector.n_unknown }
}

/// Chooses between what can be seen and an invisible text layer: the one that says more.
fn visible_or_layer(glyphs: Vec<Glyph>) -> Vec<Glyph> {
    let n_invisible = glyphs.iter().filter(|glyph| glyph.invisible).count();
    let invisible = n_invisible * 2 > glyphs.len();
    glyphs.into_iter().filter(|glyph| glyph.invisible == invisible).collect()
}

/// Writes the rows as text, with marks for what is not running text.
fn compose(pages: &[PageRows], looks: &Looks, body: Body) -> RawPaper {
    let mut text = String::new();
    let mut marks: Vec<Mark> = Vec::new();
    let mut starts = Vec::new();
    for (page, looks) in pages.iter().zip(looks) {
        starts.push(RawPage { start: text.len(), label: None });
        for (i, row) in page.rows.iter().enumerate() {
            let begins = i > 0 && begins_block(&page.rows, looks, i, body);
            if begins {
                text.push('\n');
            }
            let start = text.len();
            for (nth, fragment) in row.fragments.iter().enumerate() {
                text.push_str(if nth > 0 { "  " } else { "" });
                let at = text.len();
                text.push_str(&fragment.text);
                marks.extend(fragment.raised.iter().map(|raised| Mark {
                    span: Span::new(at + raised.start, at + raised.end),
                    feature: Feature::FootnoteMark,
                }));
            }
            let end = text.len();
            text.push('\n');
            let Some(feature) = looks[i] else { continue };
            let goes_on = i > 0 && !begins && looks[i - 1] == looks[i];
            let open = marks.iter_mut().rev().find(|mark| mark.feature == feature).filter(|_| goes_on);
            match open {
                Some(mark) => mark.span.end = end,
                None => marks.push(Mark { span: Span::new(start, end), feature }),
            }
        }
    }
    marks.sort_by_key(|mark| (mark.span.start, std::cmp::Reverse(mark.span.end)));
    RawPaper {
        text,
        map: None,
        flow: Flow::Lines,
        pages: starts,
        marks,
        biblio: Default::default(),
        warnings: Vec::new(),
    }
}

/// Tells whether a row begins a paragraph, note, heading, ...: what it is changes, or it stands
/// further below or further in than its neighbors.
fn begins_block(rows: &[Row], looks: &[Option<Feature>], i: usize, body: Body) -> bool {
    let (last, row) = (&rows[i - 1], &rows[i]);
    if looks[i] != looks[i - 1] {
        return true;
    }
    match looks[i] {
        Some(Feature::Footnote) => return style::begins_note(row, body),
        Some(Feature::Table) => return false,
        _ => {}
    }
    let Some(step) = style::step(last, row) else {
        // Another column goes on with the sentence; another type does not.
        return (last.first().size - row.first().size).abs() >= 0.08 * row.first().size;
    };
    // A line that is full and ends in mid-sentence goes on, however far below; so does the second
    // line of a bullet, however far in.
    let is_short = last.x1() < row.x1() - 3.0 * body.size;
    let may_end =
        is_short || last.text().ends_with(['.', '?', '!', ':', ';', '”', '"', ')', ']']) || ends_in_mark(last);
    let indent = |of: &Row, from: &Row| (of.x0() - from.x0()) / body.size;
    let is_indented =
        (0.8..4.0).contains(&indent(row, last)) && rows.get(i + 1).is_none_or(|next| indent(next, last).abs() < 0.3);
    step > 1.6 * body.leading || (may_end && (step > 1.25 * body.leading || is_indented))
}

/// Tells whether a row ends in the mark of a note, as sentences do.
fn ends_in_mark(row: &Row) -> bool {
    let last = row.fragments.last();
    last.is_some_and(|last| last.raised.last().is_some_and(|mark| mark.end == last.text.len()))
}
