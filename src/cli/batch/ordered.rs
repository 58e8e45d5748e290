//! Work on many threads whose results come out in the order of what went in.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long the caller is left alone when no result comes.
const PATIENCE: Duration = Duration::from_millis(100);

/// Calls `work` with each item on `n_threads` threads, and `put` with each result, in the items' order;
/// with `None` whenever the next result is not there yet.
///
/// The thread that has the next result puts it, and those behind it that are there: nobody is woken for it.
/// No more than `ahead` items a thread are worked on before the results in front of them are put, so that
/// memory does not grow. The first error of `put`, or its break, ends all.
pub fn for_each<T: Send, R: Send, E: Send>(
    items: impl Iterator<Item = T> + Send,
    n_threads: usize,
    ahead: usize,
    work: impl Fn(T) -> R + Sync,
    put: impl FnMut(Option<R>) -> Result<ControlFlow<()>, E> + Send,
) -> Result<(), E> {
    let items = Mutex::new(items.enumerate());
    let line = Line {
        state: Mutex::new(State {
            next: 0,
            early: BTreeMap::new(),
            putting: false,
            n_waiting: 0,
            n_working: n_threads,
        }),
        caller: Mutex::new(Caller { put, ended: None }),
        moved: Condvar::new(),
        left: Condvar::new(),
    };
    std::thread::scope(|scope| {
        for _ in 0..n_threads {
            let (items, line, work) = (&items, &line, &work);
            scope.spawn(move || {
                let _leaving = Leaving(line);
                loop {
                    let next = lock(items).next();
                    let Some((number, item)) = next else { break };
                    if !line.wait_for_room(number, n_threads * ahead) || !line.put(number, work(item)) {
                        break;
                    }
                }
            });
        }
        line.wait_for_all();
    });
    line.caller.into_inner().unwrap_or_else(PoisonError::into_inner).ended.unwrap_or(Ok(()))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Results on their way out.
struct Line<P, R, E> {
    state: Mutex<State<R>>,
    /// Taken only by who is putting, or while nobody is.
    caller: Mutex<Caller<P, E>>,
    /// Results were put.
    moved: Condvar,
    /// A thread has ended.
    left: Condvar,
}

struct State<R> {
    /// The number of the result that is put next; the greatest one once all is ended.
    next: usize,
    /// Results that are there, by number.
    early: BTreeMap<usize, R>,
    /// Whether a thread is putting results.
    putting: bool,
    /// Threads that wait for room.
    n_waiting: usize,
    n_working: usize,
}

const ENDED: usize = usize::MAX;

struct Caller<P, E> {
    put: P,
    ended: Option<Result<(), E>>,
}

impl<P, E> Caller<P, E> {
    /// Hands a result on; tells whether more may follow.
    fn hand_on<R>(&mut self, result: Option<R>) -> bool
    where
        P: FnMut(Option<R>) -> Result<ControlFlow<()>, E>,
    {
        if self.ended.is_none() {
            match (self.put)(result) {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) => self.ended = Some(Ok(())),
                Err(error) => self.ended = Some(Err(error)),
            }
        }
        self.ended.is_none()
    }
}

impl<R, E, P: FnMut(Option<R>) -> Result<ControlFlow<()>, E>> Line<P, R, E> {
    /// Waits until an item is fewer than `n_ahead` items ahead; tells whether it is still wanted.
    fn wait_for_room(&self, number: usize, n_ahead: usize) -> bool {
        let mut state = lock(&self.state);
        while number - state.next.min(number) >= n_ahead {
            state.n_waiting += 1;
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.n_waiting -= 1;
        }
        state.next != ENDED
    }

    /// Puts a result when its turn has come; tells whether more may follow.
    fn put(&self, number: usize, result: R) -> bool {
        let mut state = lock(&self.state);
        state.early.insert(number, result);
        while !state.putting && state.next != ENDED {
            let first = state.next;
            let ready: Vec<R> = (first..).map_while(|number| state.early.remove(&number)).collect();
            if ready.is_empty() {
                break;
            }
            // Others go on meanwhile.
            state.putting = true;
            drop(state);
            let n_ready = ready.len();
            let mut caller = lock(&self.caller);
            let going_on = ready.into_iter().all(|result| caller.hand_on(Some(result))) && caller.hand_on(None);
            drop(caller);
            state = lock(&self.state);
            state.putting = false;
            self.move_to(&mut state, if going_on { first + n_ready } else { ENDED });
        }
        state.next != ENDED
    }

    fn move_to(&self, state: &mut State<R>, next: usize) {
        state.next = next;
        // Telling nobody costs a call of the system all the same.
        if state.n_waiting > 0 {
            self.moved.notify_all();
        }
    }

    /// Waits until no thread works, or all is ended; asks the caller now and then whether to go on.
    fn wait_for_all(&self) {
        let mut state = lock(&self.state);
        while state.n_working > 0 {
            let waited = self.left.wait_timeout(state, PATIENCE).unwrap_or_else(PoisonError::into_inner);
            state = waited.0;
            if waited.1.timed_out() && !state.putting && !lock(&self.caller).hand_on(None) {
                return self.move_to(&mut state, ENDED);
            }
        }
    }
}

/// A thread that ends, however it does.
struct Leaving<'l, P, R, E>(&'l Line<P, R, E>);

impl<P, R, E> Drop for Leaving<'_, P, R, E> {
    fn drop(&mut self) {
        let mut state = lock(&self.0.state);
        state.n_working -= 1;
        if std::thread::panicking() {
            // Nobody waits for a result that never comes.
            state.next = ENDED;
            self.0.moved.notify_all();
        }
        drop(state);
        self.0.left.notify_all();
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
        let done: Result<(), ()> = for_each(0..n, n_threads, 2, work, |result| {
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
        let failed = for_each(
            0..,
            2,
            2,
            |i: u32| i,
            |result| match result {
                Some(7) => Err("seven"),
                _ => Ok(ControlFlow::Continue(())),
            },
        );
        assert_eq!(failed, Err("seven"));
    }

    #[test]
    fn works_on_no_more_than_there_is_room_for() {
        let n_taken = std::sync::atomic::AtomicUsize::new(0);
        let work = |i: usize| {
            n_taken.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            i
        };
        let done: Result<(), ()> = for_each(0..1_000, 2, 3, work, |result| {
            std::thread::sleep(Duration::from_micros(200));
            let taken = n_taken.load(std::sync::atomic::Ordering::Relaxed);
            assert!(result.is_none_or(|i| taken <= i + 6), "{taken} were worked on");
            Ok(ControlFlow::Continue(()))
        });
        assert_eq!(done, Ok(()));
    }
}
