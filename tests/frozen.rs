//! A file of each format version that there has been: the present one answers, the others are refused
//! with the way out. A new version's sample is made by `just freeze`.

use std::path::{Path, PathBuf};
use std::process::Command;

use polisearch::index::FORMAT_VERSION;

fn sample(version: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/frozen/v{version}.polisearch"))
}

/// Runs a command on a sample; returns the exit code, stdout and stderr.
fn on(version: u32, args: &[&str]) -> (Option<i32>, String, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_polisearch"))
        .args(args)
        .arg("--index")
        .arg(sample(version))
        .output()
        .expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (run.status.code(), text(run.stdout), text(run.stderr))
}

#[test]
fn every_version_has_a_sample() {
    for version in 1..=FORMAT_VERSION {
        let head = std::fs::read(sample(version)).expect("there is one: `just freeze`");
        assert_eq!(head[8..12], version.to_le_bytes(), "v{version}");
    }
}

#[test]
fn older_versions_are_refused_with_the_way_out() {
    for version in 1..FORMAT_VERSION {
        for args in [&["search", "trade"][..], &["info"], &["verify"], &["papers"], &["export"]] {
            let (code, out, err) = on(version, args);
            assert_eq!((code, out.as_str()), (Some(3), ""), "{args:?}: {err}");
            let told = format!("index format {version}, this program reads {FORMAT_VERSION}");
            assert!(err.contains(&told) && err.contains("polisearch index"), "{err}");
        }
    }
}

#[test]
fn the_present_version_is_read() {
    let (code, out, err) = on(FORMAT_VERSION, &["verify"]);
    assert_eq!(code, Some(0), "{out}{err}");
    let (code, out, err) = on(FORMAT_VERSION, &["search", "--json", "APTTA"]);
    assert_eq!(code, Some(0), "{err}");
    let hit: serde_json::Value = serde_json::from_str(out.lines().nth(1).expect("a hit")).expect("JSON");
    assert_eq!(hit["paper"]["id"], "roe-2011");
    assert_eq!(hit["paper"]["authors"][0], "Jane Roe");
    assert_eq!(hit["source"]["path"], "papers/transit.md");
    assert_eq!(hit["source"]["line"], 3);
    assert!(hit["text"].as_str().expect("text").starts_with("The Afghanistan-Pakistan Transit Trade Agreement"));
    let (code, out, _) = on(FORMAT_VERSION, &["cite", "roe-2011"]);
    assert!(code == Some(0) && out.contains("2011"), "{out}");
}
