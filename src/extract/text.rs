//! Plain text: decoding, and form feeds as page ends.

use super::{Error, encoding};
use crate::paper::{Biblio, Flow, RawPage, RawPaper};

/// Goes up when the text, pages or flow of some file change.
pub const VERSION: u32 = 1;

/// Reads a text file in any encoding; its text is the file's, line ends, form feeds and all.
pub fn read(bytes: Vec<u8>) -> Result<RawPaper, Error> {
    let decoded = encoding::decode(bytes)?;
    let mut warnings = Vec::new();
    if decoded.n_misfits > 0 {
        warnings.push(format!("{} places are not {}, read as best they can", decoded.n_misfits, decoded.encoding));
    }
    let (flow, pages) = (flow(&decoded.text), pages(&decoded.text));
    Ok(RawPaper {
        text: decoded.text,
        map: Some(decoded.map),
        flow,
        pages,
        marks: Vec::new(),
        biblio: Biblio::default(),
        warnings,
    })
}

/// Returns where pages begin: at the start and after each form feed that has text behind it.
///
/// Without a form feed nothing is known about pages.
///
/// ```
/// # use polisearch::extract::text::pages;
/// let starts = |text| pages(text).iter().map(|page| page.start).collect::<Vec<_>>();
/// assert_eq!(starts("one\n\x0Ctwo\n\x0C"), [0, 5]); // what ends in a form feed begins no page
/// assert_eq!(starts("no pages"), [0; 0]);
/// ```
pub fn pages(text: &str) -> Vec<RawPage> {
    let starts = std::iter::once(0).chain(memchr::memchr_iter(0x0C, text.as_bytes()).map(|at| at + 1));
    let mut starts: Vec<usize> = starts.collect();
    if starts.len() == 1 {
        return Vec::new();
    }
    if text[starts[starts.len() - 1]..].trim().is_empty() {
        starts.pop();
    }
    starts.into_iter().map(|start| RawPage { start, label: None }).collect()
}

/// Tells lines set on a page from lines that are paragraphs, by where most of the text stands: a
/// printed line holds at most about 130 characters, and 200 leaves room for wide ones.
pub fn flow(text: &str) -> Flow {
    let long: usize = text.lines().map(str::len).filter(|&len| len > 200).sum();
    if long * 2 > text.len() { Flow::Paragraphs } else { Flow::Lines }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_text_as_it_stands() {
        let paper = read(b"One.\r\n\x0C Two\xA0three.\r\n".to_vec()).expect("it is text");
        assert_eq!(paper.text, "One.\r\n\u{c} Two\u{a0}three.\r\n");
        assert_eq!(paper.pages.iter().map(|page| page.start).collect::<Vec<_>>(), [0, 7]);
        assert_eq!(paper.flow, Flow::Lines);
    }

    #[test]
    fn a_text_of_long_lines_is_paragraphs() {
        assert_eq!(flow(&"word ".repeat(60)), Flow::Paragraphs);
        assert_eq!(flow(&"a line of a book, set to a measure\n".repeat(60)), Flow::Lines);
    }

    #[test]
    fn a_very_long_line_is_read() {
        let line = "border trade ".repeat(200_000);
        let paper = read(line.clone().into_bytes()).expect("it is text");
        assert_eq!(paper.text.len(), line.len());
        assert_eq!(paper.map.expect("text has a map").runs().len(), 1);
    }
}
