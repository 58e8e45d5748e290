//! One builder at a time, and what killed ones leave behind.
//!
//! The lock is the system's: it falls when its holder dies, however it dies. What stands in the file
//! is for whoever finds it held.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::container::Writer;
use super::error::{Error, Result};

/// The right to write an index, until it is dropped.
#[derive(Debug)]
pub struct Lock {
    output: PathBuf,
    file: PathBuf,
    _held: File,
}

impl Lock {
    /// Takes the right to write the index at `output`, and clears what killed builders left there.
    ///
    /// Readers need no lock: they go on with the old file while a new one takes its name.
    pub fn acquire(output: &Path) -> Result<Lock> {
        let folder = folder_of(output);
        let failed = |source| Error::Io { path: output.to_owned(), source };
        std::fs::create_dir_all(folder).map_err(failed)?;
        let path = beside(output, ".lock");
        // Once is enough, but for a holder that leaves just now.
        for _ in 0..100 {
            let mut file =
                OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(failed)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(held(output, &mut file)),
                // A file system without locks: two builders are not told of each other, and each still
                // writes a file of its own.
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
            // Its holder may have removed it between the two calls: then it guards nothing.
            if !is_at(&file, &path) {
                continue;
            }
            let _ = file.set_len(0).and_then(|()| write!(file, "{} {}", std::process::id(), now()));
            clear_litter(output);
            return Ok(Lock { output: output.to_owned(), file: path, _held: file });
        }
        Err(Error::Locked { path: output.to_owned(), holder: None, seconds: None })
    }

    /// Returns the file that may be written.
    pub fn output(&self) -> &Path {
        &self.output
    }

    /// Writes the file: under a temporary name beside it, synced, then renamed.
    pub(super) fn write<T>(&self, fill: impl FnOnce(&mut Writer) -> Result<T>) -> Result<T> {
        let path = &self.output;
        let failed = |source| Error::Io { path: path.clone(), source };
        let folder = folder_of(path);
        let temporary = tempfile::Builder::new().prefix(&litter(path)).tempfile_in(folder).map_err(failed)?;
        let mut container = Writer::new(temporary.reopen().map_err(failed)?, path)?;
        let filled = fill(&mut container)?;
        container.finish()?;
        readable_by_all(temporary.as_file()).map_err(failed)?;
        temporary.persist(path).map_err(|error| failed(error.error))?;
        sync(folder).map_err(failed)?;
        Ok(filled)
    }

    /// Removes what this process, about to end in the middle of a build, would leave behind.
    pub fn abandon(output: &Path) {
        let path = beside(output, ".lock");
        let held = std::fs::read_to_string(&path).unwrap_or_default();
        // Another builder's lock and files are its own.
        if held.split(' ').next() == Some(&std::process::id().to_string()) {
            clear_litter(output);
            let _ = std::fs::remove_file(path);
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // While it is still held: who waits for it finds that it is gone and makes another.
        let _ = std::fs::remove_file(&self.file);
    }
}

/// Returns the error that tells who holds a lock.
fn held(output: &Path, file: &mut File) -> Error {
    let mut text = String::new();
    let _ = file.read_to_string(&mut text);
    let mut words = text.split(' ');
    let holder = words.next().and_then(|word| word.parse().ok());
    let since = words.next().and_then(|word| word.parse().ok());
    Error::Locked { path: output.to_owned(), holder, seconds: since.map(|since| now().saturating_sub(since)) }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(held), Ok(found)) = (file.metadata(), std::fs::metadata(path)) else { return false };
    (held.dev(), held.ino()) == (found.dev(), found.ino())
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

/// Returns the folder of a file.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Returns the hidden file beside an index that bears its name and an ending.
fn beside(output: &Path, ending: &str) -> PathBuf {
    let name = output.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    folder_of(output).join(format!(".{name}{ending}"))
}

/// Returns what the names of an index's temporary files begin with.
fn litter(output: &Path) -> String {
    let name = beside(output, ".building-");
    name.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Removes the temporary files of an index; who holds the lock knows that nobody writes them.
fn clear_litter(output: &Path) {
    let prefix = litter(output);
    for entry in std::fs::read_dir(folder_of(output)).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(&prefix) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Gives a temporary file, which is its owner's alone, the rights of an ordinary one.
fn readable_by_all(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    Ok(())
}

/// Syncs a folder, so that a rename in it survives a crash.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_builder_is_told_who_is_the_first() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let output = folder.path().join("a.polisearch");
        let first = Lock::acquire(&output).expect("nobody holds it");
        let second = Lock::acquire(&output);
        assert!(
            matches!(second, Err(Error::Locked { holder: Some(pid), .. }) if pid == std::process::id()),
            "{second:?}"
        );
        drop(first);
        assert_eq!(std::fs::read_dir(folder.path()).expect("readable").count(), 0);
        assert!(Lock::acquire(&output).is_ok());
    }

    #[test]
    fn what_a_killed_builder_left_is_cleared() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let output = folder.path().join("a.polisearch");
        for name in [".a.polisearch.lock", ".a.polisearch.building-x", ".b.polisearch.building-x", "other"] {
            std::fs::write(folder.path().join(name), "1 1").expect("writable");
        }
        drop(Lock::acquire(&output).expect("its holder is dead"));
        let mut left: Vec<_> =
            std::fs::read_dir(folder.path()).expect("readable").flatten().map(|entry| entry.file_name()).collect();
        left.sort();
        assert_eq!(left, [".b.polisearch.building-x", "other"]);
    }
}
