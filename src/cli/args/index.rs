//! Arguments of what writes indexes: `index`, `pack`, `diff`.

use std::path::PathBuf;

use clap::ValueEnum;

/// `index`.
#[derive(Debug, clap::Args)]
pub struct Index {
    /// Papers, or folders of papers
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Where to write the index: a file, or a folder for index.polisearch
    #[arg(long, short, value_name = "PATH", default_value = "index")]
    pub output: PathBuf,
    /// Topics for the index to carry [default: topics.toml beside the papers, else the built-in ones]
    #[arg(long, value_name = "FILE")]
    pub topics: Option<PathBuf>,
    /// Threads to read papers with [default: all]
    #[arg(long, short, value_name = "N")]
    pub jobs: Option<usize>,
    /// Memory for lists of passages while they are made, as in 100M or 2G [default: 256M]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub memory: Option<usize>,
    /// What a record of a collection becomes
    #[arg(long, value_name = "UNIT", default_value = "passage")]
    pub unit: Unit,
    /// What reads PDF
    #[arg(long, value_name = "READER", default_value = "built-in")]
    pub pdf_reader: PdfReader,
    #[command(flatten)]
    pub mode: Mode,
}

impl Unit {
    /// Returns the name that an index keeps.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Passage => "passage",
            Unit::Record => "record",
        }
    }
}

/// Reads a size in bytes: `500M` ⇒ 500,000,000.
fn size(text: &str) -> Result<usize, String> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let power = match unit.to_ascii_uppercase().trim_end_matches('B') {
        "" => 0,
        "K" => 1,
        "M" => 2,
        "G" => 3,
        _ => return Err(format!("`{unit}` is no unit: K, M or G")),
    };
    let n_bytes = number.parse::<usize>().ok().and_then(|number| number.checked_mul(1000usize.pow(power)));
    n_bytes.ok_or_else(|| "a number with a unit, as in 500M".to_owned())
}

/// How what is there already is used.
#[derive(Clone, Debug, clap::Args)]
#[group(multiple = false)]
pub struct Mode {
    /// Read only what has changed since the index was built; what is gone goes
    #[arg(long)]
    pub update: bool,
    /// Keep what the index holds and add these papers, in place of those of the same path
    #[arg(long)]
    pub append: bool,
    /// Take these papers out: their ids, or paths as `papers` tells them
    #[arg(long)]
    pub remove: bool,
    /// Update again whenever the papers change, until Ctrl-C
    #[arg(long)]
    pub watch: bool,
}

/// `pack`.
#[derive(Debug, clap::Args)]
pub struct Pack {
    /// Where to write it
    #[arg(long, short, value_name = "FILE")]
    pub output: PathBuf,
    /// Leave the texts out: it still finds, counts and cites passages, and tells where they stand
    #[arg(long)]
    pub no_text: bool,
}

/// `diff`.
#[derive(Debug, clap::Args)]
pub struct Diff {
    /// An index: a file or a folder with one
    #[arg(value_name = "FROM")]
    pub from: PathBuf,
    /// Another one
    #[arg(value_name = "TO")]
    pub to: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// What reads PDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PdfReader {
    /// This program
    BuiltIn,
    /// Poppler's program, where it is installed; it knows no headings and notes
    Pdftotext,
}

/// What a record of a collection becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Unit {
    /// Cut into passages, as papers are
    Passage,
    /// One passage
    Record,
}
