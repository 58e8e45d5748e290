//! Streams, colours and exit codes.

use std::io::Read;
use std::process::Stdio;

use super::{on_seeds, polisearch, run, small_index};

const PAINT: char = '\u{1b}';

#[test]
fn results_go_to_stdout_and_talk_to_stderr() {
    let told = on_seeds(&["search", "\"Durand Line"]);
    assert_eq!(told.code, Some(0));
    assert!(told.out.lines().all(|line| line.starts_with("seeds/")), "{}", told.out);
    assert!(told.err.starts_with("note: "), "{}", told.err);
}

#[test]
fn exit_codes_tell_how_it_went() {
    for (args, code) in [
        (&["search", "Durand", "Line"][..], 0),
        (&["Durand", "Line"], 0),
        (&["search", "qwrtzpsdf"], 1),
        (&["papers", "--failed"], 1),
        (&["search"], 2),
        (&["search", "--limit", "many", "APTTA"], 2),
        (&["search", "--strict", "\"Durand Line"], 2),
        (&["show", "no/such/passage"], 2),
        (&["index", "no/such/folder"], 2),
        (&["search", "--index", "no/such/file.polisearch", "APTTA"], 3),
        (&["--help"], 0),
        (&["--version"], 0),
    ] {
        let told = on_seeds(args);
        assert_eq!(told.code, Some(code), "{args:?}: {}", told.err);
        assert_eq!(told.err.is_empty(), code < 2, "{args:?}: {}", told.err);
    }
}

#[test]
fn colors_are_for_those_who_want_them() {
    for (args, env, colored) in [
        (&[][..], None, false),
        (&["--color", "always"], None, true),
        (&["--color", "always"], Some(("NO_COLOR", "1")), true),
        (&["--color", "never"], Some(("CLICOLOR_FORCE", "1")), false),
        (&[], Some(("CLICOLOR_FORCE", "1")), true),
        (&[], Some(("CLICOLOR_FORCE", "0")), false),
        (&["--color", "always"], Some(("TERM", "dumb")), true),
    ] {
        let mut command = polisearch(&std::env::temp_dir());
        command.args(["search", "--format", "human", "APTTA"]).args(args).envs(env);
        assert_eq!(run(&mut command).out.contains(PAINT), colored, "{args:?} {env:?}");
    }
    let mut both = polisearch(&std::env::temp_dir());
    both.args(["search", "--format", "human", "APTTA"]).env("NO_COLOR", "1").env("CLICOLOR_FORCE", "1");
    assert!(!run(&mut both).out.contains(PAINT), "NO_COLOR is the stronger one");
}

#[test]
fn colors_touch_no_format_for_programs() {
    for format in ["plain", "json", "csv", "trec", "md", "vimgrep"] {
        let told = on_seeds(&["search", "--color", "always", "--format", format, "APTTA"]);
        assert!(!told.out.contains(PAINT), "{format}");
    }
}

#[test]
fn a_closed_pipe_is_success() {
    for args in [&["export"][..], &["search", "--limit", "1000", "--json", "Pakistan"]] {
        let mut child = polisearch(&std::env::temp_dir())
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut out = child.stdout.take().expect("it is piped");
        out.read_exact(&mut [0; 16]).expect("there is output");
        drop(out);
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
    }
}

#[test]
fn the_same_index_and_query_give_the_same_bytes() {
    for format in ["human", "plain", "json", "csv", "trec", "md", "vimgrep"] {
        let told = |threads: &str, locale: &str| {
            let mut command = polisearch(&std::env::temp_dir());
            command.env("RAYON_NUM_THREADS", threads).env("LC_ALL", locale).env("TZ", "Asia/Kabul");
            run(command.args(["search", "--format", format, "trade route to the sea"])).out
        };
        assert_eq!(told("1", "C"), told("4", "tr_TR.UTF-8"), "{format}");
    }
}

#[test]
fn a_results_file_needs_no_source_file() {
    let told = run(polisearch(&std::env::temp_dir()).args(["search", "hydropower", "--index"]).arg(small_index()));
    assert_eq!(told.code, Some(0));
    assert!(told.out.contains("surplus hydropower"), "{}", told.out);
}
