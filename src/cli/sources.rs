//! Where the file lies that a paper was read from: an index knows only its path below the papers' folder.

use std::path::{Component, Path, PathBuf};

use polisearch::paper::StoredPaper;

use super::opened::Opened;

/// The file of a paper.
pub struct Source {
    pub file: PathBuf,
    /// It is byte for byte the one that was indexed.
    pub unchanged: bool,
}

/// Why a paper's file can't be opened.
pub enum Missing {
    /// It is nowhere to be found.
    NotHere,
    /// It lies inside this archive.
    Inside(PathBuf),
}

/// Finds the file of a paper: below `papers` when that is given, else below this folder, the index's
/// folder, and the folders above them.
pub fn find(opened: &Opened, paper: &StoredPaper, papers: Option<&Path>) -> Result<Source, Missing> {
    let path = Path::new(&paper.path);
    // An index from elsewhere names papers, not files of this machine.
    if !path.components().all(|part| matches!(part, Component::Normal(_))) {
        return Err(Missing::NotHere);
    }
    let (mut changed, mut archive) = (None, None);
    for root in roots(opened, papers) {
        // A path begins with the name of the folder that was indexed, which may be the root itself.
        let inner: PathBuf = path.components().skip(1).collect();
        for (file, whole) in [(root.join(path), true), (root.join(inner), false)] {
            if file.is_file() {
                if is_unchanged(&file, paper) {
                    return Ok(Source { file, unchanged: true });
                }
                changed = changed.or(Some(file).filter(|_| whole));
                continue;
            }
            let above = file.ancestors().skip(1).find(|above| above.is_file());
            archive = archive.or(above.map(Path::to_owned));
        }
    }
    match (changed, archive) {
        (Some(file), _) => Ok(Source { file, unchanged: false }),
        (None, Some(archive)) => Err(Missing::Inside(archive)),
        (None, None) => Err(Missing::NotHere),
    }
}

fn roots(opened: &Opened, papers: Option<&Path>) -> Vec<PathBuf> {
    if let Some(papers) = papers {
        return vec![papers.to_owned()];
    }
    let here = std::env::current_dir().ok();
    let index = opened.path.as_ref().and_then(|path| path.canonicalize().ok());
    let above = here.iter().chain(&index).flat_map(|path| path.ancestors());
    above.filter(|folder| folder.parent().is_some() && folder.is_dir()).map(Path::to_owned).collect()
}

fn is_unchanged(file: &Path, paper: &StoredPaper) -> bool {
    let mut hasher = blake3::Hasher::new();
    let read = std::fs::File::open(file).and_then(|file| hasher.update_reader(file).map(|_| ()));
    read.is_ok() && hasher.finalize().to_hex().as_str() == paper.fingerprint
}
