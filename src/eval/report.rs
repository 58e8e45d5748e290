//! Figures of one or more runs, written for people and for scripts.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::scores::{Column, Scores, Summary};
use super::significance::{Test, Verdict};

/// A run's name and its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    pub name: String,
    pub scores: Scores,
}

/// For whom a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A table for people.
    Table,
    /// RFC 4180 with a header.
    Csv,
    /// JSON Lines.
    Json,
}

/// One measure of one run over all queries.
#[derive(Clone, Debug, PartialEq)]
pub struct Total {
    pub measure: String,
    pub summary: Summary,
    /// `None` when no query has a figure.
    pub value: Option<f64>,
    /// How many queries have a figure.
    pub n_queries: usize,
    /// How the run compares with the first, when it was asked for and this is another.
    pub verdict: Option<Verdict>,
}

/// The means (or sums) of several runs, each compared with the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The names of the runs with their totals, one for each measure.
    pub runs: Vec<(String, Vec<Total>)>,
    pub test: Option<Test>,
}

/// A difference less likely than this by luck alone is marked.
const MARKED_BELOW: f64 = 0.05;
/// And one less likely than this is marked twice.
const MARKED_TWICE_BELOW: f64 = 0.01;

impl Comparison {
    pub fn new(runs: &[Measured], test: Option<Test>) -> Comparison {
        let totals = |run: &Measured| -> Vec<Total> {
            let total = |(i, column): (usize, &Column)| Total {
                measure: column.name.clone(),
                summary: column.summary,
                value: run.scores.total(i),
                n_queries: run.scores.rows.iter().filter(|row| row.values[i].is_some()).count(),
                verdict: test
                    .filter(|_| column.summary == Summary::Mean && !std::ptr::eq(run, &runs[0]))
                    .map(|test| test.run(&runs[0].scores.pairs(&run.scores, &column.name))),
            };
            run.scores.columns.iter().enumerate().map(total).collect()
        };
        Comparison { runs: runs.iter().map(|run| (run.name.clone(), totals(run))).collect(), test }
    }

    fn totals(&self) -> impl Iterator<Item = (&str, &Total)> {
        self.runs.iter().flat_map(|(run, totals)| totals.iter().map(move |total| (run.as_str(), total)))
    }

    /// Writes the comparison: a row a run for people, a row a run and measure for scripts.
    pub fn write(&self, format: Format, out: &mut impl Write) -> io::Result<()> {
        match format {
            Format::Table => self.write_table(out),
            Format::Csv => {
                let header = ["run", "measure", "value", "queries", "difference", "p"].map(String::from);
                let rows = self.totals().map(|(run, total)| {
                    let verdict =
                        |pick: fn(&Verdict) -> f64| total.verdict.as_ref().map(pick).map_or_else(String::new, plain);
                    [
                        run.to_string(),
                        total.measure.clone(),
                        total.value.map_or_else(String::new, plain),
                        total.n_queries.to_string(),
                        verdict(|verdict| verdict.difference),
                        verdict(|verdict| verdict.p_value),
                    ]
                });
                write_csv(std::iter::once(header).chain(rows), out)
            }
            Format::Json => {
                let lines = self.totals().map(|(run, total)| TotalLine {
                    kind: "measure",
                    run,
                    measure: &total.measure,
                    value: total.value,
                    queries: total.n_queries,
                    difference: total.verdict.map(|verdict| verdict.difference),
                    p: total.verdict.map(|verdict| verdict.p_value),
                });
                write_json(lines, out)
            }
        }
    }

    fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        let mut measures: Vec<&str> = Vec::new();
        for (_, total) in self.totals() {
            if !measures.contains(&total.measure.as_str()) {
                measures.push(&total.measure);
            }
        }
        let cell = |totals: &[Total], measure: &str| match totals.iter().find(|total| total.measure == measure) {
            Some(total) => format!("{}{}", figure(total.value, total.summary), mark(total.verdict)),
            None => String::new(),
        };
        let header = measures.iter().map(|measure| format!("{measure}{}", mark(None)));
        let mut rows = vec![std::iter::once("run".to_string()).chain(header).collect()];
        rows.extend(self.runs.iter().map(|(run, totals)| {
            let cells = measures.iter().map(|measure| cell(totals, measure));
            std::iter::once(run.clone()).chain(cells).collect::<Vec<String>>()
        }));
        write_aligned(&rows, out)?;
        let n_queries = self.totals().map(|(_, total)| total.n_queries).max().unwrap_or(0);
        write!(out, "{n_queries} {}", if n_queries == 1 { "query" } else { "queries" })?;
        match (self.test, self.runs.first()) {
            (Some(test), Some((first, _))) if self.runs.len() > 1 => writeln!(
                out,
                "; * p < {MARKED_BELOW}, ** p < {MARKED_TWICE_BELOW} against {first}, by the {}",
                match test {
                    Test::T => "paired t-test".to_string(),
                    Test::Randomisation { rounds } => format!("randomisation test of {rounds} rounds"),
                }
            ),
            _ => writeln!(out),
        }
    }
}

/// Writes the figures of every query: a table a run for people, a row a run and query for scripts.
pub fn write_queries(runs: &[Measured], format: Format, out: &mut impl Write) -> io::Result<()> {
    match format {
        Format::Table => {
            for run in runs {
                let names = run.scores.columns.iter().map(|column| column.name.clone());
                let mut rows = vec![std::iter::once(run.name.clone()).chain(names).collect()];
                rows.extend(run.scores.rows.iter().map(|row| {
                    let summaries = run.scores.columns.iter().map(|column| column.summary);
                    let figures = row.values.iter().zip(summaries).map(|(&value, summary)| figure(value, summary));
                    std::iter::once(row.query.clone()).chain(figures).collect::<Vec<String>>()
                }));
                write_aligned(&rows, out)?;
            }
            Ok(())
        }
        Format::Csv => {
            let names = runs.first().into_iter().flat_map(|run| &run.scores.columns).map(|column| column.name.clone());
            let header: Vec<String> = ["run", "query"].map(String::from).into_iter().chain(names).collect();
            let rows = runs.iter().flat_map(|run| {
                run.scores.rows.iter().map(|row| {
                    let figures = header[2..].iter().map(|name| {
                        let value = run.scores.column(name).and_then(|column| row.values[column]);
                        value.map_or_else(String::new, plain)
                    });
                    [run.name.clone(), row.query.clone()].into_iter().chain(figures).collect()
                })
            });
            write_csv(std::iter::once(header.clone()).chain(rows), out)
        }
        Format::Json => {
            let lines = runs.iter().flat_map(|run| {
                run.scores.rows.iter().map(|row| {
                    let names = run.scores.columns.iter().map(|column| column.name.as_str());
                    QueryLine {
                        kind: "query",
                        run: &run.name,
                        query: &row.query,
                        values: names.zip(row.values.iter().copied()).collect(),
                    }
                })
            });
            write_json(lines, out)
        }
    }
}

#[derive(Serialize)]
struct TotalLine<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    run: &'a str,
    measure: &'a str,
    value: Option<f64>,
    queries: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    p: Option<f64>,
}

#[derive(Serialize)]
struct QueryLine<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    run: &'a str,
    query: &'a str,
    values: BTreeMap<&'a str, Option<f64>>,
}

/// Writes a figure as trec_eval does: four digits for means, none for counts.
fn figure(value: Option<f64>, summary: Summary) -> String {
    match (value, summary) {
        (None, _) => "-".to_string(),
        (Some(value), Summary::Mean) => format!("{value:.4}"),
        (Some(value), Summary::Sum) => format!("{value:.0}"),
    }
}

/// Writes a figure with every digit that it has.
fn plain(value: f64) -> String {
    value.to_string()
}

/// Returns the mark of a difference, as wide as every other.
fn mark(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(verdict) if verdict.p_value < MARKED_TWICE_BELOW => "**",
        Some(verdict) if verdict.p_value < MARKED_BELOW => "* ",
        _ => "  ",
    }
}

/// Writes rows in columns: the first to the left, figures to the right.
fn write_aligned(rows: &[Vec<String>], out: &mut impl Write) -> io::Result<()> {
    let n_columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |i: usize| rows.iter().filter_map(|row| row.get(i)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..n_columns).map(width).collect();
    for row in rows {
        let mut line = String::new();
        for (i, (cell, &width)) in row.iter().zip(&widths).enumerate() {
            line += &if i == 0 { format!("{cell:<width$}") } else { format!("  {cell:>width$}") };
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn write_csv<R: IntoIterator<Item = String>>(rows: impl Iterator<Item = R>, out: &mut impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    for row in rows {
        csv.write_record(row)?;
    }
    csv.flush()
}

fn write_json(lines: impl Iterator<Item = impl Serialize>, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, r#"{{"type":"begin","schema":1}}"#)?;
    for line in lines {
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Row;

    fn run(name: &str, figures: &[Option<f64>]) -> Measured {
        let columns = vec![
            Column { name: "AP".to_string(), summary: Summary::Mean },
            Column { name: "NumRet".to_string(), summary: Summary::Sum },
        ];
        let row = |(i, &figure): (usize, &Option<f64>)| Row { query: format!("q{i}"), values: vec![figure, Some(5.0)] };
        let rows = figures.iter().enumerate().map(row).collect();
        Measured { name: name.to_string(), scores: Scores { columns, rows } }
    }

    fn runs() -> [Measured; 2] {
        [run("flat", &[Some(0.25), Some(0.5), None]), run("tuned, by hand", &[Some(0.5), Some(0.75), None])]
    }

    fn check_totals(format: Format, expected: &str) {
        let mut written = Vec::new();
        Comparison::new(&runs(), Some(Test::T)).write(format, &mut written).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), expected);
    }

    fn check_queries(format: Format, expected: &str) {
        let mut written = Vec::new();
        write_queries(&runs()[1..], format, &mut written).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), expected);
    }

    #[test]
    fn people_get_a_table() {
        let table = "\
run                 AP    NumRet
flat            0.3750        15
tuned, by hand  0.6250**      15
3 queries; * p < 0.05, ** p < 0.01 against flat, by the paired t-test
";
        check_totals(Format::Table, table);
        let by_query = "\
tuned, by hand      AP  NumRet
q0              0.5000       5
q1              0.7500       5
q2                   -       5
";
        check_queries(Format::Table, by_query);
    }

    #[test]
    fn scripts_get_csv() {
        let csv = "\
run,measure,value,queries,difference,p
flat,AP,0.375,2,,
flat,NumRet,15,3,,
\"tuned, by hand\",AP,0.625,2,0.25,0
\"tuned, by hand\",NumRet,15,3,,
";
        check_totals(Format::Csv, csv);
        let by_query = "\
run,query,AP,NumRet
\"tuned, by hand\",q0,0.5,5
\"tuned, by hand\",q1,0.75,5
\"tuned, by hand\",q2,,5
";
        check_queries(Format::Csv, by_query);
    }

    #[test]
    fn scripts_get_json_lines() {
        let json = r#"{"type":"begin","schema":1}
{"type":"measure","run":"flat","measure":"AP","value":0.375,"queries":2}
{"type":"measure","run":"flat","measure":"NumRet","value":15.0,"queries":3}
{"type":"measure","run":"tuned, by hand","measure":"AP","value":0.625,"queries":2,"difference":0.25,"p":0.0}
{"type":"measure","run":"tuned, by hand","measure":"NumRet","value":15.0,"queries":3}
"#;
        check_totals(Format::Json, json);
        let by_query = r#"{"type":"begin","schema":1}
{"type":"query","run":"tuned, by hand","query":"q0","values":{"AP":0.5,"NumRet":5.0}}
{"type":"query","run":"tuned, by hand","query":"q1","values":{"AP":0.75,"NumRet":5.0}}
{"type":"query","run":"tuned, by hand","query":"q2","values":{"AP":null,"NumRet":5.0}}
"#;
        check_queries(Format::Json, by_query);
    }

    #[test]
    fn one_run_needs_no_test() {
        let mut written = Vec::new();
        Comparison::new(&runs()[..1], None).write(Format::Table, &mut written).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), "run       AP    NumRet\nflat  0.3750        15\n3 queries\n");
    }
}
