//! The README prints what the program prints.

use super::{polisearch, project, run};

#[test]
fn its_sessions_are_real() {
    let readme = include_str!("../../README.md");
    let sessions: Vec<&str> =
        readme.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(!sessions.is_empty());
    for session in sessions {
        let (command, printed) = session.split_once('\n').expect("a command and what it prints");
        let args = command.strip_prefix("$ cargo run --release -- ").expect("a command of the program");
        let args = shlex(args);
        let told = run(polisearch(project()).args(args).args(["--format", "human"]));
        assert_eq!(printed, told.out, "paste this into README.md:\n{}", told.out);
    }
}

/// Splits a command as a shell does, as far as the README needs it.
fn shlex(command: &str) -> Vec<&str> {
    let parts = command.split('"').enumerate();
    parts.flat_map(|(i, part)| if i % 2 == 1 { vec![part] } else { part.split_whitespace().collect() }).collect()
}
