//! An index is only read: it opens where nothing can be written, and belongs to whomever it likes.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const PROGRAM: &str = env!("CARGO_BIN_EXE_polisearch");
const NOBODY: u32 = 65_534;

fn seeds() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("index/seeds.polisearch")
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("it is ours");
}

/// Checks that a search of the seed papers has found something.
fn check_found(run: &Output) {
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert_eq!(run.status.code(), Some(0), "{out}{err}");
    assert!(out.contains("Durand Line"), "{out}");
}

/// Where nothing may be written, as another user when this one may do anything.
#[test]
fn opens_without_permission_to_write() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let index = folder.path().join("seeds.polisearch");
    fs::copy(seeds(), &index).expect("writable");
    let is_root = fs::metadata(&index).expect("there it is").uid() == 0;
    set_mode(&index, 0o444);
    set_mode(folder.path(), 0o555);
    for command in [&["search", "Durand", "Line"][..], &["verify"], &["info"], &["papers"], &["export"]] {
        let mut run = Command::new(PROGRAM);
        run.args(command).arg("--index").arg(&index).current_dir("/").env_clear();
        if is_root {
            run.uid(NOBODY).gid(NOBODY);
        }
        match run.output() {
            Ok(output) if command[0] == "search" => check_found(&output),
            Ok(output) => assert_eq!(output.status.code(), Some(0), "{command:?}: {output:?}"),
            Err(error) => println!("skipped: no other user can start the program: {error}"),
        }
    }
    let names: Vec<_> =
        fs::read_dir(folder.path()).expect("readable").map(|entry| entry.expect("one").path()).collect();
    assert_eq!(names, [index]);
    set_mode(folder.path(), 0o755);
}

/// On a file system that is mounted to be read, where the system lets a process mount one for itself.
#[cfg(target_os = "linux")]
#[test]
fn opens_on_a_read_only_mount() {
    const IMPOSSIBLE: i32 = 77;
    const MOUNT_AND_RUN: &str = r#"
        mount -t tmpfs tmpfs "$1" && cp "$2" "$1/seeds.polisearch" && mount -o remount,ro "$1" || exit 77
        if touch "$1/written"; then exit 78; fi
        exec "$3" search --index "$1/seeds.polisearch" Durand Line"#;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = Command::new("unshare")
        .args(["--mount", "--map-root-user", "sh", "-c", MOUNT_AND_RUN, "sh"])
        .arg(folder.path())
        .arg(seeds())
        .arg(PROGRAM)
        .output();
    match run {
        Ok(output) if output.status.code() == Some(IMPOSSIBLE) || output.stderr.starts_with(b"unshare:") => {
            println!("skipped: nothing can be mounted here: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(output) => check_found(&output),
        Err(error) => println!("skipped: nothing can be mounted here: {error}"),
    }
}
