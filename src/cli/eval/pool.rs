//! `eval pool`: a sheet of passages to judge, and the judgements that come back with it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use polisearch::eval::queries::{Form, rows};
use polisearch::eval::{Hits, Judgements, Place, Sheet, write_judgements};
use polisearch::paper::Span;

use super::{hits_of, name, open};
use crate::cli::args::Common;
use crate::cli::failure::{Exit, Failure};
use crate::cli::{opened, terminal};

/// `eval pool`.
#[derive(Debug, clap::Args)]
pub struct EvalPool {
    /// Rankings: TREC runs, or hits as search and batch write with --json
    #[arg(value_name = "RUN", required_unless_present = "read", conflicts_with = "read")]
    pub runs: Vec<PathBuf>,
    /// Take the first N passages of each query and run
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub depth: usize,
    /// Leave out what is judged already: TREC qrels, or spans
    #[arg(long, value_name = "FILE")]
    pub qrels: Option<PathBuf>,
    /// What the queries of the runs ask, for the judges
    #[arg(long, value_name = "FILE")]
    pub queries: Option<PathBuf>,
    /// Read a sheet that was filled in, and write its judgements
    #[arg(long, value_name = "SHEET")]
    pub read: Option<PathBuf>,
    /// Where to write: a sheet is Markdown when the name ends so, else CSV [default: stdout]
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// How judgements name what was judged [default: spans where all places are known]
    #[arg(long = "as", value_name = "KIND", requires = "read")]
    pub kind: Option<JudgementKind>,
}

/// A form of judgements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum JudgementKind {
    /// TREC qrels: passages by their ids
    Qrels,
    /// Places in the source files, which outlive every change of passages
    Spans,
}

pub fn run(common: &Common, asked: &EvalPool) -> Result<Exit, Failure> {
    match &asked.read {
        Some(sheet) => read(common, asked, sheet),
        None => make(common, asked),
    }
}

/// Makes a sheet of what the runs found and nobody judged.
fn make(common: &Common, asked: &EvalPool) -> Result<Exit, Failure> {
    let judged = match &asked.qrels {
        Some(path) => Some(Judgements::read(open(path)?, &name(path))?),
        None => None,
    };
    let texts = query_texts(asked)?;
    let mut runs = Vec::new();
    for path in &asked.runs {
        runs.push(hits_of(path)?);
    }
    let opened = if runs.iter().any(lacks_texts) { Some(opened::open(common)?) } else { None };
    for hits in &mut runs {
        fill(hits, &texts, opened.as_ref().map(|opened| &opened.index), asked.depth)?;
    }
    let sheet = Sheet::pool(&runs, asked.depth, |query, hit| match &judged {
        None => false,
        Some(Judgements::Documents(qrels)) => qrels.judges(query, hit),
        Some(Judgements::Spans(spans)) => spans.iter().any(|judgement| judgement.judges(query, hit)),
    });
    let is_markdown = asked.output.as_ref().and_then(|path| path.extension()).is_some_and(is_markdown);
    write(asked.output.as_deref(), |out| if is_markdown { sheet.write_markdown(out) } else { sheet.write_csv(out) })?;
    let n = sheet.candidates.len();
    terminal::note(common.color, &format!("{n} {} to judge", if n == 1 { "passage" } else { "passages" }));
    Ok(if n == 0 { Exit::NothingFound } else { Exit::Found })
}

/// Reads the judgements of a sheet that was filled in.
fn read(common: &Common, asked: &EvalPool, path: &Path) -> Result<Exit, Failure> {
    let sheet = if path.extension().is_some_and(is_markdown) {
        Sheet::read_markdown(open(path)?, &name(path))?
    } else {
        Sheet::read_csv(open(path)?, &name(path))?
    };
    let judged = || sheet.candidates.iter().filter(|candidate| candidate.grade.is_some());
    let n_unplaced = judged().filter(|candidate| candidate.place.is_none()).count();
    let kind = asked.kind.unwrap_or(if n_unplaced == 0 { JudgementKind::Spans } else { JudgementKind::Qrels });
    match kind {
        JudgementKind::Qrels => write(asked.output.as_deref(), |out| sheet.qrels().write(out))?,
        JudgementKind::Spans => {
            write(asked.output.as_deref(), |out| write_judgements(&sheet.judgements(), out))?;
            if n_unplaced > 0 {
                let told = format!("{n_unplaced} judged passages have no place in a file, and are left out");
                terminal::note(common.color, &told);
            }
        }
    }
    let n = judged().count();
    let left = sheet.candidates.len() - n;
    terminal::note(common.color, &format!("{n} judged, {left} left empty"));
    Ok(if n == 0 { Exit::NothingFound } else { Exit::Found })
}

fn is_markdown(extension: &std::ffi::OsStr) -> bool {
    extension.eq_ignore_ascii_case("md") || extension.eq_ignore_ascii_case("markdown")
}

/// Reads what the queries ask, by id.
fn query_texts(asked: &EvalPool) -> Result<BTreeMap<String, String>, Failure> {
    let Some(path) = &asked.queries else { return Ok(BTreeMap::new()) };
    let rows = rows(open(path)?, Form::of_path(path));
    let rows = rows.map_err(|error| Failure::usage(format!("{}: {error}", name(path))))?;
    Ok(rows.filter_map(|row| Some((row.id, row.text.ok()?))).collect())
}

fn lacks_texts(hits: &Hits) -> bool {
    hits.queries.values().flat_map(|asked| &asked.hits).any(|hit| hit.text.is_empty())
}

/// Fills in what a run does not say: what was asked, and what the passages say and where.
fn fill(
    hits: &mut Hits,
    texts: &BTreeMap<String, String>,
    index: Option<&polisearch::index::Index>,
    depth: usize,
) -> Result<(), Failure> {
    for (query, asked) in &mut hits.queries {
        if let Some(text) = texts.get(query).filter(|_| asked.text.is_empty()) {
            asked.text = text.clone();
        }
        for hit in asked.hits.iter_mut().take(depth).filter(|hit| hit.text.is_empty()) {
            let Some(index) = index else { continue };
            let Some(number) = index.find_passage(&hit.passage)? else { continue };
            let passage = index.passage(number)?;
            hit.text = passage.text;
            if let (None, Some(place)) = (&hit.place, passage.place) {
                let path = index.paper(index.paper_of(number)?)?.path;
                hit.place = Some(Place { path, span: Span::new(place.start, place.end) });
            }
        }
    }
    Ok(())
}

fn write(
    path: Option<&Path>,
    print: impl FnOnce(&mut BufWriter<Box<dyn Write>>) -> std::io::Result<()>,
) -> Result<(), Failure> {
    let out: Box<dyn Write> = match path {
        Some(path) => Box::new(File::create(path).map_err(|error| Failure::usage(format!("{}: {error}", name(path))))?),
        None => Box::new(std::io::stdout()),
    };
    let mut out = BufWriter::new(out);
    print(&mut out)?;
    Ok(out.flush()?)
}
