//! `pack`: an index in its smallest form.

use polisearch::index::{Lock, Texts};

use super::args::{Common, Pack};
use super::failure::{Exit, Failure};
use super::opened;

pub fn run(common: &Common, asked: &Pack) -> Result<Exit, Failure> {
    let opened = opened::open(common)?;
    let lock = Lock::acquire(&asked.output)?;
    let texts = if asked.no_text { Texts::LeaveOut } else { Texts::Keep };
    opened.index.pack(&lock, texts)?;
    let packed = std::fs::metadata(&asked.output)?.len();
    let share = packed * 100 / opened.index.manifest().n_text_bytes.max(1);
    let before = opened.index.n_bytes();
    eprintln!("{}: {packed} bytes, {share} % of the passages' text (before: {before} bytes)", asked.output.display());
    Ok(Exit::Found)
}
