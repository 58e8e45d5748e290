//! What a passage must hold to be an answer.

/// What a passage must hold, over the groups' numbers.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Need {
    Group(usize),
    /// Every required one, no excluded one, and one of the rest when nothing is required.
    Some {
        required: Vec<Need>,
        wanted: Vec<Need>,
        excluded: Vec<Need>,
    },
    Any(Vec<Need>),
}

impl Need {
    /// Tells whether a passage with the groups of `held` (a bit each) is an answer.
    pub fn met_by(&self, held: u64) -> bool {
        match self {
            Need::Group(i) => held & (1 << i) != 0,
            Need::Any(needs) => needs.iter().any(|need| need.met_by(held)),
            Need::Some { required, wanted, excluded } => {
                required.iter().all(|need| need.met_by(held))
                    && !excluded.iter().any(|need| need.met_by(held))
                    && (!required.is_empty() || wanted.iter().any(|need| need.met_by(held)))
            }
        }
    }

    /// Returns the need over the groups that are kept, by their new numbers.
    pub fn kept(self, order: &[usize]) -> Option<Need> {
        let all = |needs: Vec<Need>| -> Vec<Need> { needs.into_iter().filter_map(|need| need.kept(order)).collect() };
        match self {
            Need::Group(i) => order.binary_search(&i).ok().map(Need::Group),
            Need::Any(needs) => Some(Need::Any(all(needs))),
            Need::Some { required, wanted, excluded } => {
                Some(Need::Some { required: all(required), wanted: all(wanted), excluded: all(excluded) })
            }
        }
    }
}

/// A need as bits of groups, where it is no deeper than a row of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Masks {
    required: u64,
    wanted: u64,
    excluded: u64,
}

impl Masks {
    /// Returns the masks of a need, if it is a row of groups.
    pub fn of(need: &Need) -> Option<Masks> {
        let bits = |needs: &[Need]| -> Option<u64> {
            needs.iter().try_fold(0, |bits, need| if let Need::Group(i) = need { Some(bits | 1 << i) } else { None })
        };
        let (required, wanted, excluded) = match need {
            Need::Group(i) => (1 << i, 0, 0),
            Need::Any(needs) => (0, bits(needs)?, 0),
            Need::Some { required, wanted, excluded } => (bits(required)?, bits(wanted)?, bits(excluded)?),
        };
        Some(Masks { required, wanted, excluded })
    }

    /// Returns the groups that are required.
    pub fn required(self) -> u64 {
        self.required
    }

    /// Returns the groups any of which is enough, where nothing else is asked.
    pub fn any_of(self) -> Option<u64> {
        (self.required | self.excluded == 0).then_some(self.wanted)
    }

    /// Tells whether a passage with the groups of `held` (a bit each) is an answer.
    #[inline]
    pub fn met_by(self, held: u64) -> bool {
        held & self.required == self.required
            && held & self.excluded == 0
            && (self.required != 0 || held & self.wanted != 0)
    }
}
