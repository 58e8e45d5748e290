//! `quote`: where words come from.

use std::io::{BufWriter, Read, Write};
use std::path::PathBuf;

use polisearch::output::{origin_object, write_origin};
use polisearch::paper::Place;
use polisearch::search::quote::{Origin, origins, place_in};
use serde_json::json;

use super::args::Common;
use super::failure::{Exit, Failure};
use super::{opened, sources, terminal};

/// What `quote` is asked.
#[derive(Debug, clap::Args)]
pub struct Quote {
    /// The words, as quoted; - for stdin
    ///
    /// Line ends, hyphens, kinds of dashes and quotation marks make no difference; "..." stands for words
    /// left out, brackets for words put in.
    #[arg(required = true, value_name = "WORDS")]
    pub words: Vec<String>,
    /// Show at most N places
    #[arg(long, short = 'n', value_name = "N", default_value_t = 5)]
    pub limit: usize,
    /// Where the papers lie, to tell the exact bytes [default: here, beside the index, or above]
    #[arg(long, value_name = "FOLDER")]
    pub papers: Option<PathBuf>,
    /// Print JSON Lines
    #[arg(long)]
    pub json: bool,
}

pub fn run(common: &Common, asked: &Quote) -> Result<Exit, Failure> {
    let opened = opened::open(common)?;
    let mut words = asked.words.join(" ");
    if words == "-" {
        words.clear();
        std::io::stdin().read_to_string(&mut words)?;
    }
    let found = origins(&opened.index, &words, asked.limit)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let style = terminal::style(common.color);
    for (i, origin) in found.iter().enumerate() {
        let place = exact_place(&opened, asked, origin);
        if asked.json {
            writeln!(out, "{}", origin_object(origin, place, i + 1))?;
        } else {
            if i > 0 {
                writeln!(out)?;
            }
            write_origin(&mut out, &style, origin, place)?;
        }
    }
    if asked.json {
        let mut end = json!({"type": "end", "status": "ok", "hits": found.len()});
        if found.is_empty() {
            end["schema"] = json!(1);
        }
        writeln!(out, "{end}")?;
    }
    out.flush()?;
    if found.is_empty() {
        terminal::note(common.color, "no paper of the index has these words");
    }
    Ok(if found.is_empty() { Exit::NothingFound } else { Exit::Found })
}

/// Returns where the words stand in the source, when the source is at hand and still the same.
fn exact_place(opened: &opened::Opened, asked: &Quote, origin: &Origin) -> Option<Place> {
    let (first, last) = (origin.passages.first()?.place?, origin.passages.last()?.place?);
    let source = sources::find(opened, &origin.paper, asked.papers.as_deref()).ok()?;
    let bytes = std::fs::read(Some(source.file).filter(|_| source.unchanged)?).ok()?;
    let (start, end) = (first.start.min(last.start), last.end.max(first.end));
    let raw = std::str::from_utf8(bytes.get(start..end)?).ok()?;
    let span = place_in(raw, &origin.printed())?;
    let line = 1 + bytes[..start + span.start].iter().filter(|&&byte| byte == b'\n').count();
    Some(Place { start: start + span.start, end: start + span.end, line })
}
