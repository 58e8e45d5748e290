//! The passages of a group with what it is worth in each, kept for the next query that asks for it.
//!
//! A word is as many lists as it has inflections and fields. Batches ask for the same words again and
//! again: these lists are opened, decoded and joined once.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use super::list::List;
use super::norms::{Norms, Weighing, saturated};
use super::peaks::Met;
use super::window::{WINDOW, place};

/// The passages that hold a group, window by window.
#[derive(Debug)]
pub(super) struct Gathered {
    pub runs: Vec<Run>,
    /// The place of each passage in its window.
    places: Vec<u16>,
    /// What its occurrences are worth there, beside the most that any can be.
    worths: Vec<f32>,
}

/// The passages in a window that has any.
#[derive(Debug)]
pub(super) struct Run {
    pub window: usize,
    /// Where its passages end among all.
    end: usize,
    /// The most that occurrences are worth in one of them.
    pub most: f32,
}

impl Gathered {
    /// Joins lists, in the order in which they would be read.
    pub fn of(lists: &mut [List], n_passages: u32, norms: &Norms<'_>) -> Gathered {
        let mut gathered = Gathered { runs: Vec::new(), places: Vec::new(), worths: Vec::new() };
        // Weighted occurrences in the passages of a window, and bits of those that have any.
        let (mut counts, mut met) = ([0.0; WINDOW], [0u64; WINDOW / 64]);
        for (base, window) in (0..n_passages).step_by(WINDOW).zip(0..) {
            let end = n_passages.min(base.saturating_add(WINDOW as u32));
            for list in &mut *lists {
                let (field, weight) = (list.field, list.weight);
                list.read(base, end, &mut |passages, found| {
                    for (&passage, &count) in passages.iter().zip(found) {
                        let at = place(passage, base);
                        counts[at] += norms.weighed(field, passage, count, weight);
                        met[at / 64] |= 1 << (at % 64);
                    }
                });
            }
            let mut most: f32 = 0.0;
            for (bits, first) in met.iter_mut().zip((0..).step_by(64)) {
                while *bits != 0 {
                    let at = first + bits.trailing_zeros() as usize;
                    let worth = saturated(std::mem::take(&mut counts[at]), norms.by.k1);
                    gathered.places.push(at as u16);
                    gathered.worths.push(worth);
                    most = most.max(worth);
                    *bits &= *bits - 1;
                }
            }
            let end = gathered.places.len();
            if gathered.runs.last().map_or(0, |run| run.end) < end {
                gathered.runs.push(Run { window, end, most });
            }
        }
        gathered
    }

    /// Returns the number of passages.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Returns the places and worths of a run.
    pub fn of_run(&self, run: usize) -> (&[u16], &[f32]) {
        let start = run.checked_sub(1).map_or(0, |before| self.runs[before].end);
        let range = start..self.runs[run].end;
        (&self.places[range.clone()], &self.worths[range])
    }
}

/// What is gathered while it is read.
pub(super) struct Reading {
    gathered: Arc<Gathered>,
    /// The run at hand, or the next one.
    run: usize,
}

impl Reading {
    /// Begins with the first window.
    pub fn new(gathered: Arc<Gathered>) -> Self {
        Reading { gathered, run: 0 }
    }

    /// Returns the places and worths in the window from `base` on; windows are turned to in order.
    #[inline]
    pub fn turn_to(&mut self, base: u32) -> (&[u16], &[f32]) {
        let (runs, window) = (&self.gathered.runs, base as usize / WINDOW);
        while runs.get(self.run).is_some_and(|run| run.window < window) {
            self.run += 1;
        }
        match runs.get(self.run) {
            Some(run) if run.window == window => self.gathered.of_run(self.run),
            _ => (&[], &[]),
        }
    }
}

/// Most passages of a group that are kept: beside decoding longer lists, all else is little.
const LONGEST: usize = 1 << 14;

/// Passages that are kept, at most, over all groups: 24 MiB.
const ROOM: usize = 1 << 22;

/// What is left of the room for gathered passages.
#[derive(Debug)]
pub(super) struct Room(AtomicUsize);

impl Default for Room {
    fn default() -> Self {
        Room(AtomicUsize::new(ROOM))
    }
}

impl Room {
    fn take(&self, n: usize) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(n)).is_ok()
    }
}

/// The gathered passages of something, once it has been asked for twice.
#[derive(Debug, Default)]
pub(super) struct Gathering {
    n_asked: AtomicU32,
    /// How they are weighed; `None` when there is no room for them.
    known: OnceLock<(Weighing, Option<Arc<Gathered>>)>,
    /// What was met of those that are not gathered.
    met: OnceLock<(Weighing, Option<Arc<Met>>)>,
}

impl Clone for Gathering {
    /// A copy may come to have other ways.
    fn clone(&self) -> Self {
        Gathering::default()
    }
}

impl Gathering {
    /// Returns what is gathered, if it is weighed by these norms.
    pub fn known(&self, norms: &Norms<'_>) -> Option<Arc<Gathered>> {
        let (by, gathered) = self.known.get()?;
        gathered.clone().filter(|_| *by == norms.by)
    }

    /// Returns what was met in windows that were read before, if it was weighed by these norms.
    pub fn met(&self, n_windows: usize, norms: &Norms<'_>, room: &Room) -> Option<Arc<Met>> {
        let keep = || (norms.by, room.take(n_windows).then(|| Arc::new(Met::new(n_windows))));
        let (by, met) = self.met.get_or_init(keep);
        met.clone().filter(|_| *by == norms.by)
    }

    /// Takes note that the passages were asked for; tells whether they are to be gathered now.
    pub fn ask(&self) -> bool {
        self.n_asked.fetch_add(1, Ordering::Relaxed) > 0 && self.known.get().is_none()
    }

    /// Gathers the passages of lists if there is room.
    pub fn gather(&self, lists: &mut [List], n_passages: u32, norms: &Norms<'_>, room: &Room) -> Option<Arc<Gathered>> {
        let n_entries: usize = lists.iter().map(List::n_entries).sum();
        let fits = n_entries <= LONGEST && room.take(n_entries);
        let gathered = fits.then(|| Arc::new(Gathered::of(lists, n_passages, norms)));
        let _ = self.known.set((norms.by, gathered.clone()));
        gathered
    }
}
