//! The measurements: who is run with what, in which order, how often.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::corpus::{CLASSES, facts, records_as_passages};
use crate::figures::Figures;
use crate::folder::{Folder, Sized};
use crate::peer::{PEERS, Peer, Tools};
use crate::process::{Cost, Job, Server, cost, median, size};

/// What all measurements need.
pub struct Bench<'a> {
    pub tools: &'a Tools,
    pub folder: &'a Folder,
    pub peers: Vec<Peer>,
    pub figures: Figures,
    /// Whether indexes that are there already are built, and so measured, again.
    pub again: bool,
}

/// A word that every corpus of policy papers has.
const WORD: &str = "border";
/// The opening of an index is measured as a class of queries.
pub const OPEN: &str = "open";

impl Bench<'_> {
    fn those(&self, size: usize) -> Vec<Peer> {
        self.peers.iter().copied().filter(|peer| size <= peer.most()).collect()
    }

    /// Builds with each peer in turn.
    pub fn build(&mut self, size: usize, n_threads: usize) {
        let n_rounds = if size <= 10_000 { 3 } else { 1 };
        let section = section("build", n_threads);
        let facts = facts(&self.folder.size(size).facts).unwrap_or_default();
        let megabytes = facts["bytes"].as_f64().unwrap_or(f64::NAN) / 1e6;
        let mut costs: BTreeMap<Peer, Vec<Cost>> = BTreeMap::new();
        for _ in 0..n_rounds {
            for peer in self.those(size) {
                let index = peer.index(self.folder, size);
                let known = self.figures.get(&section, size, peer, "seconds").is_some();
                let files = self.folder.size(size);
                let Some(job) = peer.build(self.tools, &files, &index, n_threads) else { continue };
                if known && index.exists() && !self.again {
                    continue;
                }
                self.clear(peer, size);
                match cost(&job) {
                    Ok(cost) => costs.entry(peer).or_default().push(cost),
                    Err(error) => eprintln!("{}, {size} passages: {error}", peer.name()),
                }
            }
        }
        for (peer, costs) in costs {
            let middle = |pick: fn(&Cost) -> f64| median(&mut costs.iter().map(pick).collect::<Vec<_>>());
            let seconds = middle(|cost| cost.seconds);
            let disk = size_of_index(peer, self.folder, size);
            for (what, value) in [
                ("seconds", seconds),
                ("cpu", middle(|cost| cost.cpu_seconds)),
                ("peak", middle(|cost| cost.peak_mb)),
                ("disk", disk),
                ("rate", megabytes / seconds),
                ("text", megabytes),
            ] {
                self.figures.set(&section, size, peer, what, value);
            }
            eprintln!("build {size} x{n_threads}: {}: {seconds:.2} s, {disk:.0} MB", peer.name());
        }
    }

    /// Removes a peer's index, and gives Recoll its folder of files.
    fn clear(&self, peer: Peer, size: usize) {
        let index = peer.index(self.folder, size);
        if peer == Peer::Ripgrep {
            return;
        }
        let _ = if index.is_dir() { fs::remove_dir_all(&index) } else { fs::remove_file(&index) };
        if peer == Peer::Recoll
            && let Err(error) = recoll_files(self.folder, size, &index)
        {
            eprintln!("Recoll, {size} passages: {error}");
        }
    }

    /// Runs one query as a whole process with each peer in turn, beside `rg --version`.
    pub fn cold(&mut self, size: usize) {
        let one = fs::write(self.folder.file("one.tsv"), format!("1\t{WORD}\n"));
        if let Err(error) = one {
            eprintln!("one query: {error}");
            return;
        }
        let mut jobs: Vec<(String, Job)> = Vec::new();
        for peer in self.those(size).into_iter().filter(|peer| peer.index(self.folder, size).exists()) {
            jobs.extend(peer.search(self.tools, self.folder, size, WORD).map(|job| (peer.name().to_owned(), job)));
        }
        jobs.push(("rg --version".to_owned(), Job::new("rg").arg("--version")));
        let mut own = Job::new(env!("CARGO_BIN_EXE_polisearch")).args(["search", "Durand Line"]);
        // Where no index lies about, the program takes the one inside it.
        let empty = tempfile::tempdir().expect("a temporary folder");
        own.folder = Some(empty.path().to_owned());
        jobs.push(("polisearch, its own index".to_owned(), own));
        let mut costs: Vec<Vec<Cost>> = vec![Vec::new(); jobs.len()];
        let mut spent = vec![0.0; jobs.len()];
        for round in 0..101 {
            for (i, (name, job)) in jobs.iter().enumerate() {
                // The first run of each warms the page cache.
                if round > 3 && spent[i] > 2.0 {
                    continue;
                }
                match cost(job) {
                    Ok(cost) => {
                        spent[i] += cost.seconds;
                        if round > 0 {
                            costs[i].push(cost);
                        }
                    }
                    Err(error) if round == 0 => eprintln!("{name}: {error}"),
                    Err(_) => spent[i] = f64::INFINITY,
                }
            }
        }
        for ((name, _), costs) in jobs.iter().zip(costs).filter(|(_, costs)| !costs.is_empty()) {
            let middle = |pick: fn(&Cost) -> f64| median(&mut costs.iter().map(pick).collect::<Vec<_>>());
            self.figures.set_of("cold", size, name, "milliseconds", middle(|cost| cost.seconds) * 1e3);
            self.figures.set_of("cold", size, name, "peak", middle(|cost| cost.peak_mb));
            self.figures.set_of("cold", size, name, "runs", costs.len() as f64);
        }
        eprintln!("cold {size}: done");
    }

    /// Runs each class of queries over open indexes, a round with each peer in turn.
    pub fn warm(&mut self, size: usize) {
        let mut servers: Vec<(Peer, Server)> = Vec::new();
        for peer in self.those(size).into_iter().filter(|peer| peer.index(self.folder, size).exists()) {
            let Some(job) = peer.serve(self.tools, self.folder, size) else { continue };
            match Server::start(&job) {
                Ok(server) => servers.push((peer, server)),
                Err(error) => eprintln!("{}: {error}", peer.name()),
            }
        }
        for class in std::iter::once(OPEN).chain(CLASSES) {
            let mut times: BTreeMap<Peer, Vec<f64>> = BTreeMap::new();
            let mut hits: BTreeMap<Peer, u64> = BTreeMap::new();
            servers.retain_mut(|(peer, server)| match warm_up(server, class) {
                Ok(Some(n_hits)) => {
                    hits.insert(*peer, n_hits);
                    true
                }
                Ok(None) => true,
                Err(error) => {
                    eprintln!("{}, {class}: {error}", peer.name());
                    false
                }
            });
            let start = Instant::now();
            for round in 0..15 {
                for (peer, server) in servers.iter_mut().filter(|(peer, _)| hits.contains_key(peer)) {
                    let spent: f64 = times.get(peer).map_or(0.0, |times| times.iter().sum());
                    if round > 0 && (spent > 1.5 || start.elapsed() > Duration::from_secs(40)) {
                        continue;
                    }
                    if let Ok(Some(round)) = server.round(class) {
                        times
                            .entry(*peer)
                            .or_default()
                            .push(round.took.as_secs_f64() / f64::from(round.n_queries) * 50.0);
                    }
                }
            }
            for (peer, mut times) in times {
                let microseconds = median(&mut times) / 50.0 * 1e6;
                self.figures.set("warm", size, peer, class, microseconds);
                self.figures.set("hits", size, peer, class, hits[&peer] as f64);
            }
        }
        eprintln!("warm {size}: done");
    }

    /// Answers many queries as a whole process.
    pub fn batch(&mut self, size: usize) {
        let queries = self.folder.batch();
        let indexes: Vec<(Peer, PathBuf)> =
            self.those(size).into_iter().map(|peer| (peer, peer.index(self.folder, size))).collect();
        self.batch_of("batch", size, &queries, &indexes);
    }

    /// Answers `id TAB text` rows with each peer in turn, on one thread and on two.
    fn batch_of(&mut self, section: &str, size: usize, queries: &Path, indexes: &[(Peer, PathBuf)]) {
        let n_queries = fs::read_to_string(queries).unwrap_or_default().lines().count() as f64;
        let mut costs: BTreeMap<(Peer, usize), Vec<Cost>> = BTreeMap::new();
        for _ in 0..3 {
            for (peer, index) in indexes.iter().filter(|(_, index)| index.exists()) {
                for n_threads in [1, 2] {
                    let run = self.folder.file(&format!("{section}-{}.run", peer.name()));
                    let Some(job) = peer.batch(self.tools, index, queries, &run, n_threads) else { continue };
                    match cost(&job) {
                        Ok(cost) => costs.entry((*peer, n_threads)).or_default().push(cost),
                        Err(error) => eprintln!("{}: {error}", peer.name()),
                    }
                }
            }
        }
        for ((peer, n_threads), costs) in costs {
            let section = self::section(section, n_threads);
            let middle = |pick: fn(&Cost) -> f64| median(&mut costs.iter().map(pick).collect::<Vec<_>>());
            let seconds = middle(|cost| cost.seconds);
            self.figures.set(&section, size, peer, "seconds", seconds);
            self.figures.set(&section, size, peer, "rate", n_queries / seconds);
            self.figures.set(&section, size, peer, "cpu", middle(|cost| cost.cpu_seconds));
            self.figures.set(&section, size, peer, "peak", middle(|cost| cost.peak_mb));
            eprintln!("{section}: {}: {:.0} queries a second", peer.name(), n_queries / seconds);
        }
    }

    /// Answers the queries of a judged collection over its records: `corpus.jsonl` and `queries.tsv`.
    pub fn collection(&mut self, collection: &Path) -> Result<(), String> {
        let name = collection.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let folder = Folder(self.folder.file(&name));
        let documents = collection.join("corpus.jsonl");
        let files = Sized { documents, unit: "record", ..folder.size(0) };
        let size = records_as_passages(&files)?;
        let mut indexes = Vec::new();
        for peer in [Peer::Polisearch, Peer::Anserini, Peer::Bm25s] {
            let index = peer.index(&folder, size);
            let Some(job) = peer.build(self.tools, &files, &index, 1) else { continue };
            if self.peers.contains(&peer) {
                if peer == Peer::Polisearch || !index.exists() {
                    cost(&job)?;
                }
                indexes.push((peer, index));
            }
        }
        self.batch_of(&name, size, &collection.join("queries.tsv"), &indexes);
        Ok(())
    }
}

/// Returns the section of figures of so many threads.
pub fn section(name: &str, n_threads: usize) -> String {
    format!("{name} x{n_threads}")
}

/// Runs a class until it has got as fast as it will; `None` when the peer has no such queries.
fn warm_up(server: &mut Server, class: &str) -> Result<Option<u64>, String> {
    let start = Instant::now();
    let mut n_hits = None;
    for _ in 0..30 {
        match server.round(class)? {
            Some(round) => n_hits = Some(round.n_hits),
            None => return Ok(None),
        }
        if start.elapsed() > Duration::from_millis(1_500) {
            break;
        }
    }
    Ok(n_hits)
}

fn size_of_index(peer: Peer, folder: &Folder, n: usize) -> f64 {
    let index = peer.index(folder, n);
    let bytes = match peer {
        Peer::Recoll => size(&index.join("xapiandb")),
        _ => size(&index),
    };
    bytes as f64 / 1e6
}

/// Writes the documents as files, and a configuration of Recoll that names their folder.
fn recoll_files(folder: &Folder, size: usize, index: &Path) -> std::io::Result<()> {
    let texts = folder.file(&format!("texts-{size}"));
    fs::create_dir_all(&texts)?;
    fs::create_dir_all(index)?;
    let documents = fs::read_to_string(folder.size(size).documents)?;
    for (i, line) in documents.lines().enumerate() {
        let document: serde_json::Value = serde_json::from_str(line)?;
        fs::write(texts.join(format!("{i}.txt")), document["text"].as_str().unwrap_or_default())?;
    }
    fs::write(index.join("recoll.conf"), format!("topdirs = {}\n", texts.display()))
}

/// Returns the peers that are here, and says who is not.
pub fn present(tools: &Tools) -> (Vec<Peer>, Vec<String>) {
    let missing: Vec<String> = PEERS.iter().filter_map(|peer| peer.missing(tools)).collect();
    (PEERS.into_iter().filter(|peer| peer.missing(tools).is_none()).collect(), missing)
}
