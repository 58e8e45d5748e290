//! `completions` and `man`: for the shell and the manual.

use std::io::Write;

use clap::CommandFactory;

use super::args::Args;
use super::failure::{Exit, Failure};

pub fn shell(shell: clap_complete::Shell) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "polisearch", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(Exit::Found)
}

pub fn man() -> Result<Exit, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Args::command()).render(&mut page)?;
    std::io::stdout().write_all(&page)?;
    Ok(Exit::Found)
}
