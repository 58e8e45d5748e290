//! What the design promises about the source itself: which room uses which, where foreign crates are
//! named, that files are short and say what they are for.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, lowest first, with the rooms each may use.
///
/// `cli` is the binary's; it may use all.
const MAY_USE: &[(&str, &[&str])] = &[
    ("bytes", &[]),
    ("paper", &[]),
    ("extract", &["paper"]),
    ("repair", &["paper", "bytes"]),
    ("segment", &["paper", "bytes"]),
    ("corpus", &["extract", "repair", "segment", "paper"]),
    ("analysis", &[]),
    ("memory", &[]),
    // Spans of what was typed are the spans of `paper`, the other room that both streams share.
    ("query", &["analysis", "paper", "memory"]),
    ("index", &["paper", "analysis", "query", "memory"]),
    ("search", &["paper", "analysis", "query", "index", "memory"]),
    ("eval", &["paper"]),
    ("output", &["paper", "search", "eval"]),
    (
        "cli",
        &["paper", "extract", "repair", "segment", "corpus", "analysis", "query", "index", "search", "eval", "output"],
    ),
];

/// Crates of one purpose, each with the one room that names it.
const HOME: &[(&str, &str)] = &[
    ("biblatex", "corpus"),
    ("bitpacking", "index"),
    ("chardetng", "extract"),
    ("clap", "cli"),
    ("clap_complete", "cli"),
    ("clap_mangen", "cli"),
    ("ctrlc", "cli"),
    ("encoding_rs", "extract"),
    ("flate2", "extract"),
    ("hashbrown", "index"),
    ("hayagriva", "output"),
    ("hayro_interpret", "extract"),
    ("ignore", "corpus"),
    ("indicatif", "cli"),
    ("levenshtein_automata", "index"),
    ("memmap2", "index"),
    ("notify", "cli"),
    ("oxrdf", "query"),
    ("oxrdfxml", "query"),
    ("oxttl", "query"),
    ("pulldown_cmark", "extract"),
    ("quick_xml", "extract"),
    ("rust_stemmers", "analysis"),
    ("tantivy", "index"),
    ("terminal_size", "cli"),
    ("whichlang", "analysis"),
    ("winnow", "query"),
    ("zip", "extract"),
];

/// Crates that any room may name: they extend the language, and decide nothing.
const SHARED: &[&str] = &[
    "anstyle",
    "blake3",
    "csv",
    "memchr",
    "postcard",
    "rayon",
    "rustc_hash",
    "serde",
    "serde_json",
    "tempfile",
    "thiserror",
    "toml",
    "zstd",
    "unicode_normalization",
];

/// Lines of the longest file that is still read at one sitting.
const MOST_LINES: usize = 600;

struct SourceFile {
    path: PathBuf,
    /// The folder below `src`; files beside the rooms have none.
    room: Option<String>,
    text: String,
    /// The text without whole-line comments.
    code: String,
}

/// Reads the Rust files below a folder of the project, sorted by path.
fn files_in(folder: &str) -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is part of the project") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(source_file(root, &path));
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn source_file(root: &Path, path: &Path) -> SourceFile {
    let text = fs::read_to_string(path).expect("sources are UTF-8");
    let path = path.strip_prefix(root).expect("it was found there").to_owned();
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    let room = (parts[0] == "src" && parts.len() > 2).then(|| parts[1].clone().into_owned());
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    SourceFile { path, room, code: code.join("\n"), text }
}

/// Returns what stands behind each `root::` in code: the first name, or all names of a group.
fn names_behind<'c>(code: &'c str, root: &str) -> Vec<&'c str> {
    let mut names = Vec::new();
    for rest in paths_from(code, root) {
        match rest.strip_prefix('{') {
            Some(group) => names.extend(names_of_group(group)),
            None => names.push(identifier(rest)),
        }
    }
    names
}

/// Returns the code behind each `root::` that begins a path.
fn paths_from<'c>(code: &'c str, root: &str) -> impl Iterator<Item = &'c str> {
    let prefix = format!("{root}::");
    let starts: Vec<usize> = code.match_indices(&prefix).map(|(at, _)| at).collect();
    let begins = |at: &usize| !code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
    starts.into_iter().filter(begins).map(move |at| &code[at + prefix.len()..])
}

/// Returns the first names of a group's members; `group` begins behind its brace.
fn names_of_group(group: &str) -> Vec<&str> {
    let mut depth = 1;
    let mut names = vec![identifier(group.trim_start())];
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => break,
            '}' => depth -= 1,
            ',' if depth == 1 => names.push(identifier(group[at + 1..].trim_start())),
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn identifier(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

/// Fails with all complaints at once.
fn check(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn reads_paths_as_the_compiler_does() {
    let code = "use crate::paper::Span;\nuse crate::{query::{Field, lex}, search};\nlet x = mycrate::eval::f();";
    assert_eq!(names_behind(code, "crate"), ["paper", "query", "search"]);
}

#[test]
fn rooms_use_only_what_the_design_allows() {
    let files = files_in("src");
    let mut complaints = Vec::new();
    for file in &files {
        let Some(room) = &file.room else { continue };
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| name == room) else {
            complaints.push(format!("{}: the room `{room}` is in no table", file.path.display()));
            continue;
        };
        // `super::search` in `cli` is cli's own file of that name.
        let own = |name: &str| {
            files.iter().any(|file| file.path == Path::new("src").join(room).join(name).with_extension("rs"))
        };
        let above = names_behind(&file.code, "super").into_iter().filter(|name| !own(name));
        let named =
            names_behind(&file.code, "crate").into_iter().chain(names_behind(&file.code, "polisearch")).chain(above);
        for name in named.filter(|name| name != room) {
            if MAY_USE.iter().any(|(other, _)| *other == name) && !allowed.contains(&name) {
                complaints.push(format!("{}: `{room}` may not use `{name}`", file.path.display()));
            }
        }
    }
    check(&complaints);
}

#[test]
fn rooms_are_stacked_without_a_cycle() {
    for (i, (room, allowed)) in MAY_USE.iter().enumerate() {
        let below: Vec<&str> = MAY_USE[..i].iter().map(|(name, _)| *name).collect();
        assert!(allowed.iter().all(|name| below.contains(name)), "`{room}` uses a room above it");
    }
}

#[test]
fn the_map_names_every_room() {
    let map = include_str!("../src/lib.rs");
    let rooms: BTreeSet<&str> = MAY_USE.iter().map(|(name, _)| *name).filter(|name| *name != "cli").collect();
    // A room that only others use is no link, and no public module.
    let listed = |public: &str, private: &str| -> BTreeSet<&str> {
        let named = |line: &'static str| line.strip_prefix(public).or_else(|| line.strip_prefix(private));
        map.lines().filter_map(named).map(identifier).collect()
    };
    assert_eq!(listed("//! | [`", "//! | `"), rooms, "the table of src/lib.rs");
    assert_eq!(listed("pub mod ", "mod "), rooms, "the modules of src/lib.rs");
}

#[test]
fn foreign_crates_are_named_in_one_room() {
    let mut complaints = Vec::new();
    for file in files_in("src") {
        for &(name, home) in HOME {
            if file.room.as_deref() != Some(home) && paths_from(&file.code, name).next().is_some() {
                complaints.push(format!("{}: `{name}` is `{home}`'s", file.path.display()));
            }
        }
    }
    check(&complaints);
}

#[test]
fn every_dependency_is_in_the_table_and_used() {
    let code: String = files_in("src").into_iter().map(|file| file.code).collect();
    let manifest = include_str!("../Cargo.toml");
    let dependencies = manifest.lines().skip_while(|line| *line != "[dependencies]").skip(1);
    let mut complaints = Vec::new();
    for line in dependencies.take_while(|line| !line.starts_with('[')) {
        let Some((name, _)) = line.split_once(" = ") else { continue };
        let name = name.replace('-', "_");
        if !SHARED.contains(&name.as_str()) && !HOME.iter().any(|(known, _)| *known == name) {
            complaints.push(format!("Cargo.toml: `{name}` is in no table of tests/tidy.rs"));
        }
        if paths_from(&code, &name).next().is_none() {
            complaints.push(format!("Cargo.toml: `{name}` is used nowhere"));
        }
    }
    check(&complaints);
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let mut complaints = Vec::new();
    for file in ["src", "tests", "benches"].into_iter().flat_map(files_in) {
        let path = file.path.display();
        if !file.text.starts_with("//! ") {
            complaints.push(format!("{path}: does not begin with `//!`"));
        }
        let n_lines = file.text.lines().count();
        if n_lines > MOST_LINES {
            complaints.push(format!("{path}: {n_lines} lines, {MOST_LINES} at most"));
        }
    }
    check(&complaints);
}

#[test]
fn only_the_command_line_prints() {
    let mut complaints = Vec::new();
    for file in files_in("src").iter().filter(|file| file.room.as_deref() != Some("cli")) {
        for print in ["println!", "print!(", "dbg!("] {
            if file.code.contains(print) {
                complaints.push(format!("{}: {print}", file.path.display()));
            }
        }
    }
    check(&complaints);
}
