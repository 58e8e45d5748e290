//! The committed index is what the seed papers build, anywhere and with any number of threads.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Builds the seeds' index in a folder of its own and returns its bytes.
fn build(seeds: &Path, jobs: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = folder.path().join("built.polisearch");
    let run = Command::new(env!("CARGO_BIN_EXE_polisearch"))
        .args(["index", "--jobs", jobs, "--output"])
        .args([&output, seeds])
        .current_dir(folder.path())
        .output()
        .expect("the program starts");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    fs::read(output).expect("the index was written")
}

#[test]
fn the_committed_index_is_what_the_seeds_build() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let seeds = project.join("seeds");
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let copy = copied(&seeds, elsewhere.path());
    let built = build(&seeds, "1");
    assert!(built == build(&copy, "4"), "the bytes depend on the folder or on threads");
    let committed = fs::read(project.join("index/seeds.polisearch")).expect("it is part of the project");
    assert!(built == committed, "index/seeds.polisearch is not what the seeds build: run `just index`");
}

/// Copies the files of a folder, last names first, into a folder of the same name.
fn copied(folder: &Path, into: &Path) -> PathBuf {
    let copy = into.join(folder.file_name().expect("it has a name"));
    fs::create_dir(&copy).expect("writable");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).expect("readable").flatten().map(|entry| entry.path()).collect();
    files.sort();
    for file in files.iter().rev() {
        fs::copy(file, copy.join(file.file_name().expect("a file has a name"))).expect("writable");
    }
    copy
}
