//! How many passages are told, each counted once.

/// Counts passages that may be told again.
pub(super) struct Distinct {
    n_passages: u32,
    /// As they were told, while they are few ...
    few: Vec<u32>,
    /// ... then a bit for each passage of the index.
    many: Vec<u64>,
}

impl Distinct {
    /// Begins a count of passages with numbers below `n_passages`.
    pub fn new(n_passages: u32) -> Self {
        Distinct { n_passages, few: Vec::new(), many: Vec::new() }
    }

    /// Adds passages.
    pub fn add(&mut self, passages: &[u32]) {
        let n_cells = self.n_passages.div_ceil(64) as usize;
        if self.many.is_empty() {
            // Few take less memory than a bit for each.
            self.few.extend_from_slice(passages);
            if self.few.len() <= n_cells {
                return;
            }
            self.many = vec![0; n_cells];
            let few = std::mem::take(&mut self.few);
            return self.mark(&few);
        }
        self.mark(passages);
    }

    fn mark(&mut self, passages: &[u32]) {
        for &passage in passages {
            if let Some(cell) = self.many.get_mut(passage as usize / 64) {
                *cell |= 1 << (passage % 64);
            }
        }
    }

    /// Returns how many there are.
    pub fn count(mut self) -> u32 {
        self.few.sort_unstable();
        self.few.dedup();
        self.few.len() as u32 + self.many.iter().map(|cell| cell.count_ones()).sum::<u32>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_counted_once() {
        let cases: [(u32, &[&[u32]], u32); 5] = [
            (1_000, &[], 0),
            (1_000, &[&[3, 5], &[5, 999]], 3),
            (1_000, &[&[3; 10], &[4; 20], &[3, 4, 5]], 3),
            (64, &[&[0, 1], &[1, 2], &[63]], 4),
            (0, &[&[]], 0),
        ];
        for (n_passages, told, expected) in cases {
            let mut distinct = Distinct::new(n_passages);
            told.iter().for_each(|passages| distinct.add(passages));
            assert_eq!(distinct.count(), expected, "{told:?}");
        }
    }
}
