//! Where quoted words come from, and what became of a memo's quotations.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::cite;
use super::human::{DIM, FOUND, PLACE, Style, TITLE, wrapped};
use super::json::object;
use super::memo::Quotation;
use crate::paper::{PageRef, Place};
use crate::search::quote::{Change, Difference, Fidelity, Origin};

/// What checking a quotation of a memo found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Ok,
    Altered,
    Gone,
}

/// A quotation of a memo with what was found.
pub struct Checked<'a> {
    pub quotation: &'a Quotation,
    pub origin: Option<&'a Origin>,
    /// The words stand elsewhere than in the passage that the memo names.
    pub moved: bool,
}

impl Checked<'_> {
    /// Returns what to say of the quotation.
    pub fn verdict(&self) -> Verdict {
        match self.origin.map(|origin| origin.fidelity) {
            None => Verdict::Gone,
            Some(Fidelity::Exact) => Verdict::Ok,
            Some(_) => Verdict::Altered,
        }
    }
}

/// Returns a place as an object; `place` is where the words stand in the file, when that is known
/// better than the passages tell.
pub fn origin_object(origin: &Origin, place: Option<Place>, rank: usize) -> Value {
    let mut object = object("quote", rank == 1);
    object.insert("rank".into(), rank.into());
    fill(&mut object, origin, place);
    object.into()
}

fn fill(object: &mut Map<String, Value>, origin: &Origin, place: Option<Place>) {
    let (paper, first) = (&origin.paper, &origin.passages[0]);
    object.insert("match".into(), json!(if origin.fidelity == Fidelity::Exact { "exact" } else { "near" }));
    object.insert("likeness".into(), json!((f64::from(origin.likeness) * 1e4).round() / 1e4));
    object.insert("differences".into(), json!(origin.differences));
    object.insert("passage".into(), first.id.as_str().into());
    object.insert("passages".into(), origin.passages.iter().map(|passage| passage.id.as_str()).collect());
    let authors: Vec<String> = paper.biblio.authors.iter().map(|author| author.full_name()).collect();
    object.insert(
        "paper".into(),
        json!({"id": paper.id, "title": paper.biblio.title, "authors": authors, "year": paper.biblio.year}),
    );
    object.insert("section".into(), json!(first.section));
    let told = |page: &PageRef| json!({"physical": page.physical, "printed": page.printed});
    let page = origin.pages().map_or(Value::Null, |(from, to)| {
        let mut page = told(&from);
        if to != from {
            page["to"] = told(&to);
        }
        page
    });
    object.insert("page".into(), page);
    object.insert("printed".into(), origin.printed().into());
    object.insert("citation".into(), citation(origin).into());
    let whole = place.is_none();
    let mut source = json!({"path": paper.path, "start": null, "end": null, "line": null});
    if let Some(place) = place.or_else(|| of_passages(origin)) {
        source = json!({"path": paper.path, "start": place.start, "end": place.end, "line": place.line,
                        "of": if whole { "passage" } else { "words" }});
    }
    object.insert("source".into(), source);
}

/// Returns the place of the passages that hold the words.
fn of_passages(origin: &Origin) -> Option<Place> {
    let places: Option<Vec<Place>> = origin.passages.iter().map(|passage| passage.place).collect();
    let places = places?;
    let first = places.first()?;
    let end = places.iter().map(|place| place.end).max()?;
    let start = places.iter().map(|place| place.start).min()?;
    Some(Place { start, end, line: first.line })
}

fn citation(origin: &Origin) -> String {
    cite::cite(&origin.paper.biblio, locator(origin).as_deref(), cite::Style::Chicago, &|_| false)
}

/// Returns the printed pages that the words stand on, as they are cited.
fn locator(origin: &Origin) -> Option<String> {
    let (from, to) = origin.pages()?;
    let (from, to) = (from.printed?, to.printed?);
    Some(if from == to { from } else { format!("{from}–{to}") })
}

/// Says which page words stand on: `p. 12 (page 14 of the file)`.
fn pages(origin: &Origin) -> Option<String> {
    let (from, to) = origin.pages()?;
    let number = |page: &PageRef| page.physical.to_string();
    let range = |a: String, b: String| if a == b { a } else { format!("{a}–{b}") };
    let physical = range(number(&from), number(&to));
    Some(match (&from.printed, &to.printed) {
        (Some(a), Some(b)) => {
            let printed = range(a.clone(), b.clone());
            let label = if a == b { "p." } else { "pp." };
            if printed == physical {
                format!("{label} {printed}")
            } else {
                format!("{label} {printed} ({physical} of the file)")
            }
        }
        _ => format!("page {physical} of the file"),
    })
}

/// Writes a place for people.
pub fn write_origin(out: &mut impl Write, style: &Style, origin: &Origin, place: Option<Place>) -> io::Result<()> {
    let (paper, first) = (&origin.paper, &origin.passages[0]);
    let year = paper.biblio.year.map_or_else(String::new, |year| format!(" ({year})"));
    let how = if origin.fidelity == Fidelity::Exact { "as printed" } else { "not as printed" };
    writeln!(out, "{}{year}: {how}", style.paint(TITLE, paper.title()))?;
    let mut told = Vec::new();
    if !first.section.is_empty() {
        told.push(first.section.join(" > "));
    }
    told.extend(pages(origin));
    let (at, unit) = match place {
        Some(place) => (Some(place), "bytes"),
        None => (of_passages(origin), "within bytes"),
    };
    told.push(at.map_or_else(
        || paper.path.clone(),
        |at| format!("{}:{} ({unit} {}–{})", paper.path, at.line, at.start, at.end),
    ));
    writeln!(out, "    {}", style.paint(PLACE, &told.join(" · ")))?;
    for line in wrapped(&origin.printed(), &[], style) {
        writeln!(out, "    {line}")?;
    }
    for difference in &origin.differences {
        writeln!(out, "    {}", told_difference(style, difference))?;
    }
    let ids: Vec<&str> = origin.passages.iter().map(|passage| passage.id.as_str()).collect();
    writeln!(out, "    {}", style.paint(DIM, &ids.join(" ")))
}

/// `"two" is printed, "three" quoted`.
fn told_difference(style: &Style, difference: &Difference) -> String {
    let Difference { change, quoted, printed, marked } = difference;
    let printed = style.paint(FOUND, printed);
    match (change, marked) {
        (_, true) if difference.printed.is_empty() => format!("{quoted} stands for nothing printed"),
        (_, true) => format!("{quoted} stands for: {printed}"),
        (Change::LeftOut, _) => format!("left out: {printed}"),
        (Change::Added, _) => format!("not printed: {quoted}"),
        (Change::Stops, _) => format!("other stops: {quoted} for {printed}"),
        (Change::Capitals, _) => format!("other capitals: {quoted} for {printed}"),
        (Change::Spelling | Change::Changed, _) => format!("changed: {quoted} for {printed}"),
    }
}

/// Writes what became of a quotation: a line, and what differs below it.
pub fn write_check(out: &mut impl Write, style: &Style, memo: &str, checked: &Checked<'_>) -> io::Result<()> {
    let verdict = match checked.verdict() {
        Verdict::Ok => "ok",
        Verdict::Altered => "altered",
        Verdict::Gone => "gone",
    };
    let verdict = style.paint(TITLE, verdict);
    let Quotation { line, text, .. } = checked.quotation;
    writeln!(out, "{memo}:{line}: {verdict}: {}", shortened(text))?;
    let Some(origin) = checked.origin else { return Ok(()) };
    if checked.verdict() == Verdict::Altered {
        for difference in origin.differences.iter().filter(|difference| !difference.marked) {
            writeln!(out, "    {}", told_difference(style, difference))?;
        }
    }
    let moved = if checked.moved { "not where the memo says, but " } else { "" };
    let page = pages(origin).map_or_else(String::new, |page| format!(", {page}"));
    let place = format!("{moved}{}{page} · {}", origin.paper.title(), origin.passages[0].id);
    writeln!(out, "    {}", style.paint(DIM, &place))
}

/// Returns the beginning of a long text, its end told by an ellipsis.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 72;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{} …", text[..at].rsplit_once(' ').map_or(&text[..at], |(head, _)| head)),
        None => text,
    }
}

/// Returns what became of a quotation as an object.
pub fn check_object(memo: &str, checked: &Checked<'_>, first: bool) -> Value {
    let mut object = object("check", first);
    object.insert("memo".into(), memo.into());
    object.insert("line".into(), checked.quotation.line.into());
    object.insert("text".into(), checked.quotation.text.as_str().into());
    object.insert("named".into(), json!(checked.quotation.passage));
    object.insert("verdict".into(), json!(checked.verdict()));
    object.insert("moved".into(), checked.moved.into());
    if let Some(origin) = checked.origin {
        fill(&mut object, origin, None);
    }
    object.into()
}
