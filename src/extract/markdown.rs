//! Markdown: blocks with their places in the file, notes, and the data in front of the text.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Event, MetadataBlockKind, Options as Extensions, Parser, Tag, TagEnd};

use super::draft::Draft;
use super::{Error, date, encoding};
use crate::paper::{Biblio, Feature, Person, RawPaper, Span};

/// Goes up when the text, marks or data of some file change.
pub const VERSION: u32 = 1;

/// Reads a Markdown file.
pub(super) fn read(bytes: Vec<u8>) -> Result<RawPaper, Error> {
    let decoded = encoding::decode(bytes)?;
    let (draft, front) = write(&decoded.text);
    if draft.is_empty() {
        return Err(Error::Empty);
    }
    let (mut paper, map) = draft.finish(biblio(&front));
    paper.map = Some(map.through(&decoded.map));
    Ok(paper)
}

/// Returns the text, and the data in front of it.
fn write(source: &str) -> (Draft, String) {
    let extensions = Extensions::ENABLE_TABLES
        | Extensions::ENABLE_FOOTNOTES
        | Extensions::ENABLE_STRIKETHROUGH
        | Extensions::ENABLE_HEADING_ATTRIBUTES
        | Extensions::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let (mut draft, mut front) = (Draft::default(), String::new());
    let (mut in_front, mut in_image, mut in_note, mut in_row) = (false, 0usize, false, false);
    let mut n_cells = 0;
    // Paragraphs of an item or a quotation are blocks of their own; those of a note are notes.
    let block = |in_note: bool| in_note.then_some(Feature::Footnote);
    for (event, place) in Parser::new_ext(source, extensions).into_offset_iter() {
        match event {
            Event::Start(Tag::MetadataBlock(MetadataBlockKind::YamlStyle)) => in_front = true,
            Event::End(TagEnd::MetadataBlock(_)) => in_front = false,
            Event::Text(text) if in_front => front.push_str(&text),
            Event::Start(Tag::Image { .. }) => in_image += 1,
            Event::End(TagEnd::Image) => in_image -= 1,
            _ if in_image > 0 || in_front => {}
            Event::Start(Tag::Heading { level, .. }) => draft.begin(Some(Feature::Heading(level as u8))),
            Event::Start(Tag::FootnoteDefinition(label)) => {
                in_note = true;
                draft.begin(Some(Feature::Footnote));
                draft.push(&label);
                draft.push(" ");
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                draft.end();
                in_note = false;
            }
            Event::Start(Tag::Paragraph) if in_note && draft.is_open() => draft.push(" "),
            Event::Start(Tag::Paragraph | Tag::Item | Tag::CodeBlock(_) | Tag::HtmlBlock) => {
                draft.begin(block(in_note))
            }
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                draft.begin(Some(Feature::Table));
                (in_row, n_cells) = (true, 0);
            }
            Event::Start(Tag::TableCell) => {
                if n_cells > 0 {
                    draft.push(" | ");
                }
                n_cells += 1;
            }
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => {
                in_row = false;
                draft.end();
            }
            Event::End(TagEnd::Paragraph) if in_note => {}
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock) if !in_row => {
                draft.end()
            }
            Event::FootnoteReference(label) => {
                draft.open_mark(Feature::FootnoteMark);
                draft.push_from(&label, Some(place.into()));
                draft.close_mark();
            }
            Event::Text(text) => push(&mut draft, source, &text, place),
            Event::Code(text) => draft.push_from(&text, Some(inner(source, &place, &text))),
            Event::SoftBreak | Event::HardBreak => draft.push_from(" ", Some(place.into())),
            _ => {}
        }
    }
    draft.end();
    (draft, front)
}

/// Adds text; where it is not what stands in the file (a reference, an escape), as a whole.
fn push(draft: &mut Draft, source: &str, text: &str, place: Range<usize>) {
    let span: Span = if source.get(place.clone()) == Some(text) { place.into() } else { inner(source, &place, text) };
    draft.push_from(text, Some(span));
}

/// Finds a text inside the markup around it.
fn inner(source: &str, place: &Range<usize>, text: &str) -> Span {
    match source.get(place.clone()).and_then(|raw| raw.find(text)) {
        Some(at) => Span::new(place.start + at, place.start + at + text.len()),
        None => place.clone().into(),
    }
}

/// Reads the data in front of a text: `key: value` and lists, the part of YAML that is used there.
fn biblio(front: &str) -> Biblio {
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut key = String::new();
    for line in front.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let value = match (line.trim_start().strip_prefix("- "), line.split_once(':')) {
            (Some(item), _) => item,
            (None, Some((name, value))) if !line.starts_with([' ', '\t']) => {
                key = name.trim().to_lowercase();
                value
            }
            _ => continue,
        };
        let listed = value.trim().strip_prefix('[').and_then(|list| list.strip_suffix(']'));
        let values = listed.map_or(vec![value], |list| list.split(',').collect());
        let values = values.into_iter().map(|value| value.trim().trim_matches(['"', '\'']).to_owned());
        // A list of maps: the name in it is what counts.
        let values =
            values.map(|value| value.strip_prefix("name:").map_or(value.clone(), |name| name.trim().to_owned()));
        fields.entry(key.clone()).or_default().extend(values.filter(|value| !value.is_empty()));
    }
    let first = |names: &[&str]| names.iter().find_map(|name| fields.get(*name)?.first().cloned());
    let authors = ["authors", "author"].iter().find_map(|name| fields.get(*name)).map_or(&[][..], Vec::as_slice);
    let (year, month, day) = first(&["date", "published", "year"]).map_or((None, None, None), |text| date(&text));
    Biblio {
        title: first(&["title"]),
        authors: authors.iter().map(|name| Person::parse(name)).collect(),
        year,
        month,
        day,
        publisher: first(&["publisher", "institution"]),
        doi: first(&["doi"]),
        url: first(&["url", "source"]).filter(|url| url.contains("://")),
        language: first(&["lang", "language"]),
        ..Biblio::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_data_in_front() {
        let found = biblio(
            "title: \"Border: a study\"\nauthor:\n  - Jane Roe\n  - name: John Doe\ndate: 2021-08-03\nlang: en\n",
        );
        assert_eq!(found.title.as_deref(), Some("Border: a study"));
        assert_eq!(found.authors.iter().map(|a| a.family.as_str()).collect::<Vec<_>>(), ["Roe", "Doe"]);
        assert_eq!((found.year, found.month, found.language.as_deref()), (Some(2021), Some(8), Some("en")));
        assert_eq!(biblio("author: [Jane Roe, John Doe]").authors.len(), 2);
    }
}
