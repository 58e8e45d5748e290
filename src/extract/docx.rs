//! Word documents: paragraphs, headings by their styles, notes, tables.

use std::collections::HashMap;

use super::draft::Draft;
use super::markup::{Dialect, Tag, Token, Tokens, local, pieces};
use super::packed::Parts;
use super::{Error, Format, Options, date};
use crate::paper::{Biblio, Feature, Person, RawPaper};

/// Goes up when the text, marks or data of some document change.
pub const VERSION: u32 = 1;

/// Reads a Word document.
pub(super) fn read(bytes: Vec<u8>, options: &Options) -> Result<RawPaper, Error> {
    let mut parts = Parts::open(bytes, options)?;
    let no_text = || Error::Damaged { format: Format::Docx, reason: "it has no document in it".to_owned() };
    let document = parts.text("word/document.xml")?.ok_or_else(no_text)?;
    let styles = parts.text("word/styles.xml")?.map_or(HashMap::new(), |styles| read_styles(&styles));
    let mut writer = Writer { styles: &styles, draft: Draft::default(), notes: Vec::new() };
    writer.write(&document);
    let told = std::mem::take(&mut writer.notes);
    let mut draft = writer.draft;
    for (kind, part) in [("footnote", "word/footnotes.xml"), ("endnote", "word/endnotes.xml")] {
        let Some(source) = parts.text(part)? else { continue };
        for (number, (_, id)) in told.iter().enumerate().filter(|(_, (told, _))| *told == kind) {
            draft.append(read_note(&source, kind, id, number + 1));
        }
    }
    draft.end();
    if draft.is_empty() {
        return Err(Error::Empty);
    }
    let biblio = parts.text("docProps/core.xml")?.map_or(Biblio::default(), |core| read_core(&core));
    Ok(draft.finish(biblio).0)
}

/// Maps the ids of styles to what their paragraphs are: Word translates the ids, not the names.
fn read_styles(source: &str) -> HashMap<String, Feature> {
    let mut styles = HashMap::new();
    let mut id = String::new();
    for token in Tokens::new(source, Dialect::Xml) {
        let Token::Open(tag) = token else { continue };
        let value = || tag.attribute("w:val").unwrap_or_default();
        match &*tag.name {
            "w:style" => id = tag.attribute("w:styleId").unwrap_or_default(),
            "w:name" => {
                if let Some(feature) = named(&value().to_lowercase()) {
                    styles.insert(id.clone(), feature);
                }
            }
            "w:outlineLvl" => {
                if let Some(heading) = outline_level(&value()) {
                    styles.entry(id.clone()).or_insert(heading);
                }
            }
            _ => {}
        }
    }
    styles
}

/// Reads a level of the outline, which counts from 0: `1` ⇒ a heading of level 2; `9` is body text.
pub(super) fn outline_level(text: &str) -> Option<Feature> {
    let level: u8 = text.parse().ok()?;
    (level < 9).then_some(Feature::Heading(level + 1))
}

/// What paragraphs of a style are, by the style's English name.
fn named(style: &str) -> Option<Feature> {
    match style {
        "title" => Some(Feature::Heading(1)),
        "caption" => Some(Feature::Caption),
        _ if style.starts_with("toc ") => Some(Feature::Furniture),
        _ => {
            style.strip_prefix("heading ")?.parse().ok().filter(|level| (1..=9u8).contains(level)).map(Feature::Heading)
        }
    }
}

/// Reads the name of a heading's style: `heading 2` ⇒ a heading of level 2.
pub(super) fn heading_style(style: &str) -> Option<Feature> {
    let level: u8 = style.strip_prefix("heading ")?.parse().ok()?;
    (1..=9).contains(&level).then_some(Feature::Heading(level))
}

/// Writes the text of a document into a draft.
struct Writer<'a> {
    styles: &'a HashMap<String, Feature>,
    draft: Draft,
    /// The notes told so far: `footnote` or `endnote`, and the id.
    notes: Vec<(&'static str, String)>,
}

impl Writer<'_> {
    fn write(&mut self, source: &str) {
        let tokens: Vec<Token<'_>> = Tokens::new(source, Dialect::Xml).collect();
        let (mut in_text, mut n_fallback) = (false, 0usize);
        // For each open table, whether its row is one with cells beside each other, and the cell.
        let mut rows: Vec<(bool, usize)> = Vec::new();
        for (i, token) in tokens.iter().enumerate() {
            match token {
                // What is drawn for old programs repeats what is drawn for new ones.
                Token::Open(tag) if tag.name == "mc:Fallback" => n_fallback += 1,
                Token::Close(name) if name == "mc:Fallback" => n_fallback = n_fallback.saturating_sub(1),
                _ if n_fallback > 0 => {}
                Token::Open(tag) => match &*tag.name {
                    "w:tbl" => rows.push((false, 0)),
                    "w:tr" => {
                        if let Some(row) = rows.last_mut() {
                            *row = (n_cells(&tokens[i + 1..]) > 1, 0);
                        }
                        let is_row = rows.last().is_some_and(|row| row.0);
                        self.draft.begin(is_row.then_some(Feature::Table));
                    }
                    "w:tc" => {
                        if let Some((true, cell)) = rows.last_mut() {
                            if *cell > 0 {
                                self.draft.push(" | ");
                            }
                            *cell += 1;
                        }
                    }
                    "w:p" if rows.last().is_some_and(|row| row.0) => self.draft.push(" "),
                    "w:p" => self.draft.begin(None),
                    "w:pStyle" | "w:outlineLvl" if !self.draft.is_open() => self.style(tag),
                    "w:t" => in_text = true,
                    "w:tab" | "w:br" | "w:cr" => self.draft.push(" "),
                    "w:noBreakHyphen" => self.draft.push("-"),
                    "w:footnoteReference" => self.note("footnote", tag),
                    "w:endnoteReference" => self.note("endnote", tag),
                    _ => {}
                },
                Token::Close(name) => match &**name {
                    "w:t" => in_text = false,
                    "w:tr" => self.draft.end(),
                    "w:tbl" => _ = rows.pop(),
                    "w:p" if !rows.last().is_some_and(|row| row.0) => self.draft.end(),
                    _ => {}
                },
                Token::Text { span, literal } if in_text => {
                    for (piece, _) in pieces(source, *span, *literal) {
                        self.draft.push(&piece);
                    }
                }
                Token::Text { .. } => {}
            }
        }
    }

    fn style(&mut self, tag: &Tag<'_>) {
        let value = tag.attribute("w:val").unwrap_or_default();
        let feature = match &*tag.name {
            "w:pStyle" => self.styles.get(&value).copied(),
            _ => outline_level(&value),
        };
        if feature.is_some() {
            self.draft.begin(feature);
        }
    }

    fn note(&mut self, kind: &'static str, tag: &Tag<'_>) {
        self.notes.push((kind, tag.attribute("w:id").unwrap_or_default()));
        self.draft.open_mark(Feature::FootnoteMark);
        self.draft.push(&self.notes.len().to_string());
        self.draft.close_mark();
    }
}

/// Counts the cells of the row that `tokens` stand in.
fn n_cells(tokens: &[Token<'_>]) -> usize {
    let mut depth = 0usize;
    let mut n = 0;
    for token in tokens {
        match token {
            Token::Open(tag) if tag.name == "w:tr" => depth += 1,
            Token::Open(tag) if tag.name == "w:tc" && depth == 0 => n += 1,
            Token::Close(name) if name == "w:tr" && depth == 0 => break,
            Token::Close(name) if name == "w:tr" => depth -= 1,
            _ => {}
        }
    }
    n
}

/// Reads one note: its number, as in the text, and its paragraphs on one line.
fn read_note(source: &str, kind: &str, id: &str, number: usize) -> Draft {
    let mut draft = Draft::default();
    draft.begin(Some(Feature::Footnote));
    draft.push(&format!("{number} "));
    let (mut inside, mut in_text) = (false, false);
    for token in Tokens::new(source, Dialect::Xml) {
        match token {
            Token::Open(tag) if local(&tag.name) == kind => inside = tag.attribute("w:id").as_deref() == Some(id),
            Token::Close(name) if inside && local(&name) == kind => break,
            Token::Open(tag) if inside => match &*tag.name {
                "w:t" => in_text = true,
                "w:p" | "w:tab" | "w:br" => draft.push(" "),
                _ => {}
            },
            Token::Close(name) if name == "w:t" => in_text = false,
            Token::Text { span, literal } if inside && in_text => {
                pieces(source, span, literal).for_each(|(piece, _)| draft.push(&piece));
            }
            _ => {}
        }
    }
    draft
}

/// Reads the properties of a document: Dublin Core, in Word, OpenDocument and EPUB alike.
pub(super) fn read_core(source: &str) -> Biblio {
    let mut biblio = Biblio::default();
    let mut element = String::new();
    for token in Tokens::new(source, Dialect::Xml) {
        match token {
            Token::Open(tag) => element = tag.name.into_owned(),
            Token::Close(_) => element.clear(),
            Token::Text { span, literal } => {
                let value: String = pieces(source, span, literal).map(|(piece, _)| piece).collect();
                let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
                if value.is_empty() {
                    continue;
                }
                match element.as_str() {
                    "dc:title" => _ = biblio.title.get_or_insert(value),
                    // A user's short name is no author's.
                    "dc:creator" | "meta:initial-creator" if value.contains(' ') => {
                        let person = Person::parse(&value);
                        if !biblio.authors.contains(&person) {
                            biblio.authors.push(person);
                        }
                    }
                    "dcterms:created" | "dc:date" | "meta:creation-date" if biblio.year.is_none() => {
                        (biblio.year, biblio.month, biblio.day) = date(&value);
                    }
                    "dc:publisher" => _ = biblio.publisher.get_or_insert(value),
                    "dc:language" => biblio.language = value.split(['-', '_']).next().map(str::to_lowercase),
                    "dc:identifier" => read_identifier(&value, &mut biblio),
                    _ => {}
                }
            }
        }
    }
    biblio
}

fn read_identifier(value: &str, biblio: &mut Biblio) {
    let bare = value.trim_start_matches("urn:isbn:").trim_start_matches("doi:");
    let digits: String = bare.chars().filter(|c| c.is_ascii_digit()).collect();
    if bare.starts_with("10.") && bare.contains('/') {
        biblio.doi.get_or_insert(bare.to_owned());
    } else if digits.len() == 13 && digits.starts_with("97") {
        biblio.isbn.get_or_insert(bare.to_owned());
    }
}
