//! What can be asked for. The doc comments here are the help text.

mod eval;
mod index;
mod words;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use polisearch::output;

pub use super::asking::{Asking, Ranking};
use super::open::Open;
use super::quote::Quote;
use super::verify_quotes::VerifyQuotes;
pub use eval::{Eval, EvalCommand, EvalFormat, Significance};
pub use index::{Diff, Index, Pack, PdfReader, Unit};
pub use words::with_command;

/// Search policy papers by passage: ranked, with paper, section, page and exact place.
///
/// Words without a command are a search: `polisearch Durand Line`.
#[derive(Debug, Parser)]
#[command(name = "polisearch", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Args {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

/// Heading of the options of every command.
const GLOBAL: &str = "Global options";

/// Options of every command.
#[derive(Clone, Debug, clap::Args)]
pub struct Common {
    /// The index to use: a file or a folder with one [env: POLISEARCH_INDEX]
    ///
    /// Without it: $POLISEARCH_INDEX, else an index in ./index/ here or in a parent folder, else the
    /// one inside the program.
    #[arg(long, short, global = true, value_name = "PATH", help_heading = GLOBAL)]
    pub index: Option<PathBuf>,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = GLOBAL)]
    pub color: When,
    /// Read no configuration: $POLISEARCH_CONFIG, else polisearch/config.toml in $XDG_CONFIG_HOME or
    /// ~/.config
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub no_config: bool,
    /// The configuration that was read.
    #[arg(skip)]
    pub config: Option<PathBuf>,
    /// The index that it names.
    #[arg(skip)]
    pub configured_index: Option<PathBuf>,
}

/// When something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    Auto,
    Always,
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Rank passages that answer a query
    Search(Search),
    /// Answer many queries, never stopped by a bad one
    Batch(Batch),
    /// Show a passage with its neighbours
    Show(Show),
    /// Tell why a passage is not among the hits of a query
    WhyNot(WhyNot),
    /// List topics, and explain what a query becomes
    Topics(TopicsAsked),
    /// Cite passages or papers, ready to paste
    Cite(Cite),
    /// Find where words come from, exactly or nearly
    Quote(Quote),
    /// Check every quotation of a memo against the papers
    VerifyQuotes(VerifyQuotes),
    /// Open the source of a passage at its page or line
    Open(Open),
    /// List the papers of the index
    Papers(Papers),
    /// Build an index from papers
    Index(Index),
    /// Tell what an index is
    Info(Info),
    /// Check every byte of an index
    Verify,
    /// Write an index anew in its smallest form
    Pack(Pack),
    /// Tell what differs between two indexes
    ///
    /// Ends with 0 when nothing does, with 1 when something does.
    Diff(Diff),
    /// Write every passage, for other tools
    Export(Export),
    /// Measure rankings against judgements
    Eval(Eval),
    /// Print completions for a shell
    Completions { shell: clap_complete::Shell },
    /// Print the manual page
    Man,
}

/// A search and nothing else.
#[derive(Parser)]
struct OnlySearch {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Only,
}

#[derive(Subcommand)]
enum Only {
    Search(Search),
}

/// Returns the arguments of a search, if they are that and sound: most runs are searches, and the options of
/// the other commands need not be built for them.
pub fn of_search(words: &[OsString]) -> Option<Args> {
    if !words.iter().any(|word| word == "search") {
        return None;
    }
    let OnlySearch { common, command: Only::Search(search) } = OnlySearch::try_parse_from(words).ok()?;
    Some(Args { common, command: Command::Search(search) })
}

/// A form of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people at a terminal
    Human,
    /// path:page:line: text
    Plain,
    /// JSON Lines
    Json,
    /// A header, then a row a passage
    Csv,
    /// qid Q0 passage rank score tag
    Trec,
    /// Markdown: block quotes with citations
    Md,
    /// path:line:col:text
    Vimgrep,
}

impl From<Format> for output::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Human => output::Format::Human,
            Format::Plain => output::Format::Plain,
            Format::Json => output::Format::Json,
            Format::Csv => output::Format::Csv,
            Format::Trec => output::Format::Trec,
            Format::Md => output::Format::Markdown,
            Format::Vimgrep => output::Format::Vimgrep,
        }
    }
}

/// `search`.
#[derive(Debug, clap::Args)]
pub struct Search {
    /// What to search for: words, "phrases", +must, -not, AND OR NOT, title: section: author: year:
    #[arg(required = true, value_name = "WORDS")]
    pub words: Vec<String>,
    #[command(flatten)]
    pub asking: Asking,
    #[command(flatten)]
    pub form: Form,
    /// Make it an error when part of the query is not understood
    #[arg(long)]
    pub strict: bool,
    /// Show how each score came about: parts that add up to it
    #[arg(long)]
    pub explain: bool,
}

/// `why-not`.
#[derive(Debug, clap::Args)]
pub struct WhyNot {
    /// A passage's id, as results tell it
    pub id: String,
    /// A query
    #[arg(required = true, value_name = "WORDS")]
    pub words: Vec<String>,
    #[command(flatten)]
    pub asking: Asking,
}

/// How to print.
#[derive(Clone, Debug, clap::Args)]
pub struct Form {
    /// How to print [default: human at a terminal, else plain]
    #[arg(long, short, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
}

/// `show`.
#[derive(Debug, clap::Args)]
pub struct Show {
    /// A passage's id, as results tell it
    pub id: String,
    /// Show N passages before and after it as well
    #[arg(long, short = 'C', value_name = "N", default_value_t = 0)]
    pub context: u32,
    /// Print JSON Lines
    #[arg(long)]
    pub json: bool,
}

/// `topics`.
#[derive(Debug, clap::Args)]
pub struct TopicsAsked {
    /// Topics to use in place of those of the index
    #[arg(long, value_name = "FILE", global = true)]
    pub topics: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Option<TopicsCommand>,
}

/// What to do with topics.
#[derive(Debug, Subcommand)]
pub enum TopicsCommand {
    /// List all topics: key and label
    List,
    /// Show a topic as it stands in a topics file
    Show {
        /// Its key or one of its names
        name: String,
    },
    /// Show all that is searched for a query, with the passages that each form finds
    Explain {
        /// A query
        #[arg(required = true)]
        words: Vec<String>,
    },
    /// Suggest topics from the acronyms that the papers explain, as a topics file
    Suggest,
    /// Turn a SKOS thesaurus (Turtle or RDF/XML) into a topics file
    Import {
        /// The thesaurus
        file: PathBuf,
        /// The language of the labels to take
        #[arg(long, value_name = "TAG", default_value = "en")]
        language: String,
    },
}

/// `cite`.
#[derive(Debug, clap::Args)]
pub struct Cite {
    /// Ids of passages or papers, as results tell them
    #[arg(required = true, value_name = "ID")]
    pub ids: Vec<String>,
    /// How the citation is written
    #[arg(long, short, value_name = "STYLE", default_value = "chicago")]
    pub style: CiteStyle,
}

/// How a citation is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CiteStyle {
    Chicago,
    Apa,
    Bibtex,
    CslJson,
    Markdown,
    Ris,
}

/// `papers`.
#[derive(Debug, clap::Args)]
pub struct Papers {
    /// List the papers that could not be read, and why
    #[arg(long)]
    pub failed: bool,
    /// Print JSON Lines
    #[arg(long)]
    pub json: bool,
}

/// `info`.
#[derive(Debug, clap::Args)]
pub struct Info {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `export`.
#[derive(Debug, clap::Args)]
pub struct Export {
    /// How to print
    #[arg(long, short, value_name = "FORMAT", default_value = "jsonl")]
    pub format: ExportFormat,
    /// Read FILE anew and show what each pass of repair changes in it
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub trace: Option<PathBuf>,
}

/// A form of export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// The objects of --json, without rank and score
    Jsonl,
    /// The passages' text, an empty line between them
    Text,
}

/// `batch`.
#[derive(Debug, clap::Args)]
pub struct Batch {
    /// Queries: lines, TSV (id, text), CSV with a header, JSON Lines, or a topics file; - for stdin
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// What the file holds [default: by its name]
    #[arg(long, value_name = "FORM")]
    pub input: Option<Input>,
    /// The column of a table, or the field of JSON Lines, that holds the queries
    #[arg(long, value_name = "NAME")]
    pub column: Option<String>,
    /// Threads to search with [default: all]
    #[arg(long, short, value_name = "N")]
    pub threads: Option<usize>,
    /// Where to write [default: stdout]
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write a file for each query into a folder
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["output", "resume", "none"])]
    pub split: Option<PathBuf>,
    /// Write what became of each query into a table (CSV)
    #[arg(long, value_name = "FILE")]
    pub status: Option<PathBuf>,
    /// Go on in FILE, which an interrupted batch has written
    #[arg(long, value_name = "FILE", conflicts_with = "output")]
    pub resume: Option<PathBuf>,
    /// List only the queries without a hit
    #[arg(long, conflicts_with = "resume")]
    pub none: bool,
    /// The name of the run in TREC output
    #[arg(long, value_name = "NAME", default_value = "polisearch")]
    pub tag: String,
    /// End with 4 when a row failed
    #[arg(long)]
    pub strict: bool,
    /// How to print
    #[arg(long, short, value_name = "FORMAT", default_value = "json")]
    pub format: Format,
    #[command(flatten)]
    pub asking: Asking,
}

/// What a file of queries holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Input {
    Lines,
    Tsv,
    Csv,
    Jsonl,
    /// Names of topics, a line each, or a topics file
    Topics,
}
