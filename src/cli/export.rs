//! `export`: every passage, for other tools.

use std::io::{BufWriter, Write};

use polisearch::output::passage_object;

use super::args::{Common, Export, ExportFormat};
use super::failure::{Exit, Failure};
use super::opened;

pub fn run(common: &Common, asked: &Export) -> Result<Exit, Failure> {
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
