//! The README prints what the program prints.

use std::fs;

use super::{polisearch, project, run};

const OPENING: &str = "```console\n$ cargo run --release -- ";

#[test]
fn its_sessions_are_real() {
    let path = project().join("README.md");
    let readme = fs::read_to_string(&path).expect("it is part of the project");
    assert!(readme.contains(OPENING));
    let mut parts = readme.split(OPENING);
    let mut real = parts.next().expect("there is a first part").to_owned();
    for part in parts {
        let (command, rest) = part.split_once('\n').expect("a command and what it prints");
        let (_, after) = rest.split_once("```").expect("a block has an end");
        let told = run(polisearch(project()).args(words(command)).args(["--format", "human"]));
        real += &format!("{OPENING}{command}\n{}```{after}", told.out);
    }
    if std::env::var_os("TRYCMD").is_some_and(|mode| mode == "overwrite") {
        fs::write(&path, real).expect("the project can be written");
    } else {
        assert!(readme == real, "README.md shows what is printed no more: run `just transcripts`");
    }
}

/// Splits a command as a shell does, as far as the README needs it.
fn words(command: &str) -> Vec<&str> {
    let parts = command.split('"').enumerate();
    parts.flat_map(|(i, part)| if i % 2 == 1 { vec![part] } else { part.split_whitespace().collect() }).collect()
}
