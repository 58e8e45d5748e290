//! Pools: what several runs found and nobody judged yet, as a sheet for people to fill in.
//!
//! The order of a sheet tells nothing about rank or run, so that neither can sway a judge.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize};

use super::error::{Error, Problem};
use super::hits::{Hit, Hits, Place};
use super::lines;
use super::qrels::Qrels;
use super::spans::Judgement;
use crate::paper::Span;

/// A passage to judge for a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub query: String,
    pub passage: String,
    pub place: Option<Place>,
    /// White space is single spaces.
    pub text: String,
    /// `None` until somebody fills it in.
    pub grade: Option<i64>,
}

/// Passages to judge, ordered by query and place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    pub candidates: Vec<Candidate>,
    /// What the queries ask, by id, where it is known.
    pub queries: BTreeMap<String, String>,
}

const COLUMNS: [&str; 8] = ["query", "query_text", "passage", "file", "start", "end", "grade", "text"];
const GRADES: &str = "3 would be quoted as the answer, 2 is a real part of it, 1 is in passing, 0 is not relevant";
const MARK: (&str, &str) = ("<!-- judge: ", " -->");
const GRADE: (&str, &str) = ("Grade: [", "]");

impl Sheet {
    /// Takes each run's first `depth` hits of every query, but for those that `is_judged` already.
    pub fn pool(runs: &[Hits], depth: usize, is_judged: impl Fn(&str, &Hit) -> bool) -> Sheet {
        let mut sheet = Sheet::default();
        let mut seen = HashSet::new();
        for (query, asked) in runs.iter().flat_map(|run| &run.queries) {
            if !asked.text.is_empty() {
                sheet.queries.entry(query.clone()).or_insert_with(|| flat(&asked.text));
            }
            for hit in asked.hits.iter().take(depth).filter(|hit| !is_judged(query, hit)) {
                if seen.insert((query, &hit.passage)) {
                    sheet.candidates.push(Candidate {
                        query: query.clone(),
                        passage: hit.passage.clone(),
                        place: hit.place.clone(),
                        text: flat(&hit.text),
                        grade: None,
                    });
                }
            }
        }
        let key = |candidate: &Candidate| (candidate.query.clone(), candidate.place.clone(), candidate.passage.clone());
        sheet.candidates.sort_by_cached_key(key);
        sheet
    }

    /// Writes a table for a spreadsheet, with a column to fill in.
    pub fn write_csv(&self, out: &mut impl Write) -> io::Result<()> {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(COLUMNS)?;
        for candidate in &self.candidates {
            let place = candidate.place.as_ref();
            csv.write_record([
                candidate.query.as_str(),
                self.queries.get(&candidate.query).map_or("", String::as_str),
                &candidate.passage,
                place.map_or("", |place| &place.path),
                &place.map_or_else(String::new, |place| place.span.start.to_string()),
                &place.map_or_else(String::new, |place| place.span.end.to_string()),
                &candidate.grade.map_or_else(String::new, |grade| grade.to_string()),
                &candidate.text,
            ])?;
        }
        csv.flush()
    }

    /// Reads a table that [`write_csv`](Self::write_csv) wrote and somebody filled in, also one that
    /// a spreadsheet saved with semicolons or with its columns in another order.
    pub fn read_csv(mut reader: impl BufRead, file: &str) -> Result<Sheet, Error> {
        let wrong = |line: u64, problem| Error::Line { file: file.to_string(), line: line as usize, problem };
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).map_err(|source| Error::Read { file: file.to_string(), after: 0, source })?;
        let header = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let delimiter = if header.contains(&b';') { b';' } else { b',' };
        let mut csv = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(&bytes[..]);

        let headers = csv.headers().map_err(|error| wrong(1, Problem::Csv(error.to_string())))?;
        let find = |&name: &&'static str| headers.iter().position(|header| header.trim() == name).ok_or(name);
        let columns: Result<Vec<usize>, &str> = COLUMNS.iter().map(find).collect();
        let columns = columns.map_err(|name| wrong(1, Problem::NoColumn(name)))?;

        let mut sheet = Sheet::default();
        for record in csv.records() {
            let line = |position: Option<&csv::Position>| position.map_or(0, csv::Position::line);
            let record = record.map_err(|error| wrong(line(error.position()), Problem::Csv(error.to_string())))?;
            let cells = columns.iter().map(|&column| record.get(column).unwrap_or_default()).collect::<Vec<_>>();
            sheet.add_cells(&cells).map_err(|problem| wrong(line(record.position()), problem))?;
        }
        Ok(sheet)
    }

    /// Adds a candidate from cells in the order of [`COLUMNS`].
    fn add_cells(&mut self, cells: &[&str]) -> Result<(), Problem> {
        let place = match cells[3] {
            "" => None,
            path => Some(place(path.to_string(), lines::offset("start", cells[4])?, lines::offset("end", cells[5])?)?),
        };
        if !cells[1].is_empty() {
            self.queries.insert(cells[0].to_string(), cells[1].to_string());
        }
        self.candidates.push(Candidate {
            query: cells[0].to_string(),
            passage: cells[2].to_string(),
            place,
            text: cells[7].to_string(),
            grade: grade(cells[6])?,
        });
        Ok(())
    }

    /// Writes a page to read and fill in with any editor. What the program must know again stands
    /// in comments.
    pub fn write_markdown(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "# Passages to judge\n")?;
        writeln!(out, "Put a grade between the brackets: {GRADES}. What is left empty stays unjudged.")?;
        let mut heading = None;
        for candidate in &self.candidates {
            if heading.replace(&candidate.query) != Some(&candidate.query) {
                let text = self.queries.get(&candidate.query).unwrap_or(&candidate.query);
                writeln!(out, "\n## {}", flat(text))?;
            }
            let place = candidate.place.as_ref();
            let mark = Mark {
                query: candidate.query.clone(),
                passage: candidate.passage.clone(),
                file: place.map(|place| place.path.clone()),
                start: place.map(|place| place.span.start),
                end: place.map(|place| place.span.end),
            };
            // An escaped bracket, so that nothing in an id can end the comment.
            let mark = serde_json::to_string(&mark)?.replace('>', r"\u003e");
            let grade = candidate.grade.map_or_else(|| " ".to_string(), |grade| grade.to_string());
            writeln!(out, "\n{}{mark}{}", MARK.0, MARK.1)?;
            writeln!(out, "{}{grade}{}\n\n> {}", GRADE.0, GRADE.1, candidate.text)?;
        }
        Ok(())
    }

    /// Reads a page that [`write_markdown`](Self::write_markdown) wrote and somebody filled in.
    pub fn read_markdown(reader: impl BufRead, file: &str) -> Result<Sheet, Error> {
        let mut sheet = Sheet::default();
        let mut heading = None;
        lines::for_each(reader, file, |line| {
            if let Some(text) = line.strip_prefix("## ") {
                heading = Some(text.to_string());
            } else if let Some(mark) = inside(line, MARK) {
                let mark: Mark = serde_json::from_str(mark).map_err(|error| Problem::Json(error.to_string()))?;
                if let Some(text) = heading.take().filter(|text| *text != flat(&mark.query)) {
                    sheet.queries.insert(mark.query.clone(), text);
                }
                sheet.candidates.push(mark.try_into()?);
            } else if let Some(candidate) = sheet.candidates.last_mut() {
                if let Some(cell) = inside(line, GRADE) {
                    candidate.grade = grade(cell)?;
                } else if let Some(text) = line.strip_prefix("> ") {
                    candidate.text = text.to_string();
                }
            }
            Ok(())
        })?;
        Ok(sheet)
    }

    /// Returns the grades that were filled in, by passage id.
    pub fn qrels(&self) -> Qrels {
        let mut qrels = Qrels::default();
        for candidate in &self.candidates {
            if let Some(grade) = candidate.grade {
                qrels.queries.entry(candidate.query.clone()).or_default().insert(candidate.passage.clone(), grade);
            }
        }
        qrels
    }

    /// Returns the grades that were filled in, by place; a passage without one is left out.
    pub fn judgements(&self) -> Vec<Judgement> {
        let judgement = |candidate: &Candidate| {
            Some(Judgement {
                query: candidate.query.clone(),
                place: candidate.place.clone()?,
                grade: candidate.grade?,
                quote: candidate.text.clone(),
            })
        };
        self.candidates.iter().filter_map(judgement).collect()
    }
}

/// What a comment of a Markdown sheet says about the passage below it.
#[derive(Serialize, Deserialize)]
struct Mark {
    query: String,
    passage: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    start: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    end: Option<usize>,
}

impl TryFrom<Mark> for Candidate {
    type Error = Problem;

    fn try_from(mark: Mark) -> Result<Candidate, Problem> {
        let place = match (mark.file, mark.start, mark.end) {
            (Some(path), Some(start), Some(end)) => Some(place(path, start, end)?),
            _ => None,
        };
        Ok(Candidate { query: mark.query, passage: mark.passage, place, text: String::new(), grade: None })
    }
}

fn place(path: String, start: usize, end: usize) -> Result<Place, Problem> {
    if end < start { Err(Problem::Backwards { start, end }) } else { Ok(Place { path, span: Span::new(start, end) }) }
}

fn grade(cell: &str) -> Result<Option<i64>, Problem> {
    if cell.trim().is_empty() { Ok(None) } else { lines::value("grade", cell, "a whole number").map(Some) }
}

fn inside<'a>(line: &'a str, (before, after): (&str, &str)) -> Option<&'a str> {
    line.trim_end().strip_prefix(before)?.strip_suffix(after)
}

/// Returns a text with its white space as single spaces.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::eval::{Asked, Run};

    fn hit(passage: &str, start: usize, text: &str) -> Hit {
        let place = Some(Place { path: "a.txt".to_string(), span: Span::new(start, start + 10) });
        Hit { passage: passage.to_string(), paper: String::new(), has_all: true, place, text: text.to_string() }
    }

    fn hits(ranked: Vec<Hit>) -> Hits {
        Hits { queries: BTreeMap::from([("q1".to_string(), Asked { text: "durand line".to_string(), hits: ranked })]) }
    }

    fn passages(sheet: &Sheet) -> Vec<&str> {
        sheet.candidates.iter().map(|candidate| candidate.passage.as_str()).collect()
    }

    #[test]
    fn a_pool_hides_rank_and_run() {
        let runs = [
            hits(vec![hit("c", 90, ""), hit("a", 10, ""), hit("z", 0, "")]),
            hits(vec![hit("b", 50, ""), hit("c", 90, "")]),
        ];
        assert_eq!(passages(&Sheet::pool(&runs, 2, |_, _| false)), ["a", "b", "c"]);
    }

    #[test]
    fn what_is_judged_is_left_out() {
        let runs = [hits(vec![hit("c", 90, ""), hit("a", 10, "")])];
        let qrels = Qrels::read(&b"q1 0 c 0"[..], "qrels.txt").unwrap();
        assert_eq!(passages(&Sheet::pool(&runs, 9, |query, hit| qrels.judges(query, hit))), ["a"]);
        let judgement = Judgement {
            query: "q1".to_string(),
            place: Place { path: "a.txt".to_string(), span: Span::new(15, 99) },
            grade: 0,
            quote: String::new(),
        };
        assert_eq!(passages(&Sheet::pool(&runs, 9, |query, hit| judgement.judges(query, hit))), [] as [&str; 0]);
    }

    #[test]
    fn a_run_of_ids_makes_a_pool_as_well() {
        let run = Run::read(&b"q1 Q0 d1 1 2 t\nq1 Q0 d2 1 3 t\n"[..], "run.txt").unwrap();
        assert_eq!(passages(&Sheet::pool(&[Hits::from(&run)], 1, |_, _| false)), ["d2"]);
    }

    #[test]
    fn a_page_is_filled_in_with_an_editor() {
        let sheet = Sheet::pool(&[hits(vec![hit("p/1", 5, "a\n  b --> c")])], 1, |_, _| false);
        let mut page = Vec::new();
        sheet.write_markdown(&mut page).unwrap();
        let page = String::from_utf8(page).unwrap();
        let below = r#"
## durand line

<!-- judge: {"query":"q1","passage":"p/1","file":"a.txt","start":5,"end":15} -->
Grade: [ ]

> a b --> c
"#;
        assert!(page.ends_with(below), "{page}");
        let filled = Sheet::read_markdown(page.replace("[ ]", "[2]").as_bytes(), "sheet.md").unwrap();
        let judgement = &filled.judgements()[0];
        assert_eq!((judgement.grade, judgement.quote.as_str()), (2, "a b --> c"));
        assert_eq!(filled.qrels().queries["q1"]["p/1"], 2);
        assert_eq!(Sheet::read_markdown(page.as_bytes(), "sheet.md").unwrap().judgements(), []);
    }

    #[test]
    fn says_which_grade_is_wrong() {
        let error = Sheet::read_markdown(
            &b"<!-- judge: {\"query\":\"q\",\"passage\":\"p\"} -->\nGrade: [good]"[..],
            "sheet.md",
        );
        let message = "sheet.md:2: grade is `good`, not a whole number";
        assert_eq!(error.expect_err("no grade").to_string(), message);
        let csv = "query;query_text;passage;file;start;end;text;grade\nq;;p;;;;x;1\nq;;p;a;9;1;x;1\n";
        let error = Sheet::read_csv(csv.as_bytes(), "sheet.csv").expect_err("an end before its start");
        assert_eq!(error.to_string(), "sheet.csv:3: the span ends at 1, before its start at 9");
        let error = Sheet::read_csv(&b"query,text\n"[..], "sheet.csv").expect_err("columns are missing");
        assert_eq!(error.to_string(), "sheet.csv:1: no column called query_text in the header");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_sheet_comes_back_as_written(
            rows in prop::collection::vec(("[a-c]", "\\PC{1,9}", "\\PC{0,20}", any::<Option<i8>>(), any::<u16>()), 0..9),
            text in "\\PC{1,9}x",
        ) {
            let mut hits = Hits::default();
            for (query, passage, text, _, start) in &rows {
                hits.queries.entry(query.clone()).or_default().hits.push(hit(passage, usize::from(*start), text));
            }
            if let Some(asked) = hits.queries.get_mut("a") {
                asked.text = text;
            }
            let mut sheet = Sheet::pool(&[hits], 9, |_, _| false);
            for (candidate, (.., grade, _)) in sheet.candidates.iter_mut().zip(&rows) {
                candidate.grade = grade.map(i64::from);
            }
            let (mut csv, mut page) = (Vec::new(), Vec::new());
            sheet.write_csv(&mut csv).unwrap();
            sheet.write_markdown(&mut page).unwrap();
            prop_assert_eq!(&Sheet::read_csv(&csv[..], "sheet.csv").unwrap(), &sheet);
            prop_assert_eq!(&Sheet::read_markdown(&page[..], "sheet.md").unwrap(), &sheet);
        }
    }
}
