//! Finding an index file: in a folder, or near where somebody works.

use std::path::{Path, PathBuf};

use super::error::{Error, Result};

/// File extension of an index.
pub const EXTENSION: &str = "polisearch";

/// Returns the one index in a folder.
pub(super) fn find_in(folder: &Path) -> Result<PathBuf> {
    let failed = |source| Error::Io { path: folder.to_owned(), source };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !hidden && path.extension().is_some_and(|extension| extension == EXTENSION) && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    match files.len() {
        1 => Ok(files.swap_remove(0)),
        0 => Err(Error::NotAnIndex { path: folder.to_owned() }),
        _ => Err(Error::Ambiguous {
            path: folder.to_owned(),
            names: files.iter().filter_map(|path| path.file_name()).map(|name| name.to_string_lossy().into()).collect(),
        }),
    }
}

/// Returns the index that stands in `index/` of a folder or of one above it.
pub fn find_near(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find_map(|folder| find_in(&folder.join("index")).ok())
}
