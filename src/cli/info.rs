//! `info`: what an index is, where it lies, and why it is the one in use.

use std::io::{BufWriter, Write};

use polisearch::index::Index;
use polisearch::query;
use polisearch::search::{Options, Searcher};
use serde_json::json;

use super::args::{Common, Info};
use super::failure::{Exit, Failure};
use super::opened;

pub fn run(common: &Common, asked: &Info) -> Result<Exit, Failure> {
    let opened = opened::open(common)?;
    let (index, manifest) = (&opened.index, opened.index.manifest());
    let path = opened.info().path;
    let mut out = BufWriter::new(std::io::stdout().lock());
    if asked.json {
        let parts: serde_json::Map<_, _> = index.parts().map(|(name, size)| (name.to_owned(), size.into())).collect();
        let object = json!({"path": path, "why": opened.why, "config": common.config, "bytes": index.n_bytes(), "manifest": manifest, "parts": parts});
        writeln!(out, "{}", serde_json::to_string_pretty(&object).expect("plain data"))?;
        out.flush()?;
        return Ok(Exit::Found);
    }
    writeln!(out, "index      {path} ({})", opened.why)?;
    writeln!(out, "size       {} bytes", index.n_bytes())?;
    writeln!(out, "built by   {}, {}, format {}", manifest.tool, manifest.engine, manifest.format)?;
    writeln!(out, "papers     {}{}", manifest.n_papers, years(manifest.years))?;
    writeln!(out, "passages   {} ({} words)", manifest.n_passages, manifest.n_words)?;
    let languages: Vec<String> = manifest.languages.iter().map(|(name, n)| format!("{name} {n}")).collect();
    if !index.has_texts() {
        writeln!(out, "texts      left out: it tells where passages stand")?;
    }
    writeln!(out, "languages  {}", languages.join(", "))?;
    writeln!(out, "topics     {}", manifest.n_topics)?;
    writeln!(out, "acronyms   {}", manifest.n_acronyms)?;
    let config = common.config.as_ref().map_or_else(|| "none".to_owned(), |path| path.display().to_string());
    writeln!(out, "config     {config}")?;
    if !manifest.failures.is_empty() {
        writeln!(out, "not read   {} (papers --failed tells why)", manifest.failures.len())?;
    }
    out.flush()?;
    Ok(Exit::Found)
}

/// Checks every byte, and that the index answers.
pub fn verify(common: &Common) -> Result<Exit, Failure> {
    let opened = opened::open(common)?;
    opened.index.verify()?;
    for number in 0..opened.index.n_passages() {
        opened.index.passage(number)?;
    }
    answers(&opened.index)?;
    let told = format!("{}: whole, {} passages\n", opened.info().path, opened.index.n_passages());
    std::io::stdout().write_all(told.as_bytes())?;
    Ok(Exit::Found)
}

/// Checks that passages are found by a word that the index holds.
fn answers(index: &Index) -> Result<(), Failure> {
    for (word, _) in index.words_with_prefix("", 1)? {
        let results = Searcher::new(index).search(&query::parse(&word), &Options::default())?;
        if results.hits.is_empty() {
            return Err(Failure::usage(format!("the index is whole but finds nothing for its word `{word}`")));
        }
    }
    Ok(())
}

fn years(years: Option<(i32, i32)>) -> String {
    match years {
        Some((first, last)) if first == last => format!(" ({first})"),
        Some((first, last)) => format!(" ({first}–{last})"),
        None => String::new(),
    }
}
