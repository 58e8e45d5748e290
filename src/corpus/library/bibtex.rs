//! BibTeX and BibLaTeX, through the `biblatex` crate.

use biblatex::{Bibliography, ChunksExt, DateValue, EntryType, PermissiveType};

use super::Error;
use super::{Entry, file_name, said};
use crate::paper::{Biblio, Person};

/// Reads the records of a `.bib` file.
pub fn read(text: &str) -> Result<Vec<Entry>, Error> {
    let bibliography = Bibliography::parse(text).map_err(|error| Error::Library {
        format: "BibTeX",
        line: 1 + text.get(..error.span.start).map_or(0, |before| before.matches('\n').count()),
        reason: error.kind.to_string(),
    })?;
    Ok(bibliography.iter().map(entry).collect())
}

fn entry(record: &biblatex::Entry) -> Entry {
    let text = |name: &str| record.get(name).and_then(|chunks| said(chunks.format_verbatim()));
    let first = |names: &[&str]| names.iter().find_map(|name| text(name));
    let date = match record.date() {
        Ok(PermissiveType::Typed(date)) => Some(match date.value {
            DateValue::At(date) | DateValue::After(date) | DateValue::Before(date) | DateValue::Between(date, _) => {
                date
            }
        }),
        _ => None,
    };
    // biblatex counts months and days from 0.
    let from_one = |part: Option<u8>| part.map(|part| part + 1);
    let kind = kind(&record.entry_type);
    Entry {
        biblio: Biblio {
            id: Some(record.key.clone()),
            kind: Some(kind.to_owned()),
            title: text("title")
                .map(|title| text("subtitle").map_or(title.clone(), |subtitle| format!("{title}: {subtitle}"))),
            authors: record.author().unwrap_or_default().into_iter().map(person).collect(),
            year: date.map(|date| date.year),
            month: from_one(date.and_then(|date| date.month)),
            day: from_one(date.and_then(|date| date.day)),
            publisher: first(&["publisher", "institution", "organization", "school"]),
            container: first(&["journal", "journaltitle", "booktitle"]),
            // A report's `type` is its series: "Peaceworks".
            collection: first(&["series", if kind == "report" { "type" } else { "series" }]),
            number: text("number").filter(|_| kind != "article-journal"),
            volume: text("volume"),
            issue: text("issue").or(text("number").filter(|_| kind == "article-journal")),
            pages: text("pages").map(|pages| pages.replace("--", "-").replace('–', "-")),
            doi: text("doi"),
            isbn: text("isbn"),
            url: text("url"),
            language: first(&["langid", "language"]).filter(|tag| tag.len() <= 3),
            note: text("note"),
        },
        files: text("file").map_or(Vec::new(), |files| attached(&files)),
    }
}

fn person(name: biblatex::Person) -> Person {
    let family =
        [name.prefix, name.name, name.suffix].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    Person { family, given: name.given_name }
}

/// Reads the files of a record: Zotero writes `Title:path:type;...`, others the path alone.
fn attached(files: &str) -> Vec<String> {
    files
        .split(';')
        .flat_map(|file| {
            let parts: Vec<&str> = file.split(':').collect();
            let path = if parts.len() >= 3 { parts[parts.len() - 2] } else { file };
            Some(file_name(path.trim())).filter(|name| !name.is_empty())
        })
        .collect()
}

fn kind(entry_type: &EntryType) -> &'static str {
    match entry_type {
        EntryType::Article => "article-journal",
        EntryType::TechReport | EntryType::Report => "report",
        EntryType::Book | EntryType::MvBook | EntryType::Booklet | EntryType::Collection => "book",
        EntryType::InBook | EntryType::InCollection => "chapter",
        EntryType::InProceedings => "paper-conference",
        EntryType::PhdThesis | EntryType::MastersThesis | EntryType::Thesis => "thesis",
        EntryType::Online => "webpage",
        _ => "document",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_record_as_zotero_writes_it() {
        let entries = read(
            "@techreport{threlkeld_2021,\n title = {{Afghanistan}-{Pakistan} Ties},\n author = {Threlkeld, Elizabeth and {United States Institute of Peace}},\n \
             type = {Peaceworks}, number = {175}, institution = {USIP \\& Co}, year = {2021}, month = aug,\n file = {Full Text:C\\:\\\\z\\\\a b.pdf:application/pdf}\n}",
        )
        .expect("it is BibTeX");
        let Entry { biblio, files } = &entries[0];
        assert_eq!(biblio.title.as_deref(), Some("Afghanistan-Pakistan Ties"));
        assert_eq!(
            biblio.authors.iter().map(Person::full_name).collect::<Vec<_>>(),
            ["Elizabeth Threlkeld", "United States Institute of Peace"]
        );
        assert_eq!((biblio.year, biblio.month, biblio.kind.as_deref()), (Some(2021), Some(8), Some("report")));
        assert_eq!(
            (biblio.collection.as_deref(), biblio.publisher.as_deref()),
            (Some("Peaceworks"), Some("USIP & Co"))
        );
        assert_eq!(files, &["a b.pdf"]);
    }

    #[test]
    fn names_the_line_of_a_broken_record() {
        let error = read("@book{a, title={A}}\n@book{b, title={B\n").expect_err("it is broken");
        assert!(error.to_string().contains("is no BibTeX"), "{error}");
    }
}
