//! A page cut into blocks of text, each with the element that holds it.

use super::super::markup::{Dialect, Tag, Token, Tokens};
use crate::paper::{Feature, Span};

/// Deeper nesting is damage; what stands deeper counts as standing here.
const MAX_DEPTH: usize = 256;

/// A page: its elements in order of their start, and the blocks of text they hold.
#[derive(Debug, Default)]
pub struct Page {
    pub nodes: Vec<Node>,
    pub blocks: Vec<Block>,
}

/// An element that can hold blocks.
#[derive(Debug)]
pub struct Node {
    pub parent: Option<usize>,
    pub name: String,
    /// Left out by what the page itself says: navigation, forms, hidden things.
    pub is_furniture: bool,
    /// Likely no part of the text, by its class or id.
    pub is_suspect: bool,
}

/// A paragraph, heading, list item or table cell.
#[derive(Debug)]
pub struct Block {
    pub node: usize,
    pub feature: Option<Feature>,
    pub pieces: Vec<Piece>,
    pub n_letters: usize,
    pub n_link_letters: usize,
    /// The table row that the block is a cell of, when it is a table of data.
    pub row: Option<usize>,
}

/// What a block is made of.
#[derive(Debug)]
pub enum Piece {
    Text {
        span: Span,
        literal: bool,
        /// The text is the mark of a note.
        is_mark: bool,
    },
    LineBreak,
    /// A page of the printed book begins, with its label.
    Page(Option<String>),
}

/// Reads a page.
pub fn read(source: &str) -> Page {
    let mut reader =
        Reader { page: Page::default(), stack: Vec::new(), open: None, pages: Vec::new(), row: None, n_rows: 0 };
    reader.enter("body".to_owned(), None);
    for token in Tokens::new(source, Dialect::Html) {
        match token {
            Token::Open(tag) => reader.open_tag(&tag),
            Token::Close(name) => reader.close_tag(&name),
            Token::Text { span, literal } => reader.text(source, span, literal),
        }
    }
    reader.end_block();
    unset_layout_tables(&mut reader.page.blocks);
    reader.page
}

/// An element that is open.
struct Open {
    name: String,
    /// The node it is, when it can hold blocks.
    node: Option<usize>,
    /// What it says of the text inside.
    says: Option<Feature>,
}

struct Reader {
    page: Page,
    stack: Vec<Open>,
    open: Option<Block>,
    /// Page starts that wait for a block.
    pages: Vec<Piece>,
    row: Option<usize>,
    n_rows: usize,
}

impl Reader {
    fn enter(&mut self, name: String, tag: Option<&Tag<'_>>) {
        let in_article = self.is_inside("article") || self.is_inside("main");
        self.page.nodes.push(Node {
            parent: self.stack.iter().rev().find_map(|open| open.node),
            // The header of an article is its title, not the site's.
            is_furniture: tag.is_some_and(is_furniture) && !(name == "header" && in_article),
            is_suspect: tag.is_some_and(is_suspect),
            name: name.clone(),
        });
        self.push_open(Open { says: tag.and_then(says), node: Some(self.page.nodes.len() - 1), name });
    }

    fn push_open(&mut self, open: Open) {
        if self.stack.len() < MAX_DEPTH {
            self.stack.push(open);
        }
    }

    fn is_inside(&self, name: &str) -> bool {
        self.stack.iter().any(|open| open.name == name)
    }

    fn open_tag(&mut self, tag: &Tag<'_>) {
        let name = tag.name.as_ref();
        if name == "br" {
            // A line break is white space; two in a row end a paragraph in old pages.
            let last = self.open.as_ref().and_then(|block| block.pieces.last());
            match last {
                Some(Piece::LineBreak) => self.end_block(),
                Some(_) => self.push(Piece::LineBreak, 0),
                None => {}
            }
        }
        if tag.has("role", "doc-pagebreak") || tag.has("epub:type", "pagebreak") {
            let label = tag.attribute("aria-label").or(tag.attribute("title"));
            self.push(Piece::Page(label.map(|label| label.trim_end_matches('.').to_owned())), 0);
        }
        if !is_block(name) {
            return self.push_open(Open { name: name.to_owned(), node: None, says: says(tag) });
        }
        self.end_block();
        self.end_implied(name);
        if name == "tr" {
            self.n_rows += 1;
            self.row = Some(self.n_rows);
        }
        self.enter(name.to_owned(), Some(tag));
    }

    /// Ends the elements that end where the next of their kind begins, their end tags left out.
    fn end_implied(&mut self, name: &str) {
        let ended: &[&str] = match name {
            "li" => &["li"],
            "dt" | "dd" => &["dt", "dd"],
            "tr" => &["tr"],
            "td" | "th" => &["td", "th"],
            _ => &["p"],
        };
        let list = self.stack.iter().rposition(|open| matches!(open.name.as_str(), "ul" | "ol" | "dl" | "table"));
        let inner = list.map_or(0, |at| at + 1);
        if let Some(at) = self.stack[inner..].iter().position(|open| ended.contains(&open.name.as_str())) {
            self.stack.truncate(inner + at);
        }
    }

    fn close_tag(&mut self, name: &str) {
        if is_block(name) {
            self.end_block();
        }
        if matches!(name, "tr" | "table") {
            self.row = None;
        }
        // A stray end tag ends nothing, and none ends the page.
        if let Some(at) = self.stack.iter().rposition(|open| open.name == name).filter(|&at| at > 0) {
            self.stack.truncate(at);
        }
    }

    fn text(&mut self, source: &str, span: Span, literal: bool) {
        let text = span.of(source);
        if (text.trim().is_empty() && self.open.is_none()) || self.is_inside("title") {
            return;
        }
        let in_mark = self.stack.iter().any(|open| open.says == Some(Feature::FootnoteMark));
        let is_mark = in_mark && is_note_sign(text);
        self.push(Piece::Text { span, literal, is_mark }, text.split_whitespace().map(str::len).sum());
    }

    fn push(&mut self, piece: Piece, n_letters: usize) {
        let node = self.stack.iter().rev().find_map(|open| open.node).unwrap_or(0);
        let feature = self.stack.iter().rev().find_map(|open| open.says.filter(|&says| says != Feature::FootnoteMark));
        let row = self.row.filter(|_| feature == Some(Feature::Table));
        let in_link = self.is_inside("a") && !self.is_inside("sup");
        let block = self.open.get_or_insert_with(|| Block {
            node,
            feature,
            row,
            pieces: Vec::new(),
            n_letters: 0,
            n_link_letters: 0,
        });
        block.pieces.push(piece);
        block.n_letters += n_letters;
        block.n_link_letters += if in_link { n_letters } else { 0 };
    }

    fn end_block(&mut self) {
        let Some(mut block) = self.open.take() else { return };
        if block.n_letters > 0 {
            block.pieces.splice(0..0, self.pages.drain(..));
            self.page.blocks.push(block);
        } else {
            // A page that begins between blocks begins with the next.
            self.pages.extend(block.pieces.into_iter().filter(|piece| matches!(piece, Piece::Page(_))));
        }
    }
}

/// Takes tables apart that only lay a page out: their cells are long, or stand alone in their rows.
fn unset_layout_tables(blocks: &mut [Block]) {
    for row in blocks.chunk_by_mut(|a, b| a.row == b.row).filter(|row| row[0].row.is_some()) {
        if row.len() == 1 || row.iter().any(|block| block.n_letters > 300) {
            for block in row {
                block.row = None;
                block.feature = None;
            }
        }
    }
}

/// Returns what an element says of the text inside.
fn says(tag: &Tag<'_>) -> Option<Feature> {
    let has_any = |attribute, words: &[&str]| words.iter().any(|word| tag.has(attribute, word));
    let name = tag.name.as_ref();
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Some(Feature::Heading(name.as_bytes()[1] - b'0')),
        "figcaption" | "caption" => Some(Feature::Caption),
        "sup" => Some(Feature::FootnoteMark),
        _ if tag.has("role", "doc-noteref") || tag.has("epub:type", "noteref") => Some(Feature::FootnoteMark),
        _ if has_any("class", &["footnote-ref", "footnote-reference"]) => Some(Feature::FootnoteMark),
        _ if has_any("role", &["doc-footnote", "doc-endnote", "doc-endnotes", "doc-footnotes"]) => {
            Some(Feature::Footnote)
        }
        _ if has_any("epub:type", &["footnote", "endnote", "footnotes", "endnotes", "rearnote"]) => {
            Some(Feature::Footnote)
        }
        _ if has_any("class", &["footnotes", "footnote", "endnotes", "endnote"]) => Some(Feature::Footnote),
        "td" | "th" => Some(Feature::Table),
        _ => None,
    }
}

/// `1`, `[12]`, `*`: what points to a note, and no ordinal's ending.
fn is_note_sign(text: &str) -> bool {
    let text = text.trim().trim_start_matches(['[', '(']).trim_end_matches([']', ')']);
    !text.is_empty()
        && text.len() <= 4
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '†' | '‡' | '§'))
}

fn is_block(name: &str) -> bool {
    const BLOCKS: &[&str] = &[
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "button",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "select",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ];
    BLOCKS.binary_search(&name).is_ok()
}

/// Tells what the page itself says is not its text.
fn is_furniture(tag: &Tag<'_>) -> bool {
    let by_name = matches!(
        &*tag.name,
        "nav" | "aside" | "footer" | "header" | "form" | "button" | "select" | "option" | "menu" | "dialog" | "title"
    );
    let by_role = ["navigation", "banner", "contentinfo", "complementary", "search", "menu", "dialog"]
        .iter()
        .any(|role| tag.has("role", role));
    let hidden = tag.attribute("hidden").is_some()
        || tag.has("aria-hidden", "true")
        || tag.attribute("style").is_some_and(|style| style.replace(' ', "").contains("display:none"));
    by_name || by_role || hidden
}

/// Tells by class and id what is likely no part of the text.
fn is_suspect(tag: &Tag<'_>) -> bool {
    const HINTS: &[&str] = &[
        "nav",
        "menu",
        "navbar",
        "breadcrumb",
        "breadcrumbs",
        "sidebar",
        "footer",
        "header",
        "masthead",
        "comment",
        "comments",
        "share",
        "sharing",
        "social",
        "related",
        "recommended",
        "promo",
        "advert",
        "ads",
        "ad",
        "banner",
        "cookie",
        "cookies",
        "consent",
        "newsletter",
        "subscribe",
        "popup",
        "modal",
        "widget",
        "pagination",
        "tags",
        "toolbar",
    ];
    let named = [tag.attribute("class"), tag.attribute("id")];
    let names = named.iter().flatten().map(|names| names.to_lowercase());
    names.into_iter().any(|names| names.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| HINTS.contains(&word)))
}
