//! Promises of the command line, kept by running the program: what it prints, where, and how it ends.
//!
//! `transcripts/*.md` are sessions over the small papers of `transcripts/index.in`; write them anew
//! with `TRYCMD=overwrite cargo test --test cli`. The modules hold what a transcript can't show.

mod bad_input;
mod batches;
mod contract;
mod docs;
mod measuring;
mod readme;
mod settings;
mod streams;
mod which_index;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// How a run of the program ended, and what it said.
struct Told {
    code: Option<i32>,
    out: String,
    err: String,
}

/// Returns the program in a folder, as one runs it who has set nothing.
fn polisearch(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_polisearch"));
    for name in
        ["POLISEARCH_INDEX", "POLISEARCH_CONFIG", "XDG_CONFIG_HOME", "HOME", "NO_COLOR", "CLICOLOR_FORCE", "COLUMNS"]
    {
        command.env_remove(name);
    }
    command.current_dir(folder).env("TERM", "xterm").stdin(Stdio::null());
    command
}

/// Runs a command to its end.
fn run(command: &mut Command) -> Told {
    let output = command.output().expect("the program starts");
    Told {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("output is UTF-8"),
        err: String::from_utf8(output.stderr).expect("talk is UTF-8"),
    }
}

/// Runs the program on the papers in `seeds/`, by the index inside it.
fn on_seeds(args: &[&str]) -> Told {
    run(polisearch(&std::env::temp_dir()).args(args))
}

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the index of the transcripts' papers.
fn small_index() -> &'static Path {
    static INDEX: OnceLock<PathBuf> = OnceLock::new();
    INDEX.get_or_init(|| {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("small.polisearch");
        let papers = project().join("tests/cli/transcripts/index.in/papers");
        let told = run(polisearch(&std::env::temp_dir()).arg("index").arg(papers).arg("--output").arg(&path));
        assert_eq!(told.code, Some(0), "{}", told.err);
        path
    })
}

#[test]
fn transcripts() {
    let index = small_index().to_str().expect("a path in UTF-8");
    let cases = trycmd::TestCases::new();
    cases.env("POLISEARCH_INDEX", index).insert_var("[INDEX]", index).expect("a sound name");
    cases.env("COLUMNS", "100").env("NO_COLOR", "").env("CLICOLOR_FORCE", "").env("TERM", "xterm");
    cases.case("tests/cli/transcripts/*.md");
}
