//! Which index a command uses, and why that one.

use std::path::{Path, PathBuf};

use polisearch::index::{self, Index};
use polisearch::output::IndexInfo;

use super::args::Common;
use super::failure::Failure;
use super::terminal;

/// An open index with where it came from.
pub struct Opened {
    pub index: Index,
    /// Where it lies; `None` for the one inside the program.
    pub path: Option<PathBuf>,
    /// Why this one was chosen.
    pub why: &'static str,
}

/// Opens the index that the options, the environment or the folder name.
pub fn open(common: &Common) -> Result<Opened, Failure> {
    let opened = find(common)?;
    if let Some(path) = &opened.path {
        terminal::blame(path);
    }
    if !opened.index.has_texts() {
        terminal::note(common.color, "this index holds no texts: it tells where passages stand, not what they say");
    }
    Ok(opened)
}

fn find(common: &Common) -> Result<Opened, Failure> {
    if let Some(path) = &common.index {
        return at(path, "named by --index");
    }
    if let Some(path) = std::env::var_os("POLISEARCH_INDEX").filter(|path| !path.is_empty()) {
        return at(Path::new(&path), "named by $POLISEARCH_INDEX");
    }
    if let Some(path) = &common.configured_index {
        return at(path, "named by the configuration");
    }
    let here = std::env::current_dir().ok();
    if let Some(path) = here.and_then(|here| index::find_near(&here)) {
        return at(&path, "found in ./index/ here or in a parent folder");
    }
    Ok(Opened { index: Index::built_in()?, path: None, why: "the one inside this program" })
}

fn at(path: &Path, why: &'static str) -> Result<Opened, Failure> {
    Ok(Opened { index: Index::open(path)?, path: Some(path.to_owned()), why })
}

impl Opened {
    /// Returns what results say about the index.
    pub fn info(&self) -> IndexInfo {
        IndexInfo {
            path: self.path.as_ref().map_or_else(|| "built in".to_owned(), |path| path.display().to_string()),
            papers: self.index.n_papers(),
            passages: self.index.n_passages(),
        }
    }
}
