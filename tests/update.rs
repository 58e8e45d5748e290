//! `index --update`, `--append` and `--remove` end where a fresh build of the same papers does, to the byte.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    /// A folder of papers in several forms, with a library and topics beside them.
    fn new() -> Desk {
        let desk = Desk { folder: tempfile::tempdir().expect("a temporary folder") };
        desk.write(
            "papers/border.md",
            "# Border regimes\n\nTrade over the border grew after the Transit Agreement (TA) of 2010.\n",
        );
        desk.write(
            "papers/deep/water.txt",
            "Water and war\n\nThe rivers cross the border, and no agreement shares their water.\n",
        );
        desk.write(
            "papers/records.jsonl",
            "{\"id\": \"r1\", \"text\": \"A record of trade.\"}\n{\"id\": \"r2\", \"text\": \"A record of war.\"}\n",
        );
        desk.write("papers/bad.pdf", "%PDF-1.7\nnothing");
        desk.write(
            "papers/library.json",
            r#"[{"id": "roe-2011", "title": "Border Regimes: A Study", "custom": {"file": "border.md"}}]"#,
        );
        desk.write("papers/topics.toml", "[topics.ta]\nlabel = \"Transit Agreement\"\naliases = [\"TA\"]\n");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("writable");
        fs::write(path, text).expect("writable");
    }

    fn index(&self, output: &str, args: &[&str]) -> Output {
        let run = Command::new(env!("CARGO_BIN_EXE_polisearch"))
            .args(["index", "--output", output])
            .args(args)
            .current_dir(self.folder.path())
            .output()
            .expect("it starts");
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        run
    }

    /// Asserts that the index that was updated is what a fresh build gives.
    fn check(&self, fresh: &[&str]) {
        self.index("fresh.polisearch", fresh);
        let read = |name: &str| fs::read(self.path(name)).expect("it was built");
        if read("a.polisearch") != read("fresh.polisearch") {
            let diff = Command::new(env!("CARGO_BIN_EXE_polisearch"))
                .args(["diff", "a.polisearch", "fresh.polisearch"])
                .current_dir(self.folder.path())
                .output()
                .expect("it starts");
            panic!("they differ:\n{}", String::from_utf8_lossy(&diff.stdout));
        }
    }
}

#[test]
fn an_update_is_a_fresh_build() {
    let desk = Desk::new();
    desk.index("a.polisearch", &["papers"]);
    let update = || {
        desk.index("a.polisearch", &["--update", "papers"]);
        desk.check(&["papers"]);
    };
    update();
    desk.write("papers/border.md", "# Border regimes\n\nTrade over the border fell.\n");
    update();
    desk.write(
        "papers/new.html",
        "<html><title>New</title><body><p>A new paper on the border trade of lorries.</p></body></html>",
    );
    desk.write("papers/again/border.md", "# Another\n\nA paper with a name that is taken, on trade.\n");
    update();
    fs::remove_file(desk.path("papers/deep/water.txt")).expect("it is there");
    update();
    // Only the library says something else.
    desk.write("papers/library.json", r#"[{"id": "roe-2012", "title": "Regimes", "custom": {"file": "border.md"}}]"#);
    update();
    desk.write("papers/topics.toml", "[topics.trade]\nlabel = \"border trade\"\n");
    update();
    desk.write("papers/bad.pdf", "%PDF-1.7\nstill nothing");
    update();
    desk.index("a.polisearch", &["--update", "--unit", "record", "papers"]);
    desk.check(&["--unit", "record", "papers"]);
}

#[test]
fn an_update_does_not_read_what_has_not_changed() {
    let desk = Desk::new();
    desk.index("a.polisearch", &["papers"]);
    let before = fs::read(desk.path("a.polisearch")).expect("it was built");
    // The same words under the fingerprint of others: only a reader would tell.
    let index = polisearch::index::Index::open(&desk.path("a.polisearch")).expect("it was built");
    let sources = index.sources().expect("it tells them");
    assert_eq!(sources.iter().map(|source| source.n_papers).collect::<Vec<_>>(), [0, 1, 1, 2]);
    desk.index("a.polisearch", &["--update", "papers"]);
    assert!(before == fs::read(desk.path("a.polisearch")).expect("it was built"));
}

#[test]
fn papers_come_in_and_go_out() {
    let desk = Desk::new();
    desk.write("more/roads.md", "# Roads\n\nLorries wait at the border for days.\n");
    desk.index("a.polisearch", &["papers"]);
    desk.index("a.polisearch", &["--append", "more"]);
    desk.check(&["papers", "more"]);
    desk.write("more/roads.md", "# Roads\n\nLorries wait no longer.\n");
    desk.index("a.polisearch", &["--append", "more"]);
    desk.check(&["papers", "more"]);
    desk.index("a.polisearch", &["--remove", "more/roads.md"]);
    desk.check(&["papers"]);
    desk.index("a.polisearch", &["--remove", "papers/deep", "roe-2011"]);
    for gone in ["papers/deep/water.txt", "papers/border.md"] {
        fs::remove_file(desk.path(gone)).expect("it is there");
    }
    desk.check(&["papers"]);
}

#[test]
fn what_comes_in_is_cut_as_the_rest_is() {
    let desk = Desk::new();
    desk.write("more/records.jsonl", "{\"id\": \"r3\", \"text\": \"A record of peace.\"}\n");
    desk.index("a.polisearch", &["--unit", "record", "papers"]);
    desk.index("a.polisearch", &["--append", "more"]);
    desk.check(&["--unit", "record", "papers", "more"]);
}

#[test]
fn memory_does_not_change_the_bytes() {
    let desk = Desk::new();
    for number in 0..40 {
        desk.write(
            &format!("papers/many/{number}.md"),
            &format!("# Paper {number}\n\nTrade over border {number} grew.\n").repeat(9),
        );
    }
    desk.index("a.polisearch", &["--memory", "1K", "papers"]);
    desk.check(&["papers"]);
}

#[test]
fn what_is_not_there_can_not_go() {
    let desk = Desk::new();
    desk.index("a.polisearch", &["papers"]);
    for (name, told) in [("nowhere.md", "the index has no paper `nowhere.md`"), ("r1", "`r1` is one of 2 records")] {
        let run = Command::new(env!("CARGO_BIN_EXE_polisearch"))
            .args(["index", "--output", "a.polisearch", "--remove", name])
            .current_dir(desk.folder.path())
            .output()
            .expect("it starts");
        let err = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.code() == Some(2) && err.contains(told), "{err}");
    }
}

#[test]
fn a_packed_index_answers_the_same() {
    let desk = Desk::new();
    desk.index("a.polisearch", &["papers"]);
    let run = |args: &[&str]| {
        let run = Command::new(env!("CARGO_BIN_EXE_polisearch"))
            .args(args)
            .current_dir(desk.folder.path())
            .output()
            .expect("it starts");
        (run.status.code(), String::from_utf8_lossy(&run.stdout).into_owned())
    };
    let search = |index: &str| {
        let (code, told) = run(&["search", "--json", "--index", index, "border", "trade"]);
        assert_eq!(code, Some(0));
        told.replace(index, "INDEX")
    };
    assert_eq!(run(&["pack", "--index", "a.polisearch", "--output", "packed.polisearch"]).0, Some(0));
    assert_eq!(search("packed.polisearch"), search("a.polisearch"));
    assert_eq!(run(&["diff", "a.polisearch", "packed.polisearch"]), (Some(0), String::new()));
    assert_eq!(run(&["verify", "--index", "packed.polisearch"]).0, Some(0));

    assert_eq!(run(&["pack", "--no-text", "--index", "a.polisearch", "--output", "bare.polisearch"]).0, Some(0));
    assert_eq!(run(&["verify", "--index", "bare.polisearch"]).0, Some(0));
    let bare = search("bare.polisearch");
    assert!(bare.contains("\"text\":null") && !bare.contains("Trade over the border"), "{bare}");
    assert!(bare.contains("papers/border.md"), "{bare}");
    let (code, told) = run(&["diff", "a.polisearch", "bare.polisearch"]);
    assert_eq!((code, told.as_str()), (Some(1), "= texts: kept ⇒ left out\n"));
    assert_eq!(run(&["index", "--update", "--output", "bare.polisearch", "papers"]).0, Some(2));
}

#[test]
fn a_difference_names_what_changed() {
    let desk = Desk::new();
    desk.index("a.polisearch", &["papers"]);
    desk.write("papers/border.md", "# Border regimes\n\nTrade over the border fell.\n");
    desk.write("papers/new.md", "# New\n\nA new paper.\n");
    fs::remove_file(desk.path("papers/deep/water.txt")).expect("it is there");
    desk.index("b.polisearch", &["papers"]);
    let run = Command::new(env!("CARGO_BIN_EXE_polisearch"))
        .args(["diff", "a.polisearch", "b.polisearch"])
        .current_dir(desk.folder.path())
        .output()
        .expect("it starts");
    let told = String::from_utf8_lossy(&run.stdout);
    let expected = "- papers/deep/water.txt  water\n+ papers/new.md  new\n~ papers/border.md  roe-2011: content\n";
    assert_eq!(told, expected);
    let json = Command::new(env!("CARGO_BIN_EXE_polisearch"))
        .args(["diff", "--json", "a.polisearch", "b.polisearch"])
        .current_dir(Path::new(desk.folder.path()))
        .output()
        .expect("it starts");
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(json["changed"][0]["what"][0], "content");
    assert_eq!(json["added"][0]["path"], "papers/new.md");
}

#[test]
fn a_paper_is_stemmed_in_its_own_language() {
    let desk = Desk::new();
    let german = "Die Beziehungen zwischen den beiden Staaten sind von Misstrauen geprägt, und die Grenze ist für den \
                  Handel seit Monaten geschlossen, obwohl beide Regierungen versprochen haben, sie für die Händler \
                  wieder zu öffnen, die mit ihren Waren in der Kälte warten.";
    let paper: Vec<String> = (0..8).map(|_| format!("{german}\n\n")).collect();
    desk.write("papers/grenze.md", &format!("# Die Grenze\n\n{}", paper.concat()));
    desk.index("a.polisearch", &["papers"]);
    desk.index("a.polisearch", &["--update", "papers"]);
    desk.check(&["papers"]);
    let index = polisearch::index::Index::open(&desk.path("a.polisearch")).expect("it was built");
    let languages: Vec<(&str, u32)> = index.manifest().languages.iter().map(|(name, n)| (name.as_str(), *n)).collect();
    assert_eq!(languages, [("english", 4), ("german", 1)]);
}
