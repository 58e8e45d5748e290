//! `index`: build an index from papers, or bring one up to date.

use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use polisearch::corpus::library::Library;
use polisearch::corpus::{self, Item, Known, Source, Unit};
use polisearch::extract;
use polisearch::index::{self, Builder, Failure as Unread, Lock};
use polisearch::query::Topics;

use super::args::{self, Common, Index};
use super::failure::{Exit, Failure};
use super::update::{Kept, Old};
use super::{terminal, watch};

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
    // Whatever is going on, the old index is as it was: what is half done goes, and so do we.
    let _ = ctrlc::set_handler(move || {
        Lock::abandon(&output);
        std::process::exit(Exit::Interrupted as i32);
    });
    if asked.mode.watch { watch::run(common, asked) } else { update(common, asked) }
}

/// Builds an index, or brings the one that is there up to date.
pub fn update(common: &Common, asked: &Index) -> Result<Exit, Failure> {
    let lock = Lock::acquire(&output_file(&asked.output))?;
    let old = old(common, asked, lock.output())?;
    let changes_old = asked.mode.append || asked.mode.remove;
    let sources = match &old {
        Some(old) if asked.mode.remove => old.without(&asked.paths)?,
        Some(old) if asked.mode.append => old.with(corpus::find(&asked.paths)?),
        _ => corpus::find(&asked.paths)?,
    };
    let (library, bad_lists) = if asked.mode.remove { Default::default() } else { corpus::find_library(&asked.paths) };
    for (path, error) in bad_lists {
        terminal::note(common.color, &format!("{}: {error}", path.display()));
    }
    let mut builder = Builder::new()?;
    if let Some(memory) = asked.memory {
        builder.set_memory(memory);
    }
    let (unit, reading) = match &old {
        Some(old) if changes_old => (old.unit(), old.reading()),
        _ => (asked.unit, corpus::VERSION),
    };
    builder.set_reading(unit.name(), reading);
    builder.set_topics(match &old {
        Some(old) if changes_old && asked.topics.is_none() => old.topics()?,
        _ => topics(asked)?,
    });
    let mut failed = read(&mut builder, unit, asked.pdf_reader, &sources, &library, old.as_ref())?;
    tell_failed(common, &failed);
    failed.extend(old.iter().flat_map(|old| old.failures_of(&sources)));
    failed.into_iter().for_each(|failure| builder.add_failure(failure));
    // It may be a file that is about to be replaced: some systems keep those that are open.
    drop(old);
    let manifest = builder.write(&lock)?;
    eprintln!(
        "{}: {}, {}{}",
        lock.output().display(),
        counted(manifest.n_papers, "paper"),
        counted(manifest.n_passages, "passage"),
        match manifest.failures.len() as u32 {
            0 => String::new(),
            n => format!(", {} not read", counted(n, "file")),
        }
    );
    Ok(Exit::Found)
}

/// Opens the index that is there, when it is asked for and of use.
fn old(common: &Common, asked: &Index, output: &Path) -> Result<Option<Old>, Failure> {
    let mode = &asked.mode;
    if mode.append || mode.remove {
        return Old::open(output, None).map(Some);
    }
    if !(mode.update || mode.watch) || !output.exists() {
        return Ok(None);
    }
    match Old::open(output, Some(asked.unit)) {
        Ok(old) => Ok(Some(old)),
        Err(Failure::Index(error)) if error.is_about_the_file() => {
            terminal::note(common.color, &format!("{error}: all papers are read anew"));
            Ok(None)
        }
        Err(failure) => Err(failure),
    }
}

/// Reads papers into a builder and returns what could not be read.
fn read(
    builder: &mut Builder,
    unit: args::Unit,
    pdf_reader: args::PdfReader,
    sources: &[Source],
    library: &Library,
    old: Option<&Old>,
) -> Result<Vec<Unread>, Failure> {
    let unit = match unit {
        args::Unit::Passage => Unit::Passage,
        args::Unit::Record => Unit::Record,
    };
    let pdf_reader = match pdf_reader {
        args::PdfReader::BuiltIn => extract::PdfReader::BuiltIn,
        args::PdfReader::Pdftotext => extract::PdfReader::Pdftotext,
    };
    let extract = extract::Options { pdf_reader, ..extract::Options::default() };
    let options = corpus::Options { unit, extract };
    let kept = old.map(Kept);
    let known: &dyn Known = kept.as_ref().map_or(&(), |kept| kept);
    let progress = progress(sources.iter().map(|source| source.n_bytes).sum());
    let mut failed = Vec::new();
    let mut trouble = None;
    corpus::read(sources, library, &options, known, &mut |item| {
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
            Item::Done { path, n_bytes, fingerprint } => {
                progress.inc(n_bytes);
                progress.set_prefix(path.clone());
                builder.end_source(path, n_bytes, fingerprint);
            }
        }
        ControlFlow::Continue(())
    });
    progress.finish_and_clear();
    trouble.map_or(Ok(failed), |error| Err(error.into()))
}

fn tell_failed(common: &Common, failed: &[Unread]) {
    for (i, failure) in failed.iter().enumerate() {
        if i == TOLD {
            let rest = failed.len() - TOLD;
            terminal::note(common.color, &format!("{rest} more could not be read: polisearch papers --failed"));
            break;
        }
        terminal::note(common.color, &format!("{}: {}", failure.path, failure.message));
    }
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
pub fn output_file(output: &Path) -> PathBuf {
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
