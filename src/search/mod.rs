//! Searching: ask, rank, collapse, highlight.
//!
//! [`Searcher::search`] looks a query up (`plan`), scores every passage that answers
//! (`first`), looks at the best again (`second`), folds
//! look-alikes and says what each hit lacks.

mod collapse;
mod cursor;
mod distinct;
mod error;
mod explain;
mod fillers;
mod first;
mod gathered;
mod group;
mod highlight;
mod list;
mod look_alikes;
mod matcher;
mod need;
mod norms;
mod open_group;
mod peaks;
mod phrase;
mod phrases;
mod plan;
mod quantity;
pub mod quote;
mod rank;
mod remembered;
mod results;
mod second;
mod touched;
mod trace;
mod two_phase;
mod ways;
mod why_not;
mod window;

use std::collections::HashMap;
use std::sync::Arc;

use collapse::{Collapsed, Kept, collapse};
pub use error::Error;
use error::Result;
pub use explain::{Part, Why};
use first::{Found, Wanted, first_pass};
use group::Group;
pub use highlight::Highlight;
use plan::Plan;
use rank::Candidate;
pub use rank::{ByField, Ranking};
use remembered::Remembered;
pub use results::{Counts, Hit, Match, Results};
use trace::{Heard, Stage, Trace};
pub use why_not::WhyNot;

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
    pub per_paper: PerPaper,
    /// Whether passages that repeat a better one are folded into it.
    pub fold: bool,
    pub detail: Detail,
    /// Whether all passages that answer are counted: that takes longer than finding the best.
    pub count: bool,
    /// Whether each hit tells how its score came about.
    pub explain: bool,
    pub ranking: Ranking,
}

/// How many hits of one paper there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PerPaper {
    /// Three of each ten, as long as other papers have passages that are nearly as good.
    InTurns,
    /// So many, and no more.
    Most(usize),
    /// As many as come.
    Any,
}

/// How much of a hit is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Everything.
    Full,
    /// Rank, score, match and the passage's id: no text is unpacked, and what is missing is not named.
    Id,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            limit: 10,
            all: false,
            per_paper: PerPaper::InTurns,
            fold: true,
            detail: Detail::Full,
            count: true,
            explain: false,
            ranking: Ranking::default(),
        }
    }
}

/// Passages that are weighed again after the first pass, at least.
const SECOND_LOOK: usize = 100;

/// Searches an index. What was looked up is remembered: many queries are answered by one.
pub struct Searcher<'i> {
    index: &'i Index,
    remembered: Remembered<'i>,
    /// Stands for one that is not told.
    no_paper: Arc<StoredPaper>,
}

impl<'i> Searcher<'i> {
    /// Returns a searcher over an index.
    pub fn new(index: &'i Index) -> Self {
        Searcher { index, remembered: Remembered::new(index), no_paper: Arc::default() }
    }

    /// Ranks the passages that answer a query.
    pub fn search(&self, query: &Query, options: &Options) -> Result<Results> {
        self.index.guarded(|| {
            let results = self.answer(query, options)?;
            // What was damaged counted as not there; then other passages may be the best.
            self.index.sound()?;
            Ok(results)
        })
    }

    fn answer(&self, query: &Query, options: &Options) -> Result<Results> {
        let plan = self.plan(query, options)?;
        let mut trace = options.explain.then(Trace::default);
        // More are looked at than are shown.
        let found = self.ranked(query, &plan, options, self.depth(query, options), &mut |heard| {
            if let Some(trace) = &mut trace {
                trace.hear(heard);
            }
        })?;
        if let Some(trace) = &mut trace {
            trace.name_added(self.index)?;
        }
        let Collapsed { kept, held_back } = collapse(self.index, &found.top, options)?;
        let n_folded = kept.iter().map(|kept| kept.folded.len()).sum();
        let mut papers = HashMap::new();
        let mut hits = Vec::with_capacity(kept.len());
        let passages = self.passages(&kept, options.detail)?;
        for (Kept { shown, folded, .. }, passage) in kept.into_iter().zip(passages) {
            let mut hit = self.hit(&plan, shown, passage, folded, hits.len() + 1)?;
            if let Detail::Full = options.detail {
                self.tell(&mut hit, &plan, shown, &mut papers)?;
            }
            if let Some(trace) = &trace {
                hit.explanation = Some(explain::explain(self.index, &plan, &options.ranking, trace, shown)?);
            }
            hits.push(hit);
        }
        Ok(Results { hits, counts: found.counts, n_folded, n_held_back: held_back.len(), left_out: plan.left_out })
    }

    /// Looks a query up.
    fn plan(&self, query: &Query, options: &Options) -> Result<Plan> {
        if query.text.trim().is_empty() {
            return Err(Error::EmptyQuery);
        }
        plan::plan(self.index, &self.remembered, query, &options.ranking)
    }

    /// Ranks all passages that answer; the `n` best are in order, and those at the very top are
    /// looked at again. `heard` is told how scores come about.
    fn ranked(
        &self,
        query: &Query,
        plan: &Plan,
        options: &Options,
        n: usize,
        heard: &mut dyn FnMut(Heard<'_>),
    ) -> Result<Found> {
        let ranking = &options.ranking;
        let allowed = self.allowed_papers(&plan.filters)?;
        let papers = self.index.paper_numbers()?;
        let admits = allowed.map(|allowed| move |passage: u32| allowed[papers.get(passage) as usize]);
        let admits = admits.as_ref().map(|admits| admits as &dyn Fn(u32) -> bool);
        let wanted = Wanted { admits, all: options.all, n, count: options.count };
        let mut found = first_pass(self.index, &self.remembered, plan, ranking, &wanted)?;
        heard(Heard::Scores(Stage::First, &found.top));
        let looked_at = looked_at_again(query, options);
        second::second_look(self.index, &self.remembered, plan, ranking, &mut found.top, looked_at, heard)?;
        if query.wants_number && ranking.numbers > 0.0 {
            quantity::prefer_numbers(self.index, plan, ranking.numbers, &mut found.top)?;
            heard(Heard::Scores(Stage::Numbers, &found.top));
        }
        if plan.positive.count_ones() <= ranking.whole_first {
            let shown = self.depth(query, options).min(found.top.len());
            put_whole_first(plan, &mut found.top[..shown]);
            heard(Heard::Scores(Stage::WholeFirst, &found.top));
        }
        Ok(found)
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

    /// Returns the passages that are shown, or no more than their ids.
    fn passages(&self, kept: &[Kept], detail: Detail) -> Result<Vec<StoredPassage>> {
        let numbers = kept.iter().map(|kept| kept.shown.passage);
        match detail {
            Detail::Full => Ok(self.index.passages(&numbers.collect::<Vec<_>>())?),
            Detail::Id => {
                let ids = self.remembered.ids(numbers)?.into_iter();
                Ok(ids.map(|id| StoredPassage { id, ..StoredPassage::default() }).collect())
            }
        }
    }

    /// Returns a candidate as it is shown, without what [`tell`](Self::tell) adds.
    fn hit(
        &self,
        plan: &Plan,
        candidate: Candidate,
        passage: StoredPassage,
        folded: Vec<u32>,
        rank: usize,
    ) -> Result<Hit> {
        Ok(Hit {
            rank,
            score: candidate.score,
            matched: if plan.is_all(candidate.held) { Match::All } else { Match::Some },
            missing: Vec::new(),
            highlights: Vec::new(),
            number: candidate.passage,
            passage,
            paper: Arc::clone(&self.no_paper),
            folded: folded.into_iter().map(|number| Ok(self.index.passage_id(number)?)).collect::<Result<_>>()?,
            explanation: None,
        })
    }

    /// Tells of a hit its paper, what it lacks, and where what was asked for stands.
    fn tell(
        &self,
        hit: &mut Hit,
        plan: &Plan,
        candidate: Candidate,
        papers: &mut HashMap<u32, Arc<StoredPaper>>,
    ) -> Result<()> {
        let held = |i: &usize| plan.groups[*i].weight > 0.0 && candidate.held & (1 << i) != 0;
        let groups: Vec<&Group> = (0..plan.groups.len()).filter(held).map(|i| &plan.groups[i]).collect();
        hit.highlights = highlight::highlights(&hit.passage.text, &groups);
        hit.missing = plan.missing(candidate.held).map(|group| group.label.clone()).collect();
        hit.paper = self.paper(candidate.passage, papers)?;
        Ok(())
    }
}

impl Searcher<'_> {
    /// Returns how many candidates are looked at for a search.
    fn depth(&self, query: &Query, options: &Options) -> usize {
        let shown = options.limit.max(looked_at_again(query, options));
        let one_each = self.index.n_papers() == self.index.n_passages();
        let takes_turns = match options.per_paper {
            PerPaper::InTurns => !one_each,
            PerPaper::Most(_) => true,
            PerPaper::Any => false,
        };
        // What folding and turns take away is filled up from behind.
        let fills = takes_turns || options.fold && self.index.manifest().n_copies > 0;
        if fills { shown.max(options.limit.saturating_mul(3)) } else { shown }
    }

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

/// Returns how many candidates are looked at again.
fn looked_at_again(query: &Query, options: &Options) -> usize {
    let ranking = &options.ranking;
    let again = ranking.looks_again() || query.wants_number && ranking.numbers > 0.0;
    if again { options.limit.max(SECOND_LOOK) } else { 0 }
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
