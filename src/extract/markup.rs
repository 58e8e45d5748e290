//! Tags and text of HTML and XML, each with its place: one tolerant reader for all of them.
//!
//! It knows what papers need, not what browsers do: quoted attributes, comments, CDATA, and that
//! scripts hold no tags. It never fails; what is no tag is text. The readers of Word, ODT, EPUB,
//! HTML, JATS and TEI stand on it, so a damaged file still gives the text before the damage.

use std::borrow::Cow;

use super::entity;
use crate::paper::Span;

/// Whether names are folded and scripts are opaque (HTML), or names are as they are (XML).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Html,
    Xml,
}

/// A tag or a stretch of text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'a> {
    Open(Tag<'a>),
    /// The name of an element that ends; an element that is empty by syntax gives one too.
    Close(Cow<'a, str>),
    /// Text with references still in it, unless it is `literal` (CDATA).
    Text {
        span: Span,
        literal: bool,
    },
}

/// The start of an element.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tag<'a> {
    pub name: Cow<'a, str>,
    attributes: &'a str,
}

impl Tag<'_> {
    /// Returns the value of an attribute, references decoded.
    pub fn attribute(&self, name: &str) -> Option<String> {
        attributes(self.attributes).find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| decode(value))
    }

    /// Tells whether an attribute holds a word (`class="note wide"`).
    pub fn has(&self, name: &str, word: &str) -> bool {
        self.attribute(name).is_some_and(|value| value.split_whitespace().any(|one| one.eq_ignore_ascii_case(word)))
    }
}

/// Returns the name without its prefix: `w:p` ⇒ `p`.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The tokens of a document.
pub(super) struct Tokens<'a> {
    source: &'a str,
    at: usize,
    dialect: Dialect,
    /// The end of an element that was empty by syntax.
    pending: Option<Cow<'a, str>>,
}

impl<'a> Tokens<'a> {
    pub fn new(source: &'a str, dialect: Dialect) -> Self {
        Tokens { source, at: 0, dialect, pending: None }
    }

    fn name(&self, name: &'a str) -> Cow<'a, str> {
        match self.dialect {
            Dialect::Html if name.bytes().any(|b| b.is_ascii_uppercase()) => name.to_ascii_lowercase().into(),
            _ => name.into(),
        }
    }

    /// Steps over `len` bytes and what follows up to `end`; without an end, over all that is left.
    fn skip_past(&mut self, len: usize, end: &str) {
        let rest = &self.source[self.at + len..];
        self.at += len + rest.find(end).map_or(rest.len(), |found| found + end.len());
    }

    /// Reads the tag at `at`, when it is one.
    fn tag(&mut self) -> Option<Token<'a>> {
        let rest = &self.source[self.at..];
        let inner = &rest[1..];
        let closes = inner.starts_with('/');
        let inner = inner.strip_prefix('/').unwrap_or(inner);
        if !inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            return None;
        }
        let end = tag_end(inner)?;
        let content = &inner[..end];
        self.at += rest.len() - inner.len() + end + 1;
        let name_end = content.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(content.len());
        let name = self.name(&content[..name_end]);
        if closes {
            return Some(Token::Close(name));
        }
        let attributes = content[name_end..].trim_end_matches('/');
        let is_empty = content.ends_with('/') || (self.dialect == Dialect::Html && is_void(&name));
        if is_empty {
            self.pending = Some(name.clone());
        } else if self.dialect == Dialect::Html
            && matches!(&*name, "script" | "style" | "textarea" | "noscript" | "iframe" | "svg" | "template")
        {
            self.skip_element(&name);
        }
        Some(Token::Open(Tag { name, attributes }))
    }

    /// Steps to the end tag of an element whose content is not for readers.
    fn skip_element(&mut self, name: &str) {
        let rest = self.source.as_bytes();
        let mut from = self.at;
        while let Some(found) = memchr::memmem::find(&rest[from..], b"</") {
            let start = from + found + 2;
            if rest[start..].get(..name.len()).is_some_and(|end| end.eq_ignore_ascii_case(name.as_bytes())) {
                self.at = from + found;
                return;
            }
            from = start;
        }
        self.at = rest.len();
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(name) = self.pending.take() {
            return Some(Token::Close(name));
        }
        loop {
            let rest = &self.source[self.at..];
            if rest.is_empty() {
                return None;
            }
            if rest.starts_with("<!--") {
                self.skip_past(4, "-->");
            } else if rest.starts_with("<![CDATA[") {
                let start = self.at + 9;
                self.skip_past(9, "]]>");
                let end = if self.source[..self.at].ends_with("]]>") { self.at - 3 } else { self.at };
                return Some(Token::Text { span: Span::new(start, end), literal: true });
            } else if rest.starts_with("<!") || rest.starts_with("<?") {
                self.skip_past(2, ">");
            } else if let Some(token) = rest.starts_with('<').then(|| self.tag()).flatten() {
                return Some(token);
            } else {
                // A stray `<` is text.
                let start = self.at;
                let first = rest.chars().next().map_or(0, char::len_utf8);
                self.at += rest[first..].find('<').map_or(rest.len(), |found| first + found);
                return Some(Token::Text { span: Span::new(start, self.at), literal: false });
            }
        }
    }
}

/// Finds the `>` that ends a tag; one inside quotes does not.
fn tag_end(inner: &str) -> Option<usize> {
    let mut quote = None;
    for (i, b) in inner.bytes().enumerate() {
        match (quote, b) {
            (None, b'>') => return Some(i),
            // A quotation mark opens a value only behind `=`; elsewhere it is a slip.
            (None, b'"' | b'\'') if inner[..i].trim_end().ends_with('=') => quote = Some(b),
            (Some(open), b) if b == open => quote = None,
            _ => {}
        }
    }
    None
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "br" | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "area"
            | "base"
            | "col"
            | "embed"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Cuts the attributes of a tag into names and raw values.
fn attributes(mut rest: &str) -> impl Iterator<Item = (&str, &str)> {
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let ends = |c: char| c.is_ascii_whitespace() || c == '=';
        let end = rest[first..].find(ends).map_or(rest.len(), |found| first + found);
        let (name, after) = rest.split_at(end);
        let Some(value) = after.trim_start().strip_prefix('=').map(str::trim_start) else {
            rest = after;
            return Some((name, ""));
        };
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            _ => value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len())),
        };
        rest = after;
        Some((name, value))
    })
}

/// Decodes the references in a text.
pub(super) fn decode(text: &str) -> String {
    pieces(text, Span::new(0, text.len()), false).map(|(piece, _)| piece).collect()
}

/// Cuts a text into pieces that stand in the source as they are and decoded references.
pub(super) fn pieces(source: &str, span: Span, literal: bool) -> impl Iterator<Item = (Cow<'_, str>, Span)> {
    let mut at = span.start;
    std::iter::from_fn(move || {
        let rest = &source[at..span.end];
        if rest.is_empty() {
            return None;
        }
        let (piece, len) = if literal { (rest.into(), rest.len()) } else { entity::next_piece(rest) };
        let span = Span::new(at, at + len);
        at += len;
        Some((piece, span))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, dialect: Dialect, expected: &[&str]) {
        let told: Vec<String> = Tokens::new(source, dialect)
            .map(|token| match token {
                Token::Open(tag) => format!("<{}>", tag.name),
                Token::Close(name) => format!("</{name}>"),
                Token::Text { span, literal } => pieces(source, span, literal).map(|(piece, _)| piece).collect(),
            })
            .collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn reads_tags_and_text() {
        check("<P class='a > b'>A &amp; B<br>c</P>", Dialect::Html, &["<p>", "A & B", "<br>", "</br>", "c", "</p>"]);
        check("<w:p><w:t/>x</w:p>", Dialect::Xml, &["<w:p>", "<w:t>", "</w:t>", "x", "</w:p>"]);
    }

    #[test]
    fn steps_over_what_is_not_text() {
        check(
            "<!DOCTYPE html><!-- <b> -->a<script>if (a<b) '</b>'</script>c",
            Dialect::Html,
            &["a", "<script>", "</script>", "c"],
        );
        check("<?xml version='1.0'?><a><![CDATA[<b> &amp;]]></a>", Dialect::Xml, &["<a>", "<b> &amp;", "</a>"]);
    }

    #[test]
    fn takes_what_is_no_tag_for_text() {
        check("3 < 4 &c. <unfinished", Dialect::Html, &["3 ", "< 4 &c. ", "<unfinished"]);
    }

    #[test]
    fn reads_attributes() {
        let mut tokens = Tokens::new("<a href=x.html title=\"R&amp;D\" hidden CLASS='note wide'>", Dialect::Html);
        let Some(Token::Open(tag)) = tokens.next() else { panic!("a tag") };
        assert_eq!(tag.attribute("href").as_deref(), Some("x.html"));
        assert_eq!(tag.attribute("title").as_deref(), Some("R&D"));
        assert_eq!(tag.attribute("hidden").as_deref(), Some(""));
        assert!(tag.has("class", "wide") && !tag.has("class", "not"));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn never_fails_and_comes_to_an_end(source in "[<>/a-c \"'=!&;é-]{0,40}") {
            for token in Tokens::new(&source, Dialect::Html) {
                if let Token::Open(tag) = token {
                    tag.attribute("a");
                }
            }
        }
    }
}
