//! Measuring: queries, judgements, runs and measures, as arithmetic over ids, spans and scores.
//!
//! [`evaluate`] sets a [`Run`] against [`Qrels`] with the figures of trec_eval. This room knows no
//! index and asks nothing: who ran the queries is not its business.

mod error;
mod lines;
mod measure;
mod qrels;
mod run;
mod scores;
mod trec;

pub use error::{Error, Problem};
pub use measure::{Depth, KNOWN, Measure};
pub use qrels::{Grades, Qrels};
pub use run::{Run, Scored};
pub use scores::{Column, Row, Scores, Summary};
pub use trec::{Missing, Settings, evaluate};
