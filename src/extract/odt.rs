//! OpenDocument texts: paragraphs, headings, notes, tables.

use super::docx::read_core;
use super::draft::Draft;
use super::markup::{Dialect, Tag, Token, Tokens, pieces};
use super::packed::Parts;
use super::{Error, Format, Options};
use crate::paper::{Biblio, Feature, RawPaper};

/// Goes up when the text, marks or data of some document change.
pub const VERSION: u32 = 1;

/// Reads an OpenDocument text.
pub(super) fn read(bytes: Vec<u8>, options: &Options) -> Result<RawPaper, Error> {
    let mut parts = Parts::open(bytes, options)?;
    if parts.text("META-INF/manifest.xml")?.is_some_and(|manifest| manifest.contains("manifest:encryption-data")) {
        return Err(Error::Encrypted);
    }
    let no_text = || Error::Damaged { format: Format::Odt, reason: "it has no content in it".to_owned() };
    let content = parts.text("content.xml")?.ok_or_else(no_text)?;
    let mut draft = write(&content);
    draft.end();
    if draft.is_empty() {
        return Err(Error::Empty);
    }
    let biblio = parts.text("meta.xml")?.map_or(Biblio::default(), |meta| read_core(&meta));
    Ok(draft.finish(biblio).0)
}

/// Elements whose text is not the paper's: comments, what was deleted.
const SKIPPED: &[&str] =
    &["office:annotation", "text:tracked-changes", "text:bibliography-configuration", "svg:desc", "svg:title"];

fn write(source: &str) -> Draft {
    let (mut draft, mut notes) = (Draft::default(), Draft::default());
    let mut skipping: Option<String> = None;
    let (mut in_body, mut in_contents, mut in_mark, mut in_note) = (false, false, false, false);
    // For each open table, the cell of the row.
    let mut cells: Vec<usize> = Vec::new();
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
                "table:table" => cells.push(0),
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
                "text:p" | "text:h" => draft.begin(feature(&tag)),
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
                "table:table-row" => draft.end(),
                "table:table" => _ = cells.pop(),
                "text:p" | "text:h" if !in_note && cells.is_empty() => draft.end(),
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
    draft.append(notes);
    draft
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
