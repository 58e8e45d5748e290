//! OpenDocument texts: paragraphs, headings, notes, tables.

use std::collections::HashSet;

use super::docx::read_core;
use super::draft::Draft;
use super::markup::{Dialect, Tag, Token, Tokens, pieces};
use super::packed::Parts;
use super::{Error, Format, Options};
use crate::paper::{Feature, RawPaper};

/// Goes up when the text, marks or data of some document change.
pub const VERSION: u32 = 2;

/// Reads an OpenDocument text.
pub(super) fn read(bytes: Vec<u8>, options: &Options) -> Result<RawPaper, Error> {
    let mut parts = Parts::open(bytes, options)?;
    if parts.text("META-INF/manifest.xml")?.is_some_and(|manifest| manifest.contains("manifest:encryption-data")) {
        return Err(Error::Encrypted);
    }
    let no_text = || Error::Damaged { format: Format::Odt, reason: "it has no content in it".to_owned() };
    let content = parts.text("content.xml")?.ok_or_else(no_text)?;
    let meta = parts.text("meta.xml")?.unwrap_or_default();
    let mut draft = write(&content, &styles_that_begin_pages(&content));
    draft.end();
    if draft.is_empty() {
        return Err(Error::Empty);
    }
    let mut paper = draft.finish(read_core(&meta)).0;
    // Programs note where a page ended when they last laid it out, but not all of them, nor all ends:
    // pages are known when they are as many as were counted.
    if n_pages(&meta) != Some(paper.pages.len()) {
        paper.pages.clear();
    }
    Ok(paper)
}

fn styles_that_begin_pages(content: &str) -> HashSet<String> {
    let mut styles = HashSet::new();
    let mut style = String::new();
    for token in Tokens::new(content, Dialect::Xml) {
        let Token::Open(tag) = token else { continue };
        let begins = match &*tag.name {
            "style:style" => {
                style = tag.attribute("style:name").unwrap_or_default();
                tag.attribute("style:master-page-name").is_some_and(|name| !name.is_empty())
            }
            "style:paragraph-properties" | "style:table-properties" => tag.has("fo:break-before", "page"),
            "office:text" => break,
            _ => false,
        };
        if begins {
            styles.insert(style.clone());
        }
    }
    styles
}

/// Returns the pages that the program counted.
fn n_pages(meta: &str) -> Option<usize> {
    Tokens::new(meta, Dialect::Xml).find_map(|token| match token {
        Token::Open(tag) => tag.attribute("meta:page-count")?.parse().ok(),
        _ => None,
    })
}

/// Elements whose text is not the paper's: comments, what was deleted.
const SKIPPED: &[&str] =
    &["office:annotation", "text:tracked-changes", "text:bibliography-configuration", "svg:desc", "svg:title"];

fn write(source: &str, begin_pages: &HashSet<String>) -> Draft {
    let (mut draft, mut notes) = (Draft::default(), Draft::default());
    let mut skipping: Option<String> = None;
    let (mut in_body, mut in_contents, mut in_mark, mut in_note) = (false, false, false, false);
    // For each open table, the cell of the row.
    let mut cells: Vec<usize> = Vec::new();
    // What text boxes stand in, and boxes that wait for the end of the paragraph they hang on.
    let mut outer: Vec<(Draft, Vec<usize>)> = Vec::new();
    let mut boxes: Vec<Draft> = Vec::new();
    let begins_page = |tag: &Tag<'_>| {
        let style = tag.attribute("text:style-name").or(tag.attribute("table:style-name"));
        style.is_some_and(|style| begin_pages.contains(&style))
    };
    for token in Tokens::new(source, Dialect::Xml) {
        if let Some(name) = &skipping {
            if matches!(&token, Token::Close(closed) if closed == name.as_str()) {
                skipping = None;
            }
            continue;
        }
        match token {
            Token::Open(tag) if SKIPPED.contains(&&*tag.name) => skipping = Some(tag.name.into_owned()),
            Token::Open(tag) => match &*tag.name {
                "office:text" => in_body = true,
                "text:table-of-content" => in_contents = true,
                "text:note-citation" => {
                    in_mark = true;
                    draft.open_mark(Feature::FootnoteMark);
                    notes.begin(Some(Feature::Footnote));
                }
                "text:note-body" => in_note = true,
                "table:table" => {
                    if begins_page(&tag) && !draft.is_empty() {
                        draft.begin(None);
                        draft.page(None);
                    }
                    cells.push(0);
                }
                "text:soft-page-break" if !draft.is_empty() => draft.page(None),
                "draw:text-box" => outer.push((std::mem::take(&mut draft), std::mem::take(&mut cells))),
                "table:table-row" => {
                    if let Some(cell) = cells.last_mut() {
                        *cell = 0;
                    }
                    draft.begin(Some(Feature::Table));
                }
                "table:table-cell" => {
                    if let Some(cell) = cells.last_mut() {
                        if *cell > 0 {
                            draft.push(" | ");
                        }
                        *cell += 1;
                    }
                }
                "text:p" | "text:h" if in_note => notes.push(" "),
                "text:p" | "text:h" if !cells.is_empty() => draft.push(" "),
                "text:p" | "text:h" if in_contents => draft.begin(Some(Feature::Furniture)),
                "text:p" | "text:h" => {
                    draft.begin(feature(&tag));
                    if begins_page(&tag) && !draft.is_empty() {
                        draft.page(None);
                    }
                }
                "text:s" | "text:tab" | "text:line-break" => {
                    if in_note {
                        notes.push(" ")
                    } else {
                        draft.push(" ")
                    }
                }
                _ => {}
            },
            Token::Close(name) => match &*name {
                "office:text" => in_body = false,
                "text:table-of-content" => in_contents = false,
                "text:note-citation" => {
                    in_mark = false;
                    draft.close_mark();
                    notes.push(" ");
                }
                "text:note-body" => {
                    in_note = false;
                    notes.end();
                }
                "draw:text-box" => {
                    if let Some((around, around_cells)) = outer.pop() {
                        boxes.push(std::mem::replace(&mut draft, around));
                        cells = around_cells;
                    }
                }
                "table:table-row" => {
                    draft.end();
                    put_boxes(&mut draft, &mut boxes, outer.is_empty());
                }
                "table:table" => _ = cells.pop(),
                "text:p" | "text:h" if !in_note && cells.is_empty() => {
                    draft.end();
                    put_boxes(&mut draft, &mut boxes, outer.is_empty());
                }
                _ => {}
            },
            Token::Text { span, literal } if in_body => {
                for (piece, _) in pieces(source, span, literal) {
                    if in_note || in_mark {
                        notes.push(&piece);
                    }
                    if !in_note {
                        draft.push(&piece);
                    }
                }
            }
            Token::Text { .. } => {}
        }
    }
    // A damaged document may end inside a box.
    while let Some((around, _)) = outer.pop() {
        boxes.push(std::mem::replace(&mut draft, around));
    }
    put_boxes(&mut draft, &mut boxes, true);
    draft.append(notes);
    draft
}

/// Puts text boxes behind the paragraph they hang on: they do not cut its sentence in two.
fn put_boxes(draft: &mut Draft, boxes: &mut Vec<Draft>, is_outside: bool) {
    if is_outside {
        boxes.drain(..).for_each(|text_box| draft.append(text_box));
    }
}

fn feature(tag: &Tag<'_>) -> Option<Feature> {
    let style = tag.attribute("text:style-name").unwrap_or_default();
    if tag.name == "text:h" {
        let level = tag.attribute("text:outline-level").and_then(|level| level.parse().ok());
        return Some(Feature::Heading(level.unwrap_or(1)));
    }
    match style.as_str() {
        "Title" => Some(Feature::Heading(1)),
        "Caption" | "Figure" | "Table" | "Illustration" => Some(Feature::Caption),
        _ => None,
    }
}
