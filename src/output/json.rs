//! JSON Lines: one object a line, as `docs/json.md` describes them.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::Asked;
use crate::paper::{PageRef, StoredPaper, StoredPassage, references};
use crate::search::{Hit, Results};

/// Goes up when a field changes its meaning, which none has done yet.
const SCHEMA: u32 = 1;

/// What results say about the index they come from.
#[derive(Clone, Debug)]
pub struct IndexInfo {
    /// Where it lies, or that it is the one inside the program.
    pub path: String,
    pub papers: u32,
    pub passages: u32,
}

pub(super) fn results(out: &mut impl Write, asked: &Asked<'_>, results: &Results, index: &IndexInfo) -> io::Result<()> {
    // Each query's beginning says the schema: streams are cut and joined.
    let mut begin = object("begin", true);
    begin.insert("query".into(), json!({"id": asked.id, "text": asked.text}));
    begin.insert("index".into(), json!({"path": index.path, "papers": index.papers, "passages": index.passages}));
    begin.insert("expanded".into(), json!(asked.expanded));
    line(out, begin)?;
    for hit in &results.hits {
        line(out, hit_object(asked.id, hit))?;
    }
    let mut end = object("end", false);
    end.insert("query".into(), asked.id.into());
    end.insert("status".into(), "ok".into());
    end.insert("hits".into(), results.hits.len().into());
    if let Some(counts) = results.counts {
        end.insert("matches".into(), counts.n_matches.into());
        end.insert("all".into(), counts.n_all.into());
    }
    end.insert("folded".into(), results.n_folded.into());
    end.insert("held_back".into(), results.n_held_back.into());
    line(out, end)
}

pub(super) fn failure(out: &mut impl Write, id: &str, kind: &str, message: &str) -> io::Result<()> {
    let mut end = object("end", false);
    end.insert("query".into(), id.into());
    end.insert("status".into(), "error".into());
    end.insert("error".into(), json!({"kind": kind, "message": message}));
    line(out, end)
}

fn hit_object(query: &str, hit: &Hit) -> Map<String, Value> {
    let mut object = object("hit", false);
    object.insert("query".into(), query.into());
    object.insert("rank".into(), hit.rank.into());
    object.insert("score".into(), rounded(hit.score));
    object.insert("match".into(), json!(hit.matched));
    object.insert("missing".into(), json!(hit.missing));
    fill(&mut object, &hit.paper, &hit.passage);
    let highlights: Vec<Value> = hit
        .highlights
        .iter()
        .map(|highlight| json!({"start": highlight.span.start, "end": highlight.span.end, "term": highlight.term}))
        .collect();
    object.insert("highlights".into(), highlights.into());
    object.insert("folded".into(), json!(hit.folded));
    if let Some(explanation) = &hit.explanation {
        object.insert("explanation".into(), json!(explanation));
    }
    object
}

/// Returns a passage outside of any ranking, as `export` and `show` write it.
pub fn passage(paper: &StoredPaper, passage: &StoredPassage, first: bool) -> Value {
    let mut object = object("passage", first);
    fill(&mut object, paper, passage);
    object.into()
}

fn fill(object: &mut Map<String, Value>, paper: &StoredPaper, passage: &StoredPassage) {
    object.insert("passage".into(), passage.id.as_str().into());
    object.insert("kind".into(), json!(passage.kind));
    let authors: Vec<String> = paper.biblio.authors.iter().map(|author| author.full_name()).collect();
    object.insert(
        "paper".into(),
        json!({"id": paper.id, "title": paper.biblio.title, "authors": authors, "year": paper.biblio.year}),
    );
    object.insert("section".into(), json!(passage.section));
    object.insert("page".into(), page(passage));
    // An index may keep where passages stand, and not what they say.
    let text = Some(passage.text.as_str()).filter(|text| !text.is_empty());
    object.insert("text".into(), text.into());
    let references: Vec<Value> =
        references(&passage.text).iter().map(|span| json!({"start": span.start, "end": span.end})).collect();
    if !references.is_empty() {
        object.insert("references".into(), references.into());
    }
    let (start, end, line) = match passage.place {
        Some(place) => (json!(place.start), json!(place.end), json!(place.line)),
        None => (Value::Null, Value::Null, Value::Null),
    };
    object.insert("source".into(), json!({"path": paper.path, "start": start, "end": end, "line": line}));
}

pub(super) fn page(passage: &StoredPassage) -> Value {
    let told = |page: &PageRef| json!({"physical": page.physical, "printed": page.printed});
    let Some(from) = &passage.page else { return Value::Null };
    let mut page = told(from);
    if let Some(to) = &passage.page_to {
        page["to"] = told(to);
    }
    page
}

/// Returns a score with four digits behind the point, as every format prints it.
pub(super) fn rounded(score: f32) -> Value {
    json!((f64::from(score) * 1e4).round() / 1e4)
}

pub(super) fn object(kind: &str, first: bool) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("type".into(), kind.into());
    if first {
        object.insert("schema".into(), SCHEMA.into());
    }
    object
}

fn line(out: &mut impl Write, object: Map<String, Value>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &Value::Object(object))?;
    out.write_all(b"\n")
}
