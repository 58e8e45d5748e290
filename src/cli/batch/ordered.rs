//! Work on many threads whose results come out in the order of what went in.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, channel};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// How long the caller is left alone when no result comes.
const PATIENCE: Duration = Duration::from_millis(100);

/// Calls `work` with each item on `n_threads` threads, and `put` on this one with each result, in the
/// items' order; with `None` whenever the next result is not there yet.
///
/// No more than `ahead` items a thread are taken before the results in front of them are put, so that
/// memory does not grow. The first error of `put`, or its break, ends all.
pub fn for_each<T: Send, R: Send, E>(
    items: impl Iterator<Item = T> + Send,
    n_threads: usize,
    ahead: usize,
    work: impl Fn(T) -> R + Sync,
    put: &mut dyn FnMut(Option<R>) -> Result<ControlFlow<()>, E>,
) -> Result<(), E> {
    let items = Mutex::new(items.enumerate());
    let room = Room::new(n_threads * ahead);
    let (sender, results) = channel();
    std::thread::scope(|scope| {
        for _ in 0..n_threads {
            let (sender, items, room, work) = (sender.clone(), &items, &room, &work);
            scope.spawn(move || {
                while room.enter() {
                    let next = items.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((number, item)) = next else { break };
                    if sender.send((number, work(item))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let outcome = put_in_order(&results, &room, put);
        room.close();
        outcome
    })
}

fn put_in_order<R, E>(
    results: &Receiver<(usize, R)>,
    room: &Room,
    put: &mut dyn FnMut(Option<R>) -> Result<ControlFlow<()>, E>,
) -> Result<(), E> {
    let mut early = BTreeMap::new();
    for next in 0.. {
        let result = loop {
            if let Some(result) = early.remove(&next) {
                break result;
            }
            let (number, result) = match results.try_recv() {
                Ok(come) => come,
                Err(TryRecvError::Disconnected) => return Ok(()),
                Err(TryRecvError::Empty) => {
                    if put(None)?.is_break() {
                        return Ok(());
                    }
                    match results.recv_timeout(PATIENCE) {
                        Ok(come) => come,
                        Err(RecvTimeoutError::Timeout) => continue,
                        Err(RecvTimeoutError::Disconnected) => return Ok(()),
                    }
                }
            };
            early.insert(number, result);
        };
        if put(Some(result))?.is_break() {
            return Ok(());
        }
        room.leave();
    }
    Ok(())
}

/// Lets so many items in; one that leaves makes room for the next.
struct Room {
    /// `None` when it is closed.
    free: Mutex<Option<usize>>,
    changed: Condvar,
}

impl Room {
    fn new(size: usize) -> Room {
        Room { free: Mutex::new(Some(size)), changed: Condvar::new() }
    }

    /// Waits for room; tells whether there is any.
    fn enter(&self) -> bool {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self.changed.wait_while(free, |free| *free == Some(0)).unwrap_or_else(PoisonError::into_inner);
        match &mut *free {
            Some(free) => {
                *free -= 1;
                true
            }
            None => false,
        }
    }

    fn leave(&self) {
        if let Some(free) = &mut *self.free.lock().unwrap_or_else(PoisonError::into_inner) {
            *free += 1;
        }
        self.changed.notify_one();
    }

    fn close(&self) {
        *self.free.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Squares numbers, the slower the smaller they are, and stops before `end`.
    fn squares(n: u64, n_threads: usize, end: u64) -> Vec<u64> {
        let mut found = Vec::new();
        let work = |i: u64| {
            std::thread::sleep(Duration::from_micros(300 - 50 * (i % 6)));
            i * i
        };
        let done: Result<(), ()> = for_each(0..n, n_threads, 2, work, &mut |result| {
            found.extend(result);
            Ok(if found.len() as u64 == end { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        });
        assert_eq!(done, Ok(()));
        found
    }

    #[test]
    fn keeps_the_order_of_the_items() {
        let expected: Vec<u64> = (0..60).map(|i| i * i).collect();
        for n_threads in [1, 2, 5] {
            assert_eq!(squares(60, n_threads, 1_000), expected);
        }
        assert!(squares(0, 3, 1_000).is_empty());
    }

    #[test]
    fn ends_when_told_to() {
        assert_eq!(squares(1_000_000, 3, 4), [0, 1, 4, 9]);
        let failed = for_each(0.., 2, 2, |i: u32| i, &mut |result| match result {
            Some(7) => Err("seven"),
            _ => Ok(ControlFlow::Continue(())),
        });
        assert_eq!(failed, Err("seven"));
    }

    #[test]
    fn takes_no_more_than_there_is_room_for() {
        let n_taken = std::sync::atomic::AtomicUsize::new(0);
        let items = (0..1_000_usize).inspect(|_| {
            n_taken.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        });
        let done: Result<(), ()> = for_each(items, 2, 3, |i: usize| i, &mut |result| {
            std::thread::sleep(Duration::from_micros(200));
            let taken = n_taken.load(std::sync::atomic::Ordering::Relaxed);
            assert!(result.is_none_or(|i| taken <= i + 6), "{taken} are taken");
            Ok(ControlFlow::Continue(()))
        });
        assert_eq!(done, Ok(()));
    }
}
