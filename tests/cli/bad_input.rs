//! What is wrong with the input is told, costs nobody else's papers, and ends with the right code.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Told, on_seeds, polisearch, run, small_index};

const GOOD: &str = "The border commission met in spring and agreed on opening hours for all customs posts.\n";

/// A folder of papers and the place for their index.
struct Papers {
    folder: tempfile::TempDir,
}

impl Papers {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("papers")).expect("writable");
        let papers = Papers { folder };
        files.iter().for_each(|(name, bytes)| papers.add(name, bytes));
        papers
    }

    fn add(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path("papers").join(name), bytes).expect("writable");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, args: &[&str]) -> Told {
        run(polisearch(self.folder.path()).args(args))
    }

    /// Checks that one file is reported and listed, and that the good one beside it is indexed.
    fn check_failure(&self, name: &str, why: &str) {
        let built = self.run(&["index", "papers"]);
        assert_eq!(built.code, Some(0), "{}", built.err);
        let failure = format!("papers/{name}: {why}");
        assert!(built.err.contains(&failure), "{}", built.err);
        assert!(self.run(&["papers", "--failed"]).out.starts_with(&failure));
        assert_eq!(self.run(&["search", "border commission"]).code, Some(0));
    }
}

fn with_good(name: &str, bytes: &[u8]) -> Papers {
    Papers::new(&[("good.txt", GOOD.as_bytes()), (name, bytes)])
}

#[test]
fn an_empty_file_is_reported() {
    with_good("empty.txt", b"").check_failure("empty.txt", "is empty");
}

#[test]
fn a_binary_file_is_reported() {
    let bytes: Vec<u8> = (0..4096u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    with_good("program.txt", &bytes).check_failure("program.txt", "is a binary file, not text");
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_is_reported() {
    let papers = with_good("also.txt", GOOD.as_bytes());
    std::os::unix::fs::symlink("nowhere.txt", papers.path("papers/gone.txt")).expect("writable");
    papers.check_failure("gone.txt", "can't be read");
}

#[cfg(unix)]
#[test]
fn links_to_papers_are_papers() {
    let papers = with_good("also.txt", GOOD.as_bytes());
    fs::write(papers.path("hydropower.txt"), "Hydropower is sold every summer.\n").expect("writable");
    std::os::unix::fs::symlink("../hydropower.txt", papers.path("papers/link.txt")).expect("writable");
    // A link back up is no endless way down.
    std::os::unix::fs::symlink("..", papers.path("papers/up")).expect("writable");
    assert_eq!(papers.run(&["index", "papers"]).code, Some(0));
    assert_eq!(papers.run(&["search", "hydropower"]).code, Some(0));
}

#[test]
fn invalid_utf8_is_read_as_what_it_is() {
    let papers = with_good("old.txt", b"The caf\xe9 at the border \x96 a meeting place of traders \x96 was closed.\n");
    assert_eq!(papers.run(&["index", "papers"]).code, Some(0));
    let told = papers.run(&["search", "caf\u{e9}"]);
    assert!(told.out.contains("caf\u{e9} at the border \u{2013} a meeting"), "{}", told.out);
}

#[test]
fn a_long_single_line_is_cut_into_passages() {
    let sentence = "The commission hears complaints within a week of their arrival at the post. ";
    let papers = with_good("line.txt", sentence.repeat(2_000_000 / sentence.len()).as_bytes());
    papers.add("word.txt", "x".repeat(2_000_000).as_bytes());
    let built = papers.run(&["index", "papers"]);
    assert_eq!(built.code, Some(0), "{}", built.err);
    let texts = papers.run(&["export", "--format", "text"]).out;
    assert!(texts.split("\n\n").all(|text| text.chars().count() <= 1800));
}

#[test]
fn a_folder_without_papers_is_told() {
    let papers = Papers::new(&[]);
    let told = papers.run(&["index", "papers"]);
    assert_eq!((told.code, told.out.as_str()), (Some(2), ""));
    assert_eq!(told.err, "error: papers: no papers here\nhint: give folders or files that hold papers\n");
}

#[test]
fn papers_that_all_fail_leave_the_old_index() {
    let papers = Papers::new(&[("good.txt", GOOD.as_bytes())]);
    assert_eq!(papers.run(&["index", "papers"]).code, Some(0));
    let before = fs::read(papers.path("index/index.polisearch")).expect("it was written");
    papers.add("good.txt", b"");
    let told = papers.run(&["index", "papers"]);
    assert_eq!(told.code, Some(2), "{}", told.err);
    assert!(told.err.contains("papers/good.txt: is empty"), "{}", told.err);
    assert!(told.err.contains("error: no papers could be read"), "{}", told.err);
    assert!(before == fs::read(papers.path("index/index.polisearch")).expect("it is still there"));
    assert_eq!(fs::read_dir(papers.path("index")).expect("readable").count(), 1, "nothing is left beside it");
}

#[test]
fn an_output_that_cannot_be_written_is_told() {
    let papers = Papers::new(&[("good.txt", GOOD.as_bytes())]);
    fs::write(papers.path("file"), "in the way").expect("writable");
    let told = papers.run(&["index", "papers", "--output", "file/index"]);
    assert_eq!(told.code, Some(2), "{}", told.err);
    assert!(told.err.starts_with("error: file/index/index.polisearch: "), "{}", told.err);
    assert_eq!(fs::read_to_string(papers.path("file")).expect("it is still there"), "in the way");
}

#[test]
fn queries_of_any_kind_have_an_answer() {
    let long = "border trade ".repeat(5_000);
    for (query, code) in [
        ("the of and", 0),
        ("", 2),
        (" \t ", 2),
        ("?!/()", 1),
        ("TTP / (Pakistani] \"Taliban?", 0),
        (long.trim(), 0),
        ("AND OR NOT", 0),
        ("\u{fffd}\u{202e}", 1),
    ] {
        let told = on_seeds(&["search", query]);
        let short: String = query.chars().take(40).collect();
        assert_eq!(told.code, Some(code), "{short:?}: {}", told.err);
        assert!(code != 2 || told.err.contains("\nhint: "), "{short:?}: {}", told.err);
    }
}

/// Checks that a file which is no sound index ends the program with 3 and a way out.
fn check_index(path: &Path, why: &str) {
    for command in [&["search", "border"][..], &["info"], &["papers"], &["export"], &["show", "an/id"]] {
        let told = run(polisearch(&std::env::temp_dir()).args(command).arg("--index").arg(path));
        assert_eq!((told.code, told.out.as_str()), (Some(3), ""), "{command:?}: {}", told.err);
        assert!(told.err.contains(why) && told.err.contains("\nhint: "), "{command:?}: {}", told.err);
    }
}

#[test]
fn a_file_that_is_no_index_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sound = fs::read(small_index()).expect("it was built");
    let changed = |at: usize, byte: u8| {
        let mut bytes = sound.clone();
        bytes[at] = byte;
        bytes
    };
    for (name, bytes, why) in [
        ("none", b"no index at all".repeat(100), "no polisearch index"),
        ("empty", vec![], "no polisearch index"),
        ("newer", changed(8, 99), "index format 99, this program reads"),
        ("cut", sound[..sound.len() / 2].to_vec(), "damaged: "),
        ("flipped", changed(70, sound[70] ^ 1), "damaged: "),
    ] {
        let path = folder.path().join(name).with_extension("polisearch");
        fs::write(&path, bytes).expect("writable");
        check_index(&path, why);
    }
    check_index(&folder.path().join("missing.polisearch"), "missing.polisearch: ");
    check_index(&std::env::temp_dir().join("no/such/folder"), "no/such/folder: ");
}
