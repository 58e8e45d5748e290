//! The first pass: BM25F over the passages that answer, exact, a window of passages at a time.
//!
//! Groups tell the most that they can add in a window. Windows that can't change what is found are passed
//! over; in others the groups that can't by themselves are only looked up where the others leave
//! a chance (MaxScore, Turtle and Flood 1995, by window as block-max indexes do, Ding and Suel 2011).

use super::error::Result;
use super::look_alikes::When;
use super::need::Masks;
use super::norms::Norms;
use super::open_group::OpenGroup;
use super::plan::Plan;
use super::rank::{Candidate, Coverage, Ranking, kind_weights};
use super::remembered::Remembered;
use super::results::Counts;
use super::window::{Grain, WINDOW, Window, n_windows};
use crate::index::Index;

/// What the first pass looks for.
pub(super) struct Wanted<'a> {
    /// Tells which passages may be found; `None` for all.
    pub admits: Option<&'a dyn Fn(u32) -> bool>,
    /// Only passages that lack nothing.
    pub all: bool,
    /// How many of the best.
    pub n: usize,
    /// Whether all that answer are counted.
    pub count: bool,
}

/// What the first pass found.
pub(super) struct Found {
    /// The best, best first.
    pub top: Vec<Candidate>,
    pub counts: Option<Counts>,
}

/// Looking a passage up in a list takes as long as reading so many of its entries in a row.
const LOOK_UP: usize = 8;

/// Scores the passages that answer and returns the best.
pub(super) fn first_pass(
    index: &Index,
    remembered: &Remembered<'_>,
    plan: &Plan,
    ranking: &Ranking,
    wanted: &Wanted<'_>,
) -> Result<Found> {
    let norms = remembered.norms(ranking);
    // Where all are counted, it matters everywhere.
    let when = if wanted.count { When::Early } else { When::Late };
    let open = |group| OpenGroup::open(index, remembered, group, &norms, when);
    let groups = plan.groups.iter().map(open).collect::<Result<Vec<OpenGroup>>>()?;
    let rarities: Vec<f32> = groups.iter().map(|group| group.weight).collect();
    let grain = Grain::of(rarities.iter().map(|weight| weight.abs() * (ranking.k1 + 1.0)).sum());
    let masks = Masks::of(&plan.need);
    let any_group = (0..groups.len()).fold(0, |bits, i| bits | 1 << i);
    let mut pass = Pass {
        plan,
        wanted,
        masks,
        demanded: masks.map_or(0, Masks::required) | if wanted.all { plan.positive } else { 0 },
        // Where nothing but a look at the groups decides, whatever has been touched answers.
        any_answers: wanted.admits.is_none() && !wanted.all && masks.and_then(Masks::any_of) == Some(any_group),
        coverage: Coverage::new(&rarities, plan.positive, ranking.coverage),
        weights: kind_weights(ranking.kinds),
        norms: &norms,
        window: remembered.window(&norms, grain),
        grain,
        k1: ranking.k1,
        is_two_phase: groups.iter().any(OpenGroup::is_two_phase),
        groups,
        order: Vec::new(),
        places: Vec::new(),
        top: Top::new(wanted.n),
        counts: Counts::default(),
    };
    for number in 0..n_windows(index) {
        pass.look_at(index, number)?;
    }
    remembered.take_back(pass.window);
    Ok(Found { top: pass.top.finish(), counts: wanted.count.then_some(pass.counts) })
}

/// The first pass on its way.
struct Pass<'a, 'i> {
    plan: &'a Plan,
    wanted: &'a Wanted<'a>,
    masks: Option<Masks>,
    /// Bits of the groups without any of which there is no answer.
    demanded: u64,
    /// Whether each passage that holds any group is an answer.
    any_answers: bool,
    coverage: Coverage,
    /// What each kind of passage counts.
    weights: [f32; 256],
    norms: &'a Norms<'a>,
    window: Window<'i>,
    grain: Grain,
    k1: f32,
    groups: Vec<OpenGroup<'a>>,
    /// Whether any of them adds bounds.
    is_two_phase: bool,
    /// The groups of the window at hand in the order in which they are read.
    order: Vec<Turn>,
    /// Places of the window at hand that may still be among the best.
    places: Vec<u16>,
    top: Top,
    counts: Counts,
}

/// A group's turn in a window.
#[derive(Clone, Copy)]
struct Turn {
    group: usize,
    /// The most that it can add.
    most: f32,
    /// The most that it and those behind it can add together.
    rest: f32,
}

impl Pass<'_, '_> {
    /// Looks for the best in a window.
    fn look_at(&mut self, index: &Index, number: usize) -> Result<()> {
        let n_whole = self.put_in_order(number);
        let Some(first) = self.order.first().filter(|_| n_whole > 0) else { return Ok(()) };
        if !self.wanted.count && first.rest < self.top.least {
            return Ok(());
        }
        let base = number as u32 * WINDOW as u32;
        let end = index.n_passages().min(base.saturating_add(WINDOW as u32));
        let rest = self.order.get(n_whole).map_or(0.0, |turn| turn.rest);
        // What those that are read whole must make up together.
        let needed = self.top.least - rest;
        if n_whole == 1 && needed > self.grain.size && !self.wanted.count {
            self.window.begin(base, end, 0);
            let least = needed - self.grain.size;
            self.groups[first.group].lead(&mut self.window, first.group, self.k1, least, &mut self.places);
        } else {
            let n_entries = self.order[..n_whole].iter().map(|turn| self.groups[turn.group].n_in_window()).sum();
            self.window.begin(base, end, n_entries);
            for turn in &self.order[..n_whole] {
                self.groups[turn.group].score(&mut self.window, turn.group, self.k1);
            }
            if self.wanted.count && self.is_two_phase {
                self.window.places_of(f32::NEG_INFINITY, &mut self.places);
                self.prove()?;
            }
            self.count_touched();
            self.window.places_of(if self.counts_all_met() { f32::NEG_INFINITY } else { needed }, &mut self.places);
        }
        let mut seen: u64 = self.order[..n_whole].iter().fold(0, |bits, turn| bits | 1 << turn.group);
        let mut is_sorted = false;
        for i in n_whole..self.order.len() {
            let turn = self.order[i];
            let (demanded, least, all) = (self.demanded & seen, self.top.least - turn.rest, self.counts_all_met());
            let (sums, held) = (self.window.sums(), self.window.held());
            // At first they are those that fit.
            if i > n_whole || demanded != 0 {
                match (demanded, all) {
                    (0, false) => keep(&mut self.places, |at| sums[at] >= least),
                    _ => keep(&mut self.places, |at| held[at] & demanded == demanded && (all || sums[at] >= least)),
                }
            }
            if self.places.is_empty() {
                return Ok(());
            }
            let group = &mut self.groups[turn.group];
            if self.places.len() * group.n_lists(end) * LOOK_UP < group.n_in_window() {
                if !std::mem::replace(&mut is_sorted, true) {
                    self.places.sort_unstable();
                }
                group.look_up(&mut self.window, turn.group, self.norms, &self.places)?;
            } else {
                group.score_there(&mut self.window, turn.group, self.k1, &self.places);
            }
            seen |= 1 << turn.group;
        }
        self.prove()?;
        self.offer(index)
    }

    /// Puts what groups add in the place of its bounds, at the places that are left.
    fn prove(&mut self) -> Result<()> {
        if !self.is_two_phase {
            return Ok(());
        }
        // A bound may be all that there is of what is counted.
        let (least, all) = (self.top.least, self.wanted.count);
        self.places.retain(|&at| all || self.window.sums()[usize::from(at)] >= least);
        self.places.sort_unstable();
        for (number, group) in self.groups.iter_mut().enumerate().filter(|(_, group)| group.is_two_phase()) {
            group.prove(&mut self.window, number, self.norms, &self.places)?;
            // What is left of a bound may be too little to go on.
            let sums = self.window.sums();
            self.places.retain(|&at| all || sums[usize::from(at)] >= least);
        }
        let held = self.window.held();
        self.places.retain(|&at| held[usize::from(at)] != 0);
        Ok(())
    }

    /// Puts the groups of a window in order; returns how many are read whole, 0 when nothing can be found.
    fn put_in_order(&mut self, number: usize) -> usize {
        self.order.clear();
        for (group, open) in self.groups.iter().enumerate() {
            if let Some(most) = open.most(number, self.k1) {
                self.order.push(Turn { group, most: most + self.grain.size, rest: 0.0 });
            } else if self.demanded & (1 << group) != 0 {
                return 0;
            }
        }
        let n_whole = if self.demanded != 0 {
            // Answers hold the rarest of those that are demanded.
            let groups = &self.groups;
            let place =
                |turn: &Turn| (self.demanded & (1 << turn.group) == 0, groups[turn.group].n_in_window(), turn.group);
            self.order.sort_unstable_by_key(place);
            1
        } else {
            self.order.sort_unstable_by(|a, b| b.most.total_cmp(&a.most).then(a.group.cmp(&b.group)));
            self.order.len()
        };
        let mut rest = 0.0;
        for turn in self.order.iter_mut().rev() {
            rest += turn.most;
            turn.rest = rest;
        }
        if self.wanted.count || self.demanded != 0 {
            return n_whole.min(self.order.len());
        }
        // What holds none but the last ones is not among the best.
        let n_needed = self.order.partition_point(|turn| turn.rest >= self.top.least);
        let is_cheap = |turn: &&Turn| self.groups[turn.group].is_cheap();
        n_needed + self.order[n_needed..].iter().take_while(is_cheap).count()
    }

    /// Tells whether places stay whatever their score, for they are counted.
    fn counts_all_met(&self) -> bool {
        self.wanted.count && !self.any_answers
    }

    /// Counts what has been touched, where that is all there is to know.
    fn count_touched(&mut self) {
        if !(self.wanted.count && self.any_answers) {
            return;
        }
        let Pass { plan, counts, .. } = self;
        self.window.for_each_held(|held| {
            counts.n_matches += 1;
            counts.n_all += u64::from(plan.is_all(held));
        });
    }

    /// Returns what the best of the places that are left make sure of, as long as nothing else does: less is
    /// not among them.
    fn least_of(&mut self, kinds: &[u8]) -> f32 {
        let n = self.wanted.n.max(1);
        if self.top.least > f32::NEG_INFINITY || !self.any_answers || self.places.len() <= 2 * n {
            return f32::NEG_INFINITY;
        }
        let last_kind = usize::from(kinds.iter().fold(0, |last, &kind| kind.max(last)));
        let keeps = self.coverage.least() * self.weights[..=last_kind].iter().copied().fold(1.0, f32::min);
        let sums = self.window.sums();
        let most = sums.iter().fold(0.0, |most, &sum| if sum > most { sum } else { most });
        // Sums are counted by steps: that tells nearly as much as putting them in order.
        const STEPS: usize = 256;
        let mut n_at = [0; STEPS];
        let (step, by_step) = (most / STEPS as f32, STEPS as f32 / most);
        self.places.iter().for_each(|&at| n_at[((sums[usize::from(at)] * by_step) as usize).min(STEPS - 1)] += 1);
        let mut n_above = 0;
        let reached = n_at.iter().rposition(|&n_here| {
            n_above += n_here;
            n_above >= n
        });
        const ROUNDING: f32 = 0.9999;
        match reached {
            Some(reached) if reached > 0 && most > 0.0 => step * reached as f32 * keeps * ROUNDING,
            _ => f32::NEG_INFINITY,
        }
    }

    /// Offers the places that are left to the best.
    fn offer(&mut self, index: &Index) -> Result<()> {
        let kinds = index.kinds()?;
        let (base, end) = (self.window.base, self.window.end);
        let kinds = kinds.range(base..end);
        let least = self.least_of(kinds);
        let (sums, held) = (self.window.sums(), self.window.held());
        for at in self.places.iter().map(|&at| usize::from(at)) {
            let (held, sum, passage) = (held[at], sums[at], base + at as u32);
            if sum < least {
                continue;
            }
            if !self.any_answers {
                let met = match self.masks {
                    Some(masks) => masks.met_by(held),
                    None => self.plan.need.met_by(held),
                };
                let is_all = self.plan.is_all(held);
                if !met || (self.wanted.all && !is_all) || self.wanted.admits.is_some_and(|admits| !admits(passage)) {
                    continue;
                }
                self.counts.n_matches += 1;
                self.counts.n_all += u64::from(is_all);
            }
            // What follows the sum only takes from it: less than the least is not looked at.
            if sum >= self.top.least {
                let kind = kinds.get(at).copied().unwrap_or(0);
                let score = sum * self.coverage.of(held) * self.weights[usize::from(kind)];
                if score >= self.top.least {
                    self.top.add(Candidate { passage, score, held, rank_of_id: index.rank_of_id(passage)? });
                }
            }
        }
        self.top.raise_first();
        Ok(())
    }
}

/// Keeps the places that fit.
fn keep(places: &mut Vec<u16>, fits: impl Fn(usize) -> bool) {
    let mut n = 0;
    for i in 0..places.len() {
        let place = places[i];
        // Without a branch: one that does not fit is overwritten by the next.
        places[n] = place;
        n += usize::from(fits(usize::from(place) % WINDOW));
    }
    places.truncate(n);
}

/// The best candidates so far, and some others.
struct Top {
    wanted: usize,
    /// Each with its place.
    candidates: Vec<(u64, Candidate)>,
    /// Candidates with less are not among the best.
    least: f32,
    is_raised: bool,
}

impl Top {
    fn new(wanted: usize) -> Self {
        Top { wanted: wanted.max(1), candidates: Vec::new(), least: f32::NEG_INFINITY, is_raised: false }
    }

    fn add(&mut self, candidate: Candidate) {
        self.candidates.push((candidate.place(), candidate));
        if self.candidates.len() == self.wanted.saturating_mul(2) {
            self.raise();
        }
    }

    /// Lets go of those that are not among the best.
    fn raise(&mut self) {
        self.is_raised = true;
        self.candidates.select_nth_unstable_by_key(self.wanted - 1, |&(place, _)| place);
        self.candidates.truncate(self.wanted);
        // A score below 0 is brought nearer to it by what takes from others.
        let least = self.candidates[self.wanted - 1].1.score;
        self.least = if least > 0.0 { least } else { f32::NEG_INFINITY };
    }

    /// Lets go of those that are not among the best as soon as there are enough.
    fn raise_first(&mut self) {
        if !self.is_raised && self.candidates.len() >= self.wanted {
            self.raise();
        }
    }

    fn finish(mut self) -> Vec<Candidate> {
        self.candidates.sort_unstable_by_key(|&(place, _)| place);
        self.candidates.truncate(self.wanted);
        self.candidates.into_iter().map(|(_, candidate)| candidate).collect()
    }
}
