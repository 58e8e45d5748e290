//! The texts and queries of the comparison: the same for every peer, and the same on every machine.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use polisearch::analysis::is_stop_word;
use polisearch::query::Topics;
use serde_json::{Value, json};

use crate::folder::{Folder, Sized};

/// Queries of each class.
const N_QUERIES: usize = 50;
/// Queries of a batch.
const N_BATCH: usize = 2_000;
/// The classes of queries, in the order of the tables.
pub const CLASSES: [&str; 7] = ["term", "phrase", "all", "any", "question", "prefix", "topic"];

/// Writes documents and passages of each size, and queries, into a folder.
///
/// Documents come in an order drawn from their ids. When they are too few they are repeated under new ids.
pub fn prepare(folder: &Folder, corpora: &[PathBuf], sizes: &[usize]) -> Result<(), String> {
    let base = folder.base();
    if !base.passages.is_file() {
        write_base(&base, corpora, folder)?;
    }
    let documents = Documents::read(&base)?;
    for &size in sizes {
        documents.write(folder, size).map_err(|error| error.to_string())?;
    }
    write_queries(&documents.passages, folder).map_err(|error| error.to_string())
}

/// Files of the whole corpus, nothing repeated.
pub struct Base {
    pub documents: PathBuf,
    pub index: PathBuf,
    pub passages: PathBuf,
}

/// Writes the documents of all corpora as one file, and the passages that polisearch makes of them.
fn write_base(base: &Base, corpora: &[PathBuf], folder: &Folder) -> Result<(), String> {
    let failed = |error: io::Error| error.to_string();
    let mut out = BufWriter::new(File::create(&base.documents).map_err(failed)?);
    for path in corpora {
        let file = || File::open(path).map_err(|error| format!("{}: {error}", path.display()));
        match path.extension().and_then(|end| end.to_str()) {
            Some("zst") => {
                let reader = zstd::Decoder::new(file()?).map_err(failed)?;
                io::copy(&mut BufReader::new(reader), &mut out).map_err(failed)?;
            }
            Some("jsonl") => drop(io::copy(&mut BufReader::new(file()?), &mut out).map_err(failed)?),
            _ => write_papers(path, folder, &mut out)?,
        }
    }
    out.flush().map_err(failed)?;
    index_and_export(&base.documents, &base.index, &base.passages)
}

/// Writes the papers of a folder as documents: their passages, an empty line between them.
fn write_papers(path: &Path, folder: &Folder, out: &mut impl Write) -> Result<(), String> {
    let (index, passages) = (folder.file("papers.polisearch"), folder.file("papers.jsonl"));
    index_and_export(path, &index, &passages)?;
    let mut papers: Vec<(String, Value, Vec<String>)> = Vec::new();
    for passage in read_json(&passages)? {
        let paper = &passage["paper"];
        let id = text(&paper["id"]);
        if papers.last().is_none_or(|(last, ..)| *last != id) {
            papers.push((id, paper["title"].clone(), Vec::new()));
        }
        papers.last_mut().expect("one was pushed").2.push(text(&passage["text"]));
    }
    for (id, title, passages) in papers {
        let document = json!({"id": id, "title": title, "text": passages.join("\n\n")});
        writeln!(out, "{document}").map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn index_and_export(papers: &Path, index: &Path, passages: &Path) -> Result<(), String> {
    let program = env!("CARGO_BIN_EXE_polisearch");
    let done = |mut command: Command| match command.status() {
        Ok(status) if status.success() => Ok(()),
        outcome => Err(format!("{command:?}: {outcome:?}")),
    };
    let mut command = Command::new(program);
    command.arg("index").arg(papers).arg("--output").arg(index);
    done(command)?;
    let mut command = Command::new(program);
    let out = File::create(passages).map_err(|error| error.to_string())?;
    command.arg("export").arg("--index").arg(index).stdout(out);
    done(command)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn read_json(path: &Path) -> Result<impl Iterator<Item = Value>, String> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let lines = BufReader::new(file).lines();
    Ok(lines.map_while(Result::ok).filter_map(|line| serde_json::from_str(&line).ok()))
}

/// All documents in the order drawn, each with its passages.
struct Documents {
    /// Title and text.
    documents: Vec<(String, String, String)>,
    passages: Vec<(String, String)>,
    /// By id of a document, its passages.
    of: HashMap<String, Vec<usize>>,
}

impl Documents {
    fn read(base: &Base) -> Result<Documents, String> {
        let mut documents: Vec<_> = read_json(&base.documents)?
            .map(|one| {
                (
                    id(&one),
                    text(&one["title"]),
                    text(if one["text"].is_null() { &one["contents"] } else { &one["text"] }),
                )
            })
            .collect();
        documents.sort_by_cached_key(|(id, ..)| (*blake3::hash(id.as_bytes()).as_bytes(), id.clone()));
        let (mut passages, mut of) = (Vec::new(), HashMap::<String, Vec<usize>>::new());
        for one in read_json(&base.passages)? {
            of.entry(text(&one["paper"]["id"])).or_default().push(passages.len());
            passages.push((text(&one["passage"]), text(&one["text"])));
        }
        Ok(Documents { documents, passages, of })
    }

    /// Writes documents until their passages are as many as asked for, and these passages.
    fn write(&self, folder: &Folder, size: usize) -> io::Result<()> {
        let files = folder.size(size);
        if files.facts.is_file() {
            return Ok(());
        }
        fs::create_dir_all(files.passages.parent().expect("it is in a folder"))?;
        let mut documents = BufWriter::new(File::create(&files.documents)?);
        let mut passages = BufWriter::new(File::create(&files.passages)?);
        let (mut n_documents, mut n_passages, mut n_bytes) = (0, 0, 0);
        'enough: for round in 0.. {
            let again = |id: &str| if round == 0 { id.to_owned() } else { format!("r{round}/{id}") };
            let before = n_passages;
            for (id, title, text) in &self.documents {
                let Some(of) = self.of.get(&id.split_whitespace().collect::<Vec<_>>().join("_")) else { continue };
                writeln!(documents, "{}", json!({"id": again(id), "title": title, "text": text}))?;
                for &at in of {
                    let (id, contents) = &self.passages[at];
                    writeln!(passages, "{}", json!({"id": again(id), "contents": contents}))?;
                }
                (n_documents, n_passages, n_bytes) = (n_documents + 1, n_passages + of.len(), n_bytes + text.len());
                if n_passages >= size {
                    break 'enough;
                }
            }
            if n_passages == before {
                return Err(io::Error::other("the corpus has no passages"));
            }
        }
        documents.flush()?;
        passages.flush()?;
        let facts = json!({"documents": n_documents, "passages": n_passages, "bytes": n_bytes});
        fs::write(&files.facts, facts.to_string())
    }
}

fn id(record: &Value) -> String {
    match &record["id"] {
        Value::Null => text(&record["_id"]),
        Value::String(id) => id.clone(),
        other => other.to_string(),
    }
}

/// Numbers that look drawn and are the same everywhere.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }
}

/// Writes queries drawn from the passages: `class TAB id TAB text`, and a batch of `id TAB text`.
fn write_queries(passages: &[(String, String)], folder: &Folder) -> io::Result<()> {
    let mut draw = Draw(7);
    let mut out = BufWriter::new(File::create(folder.queries())?);
    for class in &CLASSES[..6] {
        let mut n = 0;
        while n < N_QUERIES {
            let text = &passages[draw.below(passages.len())].1;
            if let Some(query) = query(class, &words(text), &mut draw) {
                n += 1;
                writeln!(out, "{class}\t{class}{n}\t{query}")?;
            }
        }
    }
    for topic in topics(passages, &mut draw) {
        writeln!(out, "topic\t{}", topic)?;
    }
    out.flush()?;
    let mut out = BufWriter::new(File::create(folder.batch())?);
    let mut n = 0;
    while n < N_BATCH {
        let text = &passages[draw.below(passages.len())].1;
        let words = words(text);
        let wanted = 3 + draw.below(10);
        if words.len() > wanted {
            n += 1;
            let from = draw.below(words.len() - wanted);
            writeln!(out, "b{n}\t{}", words[from..from + wanted].join(" "))?;
        }
    }
    out.flush()
}

/// Returns the words of a text in lower case: letters alone, so that every peer cuts them alike.
fn words(text: &str) -> Vec<String> {
    text.split_whitespace()
        .map(|word| word.trim_matches(|c: char| c.is_ascii_punctuation() || "“”‘’".contains(c)).to_lowercase())
        .filter(|word| !word.is_empty() && word.chars().all(char::is_alphabetic))
        .collect()
}

fn query(class: &str, words: &[String], draw: &mut Draw) -> Option<String> {
    let at = draw.below(words.len());
    let rest = &words[at.min(words.len())..];
    let telling = |word: &&String| word.chars().count() > 3 && !is_stop_word(word);
    let some = |n: usize| {
        let picked: Vec<&str> = rest.iter().take(20).filter(telling).take(n).map(String::as_str).collect();
        (picked.len() == n).then(|| picked.join(" "))
    };
    match class {
        "term" => some(1),
        "phrase" => {
            rest.windows(2).take(20).find(|pair| pair.iter().all(|word| telling(&word))).map(|pair| pair.join(" "))
        }
        "all" | "any" => some(3),
        "question" => rest.get(..20).map(|words| words.join(" ")),
        "prefix" => some(1).map(|word| word.chars().take(5).collect()),
        _ => None,
    }
}

/// Returns topics with several names, of which the passages hold one: `key TAB name|name`.
fn topics(passages: &[(String, String)], draw: &mut Draw) -> Vec<String> {
    let sample: Vec<&str> = (0..5_000).map(|_| passages[draw.below(passages.len())].1.as_str()).collect();
    let sample = sample.join("\n").to_lowercase();
    let text = include_str!("../../seeds/topics.toml");
    let topics = Topics::from_toml("topics.toml", text).expect("the repository's topics are sound");
    let known = topics.iter().filter(|topic| {
        topic.names().count() > 1 && topic.names().any(|name| name.len() > 4 && sample.contains(&name.to_lowercase()))
    });
    let line =
        |topic: polisearch::query::Topic| format!("{}\t{}", topic.key, topic.names().collect::<Vec<_>>().join("|"));
    known.take(N_QUERIES).map(line).collect()
}

/// Reads how many documents, passages and bytes there are.
pub fn facts(path: &Path) -> Option<Value> {
    serde_json::from_str(&fs::read_to_string(path).ok()?).ok()
}

/// Writes the records of a collection as passages, title and text, and returns how many there are.
pub fn records_as_passages(files: &Sized) -> Result<usize, String> {
    let write = || -> Result<usize, io::Error> {
        fs::create_dir_all(files.passages.parent().expect("it is in a folder"))?;
        let mut out = BufWriter::new(File::create(&files.passages)?);
        let mut n = 0;
        for one in read_json(&files.documents).map_err(io::Error::other)? {
            let contents = format!("{}\n{}", text(&one["title"]), text(&one["text"]));
            writeln!(out, "{}", json!({"id": id(&one), "contents": contents.trim()}))?;
            n += 1;
        }
        out.flush()?;
        Ok(n)
    };
    write().map_err(|error| error.to_string())
}
