//! `batch`: many queries, in order, on all threads, past every bad one.

mod answer;
mod input;
mod ordered;
mod resume;
mod sink;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use polisearch::output;
use polisearch::query::Thesaurus;
use polisearch::search::Searcher;

use super::args::{Batch, Common};
use super::failure::{Exit, Failure};
use super::{asking, opened};

use answer::Answerer;
use input::Input;
use sink::Sink;

/// Queries that may be answered before the answers in front of them are written, for each thread.
const AHEAD: usize = 16;

pub fn run(common: &Common, asked: &Batch) -> Result<Exit, Failure> {
    let opened = opened::open(common)?;
    let Input { rows, topics, progress } = input::open(asked, &opened.index)?;
    let format = output::Format::from(asked.format);
    let n_threads = match asked.threads {
        Some(0) => return Err(Failure::usage("--threads 0: nobody is left to search")),
        Some(n) => n,
        None => std::thread::available_parallelism().map_or(1, usize::from),
    };
    let topics = match topics {
        Some(topics) => topics,
        None => asking::topics(asked.asking.topics.as_deref(), &opened.index)?,
    };
    let thesaurus = Thesaurus::new(topics, &opened.index, &opened.index, asked.asking.expansion());
    let answerer = Answerer::new(common, asked, thesaurus, Searcher::new(&opened.index), opened.info());
    let stop = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&stop);
    // Without a handler Ctrl-C ends the program at once, which may cut a line: still no reason to stop.
    let _ = ctrlc::set_handler(move || raised.store(true, Ordering::Relaxed));
    let (mut sink, rows) = Sink::open(common, asked, format, rows)?;
    let handled = ordered::for_each(
        rows,
        n_threads,
        AHEAD,
        |row| answerer.answer(row),
        |next| {
            if stop.load(Ordering::Relaxed) {
                progress.finish();
                sink.finish()?;
                // A thread may wait for a line that never comes; all that was answered is written.
                std::process::exit(Exit::Interrupted as i32);
            }
            match next {
                Some(answer) => {
                    progress.inc();
                    sink.put(&answer)?;
                }
                None => sink.flush()?,
            }
            Ok::<_, Failure>(ControlFlow::Continue(()))
        },
    );
    progress.finish();
    handled?;
    sink.finish()?;
    // The program ends here: what was remembered need not be taken apart.
    std::mem::forget(answerer);
    sink.exit(asked.strict)
}
