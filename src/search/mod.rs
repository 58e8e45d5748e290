//! Searching: ask, rank, collapse, highlight.
//!
//! [`Searcher::search`] looks a query up (`plan`), scores every passage that answers
//! (`rank`), looks at the best again (`second`), folds
//! look-alikes and says what each hit lacks.

mod error;
mod highlight;
mod phrase;
mod plan;
mod quantity;
pub mod quote;
mod rank;
mod results;
mod second;

use std::collections::HashMap;
use std::sync::Arc;

pub use error::Error;
use error::Result;
pub use highlight::Highlight;
use plan::{Group, Plan};
pub use rank::{ByField, Ranking};
use rank::{Candidate, first_pass};
pub use results::{Hit, Match, Results};

use crate::analysis::fold;
use crate::index::Index;
use crate::paper::{StoredPaper, StoredPassage};
use crate::query::{Filter, Query};

/// What a search should return.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Hits to return, at most.
    pub limit: usize,
    /// Only passages with everything asked for.
    pub all: bool,
    /// Hits of one paper, at most.
    pub per_paper: Option<usize>,
    /// Whether passages that repeat a better one are folded into it.
    pub fold: bool,
    pub detail: Detail,
    pub ranking: Ranking,
}

/// How much of a hit is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Everything.
    Full,
    /// Rank, score, match and the passage's id: no text is unpacked.
    Id,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            limit: 10,
            all: false,
            per_paper: None,
            fold: true,
            detail: Detail::Full,
            ranking: Ranking::default(),
        }
    }
}

/// Passages that are weighed again after the first pass, at least.
const SECOND_LOOK: usize = 100;

/// A passage to show, with those folded into it.
type Kept = (Candidate, Vec<u32>);

/// Of so few things asked for, passages that hold all come before those that lack one; of more, a
/// passage that lacks one may well be the better answer.
const FEW: u32 = 3;

/// Searches an index.
pub struct Searcher<'i> {
    index: &'i Index,
    memory: second::Memory,
}

impl<'i> Searcher<'i> {
    /// Returns a searcher over an index.
    pub fn new(index: &'i Index) -> Self {
        Searcher { index, memory: second::Memory::default() }
    }

    /// Ranks the passages that answer a query.
    pub fn search(&self, query: &Query, options: &Options) -> Result<Results> {
        self.index.guarded(|| {
            let results = self.ranked(query, options)?;
            // What was damaged counted as not there; then other passages may be the best.
            self.index.sound()?;
            Ok(results)
        })
    }

    fn ranked(&self, query: &Query, options: &Options) -> Result<Results> {
        if query.text.trim().is_empty() {
            return Err(Error::EmptyQuery);
        }
        let plan = plan::plan(self.index, query)?;
        let allowed = self.allowed_papers(&plan.filters)?;
        let papers = self.index.paper_numbers()?;
        let all = options.all;
        let admits = |passage: u32| allowed.as_ref().is_none_or(|allowed| allowed[papers.get(passage) as usize]);
        // Folding and limits by paper take hits away: more are asked for than are shown.
        let wanted = (options.limit * 3).max(SECOND_LOOK);
        let mut found = first_pass(self.index, &plan, &options.ranking, &admits, wanted)?;
        second::second_look(
            self.index,
            &plan,
            &options.ranking,
            &self.memory,
            &mut found.top,
            SECOND_LOOK.max(options.limit),
        )?;
        if query.wants_number {
            quantity::prefer_numbers(self.index, &plan, &mut found.top)?;
        }
        if plan.positive.count_ones() <= FEW {
            put_whole_first(&plan, &mut found.top);
        }
        if all {
            found.top.retain(|candidate| plan.is_all(candidate.held));
        }
        let (kept, n_folded) = self.collapse(&found.top, options)?;
        let mut papers = HashMap::new();
        let mut hits = Vec::with_capacity(kept.len());
        for (candidate, folded) in kept {
            hits.push(self.hit(&plan, candidate, folded, hits.len() + 1, options.detail, &mut papers)?);
        }
        Ok(Results {
            hits,
            n_matches: if all { found.n_all } else { found.n_matches },
            n_all: found.n_all,
            n_folded,
            left_out: plan.left_out,
        })
    }

    /// Returns for each paper whether the filters let it pass; `None` without filters.
    fn allowed_papers(&self, filters: &[Filter]) -> Result<Option<Vec<bool>>> {
        if filters.is_empty() {
            return Ok(None);
        }
        let mut allowed = Vec::new();
        for number in 0..self.index.n_papers() {
            let paper = self.index.paper(number)?;
            allowed.push(filters.iter().all(|filter| passes(&paper, filter)));
        }
        Ok(Some(allowed))
    }

    /// Takes hits from the top until there are enough: repeats are folded, papers bounded.
    fn collapse(&self, top: &[Candidate], options: &Options) -> Result<(Vec<Kept>, usize)> {
        let mut kept: Vec<Kept> = Vec::new();
        let mut by_group: HashMap<u32, usize> = HashMap::new();
        let mut by_paper: HashMap<u32, usize> = HashMap::new();
        let kinds = self.index.kinds()?;
        let mut n_folded = 0;
        for &candidate in top {
            let group = if options.fold { self.index.copies_group(candidate.passage)? } else { None };
            if let Some(&first) = group.as_ref().and_then(|group| by_group.get(group)) {
                // A pull quote or caption gives way to the passage that it repeats.
                let mut copy = candidate.passage;
                let shown = &mut kept[first].0;
                if kinds[copy as usize] < kinds[shown.passage as usize] {
                    copy = std::mem::replace(shown, Candidate { score: shown.score, ..candidate }).passage;
                }
                kept[first].1.push(copy);
                n_folded += 1;
                continue;
            }
            if kept.len() == options.limit {
                continue;
            }
            if let Some(most) = options.per_paper {
                let n = by_paper.entry(self.index.paper_of(candidate.passage)?).or_default();
                if *n == most {
                    continue;
                }
                *n += 1;
            }
            by_group.extend(group.map(|group| (group, kept.len())));
            kept.push((candidate, Vec::new()));
        }
        Ok((kept, n_folded))
    }

    fn hit(
        &self,
        plan: &Plan,
        candidate: Candidate,
        folded: Vec<u32>,
        rank: usize,
        detail: Detail,
        papers: &mut HashMap<u32, Arc<StoredPaper>>,
    ) -> Result<Hit> {
        let (passage, paper) = match detail {
            Detail::Full => (self.index.passage(candidate.passage)?, self.paper(candidate.passage, papers)?),
            Detail::Id => {
                let id = self.index.passage_id(candidate.passage)?;
                (StoredPassage { id, ..StoredPassage::default() }, Arc::default())
            }
        };
        let held = |i: &usize| plan.groups[*i].weight > 0.0 && candidate.held & (1 << i) != 0;
        let groups: Vec<&Group> = (0..plan.groups.len()).filter(held).map(|i| &plan.groups[i]).collect();
        let missing: Vec<String> = plan.missing(candidate.held).map(|group| group.label.clone()).collect();
        let mut folded_ids = Vec::with_capacity(folded.len());
        for number in folded {
            folded_ids.push(self.index.passage_id(number)?);
        }
        Ok(Hit {
            rank,
            score: candidate.score,
            matched: if missing.is_empty() { Match::All } else { Match::Some },
            missing,
            highlights: highlight::highlights(&passage.text, &groups),
            number: candidate.passage,
            passage,
            paper,
            folded: folded_ids,
        })
    }
}

impl Searcher<'_> {
    /// Returns the paper of a passage, unpacked once.
    fn paper(&self, passage: u32, papers: &mut HashMap<u32, Arc<StoredPaper>>) -> Result<Arc<StoredPaper>> {
        let number = self.index.paper_of(passage)?;
        if let Some(paper) = papers.get(&number) {
            return Ok(Arc::clone(paper));
        }
        let paper = Arc::new(self.index.paper(number)?);
        papers.insert(number, Arc::clone(&paper));
        Ok(paper)
    }
}

/// Puts passages that hold all before those that lack something, whose scores are brought below.
fn put_whole_first(plan: &Plan, top: &mut [Candidate]) {
    top.sort_by_key(|candidate| !plan.is_all(candidate.held));
    let n_whole = top.partition_point(|candidate| plan.is_all(candidate.held));
    let (whole, rest) = top.split_at_mut(n_whole);
    if let (Some(least), Some(most)) = (whole.last(), rest.first())
        && most.score >= least.score
    {
        const BELOW: f32 = 0.999;
        let factor = BELOW * least.score / most.score;
        rest.iter_mut().for_each(|candidate| candidate.score *= factor);
    }
}

/// Tells whether a paper meets a condition.
fn passes(paper: &StoredPaper, filter: &Filter) -> bool {
    match filter {
        Filter::Paper(wanted) => {
            let wanted = fold(wanted);
            fold(&paper.id).contains(&wanted) || fold(paper.title()).contains(&wanted)
        }
        Filter::Author(wanted) => {
            let wanted = fold(wanted);
            paper.biblio.authors.iter().any(|author| fold(&author.full_name()).contains(&wanted))
        }
        Filter::Year { from, to } => {
            paper.biblio.year.is_some_and(|year| from.is_none_or(|from| from <= year) && to.is_none_or(|to| year <= to))
        }
    }
}
