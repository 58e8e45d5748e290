//! Which index a command uses: the option, the environment, `./index/` here or above, the built-in one.

use std::fs;
use std::path::Path;

use super::{polisearch, run, small_index};

/// Returns what `info` says about the index in use.
fn info(folder: &Path, env: Option<&Path>, option: Option<&Path>) -> serde_json::Value {
    let mut command = polisearch(folder);
    command.args(["info", "--json"]);
    option.map(|path| command.arg("--index").arg(path));
    env.map(|path| command.env("POLISEARCH_INDEX", path));
    let told = run(&mut command);
    assert_eq!(told.code, Some(0), "{}", told.err);
    serde_json::from_str(&told.out).expect("info prints JSON")
}

#[test]
fn the_nearest_wish_wins() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (root, below) = (folder.path(), folder.path().join("notes/2021"));
    fs::create_dir_all(&below).expect("writable");
    let seeds = super::project().join("index/seeds.polisearch");
    assert_eq!(info(&below, None, None)["path"], "built in");

    fs::create_dir(root.join("index")).expect("writable");
    fs::copy(small_index(), root.join("index/papers.polisearch")).expect("writable");
    for from in [root, &below] {
        let found = info(from, None, None);
        assert!(found["path"].as_str().is_some_and(|path| path.ends_with("papers.polisearch")), "{found}");
        assert_eq!(found["manifest"]["n_papers"], 2);
    }

    let found = info(&below, Some(&seeds), None);
    assert_eq!(found["path"], seeds.to_str().expect("a path in UTF-8"));
    assert!(found["why"].as_str().is_some_and(|why| why.contains("$POLISEARCH_INDEX")), "{found}");

    let found = info(&below, Some(&seeds), Some(small_index()));
    assert_eq!(found["path"], small_index().to_str().expect("a path in UTF-8"));
    assert!(found["why"].as_str().is_some_and(|why| why.contains("--index")), "{found}");

    // A folder stands for the one index in it.
    let found = info(&below, None, Some(&root.join("index")));
    assert!(found["path"].as_str().is_some_and(|path| path.contains("index")), "{found}");
}

#[test]
fn an_empty_setting_is_none() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    assert_eq!(info(folder.path(), Some(Path::new("")), None)["path"], "built in");
}
