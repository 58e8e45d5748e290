//! Why a passage is not among the hits of a query.

use super::collapse::{Collapsed, collapse};
use super::cursor::GroupCursor;
use super::error::Result;
use super::need::Need;
use super::plan::Plan;
use super::rank::FIELDS;
use super::{Options, PerPaper, Searcher, passes};
use crate::query::{Filter, Query};

/// Why a passage is not among the hits; or that it is.
#[derive(Clone, Debug, PartialEq)]
pub enum WhyNot {
    Shown {
        rank: usize,
        score: f32,
    },
    /// It holds nothing of the query.
    HoldsNothing {
        /// All that was asked for.
        lacks: Vec<String>,
    },
    /// It lacks what is required.
    LacksRequired {
        lacks: Vec<String>,
    },
    /// It holds what is excluded.
    Excluded {
        holds: Vec<String>,
    },
    /// Its paper does not meet a condition.
    Filtered {
        filter: Filter,
    },
    /// Only passages with every word were asked for.
    LacksSome {
        lacks: Vec<String>,
    },
    /// It repeats a passage that is shown.
    Folded {
        into: String,
        rank: usize,
    },
    /// Passages of its paper have had their turns.
    HeldBack {
        score: f32,
        /// The most hits of one paper, where a number was asked for.
        most: Option<usize>,
    },
    /// Others are better.
    Beyond {
        rank: usize,
        score: f32,
        limit: usize,
        /// The score of the last that is shown.
        last: f32,
        lacks: Vec<String>,
    },
}

impl Searcher<'_> {
    /// Tells why a passage is not among the hits.
    pub fn why_not(&self, query: &Query, options: &Options, passage: u32) -> Result<WhyNot> {
        let plan = self.plan(query, options)?;
        let held = self.held(&plan, passage)?;
        let paper = self.index.paper(self.index.paper_of(passage)?)?;
        let lacks = || plan.missing(held).map(|group| group.label.clone()).collect::<Vec<String>>();
        if !plan.need.met_by(held) {
            let labels = |numbers: Vec<usize>| numbers.iter().map(|&i| plan.groups[i].label.clone()).collect();
            let holds = plan.need.excluded_by(held);
            let required = plan.need.required_lacking(held);
            return Ok(match (&holds[..], &required[..]) {
                ([], []) => WhyNot::HoldsNothing { lacks: lacks() },
                ([], _) => WhyNot::LacksRequired { lacks: labels(required) },
                _ => WhyNot::Excluded { holds: labels(holds) },
            });
        }
        if let Some(filter) = plan.filters.iter().find(|filter| !passes(&paper, filter)) {
            return Ok(WhyNot::Filtered { filter: filter.clone() });
        }
        if options.all && !plan.is_all(held) {
            return Ok(WhyNot::LacksSome { lacks: lacks() });
        }
        let all = self.index.n_passages() as usize;
        let found = self.ranked(query, &plan, options, all, &mut |_| {})?;
        let top = &found.top[..self.depth(query, options).min(found.top.len())];
        let Collapsed { kept, held_back } = collapse(self.index, top, options)?;
        for (i, kept) in kept.iter().enumerate() {
            if kept.shown.passage == passage {
                return Ok(WhyNot::Shown { rank: i + 1, score: kept.shown.score });
            }
            if kept.folded.contains(&passage) {
                return Ok(WhyNot::Folded { into: self.index.passage_id(kept.shown.passage)?, rank: i + 1 });
            }
        }
        if let Some(kept) = held_back.iter().find(|kept| kept.shown.passage == passage) {
            let most = if let PerPaper::Most(most) = options.per_paper { Some(most) } else { None };
            return Ok(WhyNot::HeldBack { score: kept.shown.score, most });
        }
        let rank = found.top.iter().position(|candidate| candidate.passage == passage).unwrap_or(found.top.len());
        let score = found.top.get(rank).map_or(0.0, |candidate| candidate.score);
        let last = kept.last().map_or(0.0, |kept| kept.shown.score);
        Ok(WhyNot::Beyond { rank: rank + 1, score, limit: options.limit, last, lacks: lacks() })
    }

    /// Returns the groups that a passage holds, a bit each.
    fn held(&self, plan: &Plan, passage: u32) -> Result<u64> {
        let mut held = 0;
        for (i, group) in plan.groups.iter().enumerate() {
            for field in FIELDS.into_iter().filter(|field| group.field.is_none_or(|wanted| wanted == *field)) {
                if !GroupCursor::open(self.index, field, group)?.occurrences(passage)?.is_empty() {
                    held |= 1 << i;
                }
            }
        }
        Ok(held)
    }
}

impl Need {
    /// Returns the groups that are held and make a passage no answer.
    fn excluded_by(&self, held: u64) -> Vec<usize> {
        match self {
            Need::Group(_) => Vec::new(),
            Need::Any(needs) => needs.iter().flat_map(|need| need.excluded_by(held)).collect(),
            Need::Some { required, wanted, excluded } => {
                let met = excluded.iter().filter(|need| need.met_by(held)).flat_map(|need| need.groups());
                let inside = required.iter().chain(wanted).flat_map(|need| need.excluded_by(held));
                met.filter(|i| held & (1 << i) != 0).chain(inside).collect()
            }
        }
    }

    /// Returns the groups that are required and not held.
    fn required_lacking(&self, held: u64) -> Vec<usize> {
        match self {
            Need::Group(_) => Vec::new(),
            Need::Any(needs) => needs.iter().flat_map(|need| need.required_lacking(held)).collect(),
            Need::Some { required, wanted, .. } => {
                let lacking = required.iter().filter(|need| !need.met_by(held)).flat_map(|need| need.groups());
                let inside =
                    wanted.iter().filter(|need| !need.met_by(held)).flat_map(|need| need.required_lacking(held));
                lacking.filter(|i| held & (1 << i) == 0).chain(inside).collect()
            }
        }
    }

    /// Returns all groups in it.
    fn groups(&self) -> Vec<usize> {
        match self {
            Need::Group(i) => vec![*i],
            Need::Any(needs) => needs.iter().flat_map(Need::groups).collect(),
            Need::Some { required, wanted, excluded } => {
                required.iter().chain(wanted).chain(excluded).flat_map(Need::groups).collect()
            }
        }
    }
}
