//! Document rankings against document judgements, with trec_eval's figures.

use super::measure::{Judged, Measure};
use super::qrels::Qrels;
use super::run::Run;
use super::scores::{Column, Row, Scores, Summary};

/// What becomes of a judged query for which the run returned nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// It scores 0, as with `trec_eval -c`: to return nothing for a hard query is no merit.
    #[default]
    Zero,
    /// It is left out, as trec_eval does when not told otherwise.
    Skip,
}

/// How judgements are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    pub missing: Missing,
    /// From which grade on a document is relevant (`trec_eval -l`); nDCG takes grades as they are.
    pub relevant_from: i64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { missing: Missing::Zero, relevant_from: 1 }
    }
}

/// Measures a run by each query that was judged; queries of the run without judgements are not
/// looked at.
///
/// A judged query without a relevant document scores 0, as in trec_eval.
pub fn evaluate(run: &Run, qrels: &Qrels, measures: &[Measure], settings: Settings) -> Scores {
    let column = |&measure: &Measure| Column {
        name: measure.to_string(),
        summary: if measure.is_count() { Summary::Sum } else { Summary::Mean },
    };
    let judged = qrels.queries.iter().filter(|(query, _)| settings.missing == Missing::Zero || run.holds(query));
    let rows = judged.map(|(query, grades)| {
        let judged = Judged::new(run.ranking(query), grades, settings.relevant_from);
        let values = measures.iter().map(|&measure| Some(judged.measure(measure))).collect();
        Row { query: query.clone(), values }
    });
    Scores { columns: measures.iter().map(column).collect(), rows: rows.collect() }
}
