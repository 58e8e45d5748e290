//! The configuration: where it lies, what it changes, and how to go without.

use std::fs;

use super::{polisearch, run};

#[test]
fn a_configuration_fills_what_the_command_line_leaves_open() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("config.toml");
    fs::write(&path, "format = \"json\"\nlimit = 2\n").expect("written");
    let hits = |args: &[&str]| {
        let told = run(polisearch(folder.path()).env("POLISEARCH_CONFIG", &path).args(args));
        assert_eq!(told.code, Some(0), "{}", told.err);
        told.out.lines().filter(|line| line.contains("\"type\":\"hit\"")).count()
    };
    assert_eq!(hits(&["refugees"]), 2);
    assert_eq!(hits(&["refugees", "-n", "3"]), 3);
    assert_eq!(hits(&["--no-config", "refugees", "--json"]), 10);
    let told = run(polisearch(folder.path()).env("POLISEARCH_CONFIG", &path).arg("info"));
    assert!(told.out.contains(&format!("config     {}", path.display())), "{}", told.out);
}

#[test]
fn it_is_found_in_its_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("polisearch")).expect("created");
    fs::write(folder.path().join("polisearch/config.toml"), "limit = 1\n").expect("written");
    let told = run(polisearch(folder.path()).env("XDG_CONFIG_HOME", folder.path()).args(["refugees"]));
    assert_eq!(told.out.lines().count(), 1, "{}", told.err);
}

#[test]
fn mistakes_are_told_with_their_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("config.toml");
    fs::write(&path, "limit = 2\nlimits = 2\n").expect("written");
    let told = run(polisearch(folder.path()).env("POLISEARCH_CONFIG", &path).arg("refugees"));
    assert_eq!(told.code, Some(2));
    assert!(told.err.starts_with(&format!("error: {}:2: unknown field `limits`", path.display())), "{}", told.err);
    let told = run(polisearch(folder.path()).env("POLISEARCH_CONFIG", "nowhere.toml").arg("refugees"));
    assert!(told.code == Some(2) && told.err.contains("nowhere.toml"), "{}", told.err);
}

#[test]
fn own_topics_take_the_place_of_the_built_in_ones() {
    let folder = tempfile::tempdir().expect("a folder");
    let thesaurus = folder.path().join("t.ttl");
    fs::write(
        &thesaurus,
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n<http://x/1> a skos:Concept ; skos:prefLabel \
         \"transit agreement\"@en ; skos:altLabel \"zollverein\"@en .\n",
    )
    .expect("written");
    let told = run(polisearch(folder.path()).args(["topics", "import"]).arg(&thesaurus));
    assert!(told.out.contains("aliases = [\"zollverein\"]"), "{}{}", told.out, told.err);
    fs::write(folder.path().join("t.toml"), told.out).expect("written");
    let told = run(polisearch(folder.path()).args(["zollverein", "--topics", "t.toml"]));
    assert!(told.out.to_lowercase().contains("transit"), "{}{}", told.out, told.err);
    assert_eq!(run(polisearch(folder.path()).arg("zollverein")).code, Some(1));
}
