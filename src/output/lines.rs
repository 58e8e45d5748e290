//! Formats of one line, or one quote, a passage.

use std::io::{self, Write};

use super::Asked;
use crate::paper::{StoredPaper, StoredPassage};
use crate::search::{Hit, Results};

const CSV_HEADER: [&str; 20] = [
    "query_id",
    "query",
    "rank",
    "score",
    "match",
    "missing",
    "passage",
    "paper",
    "title",
    "authors",
    "year",
    "section",
    "page",
    "printed_page",
    "path",
    "start",
    "end",
    "line",
    "folded",
    "text",
];

/// The header row.
pub(super) fn csv_header(out: &mut impl Write) -> io::Result<()> {
    let mut writer = csv_writer(out);
    writer.write_record(CSV_HEADER)?;
    writer.flush()
}

fn csv_writer<W: Write>(out: W) -> csv::Writer<W> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out)
}

/// RFC 4180, one row a passage.
pub(super) fn csv(out: &mut impl Write, asked: &Asked<'_>, results: &Results) -> io::Result<()> {
    let mut writer = csv_writer(out);
    for hit in &results.hits {
        let Hit { paper, passage, .. } = hit;
        let number = |n: Option<usize>| n.map_or_else(String::new, |n| n.to_string());
        let authors: Vec<String> = paper.biblio.authors.iter().map(|author| author.full_name()).collect();
        writer.write_record([
            asked.id,
            asked.text,
            &hit.rank.to_string(),
            &format!("{:.4}", hit.score),
            match hit.matched {
                crate::search::Match::All => "all",
                crate::search::Match::Some => "some",
            },
            &hit.missing.join("; "),
            &passage.id,
            &paper.id,
            paper.biblio.title.as_deref().unwrap_or(""),
            &authors.join("; "),
            &paper.biblio.year.map_or_else(String::new, |year| year.to_string()),
            &passage.section.join(" > "),
            &number(passage.page.as_ref().map(|page| page.physical as usize)),
            passage.page.as_ref().and_then(|page| page.printed.as_deref()).unwrap_or(""),
            &paper.path,
            &number(passage.place.map(|place| place.start)),
            &number(passage.place.map(|place| place.end)),
            &number(passage.place.map(|place| place.line)),
            &hit.folded.join("; "),
            &passage.text,
        ])?;
    }
    writer.flush()
}

/// `qid Q0 passage rank score tag`.
pub(super) fn trec(out: &mut impl Write, asked: &Asked<'_>, results: &Results, tag: &str) -> io::Result<()> {
    for hit in &results.hits {
        // Scores fall by rank also where they are equal, since readers of runs sort by score.
        writeln!(out, "{} Q0 {} {} {:.6} {tag}", asked.id, hit.passage.id, hit.rank, hit.score)?;
    }
    Ok(())
}

/// `path:page:line: text`.
pub(super) fn plain(out: &mut impl Write, results: &Results) -> io::Result<()> {
    for Hit { paper, passage, .. } in &results.hits {
        let line = passage.place.map_or_else(String::new, |place| place.line.to_string());
        writeln!(out, "{}:{}:{line}: {}", paper.path, page(passage), one_line(passage))?;
    }
    Ok(())
}

/// `path:line:col:text`; the column is the first byte of a passage, 1 where lines are unknown.
pub(super) fn vimgrep(out: &mut impl Write, results: &Results) -> io::Result<()> {
    for Hit { paper, passage, .. } in &results.hits {
        let line = passage.place.map_or(1, |place| place.line);
        writeln!(out, "{}:{line}:1:{}", paper.path, one_line(passage))?;
    }
    Ok(())
}

/// Block quotes with a citation, and the passage's id in a comment.
pub(super) fn markdown(out: &mut impl Write, asked: &Asked<'_>, results: &Results) -> io::Result<()> {
    writeln!(out, "## {}", asked.text)?;
    for Hit { paper, passage, .. } in &results.hits {
        let quote = super::memo::escaped(&passage.text).replace('\n', "\n>\n> ");
        writeln!(out, "\n> {quote}\n>\n> — {}\n\n<!-- {} -->", source(paper, passage), passage.id)?;
    }
    writeln!(out)
}

/// Returns the text with its paragraphs in one line.
fn one_line(passage: &StoredPassage) -> String {
    passage.text.replace('\n', " ")
}

/// Returns the page as a person would cite it: the printed number, else the physical one, else nothing.
fn page(passage: &StoredPassage) -> String {
    let Some(page) = &passage.page else { return String::new() };
    page.printed.clone().unwrap_or_else(|| page.physical.to_string())
}

/// Returns authors, title, year and page in one line.
pub(super) fn source(paper: &StoredPaper, passage: &StoredPassage) -> String {
    let mut parts: Vec<String> = Vec::new();
    let authors: Vec<String> = paper.biblio.authors.iter().map(|author| author.full_name()).collect();
    if !authors.is_empty() {
        parts.push(authors.join(" and "));
    }
    parts.push(match paper.biblio.year {
        Some(year) => format!("{} ({year})", paper.title()),
        None => paper.title().to_owned(),
    });
    parts.extend(pages(passage));
    parts.join(", ")
}

/// Returns "p. 12" or "pp. 12-13", told as the printed numbers where they are known.
pub(super) fn pages(passage: &StoredPassage) -> Option<String> {
    let from = passage.page.as_ref()?;
    let told = |page: &crate::paper::PageRef| match &page.printed {
        Some(printed) => printed.clone(),
        None => format!("[{}]", page.physical),
    };
    Some(match &passage.page_to {
        Some(to) => format!("pp. {}–{}", told(from), told(to)),
        None => format!("p. {}", told(from)),
    })
}
