//! `eval`: measure rankings against judgements.

mod ablation;
mod acronyms;
mod pool;

pub use acronyms::EvalAcronyms;
pub use pool::EvalPool;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;

use polisearch::eval::queries::{Form, rows};
use polisearch::eval::{
    self, Answers, Asked, Comparison, Format, Hit, Hits, Judgements, Measure, Measured, Missing, Place, Scores,
    Settings, SpanQrels, Test, Unit, evaluate, read_repeats, write_queries,
};
use polisearch::paper::Span;
use polisearch::query::{self, Thesaurus};
use polisearch::search::{Match, Options, Results, Searcher};

use super::args::{Common, Eval, EvalCommand, EvalFormat, Significance};
use super::failure::{Exit, Failure};

use super::{asking, opened, terminal};
use ablation::Setup;

const MEASURES: [&str; 6] = ["nDCG@10", "AP", "RR", "P@5", "R@20", "Success@1"];
/// Rounds of the randomisation test: p-values are right to about 0.005.
const ROUNDS: u32 = 100_000;
/// Hits by which a ranking is measured, when nothing else is asked for.
const DEPTH: usize = 100;

pub fn run(common: &Common, asked: &Eval) -> Result<Exit, Failure> {
    match &asked.command {
        Some(EvalCommand::Acronyms(asked)) => return acronyms::run(asked),
        Some(EvalCommand::Pool(asked)) => return pool::run(common, asked),
        None => {}
    }
    let qrels = asked.qrels.as_deref().expect("clap demands it where no other command is named");
    let judgements = Judgements::read(open(qrels)?, &name(qrels))?;
    let names: Vec<&str> = match &asked.measure[..] {
        [] => MEASURES.to_vec(),
        names => names.iter().map(String::as_str).collect(),
    };
    let measures = names.into_iter().map(str::parse).collect::<Result<Vec<Measure>, eval::Error>>()?;
    let mut answers: Vec<(String, Hits)> = Vec::new();
    for path in &asked.runs {
        answers.push((name(path), hits_of(path)?));
    }
    if let Some(queries) = &asked.queries {
        let setups = match asked.ablation {
            true => ablation::each_part(&asked.asking),
            false => vec![ablation::whole(&asked.asking, "polisearch")],
        };
        let depth = measures.iter().filter_map(|measure| measure.depth()).max().unwrap_or(0);
        answers.extend(ask(common, asked, queries, setups, depth)?);
    }
    let mut measured = Vec::new();
    for (name, hits) in answers {
        let scores = measure(asked, &judgements, &hits, &name, &measures)?;
        measured.push(Measured { name, scores });
    }
    let format = match asked.format {
        EvalFormat::Table => Format::Table,
        EvalFormat::Csv => Format::Csv,
        EvalFormat::Json => Format::Json,
    };
    let test = match asked.test {
        Significance::T => Some(Test::T),
        Significance::Randomisation => Some(Test::Randomisation { rounds: ROUNDS }),
        Significance::None => None,
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    if asked.per_query {
        write_queries(&measured, format, &mut out)?;
    }
    Comparison::new(&measured, test).write(format, &mut out)?;
    out.flush()?;
    Ok(Exit::Found)
}

fn measure(
    asked: &Eval,
    judgements: &Judgements,
    hits: &Hits,
    name: &str,
    measures: &[Measure],
) -> Result<Scores, Failure> {
    match judgements {
        Judgements::Documents(qrels) => {
            let missing = if asked.skip_missing { Missing::Skip } else { Missing::Zero };
            let run = match hits.unit_of(qrels) {
                Unit::Passage => hits.to_run(name),
                Unit::Paper => hits.to_run_of_papers(name),
            };
            Ok(evaluate(&run, qrels, measures, Settings { missing, ..Settings::default() }))
        }
        Judgements::Spans(judgements) => {
            let repeats = match &asked.repeats {
                Some(path) => read_repeats(open(path)?, &self::name(path))?,
                None => Vec::new(),
            };
            let asked_ids = hits.queries.keys().map(String::as_str);
            Ok(SpanQrels::new(judgements, &repeats).evaluate(asked_ids, hits, measures))
        }
    }
}

/// Reads a run of any form.
fn hits_of(path: &Path) -> Result<Hits, Failure> {
    Ok(match Answers::read(open(path)?, &name(path))? {
        Answers::Hits(hits) => hits,
        Answers::Run(run) => Hits::from(&run),
    })
}

/// Runs the queries of a file over the index, with each setup, as deep as is measured.
fn ask(
    common: &Common,
    asked: &Eval,
    queries: &Path,
    setups: Vec<Setup>,
    depth: usize,
) -> Result<Vec<(String, Hits)>, Failure> {
    let opened = opened::open(common)?;
    let searcher = Searcher::new(&opened.index);
    let mut answers = Vec::new();
    for Setup { name, expansion, mut options } in setups {
        options.limit = options.limit.max(DEPTH).max(depth);
        let topics = asking::topics(asked.asking.topics.as_deref(), &opened.index)?;
        let thesaurus = Thesaurus::new(topics, &opened.index, &opened.index, expansion);
        answers.push((name, run_queries(common, &searcher, &thesaurus, &options, queries)?));
    }
    Ok(answers)
}

fn run_queries(
    common: &Common,
    searcher: &Searcher<'_>,
    thesaurus: &Thesaurus<'_>,
    options: &Options,
    queries: &Path,
) -> Result<Hits, Failure> {
    let mut found = BTreeMap::new();
    let form = Form::of_path(queries);
    let rows = rows(open(queries)?, form).map_err(|error| Failure::usage(format!("{}: {error}", name(queries))))?;
    for row in rows {
        let text = match row.text {
            Ok(text) => text,
            Err(error) => {
                terminal::note(common.color, &format!("{}:{}: {error}", name(queries), row.line));
                continue;
            }
        };
        let results = searcher.search(&thesaurus.expand(query::parse(&text)), options)?;
        found.insert(row.id, Asked { text, hits: hits(results) });
    }
    Ok(Hits { queries: found })
}

fn hits(results: Results) -> Vec<Hit> {
    let place = |hit: &polisearch::search::Hit| {
        let place = hit.passage.place?;
        Some(Place { path: hit.paper.path.clone(), span: Span::new(place.start, place.end) })
    };
    let hit = |hit: polisearch::search::Hit| Hit {
        has_all: hit.matched == Match::All,
        place: place(&hit),
        paper: hit.paper.id.clone(),
        passage: hit.passage.id,
        text: hit.passage.text,
    };
    results.hits.into_iter().map(hit).collect()
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

fn open(path: &Path) -> Result<BufReader<File>, Failure> {
    let file = File::open(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    Ok(BufReader::new(file))
}
