//! `topics`: which there are, what a query becomes, and which the papers suggest.

use std::io::{BufWriter, Write};
use std::path::Path;

use polisearch::query::{self, Atom, ExpandOptions, Form, Node, Query, Thesaurus, Topic, Topics};
use polisearch::search::{Options, Searcher};

use super::args::{Common, TopicsAsked, TopicsCommand};
use super::failure::{Exit, Failure};
use super::{asking, opened};

pub fn run(common: &Common, asked: TopicsAsked) -> Result<Exit, Failure> {
    if let Some(TopicsCommand::Import { file, language }) = &asked.command {
        return import(file, language);
    }
    let opened = opened::open(common)?;
    let index = &opened.index;
    let topics = asking::topics(asked.topics.as_deref(), index)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    match asked.command.unwrap_or(TopicsCommand::List) {
        TopicsCommand::List => {
            for topic in topics.iter() {
                writeln!(out, "{}\t{}", topic.key, topic.label)?;
            }
        }
        TopicsCommand::Show { name } => {
            let topic = topics.get(&name).or_else(|| topics.find(&name));
            let topic = topic.ok_or_else(|| {
                Failure::usage(format!("no topic `{name}`")).hint("polisearch topics list names them all")
            })?;
            write!(out, "{}", Topics::new(&[topic]).to_toml())?;
        }
        TopicsCommand::Explain { words } => {
            let thesaurus = Thesaurus::new(topics, index, index, ExpandOptions::default());
            let query = thesaurus.expand(query::parse(&words.join(" ")));
            let searcher = Searcher::new(index);
            let mut atoms: Vec<&Atom> = Vec::new();
            query.for_each_atom(&mut |atom| atoms.push(atom));
            for atom in atoms.into_iter().filter(|atom| atom.weight > 0.0) {
                let typed = query.text.get(atom.span.start..atom.span.end).unwrap_or_default();
                writeln!(out, "{typed}\t{} passages", count(&searcher, &atom.form)?)?;
                for expansion in &atom.expansions {
                    let why = super::search::why(expansion.why);
                    writeln!(out, "    {why}\t{}\t{} passages", expansion.text, count(&searcher, &expansion.form)?)?;
                }
                for form in &atom.not {
                    writeln!(out, "    not\t{}\t{} passages", words_of(form), count(&searcher, form)?)?;
                }
            }
        }
        TopicsCommand::Suggest => {
            let acronyms = index.acronyms()?;
            let fresh = acronyms.into_iter().filter(|sense| topics.find(&sense.short).is_none());
            let suggested: Vec<Topic> = fresh
                .map(|sense| Topic {
                    key: sense.short.to_lowercase(),
                    label: sense.long.clone(),
                    aliases: vec![sense.short.clone()],
                    ..Topic::default()
                })
                .collect();
            let found = !suggested.is_empty();
            write!(out, "{}", Topics::new(&suggested).to_toml())?;
            out.flush()?;
            return Ok(if found { Exit::Found } else { Exit::NothingFound });
        }
        TopicsCommand::Import { file, language } => return import(&file, &language),
    }
    out.flush()?;
    Ok(Exit::Found)
}

/// Turns a thesaurus into a topics file.
fn import(file: &Path, language: &str) -> Result<Exit, Failure> {
    let name = file.display().to_string();
    let bytes = std::fs::read(file).map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    let topics = Topics::from_skos(&name, &bytes, language)?;
    std::io::stdout().write_all(topics.to_toml().as_bytes())?;
    Ok(Exit::Found)
}

/// Counts the passages that hold a form.
fn count(searcher: &Searcher<'_>, form: &Form) -> Result<u64, Failure> {
    let root = Node::Atom(Atom::new(form.clone(), Default::default()));
    let query = Query { text: words_of(form), wants_number: false, root, notes: Vec::new() };
    let results = searcher.search(&query, &Options { limit: 1, ..Options::default() })?;
    Ok(results.counts.map_or(0, |counts| counts.n_matches))
}

fn words_of(form: &Form) -> String {
    match form {
        Form::Word(word) | Form::Exact(word) | Form::Prefix(word) | Form::Fuzzy { word, .. } => word.clone(),
        Form::Phrase { words, .. } => words.join(" "),
        Form::Topic(key) => format!("@{key}"),
    }
}
