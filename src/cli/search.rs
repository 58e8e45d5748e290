//! `search`: rank passages that answer a query.

use std::io::BufWriter;
use std::mem::ManuallyDrop;

use polisearch::index::Index;
use polisearch::output::{self, Asked, Expanded, Writer};
use polisearch::query::{self, Query, Thesaurus, Why};
use polisearch::search::{Options, Searcher};

use super::args::{self, Common, Form, Search};
use super::failure::{Exit, Failure};
use super::{asking, opened, terminal};

pub fn run(common: &Common, search: Search) -> Result<Exit, Failure> {
    // The program ends behind this: what was read need not be taken apart.
    let opened = ManuallyDrop::new(opened::open(common)?);
    let query = thesaurus(&opened.index, &search.asking)?.expand(query::parse(&search.words.join(" ")));
    tell_notes(common, &query, search.strict)?;
    let format = format(&search.form, search.explain)?;
    let options = Options { explain: search.explain, count: format.tells_summary(), ..options(&search.asking) };
    let searcher = ManuallyDrop::new(Searcher::new(&opened.index));
    let results = ManuallyDrop::new(searcher.search(&query, &options)?);
    let out = BufWriter::new(std::io::stdout().lock());
    let mut writer = Writer::new(out, format, terminal::style(common.color), opened.info(), tag())?;
    writer.results(&Asked { id: "q1", text: &query.text, expanded: &expanded(&query) }, &results)?;
    writer.flush()?;
    Ok(if results.hits.is_empty() { Exit::NothingFound } else { Exit::Found })
}

/// Returns what stands for the words of queries in an index, as far as it is asked for.
pub fn thesaurus<'i>(index: &'i Index, asking: &args::Asking) -> Result<Thesaurus<'i>, Failure> {
    let topics = asking::topics(asking.topics.as_deref(), index)?;
    Ok(Thesaurus::new(topics, index, index, asking.expansion()))
}

/// Returns the word for why something is searched for.
pub fn why(why: Why) -> String {
    serde_json::to_value(why).ok().and_then(|why| why.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Lists what else is searched for.
pub fn expanded(query: &Query) -> Vec<Expanded> {
    let all = query::describe(query).into_iter();
    all.map(|expanded| Expanded { from: expanded.from, to: expanded.to, why: why(expanded.why) }).collect()
}

/// Tells what of a query was not understood; with `--strict` that is the end.
pub fn tell_notes(common: &Common, query: &Query, strict: bool) -> Result<(), Failure> {
    for note in &query.notes {
        let part = query.text.get(note.span.start..note.span.end).unwrap_or_default();
        let message = if part.is_empty() { note.message.clone() } else { format!("`{part}`: {}", note.message) };
        if strict {
            return Err(Failure::usage(message).hint("leave --strict away to search it literally"));
        }
        terminal::note(common.color, &message);
    }
    Ok(())
}

/// Returns what to ask of a searcher.
pub fn options(asking: &args::Asking) -> Options {
    asking.options()
}

/// Returns the form of output: what was asked for, else what suits where it goes. Explanations are
/// for people and programs, not for lines and rows.
fn format(form: &Form, explain: bool) -> Result<output::Format, Failure> {
    let format = match form.format {
        Some(format) => format.into(),
        None if form.json => output::Format::Json,
        None if explain || terminal::is_terminal() => output::Format::Human,
        None => output::Format::Plain,
    };
    if explain && !matches!(format, output::Format::Human | output::Format::Json) {
        return Err(Failure::usage("--explain is told by --format human and json only"));
    }
    Ok(format)
}

/// Returns the name of this program's runs in TREC output.
pub fn tag() -> String {
    "polisearch".to_owned()
}
