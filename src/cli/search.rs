//! `search`: rank passages that answer a query.

use std::io::BufWriter;

use polisearch::index::Index;
use polisearch::output::{self, Asked, Expanded, Writer};
use polisearch::query::{self, ExpandOptions, Query, Topics, Why};
use polisearch::search::{ByField, Detail, Options, Ranking, Searcher};

use super::args::{self, Common, Form, Search};
use super::failure::{Exit, Failure};
use super::{opened, terminal};

pub fn run(common: &Common, search: Search) -> Result<Exit, Failure> {
    let opened = opened::open(common)?;
    let query = Expander::new(&opened.index, &search.asking)?.query(&search.words.join(" "));
    tell_notes(common, &query, search.strict)?;
    let results = Searcher::new(&opened.index).search(&query, &options(&search.asking))?;
    let out = BufWriter::new(std::io::stdout().lock());
    let mut writer = Writer::new(out, format(&search.form), terminal::style(common.color), opened.info(), tag())?;
    writer.results(&Asked { id: "q1", text: &query.text, expanded: &expanded(&query) }, &results)?;
    writer.flush()?;
    Ok(if results.hits.is_empty() { Exit::NothingFound } else { Exit::Found })
}

/// Reads queries for an index: parsed, and expanded by what the index knows.
pub struct Expander<'i> {
    index: &'i Index,
    topics: Topics<'i>,
    options: ExpandOptions,
}

impl<'i> Expander<'i> {
    pub fn new(index: &'i Index, asking: &args::Asking) -> Result<Self, Failure> {
        let options = if asking.no_expand { ExpandOptions::none() } else { ExpandOptions::default() };
        Ok(Expander { options, ..Expander::of(index)? })
    }

    /// Returns an expander that adds all it can.
    pub fn of(index: &'i Index) -> Result<Self, Failure> {
        let options = ExpandOptions::default();
        Ok(Expander { index, topics: index.topics()?, options })
    }

    /// Returns the expander with other topics than those of the index.
    pub fn with_topics(self, topics: Topics<'i>) -> Self {
        Expander { topics, ..self }
    }

    pub fn query(&self, text: &str) -> Query {
        let parsed = query::parse(text);
        query::expand(parsed, &self.topics, self.index, self.index, &self.options)
    }
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
    Options {
        limit: asking.limit,
        all: asking.all,
        per_paper: asking.per_paper,
        fold: !asking.no_fold,
        detail: Detail::Full,
        ranking: ranking(&asking.ranking),
    }
}

fn ranking(asked: &args::Ranking) -> Ranking {
    let default = Ranking::default();
    let b = |field: f32| asked.b.unwrap_or(field);
    Ranking {
        k1: asked.k1.unwrap_or(default.k1),
        b: ByField { body: b(default.b.body), section: b(default.b.section), title: b(default.b.title) },
        weight: ByField {
            body: default.weight.body,
            section: asked.section_weight.unwrap_or(default.weight.section),
            title: asked.title_weight.unwrap_or(default.weight.title),
        },
        coverage: default.coverage,
        proximity: asked.proximity.unwrap_or(default.proximity),
        as_typed: asked.as_typed.unwrap_or(default.as_typed),
        feedback: asked.feedback.unwrap_or(default.feedback),
    }
}

/// Returns the form of output: what was asked for, else what suits where it goes.
pub fn format(form: &Form) -> output::Format {
    match form.format {
        Some(format) => format.into(),
        None if form.json => output::Format::Json,
        None if terminal::is_terminal() => output::Format::Human,
        None => output::Format::Plain,
    }
}

/// Returns the name of this program's runs in TREC output.
pub fn tag() -> String {
    "polisearch".to_owned()
}
