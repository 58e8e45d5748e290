//! `open`: the source of a passage, at its page or line.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use polisearch::paper::{StoredPaper, StoredPassage};
use polisearch::search;

use super::args::Common;
use super::failure::{Exit, Failure};
use super::sources::{self, Missing};
use super::viewers::{self, Place};
use super::{opened, terminal};

/// What `open` is asked.
#[derive(Debug, clap::Args)]
pub struct Open {
    /// A passage's or a paper's id, as results tell it
    pub id: String,
    /// Print the command instead of running it
    #[arg(long)]
    pub print: bool,
    /// Where the papers lie [default: here, beside the index, or above]
    #[arg(long, value_name = "FOLDER")]
    pub papers: Option<PathBuf>,
}

/// A command with a place for the path, the page and the line, that opens any source.
const TEMPLATE: &str = "POLISEARCH_OPEN";

pub fn run(common: &Common, asked: &Open) -> Result<Exit, Failure> {
    let opened = opened::open(common)?;
    let index = &opened.index;
    let (paper, passage) = match index.find_passage(&asked.id)? {
        Some(number) => (index.paper(index.paper_of(number)?)?, Some(index.passage(number)?)),
        None => match index.find_paper(&asked.id)? {
            Some(paper) => (index.paper(paper)?, None),
            None => return Err(search::Error::NoPassage { id: asked.id.clone() }.into()),
        },
    };
    let source =
        sources::find(&opened, &paper, asked.papers.as_deref()).map_err(|missing| not_here(&paper, missing))?;
    if !source.unchanged {
        terminal::note(common.color, &format!("{} has changed since it was indexed", source.file.display()));
    }
    let place = place(passage.as_ref());
    let command = command(&paper, &source.file, place)?;
    if asked.print {
        println!("{}", viewers::quoted(&command.words));
        return Ok(Exit::Found);
    }
    if let Some(untold) = command.untold(place) {
        terminal::note(common.color, &untold);
    }
    command.run()?;
    Ok(Exit::Found)
}

fn place(passage: Option<&StoredPassage>) -> Place {
    let page = passage.and_then(|passage| passage.page.as_ref()).map(|page| page.physical);
    Place { page, line: passage.and_then(|passage| passage.place).map(|place| place.line) }
}

fn not_here(paper: &StoredPaper, missing: Missing) -> Failure {
    match missing {
        Missing::NotHere => Failure::usage(format!("{} is not here, nor beside the index", paper.path)).hint(
            "say where the papers lie with --papers FOLDER; `polisearch show ID` prints the passage without them",
        ),
        Missing::Inside(archive) => Failure::usage(format!("{} lies inside {}", paper.path, archive.display()))
            .hint("unpack it, and say where with --papers FOLDER"),
    }
}

/// A command to run.
struct Opening {
    words: Vec<String>,
    /// It has a window of its own: nobody waits for it.
    is_window: bool,
    /// It is told where in the file to go.
    is_told: bool,
}

fn command(paper: &StoredPaper, file: &Path, place: Place) -> Result<Opening, Failure> {
    if let Some(template) = variable(TEMPLATE) {
        return Ok(Opening { words: viewers::from_template(&template, file, place), is_window: false, is_told: true });
    }
    let window = |words| Opening { words, is_window: true, is_told: false };
    let reader = paper.reader.as_str();
    if reader.starts_with("PDF") {
        if let Some(words) = viewers::for_pdf(file, place, &default_viewer(), at_hand) {
            return Ok(Opening { is_told: true, ..window(words) });
        }
    } else if (place.line.is_some() && !reader.starts_with("web page")) || reader.starts_with("text file") {
        let place = Place { line: place.line.or(Some(1)), ..place };
        let editor = variable("VISUAL").or_else(|| variable("EDITOR"));
        let editor =
            editor.or_else(|| ["vi", "nano", "less"].into_iter().find(|name| at_hand(name)).map(str::to_owned));
        if let Some(editor) = editor {
            return Ok(Opening { words: viewers::for_editor(&editor, file, place), is_window: false, is_told: true });
        }
    }
    let any = ["xdg-open", "open", "start"].into_iter().find(|name| at_hand(name));
    let opener = any.ok_or_else(|| {
        Failure::usage(format!("no program found that opens {}", file.display()))
            .hint(format!("name one: {TEMPLATE}='viewer --page {{page}} {{path}}', or $EDITOR for text"))
    })?;
    Ok(window(vec![opener.to_owned(), file.to_string_lossy().into_owned()]))
}

impl Opening {
    /// Returns what a person must be told because the program is not.
    fn untold(&self, place: Place) -> Option<String> {
        let page = place.page.filter(|_| !self.is_told)?;
        Some(format!("turn to page {page} of the file: this program can't be told a page"))
    }

    fn run(&self) -> Result<(), Failure> {
        let Some((program, args)) = self.words.split_first() else {
            return Err(Failure::usage(format!("${TEMPLATE} names no program")));
        };
        let mut command = Command::new(program);
        command.args(args);
        let failed = |error: std::io::Error| Failure::usage(format!("{program}: {error}"));
        if self.is_window {
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            return command.spawn().map(|_| ()).map_err(failed);
        }
        let status = command.status().map_err(failed)?;
        if status.success() { Ok(()) } else { Err(Failure::usage(format!("{program} ended with {status}"))) }
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

/// Tells whether a program can be run.
fn at_hand(program: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let names = [program.to_owned(), format!("{program}.exe")];
    std::env::split_paths(&folders).any(|folder| names.iter().any(|name| folder.join(name).is_file()))
}

/// Returns the name of what opens PDF on this desktop, where the desktop tells.
fn default_viewer() -> String {
    let asked = Command::new("xdg-mime").args(["query", "default", "application/pdf"]).stderr(Stdio::null()).output();
    asked.map_or(String::new(), |told| String::from_utf8_lossy(&told.stdout).trim().to_owned())
}
