//! Builds that end in the middle: killed, without room, beside another one. The index that was there
//! answers on, and nothing is left behind.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use polisearch::index::Index;

const KILLS: u32 = 100;

fn polisearch() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_polisearch"));
    command.env_remove("POLISEARCH_INDEX").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// A folder of papers and an index of them.
struct Corpus {
    folder: tempfile::TempDir,
}

impl Corpus {
    fn new(n_papers: u32) -> Corpus {
        let corpus = Corpus { folder: tempfile::tempdir().expect("a temporary folder") };
        fs::create_dir(corpus.papers()).expect("writable");
        (0..n_papers).for_each(|number| corpus.write_paper(number, "first"));
        assert!(corpus.build(&[]).status().expect("it starts").success());
        corpus
    }

    fn papers(&self) -> PathBuf {
        self.folder.path().join("papers")
    }

    fn output(&self) -> PathBuf {
        self.folder.path().join("built/a.polisearch")
    }

    fn write_paper(&self, number: u32, state: &str) {
        let text =
            format!("# Paper {number}\n\nBorder trade in its {state} state, told at some length for paper {number}.\n");
        fs::write(self.papers().join(format!("{number}.md")), text.repeat(5)).expect("writable");
    }

    fn build(&self, options: &[&str]) -> Command {
        let mut command = polisearch();
        command.arg("index").args(options).arg("--output").arg(self.output()).arg(self.papers());
        command
    }

    /// Checks that the index is whole and answers.
    fn check(&self, n_papers: u32) {
        let index = Index::open(&self.output()).expect("there is always an index");
        index.verify().expect("it is always whole");
        assert_eq!(index.n_papers(), n_papers);
        assert!(index.passage(0).expect("it answers").text.contains("Border trade"));
    }

    fn files(&self) -> Vec<String> {
        let folder = self.output();
        let entries = fs::read_dir(folder.parent().expect("it has one")).expect("readable").flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

#[test]
fn a_killed_build_leaves_the_old_index() {
    let corpus = Corpus::new(8);
    let start = Instant::now();
    assert!(corpus.build(&[]).status().expect("it starts").success());
    let whole = start.elapsed();
    let mut random: u64 = 7;
    for i in 0..KILLS {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        corpus.write_paper(i % 8, if i % 2 == 0 { "second" } else { "third" });
        let options: &[&str] = if i % 2 == 0 { &[] } else { &["--update"] };
        let mut build = corpus.build(options).spawn().expect("it starts");
        sleep(whole.mul_f64((random >> 40) as f64 / (1u64 << 24) as f64));
        let _ = build.kill();
        build.wait().expect("it ends");
        corpus.check(8);
    }
    assert!(corpus.build(&["--update"]).status().expect("it starts").success());
    assert_eq!(corpus.files(), ["a.polisearch"], "the next run clears what killed ones left");
}

#[test]
#[cfg(unix)]
fn a_full_disk_leaves_the_old_index() {
    let corpus = Corpus::new(8);
    let before = fs::read(corpus.output()).expect("it is there");
    let build = corpus.build(&[]);
    let quoted: Vec<String> = std::iter::once(build.get_program())
        .chain(build.get_args())
        .map(|word| format!("'{}'", word.to_string_lossy()))
        .collect();
    // No file may grow beyond 4 KiB, and a signal that says so is passed over.
    let script = format!("trap '' XFSZ; ulimit -f 8; exec {}", quoted.join(" "));
    let run = Command::new("sh").args(["-c", &script]).output().expect("a shell");
    assert_eq!(run.status.code(), Some(2), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(before == fs::read(corpus.output()).expect("it is there"));
    assert_eq!(corpus.files(), ["a.polisearch"]);
}

#[test]
fn a_second_builder_is_told_of_the_first() {
    let corpus = Corpus::new(2);
    let lock = polisearch::index::Lock::acquire(&corpus.output()).expect("nobody builds");
    let run = corpus.build(&[]).stderr(Stdio::piped()).output().expect("it starts");
    assert_eq!(run.status.code(), Some(2));
    let told = String::from_utf8_lossy(&run.stderr);
    assert!(told.contains(&format!("process {} is building here", std::process::id())), "{told}");
    corpus.check(2);
    drop(lock);
    assert!(corpus.build(&[]).status().expect("it starts").success());
}

#[test]
fn readers_go_on_through_a_rebuild() {
    let corpus = Corpus::new(2);
    let index = Index::open(&corpus.output()).expect("there is one");
    corpus.write_paper(0, "second");
    assert!(corpus.build(&[]).status().expect("it starts").success());
    assert!(index.passage(0).expect("the old one").text.contains("first state"));
    index.verify().expect("the old one is whole");
    corpus.check(2);
}

/// Waits for something to be true, for as long as a slow machine may take.
fn wait_for(what: &str, is_true: impl Fn() -> bool) {
    for _ in 0..600 {
        if is_true() {
            return;
        }
        sleep(Duration::from_millis(50));
    }
    panic!("{what}: it never comes");
}

#[test]
#[cfg(unix)]
fn a_watched_folder_is_kept_current_until_ctrl_c() {
    let corpus = Corpus::new(2);
    let n_papers = || Index::open(&corpus.output()).map_or(0, |index| index.n_papers());
    let mut watch = corpus.build(&["--watch"]).stderr(Stdio::piped()).spawn().expect("it starts");
    corpus.write_paper(2, "first");
    wait_for("the new paper", || n_papers() == 3);
    fs::remove_file(corpus.papers().join("0.md")).expect("it is there");
    wait_for("without the old paper", || n_papers() == 2);
    let interrupted = Command::new("kill").args(["-INT", &watch.id().to_string()]).status().expect("kill");
    assert!(interrupted.success());
    assert_eq!(watch.wait().expect("it ends").code(), Some(130));
    assert_eq!(corpus.files(), ["a.polisearch"]);
}

#[test]
#[cfg(unix)]
fn an_index_is_read_where_nothing_can_be_written() {
    use std::os::unix::fs::PermissionsExt;
    let corpus = Corpus::new(2);
    let output = corpus.output();
    let folder: &Path = output.parent().expect("it has one");
    let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
    set(&output, 0o444);
    set(folder, 0o555);
    let run = polisearch().args(["search", "border", "--index"]).arg(&output).status().expect("it starts");
    let left = corpus.files();
    set(folder, 0o755);
    assert_eq!(run.code(), Some(0));
    assert_eq!(left, ["a.polisearch"]);
}
