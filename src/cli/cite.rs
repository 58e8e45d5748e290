//! `cite`: citations of passages and papers, ready to paste.

use std::collections::HashSet;
use std::io::{BufWriter, Write};

use polisearch::index::Index;
use polisearch::output::cite::{Style, cite};
use polisearch::paper::{PageRef, StoredPassage};
use polisearch::search;

use super::args::{Cite, CiteStyle, Common};
use super::failure::{Exit, Failure};
use super::opened;

pub fn run(common: &Common, asked: &Cite) -> Result<Exit, Failure> {
    let index = opened::open(common)?.index;
    let style = match asked.style {
        CiteStyle::Chicago => Style::Chicago,
        CiteStyle::Apa => Style::Apa,
        CiteStyle::Bibtex => Style::BibTex,
        CiteStyle::CslJson => Style::CslJson,
        CiteStyle::Markdown => Style::Markdown,
        CiteStyle::Ris => Style::Ris,
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    for id in &asked.ids {
        let (paper, pages) = match index.find_passage(id)? {
            Some(number) => (index.paper_of(number)?, pages(&index.passage(number)?)),
            None => match index.find_paper(id)? {
                Some(paper) => (paper, None),
                None => return Err(search::Error::NoPassage { id: id.clone() }.into()),
            },
        };
        let biblio = index.paper(paper)?.biblio;
        // Only the APA's list wants to know.
        let words = if style == Style::Apa { small_words(&index, paper)? } else { HashSet::new() };
        writeln!(out, "{}", cite(&biblio, pages.as_deref(), style, &|word| words.contains(word)))?;
    }
    out.flush()?;
    Ok(Exit::Found)
}

/// Returns the words that a paper writes in small letters.
fn small_words(index: &Index, paper: u32) -> Result<HashSet<String>, Failure> {
    let mut words = HashSet::new();
    for number in index.passages_of(paper)? {
        let text = index.passage(number)?.text;
        let small =
            text.split(|c: char| !c.is_alphanumeric() && c != '’').filter(|word| !word.contains(char::is_uppercase));
        words.extend(small.map(str::to_owned));
    }
    Ok(words)
}

/// Returns the pages of a passage as they are printed; a page whose number is not known is not cited.
fn pages(passage: &StoredPassage) -> Option<String> {
    let printed = |page: &Option<PageRef>| page.as_ref().and_then(|page| page.printed.clone());
    let first = printed(&passage.page)?;
    Some(match printed(&passage.page_to) {
        Some(last) => format!("{first}–{last}"),
        None => first,
    })
}
