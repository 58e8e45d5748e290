//! `show`: a passage with its neighbours, section path and page.

use std::io::{BufWriter, Write};

use polisearch::output::{passage_object, write_passage};
use polisearch::search;

use super::args::{Common, Show};
use super::failure::{Exit, Failure};
use super::{opened, terminal};

pub fn run(common: &Common, show: &Show) -> Result<Exit, Failure> {
    let opened = opened::open(common)?;
    let index = &opened.index;
    let number = index.find_passage(&show.id)?.ok_or_else(|| search::Error::NoPassage { id: show.id.clone() })?;
    let paper_number = index.paper_of(number)?;
    let paper = index.paper(paper_number)?;
    let all = index.passages_of(paper_number)?;
    let shown =
        number.saturating_sub(show.context).max(all.start)..(number.saturating_add(show.context + 1)).min(all.end);
    let mut out = BufWriter::new(std::io::stdout().lock());
    let style = terminal::style(common.color);
    for (i, at) in shown.enumerate() {
        let passage = index.passage(at)?;
        if show.json {
            writeln!(out, "{}", passage_object(&paper, &passage, i == 0))?;
        } else {
            let mark = if at == number && show.context > 0 { "  > " } else { "    " };
            write_passage(&mut out, &style, mark, &paper, &passage, &[])?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(Exit::Found)
}
