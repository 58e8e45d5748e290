//! Who is compared, where each is looked for, and the commands that build and search with it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::folder::{Folder, Sized};
use crate::process::Job;

/// A program that searches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    Polisearch,
    /// polisearch without expansion, closeness, exact forms and feedback: warm queries only.
    Plain,
    Tantivy,
    Anserini,
    Sqlite,
    Xapian,
    Bm25s,
    Recoll,
    Ripgrep,
}

use Peer::*;

/// All of them, in the order of the tables.
pub const PEERS: [Peer; 9] = [Polisearch, Plain, Tantivy, Anserini, Sqlite, Xapian, Bm25s, Recoll, Ripgrep];

/// Programs of the peers, as found on this machine.
pub struct Tools {
    java: PathBuf,
    jar: Option<PathBuf>,
    /// The compiled driver for Lucene.
    driver: Result<PathBuf, String>,
    bm25s: Option<PathBuf>,
    xapian: Option<PathBuf>,
    sqlite: Option<PathBuf>,
    drivers: PathBuf,
}

impl Tools {
    /// Looks for the peers: on the path, and where the environment says.
    pub fn find(folder: &Folder) -> Tools {
        let named = |name: &str| std::env::var_os(name).map(PathBuf::from);
        let java = named("POLISEARCH_JAVA").unwrap_or_else(|| "java".into());
        let jar = named("POLISEARCH_ANSERINI").filter(|jar| jar.is_file());
        let drivers = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers");
        let python = |module: &str| {
            let candidates =
                named("POLISEARCH_PYTHON").into_iter().chain(["python3".into(), "/usr/bin/python3".into()]);
            candidates
                .into_iter()
                .find(|python: &PathBuf| succeeds(Command::new(python).arg("-c").arg(format!("import {module}"))))
        };
        let driver = match &jar {
            Some(jar) => compile(jar, &drivers.join("Lucene.java"), &folder.file("classes")),
            None => Err("no Anserini".to_owned()),
        };
        let fts = "sqlite3; sqlite3.connect(':memory:').execute('CREATE VIRTUAL TABLE t USING fts5(a)')";
        Tools {
            java,
            jar,
            driver,
            bm25s: python("bm25s, Stemmer"),
            xapian: python("xapian"),
            sqlite: python(fts),
            drivers,
        }
    }

    fn python(&self, peer: Peer) -> Option<Job> {
        let (python, script) = match peer {
            Sqlite => (self.sqlite.as_ref()?, "with_sqlite.py"),
            Xapian => (self.xapian.as_ref()?, "with_xapian.py"),
            Bm25s => (self.bm25s.as_ref()?, "with_bm25s.py"),
            _ => return None,
        };
        Some(Job::new(python).arg(self.drivers.join(script)))
    }

    fn anserini(&self, class: &str) -> Option<Job> {
        Some(Job::new(&self.java).arg("-cp").arg(self.jar.as_ref()?).arg(format!("io.anserini.{class}")))
    }
}

fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

fn compile(jar: &Path, source: &Path, classes: &Path) -> Result<PathBuf, String> {
    let mut javac = Command::new("javac");
    let done = succeeds(javac.arg("-nowarn").arg("-cp").arg(jar).arg("-d").arg(classes).arg(source));
    if done { Ok(classes.to_owned()) } else { Err("no javac for the driver of Lucene".to_owned()) }
}

fn this_program() -> Job {
    Job::new(std::env::current_exe().expect("a running program has a path"))
}

fn polisearch() -> Job {
    Job::new(env!("CARGO_BIN_EXE_polisearch"))
}

impl Peer {
    pub fn name(self) -> &'static str {
        match self {
            Polisearch => "polisearch",
            Plain => "polisearch, words as typed",
            Tantivy => "tantivy",
            Anserini => "Anserini (Lucene)",
            Sqlite => "SQLite FTS5",
            Xapian => "Xapian",
            Bm25s => "bm25s",
            Recoll => "Recoll",
            Ripgrep => "ripgrep",
        }
    }

    /// Says why a peer is left out, and what would bring it in.
    pub fn missing(self, tools: &Tools) -> Option<String> {
        let runs = |program: &str| {
            succeeds(Command::new(program).arg("--version")) || succeeds(Command::new(program).arg("-h"))
        };
        let (is_there, way) = match self {
            Polisearch | Plain | Tantivy => (true, ""),
            Anserini => (
                tools.jar.is_some() && runs_java(&tools.java),
                "POLISEARCH_ANSERINI names its jar, POLISEARCH_JAVA a Java of 21 or more",
            ),
            Sqlite => (tools.sqlite.is_some(), "python3 with sqlite3 and FTS5"),
            Xapian => (tools.xapian.is_some(), "python3 with the module xapian"),
            Bm25s => (tools.bm25s.is_some(), "POLISEARCH_PYTHON names a Python with bm25s and PyStemmer"),
            Recoll => (runs("recollindex"), "recollindex and recollq on the path"),
            Ripgrep => (runs("rg"), "rg on the path"),
        };
        (!is_there).then(|| format!("{} is not here: it needs {way}", self.name()))
    }

    /// The largest number of passages that a peer is given: beyond, it takes too long to wait for.
    pub fn most(self) -> usize {
        match self {
            Polisearch | Plain | Tantivy | Anserini | Ripgrep => usize::MAX,
            Sqlite | Xapian | Bm25s => 100_000,
            Recoll => 10_000,
        }
    }

    /// Where the peer's index of a size lies.
    pub fn index(self, folder: &Folder, size: usize) -> PathBuf {
        let name = match self {
            Polisearch | Plain => format!("polisearch-{size}.polisearch"),
            Tantivy => format!("tantivy-{size}"),
            Anserini => format!("anserini-{size}"),
            Sqlite => format!("sqlite-{size}.db"),
            Xapian => format!("xapian-{size}"),
            Bm25s => format!("bm25s-{size}"),
            Recoll => format!("recoll-{size}"),
            Ripgrep => format!("documents-{size}.jsonl"),
        };
        folder.file(&name)
    }

    /// The command that builds an index; polisearch and Recoll read whole documents, the others passages.
    pub fn build(self, tools: &Tools, files: &Sized, index: &Path, n_threads: usize) -> Option<Job> {
        let threads = n_threads.to_string();
        Some(match self {
            Polisearch => polisearch()
                .arg("index")
                .arg(&files.documents)
                .args(["--unit", files.unit, "--jobs", &threads, "--output"])
                .arg(index),
            Tantivy => this_program().arg("--build-bare").arg(&files.passages).arg(index).arg(threads),
            Anserini => tools
                .anserini("index.IndexCollection")?
                .args(["-collection", "JsonCollection", "-generator", "DefaultLuceneDocumentGenerator", "-optimize"])
                .args(["-storePositions", "-storeContents", "-threads", &threads, "-input"])
                .arg(files.passages.parent()?)
                .arg("-index")
                .arg(index),
            Sqlite | Xapian | Bm25s if n_threads == 1 => {
                tools.python(self)?.arg("build").arg(&files.passages).arg(index)
            }
            Recoll if n_threads == 1 => Job::new("recollindex").arg("-c").arg(index),
            _ => return None,
        })
    }

    /// The command that answers one query and ends.
    pub fn search(self, tools: &Tools, folder: &Folder, size: usize, word: &str) -> Option<Job> {
        let index = self.index(folder, size);
        Some(match self {
            Polisearch => polisearch().arg("search").arg("--index").arg(index).arg(word),
            Anserini => tools
                .anserini("search.SearchCollection")?
                .args(["-topicReader", "TsvString", "-hits", "10", "-bm25", "-threads", "1", "-topics"])
                .arg(folder.file("one.tsv"))
                .arg("-output")
                .arg(folder.file("one.run"))
                .arg("-index")
                .arg(index),
            Sqlite | Xapian => {
                tools.python(self)?.args(["search".as_ref(), index.as_os_str(), OsStr::new("any"), word.as_ref()])
            }
            Bm25s => tools.python(self)?.arg("batch").arg(index).arg(folder.file("one.tsv")).args(["10", "1"]),
            Recoll => Job::new("recollq").arg("-c").arg(index).args(["-n", "10", "-o"]).arg(word),
            Ripgrep => Job::new("rg").args(["--ignore-case", "--count", "--word-regexp"]).arg(word).arg(index),
            Plain | Tantivy => return None,
        })
    }

    /// The command that answers rounds of queries.
    pub fn serve(self, tools: &Tools, folder: &Folder, size: usize) -> Option<Job> {
        let index = self.index(folder, size);
        let queries = folder.queries();
        Some(match self {
            Polisearch => this_program().arg("--serve").arg("polisearch").arg(index).arg(queries),
            Plain => this_program().arg("--serve").arg("plain").arg(index).arg(queries),
            Tantivy => this_program().arg("--serve").arg("tantivy").arg(index).arg(queries),
            Anserini => {
                let classes = tools.driver.as_ref().ok()?;
                let path = std::env::join_paths([tools.jar.as_ref()?, classes]).ok()?;
                Job::new(&tools.java).arg("-cp").arg(path).arg("Lucene").arg(index).arg(queries)
            }
            Sqlite | Xapian | Bm25s => tools.python(self)?.arg("serve").arg(index).arg(queries),
            Recoll | Ripgrep => return None,
        })
    }

    /// The command that answers a file of queries, `id TAB text`, with the best 100 of each as a TREC run.
    pub fn batch(self, tools: &Tools, index: &Path, queries: &Path, run: &Path, n_threads: usize) -> Option<Job> {
        let threads = n_threads.to_string();
        Some(match self {
            Polisearch => polisearch()
                .arg("batch")
                .arg("--index")
                .arg(index)
                .arg(queries)
                .args(["--no-fold", "--format", "trec", "--limit", "100", "--threads", &threads])
                .to(run),
            Anserini => tools
                .anserini("search.SearchCollection")?
                .args(["-topicReader", "TsvString", "-hits", "100", "-bm25", "-threads", &threads, "-topics"])
                .arg(queries)
                .arg("-output")
                .arg(run)
                .arg("-index")
                .arg(index),
            Bm25s => tools.python(self)?.arg("batch").arg(index).arg(queries).args(["100", &threads]).to(run),
            _ => return None,
        })
    }
}

fn runs_java(java: &Path) -> bool {
    succeeds(Command::new(java).arg("-version"))
}
