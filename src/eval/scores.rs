//! Figures by query and measure: what every evaluation ends in, whatever it looked at.

/// How the figures of the queries become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Summary {
    Mean,
    Sum,
}

/// A measure as a column of figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub summary: Summary,
}

/// The figures of one query, one for each column; `None` where the measure says nothing about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub query: String,
    pub values: Vec<Option<f64>>,
}

/// The figures of one run. Rows are ordered by query id.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
}

impl Scores {
    /// Returns the mean, or the sum, of a column over the queries that have a figure in it.
    pub fn total(&self, column: usize) -> Option<f64> {
        let values: Vec<f64> = self.rows.iter().filter_map(|row| row.values[column]).collect();
        if values.is_empty() {
            return None;
        }
        let sum: f64 = values.iter().sum();
        match self.columns[column].summary {
            Summary::Mean => Some(sum / values.len() as f64),
            Summary::Sum => Some(sum),
        }
    }

    /// Returns the figures of one measure by query: of this run and of another, where both have one.
    pub fn pairs(&self, other: &Scores, measure: &str) -> Vec<(f64, f64)> {
        let (Some(mine), Some(theirs)) = (self.column(measure), other.column(measure)) else {
            return Vec::new();
        };
        let pair = |row: &Row| {
            let at = other.rows.binary_search_by(|other| other.query.cmp(&row.query)).ok()?;
            Some((row.values[mine]?, other.rows[at].values[theirs]?))
        };
        self.rows.iter().filter_map(pair).collect()
    }

    /// Returns where a measure stands among the columns.
    pub fn column(&self, measure: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == measure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(rows: &[(&str, Option<f64>)]) -> Scores {
        let row = |&(query, value): &(&str, Option<f64>)| Row { query: query.into(), values: vec![value] };
        Scores {
            columns: vec![Column { name: "P@1".into(), summary: Summary::Mean }],
            rows: rows.iter().map(row).collect(),
        }
    }

    #[test]
    fn a_mean_passes_over_queries_without_a_figure() {
        assert_eq!(scores(&[("q1", Some(1.0)), ("q2", None), ("q3", Some(0.0))]).total(0), Some(0.5));
        assert_eq!(scores(&[("q2", None)]).total(0), None);
    }

    #[test]
    fn pairs_are_of_queries_that_both_runs_have() {
        let a = scores(&[("q1", Some(1.0)), ("q2", Some(0.5)), ("q3", None)]);
        let b = scores(&[("q2", Some(0.0)), ("q3", Some(1.0)), ("q4", Some(1.0))]);
        assert_eq!(a.pairs(&b, "P@1"), [(0.5, 0.0)]);
        assert!(a.pairs(&b, "P@2").is_empty());
    }
}
