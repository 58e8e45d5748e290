//! EPUB books: their chapters in reading order, with the pages of the printed book when known.

use std::collections::HashMap;

use super::docx::read_core;
use super::draft::Draft;
use super::markup::{Dialect, Token, Tokens, local};
use super::packed::Parts;
use super::{Error, Format, Options, html};
use crate::paper::RawPaper;

/// Goes up when the text, marks or data of some book change.
pub const VERSION: u32 = 1;

/// Reads a book.
pub(super) fn read(bytes: Vec<u8>, options: &Options) -> Result<RawPaper, Error> {
    let damaged = |reason: &str| Error::Damaged { format: Format::Epub, reason: reason.to_owned() };
    let mut parts = Parts::open(bytes, options)?;
    if parts.has("META-INF/rights.xml") || parts.has("META-INF/license.lcpl") {
        return Err(Error::Encrypted);
    }
    let container = parts.text("META-INF/container.xml")?.ok_or_else(|| damaged("it names no package"))?;
    let package_path = root_file(&container).ok_or_else(|| damaged("it names no package"))?;
    let package = parts.text(&package_path)?.ok_or_else(|| damaged("its package is missing"))?;
    let folder = package_path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let (mut draft, mut n_missing) = (Draft::default(), 0);
    for href in spine(&package) {
        match parts.text(&resolve(folder, &href))? {
            Some(chapter) => html::write_chapter(&chapter, &mut draft),
            None => n_missing += 1,
        }
    }
    draft.end();
    if draft.is_empty() {
        return Err(Error::Empty);
    }
    let mut paper = draft.finish(read_core(&package)).0;
    if n_missing > 0 {
        paper.warnings.push(format!("{n_missing} chapters are missing or empty"));
    }
    Ok(paper)
}

fn root_file(container: &str) -> Option<String> {
    Tokens::new(container, Dialect::Xml).find_map(|token| match token {
        Token::Open(tag) if local(&tag.name) == "rootfile" => tag.attribute("full-path"),
        _ => None,
    })
}

/// Returns the paths of the chapters in reading order; the table of contents is none.
fn spine(package: &str) -> Vec<String> {
    let mut items = HashMap::new();
    let mut order = Vec::new();
    for token in Tokens::new(package, Dialect::Xml) {
        let Token::Open(tag) = token else { continue };
        match local(&tag.name) {
            "item" if !tag.has("properties", "nav") => {
                if let (Some(id), Some(href)) = (tag.attribute("id"), tag.attribute("href")) {
                    items.insert(id, href);
                }
            }
            "itemref" => order.extend(tag.attribute("idref")),
            _ => {}
        }
    }
    order.iter().filter_map(|id| items.remove(id)).collect()
}

/// Resolves a path of the package against its folder: `OEBPS`, `../text/a%20b.xhtml#x` ⇒
/// `text/a b.xhtml`.
fn resolve(folder: &str, href: &str) -> String {
    let href = href.split('#').next().unwrap_or_default();
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let decoded = percent_decode(href);
    for part in decoded.split('/') {
        match part {
            ".." => _ = parts.pop(),
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.filter(|_| first == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_paths_inside_the_book() {
        assert_eq!(resolve("OEBPS", "../text/a%20b.xhtml#x"), "text/a b.xhtml");
        assert_eq!(resolve("", "ch1.xhtml"), "ch1.xhtml");
        assert_eq!(resolve("a", "../../../etc/x"), "etc/x");
    }
}
