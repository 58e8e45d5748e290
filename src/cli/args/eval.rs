//! Arguments of `eval`.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

use super::Asking;
use crate::cli::eval::{EvalAcronyms, EvalPool};

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
