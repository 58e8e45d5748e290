//! What can be asked for. The doc comments here are the help text.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use polisearch::output;

pub use super::asking::{Asking, Ranking};
use super::eval::{EvalAcronyms, EvalPool};
use super::open::Open;
use super::quote::Quote;
use super::verify_quotes::VerifyQuotes;

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
    Topics {
        #[command(subcommand)]
        command: Option<TopicsCommand>,
    },
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
    /// Memory for postings, as in 500M or 2G: what goes beyond waits on disk [default: no bound]
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

/// `eval`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Eval {
    #[command(subcommand)]
    pub command: Option<EvalCommand>,
    /// Judgements: TREC qrels, or spans (query, file, start, end, grade, quote)
    #[arg(long, value_name = "FILE", required = true)]
    pub qrels: Option<PathBuf>,
    /// Rankings to measure: TREC runs, or hits as search and batch write with --json
    #[arg(value_name = "RUN")]
    pub runs: Vec<PathBuf>,
    /// Run these queries and measure what they find
    #[arg(long, value_name = "FILE", required_unless_present = "runs")]
    pub queries: Option<PathBuf>,
    /// Places that repeat each other, for judgements of spans
    #[arg(long, value_name = "FILE")]
    pub repeats: Option<PathBuf>,
    /// Measures [default: nDCG@10 AP RR P@5 R@20 Success@1]
    #[arg(long, short, value_name = "NAME", num_args = 1..)]
    pub measure: Vec<String>,
    /// A line for each query
    #[arg(long)]
    pub per_query: bool,
    /// Test each run against the first
    #[arg(long, value_name = "TEST", default_value = "t")]
    pub test: Significance,
    /// Leave out judged queries that a run does not answer, as trec_eval does without -c
    #[arg(long)]
    pub skip_missing: bool,
    /// How to print
    #[arg(long, short, value_name = "FORMAT", default_value = "table")]
    pub format: EvalFormat,
    /// Switch off each part of the ranking in turn, and print what it brings
    #[arg(long, requires = "queries", conflicts_with = "runs")]
    pub ablation: bool,
    #[command(flatten)]
    pub asking: Asking,
}

/// What else is done with judgements.
#[derive(Debug, Subcommand)]
pub enum EvalCommand {
    /// Measure the mining of acronyms against pairs that people marked
    Acronyms(EvalAcronyms),
    /// Make a sheet of what several runs found and nobody judged yet, or read a filled one
    Pool(EvalPool),
}

/// A test whether two runs differ by more than luck.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Significance {
    /// Paired t-test
    T,
    /// Randomisation test
    Randomisation,
    None,
}

/// A form of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EvalFormat {
    Table,
    Csv,
    Json,
}

/// Puts `search` before words that begin with no command, and words to exclude (`-word`) where they
/// are not taken for options.
pub fn with_command(commands: &clap::Command, args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<OsString> = args.collect();
    let mut at = 1;
    while let Some(word) = args.get(at).and_then(|arg| arg.to_str()) {
        match word {
            "--index" | "-i" | "--color" => at += 2,
            "--no-config" => at += 1,
            "-h" | "--help" | "-V" | "--version" => return args,
            _ if word.starts_with("--index=") || word.starts_with("--color=") => at += 1,
            _ if commands.find_subcommand(word).is_some() => break,
            _ => {
                args.insert(at, "search".into());
                break;
            }
        }
    }
    let search = commands.find_subcommand("search").expect("it is one of the commands");
    if args.get(at).is_some_and(|arg| arg == "search" || arg == "why-not") && !args.iter().any(|arg| arg == "--") {
        let options = args.split_off(at + 1);
        let (excluded, rest): (Vec<_>, Vec<_>) = options.into_iter().partition(|arg| excludes(arg, search));
        args.extend(rest);
        if !excluded.is_empty() {
            args.push("--".into());
            args.extend(excluded);
        }
    }
    args
}

/// Tells whether an argument is a word to exclude and no option: `-smuggling`, `-"drug trade"`.
fn excludes(arg: &std::ffi::OsStr, search: &clap::Command) -> bool {
    let Some(word) = arg.to_str().and_then(|arg| arg.strip_prefix('-')) else { return false };
    let Some(first) = word.chars().next().filter(|&first| first != '-' && !first.is_ascii_digit()) else {
        return false;
    };
    let value = &word[first.len_utf8()..];
    let known = "hiV".contains(first) || search.get_arguments().any(|option| option.get_short() == Some(first));
    // "-n5" is an option with its value, "-north" is a word.
    !(known && (value.is_empty() || value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'=')))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn check(line: &str, expected: &str) {
        let args = line.split(' ').map(OsString::from);
        let found: Vec<String> =
            with_command(&Args::command(), args).into_iter().map(|arg| arg.to_string_lossy().into()).collect();
        assert_eq!(found.join(" "), expected);
    }

    #[test]
    fn words_are_a_search() {
        check("p Durand Line", "p search Durand Line");
        check("p --index x APTTA", "p --index x search APTTA");
        check("p --json APTTA", "p search --json APTTA");
        check("p --color=never papers", "p --color=never papers");
        check("p --no-config papers", "p --no-config papers");
        check("p papers", "p papers");
        check("p --help", "p --help");
        check("p border -smuggling -n5 --json", "p search border -n5 --json -- -smuggling");
        check("p why-not a/p1/b border -trade", "p why-not a/p1/b border -- -trade");
    }

    #[test]
    fn the_definition_is_sound() {
        Args::command().debug_assert();
    }
}
