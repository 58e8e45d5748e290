//! Judgements by place: spans of the source files, so that they outlive every change of passages.
//!
//! What a reader wants from a paper is *units* of it: judged spans that stand close together are
//! one, and so are places that repeat each other. A hit covers a unit when the two share at least
//! half of the shorter, and a unit is found once.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

use super::error::{Error, Problem};
use super::hits::{Hit, Hits, Place};
use super::lines;
use super::measure::{Judged, Measure};
use super::scores::{Column, Row, Scores, Summary};
use crate::paper::Span;

/// Judged spans nearer to each other than this are one unit ...
const NEAR: usize = 250;
/// ... unless it would become longer than this.
const LONGEST_UNIT: usize = 1_600;
/// A hit that is longer, in bytes of the source, is no passage and gains nothing.
const LONGEST_HIT: usize = 2_600;
/// From this grade on a unit is one that must be found; below, it is mentioned in passing.
const MAIN_GRADE: i64 = 2;

/// A span judged for a query.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Judgement {
    pub query: String,
    pub place: Place,
    /// 3 would be quoted as the answer, 2 is a real part of it, 1 is in passing, 0 is not relevant.
    pub grade: i64,
    /// The words that stand there, for people.
    pub quote: String,
}

impl Judgement {
    /// Tells whether a hit of this query shares with the span at least half of the shorter.
    pub fn judges(&self, query: &str, hit: &Hit) -> bool {
        let unit = || Unit { alternatives: vec![vec![self.place.clone()]], grade: self.grade };
        self.query == query && hit.place.as_ref().is_some_and(|place| unit().is_covered_by(place))
    }
}

/// Two places of one file that say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    pub path: String,
    pub first: Span,
    pub second: Span,
}

/// Reads judgements, `query<TAB>file<TAB>start<TAB>end<TAB>grade<TAB>quote`; a header is allowed
/// and the quote may be missing.
pub fn read_judgements(reader: impl BufRead, file: &str) -> Result<Vec<Judgement>, Error> {
    let mut judgements = Vec::new();
    for_each_row(reader, file, 2, |columns| {
        let [query, path, start, end, grade, ref quote @ ..] = *columns else {
            return Err(Problem::Columns { found: columns.len(), wanted: "query file start end grade quote" });
        };
        judgements.push(Judgement {
            query: query.to_string(),
            place: Place { path: path.to_string(), span: span(start, end)? },
            grade: lines::value("grade", grade, "a whole number")?,
            quote: quote.join(" "),
        });
        Ok(())
    })?;
    Ok(judgements)
}

/// Writes judgements as [`read_judgements`] reads them; white space in a quote becomes one space.
pub fn write_judgements(judgements: &[Judgement], out: &mut impl Write) -> io::Result<()> {
    for Judgement { query, place: Place { path, span }, grade, quote } in judgements {
        let quote: Vec<&str> = quote.split_whitespace().collect();
        writeln!(out, "{query}\t{path}\t{}\t{}\t{grade}\t{}", span.start, span.end, quote.join(" "))?;
    }
    Ok(())
}

/// Reads places that repeat each other, `file<TAB>start<TAB>end<TAB>start<TAB>end`; what follows is
/// for people.
pub fn read_repeats(reader: impl BufRead, file: &str) -> Result<Vec<Repeat>, Error> {
    let mut repeats = Vec::new();
    for_each_row(reader, file, 1, |columns| {
        let [path, start, end, other_start, other_end, ..] = *columns else {
            return Err(Problem::Columns { found: columns.len(), wanted: "file start end start end" });
        };
        repeats.push(Repeat {
            path: path.to_string(),
            first: span(start, end)?,
            second: span(other_start, other_end)?,
        });
        Ok(())
    })?;
    Ok(repeats)
}

/// Calls `each` with the columns of each row but a header: a first row with a word where the first
/// number belongs.
fn for_each_row(
    reader: impl BufRead,
    file: &str,
    number_at: usize,
    mut each: impl FnMut(&[&str]) -> Result<(), Problem>,
) -> Result<(), Error> {
    let mut first = true;
    lines::for_each(reader, file, |line| {
        let columns: Vec<&str> = line.split('\t').collect();
        let header = std::mem::take(&mut first) && columns.get(number_at).is_some_and(|name| *name == "start");
        if header { Ok(()) } else { each(&columns) }
    })
}

fn span(start: &str, end: &str) -> Result<Span, Problem> {
    let (start, end) = (lines::offset("start", start)?, lines::offset("end", end)?);
    if end < start { Err(Problem::Backwards { start, end }) } else { Ok(Span::new(start, end)) }
}

/// What a reader wants once: a run of judged spans, in one or more places that repeat each other.
#[derive(Debug)]
struct Unit {
    alternatives: Vec<Vec<Place>>,
    grade: i64,
}

impl Unit {
    /// Tells whether `hit` shares with one of the places at least half of the shorter of the two.
    fn is_covered_by(&self, hit: &Place) -> bool {
        self.alternatives.iter().any(|places| {
            let shared: usize = places.iter().map(|place| overlap(hit, place)).sum();
            let wanted: usize = places.iter().map(|place| place.span.len()).sum();
            shared > 0 && shared * 2 >= wanted.min(hit.span.len())
        })
    }

    /// Tells whether a place of this unit repeats a place of `other`.
    fn repeats(&self, other: &Unit, repeats: &[Repeat]) -> bool {
        let touches = |unit: &Unit, path: &str, span| {
            unit.alternatives[0].iter().any(|place| place.path == path && place.span.overlap(span) > 0)
        };
        repeats.iter().any(|Repeat { path, first, second }| {
            touches(self, path, *first) && touches(other, path, *second)
                || touches(self, path, *second) && touches(other, path, *first)
        })
    }
}

/// Returns how many bytes a hit shares with a judged place, whose path may leave out folders.
fn overlap(hit: &Place, judged: &Place) -> usize {
    if is_path_of(&judged.path, &hit.path) { hit.span.overlap(judged.span) } else { 0 }
}

/// Tells whether `path` ends in `file`, at a folder's border: judgements name files, hits say
/// where they were found.
fn is_path_of(file: &str, path: &str) -> bool {
    path.strip_suffix(file).is_some_and(|folders| folders.is_empty() || folders.ends_with(['/', '\\']))
}

/// Span judgements, made ready for measuring.
#[derive(Debug)]
pub struct SpanQrels {
    queries: BTreeMap<String, Vec<Unit>>,
}

impl SpanQrels {
    /// Joins judged spans into units. Spans of grade 0 and less make none.
    pub fn new(judgements: &[Judgement], repeats: &[Repeat]) -> SpanQrels {
        let mut spans: BTreeMap<&str, Vec<(&Place, i64)>> = BTreeMap::new();
        for judgement in judgements.iter().filter(|judgement| judgement.grade > 0) {
            spans.entry(&judgement.query).or_default().push((&judgement.place, judgement.grade));
        }
        let units = |mut spans: Vec<(&Place, i64)>| {
            spans.sort();
            fold_repeats(join_near(&spans), repeats)
        };
        SpanQrels { queries: spans.into_iter().map(|(query, spans)| (query.to_string(), units(spans))).collect() }
    }

    /// Measures hits by each query of `asked` and each that was judged.
    ///
    /// A query counts as found from grade 2 on ([`Measure::Recall`] counts units, out of as many as
    /// the depth can hold); nDCG takes grades as gains. Behind the measures come three columns:
    /// `Abstained` is about queries without judgements, where to return nothing, or to label every
    /// hit as holding only some of the words, is right; `TooLong` and `Unplaced` count hits that
    /// gain nothing because they are no passages or lie in no text file.
    pub fn evaluate<'a>(
        &'a self,
        asked: impl IntoIterator<Item = &'a str>,
        hits: &Hits,
        measures: &[Measure],
    ) -> Scores {
        let mut queries: Vec<&str> = self.queries.keys().map(String::as_str).chain(asked).collect();
        queries.sort_unstable();
        queries.dedup();
        let row = |&query: &&str| {
            let hits = hits.queries.get(query).map_or(&[][..], |asked| &asked.hits);
            Row { query: query.to_string(), values: self.values(query, hits, measures) }
        };
        let mean = |&measure: &Measure| Column {
            name: measure.to_string(),
            summary: if measure.is_count() { Summary::Sum } else { Summary::Mean },
        };
        let mut columns: Vec<Column> = measures.iter().map(mean).collect();
        columns.push(Column { name: "Abstained".to_string(), summary: Summary::Mean });
        columns.push(Column { name: "TooLong".to_string(), summary: Summary::Sum });
        columns.push(Column { name: "Unplaced".to_string(), summary: Summary::Sum });
        Scores { columns, rows: queries.iter().map(row).collect() }
    }

    fn values(&self, query: &str, hits: &[Hit], measures: &[Measure]) -> Vec<Option<f64>> {
        let Some(units) = self.queries.get(query) else {
            let abstained = hits.iter().all(|hit| !hit.has_all);
            let mut values = vec![None; measures.len()];
            values.extend([Some(f64::from(abstained)), None, None]);
            return values;
        };
        let found = Found::new(units, hits);
        let too_long = |hit: &&Hit| hit.place.as_ref().is_some_and(|place| place.span.len() > LONGEST_HIT);
        let mut values: Vec<Option<f64>> = measures.iter().map(|&measure| found.measure(measure)).collect();
        values.push(None);
        values.push(Some(hits.iter().filter(too_long).count() as f64));
        values.push(Some(hits.iter().filter(|hit| hit.place.is_none()).count() as f64));
        values
    }
}

fn join_near(spans: &[(&Place, i64)]) -> Vec<Unit> {
    let mut runs: Vec<(Vec<Place>, i64)> = Vec::new();
    for &(place, grade) in spans {
        match runs.last_mut() {
            Some((places, highest)) if goes_on(places, place) => {
                places.push(place.clone());
                *highest = grade.max(*highest);
            }
            _ => runs.push((vec![place.clone()], grade)),
        }
    }
    runs.into_iter().map(|(places, grade)| Unit { alternatives: vec![places], grade }).collect()
}

/// Tells whether `next` stands close enough behind `places` to belong to them.
fn goes_on(places: &[Place], next: &Place) -> bool {
    let (first, last) = (&places[0], &places[places.len() - 1]);
    last.path == next.path && next.span.start < last.span.end + NEAR && next.span.end <= first.span.start + LONGEST_UNIT
}

fn fold_repeats(units: Vec<Unit>, repeats: &[Repeat]) -> Vec<Unit> {
    let mut folded: Vec<Unit> = Vec::new();
    for unit in units {
        match folded.iter_mut().find(|other| other.repeats(&unit, repeats)) {
            Some(other) => {
                other.grade = other.grade.max(unit.grade);
                other.alternatives.extend(unit.alternatives);
            }
            None => folded.push(unit),
        }
    }
    folded
}

/// The units of one query as a ranking found them.
struct Found {
    judged: Judged,
    /// For each unit that must be found, the rank of the first hit that covers it.
    first_ranks: Vec<Option<usize>>,
}

impl Found {
    fn new(units: &[Unit], hits: &[Hit]) -> Found {
        let mut seen: Vec<Option<usize>> = vec![None; units.len()];
        let mut gains = Vec::new();
        for (hit, rank) in hits.iter().zip(1..) {
            let place = hit.place.as_ref().filter(|place| place.span.len() <= LONGEST_HIT);
            let covers = |unit: &Unit| place.is_some_and(|place| unit.is_covered_by(place));
            let mut gain = None;
            for (unit, seen) in units.iter().zip(&mut seen).filter(|(unit, _)| covers(unit)) {
                let fresh = if seen.is_none() { unit.grade } else { 0 };
                gain = gain.max(Some(fresh));
                seen.get_or_insert(rank);
            }
            gains.push(gain);
        }
        let grades = units.iter().map(|unit| unit.grade).collect();
        let main = units.iter().zip(seen).filter(|(unit, _)| unit.grade >= MAIN_GRADE);
        Found { judged: Judged::of_gains(gains, grades, MAIN_GRADE), first_ranks: main.map(|(_, seen)| seen).collect() }
    }

    fn measure(&self, measure: Measure) -> Option<f64> {
        match measure {
            Measure::Recall(depth) => {
                let found = self.first_ranks.iter().flatten().filter(|&&rank| rank <= depth.get()).count();
                let possible = self.first_ranks.len().min(depth.get());
                (possible > 0).then(|| found as f64 / possible as f64)
            }
            // Nothing is judged irrelevant: whatever no judged span covers is.
            Measure::Bpref => None,
            _ => Some(self.judged.measure(measure)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Asked;

    fn place(start: usize, end: usize) -> Place {
        Place { path: "a.txt".to_string(), span: Span::new(start, end) }
    }

    /// Measures hits, as `start..end`, against judged spans with their grades.
    fn check(
        measure: &str,
        judged: &[(usize, usize, i64)],
        repeats: &[Repeat],
        hits: &[(usize, usize)],
        expected: f64,
    ) {
        let judgement = |&(start, end, grade): &(usize, usize, i64)| Judgement {
            query: "q".to_string(),
            place: place(start, end),
            grade,
            quote: String::new(),
        };
        let hit = |&(start, end): &(usize, usize)| Hit {
            passage: format!("{start}"),
            paper: String::new(),
            has_all: true,
            place: Some(Place { path: "seeds/a.txt".to_string(), ..place(start, end) }),
            text: String::new(),
        };
        let asked = Asked { text: String::new(), hits: hits.iter().map(hit).collect() };
        let hits = Hits { queries: BTreeMap::from([("q".to_string(), asked)]) };
        let judgements: Vec<Judgement> = judged.iter().map(judgement).collect();
        let scores = SpanQrels::new(&judgements, repeats).evaluate([], &hits, &[measure.parse().unwrap()]);
        let value = scores.total(0).expect("the query is judged");
        assert!((value - expected).abs() < 1e-9, "{measure} is {value}, not {expected}");
    }

    #[test]
    fn near_spans_are_one_unit() {
        check("NumRel", &[(0, 100, 2), (349, 400, 2)], &[], &[], 1.0);
        check("NumRel", &[(0, 100, 2), (350, 400, 2)], &[], &[], 2.0);
    }

    #[test]
    fn a_unit_grows_to_no_more_than_its_limit() {
        check("NumRel", &[(0, 800, 2), (900, 1600, 2)], &[], &[], 1.0);
        check("NumRel", &[(0, 800, 2), (900, 1601, 2)], &[], &[], 2.0);
    }

    #[test]
    fn places_that_repeat_each_other_are_one_unit() {
        let repeat = Repeat { path: "a.txt".to_string(), first: Span::new(90, 95), second: Span::new(5_000, 5_005) };
        let judged = [(0, 100, 2), (5_000, 5_100, 3)];
        check("R@2", &judged, std::slice::from_ref(&repeat), &[(5_000, 5_100)], 1.0);
        check("P@2", &judged, std::slice::from_ref(&repeat), &[(5_000, 5_100), (0, 100)], 0.5);
    }

    #[test]
    fn a_hit_must_share_half_of_the_shorter() {
        check("Success@1", &[(0, 100, 2)], &[], &[(50, 500)], 1.0);
        check("Success@1", &[(0, 100, 2)], &[], &[(51, 500)], 0.0);
        check("Success@1", &[(0, 1_000, 2)], &[], &[(950, 1_050)], 1.0);
    }

    #[test]
    fn a_hit_too_long_gains_nothing() {
        check("Success@1", &[(0, 100, 2)], &[], &[(0, 2_600)], 1.0);
        check("Success@1", &[(0, 100, 2)], &[], &[(0, 2_601)], 0.0);
    }

    #[test]
    fn recall_is_of_what_the_depth_can_hold() {
        check("R@1", &[(0, 100, 2), (1_000, 1_100, 3), (2_000, 2_100, 1)], &[], &[(0, 100)], 1.0);
    }

    #[test]
    fn grade_0_makes_no_unit() {
        check("nDCG", &[(0, 100, 2), (200, 300, 0)], &[], &[(0, 100)], 1.0);
    }

    #[test]
    fn a_path_matches_at_the_border_of_a_folder() {
        assert!(is_path_of("a.txt", "seeds/a.txt") && is_path_of("a.txt", "a.txt"));
        assert!(!is_path_of("a.txt", "seeds/ba.txt"));
    }

    #[test]
    fn judgements_come_back_as_written() {
        let text = "q\ta.txt\t5\t9\t2\ta  quote\n";
        let judgements = read_judgements(text.as_bytes(), "j.tsv").unwrap();
        let mut written = Vec::new();
        write_judgements(&judgements, &mut written).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), "q\ta.txt\t5\t9\t2\ta quote\n");
        let headed = format!("query\tfile\tstart\tend\tgrade\tquote\n{text}");
        assert_eq!(read_judgements(headed.as_bytes(), "j.tsv").unwrap(), judgements);
    }

    #[test]
    fn says_which_judgement_is_wrong() {
        let check = |text: &str, expected: &str| {
            let error = read_judgements(text.as_bytes(), "j.tsv").expect_err("no judgements");
            assert_eq!(error.to_string(), expected);
        };
        check("q\ta\t5", "j.tsv:1: 3 columns, where `query file start end grade quote` has 6");
        check("q\ta\t9\t5\t1", "j.tsv:1: the span ends at 5, before its start at 9");
        check("q\ta\t1\t5\t1\nq\ta\t-1\t5\t1", "j.tsv:2: start is `-1`, not a byte offset below 4 GiB");
    }
}
