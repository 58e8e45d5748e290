//! How good the ranking is, on every judged collection that is at hand, beside the peers' figures.
//!
//! `cargo bench --bench effectiveness`, or `-- NAME...` for some. Collections are folders with
//! `corpus.jsonl`, `queries.tsv` or `.jsonl`, and `qrels.txt` or `qrels/test.tsv`, below `$POLISEARCH_EVAL`
//! or `../shared/eval`; what is not there is named. Default settings, a record a passage.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// nDCG@10 of peers, as measured or published; docs/performance.md names the sources.
const PEERS: &[(&str, &[(&str, f64)])] = &[
    ("cranfield", &[("Anserini 0.9/0.4", 0.342), ("Anserini 1.2/0.75", 0.359), ("Anserini RM3", 0.360)]),
    ("time", &[("Anserini 0.9/0.4", 0.707), ("Anserini 1.2/0.75", 0.755), ("Anserini RM3", 0.655)]),
    ("qmsum", &[("Anserini 0.9/0.4", 0.407), ("Anserini 1.2/0.75", 0.411), ("Anserini RM3", 0.399)]),
    ("obliqa", &[("Anserini 0.9/0.4", 0.665), ("Anserini 1.2/0.75", 0.679), ("Anserini RM3", 0.547)]),
    ("scifact", &[("Anserini", 0.679), ("Elasticsearch", 0.691)]),
    ("nfcorpus", &[("Anserini", 0.322), ("Elasticsearch", 0.344)]),
    ("arguana", &[("Anserini", 0.397), ("Elasticsearch", 0.477)]),
    ("fiqa", &[("Anserini", 0.236), ("Elasticsearch", 0.254)]),
    ("scidocs", &[("Anserini", 0.149), ("Elasticsearch", 0.163)]),
];

const MEASURES: [&str; 5] = ["nDCG@10", "AP", "RR", "R@100", "Success@1"];

/// A judged collection on disk.
struct Collection {
    name: String,
    corpus: PathBuf,
    queries: PathBuf,
    qrels: PathBuf,
}

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let root = std::env::var_os("POLISEARCH_EVAL").map(PathBuf::from);
    let root = root.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/eval"));
    let found: Vec<Collection> = collections(&root).into_iter().chain(collections(&root.join("collections"))).collect();
    let wanted = |name: &str| asked.is_empty() || asked.iter().any(|asked| asked == name);
    let width = 76;
    println!("{:>20}{:>8}{:>8}{:>8}{:>8}{:>9}  peers' nDCG@10", "queries", "nDCG@10", "AP", "RR", "R@100", "Succ@1");
    let (mut ratios, mut ours, mut bests) = (Vec::new(), 0.0, 0.0);
    for collection in found.iter().filter(|collection| wanted(&collection.name)) {
        match measure(collection) {
            Ok(figures) => {
                let peers = PEERS.iter().find(|(name, _)| *name == collection.name).map_or(&[][..], |(_, peers)| peers);
                let told: Vec<String> = peers.iter().map(|(peer, figure)| format!("{peer} {figure:.3}")).collect();
                let best = peers.iter().map(|(_, figure)| *figure).fold(0.0, f64::max);
                let against =
                    if best > 0.0 { format!(" ({:+.1} %)", (figures[1] / best - 1.0) * 100.0) } else { String::new() };
                if best > 0.0 {
                    ratios.push(figures[1] / best);
                    ours += figures[1];
                    bests += best;
                }
                println!(
                    "{:<12}{:>8}{}  {}{against}",
                    collection.name,
                    figures[0],
                    row(&figures[1..]),
                    told.join(", ")
                );
            }
            Err(error) => println!("{:<12}{error}", collection.name),
        }
    }
    if !ratios.is_empty() {
        let n = ratios.len() as f64;
        println!(
            "mean nDCG@10 of {n} collections: {:.4}; of the best peer on each: {:.4} ({:+.1} %)",
            ours / n,
            bests / n,
            (ours / bests - 1.0) * 100.0
        );
    }
    println!("{}", "-".repeat(width));
    if wanted("seeds") {
        match seeds(&root) {
            Ok(line) => println!("{line}"),
            Err(error) => println!("seed papers: {error}"),
        }
    }
    for (name, _) in PEERS.iter().filter(|(name, _)| wanted(name) && !found.iter().any(|one| one.name == *name)) {
        println!("{name}: not in {}", root.display());
    }
}

fn row(figures: &[f64]) -> String {
    let cells =
        figures.iter().enumerate().map(|(i, figure)| format!("{figure:>width$.4}", width = if i == 4 { 9 } else { 8 }));
    cells.collect()
}

/// Finds the collections in a folder, by name.
fn collections(folder: &Path) -> Vec<Collection> {
    let folders = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut found: Vec<Collection> = folders.filter_map(|folder| collection(&folder)).collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn collection(folder: &Path) -> Option<Collection> {
    let first = |names: &[&str]| names.iter().map(|name| folder.join(name)).find(|path| path.is_file());
    Some(Collection {
        name: folder.file_name()?.to_string_lossy().into_owned(),
        corpus: first(&["corpus.jsonl"])?,
        queries: first(&["queries.tsv", "queries.jsonl"])?,
        qrels: first(&["qrels.txt", "qrels/test.tsv", "qrels.tsv"])?,
    })
}

/// Runs polisearch and returns what it printed.
fn polisearch(args: &[&std::ffi::OsStr]) -> Result<String, String> {
    let output =
        Command::new(env!("CARGO_BIN_EXE_polisearch")).args(args).output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Returns the number of queries, then the measures.
fn measure(collection: &Collection) -> Result<Vec<f64>, String> {
    let index = std::env::temp_dir().join(format!("effectiveness-{}.polisearch", std::process::id()));
    let corpus = collection.corpus.as_os_str();
    polisearch(&[
        "index".as_ref(),
        corpus,
        "--unit".as_ref(),
        "record".as_ref(),
        "--output".as_ref(),
        index.as_os_str(),
    ])?;
    let started = Instant::now();
    let mut args: Vec<&std::ffi::OsStr> =
        vec!["eval".as_ref(), "--index".as_ref(), index.as_os_str(), "--no-fold".as_ref()];
    args.extend([
        "--queries".as_ref(),
        collection.queries.as_os_str(),
        "--qrels".as_ref(),
        collection.qrels.as_os_str(),
    ]);
    args.extend(["--format", "csv", "--measure"].map(AsRef::<std::ffi::OsStr>::as_ref));
    args.extend(MEASURES.map(AsRef::<std::ffi::OsStr>::as_ref));
    let told = polisearch(&args);
    eprintln!("{}: {:.1} s", collection.name, started.elapsed().as_secs_f64());
    let _ = std::fs::remove_file(&index);
    figures(&told?)
}

/// Reads `run,measure,value,queries,..` rows.
fn figures(csv: &str) -> Result<Vec<f64>, String> {
    let rows: Vec<Vec<&str>> = csv.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let number = |row: Option<&Vec<&str>>, at: usize| -> Result<f64, String> {
        let cell = row.and_then(|row| row.get(at)).ok_or_else(|| format!("no figures in {csv:?}"))?;
        cell.parse().map_err(|_| format!("no number: {cell}"))
    };
    let mut figures = vec![number(rows.first(), 3)?];
    for measure in MEASURES {
        figures.push(number(rows.iter().find(|row| row.get(1) == Some(&measure)), 2)?);
    }
    Ok(figures)
}

/// Measures the judged needs over the seed papers.
fn seeds(root: &Path) -> Result<String, String> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = root.join("seeds");
    let judged = if shared.is_dir() { shared } else { project.join("tests/data/eval/seeds") };
    let file = |name: &str| judged.join(name);
    let (queries, qrels, repeats) = (file("queries.tsv"), file("judgements.tsv"), file("duplicates.tsv"));
    let index = project.join("index");
    polisearch(&[
        "eval".as_ref(),
        "--index".as_ref(),
        index.as_os_str(),
        "--queries".as_ref(),
        queries.as_os_str(),
        "--qrels".as_ref(),
        qrels.as_os_str(),
        "--repeats".as_ref(),
        repeats.as_os_str(),
        "--measure".as_ref(),
        "nDCG@10".as_ref(),
        "R@20".as_ref(),
        "Success@1".as_ref(),
    ])
    .map(|table| format!("seed papers, judged spans (Anserini over windows of 120 words: nDCG@10 0.61, R@20 0.68, Success@1 0.78):\n{table}"))
}
