//! What a PDF says about itself: page labels, outline, document information.

use std::collections::BTreeMap;

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, String as PdfString};

use crate::paper::{Biblio, Person};

/// Trees of a damaged file may be rings or chains without end.
const MAX_NODES: usize = 20_000;
const MAX_DEPTH: u8 = 32;

/// An entry of the outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub title: String,
    /// 1 is the highest.
    pub level: u8,
}

fn catalog(pdf: &Pdf) -> Option<Dict<'_>> {
    pdf.xref().get::<Dict<'_>>(pdf.xref().root_id())
}

/// Returns the outline in reading order.
pub fn outline(pdf: &Pdf) -> Vec<Entry> {
    let mut entries = Vec::new();
    if let Some(root) = catalog(pdf).and_then(|catalog| catalog.get::<Dict<'_>>(b"Outlines".as_slice())) {
        walk_outline(&root, 1, &mut entries);
    }
    entries
}

fn walk_outline(parent: &Dict<'_>, level: u8, entries: &mut Vec<Entry>) {
    let mut next = parent.get::<Dict<'_>>(b"First".as_slice());
    while let Some(item) = next {
        if entries.len() >= MAX_NODES || level > MAX_DEPTH {
            return;
        }
        let title = item.get::<PdfString<'_>>(b"Title".as_slice()).map(|title| text(title.as_bytes()));
        // An entry without a title still holds its place, so that a ring comes to its end.
        entries.push(Entry { title: title.unwrap_or_default(), level });
        walk_outline(&item, level + 1, entries);
        next = item.get::<Dict<'_>>(b"Next".as_slice());
    }
}

/// Returns the label of each of `n_pages` pages; none when the document gives no labels.
pub fn labels(pdf: &Pdf, n_pages: usize) -> Vec<Option<String>> {
    let mut ranges = BTreeMap::new();
    if let Some(root) = catalog(pdf).and_then(|catalog| catalog.get::<Dict<'_>>(b"PageLabels".as_slice())) {
        walk_numbers(&root, 0, &mut ranges);
    }
    (0..n_pages)
        .map(|page| {
            let (start, range) = ranges.range(..=page).next_back()?;
            range.label(page - start)
        })
        .collect()
}

/// A run of pages that are labelled alike.
struct Range {
    prefix: String,
    style: Option<u8>,
    first: u32,
}

impl Range {
    fn label(&self, nth: usize) -> Option<String> {
        let number = self.first.saturating_add(u32::try_from(nth).ok()?);
        let number = match self.style {
            Some(b'D') => number.to_string(),
            Some(b'R') => roman(number).to_uppercase(),
            Some(b'r') => roman(number),
            Some(b'A') => letters(number).to_uppercase(),
            Some(b'a') => letters(number),
            _ => String::new(),
        };
        Some(format!("{}{number}", self.prefix)).filter(|label| !label.trim().is_empty())
    }
}

fn walk_numbers(node: &Dict<'_>, depth: u8, ranges: &mut BTreeMap<usize, Range>) {
    if depth > MAX_DEPTH || ranges.len() > MAX_NODES {
        return;
    }
    if let Some(pairs) = node.get::<Array<'_>>(b"Nums".as_slice()) {
        let mut objects = pairs.iter::<Object<'_>>().take(2 * MAX_NODES);
        while let (Some(start), Some(range)) = (objects.next(), objects.next()) {
            let (Some(start), Some(range)) = (start.into_i32(), range.into_dict()) else { continue };
            let Ok(start) = usize::try_from(start) else { continue };
            ranges.insert(
                start,
                Range {
                    prefix: range.get::<PdfString<'_>>(b"P".as_slice()).map_or(String::new(), |p| text(p.as_bytes())),
                    style: range.get::<Name<'_>>(b"S".as_slice()).and_then(|style| style.first().copied()),
                    first: range.get::<u32>(b"St".as_slice()).unwrap_or(1),
                },
            );
        }
    }
    if let Some(kids) = node.get::<Array<'_>>(b"Kids".as_slice()) {
        for kid in kids.iter::<Dict<'_>>().take(MAX_NODES) {
            walk_numbers(&kid, depth + 1, ranges);
        }
    }
}

/// `4` ⇒ `iv`; what no Roman wrote stays in digits.
fn roman(mut number: u32) -> String {
    if number == 0 || number > 3999 {
        return number.to_string();
    }
    const SIGNS: [(u32, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    let mut roman = String::new();
    for (value, sign) in SIGNS {
        while number >= value {
            roman.push_str(sign);
            number -= value;
        }
    }
    roman
}

/// `1` ⇒ `a`, `27` ⇒ `aa`, `28` ⇒ `bb`, as PDF counts.
fn letters(number: u32) -> String {
    let Some(nth) = number.checked_sub(1) else { return String::new() };
    let letter = char::from(b'a' + (nth % 26) as u8);
    std::iter::repeat_n(letter, (nth / 26).min(20) as usize + 1).collect()
}

/// Returns what the document information says, leaving out what programs put there themselves.
pub fn biblio(pdf: &Pdf) -> Biblio {
    let info = pdf.metadata();
    let said = |field: &Option<Box<[u8]>>| field.as_ref().map(|bytes| text(bytes)).filter(|text| !text.is_empty());
    let authors = said(&info.author).filter(|names| names.contains(' '));
    let date = info.creation_date.as_ref().filter(|date| (1990..2100).contains(&date.year));
    Biblio {
        title: said(&info.title).filter(|title| is_title(title)),
        authors: authors.map_or(Vec::new(), |names| people(&names)),
        year: date.map(|date| i32::from(date.year)),
        month: date.map(|date| date.month).filter(|month| (1..=12).contains(month)),
        day: date.map(|date| date.day).filter(|day| (1..=31).contains(day)),
        language: language(pdf),
        ..Biblio::default()
    }
}

fn language(pdf: &Pdf) -> Option<String> {
    let tag = catalog(pdf)?.get::<PdfString<'_>>(b"Lang".as_slice())?;
    let tag = text(tag.as_bytes());
    let primary = tag.split(['-', '_']).next()?.to_ascii_lowercase();
    (matches!(primary.len(), 2 | 3) && primary.bytes().all(|b| b.is_ascii_lowercase())).then_some(primary)
}

/// Tells a title from a file's name, which word processors write in its place.
fn is_title(title: &str) -> bool {
    let lower = title.to_lowercase();
    let is_file = lower.starts_with("microsoft word")
        || lower.rsplit_once('.').is_some_and(|(_, end)| {
            matches!(end, "doc" | "docx" | "pdf" | "indd" | "dvi" | "tex" | "rtf" | "qxd" | "qxp" | "wpd" | "odt")
        });
    !is_file && title.contains(' ') && title.chars().filter(|c| c.is_alphabetic()).count() > 4
}

/// `Jane Roe; John Doe` and `Jane Roe and John Doe` ⇒ two people.
fn people(names: &str) -> Vec<Person> {
    let names = names.replace(" and ", ";").replace(" & ", ";");
    let parted = names.split(';').map(str::trim).filter(|name| !name.is_empty());
    parted
        .flat_map(|name| {
            // A comma parts people when each part is a whole name; else it turns one name round.
            let parts: Vec<&str> = name.split(',').map(str::trim).collect();
            if parts.iter().all(|part| part.contains(' ')) { parts } else { vec![name] }
        })
        .map(Person::parse)
        .collect()
}

/// Decodes a text string: UTF-16 or UTF-8 by its mark, else PDFDocEncoding.
fn text(bytes: &[u8]) -> String {
    /// What PDFDocEncoding has from 0x80 to 0xA0, where Latin-1 has control characters.
    const DOC: &str = "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\u{fffd}€";
    let decoded: String =
        if bytes.starts_with(b"\xFE\xFF") || bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xEF\xBB\xBF") {
            encoding_rs::UTF_8.decode(bytes).0.into_owned()
        } else {
            let doc = |b: u8| DOC.chars().nth(usize::from(b - 0x80)).unwrap_or('\u{fffd}');
            bytes.iter().map(|&b| if (0x80..=0xA0).contains(&b) { doc(b) } else { char::from(b) }).collect()
        };
    let clean: String = decoded.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_pages_as_pdf_counts() {
        let label = |style, first, nth| Range { prefix: "A-".into(), style, first }.label(nth);
        assert_eq!(label(Some(b'r'), 1, 3).as_deref(), Some("A-iv"));
        assert_eq!(label(Some(b'D'), 12, 0).as_deref(), Some("A-12"));
        assert_eq!(label(Some(b'A'), 1, 27).as_deref(), Some("A-BB"));
        assert_eq!(label(None, 1, 5).as_deref(), Some("A-"));
    }

    #[test]
    fn decodes_text_strings() {
        assert_eq!(text(b"\xFE\xFF\0Z\0\xFC"), "Zü");
        assert_eq!(text(b"Trade \x85 tr\xE9s\n \x8Da\x8E"), "Trade – trés “a”");
    }

    #[test]
    fn takes_no_file_name_for_a_title() {
        assert!(is_title("The Border Regime"));
        assert!(!is_title("Microsoft Word - draft3.doc"));
        assert!(!is_title("report final.indd"));
    }

    #[test]
    fn parts_people() {
        let families = |names| people(names).into_iter().map(|p| p.family).collect::<Vec<_>>();
        assert_eq!(families("Jane Roe; John Doe"), ["Roe", "Doe"]);
        assert_eq!(families("Jane Roe, Ann Poe and John Doe"), ["Roe", "Poe", "Doe"]);
        assert_eq!(families("Roe, Jane"), ["Roe"]);
    }
}
