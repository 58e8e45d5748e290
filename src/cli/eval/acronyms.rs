//! `eval acronyms`: the mining of acronyms against pairs that people marked.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use polisearch::analysis::acronyms::mine;
use polisearch::eval::{Agreement, Marked, Pair, read_marked};
use serde_json::json;

use super::open;
use crate::cli::args::EvalFormat;
use crate::cli::failure::{Exit, Failure};

/// `eval acronyms`.
#[derive(Debug, clap::Args)]
pub struct EvalAcronyms {
    /// Marked texts: {"id", "text", "pairs": [[short, long], ..]} a line
    pub gold: PathBuf,
    /// List what is wrong and what was missed
    #[arg(long)]
    pub list: bool,
    /// How to print
    #[arg(long, short, value_name = "FORMAT", default_value = "table")]
    pub format: EvalFormat,
}

pub fn run(asked: &EvalAcronyms) -> Result<Exit, Failure> {
    let documents = read_marked(open(&asked.gold)?, &asked.gold.display().to_string())?;
    let found: Vec<Pair> = documents.iter().flat_map(found_in).collect();
    let agreement = Agreement::new(
        found.into_iter().map(|pair| in_small(&pair)),
        documents.iter().flat_map(|document| &document.pairs).map(in_small),
    );
    let mut out = BufWriter::new(std::io::stdout().lock());
    if asked.list {
        for (what, pairs) in [("wrong", &agreement.wrong), ("missed", &agreement.missed)] {
            for Pair { document, short, long } in pairs {
                writeln!(out, "{what}\t{document}\t{short}\t{long}")?;
            }
        }
    }
    let Agreement { n_found, n_gold, n_right, .. } = agreement;
    let figures = [("precision", agreement.precision()), ("recall", agreement.recall()), ("f1", agreement.f1())];
    match asked.format {
        EvalFormat::Table => {
            writeln!(out, "{n_right} right of {n_found} found, {n_gold} marked")?;
            figures.iter().try_for_each(|(name, value)| writeln!(out, "{name:<9}  {value:.4}"))?;
        }
        EvalFormat::Csv => {
            writeln!(out, "measure,value")?;
            figures.iter().try_for_each(|(name, value)| writeln!(out, "{name},{value:.4}"))?;
        }
        EvalFormat::Json => {
            let [precision, recall, f1] = figures.map(|(_, value)| value);
            let object = json!({"found": n_found, "marked": n_gold, "right": n_right,
                "precision": precision, "recall": recall, "f1": f1});
            writeln!(out, "{object}")?;
        }
    }
    out.flush()?;
    Ok(Exit::Found)
}

fn found_in(document: &Marked) -> Vec<Pair> {
    let text = document.text.replace('\n', " ");
    let mut found = Vec::new();
    mine(&text, &mut |pair| found.push(Pair::new(&document.id, &text[pair.short], &text[pair.long])));
    found
}

/// Returns a pair without its capitals, which markers write as they like.
fn in_small(pair: &Pair) -> Pair {
    Pair { short: pair.short.to_lowercase(), long: pair.long.to_lowercase(), document: pair.document.clone() }
}
