//! Word documents: paragraphs, headings by their styles, notes, tables.

use std::collections::HashMap;

use super::draft::Draft;
use super::markup::{Dialect, Tag, Token, Tokens, local, pieces};
use super::packed::Parts;
use super::{Error, Format, Options, date};
use crate::paper::{Biblio, Feature, Person, RawPaper};

/// Goes up when the text, marks or data of some document change.
pub const VERSION: u32 = 2;

/// Reads a Word document.
pub(super) fn read(bytes: Vec<u8>, options: &Options) -> Result<RawPaper, Error> {
    let mut parts = Parts::open(bytes, options)?;
    let no_text = || Error::Damaged { format: Format::Docx, reason: "it has no document in it".to_owned() };
    let document = parts.text("word/document.xml")?.ok_or_else(no_text)?;
    let styles = parts.text("word/styles.xml")?.map_or(HashMap::new(), |styles| read_styles(&styles));
    let mut writer = Writer::new(&styles);
    writer.write(&document);
    let (mut draft, told) = (writer.draft, writer.notes);
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
    let mut based_on = Vec::new();
    let mut id = String::new();
    for token in Tokens::new(source, Dialect::Xml) {
        let Token::Open(tag) = token else { continue };
        let value = || tag.attribute("w:val").unwrap_or_default();
        match &*tag.name {
            "w:style" => id = tag.attribute("w:styleId").unwrap_or_default(),
            "w:basedOn" => based_on.push((id.clone(), value())),
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
    // "My heading" is a heading when it is made from one; styles are made from styles before them or behind.
    for _ in 0..4 {
        for (id, parent) in &based_on {
            if let Some(&feature) = styles.get(parent).filter(|_| !styles.contains_key(id)) {
                styles.insert(id.clone(), feature);
            }
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

/// Elements whose text is not the paper's, or is told a second time: what was moved away, what was
/// changed about styles, drawings for old programs.
const SKIPPED: &[&str] =
    &["w:moveFrom", "w:del", "w:pPrChange", "w:rPrChange", "w:sectPrChange", "w:tblPrChange", "mc:Fallback"];

/// Writes the text of a document into a draft.
struct Writer<'a> {
    styles: &'a HashMap<String, Feature>,
    draft: Draft,
    /// The notes told so far: `footnote` or `endnote`, and the id.
    notes: Vec<(&'static str, String)>,
    /// For each open table, whether its row is one with cells beside each other, and the cell.
    rows: Vec<(bool, usize)>,
    /// What a text box stands in: the draft and tables to go on with.
    outer: Vec<(Draft, Vec<(bool, usize)>)>,
    /// Text boxes that wait for the end of the paragraph they hang on.
    boxes: Vec<Draft>,
    /// A page break that the program has not told to be one yet.
    breaks: bool,
    /// The run at hand is hidden.
    hidden: bool,
}

impl<'a> Writer<'a> {
    fn new(styles: &'a HashMap<String, Feature>) -> Self {
        Writer {
            styles,
            draft: Draft::default(),
            notes: Vec::new(),
            rows: Vec::new(),
            outer: Vec::new(),
            boxes: Vec::new(),
            breaks: false,
            hidden: false,
        }
    }

    fn in_row(&self) -> bool {
        self.rows.last().is_some_and(|row| row.0)
    }

    fn write(&mut self, source: &str) {
        let tokens: Vec<Token<'_>> = Tokens::new(source, Dialect::Xml).collect();
        // Word notes where its pages ended when it last laid them out; other programs do not.
        let has_pages = source.contains("<w:lastRenderedPageBreak");
        let (mut in_text, mut n_skipped) = (false, 0usize);
        for (i, token) in tokens.iter().enumerate() {
            match token {
                Token::Open(tag) if SKIPPED.contains(&&*tag.name) => n_skipped += 1,
                Token::Close(name) if SKIPPED.contains(&&**name) => n_skipped = n_skipped.saturating_sub(1),
                _ if n_skipped > 0 => {}
                Token::Open(tag) => match &*tag.name {
                    "w:tbl" => self.rows.push((false, 0)),
                    "w:tr" => {
                        if let Some(row) = self.rows.last_mut() {
                            *row = (n_cells(&tokens[i + 1..]) > 1, 0);
                        }
                        self.draft.begin(self.in_row().then_some(Feature::Table));
                    }
                    "w:tc" => {
                        if let Some((true, cell)) = self.rows.last_mut() {
                            if *cell > 0 {
                                self.draft.push(" | ");
                            }
                            *cell += 1;
                        }
                    }
                    "w:p" if self.in_row() => self.draft.push(" "),
                    "w:p" => self.draft.begin(None),
                    "w:r" => self.hidden = false,
                    "w:vanish" => {
                        self.hidden = !matches!(tag.attribute("w:val").as_deref(), Some("0" | "false" | "off"))
                    }
                    "w:pStyle" | "w:outlineLvl" if !self.draft.is_open() => self.style(tag),
                    "w:txbxContent" => {
                        let (draft, rows) = (std::mem::take(&mut self.draft), std::mem::take(&mut self.rows));
                        self.outer.push((draft, rows));
                    }
                    "w:lastRenderedPageBreak" => {
                        self.breaks = false;
                        self.draft.page(None);
                    }
                    "w:t" => in_text = true,
                    "w:br" if tag.has("w:type", "page") => self.breaks = has_pages,
                    "w:tab" | "w:br" | "w:cr" => self.draft.push(" "),
                    "w:noBreakHyphen" => self.draft.push("-"),
                    "w:footnoteReference" => self.note("footnote", tag),
                    "w:endnoteReference" => self.note("endnote", tag),
                    _ => {}
                },
                Token::Close(name) => match &**name {
                    "w:t" => in_text = false,
                    "w:pPr" => self.hidden = false,
                    "w:tr" => {
                        self.draft.end();
                        self.put_boxes();
                    }
                    "w:tbl" => _ = self.rows.pop(),
                    "w:p" if !self.in_row() => {
                        self.draft.end();
                        self.put_boxes();
                    }
                    "w:txbxContent" => {
                        if let Some((draft, rows)) = self.outer.pop() {
                            self.boxes.push(std::mem::replace(&mut self.draft, draft));
                            self.rows = rows;
                        }
                    }
                    _ => {}
                },
                Token::Text { span, literal } if in_text && !self.hidden => {
                    for (piece, _) in pieces(source, *span, *literal) {
                        if self.breaks && !piece.trim().is_empty() {
                            self.breaks = false;
                            self.draft.page(None);
                        }
                        self.draft.push(&piece);
                    }
                }
                Token::Text { .. } => {}
            }
        }
        // A damaged document may end inside a box.
        while let Some((draft, _)) = self.outer.pop() {
            self.boxes.push(std::mem::replace(&mut self.draft, draft));
        }
        self.put_boxes();
    }

    /// Puts text boxes behind the paragraph they hang on: they do not cut its sentence in two.
    fn put_boxes(&mut self) {
        if self.outer.is_empty() {
            for draft in std::mem::take(&mut self.boxes) {
                self.draft.append(draft);
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
    let (mut inside, mut in_text, mut n_skipped) = (false, false, 0usize);
    for token in Tokens::new(source, Dialect::Xml) {
        match token {
            Token::Open(tag) if SKIPPED.contains(&&*tag.name) => n_skipped += 1,
            Token::Close(name) if SKIPPED.contains(&&*name) => n_skipped = n_skipped.saturating_sub(1),
            _ if n_skipped > 0 => {}
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

#[cfg(test)]
mod tests {
    use super::super::packed::tests::zip_of;
    use super::*;

    /// Reads a document of the paragraphs given; `¦` in the text is a page's end.
    fn paper(body: &str) -> RawPaper {
        let document = format!("<w:document><w:body>{body}</w:body></w:document>");
        let styles = "<w:styles><w:style w:styleId='H'><w:name w:val='heading 2'/></w:style>\
                      <w:style w:styleId='Mine'><w:name w:val='Mine'/><w:basedOn w:val='H'/></w:style></w:styles>";
        let bytes = zip_of(&[("word/document.xml", document.as_bytes()), ("word/styles.xml", styles.as_bytes())]);
        read(bytes, &Options::default()).expect("it is a document")
    }

    #[track_caller]
    fn check(body: &str, expected: &str) {
        let paper = paper(body);
        let mut text = paper.text.clone();
        for page in paper.pages.iter().skip(1).rev() {
            text.insert(page.start, '¦');
        }
        assert_eq!(text.trim_end(), expected, "{body}");
    }

    #[test]
    fn what_was_deleted_or_moved_away_is_not_told() {
        check(
            "<w:p><w:r><w:t>Trade </w:t></w:r><w:del><w:r><w:delText>rose</w:delText></w:r></w:del>\
             <w:ins><w:r><w:t>fell</w:t></w:r></w:ins><w:moveFrom><w:r><w:t> twice</w:t></w:r></w:moveFrom>\
             <w:r><w:rPr><w:vanish/></w:rPr><w:t> hidden</w:t></w:r><w:r><w:t>.</w:t></w:r></w:p>",
            "Trade fell.",
        );
    }

    #[test]
    fn a_style_made_from_a_heading_is_one() {
        let paper = paper(
            "<w:p><w:pPr><w:pStyle w:val='Mine'/><w:pPrChange><w:pPr><w:pStyle w:val='X'/></w:pPr></w:pPrChange></w:pPr><w:r><w:t>Trade</w:t></w:r></w:p>",
        );
        assert_eq!(paper.marks[0].feature, Feature::Heading(2));
    }

    #[test]
    fn a_text_box_does_not_cut_its_paragraph() {
        check(
            "<w:p><w:r><w:t>Trade fell </w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>A box.</w:t></w:r></w:p>\
             </w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>A box.</w:t></w:r></w:p></w:txbxContent></mc:Fallback>\
             </mc:AlternateContent></w:r><w:r><w:t>by half.</w:t></w:r></w:p>",
            "Trade fell by half.\nA box.",
        );
    }

    #[test]
    fn pages_end_where_word_says_so() {
        let brk = "<w:r><w:br w:type='page'/></w:r>";
        let noted = "<w:r><w:lastRenderedPageBreak/><w:t>";
        check(
            &format!(
                "<w:p><w:r><w:t>One </w:t></w:r>{noted}goes on.</w:t></w:r>{brk}</w:p><w:p>{noted}Three.</w:t></w:r>{brk}</w:p>\
                 <w:p><w:r><w:t>Four.</w:t></w:r></w:p>"
            ),
            "One¦ goes on.\n¦Three.\n¦Four.",
        );
        // Breaks that a writer set are not all that there are.
        check(
            &format!("<w:p><w:r><w:t>One.</w:t></w:r>{brk}</w:p><w:p><w:r><w:t>Two.</w:t></w:r></w:p>"),
            "One.\nTwo.",
        );
    }
}
