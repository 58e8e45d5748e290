//! HTML: the main text of a page, its headings, notes and tables; menus and the like left out.

mod blocks;
mod main_text;

use super::draft::Draft;
use super::markup::{Dialect, Tag, Token, Tokens, decode};
use super::{Error, date, encoding};
use crate::paper::{Biblio, Feature, Person, RawPaper};
use blocks::{Block, Piece};

/// Goes up when the text, marks or data of some page change.
pub const VERSION: u32 = 1;

/// Reads a web page.
pub(super) fn read(bytes: Vec<u8>) -> Result<RawPaper, Error> {
    let decoded = encoding::decode_labelled(bytes)?;
    let mut draft = Draft::default();
    let page = blocks::read(&decoded.text);
    let chosen = main_text::choose(&page);
    write(&decoded.text, &page.blocks, |block| chosen.contains(&block.node), &mut draft);
    if draft.is_empty() {
        return Err(Error::Empty);
    }
    let (mut paper, map) = draft.finish(biblio(&decoded.text));
    paper.map = Some(map.through(&decoded.map));
    Ok(paper)
}

/// Writes a chapter of a book into a draft: all of it, for a book has no menus.
pub(super) fn write_chapter(source: &str, draft: &mut Draft) {
    let page = blocks::read(source);
    let mut chapter = Draft::default();
    write(source, &page.blocks, |_| true, &mut chapter);
    // The chapter's offsets are into itself, so they lead nowhere in the book.
    draft.append(chapter.without_map());
}

/// Writes the wanted blocks of a page.
fn write(source: &str, blocks: &[Block], wanted: impl Fn(&Block) -> bool, draft: &mut Draft) {
    let mut row = None;
    for block in blocks.iter().filter(|block| wanted(block)) {
        // Cells of one row stand on one line, unless they are a page laid out as a table.
        let joins = block.row.is_some() && block.row == row;
        if joins {
            draft.push(" | ");
        } else {
            draft.begin(block.feature);
        }
        row = block.row;
        for piece in &block.pieces {
            match piece {
                Piece::LineBreak => draft.push(" "),
                Piece::Page(label) => draft.page(label.clone()),
                Piece::Text { span, literal, is_mark } => {
                    if *is_mark {
                        draft.open_mark(Feature::FootnoteMark);
                    }
                    for (text, span) in super::markup::pieces(source, *span, *literal) {
                        draft.push_from(&text, Some(span));
                    }
                    if *is_mark {
                        draft.close_mark();
                    }
                }
            }
        }
    }
    draft.end();
}

/// Returns what the head of a page says about it.
fn biblio(source: &str) -> Biblio {
    let mut biblio = Biblio::default();
    let mut title = None;
    let mut in_title = false;
    for token in Tokens::new(source, Dialect::Html) {
        match token {
            Token::Open(tag) if tag.name == "meta" => read_meta(&tag, &mut biblio),
            Token::Open(tag) if tag.name == "html" => {
                let language = tag.attribute("lang").or(tag.attribute("xml:lang"));
                biblio.language = language
                    .and_then(|tag| tag.split(['-', '_']).next().map(str::to_lowercase))
                    .filter(|tag| !tag.is_empty());
            }
            Token::Open(tag) if tag.name == "title" => in_title = title.is_none(),
            Token::Open(tag) if tag.name == "body" => break,
            Token::Close(name) if name == "title" => in_title = false,
            Token::Text { span, .. } if in_title => title = Some(decode(span.of(source))),
            _ => {}
        }
    }
    let clean =
        |text: String| Some(text.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty());
    biblio.title = biblio.title.or(title).and_then(clean);
    biblio
}

/// Reads one `meta` element: Google Scholar's names first, then Dublin Core and Open Graph.
fn read_meta(tag: &Tag<'_>, biblio: &mut Biblio) {
    let Some(value) = tag.attribute("content").map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    else {
        return;
    };
    let Some(name) = tag.attribute("name").or(tag.attribute("property")) else { return };
    let set = |field: &mut Option<String>| {
        field.get_or_insert(value.clone());
    };
    match name.to_lowercase().as_str() {
        "citation_title" => biblio.title = Some(value),
        "dc.title" | "dcterms.title" | "og:title" => set(&mut biblio.title),
        "citation_author" | "dc.creator" | "dcterms.creator" | "author" if !value.contains("://") => {
            let person = Person::parse(&value);
            if !biblio.authors.contains(&person) {
                biblio.authors.push(person);
            }
        }
        "citation_publication_date"
        | "citation_date"
        | "dc.date"
        | "dcterms.date"
        | "dcterms.issued"
        | "article:published_time"
        | "date"
            if biblio.year.is_none() =>
        {
            (biblio.year, biblio.month, biblio.day) = date(&value);
        }
        "citation_publisher" | "dc.publisher" | "dcterms.publisher" | "citation_technical_report_institution" => {
            set(&mut biblio.publisher)
        }
        "citation_journal_title" => set(&mut biblio.container),
        "citation_volume" => set(&mut biblio.volume),
        "citation_issue" => set(&mut biblio.issue),
        "citation_doi" => set(&mut biblio.doi),
        "og:url" | "citation_abstract_html_url" => set(&mut biblio.url),
        _ => {}
    }
}
