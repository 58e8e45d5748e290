//! Finding papers: the files of folders and lists, in an order that is always the same.

use std::path::{Path, PathBuf};

use super::error::Error;
use super::library::{self, Library};

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// From the folder that was asked for downwards, with `/` between parts: the same wherever the
    /// folder lies.
    pub path: String,
    /// Where it lies now.
    pub file: PathBuf,
    pub n_bytes: u64,
    /// The fingerprint of a source that is kept as it is known, whether its file is still there or not.
    pub kept: Option<String>,
}

/// Finds the files below `paths`, which are files or folders, sorted by their path.
///
/// Hidden files, bibliographic data ([`library`]), [`TOPICS`], and the queries and judgements that lie beside
/// a `corpus.jsonl`, are no papers; links are followed.
/// What can't be looked into is found as well: it is for [`read`](super::read) to tell why.
pub fn find(paths: &[PathBuf]) -> Result<Vec<Source>, Error> {
    let mut sources = Vec::new();
    for path in paths {
        let before = sources.len();
        let root = path.canonicalize().map_err(|source| Error::Io { path: path.clone(), source })?;
        let name = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if root.is_file() {
            sources.push(source(name, &root));
            continue;
        }
        // Ignore files are for programs' sources; a corpus is all that its folder holds.
        let walk = ignore::WalkBuilder::new(&root).standard_filters(false).hidden(true).follow_links(true).build();
        for entry in walk {
            let file = match &entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => entry.path(),
                Ok(_) => continue,
                Err(error) => match unreadable(error) {
                    Some(path) => path,
                    None => continue,
                },
            };
            if !is_about_papers(file) && !is_about_collection(file) {
                let below = file.strip_prefix(&root).unwrap_or(file);
                sources.push(source(join(&name, below), file));
            }
        }
        if sources.len() == before {
            return Err(Error::Empty { path: path.clone() });
        }
    }
    sources.sort();
    sources.dedup_by(|a, b| a.file == b.file);
    Ok(sources)
}

/// Reads the bibliographic lists that lie beside papers; a list that can't be read is told and passed over.
pub fn find_library(paths: &[PathBuf]) -> (Library, Vec<(PathBuf, library::Error)>) {
    let (mut all, mut failed) = (Library::default(), Vec::new());
    for path in paths {
        let folder = if path.is_dir() { path.as_path() } else { path.parent().unwrap_or(Path::new("")) };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut lists: Vec<PathBuf> =
            entries.map(|entry| entry.path()).filter(|path| library::is_library(path)).collect();
        lists.sort();
        for list in lists {
            match Library::load(&list) {
                Ok(library) => all.extend(library),
                Err(error) => failed.push((list, error)),
            }
        }
    }
    (all, failed)
}

/// Name of a file of topics beside papers.
pub const TOPICS: &str = "topics.toml";

fn is_about_papers(path: &Path) -> bool {
    library::is_library(path) || path.file_name().is_some_and(|name| name == TOPICS)
}

/// Tells whether a file holds the queries or judgements of a collection, as BEIR lays them:
/// `corpus.jsonl`, `queries.jsonl`, `qrels/test.tsv`.
fn is_about_collection(path: &Path) -> bool {
    let is_collection = |folder: Option<&Path>| folder.is_some_and(|folder| folder.join("corpus.jsonl").is_file());
    let stem = path.file_stem().unwrap_or_default();
    let parent = path.parent();
    (stem == "queries" || stem == "qrels") && is_collection(parent)
        || parent.is_some_and(|parent| parent.file_name().is_some_and(|name| name == "qrels"))
            && is_collection(parent.and_then(Path::parent))
}

/// Returns the path that could not be looked into. A link that leads back up is none: what it leads
/// to is found anyway.
fn unreadable(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, err } if err.is_io() => {
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            (!hidden).then_some(path)
        }
        ignore::Error::WithPath { err, .. } | ignore::Error::WithDepth { err, .. } => unreadable(err),
        _ => None,
    }
}

fn source(path: String, file: &Path) -> Source {
    let n_bytes = file.metadata().map_or(0, |data| data.len());
    Source { path, file: file.to_owned(), n_bytes, kept: None }
}

fn join(name: &str, below: &Path) -> String {
    let parts = below.components().map(|part| part.as_os_str().to_string_lossy());
    std::iter::once(name.into()).chain(parts).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_do_not_depend_on_where_the_folder_lies() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().join("papers");
        std::fs::create_dir_all(root.join("b")).expect("writable");
        for name in ["z.txt", "b/a.txt", ".hidden", "library.json"] {
            std::fs::write(root.join(name), "text").expect("writable");
        }
        let found = find(&[root]).expect("papers");
        let paths: Vec<&str> = found.iter().map(|source| source.path.as_str()).collect();
        assert_eq!(paths, ["papers/b/a.txt", "papers/z.txt"]);
    }

    #[test]
    fn queries_and_judgements_of_a_collection_are_no_papers() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().join("scifact");
        std::fs::create_dir_all(root.join("qrels")).expect("writable");
        std::fs::create_dir_all(root.join("more")).expect("writable");
        for name in ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv", "qrels.txt", "more/queries.txt"] {
            std::fs::write(root.join(name), "text").expect("writable");
        }
        let found = find(&[root]).expect("papers");
        let paths: Vec<&str> = found.iter().map(|source| source.path.as_str()).collect();
        assert_eq!(paths, ["scifact/corpus.jsonl", "scifact/more/queries.txt"]);
    }

    #[test]
    fn an_empty_folder_is_told() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert!(matches!(find(&[folder.path().to_owned()]), Err(Error::Empty { .. })));
    }
}
