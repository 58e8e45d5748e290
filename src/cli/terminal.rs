//! The terminal: colours, width, talk on stderr, and panics that no user should see raw.

use std::cell::RefCell;
use std::io::{IsTerminal, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use polisearch::index;
use polisearch::output::{Colors, Style};

use super::args::When;
use super::failure::{Exit, Failure};

thread_local! {
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The index file in use: it may well be what makes the program fail.
static BLAMED: OnceLock<PathBuf> = OnceLock::new();

/// Remembers the index file in use.
pub fn blame(index: &Path) {
    let _ = BLAMED.set(index.to_owned());
}

/// Keeps the message of a panic instead of printing it: the library catches panics of single papers
/// and words, and [`guarded`] tells of the rest.
pub fn quiet_panics() {
    std::panic::set_hook(Box::new(|info| {
        LAST_PANIC.with(|last| *last.borrow_mut() = Some(info.to_string().replace('\n', ": ")));
    }));
}

/// Runs a command; a panic becomes a failure.
pub fn guarded(command: impl FnOnce() -> Result<Exit, Failure>) -> Result<Exit, Failure> {
    catch_unwind(AssertUnwindSafe(command)).unwrap_or_else(|_| {
        let message = LAST_PANIC.with(|last| last.borrow_mut().take());
        let message = message.unwrap_or_else(|| "in another thread".to_owned());
        Err(match BLAMED.get() {
            Some(path) => {
                let what = format!("or a fault of this program: {message}");
                Failure::Index(index::Error::Damaged { path: path.clone(), what })
            }
            None => Failure::Panicked(message),
        })
    })
}

/// Returns how text on stdout is set.
pub fn style(color: When) -> Style {
    const WIDEST: usize = 100;
    let width = terminal_width().map_or(WIDEST, |width| width.min(WIDEST));
    Style { colors: colors(color, std::io::stdout().is_terminal()), width }
}

/// Tells whether stdout is a terminal.
pub fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Tells the user something worth knowing.
pub fn note(color: When, message: &str) {
    say(color, "note", anstyle::AnsiColor::Cyan, message);
}

/// Tells what went wrong and the way out.
pub fn complain(color: When, message: &str, hint: Option<&str>) {
    say(color, "error", anstyle::AnsiColor::Red, message);
    if let Some(hint) = hint {
        say(color, "hint", anstyle::AnsiColor::Cyan, hint);
    }
}

fn say(color: When, what: &str, paint: anstyle::AnsiColor, message: &str) {
    let style = paint.on_default().bold();
    // Nobody is left to be told when stderr is closed.
    let _ = match colors(color, std::io::stderr().is_terminal()) {
        Colors::On => writeln!(std::io::stderr(), "{style}{what}:{style:#} {message}"),
        Colors::Off => writeln!(std::io::stderr(), "{what}: {message}"),
    };
}

/// Decides on colours: the option, then NO_COLOR, CLICOLOR_FORCE and TERM, then the terminal.
fn colors(color: When, is_terminal: bool) -> Colors {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let on = match color {
        When::Always => true,
        When::Never => false,
        When::Auto if set("NO_COLOR") => false,
        When::Auto if set("CLICOLOR_FORCE") => true,
        When::Auto => is_terminal && !dumb,
    };
    if on { Colors::On } else { Colors::Off }
}

fn terminal_width() -> Option<usize> {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.or_else(|| terminal_size::terminal_size().map(|(width, _)| width.0 as usize))
}
