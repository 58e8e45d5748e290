//! Bibliographic data from lists that people keep: CSL-JSON, BibTeX and RIS, as Zotero writes them.

use std::path::Path;

use crate::paper::Biblio;

mod bibtex;
mod csl;
mod error;
mod first_page;
mod names;
mod own;
mod ris;

pub use error::Error;
pub use own::of_paper;

/// Tells whether a file is such a list, by its name.
pub fn is_library(path: &Path) -> bool {
    let list = |extension: &std::ffi::OsStr| extension == "bib" || extension == "ris";
    path.extension().is_some_and(list) || path.file_name().is_some_and(|name| name == "library.json")
}

/// What a list says about papers, found by file name, DOI or title.
#[derive(Clone, Debug, Default)]
pub struct Library {
    entries: Vec<Entry>,
}

/// A paper of the list, and the files that are attached to it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Entry {
    biblio: Biblio,
    /// Names only: the folders of another machine mean nothing here.
    files: Vec<String>,
}

impl Library {
    /// Reads a list; its format is told by what is in it.
    pub fn load(path: &Path) -> Result<Library, Error> {
        Library::parse(&String::from_utf8_lossy(&std::fs::read(path)?))
    }

    /// Reads the text of a list.
    pub fn parse(text: &str) -> Result<Library, Error> {
        let text = text.trim_start_matches('\u{feff}');
        let entries = match text.trim_start() {
            json if json.starts_with(['[', '{']) => csl::read(text)?,
            _ if text.lines().any(|line| line.starts_with("TY  -")) => ris::read(text),
            _ if text.lines().any(|line| line.trim_start().starts_with('@')) => bibtex::read(text)?,
            _ => return Err(Error::UnknownLibrary),
        };
        Ok(Library { entries })
    }

    /// Adds what another list says behind what this one does.
    pub fn extend(&mut self, other: Library) {
        self.entries.extend(other.entries);
    }

    /// Returns how many papers the list knows.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Tells whether the list knows no paper.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Finds a paper by the surest sign that the list knows: its file, its DOI, its title.
    pub fn find(&self, file_name: &str, doi: Option<&str>, title: Option<&str>) -> Option<&Biblio> {
        let by =
            |test: &dyn Fn(&Entry) -> bool| self.entries.iter().find(|entry| test(entry)).map(|entry| &entry.biblio);
        let stem = |name: &str| name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
        by(&|entry| entry.files.iter().any(|file| file == file_name))
            // The text torn from a PDF keeps its name, all but the ending.
            .or_else(|| by(&|entry| entry.files.iter().any(|file| stem(file) == stem(file_name))))
            .or_else(|| {
                doi.and_then(|doi| {
                    by(&|entry| entry.biblio.doi.as_deref().is_some_and(|own| bare_doi(own) == bare_doi(doi)))
                })
            })
            .or_else(|| {
                title.and_then(|title| {
                    by(&|entry| entry.biblio.title.as_deref().is_some_and(|own| same_title(own, title)))
                })
            })
    }
}

/// Returns a DOI without the ways to write it: `https://doi.org/10.1/X` ⇒ `10.1/x`.
fn bare_doi(doi: &str) -> String {
    let lower = doi.trim().to_lowercase();
    lower.find("10.").map_or(lower.clone(), |at| lower[at..].to_owned())
}

/// Tells whether two titles are one, case, dashes and a subtitle aside.
fn same_title(a: &str, b: &str) -> bool {
    let words =
        |title: &str| title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let (a, b) = (words(a), words(b));
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    // A short title ("Introduction") begins many long ones.
    short == long && !short.is_empty() || short.len() >= 25 && long.starts_with(&short)
}

/// Returns the last part of a path of any system.
fn file_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
}

/// A field that says something.
fn said(text: impl Into<String>) -> Option<String> {
    Some(text.into().split_whitespace().collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn library() -> Library {
        Library::parse(r#"[{"id": "a", "title": "Border Regimes: A Study in Transit and Trust", "DOI": "10.1234/BP.7", "custom": {"file": "a.pdf"}}]"#)
            .expect("it is CSL-JSON")
    }

    #[test]
    fn finds_a_paper_by_file_doi_or_title() {
        let library = library();
        let found = |file, doi, title| library.find(file, doi, title).is_some();
        assert!(found("a.pdf", None, None));
        assert!(found("a.txt", None, None));
        assert!(found("x", Some("https://doi.org/10.1234/bp.7"), None));
        assert!(found("x", None, Some("BORDER REGIMES – a study in transit and trust")));
        assert!(!found("b.pdf", Some("10.1234/bp.8"), Some("Border Regimes")));
    }

    #[test]
    fn tells_formats_by_content() {
        assert_eq!(Library::parse("TY  - RPRT\nTI  - T\nER  - \n").expect("it is RIS").len(), 1);
        assert_eq!(Library::parse("@misc{a, title={T}}").expect("it is BibTeX").len(), 1);
        assert!(matches!(Library::parse("Dear reader,"), Err(Error::UnknownLibrary)));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn any_text_is_a_list_or_an_error(text in "(TY  - |ER  - |@misc|[a-zé{}=,\"\n -]){0,60}") {
            // To come back at all is the promise.
            _ = Library::parse(&text);
        }
    }
}
