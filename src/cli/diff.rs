//! `diff`: what differs between two indexes.

use std::io::{BufWriter, Write};

use polisearch::index::{Difference, Index, PaperName};

use super::args::Diff;
use super::failure::{Exit, Failure};

pub fn run(asked: &Diff) -> Result<Exit, Failure> {
    let difference = Difference::between(&Index::open(&asked.from)?, &Index::open(&asked.to)?)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    if asked.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&difference).expect("plain data"))?;
    } else {
        let mut line =
            |mark: &str, paper: &PaperName, what: &str| writeln!(out, "{mark} {}  {}{what}", paper.path, paper.id);
        for paper in &difference.removed {
            line("-", paper, "")?;
        }
        for paper in &difference.added {
            line("+", paper, "")?;
        }
        for change in &difference.changed {
            line("~", &change.paper, &format!(": {}", change.what.join(", ")))?;
        }
        for setting in &difference.settings {
            writeln!(out, "= {}: {} ⇒ {}", setting.name, setting.from, setting.to)?;
        }
    }
    out.flush()?;
    // As diff and cmp do.
    Ok(if difference.is_empty() { Exit::Found } else { Exit::NothingFound })
}
