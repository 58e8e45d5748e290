//! `batch`: many queries, in order, on all threads, past every bad one.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, IsTerminal, Seek, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressStyle};
use polisearch::eval::queries::{Form, Row, rows};
use polisearch::output::{self, Asked, IndexInfo, Style, Writer};
use polisearch::query::Topics;
use polisearch::search::{Detail, Options, Searcher};
use rayon::prelude::*;

use super::args::{Batch, Common, Input};
use super::failure::{Exit, Failure};
use super::search::{Expander, expanded, options};
use super::{opened, resume, terminal};

/// Queries that are answered before their answers are written, for each thread.
const AHEAD: usize = 64;
/// Failed rows that are told one by one.
const TOLD: usize = 10;

pub fn run(common: &Common, asked: &Batch) -> Result<Exit, Failure> {
    let opened = opened::open(common)?;
    let rows = read(asked)?;
    let format = output::Format::from(asked.format);
    let n_threads = asked.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(n_threads)
        .build()
        .map_err(|error| Failure::usage(format!("--threads {n_threads}: {error}")))?;
    let answerer = Answerer {
        expander: Expander::new(&opened.index, &asked.asking)?,
        searcher: Searcher::new(&opened.index),
        options: Options {
            detail: if format == output::Format::Trec || asked.none { Detail::Id } else { Detail::Full },
            ..options(&asked.asking)
        },
        format,
        style: terminal::style(common.color),
        info: opened.info(),
        tag: asked.tag.clone(),
    };
    let stop = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&stop);
    // Without a handler Ctrl-C ends the program at once, which may cut a line: still no reason to stop.
    let _ = ctrlc::set_handler(move || raised.store(true, Ordering::Relaxed));
    let mut sink = Sink::new(common, asked, format)?;
    let progress = progress();
    let mut rows = rows.skip(sink.n_done);
    loop {
        let chunk: Vec<Row> = rows.by_ref().take(AHEAD * n_threads).collect();
        if chunk.is_empty() {
            break;
        }
        let answers: Vec<Answer> = pool.install(|| chunk.into_par_iter().map(|row| answerer.answer(row)).collect());
        for answer in answers {
            if stop.load(Ordering::Relaxed) {
                sink.finish()?;
                return Ok(Exit::Interrupted);
            }
            progress.inc(1);
            sink.put(&answer)?;
        }
    }
    progress.finish_and_clear();
    sink.finish()?;
    sink.exit(asked.strict)
}

/// Opens the queries, or the keys of a topics file.
fn read(asked: &Batch) -> Result<Box<dyn Iterator<Item = Row>>, Failure> {
    let name = asked.file.display().to_string();
    let by_name = asked.file.extension().is_some_and(|extension| extension == "toml");
    let failed = |error: std::io::Error| Failure::usage(format!("{name}: {error}"));
    if asked.input == Some(Input::Topics) || asked.input.is_none() && by_name {
        let text = std::fs::read_to_string(&asked.file).map_err(failed)?;
        let topics: Vec<_> = Topics::from_toml(&name, &text)?.iter().collect();
        let row = |(i, topic): (usize, polisearch::query::Topic)| Row {
            line: i + 1,
            text: Ok(format!("@{}", topic.key)),
            id: topic.key,
        };
        return Ok(Box::new(topics.into_iter().enumerate().map(row)));
    }
    let form = match asked.input {
        Some(Input::Lines) => Form::Lines,
        Some(Input::Tsv) => Form::Tsv,
        Some(Input::Csv) => Form::Csv { column: None },
        Some(Input::Jsonl) => Form::Json,
        Some(Input::Topics) | None => Form::of_path(&asked.file),
    };
    let form = match form {
        Form::Csv { .. } => Form::Csv { column: asked.column.clone() },
        form => form,
    };
    let reader: Box<dyn BufRead> = if asked.file == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(BufReader::with_capacity(1 << 16, File::open(&asked.file).map_err(failed)?))
    };
    Ok(Box::new(rows(reader, form).map_err(|error| Failure::usage(format!("{name}: {error}")))?))
}

fn progress() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style =
        ProgressStyle::with_template("{spinner} {pos} queries {per_sec} {elapsed}").expect("the template is sound");
    ProgressBar::new_spinner().with_style(style)
}

/// Answers rows, on any thread.
struct Answerer<'i> {
    expander: Expander<'i>,
    searcher: Searcher<'i>,
    options: Options,
    format: output::Format,
    style: Style,
    info: IndexInfo,
    tag: String,
}

/// What became of a row.
struct Answer {
    id: String,
    text: String,
    n_hits: usize,
    /// Kind and message of what went wrong.
    error: Option<(String, String)>,
    /// As it is printed, without what begins a stream.
    printed: Vec<u8>,
}

impl Answerer<'_> {
    fn answer(&self, row: Row) -> Answer {
        let (id, text) = match row.text {
            Ok(text) => (row.id, text),
            Err(error) => return self.failed(row.id, String::new(), error.kind(), &error.to_string()),
        };
        let tried = catch_unwind(AssertUnwindSafe(|| {
            let query = self.expander.query(&text);
            self.searcher.search(&query, &self.options).map(|results| (query, results))
        }));
        let (query, results) = match tried {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => return self.failed(id, text, "search", &error.to_string()),
            Err(_) => return self.failed(id, text, "fault", "a fault of this program"),
        };
        let mut writer = self.writer(Vec::new());
        let expanded = expanded(&query);
        // Writing to memory can't fail.
        let _ = writer.results(&Asked { id: &id, text: &text, expanded: &expanded }, &results);
        Answer { n_hits: results.hits.len(), error: None, printed: writer.into_inner(), id, text }
    }

    fn failed(&self, id: String, text: String, kind: &str, message: &str) -> Answer {
        let mut writer = self.writer(Vec::new());
        let _ = writer.failure(&id, kind, message);
        Answer { n_hits: 0, error: Some((kind.to_owned(), message.to_owned())), printed: writer.into_inner(), id, text }
    }

    fn writer(&self, out: Vec<u8>) -> Writer<Vec<u8>> {
        Writer::going_on(out, self.format, self.style.clone(), self.info.clone(), self.tag.clone())
    }
}

/// Where answers go.
struct Sink<'a> {
    common: &'a Common,
    asked: &'a Batch,
    out: Box<dyn Write>,
    format: output::Format,
    /// Rows that an interrupted batch has answered before.
    n_done: usize,
    n_found: usize,
    n_none: usize,
    n_failed: usize,
}

impl<'a> Sink<'a> {
    fn new(common: &'a Common, asked: &'a Batch, format: output::Format) -> Result<Self, Failure> {
        let mut n_done = 0;
        let mut begun = false;
        let named = |path: &Path, error| Failure::usage(format!("{}: {error}", path.display()));
        let out: Box<dyn Write> = if let Some(path) = &asked.resume {
            let whole = resume::whole_part(path, format)?;
            let mut file =
                OpenOptions::new().write(true).create(true).truncate(false).open(path).map_err(|e| named(path, e))?;
            file.set_len(whole.n_bytes)
                .and_then(|()| file.seek(std::io::SeekFrom::End(0)))
                .map_err(|e| named(path, e))?;
            n_done = whole.n_rows(read(asked)?);
            begun = whole.n_bytes > 0;
            Box::new(BufWriter::new(file))
        } else if let Some(path) = &asked.output {
            Box::new(BufWriter::new(File::create(path).map_err(|error| named(path, error))?))
        } else {
            Box::new(BufWriter::new(std::io::stdout().lock()))
        };
        if let Some(folder) = &asked.split {
            std::fs::create_dir_all(folder).map_err(|error| named(folder, error))?;
        }
        let mut sink = Sink { common, asked, out, format, n_done, n_found: 0, n_none: 0, n_failed: 0 };
        if !begun && asked.split.is_none() && !asked.none {
            output::begin(&mut sink.out, format)?;
        }
        Ok(sink)
    }

    fn put(&mut self, answer: &Answer) -> Result<(), Failure> {
        match &answer.error {
            Some((_, message)) => {
                self.n_failed += 1;
                if self.n_failed <= TOLD {
                    terminal::note(self.common.color, &format!("query {}: {message}", answer.id));
                }
            }
            None if answer.n_hits == 0 => self.n_none += 1,
            None => self.n_found += 1,
        }
        if self.asked.none {
            if answer.n_hits == 0 && answer.error.is_none() {
                writeln!(self.out, "{}\t{}", answer.id, answer.text.replace(['\t', '\n', '\r'], " "))?;
            }
            return Ok(());
        }
        if let Some(folder) = &self.asked.split {
            let path = folder.join(file_name(&answer.id)).with_extension(extension(self.format));
            let failed = |error| Failure::usage(format!("{}: {error}", path.display()));
            let mut file = BufWriter::new(File::create(&path).map_err(failed)?);
            output::begin(&mut file, self.format)?;
            file.write_all(&answer.printed).and_then(|()| file.flush()).map_err(failed)?;
            return Ok(());
        }
        Ok(self.out.write_all(&answer.printed)?)
    }

    fn finish(&mut self) -> Result<(), Failure> {
        self.out.flush()?;
        let n = self.n_found + self.n_none + self.n_failed;
        let before = if self.n_done > 0 { format!(" ({} answered before)", self.n_done) } else { String::new() };
        let told = format!(
            "{n} queries{before}: {} found, {} without a hit, {} failed",
            self.n_found, self.n_none, self.n_failed
        );
        eprintln!("{told}");
        Ok(())
    }

    fn exit(&self, strict: bool) -> Result<Exit, Failure> {
        Ok(match self.n_failed {
            1.. if strict => Exit::SomeFailed,
            _ if self.n_found == 0 && self.n_done == 0 => Exit::NothingFound,
            _ => Exit::Found,
        })
    }
}

/// Returns a name for a query's own file.
fn file_name(id: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' };
    let name: String = id.chars().map(plain).take(100).collect();
    if name.is_empty() { "_".to_owned() } else { name }
}

fn extension(format: output::Format) -> &'static str {
    match format {
        output::Format::Json => "jsonl",
        output::Format::Csv => "csv",
        output::Format::Trec => "run",
        output::Format::Markdown => "md",
        output::Format::Human | output::Format::Plain | output::Format::Vimgrep => "txt",
    }
}
