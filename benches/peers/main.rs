//! polisearch beside what one would use instead: building, one query, many queries, growth.
//!
//! `cargo bench --bench peers`; README.md beside this file says what it takes and what it looks for.

mod bare;
mod corpus;
mod disk;
mod figures;
mod folder;
mod measures;
mod peer;
mod plots;
mod process;
mod report;
mod serve;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use figures::Figures;
use folder::Folder;
use measures::Bench;
use peer::Tools;

const ALL: [&str; 5] = ["build", "cold", "warm", "batch", "obliqa"];
const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result<(), String> {
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words[..] {
        [process::RUN, ..] => process::run_and_measure(&args[1..]),
        ["--build-bare", passages, index, n_threads] => {
            bare::build(passages.as_ref(), index.as_ref(), n_threads.parse().map_err(|_| "threads are a number")?)
        }
        ["--serve", "polisearch", index, queries] => serve::polisearch(index.as_ref(), queries.as_ref(), false),
        ["--serve", "plain", index, queries] => serve::polisearch(index.as_ref(), queries.as_ref(), true),
        ["--serve", "tantivy", index, queries] => serve::tantivy(index.as_ref(), queries.as_ref()),
        _ => {
            let asked = Asked::parse(&words)?;
            if asked.prepare {
                return corpus::prepare(&asked.folder, &asked.corpora, &asked.sizes);
            }
            measure(&asked, args)
        }
    }
}

/// What is asked for on the command line.
struct Asked {
    folder: Folder,
    corpora: Vec<PathBuf>,
    sizes: Vec<usize>,
    sections: Vec<String>,
    peers: Vec<String>,
    again: bool,
    write: bool,
    prepare: bool,
}

impl Asked {
    fn parse(words: &[&str]) -> Result<Asked, String> {
        let project = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut asked = Asked {
            folder: Folder(project.join("target/peers")),
            corpora: Vec::new(),
            sizes: SIZES.to_vec(),
            sections: ALL.map(str::to_owned).to_vec(),
            peers: Vec::new(),
            again: false,
            write: false,
            prepare: false,
        };
        let mut rest = words.iter();
        while let Some(&word) = rest.next() {
            let mut value = || rest.next().copied().ok_or_else(|| format!("{word} needs a value"));
            let list = |text: &str| text.split(',').map(str::to_owned).collect();
            match word {
                "--corpus" => asked.corpora.push(value()?.into()),
                "--folder" => asked.folder = Folder(value()?.into()),
                "--sizes" => asked.sizes = value()?.split(',').map(size).collect::<Result<_, _>>()?,
                "--only" => asked.sections = list(value()?),
                "--peers" => asked.peers = list(value()?),
                "--again" => asked.again = true,
                "--write" => asked.write = true,
                "--prepare" => asked.prepare = true,
                other => return Err(format!("{other} is none of the options; benches/README.md has them")),
            }
        }
        if asked.corpora.is_empty() {
            let shared = project.join("../shared/corpora");
            let entries = std::fs::read_dir(&shared).into_iter().flatten().flatten();
            asked.corpora.extend(entries.map(|entry| entry.path()).filter(|path| path.extension().is_some()));
            asked.corpora.sort();
            if asked.corpora.is_empty() {
                asked.corpora.push(project.join("seeds"));
            }
        }
        asked.sizes.sort_unstable();
        Ok(asked)
    }
}

/// Reads "1k", "270k", "1m", "5000".
fn size(text: &str) -> Result<usize, String> {
    let (digits, unit) = match text.trim_end_matches(['k', 'K', 'm', 'M']) {
        digits if digits.len() == text.len() => (digits, 1),
        digits if text.ends_with(['k', 'K']) => (digits, 1_000),
        digits => (digits, 1_000_000),
    };
    digits.parse::<usize>().map(|n| n * unit).map_err(|_| format!("{text} is no size"))
}

fn measure(asked: &Asked, args: &[String]) -> Result<(), String> {
    let folder = &asked.folder;
    std::fs::create_dir_all(folder.path()).map_err(|error| format!("{}: {error}", folder.path().display()))?;
    let tools = Tools::find(folder);
    let (mut peers, missing) = measures::present(&tools);
    missing.iter().for_each(|missing| eprintln!("{missing}"));
    peers
        .retain(|peer| asked.peers.is_empty() || asked.peers.iter().any(|name| peer.name().starts_with(name.as_str())));
    let mut bench =
        Bench { tools: &tools, folder, peers, figures: Figures::read(&folder.figures()), again: asked.again };
    let asks = |section: &str| asked.sections.iter().any(|asked| asked == section);
    if ALL[..4].iter().any(|section| asks(section)) {
        // Preparing takes memory, which would be counted for what is run by this process afterwards.
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        let status = Command::new(program).arg("--prepare").args(args).status();
        if !status.is_ok_and(|status| status.success()) {
            return Err("the corpus could not be prepared".to_owned());
        }
    }
    let (last, saved) = (asked.sizes.last().copied().unwrap_or_default(), folder.figures());
    for &size in &asked.sizes {
        if asks("build") {
            bench.build(size, 1);
            bench.figures.write(&saved)?;
        }
        if asks("cold") && (size == last || size == asked.sizes[0]) {
            bench.cold(size);
        }
        if asks("warm") {
            bench.warm(size);
        }
        bench.figures.write(&saved)?;
    }
    if asks("batch") {
        bench.batch(last);
    }
    let eval = std::env::var_os("POLISEARCH_EVAL").map(PathBuf::from);
    let eval = eval.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/eval"));
    let obliqa = eval.join("collections/obliqa");
    if asks("obliqa") {
        if obliqa.is_dir() {
            bench.collection(&obliqa)?;
        } else {
            eprintln!("{} is not here: no batch of ObliQA", obliqa.display());
        }
    }
    bench.figures.write(&saved)?;
    let tables = report::tables(&bench.figures);
    tables.iter().for_each(|(name, table)| println!("\n## {name}\n{table}"));
    if asked.write {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
        report::write(&docs.join("performance.md"), &tables)?;
        plots::draw(&bench.figures, &docs.join("performance")).map_err(|error| error.to_string())?;
    }
    Ok(())
}
