//! The command line: arguments, terminal, progress, failures with hints, exit codes.
//!
//! A file per command. Results go to stdout, all talk to stderr.

mod args;
mod asking;
mod batch;
mod cite;
mod completions;
mod config;
mod diff;
mod eval;
mod export;
mod failure;
mod index;
mod info;
mod open;
mod opened;
mod pack;
mod papers;
mod quote;
mod search;
mod show;
mod sources;
mod terminal;
mod topics;
mod update;
mod verify_quotes;
mod viewers;
mod watch;
mod why_not;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use failure::{Exit, Failure};

/// Runs the program.
pub fn run() -> ExitCode {
    terminal::quiet_panics();
    let args = match parsed() {
        Ok(args) => args,
        Err(error) => {
            // clap tells help and version on stdout with code 0, trouble on stderr with code 2.
            let code = error.exit_code();
            return match error.print() {
                Ok(()) => ExitCode::from(code as u8),
                Err(_) => ExitCode::SUCCESS,
            };
        }
    };
    let color = args.common.color;
    match terminal::guarded(|| dispatch(config::filled(args)?)) {
        Ok(exit) => exit.into(),
        Err(failure) => failure.report(color),
    }
}

fn parsed() -> Result<Args, clap::Error> {
    let words = args::with_command(std::env::args_os());
    match args::of_search(&words) {
        Some(args) => Ok(args),
        None => Args::try_parse_from(words),
    }
}

fn dispatch(args: Args) -> Result<Exit, Failure> {
    let common = &args.common;
    match args.command {
        Command::Search(search) => search::run(common, search),
        Command::WhyNot(asked) => why_not::run(common, &asked),
        Command::Batch(batch) => batch::run(common, &batch),
        Command::Show(show) => show::run(common, &show),
        Command::Topics(asked) => topics::run(common, asked),
        Command::Cite(cite) => cite::run(common, &cite),
        Command::Quote(quote) => quote::run(common, &quote),
        Command::VerifyQuotes(verify) => verify_quotes::run(common, &verify),
        Command::Open(open) => open::run(common, &open),
        Command::Papers(papers) => papers::run(common, &papers),
        Command::Index(index) => index::run(common, &index),
        Command::Info(info) => info::run(common, &info),
        Command::Verify => info::verify(common),
        Command::Pack(pack) => pack::run(common, &pack),
        Command::Diff(diff) => diff::run(&diff),
        Command::Export(export) => export::run(common, &export),
        Command::Eval(eval) => eval::run(common, &eval),
        Command::Completions { shell } => completions::shell(shell),
        Command::Man => completions::man(),
    }
}
