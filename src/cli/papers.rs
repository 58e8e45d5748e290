//! `papers`: what the index holds, and what could not be read.

use std::io::{BufWriter, Write};

use serde_json::json;

use super::args::{Common, Papers};
use super::failure::{Exit, Failure};
use super::opened;

pub fn run(common: &Common, asked: &Papers) -> Result<Exit, Failure> {
    let opened = opened::open(common)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    if asked.failed {
        let failures = &opened.index.manifest().failures;
        for failure in failures {
            if asked.json {
                writeln!(out, "{}", json!({"type": "failure", "path": failure.path, "message": failure.message}))?;
            } else {
                writeln!(out, "{}: {}", failure.path, failure.message)?;
            }
        }
        out.flush()?;
        return Ok(if failures.is_empty() { Exit::NothingFound } else { Exit::Found });
    }
    for number in 0..opened.index.n_papers() {
        let paper = opened.index.paper(number)?;
        let authors: Vec<String> = paper.biblio.authors.iter().map(|author| author.full_name()).collect();
        if asked.json {
            let object = json!({
                "type": "paper", "id": paper.id, "title": paper.biblio.title, "authors": authors,
                "year": paper.biblio.year, "publisher": paper.biblio.publisher, "doi": paper.biblio.doi,
                "path": paper.path, "pages": paper.n_pages, "passages": paper.n_passages,
                "reader": paper.reader, "fingerprint": paper.fingerprint, "warnings": paper.warnings,
            });
            writeln!(out, "{object}")?;
            continue;
        }
        let year = paper.biblio.year.map_or_else(|| "n.d.".to_owned(), |year| year.to_string());
        let by = if authors.is_empty() { String::new() } else { format!("{}. ", authors.join(", ")) };
        let pages = paper.n_pages.map_or_else(String::new, |n| format!("{n} pages, "));
        writeln!(out, "{}  {year}  {by}{}", paper.id, paper.title())?;
        writeln!(out, "    {} · {pages}{} passages", paper.path, paper.n_passages)?;
        for warning in &paper.warnings {
            writeln!(out, "    warning: {warning}")?;
        }
    }
    out.flush()?;
    Ok(Exit::Found)
}
