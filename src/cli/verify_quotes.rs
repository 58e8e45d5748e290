//! `verify-quotes`: checks every quotation of a memo against the papers.

use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use polisearch::index::Index;
use polisearch::output::memo::{Quotation, quotations};
use polisearch::output::{Checked, Verdict, check_object, write_check};
use polisearch::search::quote::{Fidelity, Origin, origin_in, origins};
use serde_json::json;

use super::args::Common;
use super::failure::{Exit, Failure};
use super::{opened, terminal};

/// What `verify-quotes` is asked.
#[derive(Debug, clap::Args)]
pub struct VerifyQuotes {
    /// Memos in Markdown; - for stdin
    ///
    /// Block quotes and words in quotation marks are checked. A comment behind a block quote that names a
    /// passage, as `search --format md` writes it, says where to look first.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Pass over quotations of fewer than N words
    #[arg(long, value_name = "N", default_value_t = 4)]
    pub words: usize,
    /// List only what is altered or gone
    #[arg(long, short)]
    pub quiet: bool,
    /// Print JSON Lines
    #[arg(long)]
    pub json: bool,
}

pub fn run(common: &Common, asked: &VerifyQuotes) -> Result<Exit, Failure> {
    let opened = opened::open(common)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let style = terminal::style(common.color);
    let (mut n, mut n_altered, mut n_gone, mut n_short) = (0, 0, 0, 0);
    for path in &asked.files {
        let name = path.display().to_string();
        for quotation in quotations(&memo(path)?) {
            if quotation.text.split_whitespace().count() < asked.words && quotation.passage.is_none() {
                n_short += 1;
                continue;
            }
            let (origin, moved) = origin(&opened.index, &quotation)?;
            let checked = Checked { quotation: &quotation, origin: origin.as_ref(), moved };
            let verdict = checked.verdict();
            n_altered += usize::from(verdict == Verdict::Altered);
            n_gone += usize::from(verdict == Verdict::Gone);
            if asked.json {
                writeln!(out, "{}", check_object(&name, &checked, n == 0))?;
            } else if verdict != Verdict::Ok || !asked.quiet {
                write_check(&mut out, &style, &name, &checked)?;
            }
            n += 1;
        }
    }
    let n_ok = n - n_altered - n_gone;
    if asked.json {
        let mut end = json!({"type": "end", "status": "ok", "quotations": n, "ok": n_ok, "altered": n_altered,
                             "gone": n_gone, "short": n_short});
        if n == 0 {
            end["schema"] = json!(1);
        }
        writeln!(out, "{end}")?;
    } else {
        let quotations = if n == 1 { "quotation" } else { "quotations" };
        let short = match n_short {
            0 => String::new(),
            n => format!("; {n} of fewer than {} words not checked", asked.words),
        };
        writeln!(out, "{n} {quotations}: {n_ok} ok, {n_altered} altered, {n_gone} gone{short}")?;
    }
    out.flush()?;
    Ok(if n_altered + n_gone > 0 { Exit::NothingFound } else { Exit::Found })
}

fn memo(path: &Path) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    read.map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Finds where a quotation comes from: the passage that the memo names, else any; tells whether it is
/// another one than named.
fn origin(index: &Index, quotation: &Quotation) -> Result<(Option<Origin>, bool), Failure> {
    let named = match &quotation.passage {
        Some(id) => index.find_passage(id)?,
        None => None,
    };
    let there = match named {
        Some(number) => origin_in(index, &quotation.text, number)?,
        None => None,
    };
    if there.as_ref().is_some_and(|origin| origin.fidelity == Fidelity::Exact) {
        return Ok((there, false));
    }
    let anywhere = origins(index, &quotation.text, 1)?.into_iter().next();
    Ok(match (there, anywhere) {
        // What was altered is told against the passage that is named, unless it is exact elsewhere.
        (Some(there), Some(other)) if other.fidelity >= there.fidelity => (Some(there), false),
        (None, Some(other)) => (Some(other), quotation.passage.is_some()),
        (there, None) => (there, false),
        (Some(_), other) => (other, true),
    })
}
