//! The places of a window that any group has touched.

use super::window::WINDOW;

/// Places, each once, and room for one that is not new.
pub(super) struct Touched {
    places: Box<[u16; WINDOW + 1]>,
    pub n: usize,
}

impl Touched {
    pub fn new() -> Self {
        Touched { places: Box::new([0; WINDOW + 1]), n: 0 }
    }

    pub fn touching(&mut self) -> Touching<'_> {
        Touching { places: &mut self.places, n: self.n }
    }

    /// Tells whether not all are told: a place that is taken back and touched again is noted twice.
    pub fn are_lost(&self) -> bool {
        self.n > WINDOW
    }

    /// Returns the places, in the order in which they were touched.
    pub fn places(&self) -> &[u16] {
        &self.places[..self.n.min(WINDOW)]
    }
}

/// Adds to places touched.
pub(super) struct Touching<'t> {
    places: &'t mut [u16; WINDOW + 1],
    pub n: usize,
}

impl Touching<'_> {
    /// Adds a place if it is new.
    #[inline]
    pub fn add(&mut self, at: usize, is_new: bool) {
        // Without a branch: a place that is not new is overwritten by the next.
        self.places[self.n.min(WINDOW)] = at as u16;
        self.n += usize::from(is_new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_places_may_be_touched() {
        let mut touched = Touched::new();
        let mut touching = touched.touching();
        (0..WINDOW).for_each(|at| touching.add(at, true));
        (0..WINDOW).for_each(|at| touching.add(at, false));
        touched.n = touching.n;
        assert!(!touched.are_lost());
        assert!((0..).zip(touched.places()).all(|(at, &place)| at == place) && touched.places().len() == WINDOW);
        let mut touching = touched.touching();
        touching.add(0, true);
        touched.n = touching.n;
        assert!(touched.are_lost(), "a place was noted twice");
    }
}
