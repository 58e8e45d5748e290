//! Where the answers of a batch go: one stream, or a file a query; and what became of each row.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use polisearch::output::{self, Format};

use super::answer::Answer;
use super::input::Rows;
use super::resume;
use crate::cli::args::{Batch, Common};
use crate::cli::failure::{Exit, Failure};
use crate::cli::terminal;

/// Failed rows that are told one by one.
const TOLD: usize = 10;

/// Takes answers in the order of the rows.
pub struct Sink<'a> {
    common: &'a Common,
    asked: &'a Batch,
    out: Box<dyn Write + Send>,
    /// A table with a row a query, when it was asked for.
    status: Option<csv::Writer<File>>,
    names: FileNames,
    format: Format,
    /// Rows that an interrupted batch has answered before.
    n_done: usize,
    n_found: usize,
    n_none: usize,
    n_failed: usize,
    /// Why the rows could not be read to their end.
    broken: Option<String>,
}

impl<'a> Sink<'a> {
    /// Opens what is to be written, and returns with it the rows that an interrupted batch has not answered.
    pub fn open<'i>(
        common: &'a Common,
        asked: &'a Batch,
        format: Format,
        mut rows: Rows<'i>,
    ) -> Result<(Self, Rows<'i>), Failure> {
        let mut n_done = 0;
        let mut begun = false;
        let out: Box<dyn Write + Send> = if let Some(path) = &asked.resume {
            let left = resume::left(path, format, rows)?;
            rows = left.rows;
            n_done = left.n_done;
            begun = left.n_bytes > 0;
            Box::new(BufWriter::new(open_at(path, left.n_bytes)?))
        } else if let Some(path) = &asked.output {
            Box::new(BufWriter::new(File::create(path).map_err(|error| named(path, &error))?))
        } else {
            Box::new(BufWriter::new(io::stdout()))
        };
        let status = match &asked.status {
            Some(path) => Some(open_status(path, n_done)?),
            None => None,
        };
        if let Some(folder) = &asked.split {
            std::fs::create_dir_all(folder).map_err(|error| named(folder, &error))?;
        }
        let names = FileNames::default();
        let mut sink = Sink {
            common,
            asked,
            out,
            status,
            names,
            format,
            n_done,
            n_found: 0,
            n_none: 0,
            n_failed: 0,
            broken: None,
        };
        if !begun && asked.split.is_none() && !asked.none {
            output::begin(&mut sink.out, format)?;
        }
        Ok((sink, rows))
    }

    /// Writes an answer.
    pub fn put(&mut self, answer: &Answer) -> Result<(), Failure> {
        match &answer.error {
            Some((kind, message)) => {
                self.n_failed += 1;
                if self.n_failed <= TOLD {
                    // Where both streams go to one terminal or file, the order is that of the rows.
                    self.out.flush()?;
                    terminal::note(self.common.color, &format!("query {}: {message}", answer.id));
                }
                if kind == "io" {
                    self.broken = Some(message.clone());
                }
            }
            None if answer.n_hits == 0 => self.n_none += 1,
            None => self.n_found += 1,
        }
        if self.asked.none {
            if answer.n_hits == 0 && answer.error.is_none() {
                writeln!(self.out, "{}\t{}", answer.id, answer.text.replace(['\t', '\n', '\r'], " "))?;
            }
        } else if let Some(folder) = &self.asked.split {
            let path = folder.join(self.names.next(&answer.id, extension(self.format)));
            write_file(&path, self.format, &answer.printed).map_err(|error| named(&path, &error))?;
        } else {
            self.out.write_all(&answer.printed)?;
        }
        self.put_status(answer)
    }

    fn put_status(&mut self, answer: &Answer) -> Result<(), Failure> {
        let (Some(status), Some(path)) = (&mut self.status, &self.asked.status) else { return Ok(()) };
        let (what, kind, message) = match &answer.error {
            Some((kind, message)) => ("error", kind.as_str(), message.as_str()),
            None => ("ok", "", ""),
        };
        let (n_hits, n_matches) = (answer.n_hits.to_string(), answer.n_matches.to_string());
        let row = [&answer.id, what, &n_hits, &n_matches, kind, message].map(in_one_line);
        status.write_record(row).map_err(|error| named(path, &error.into()))
    }

    /// Hands over what is buffered.
    pub fn flush(&mut self) -> Result<(), Failure> {
        if let (Some(status), Some(path)) = (&mut self.status, &self.asked.status) {
            status.flush().map_err(|error| named(path, &error))?;
        }
        Ok(self.out.flush()?)
    }

    /// Ends the writing and tells what became of all rows together.
    pub fn finish(&mut self) -> Result<(), Failure> {
        self.flush()?;
        if self.n_failed > TOLD {
            let message = format!("{} more queries failed; --status FILE has them all", self.n_failed - TOLD);
            terminal::note(self.common.color, &message);
        }
        let n = self.n_found + self.n_none + self.n_failed;
        let before = if self.n_done > 0 { format!(" ({} answered before)", self.n_done) } else { String::new() };
        let told = format!(
            "{n} queries{before}: {} found, {} without a hit, {} failed",
            self.n_found, self.n_none, self.n_failed
        );
        eprintln!("{told}");
        Ok(())
    }

    /// Returns how the batch ends.
    pub fn exit(&self, strict: bool) -> Result<Exit, Failure> {
        if let Some(message) = &self.broken {
            return Err(Failure::usage(format!("{}: {message}", self.asked.file.display())));
        }
        Ok(match self.n_failed {
            1.. if strict => Exit::SomeFailed,
            _ if self.n_found == 0 && self.n_done == 0 => Exit::NothingFound,
            _ => Exit::Found,
        })
    }
}

fn named(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("{}: {error}", path.display()))
}

fn in_one_line(cell: &str) -> String {
    cell.replace(['\n', '\r'], " ")
}

/// Opens a file to write on behind its first `n_bytes`; what follows them goes.
fn open_at(path: &Path, n_bytes: u64) -> Result<File, Failure> {
    let open = || {
        let mut file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
        file.set_len(n_bytes)?;
        file.seek(io::SeekFrom::End(0))?;
        Ok(file)
    };
    open().map_err(|error| named(path, &error))
}

/// Opens the table of what became of each row; the rows of an interrupted batch are kept.
fn open_status(path: &Path, n_done: usize) -> Result<csv::Writer<File>, Failure> {
    let kept = if n_done > 0 { resume::n_bytes_of_lines(path, n_done + 1) } else { Ok(0) };
    let kept = kept.map_err(|error| named(path, &error))?;
    let mut writer = csv::Writer::from_writer(open_at(path, kept)?);
    if kept == 0 {
        let header = ["query", "status", "hits", "matches", "kind", "message"];
        writer.write_record(header).map_err(|error| named(path, &error.into()))?;
    }
    Ok(writer)
}

fn write_file(path: &Path, format: Format, printed: &[u8]) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    output::begin(&mut file, format)?;
    file.write_all(printed)?;
    file.flush()
}

/// Names for the files of queries: safe on every system, each once, and the same from run to run.
#[derive(Default)]
struct FileNames {
    /// How often a name was taken, by its hash: names themselves would be too many to hold.
    taken: HashMap<u64, u32>,
}

/// The longest name: many systems allow 255 bytes, and an extension and a number follow.
const LONGEST_NAME: usize = 120;

impl FileNames {
    fn next(&mut self, id: &str, extension: &str) -> PathBuf {
        let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' };
        let mut name: String = id.chars().map(plain).collect();
        let mut end = name.len().min(LONGEST_NAME);
        while !name.is_char_boundary(end) {
            end -= 1;
        }
        name.truncate(end);
        // Hidden files, and names that mean a device to some systems.
        let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
        let device = matches!(stem.as_str(), "con" | "prn" | "aux" | "nul")
            || stem.len() == 4 && ["com", "lpt"].iter().any(|device| stem.starts_with(device));
        if name.is_empty() || name.starts_with('.') || device {
            name.insert(0, '_');
        }
        // Some systems do not tell capitals from small letters.
        let mut hasher = DefaultHasher::new();
        name.to_lowercase().hash(&mut hasher);
        let n_before = self.taken.entry(hasher.finish()).or_default();
        *n_before += 1;
        let again = if *n_before > 1 { format!("~{n_before}") } else { String::new() };
        format!("{name}{again}.{extension}").into()
    }
}

fn extension(format: Format) -> &'static str {
    match format {
        Format::Json => "jsonl",
        Format::Csv => "csv",
        Format::Trec => "run",
        Format::Markdown => "md",
        Format::Human | Format::Plain | Format::Vimgrep => "txt",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_safe_and_differ() {
        let mut names = FileNames::default();
        let mut check = |id: &str, expected: &str| assert_eq!(names.next(id, "csv"), Path::new(expected));
        check("q1", "q1.csv");
        check("Q1", "Q1~2.csv");
        check("a/b", "a_b.csv");
        check("a_b", "a_b~2.csv");
        check("", "_.csv");
        check("..", "_...csv");
        check("nul", "_nul.csv");
        check("Zürich 1.2", "Zürich_1.2.csv");
        check(&"ü".repeat(200), &format!("{}.csv", "ü".repeat(60)));
        check(&"ü".repeat(201), &format!("{}~2.csv", "ü".repeat(60)));
    }
}
