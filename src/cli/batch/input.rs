//! What a batch asks: rows of a file in any form, or topics, with the progress through them.

use std::fs::File;
use std::io::{self, BufReader, IsTerminal, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressStyle};
use polisearch::eval::queries::{Form, Row, RowError, rows};
use polisearch::index::Index;
use polisearch::query::{Topic, Topics};

use crate::cli::args::{self, Batch};
use crate::cli::asking;
use crate::cli::failure::Failure;

/// Rows in the order of their file.
pub type Rows<'i> = Box<dyn Iterator<Item = Row> + Send + 'i>;

/// The queries of a batch.
pub struct Input<'i> {
    pub rows: Rows<'i>,
    /// Topics of the file itself, which stand for those of the index.
    pub topics: Option<Topics<'static>>,
    pub progress: Progress,
}

/// Opens the queries that are asked for.
pub fn open<'i>(asked: &Batch, index: &'i Index) -> Result<Input<'i>, Failure> {
    let name = asked.file.display().to_string();
    let failed = |error: io::Error| Failure::usage(format!("{name}: {error}"));
    let from_stdin = asked.file == Path::new("-");
    if !from_stdin && asked.file.is_dir() {
        return Err(Failure::usage(format!("{name} is a folder")).hint("name a file of queries"));
    }
    let is_toml = asked.file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    if is_toml && matches!(asked.input, None | Some(args::Input::Topics)) {
        let text = std::fs::read_to_string(&asked.file).map_err(failed)?;
        let topics = Topics::from_toml(&name, &text)?;
        let all: Vec<Topic> = topics.iter().collect();
        let progress = Progress::new(Some(all.len() as u64), Unit::Queries);
        return Ok(Input { rows: Box::new(all.into_iter().zip(1..).map(topic_row)), topics: Some(topics), progress });
    }
    let form = form(asked)?;
    let (reader, progress): (Box<dyn Read + Send>, _) = if from_stdin {
        (Box::new(io::stdin()), Progress::new(None, Unit::Queries))
    } else {
        let file = File::open(&asked.file).map_err(failed)?;
        let n_bytes = file.metadata().ok().filter(|data| data.is_file()).map(|data| data.len());
        let progress = Progress::new(n_bytes, Unit::Bytes);
        (Box::new(Counted { reader: file, n_read: Arc::clone(&progress.n_read) }), progress)
    };
    let reader = BufReader::with_capacity(1 << 16, reader);
    let read = rows(reader, form).map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    if asked.input == Some(args::Input::Topics) {
        let topics = asking::topics(asked.asking.topics.as_deref(), index)?;
        return Ok(Input { rows: Box::new(read.map(move |row| named(row, &topics))), topics: None, progress });
    }
    Ok(Input { rows: Box::new(read), topics: None, progress })
}

/// Decides on the form: as asked for, else by the file's name; a column means a table.
fn form(asked: &Batch) -> Result<Form, Failure> {
    let column = || asked.column.clone();
    let form = match asked.input {
        Some(args::Input::Lines | args::Input::Topics) => Form::Lines,
        Some(args::Input::Tsv) => Form::Tsv,
        Some(args::Input::Csv) => Form::Csv { column: column() },
        Some(args::Input::Jsonl) => Form::Json { field: column() },
        None => match Form::of_path(&asked.file) {
            Form::Csv { .. } => Form::Csv { column: column() },
            Form::Json { .. } => Form::Json { field: column() },
            Form::Lines | Form::Tsv if asked.column.is_some() => Form::Csv { column: column() },
            form => form,
        },
    };
    match form {
        Form::Lines | Form::Tsv if asked.column.is_some() => {
            Err(Failure::usage("--column names a column of a table").hint("say --input csv, or jsonl"))
        }
        form => Ok(form),
    }
}

fn topic_row((topic, line): (Topic, usize)) -> Row {
    Row { line, text: Ok(format!("@{}", topic.key)), id: topic.key }
}

/// Makes a row that names a topic, by its key or any of its names, a search for that topic.
fn named(row: Row, topics: &Topics) -> Row {
    let find = |name: String| match topics.get(name.trim()).or_else(|| topics.find(&name)) {
        Some(topic) => Ok(topic.key),
        None => Err(RowError::NoTopic { name }),
    };
    match row.text.and_then(find) {
        Ok(key) => Row { text: Ok(format!("@{key}")), id: key, ..row_without_text(row.line, row.id) },
        Err(error) => Row { text: Err(error), ..row_without_text(row.line, row.id) },
    }
}

fn row_without_text(line: usize, id: String) -> Row {
    Row { line, id, text: Err(RowError::Empty) }
}

/// Counts what is read, for [`Progress`].
struct Counted<R> {
    reader: R,
    n_read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buffer)?;
        self.n_read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// In what the length of an input is known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Queries,
    Bytes,
}

/// How far a batch has come, how fast it goes and how long it will take: at a terminal only.
pub struct Progress {
    bar: ProgressBar,
    unit: Unit,
    n_read: Arc<AtomicU64>,
    n_done: AtomicU64,
}

impl Progress {
    fn new(length: Option<u64>, unit: Unit) -> Progress {
        let (bar, template) = match length {
            _ if !io::stderr().is_terminal() => (ProgressBar::hidden(), "{msg}"),
            Some(length) => (ProgressBar::new(length), "{bar:24} {percent}% {msg}, {eta} left"),
            None => (ProgressBar::new_spinner(), "{spinner} {msg}"),
        };
        let style = ProgressStyle::with_template(template).expect("the template is sound");
        Progress { bar: bar.with_style(style), unit, n_read: Arc::default(), n_done: AtomicU64::new(0) }
    }

    /// Counts an answer.
    pub fn inc(&self) {
        let n_done = self.n_done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.bar.is_hidden() {
            return;
        }
        self.bar.set_position(match self.unit {
            Unit::Queries => n_done,
            Unit::Bytes => self.n_read.load(Ordering::Relaxed),
        });
        let rate = n_done as f64 / self.bar.elapsed().as_secs_f64().max(1e-3);
        self.bar.set_message(format!("{n_done} queries, {rate:.0} a second"));
    }

    /// Takes the progress off the terminal.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
