//! `index`: build an index from papers.

use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use polisearch::corpus::{self, Item, Unit};
use polisearch::index::{self, Builder, Failure as Unread};
use polisearch::query::Topics;

use super::args::{self, Common, Index};
use super::failure::{Exit, Failure};
use super::terminal;

/// Topics of the region that the seed papers are about.
const BUILT_IN_TOPICS: &str = include_str!("../../seeds/topics.toml");

/// Bad papers that are told one by one; `papers --failed` has them all.
const TOLD: usize = 10;

pub fn run(common: &Common, asked: &Index) -> Result<Exit, Failure> {
    if let Some(jobs) = asked.jobs {
        // A second pool can't be set; there is only this call.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs).build_global();
    }
    let output = output_file(&asked.output);
    let sources = corpus::find(&asked.paths)?;
    let (library, bad_lists) = corpus::find_library(&asked.paths);
    for (path, error) in bad_lists {
        terminal::note(common.color, &format!("{}: {error}", path.display()));
    }
    let unit = match asked.unit {
        args::Unit::Passage => Unit::Passage,
        args::Unit::Record => Unit::Record,
    };
    let progress = progress(sources.iter().map(|source| source.n_bytes).sum());
    let mut builder = Builder::new()?;
    builder.set_topics(topics(asked)?);
    let mut failed: Vec<Unread> = Vec::new();
    let mut trouble = None;
    let options = corpus::Options { unit, ..corpus::Options::default() };
    corpus::read(&sources, &library, &options, &mut |item| {
        match item {
            Item::Paper(paper, passages) => {
                if let Err(error) = builder.add(*paper, &passages) {
                    trouble = Some(error);
                    return ControlFlow::Break(());
                }
                let (papers, passages) = builder.counts();
                progress.set_message(format!("{papers} papers, {passages} passages"));
            }
            Item::Failed { path, message } => failed.push(Unread { path, message }),
            Item::Done { path, n_bytes } => {
                progress.inc(n_bytes);
                progress.set_prefix(path);
            }
        }
        ControlFlow::Continue(())
    });
    if let Some(error) = trouble {
        return Err(error.into());
    }
    progress.set_message("writing");
    for (i, failure) in failed.iter().enumerate() {
        if i == TOLD {
            let rest = failed.len() - TOLD;
            terminal::note(common.color, &format!("{rest} more could not be read: polisearch papers --failed"));
            break;
        }
        terminal::note(common.color, &format!("{}: {}", failure.path, failure.message));
    }
    failed.into_iter().for_each(|failure| builder.add_failure(failure));
    let manifest = builder.write(&output)?;
    progress.finish_and_clear();
    let told = format!(
        "{}: {}, {}{}",
        output.display(),
        counted(manifest.n_papers, "paper"),
        counted(manifest.n_passages, "passage"),
        match manifest.failures.len() as u32 {
            0 => String::new(),
            n => format!(", {} not read", counted(n, "file")),
        }
    );
    eprintln!("{told}");
    Ok(Exit::Found)
}

/// Returns "1 paper", "2 papers".
fn counted(n: u32, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// Reads the topics that the index will carry: those named, those beside the papers, the built-in ones.
fn topics(asked: &Index) -> Result<Topics<'static>, Failure> {
    let beside = || asked.paths.iter().map(|path| path.join(corpus::TOPICS)).find(|path| path.is_file());
    let Some(path) = asked.topics.clone().or_else(beside) else {
        return Ok(Topics::from_toml("built-in", BUILT_IN_TOPICS)?);
    };
    let name = path.display().to_string();
    let text = std::fs::read_to_string(&path).map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    Ok(Topics::from_toml(&name, &text)?)
}

/// Returns the file to write: a folder holds `index.polisearch`.
fn output_file(output: &Path) -> PathBuf {
    let is_file = output.extension().is_some_and(|extension| extension == index::EXTENSION) && !output.is_dir();
    if is_file { output.to_owned() } else { output.join("index").with_extension(index::EXTENSION) }
}

/// Shows on a terminal what is being read, how fast and how long it will take.
fn progress(n_bytes: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style =
        ProgressStyle::with_template("{bar:24} {bytes}/{total_bytes} {bytes_per_sec} {eta} {msg} {prefix:.dim}")
            .expect("the template is sound");
    ProgressBar::new(n_bytes).with_style(style)
}
