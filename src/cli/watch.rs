//! `index --watch`: keeps an index current while papers come, change and go.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use notify::{EventKind, RecursiveMode, Watcher};

use super::args::{Common, Index};
use super::failure::{Exit, Failure};
use super::{index, terminal};

/// So long nothing must change before an update begins: files are written in pieces, folders copied.
const QUIET: Duration = Duration::from_millis(400);

/// Updates the index, then again whenever something below the paths changes. Ends by Ctrl-C only.
pub fn run(common: &Common, asked: &Index) -> Result<Exit, Failure> {
    let (sender, changes) = channel();
    let output = index::output_file(&asked.output);
    let ours = output.canonicalize().unwrap_or_else(|_| output.clone());
    let folder = ours.parent().map(Path::to_owned).unwrap_or_default();
    let name = ours.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let is_ours = move |path: &PathBuf| {
        path.parent() == Some(&folder) && path.file_name().is_some_and(|other| other.to_string_lossy().contains(&name))
    };
    let failed = |error: notify::Error| Failure::usage(format!("can't watch: {error}"));
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let Ok(event) = event else { return };
        // Reading a paper is no change, and neither is what this program writes itself.
        if !matches!(event.kind, EventKind::Access(_)) && !event.paths.iter().all(&is_ours) {
            let _ = sender.send(());
        }
    })
    .map_err(failed)?;
    for path in &asked.paths {
        watcher.watch(path, RecursiveMode::Recursive).map_err(failed)?;
    }
    loop {
        // A paper may be gone or half written at this moment: the next change mends it.
        if let Err(failure) = index::update(common, asked) {
            failure.report(common.color);
        }
        if !wait(&changes) {
            return Ok(Exit::Found);
        }
        terminal::note(common.color, "papers have changed");
    }
}

/// Waits for a change and then until all is quiet; tells whether there can be more.
fn wait(changes: &Receiver<()>) -> bool {
    if changes.recv().is_err() {
        return false;
    }
    while changes.recv_timeout(QUIET).is_ok() {}
    true
}
