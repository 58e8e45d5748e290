//! `eval`: measure rankings against judgements.

use super::args::{Common, Eval};
use super::failure::{Exit, Failure};

pub fn run(_common: &Common, _asked: &Eval) -> Result<Exit, Failure> {
    Err(Failure::usage("not wired yet"))
}
