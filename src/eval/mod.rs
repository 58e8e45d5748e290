//! Measuring: queries, judgements, runs and measures, as arithmetic over ids, spans and scores.
//!
//! Two kinds of judgements, one kind of result: [`evaluate`] sets a [`Run`] against [`Qrels`] with
//! the figures of trec_eval, [`SpanQrels::evaluate`] sets [`Hits`] against spans of the source
//! files, and both give [`Scores`]. [`Comparison`] and [`write_queries`] write them, [`Sheet`] makes
//! new judgements, and [`queries`] reads what is to be asked.
//!
//! This room knows no index and asks nothing: who ran the queries is not its business.

mod acronyms;
mod error;
mod files;
mod hits;
mod lines;
mod measure;
mod pool;
mod qrels;
pub mod queries;
mod report;
mod run;
mod scores;
mod significance;
mod spans;
mod trec;

pub use acronyms::{Agreement, Marked, Pair, read_marked};
pub use error::{Error, Problem};
pub use files::{Answers, Judgements};
pub use hits::{Asked, Hit, Hits, Place, Unit};
pub use measure::{Depth, KNOWN, Measure};
pub use pool::{Candidate, Sheet};
pub use qrels::{Grades, Qrels};
pub use report::{Comparison, Format, Measured, Total, write_queries};
pub use run::{Run, Scored};
pub use scores::{Column, Row, Scores, Summary};
pub use significance::{Test, Verdict};
pub use spans::{Judgement, Repeat, SpanQrels, read_judgements, read_repeats, write_judgements};
pub use trec::{Missing, Settings, evaluate};
