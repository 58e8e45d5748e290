//! Running other programs and measuring what they cost.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

/// A program with its arguments.
#[derive(Clone, Debug)]
pub struct Job {
    pub program: PathBuf,
    pub args: Vec<OsString>,
    /// Where its stdout goes; nowhere without.
    pub stdout: Option<PathBuf>,
    /// Where it runs; here without.
    pub folder: Option<PathBuf>,
}

impl Job {
    pub fn new(program: impl Into<PathBuf>) -> Job {
        Job { program: program.into(), args: Vec::new(), stdout: None, folder: None }
    }

    pub fn arg(mut self, arg: impl Into<OsString>) -> Job {
        self.args.push(arg.into());
        self
    }

    pub fn args<A: Into<OsString>>(self, args: impl IntoIterator<Item = A>) -> Job {
        args.into_iter().fold(self, Job::arg)
    }

    pub fn to(mut self, file: impl Into<PathBuf>) -> Job {
        self.stdout = Some(file.into());
        self
    }
}

/// What a program took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    pub seconds: f64,
    pub cpu_seconds: f64,
    pub peak_mb: f64,
}

/// The first argument that makes this program run another one and tell what it took.
pub const RUN: &str = "--run-and-measure";

/// Runs a program to its end.
///
/// This program runs itself in between: the kernel counts the most memory of *all* programs that one
/// has run, and a small one must have run just one.
pub fn cost(job: &Job) -> Result<Cost, String> {
    let mut wrapper = Command::new(std::env::current_exe().map_err(|error| error.to_string())?);
    wrapper.arg(RUN).arg(job.stdout.as_deref().unwrap_or(Path::new(""))).arg(&job.program).args(&job.args);
    if let Some(folder) = &job.folder {
        wrapper.current_dir(folder);
    }
    let output = wrapper.output().map_err(|error| error.to_string())?;
    let told = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<f64> = told.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    match numbers[..] {
        [seconds, cpu_seconds, peak_mb] if output.status.success() => Ok(Cost { seconds, cpu_seconds, peak_mb }),
        _ => {
            let trouble = String::from_utf8_lossy(&output.stderr);
            let last: Vec<&str> = trouble.lines().rev().take(3).collect();
            Err(format!("{} failed: {}", job.program.display(), last.join(" | ")))
        }
    }
}

/// Runs the program that the arguments name, and prints its seconds, seconds of all cores and megabytes.
pub fn run_and_measure(args: &[String]) -> Result<(), String> {
    let [stdout, program, args @ ..] = args else { return Err("no program to run".to_owned()) };
    let stdout = match stdout.as_str() {
        "" => Stdio::null(),
        file => File::create(file).map_err(|error| format!("{file}: {error}"))?.into(),
    };
    let start = Instant::now();
    let status = Command::new(program).args(args).stdin(Stdio::null()).stdout(stdout).status();
    let seconds = start.elapsed().as_secs_f64();
    let status = status.map_err(|error| format!("{program}: {error}"))?;
    // Exit code 1 is "nothing found" with several of the programs.
    if !matches!(status.code(), Some(0 | 1)) {
        return Err(format!("{program} ended with {status}"));
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|error| error.to_string())?;
    let time = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    println!(
        "{seconds} {} {}",
        time(usage.user_time()) + time(usage.system_time()),
        usage.max_rss() as f64 * 1024.0 / 1e6
    );
    Ok(())
}

/// A program that answers rounds of queries.
pub struct Server {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

/// A class of queries, run once.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    pub took: Duration,
    pub n_queries: u32,
    pub n_hits: u64,
}

impl Server {
    pub fn start(job: &Job) -> Result<Server, String> {
        let failed = |error| format!("{}: {error}", job.program.display());
        let mut process = Command::new(&job.program)
            .args(&job.args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let output = BufReader::new(process.stdout.take().expect("it is piped"));
        Ok(Server { input: process.stdin.take(), output, process })
    }

    /// Runs each query of a class once; `None` when the peer has no such queries.
    pub fn round(&mut self, class: &str) -> Result<Option<Round>, String> {
        let input = self.input.as_mut().expect("it is open until the end");
        writeln!(input, "{class}").and_then(|()| input.flush()).map_err(|error| error.to_string())?;
        let mut line = String::new();
        self.output.read_line(&mut line).map_err(|error| error.to_string())?;
        let columns: Vec<&str> = line.trim_end().split('\t').collect();
        let [_, nanoseconds, n_queries, n_hits] = columns[..] else { return Err(format!("it said {line:?}")) };
        let number = |text: &str| text.parse::<u64>().map_err(|error| format!("{text}: {error}"));
        let round = Round {
            took: Duration::from_nanos(number(nanoseconds)?),
            n_queries: number(n_queries)? as u32,
            n_hits: number(n_hits)?,
        };
        Ok((round.n_queries > 0).then_some(round))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.input.take());
        // It ends when its input does.
        let _ = self.process.wait();
    }
}

/// Returns the bytes of a file, or of all files below a folder.
pub fn size(path: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(path) else { return path.metadata().map_or(0, |data| data.len()) };
    entries.flatten().map(|entry| size(&entry.path())).sum()
}

/// Returns the middle of some numbers.
pub fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}
