//! `export`: every passage, for other tools.

use std::io::{BufWriter, Write};
use std::path::Path;

use polisearch::extract;
use polisearch::output::passage_object;
use polisearch::repair::repair_traced;

use super::args::{Common, Export, ExportFormat};
use super::failure::{Exit, Failure};
use super::opened;

pub fn run(common: &Common, asked: &Export) -> Result<Exit, Failure> {
    if let Some(file) = &asked.trace {
        return trace(file);
    }
    let opened = opened::open(common)?;
    let index = &opened.index;
    let mut out = BufWriter::new(std::io::stdout().lock());
    for number in 0..index.n_papers() {
        let paper = index.paper(number)?;
        for at in index.passages_of(number)? {
            let passage = index.passage(at)?;
            match asked.format {
                ExportFormat::Jsonl => writeln!(out, "{}", passage_object(&paper, &passage, at == 0))?,
                ExportFormat::Text => writeln!(out, "{}\n", passage.text)?,
            }
        }
    }
    out.flush()?;
    Ok(Exit::Found)
}

/// Shows what each pass of repair changes in a file: pass, bytes of the text, before ⇒ after.
fn trace(file: &Path) -> Result<Exit, Failure> {
    let name = file.display();
    let failed = |error: extract::Error| Failure::usage(format!("{name}: {error}"));
    let mut out = BufWriter::new(std::io::stdout().lock());
    for found in extract::read(file, &extract::Options::default()).map_err(failed)? {
        let raw = found.paper.map_err(failed)?;
        let mut changes = Vec::new();
        repair_traced(&raw, &mut |change| changes.push(change));
        for change in changes {
            let (start, end) = (change.raw.start, change.raw.end);
            writeln!(out, "{}\t{start}..{end}\t{:?} ⇒ {:?}", change.pass, change.before, change.after)?;
        }
    }
    out.flush()?;
    Ok(Exit::Found)
}
