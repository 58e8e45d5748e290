//! How the score of a passage came about: a tree whose parts add up to it.

use serde::Serialize;

use super::cursor::{Cursor, GroupCursor};
use super::error::Result;
use super::group::{Evidence, Group};
use super::plan::Plan;
use super::rank::{Candidate, Coverage, FIELDS, Ranking, idf, kind_weights, weights_by_length};
use super::second::smallest_distance;
use super::trace::{Added, Stage, Trace};
use super::ways::Way;
use crate::index::{Index, Lengths};
use crate::query::Field;

/// A part of a score, with what it is made of; these add up to it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    pub why: Why,
    /// What scores: a part of the query as typed, a field, a word.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub what: String,
    /// How it came about, in words and figures.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub how: String,
    pub score: f64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

/// Why something counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// The whole score.
    Score,
    /// Occurrences of what was asked for.
    Occurrences,
    /// One thing asked for, in all its forms.
    Group,
    /// The words of a topic's name near each other.
    Near,
    /// A word of the name that was typed.
    PartOfName,
    /// Words of like meaning.
    Synonym,
    Field,
    /// Part of the query is missing.
    Coverage,
    /// The passage is no body text.
    Kind,
    /// Neighbors of the query stand close together.
    Closeness,
    /// The word stands there as it was typed.
    AsTyped,
    /// Words that the best passages share.
    Feedback,
    Word,
    /// A number stands near what it was asked for.
    Number,
    /// Passages that hold all come first.
    WholeFirst,
    /// Other papers have their turn, or the passage stands for a repeat of it.
    Place,
}

impl Why {
    /// Returns the words for it.
    pub fn name(self) -> &'static str {
        match self {
            Why::Score => "score",
            Why::Occurrences => "occurrences",
            Why::Group => "asked for",
            Why::Near => "words of a name near each other",
            Why::PartOfName => "a word of the name",
            Why::Synonym => "words of like meaning for",
            Why::Field => "in the",
            Why::Coverage => "part of the query is missing",
            Why::Kind => "no body text",
            Why::Closeness => "close together",
            Why::AsTyped => "as typed",
            Why::Feedback => "words that the best passages share",
            Why::Word => "word",
            Why::Number => "a number near by",
            Why::WholeFirst => "others hold all",
            Why::Place => "moved",
        }
    }
}

impl Part {
    fn leaf(why: Why, what: impl Into<String>, how: String, score: f64) -> Part {
        Part { why, what: what.into(), how, score, parts: Vec::new() }
    }

    fn of(why: Why, what: impl Into<String>, how: String, parts: Vec<Part>) -> Part {
        Part { score: parts.iter().map(|part| part.score).sum(), ..Part { parts, ..Part::leaf(why, what, how, 0.0) } }
    }
}

/// Tells how the score of a candidate came about.
pub(super) fn explain(
    index: &Index,
    plan: &Plan,
    ranking: &Ranking,
    trace: &Trace,
    candidate: Candidate,
) -> Result<Part> {
    let told = Telling { index, plan, ranking, candidate };
    let mut parts = Vec::new();
    let mut rest = f64::from(candidate.score);
    for (stage, gain) in trace.gains(candidate.passage) {
        match stage {
            Stage::First => parts.extend(told.first_pass()?),
            Stage::Closeness => parts.extend(told.closeness()?),
            Stage::Feedback => parts.extend(told.feedback(&trace.added)?),
            Stage::Numbers if gain != 0.0 => {
                let how = format!("{} of the best score", ranking.numbers);
                parts.push(Part::leaf(Why::Number, "", how, gain));
            }
            Stage::WholeFirst if gain != 0.0 => {
                let how = "below those that hold all".to_owned();
                parts.push(Part::leaf(Why::WholeFirst, "", how, gain));
            }
            Stage::Numbers | Stage::WholeFirst => {}
        }
        rest -= gain;
    }
    if rest.abs() > 1e-6 {
        parts.push(Part::leaf(Why::Place, "", "among other papers, or for a repeat of it".to_owned(), rest));
    }
    parts.retain(|part| part.score != 0.0);
    Ok(Part { score: f64::from(candidate.score), ..Part::of(Why::Score, "", String::new(), parts) })
}

struct Telling<'t> {
    index: &'t Index,
    plan: &'t Plan,
    ranking: &'t Ranking,
    candidate: Candidate,
}

impl Telling<'_> {
    fn held(&self) -> impl Iterator<Item = &Group> {
        let held = |(i, group): &(usize, &Group)| group.weight > 0.0 && self.candidate.held & (1 << i) != 0;
        self.plan.groups.iter().enumerate().filter(held).map(|(_, group)| group)
    }

    fn idf(&self, group: &Group) -> f32 {
        idf(self.index.n_passages(), group.n_passages)
    }

    fn saturated(&self, count: f32) -> f32 {
        count * (self.ranking.k1 + 1.0) / (self.ranking.k1 + count)
    }

    fn norm(&self, field: Field) -> f32 {
        let by_length = weights_by_length(self.ranking, field, self.index.mean_length(field));
        by_length[self.index.lengths(field).code(self.candidate.passage) as usize]
    }

    /// BM25F with what coverage and kind take away.
    fn first_pass(&self) -> Result<Vec<Part>> {
        let groups = self.held().map(|group| self.group(group)).collect::<Result<Vec<Part>>>()?;
        let occurrences = Part::of(Why::Occurrences, "", format!("BM25F, k1 {}", self.ranking.k1), groups);
        let weights: Vec<f32> = self.plan.groups.iter().map(|group| group.weight * self.idf(group)).collect();
        let share = Coverage::new(&weights, self.plan.positive, self.ranking.coverage).of(self.candidate.held);
        let kind = self.index.kinds()?.get(self.candidate.passage);
        let kind = kind_weights(self.ranking.kinds)[usize::from(kind)];
        let base = occurrences.score;
        let (share, kind) = (f64::from(share), f64::from(kind));
        let lacking = Part::leaf(Why::Coverage, "", format!("times {share:.4}"), base * (share - 1.0));
        let marked_down = Part::leaf(Why::Kind, "", format!("times {kind:.2}"), base * share * (kind - 1.0));
        Ok(vec![occurrences, lacking, marked_down])
    }

    fn group(&self, group: &Group) -> Result<Part> {
        let mut fields = Vec::new();
        for field in FIELDS.into_iter().filter(|field| group.field.is_none_or(|wanted| wanted == *field)) {
            let count = self.count(group, field)?;
            if count > 0.0 {
                fields.push((field, count, count * self.norm(field)));
            }
        }
        let total: f32 = fields.iter().map(|(_, _, weighed)| weighed).sum();
        let score = f64::from(group.weight * self.idf(group) * self.saturated(total));
        let how = format!(
            "weight {} × rarity {:.3} ({}{} of {} passages) × count {total:.3}, saturated {:.3}",
            group.weight,
            self.idf(group),
            if group.is_common { "about " } else { "" },
            group.n_passages,
            self.index.n_passages(),
            self.saturated(total)
        );
        let parts = fields.into_iter().map(|(field, count, weighed)| {
            let length = Lengths::words(self.index.lengths(field).code(self.candidate.passage));
            let how = format!("{count} times, counts {weighed:.3} at a length of about {length} words");
            Part::leaf(Why::Field, name(field), how, score * f64::from(weighed / total))
        });
        let why = match group.evidence {
            Evidence::Full => Why::Group,
            Evidence::Near => Why::Near,
            Evidence::Part => Why::PartOfName,
            Evidence::Synonym => Why::Synonym,
        };
        let parts = parts.collect();
        Ok(Part { score, parts, ..Part::leaf(why, group.label.clone(), how, 0.0) })
    }

    /// Returns how often a group stands in a field, by the weights of its ways.
    fn count(&self, group: &Group, field: Field) -> Result<f32> {
        let passage = self.candidate.passage;
        for way in &group.not {
            let Some(mut cursor) = self.cursor(field, way)? else { continue };
            if !cursor.matches_in(passage)?.is_empty() {
                return Ok(GroupCursor::open(self.index, field, group)?.occurrences(passage)?.len() as f32);
            }
        }
        let mut count = 0.0;
        for way in &group.ways {
            let Some(mut cursor) = self.cursor(field, way)? else { continue };
            let n =
                if way.slots.len() == 1 { cursor.count_in(passage) } else { cursor.matches_in(passage)?.len() as u32 };
            count += way.weight * n as f32;
        }
        Ok(count)
    }

    fn cursor(&self, field: Field, way: &Way) -> Result<Option<Cursor<'_>>> {
        Cursor::open(self.index, field, way)
    }

    /// What stands close together, and what stands there as typed.
    fn closeness(&self) -> Result<Vec<Part>> {
        let passage = self.candidate.passage;
        let norm = self.norm(Field::Body);
        let mut typed = Vec::new();
        let mut places: Vec<(&Group, Vec<(u32, u32)>)> = Vec::new();
        for (number, group) in self.plan.groups.iter().enumerate().filter(|(_, g)| is_read(g)) {
            let mut found = Vec::new();
            if self.candidate.held & (1 << number) != 0 {
                for way in &group.ways {
                    if let Some(mut cursor) = self.cursor(Field::Body, way)? {
                        found.extend_from_slice(cursor.matches_in(passage)?);
                    }
                }
                found.sort_unstable();
                if let Some(way) = &group.typed
                    && let Some(mut cursor) = self.cursor(Field::Body, way)?
                {
                    let n = cursor.matches_in(passage)?.len();
                    let part = group.weight * self.idf(group) * self.saturated(n as f32 * norm);
                    let score = f64::from(self.ranking.as_typed * part);
                    typed.push(Part::leaf(Why::AsTyped, group.label.clone(), format!("{n} times"), score));
                }
            }
            places.push((group, found));
        }
        let mut close = Vec::new();
        for pair in places.windows(2) {
            let [(a, first), (b, second)] = pair else { continue };
            if let Some(distance) = smallest_distance(first, second) {
                let weight = a.weight.min(b.weight) * (self.idf(a) + self.idf(b)) / 2.0;
                let score = f64::from(self.ranking.proximity * weight * 3.0 / (distance as f32 + 2.0));
                let how = if distance == 1 { "side by side".to_owned() } else { format!("{distance} words apart") };
                close.push(Part::leaf(Why::Closeness, format!("{} {}", a.label, b.label), how, score));
            }
        }
        typed.retain(|part| part.score != 0.0);
        Ok([(Why::AsTyped, typed), (Why::Closeness, close)]
            .into_iter()
            .map(|(why, parts)| Part::of(why, "", String::new(), parts))
            .collect())
    }

    /// Words that the best passages share.
    fn feedback(&self, added: &[Added]) -> Result<Option<Part>> {
        let mut parts = Vec::new();
        for Added { words, weight, .. } in added {
            let way = Way { slots: vec![words.clone()], slop: 0, weight: 1.0 };
            let Some(mut cursor) = self.cursor(Field::Body, &way)? else { continue };
            let n = cursor.count_in(self.candidate.passage);
            if n > 0 {
                let score = f64::from(weight * self.saturated(n as f32 * self.norm(Field::Body)));
                parts.push(Part::leaf(Why::Word, words.join(", "), format!("{n} times"), score));
            }
        }
        Ok((!parts.is_empty()).then(|| Part::of(Why::Feedback, "", String::new(), parts)))
    }
}

/// Tells whether a group takes part in closeness.
fn is_read(group: &Group) -> bool {
    group.weight > 0.0 && group.evidence == Evidence::Full
}

fn name(field: Field) -> &'static str {
    match field {
        Field::Body => "body",
        Field::Section => "section",
        Field::Title => "title",
    }
}
