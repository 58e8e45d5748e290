//! The most that a group can count in each window, told before its lists are read.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::gathered::Gathered;
use super::list::Entries;
use super::norms::{Norms, saturated};
use super::window::WINDOW;

/// Sums are taken in another order than bounds, and may come out a little larger.
pub(super) const ROUNDING: f32 = 1.0001;

/// So few windows are read sooner than it is told what may be in them.
const FEW_WINDOWS: usize = 16;

/// Collects the most that the occurrences of a group can count in each window.
pub(super) struct Peaks {
    /// For each window, all lists together; empty where there are few windows.
    most: Vec<f32>,
    /// Whether that is what they are worth already.
    are_worths: bool,
    met: Option<Arc<Met>>,
}

/// The most that a group was worth in windows that were read: the next query that asks for it is told so.
#[derive(Debug)]
pub(super) struct Met(Vec<AtomicU32>);

impl Met {
    pub fn new(n_windows: usize) -> Self {
        // Nothing is worth more than 1.
        Met((0..n_windows).map(|_| AtomicU32::new(f32::to_bits(1.0))).collect())
    }
}

impl Peaks {
    pub fn new(n_windows: usize, met: Option<Arc<Met>>) -> Self {
        Peaks { most: vec![0.0; if n_windows < FEW_WINDOWS { 0 } else { n_windows }], are_worths: false, met }
    }

    /// Returns the most of what is gathered.
    pub fn of_gathered(gathered: &Gathered, n_windows: usize) -> Self {
        let mut most = vec![0.0; n_windows];
        for run in &gathered.runs {
            // Lists from strangers may name any passage.
            if let Some(most) = most.get_mut(run.window) {
                *most = run.most;
            }
        }
        Peaks { most, are_worths: true, met: None }
    }

    /// Adds what a list, of the field of this number, counts where it counts most.
    pub fn add(&mut self, entries: &Entries, weight: f32, field: usize, norms: &Norms<'_>) {
        if self.most.is_empty() {
            return;
        }
        let mut raising = Raising { sums: &mut self.most, weight, window: 0, most: 0.0 };
        match entries {
            Entries::Term(blocks) => {
                let mut behind = 0;
                for peak in blocks.peaks() {
                    raising.raise(behind, peak.last, norms.most(field, &peak));
                    behind = peak.last.saturating_add(1);
                }
                // What is in no full block tells itself.
                for (first, last, count) in blocks.runs() {
                    raising.raise(first, last, norms.count(field, first, count));
                }
            }
            Entries::Counted(passages) => {
                for (&passage, &count) in passages.numbers().iter().zip(passages.counts()) {
                    raising.raise(passage, passage, norms.count(field, passage, count));
                }
            }
        }
        raising.turn(usize::MAX);
    }

    /// Returns what the occurrences in a passage of a window are worth at most, beside the most that any can
    /// be; `None` when the window has none.
    pub fn most(&self, window: usize, k1: f32) -> Option<f32> {
        let met = self.met.as_ref().and_then(|met| met.0.get(window));
        let met = met.map_or(1.0, |met| f32::from_bits(met.load(Ordering::Relaxed)));
        let most = match self.most.get(window) {
            Some(&worth) if self.are_worths => worth,
            Some(&count) => saturated(count, k1).min(met),
            None => met,
        };
        (most > 0.0).then_some(most * ROUNDING)
    }

    /// Takes note of what the group is worth at most in a window that was read whole.
    pub fn meet(&self, window: usize, most: f32) {
        if let Some(met) = self.met.as_ref().and_then(|met| met.0.get(window)) {
            met.store(most.to_bits(), Ordering::Relaxed);
        }
    }
}

/// Adds what a list counts where it counts most, window by window.
struct Raising<'m> {
    sums: &'m mut [f32],
    weight: f32,
    /// The window at hand, and the most in it.
    window: usize,
    most: f32,
}

impl Raising<'_> {
    /// Takes note that the list counts so much in passages `first..=last`, at most.
    #[inline]
    fn raise(&mut self, first: u32, last: u32, most: f32) {
        // Lists from strangers may go back; each window is turned to once.
        let first = (first as usize / WINDOW).max(self.window);
        for window in first..=(last as usize / WINDOW).min(self.sums.len() - 1) {
            if window != self.window {
                self.turn(window);
            }
            self.most = self.most.max(most);
        }
    }

    fn turn(&mut self, window: usize) {
        if let Some(sum) = self.sums.get_mut(self.window) {
            *sum += self.weight * self.most;
        }
        (self.window, self.most) = (window, 0.0);
    }
}
