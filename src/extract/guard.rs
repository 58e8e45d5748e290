//! A fence around readers of foreign formats: no panic, no endless loop, no deep stack leaves it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use super::{Error, Format};
use crate::paper::RawPaper;

/// Damaged files nest deeply; the stack of a thread is only what of it is used.
const STACK: usize = 64 << 20;

/// Runs a reader on a thread of its own, for `seconds` at most.
///
/// The reader gets a flag that is set when its time is over, for it to stop by; one that does not
/// look at it is left behind, and its paper has failed all the same.
pub(super) fn run<R>(format: Format, seconds: u64, reader: R) -> Result<RawPaper, Error>
where
    R: FnOnce(&Arc<AtomicBool>) -> Result<RawPaper, Error> + Send + 'static,
{
    let cancelled = Arc::new(AtomicBool::new(false));
    let flag = cancelled.clone();
    let (sender, receiver) = sync_channel(1);
    let spawned = thread::Builder::new().name(THREAD.to_owned()).stack_size(STACK).spawn(move || {
        // Nobody waits for the answer when the time is over.
        let _ = sender.send(reader(&flag));
    });
    let worker = spawned?;
    match receiver.recv_timeout(Duration::from_secs(seconds)) {
        Ok(result) => {
            // The thread has nothing left to do; its buffers are gone when the next paper begins.
            let _ = worker.join();
            result
        }
        Err(RecvTimeoutError::Disconnected) => Err(Error::Panicked { format }),
        Err(RecvTimeoutError::Timeout) => {
            cancelled.store(true, Ordering::Relaxed);
            Err(Error::TimedOut { seconds })
        }
    }
}

/// The name of the threads that readers run on, so that a panic hook can tell their panics, which
/// become a paper's failure, from those of the program.
pub const THREAD: &str = "reader";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_the_papers_failure() {
        let result = run(Format::Text, 5, |_| std::panic::resume_unwind(Box::new("broken")));
        assert!(matches!(result, Err(Error::Panicked { format: Format::Text })));
    }

    #[test]
    fn an_endless_reader_is_cut_off() {
        let result = run(Format::Text, 0, |cancelled| {
            while !cancelled.load(Ordering::Relaxed) {
                thread::yield_now();
            }
            Err(Error::Empty)
        });
        assert!(matches!(result, Err(Error::TimedOut { seconds: 0 })));
    }
}
