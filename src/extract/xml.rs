//! Scholarly XML: JATS (journals) and TEI (editions, GROBID), read by the names of their elements.

use super::draft::Draft;
use super::markup::{Dialect, Tag, Token, Tokens, local, pieces};
use super::{Error, Format, date, encoding};
use crate::paper::{Biblio, Feature, Person, RawPaper};

/// Goes up when the text, marks or data of some document change.
pub const VERSION: u32 = 1;

/// Reads a JATS or TEI document.
pub(super) fn read(bytes: Vec<u8>) -> Result<RawPaper, Error> {
    let decoded = encoding::decode_labelled(bytes)?;
    let draft = write(&decoded.text);
    if draft.is_empty() {
        return Err(Error::Damaged { format: Format::Xml, reason: "it has no text that JATS or TEI know".to_owned() });
    }
    let (mut paper, map) = draft.finish(biblio(&decoded.text));
    paper.map = Some(map.through(&decoded.map));
    Ok(paper)
}

/// Elements whose text is data about the paper, or no text at all.
const SKIPPED: &[&str] = &[
    "journal-meta",
    "article-categories",
    "contrib-group",
    "aff",
    "author-notes",
    "pub-date",
    "history",
    "permissions",
    "self-uri",
    "kwd-group",
    "funding-group",
    "counts",
    "custom-meta-group",
    "article-id",
    "volume",
    "issue",
    "fpage",
    "lpage",
    "elocation-id",
    "related-article",
    "alternatives",
    "tex-math",
    "object-id",
    "processing-meta",
    "teiHeader",
    "figDesc",
    "alt-title",
    "formula",
];

/// Elements that hold a paragraph, or what reads like one.
const BLOCKS: &[&str] = &[
    "p",
    "title",
    "article-title",
    "head",
    "ab",
    "l",
    "label",
    "caption",
    "list-item",
    "item",
    "ref",
    "bibl",
    "biblStruct",
    "verse-line",
    "disp-quote",
];

fn write(source: &str) -> Draft {
    let (mut draft, mut notes) = (Draft::default(), Draft::default());
    let mut open: Vec<String> = Vec::new();
    let mut skipped_from = None;
    let (mut n_notes, mut n_cells) = (0, 0);
    // How deep a note begins, when one is open.
    let mut note_from = None;
    for token in Tokens::new(source, Dialect::Xml) {
        match token {
            Token::Open(tag) => {
                let name = local(&tag.name);
                let depth = open.len();
                match name {
                    _ if skipped_from.is_some() => {}
                    _ if SKIPPED.contains(&name) => skipped_from = Some(depth),
                    "fn" | "note" if note_from.is_none() => {
                        // A note in the running text leaves its number there, unless a mark does.
                        let number = tag.attribute("n").unwrap_or_else(|| {
                            n_notes += 1;
                            n_notes.to_string()
                        });
                        note_from = Some(depth);
                        if name == "note" && draft.is_open() {
                            mark(&mut draft, |draft| draft.push(&number));
                        }
                        notes.begin(Some(Feature::Footnote));
                        if name == "note" {
                            notes.push(&format!("{number} "));
                        }
                    }
                    _ if note_from.is_some() => notes.push(if BLOCKS.contains(&name) { " " } else { "" }),
                    "xref" if tag.has("ref-type", "fn") => draft.open_mark(Feature::FootnoteMark),
                    "pb" => draft.page(tag.attribute("n")),
                    "tr" | "row" => {
                        n_cells = 0;
                        draft.begin(Some(Feature::Table));
                    }
                    "td" | "th" | "cell" => {
                        draft.push(if n_cells > 0 { " | " } else { "" });
                        n_cells += 1;
                    }
                    "break" | "lb" => draft.push(" "),
                    // A label and its caption or title are one line.
                    "caption" | "title" if draft.is_open() && !is_inside(&open, WHOLE) => {}
                    _ if BLOCKS.contains(&name) && !is_inside(&open, WHOLE) => draft.begin(feature(name, &open)),
                    _ => {}
                }
                open.push(name.to_owned());
            }
            Token::Close(name) => {
                let name = local(&name);
                let Some(at) = open.iter().rposition(|one| one == name) else { continue };
                open.truncate(at);
                if let Some(depth) = skipped_from {
                    if at <= depth {
                        skipped_from = None;
                    }
                    continue;
                }
                match name {
                    "xref" => draft.close_mark(),
                    _ if note_from.is_some_and(|depth| at <= depth) => {
                        note_from = None;
                        notes.end();
                    }
                    _ if note_from.is_some() => {}
                    "label" => draft.push(" "),
                    _ if is_inside(&open, &["element-citation", "biblStruct"]) => draft.push(" "),
                    "tr" | "row" => draft.end(),
                    _ if BLOCKS.contains(&name) && !is_inside(&open, WHOLE) => draft.end(),
                    _ => {}
                }
            }
            Token::Text { span, literal } if skipped_from.is_none() => {
                for (piece, place) in pieces(source, span, literal) {
                    match note_from {
                        Some(_) => notes.push(&piece),
                        // White space between elements is layout.
                        None if draft.is_open() || !piece.trim().is_empty() => draft.push_from(&piece, Some(place)),
                        None => {}
                    }
                }
            }
            Token::Text { .. } => {}
        }
    }
    draft.append(notes);
    draft
}

/// Writes the mark of a note.
fn mark(draft: &mut Draft, write: impl Fn(&mut Draft)) {
    draft.open_mark(Feature::FootnoteMark);
    write(draft);
    draft.close_mark();
}

/// Elements that are one block, whatever blocks they hold.
const WHOLE: &[&str] = &["tr", "row", "ref", "bibl", "biblStruct", "caption", "article-title"];

const FIGURES: &[&str] = &["fig", "table-wrap", "boxed-text", "figure", "table"];

fn is_inside(open: &[String], names: &[&str]) -> bool {
    open.iter().any(|one| names.contains(&one.as_str()))
}

/// What the text of a block is; headings by the depth of their sections.
fn feature(name: &str, open: &[String]) -> Option<Feature> {
    let holder = open.last().map_or("", String::as_str);
    let n_sections = open
        .iter()
        .filter(|one| matches!(one.as_str(), "sec" | "div" | "abstract" | "ack" | "app" | "ref-list"))
        .count();
    let level = u8::try_from(n_sections).unwrap_or(u8::MAX).clamp(1, 9);
    match name {
        "article-title" => Some(Feature::Heading(1)),
        _ if is_inside(open, FIGURES) => Some(Feature::Caption),
        // Under the paper's title, a section of the highest level is the second.
        "title" | "label" if matches!(holder, "sec" | "abstract" | "ack" | "app" | "ref-list" | "back") => {
            Some(Feature::Heading(level + 1))
        }
        "head" => Some(Feature::Heading(level + 1)),
        _ => None,
    }
}

/// Reads the data of the head: names of JATS and TEI never mean different things.
fn biblio(source: &str) -> Biblio {
    let mut biblio = Biblio::default();
    let mut open: Vec<(String, String)> = Vec::new();
    let (mut person, mut year, mut month, mut day) = (Person::default(), None, None, None);
    for token in Tokens::new(source, Dialect::Xml) {
        match token {
            Token::Open(tag) if matches!(local(&tag.name), "body" | "back") => break,
            Token::Open(tag) => {
                if local(&tag.name) == "date" && biblio.year.is_none() {
                    let when = tag.attribute("when").unwrap_or_default();
                    (biblio.year, biblio.month, biblio.day) = date(&when);
                }
                open.push((local(&tag.name).to_owned(), kind(&tag)));
            }
            Token::Close(name) => {
                let name = local(&name);
                if matches!(name, "contrib" | "author") && !person.family.is_empty() {
                    biblio.authors.push(std::mem::take(&mut person));
                }
                if name == "pub-date" && biblio.year.is_none() {
                    (biblio.year, biblio.month, biblio.day) = (year.take(), month.take(), day.take());
                }
                if let Some(at) = open.iter().rposition(|(one, _)| one == name) {
                    open.truncate(at);
                }
            }
            Token::Text { span, literal } => {
                let value: String = pieces(source, span, literal).map(|(piece, _)| piece).collect();
                let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
                let Some((name, kind)) = open.last().filter(|_| !value.is_empty()) else { continue };
                let within = |outer: &str| open.iter().any(|(one, _)| one == outer);
                let set = |field: &mut Option<String>, value: String| _ = field.get_or_insert(value);
                match name.as_str() {
                    _ if within("article-title") => {
                        biblio.title =
                            Some(biblio.title.take().map_or(value.clone(), |title| format!("{title} {value}")))
                    }
                    "title" if within("titleStmt") => set(&mut biblio.title, value),
                    "journal-title" => set(&mut biblio.container, value),
                    "publisher-name" | "publisher" => set(&mut biblio.publisher, value),
                    "surname" if within("contrib") || within("author") => person.family = value,
                    "given-names" | "forename" if within("contrib") || within("author") => {
                        person.given = format!("{} {value}", person.given).trim().to_owned();
                    }
                    "collab" => person = Person { family: value, given: String::new() },
                    "article-id" | "idno" if kind.eq_ignore_ascii_case("doi") => set(&mut biblio.doi, value),
                    "volume" => set(&mut biblio.volume, value),
                    "issue" => set(&mut biblio.issue, value),
                    "fpage" => biblio.pages = Some(value),
                    "lpage" => {
                        biblio.pages = biblio
                            .pages
                            .take()
                            .filter(|first| *first != value)
                            .map(|first| format!("{first}-{value}"))
                            .or(Some(value))
                    }
                    "year" if within("pub-date") => year = value.parse().ok(),
                    "month" if within("pub-date") => month = value.parse().ok(),
                    "day" if within("pub-date") => day = value.parse().ok(),
                    _ => {}
                }
            }
        }
    }
    biblio
}

fn kind(tag: &Tag<'_>) -> String {
    tag.attribute("pub-id-type").or(tag.attribute("type")).unwrap_or_default()
}
